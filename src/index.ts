/** benign-lab: a laboratory for benign overfitting. What a program may import. */
export { SYMBOLS, axisLabel, type Setting, type SymbolId } from './notation.ts';
export { UserError } from './errors.ts';
export { lab, Lab } from './lab/lab.ts';
export {
  activation,
  dataModel,
  engine,
  loss,
  observable,
  rule,
  type DataModelDefinition,
  type ObservableDefinition,
  type Part,
  type Seen,
} from './lab/part.ts';
export { boundary, sweep, type Search, type Sweep } from './library/sweep.ts';
export { curve, heatMap, type Drawing } from './library/node/figures.ts';
export { threads } from './sweeps/node/threads.ts';
export { here } from './sweeps/web/here.ts';
export { folder } from './sweeps/node/store.ts';
export { memory, type Memory } from './sweeps/memory.ts';
export type { Pool } from './sweeps/pool.ts';
export type { Store } from './sweeps/store.ts';
export type { RunOptions, RunReport } from './sweeps/runs.ts';
export type { BoundaryOptions } from './sweeps/boundary/places.ts';
export type { BoundaryPoint } from './sweeps/boundary/points.ts';
export { drawLabels, type FlipParameters } from './data/labels.ts';
export { drawNoise, rowProduct, type Noise, type NoiseParameters } from './data/noise.ts';
export { exp, log } from './core/special.ts';
export { Stream, type StreamKey } from './core/random.ts';
export type {
  Sample,
  Fresh,
  FreshAtom,
  FreshLaw,
  HeldOut,
  NoisyPatch,
  OrthonormalFrame,
  Patches,
  Roles,
} from './data/sample.ts';
export { drawSignalNoise, type SignalNoiseParameters } from './data/signal-noise.ts';
export {
  buildNetwork,
  drawInitialWeights,
  type Network,
  type NetworkParameters,
  type InitialWeights,
} from './network/two-layer.ts';
export type { Engine, Points, Problem, Run, SpanView, TwoLayerView, View } from './dynamics/engine.ts';
export { checkSample, lawOf, rolesOf, singleTermPatches } from './data/sample.ts';
export { checkNetwork } from './network/two-layer.ts';
export { checkProblem } from './dynamics/check.ts';
export { gram } from './dynamics/gram.ts';
export { direct } from './dynamics/direct.ts';
export { train, type Ending, type Outcome, type StopParameters } from './dynamics/train.ts';
export { heldOutError, testError, type TestError } from './observables/test-error.ts';
export type { TestErrorParameters } from './observables/estimator.ts';
export { coefficients, decompositionResidual } from './observables/decomposition.ts';
export { layers, type LayerSummary } from './observables/layers.ts';
export { frozenLimit, direction, type FrozenLimit, type Direction } from './observables/limit.ts';
export { cellId, runId, canonicalCell, type Cell } from './experiments/cell.ts';
export { cells, type Spec } from './experiments/spec.ts';
export { specJsonSchema } from './experiments/spec-schema.ts';
export { parseSpec, specFrom, specToYaml } from './experiments/spec-text.ts';
export { runCell, drawProblem, streamKey, trainCell } from './experiments/run.ts';
export { SCIENCE, type RunRecord } from './experiments/record.ts';
export type { CellFrame, Field, Frame, RunColumns } from './experiments/frame.ts';
export { Results } from './experiments/results.ts';
export { tableOf, type Table } from './experiments/table.ts';
export { varianceSplit, type VarianceSplit } from './experiments/variance-split.ts';
export type { PrecisionRule } from './experiments/precision.ts';
export { runToPrecision, type PreciseMean } from './sweeps/run-to-precision.ts';
export { exponentialBound, type ExponentialBound } from './verification/exponential-bound.ts';
export { settingOf } from './experiments/setting.ts';
export { STATEMENTS } from './theory/index.ts';
export { assess, tell, type Told } from './theory/assess.ts';
export { PROVENANCE, type Constants, type Statement } from './theory/statement.ts';
