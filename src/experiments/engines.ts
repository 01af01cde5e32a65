/** The engines by name, each in WebAssembly where there is such a twin. */
import { direct } from '../dynamics/direct.ts';
import type { Engine } from '../dynamics/engine.ts';
import { frozenKernel } from '../dynamics/frozen-kernel.ts';
import { gramKernel } from '../dynamics/gram-kernel.ts';
import { incrementalKernel } from '../dynamics/incremental-kernel.ts';

export const ENGINES: Record<Engine['id'], Engine> = {
  gram: gramKernel,
  direct,
  'gram-frozen': frozenKernel,
  'gram-incremental': incrementalKernel,
};
