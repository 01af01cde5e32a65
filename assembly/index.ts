/** The kernels: what the host calls (src/core/kernel.ts). Pure functions of linear memory, no imports. */
export { advance, forward, layOut, update } from './train';
export { forwardFromFilters } from './deep-up';
export { forwardByDefinition } from './gram';
export { packGram } from './product';
export { beginIncrements } from './incremental';
export { beginFrozen } from './frozen';
export { thawFrozen } from './frozen-phase';
export { chi, gaussianRows, makeZiggurat, normal, philox, startStream, uniform } from './random';
export { factorLQ, largeProduct, largeScratch, product, transpose } from './algebra';
export { sampleLines } from './lines';
export { layOutWhole, wholeRun } from './whole-run';
export { sparseProducts, sparsePulls } from './sparse';
export { samplePoints, startPoints } from './points';
export { exp, exp8, log, normalQuantile, normalQuantile2, normalTail } from './special';

/** First address that is free for the host. */
export function heapBase(): usize {
  return __heap_base;
}
