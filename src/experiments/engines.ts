/** The engines by name, each in WebAssembly where there is such a twin. */
import { byDepth, deepDirect, deepGramKernel } from '../dynamics/deep/engines.ts';
import { direct } from '../dynamics/direct.ts';
import type { Engine } from '../dynamics/engine.ts';
import { frozenKernel } from '../dynamics/frozen-kernel.ts';
import { gramKernel } from '../dynamics/gram-kernel.ts';
import { incrementalKernel } from '../dynamics/incremental-kernel.ts';
import type { ChoiceOf, OwnId } from '../notation.ts';

export type EngineId = ChoiceOf<'engine'> | OwnId;

/** Every engine of this thread; compiles only while the notation names the same ones. */
export const ENGINES: Record<ChoiceOf<'engine'>, Engine> & Record<OwnId, Engine> = {
  gram: byDepth(gramKernel, deepGramKernel),
  direct: byDepth(direct, deepDirect),
  'gram-frozen': frozenKernel,
  'gram-incremental': incrementalKernel,
};
