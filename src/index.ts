/** benign-lab: a laboratory for benign overfitting. What a program may import. */
export { SYMBOLS, axisLabel, type Setting, type SymbolId } from './notation.ts';
export { UserError } from './errors.ts';
export { Stream, type StreamKey } from './core/random.ts';
export type { Sample, FreshLaw, Frame, Patches } from './data/sample.ts';
export { drawSignalNoise, type SignalNoiseParameters } from './data/signal-noise.ts';
export { buildNetwork, drawInitialWeights, type Network, type NetworkParameters, type InitialWeights } from './network/two-layer.ts';
export type { Engine, Problem, Run, View } from './dynamics/engine.ts';
export { gram } from './dynamics/gram.ts';
export { direct } from './dynamics/direct.ts';
export { train, type Ending, type Outcome, type StopParameters } from './dynamics/train.ts';
export { testError, type TestError, type TestErrorParameters } from './observables/test-error.ts';
export { coefficients, decompositionResidual } from './observables/decomposition.ts';
export { cellId, runId, canonicalCell, type Cell } from './experiments/cell.ts';
export { cells, specJsonSchema, type Spec } from './experiments/spec.ts';
export { parseSpec, specFrom, specToYaml } from './experiments/spec-text.ts';
export { runCell, drawProblem, streamKey, trainCell } from './experiments/run.ts';
export { SCIENCE, type RunRecord } from './experiments/record.ts';
export { Results, type Table } from './experiments/table.ts';
