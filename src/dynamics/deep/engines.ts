/** The engines of deep networks, and how a name stands for an engine of two layers and one of more. */
import { checkProblem, refusesCoordinates } from '../check.ts';
import type { Engine, Run } from '../engine.ts';
import type { FirstLayer } from './first-layer.ts';
import { startInKernel } from './deep-kernel.ts';
import { inSpan } from './in-span.ts';
import { onVectors } from './on-vectors.ts';
import { startDeep } from './run.ts';

const deepEngine = (
  id: string,
  refuses: Engine['refuses'],
  make: (...of: Parameters<typeof inSpan>) => FirstLayer,
): Engine => {
  const engine: Engine = {
    id,
    refuses,
    offers: () => 'layers',
    start(problem) {
      checkProblem(problem, engine);
      return startDeep(problem, make) as Run;
    },
  };
  return engine;
};

/**
 * A deep network with its filters in the span of the anchors: a cost that does not depend on d. Its runs show a
 * `LayeredView`: outputs, and the layers as `stack`.
 */
export const deepGram: Engine = deepEngine('gram', refusesCoordinates, inSpan);

/** The same in WebAssembly where the kernel takes it. */
export const deepGramKernel: Engine = {
  ...deepGram,
  start(problem) {
    checkProblem(problem, deepGramKernel);
    return (startInKernel(problem) as Run | undefined) ?? deepGram.start(problem);
  },
};

/**
 * A deep network by all coordinates of its filters: the judge of the other one, and for every rule. n, d and 2m enter its
 * cost; its runs show a `LayeredView`.
 */
export const deepDirect: Engine = deepEngine('direct', () => [], onVectors);

/** One name for both: two layers go to the first engine, hidden layers to the second. */
export const byDepth = (twoLayer: Engine, deep: Engine): Engine => ({
  id: twoLayer.id,
  refuses: (asked) => (asked.deep ? deep : twoLayer).refuses(asked),
  offers: (asked) => (asked.deep ? deep : twoLayer).offers?.(asked) ?? 'span',
  start: (problem) => (problem.network.hidden ? deep : twoLayer).start(problem),
});
