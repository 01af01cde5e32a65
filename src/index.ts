/** benign-lab: a laboratory for benign overfitting. What a program may import. */
// # Lab
// The standard shelves, and parts of one's own beside them.
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

// # Sweeps
// Many runs, or a search for level sets: who carries them out, what keeps the records, what came out.
export { boundary, sweep, type Search, type Sweep } from './library/sweep.ts';
export type { RunOptions, RunReport } from './sweeps/runs.ts';
export { threads, type ThreadOptions } from './sweeps/node/threads.ts';
export type { KeepIn } from './sweeps/node/keep.ts';
export { here } from './sweeps/web/here.ts';
export type { Pool } from './sweeps/pool.ts';
export { folder } from './sweeps/node/store.ts';
export { memory, type Memory } from './sweeps/memory.ts';
export type { Store } from './sweeps/store.ts';
export type { BoundaryOptions } from './sweeps/boundary/places.ts';
export type { BoundaryPoint } from './sweeps/boundary/points.ts';
export { runToPrecision, type PreciseMean } from './sweeps/run-to-precision.ts';
export type { PrecisionRule } from './experiments/precision.ts';
export { varianceSplit, type VarianceSplit } from './experiments/variance-split.ts';

// # Papers, theory and lemmas
// What the commands of these names answer, as data and pictures.
export { papers } from './library/papers.ts';
export type { Paper, PaperFigure, Variant } from './papers/paper.ts';
export { reproduce, type Reproduced, type ReproduceOptions } from './library/node/reproduce.ts';
export type { Preset } from './reproduction/preset.ts';
export { theory, type PaperTheory, type Theory, type TheoryOptions } from './library/node/theory.ts';
export { verify, type Verification, type VerifyOptions } from './library/node/verify.ts';

// # Figures and tables
// The frame of a sweep, and what is made of it.
export type { CellFrame, Field, Frame, RunColumns } from './experiments/frame.ts';
export { Results } from './experiments/results.ts';
export { curve, figures, heatMap, plot, type Drawing } from './library/node/figures.ts';
export type { PlotView, PlotViewInput } from './experiments/view.ts';
export { tableOf, type Table } from './experiments/table.ts';
export { exponentialBound, type ExponentialBound } from './verification/exponential-bound.ts';

// # Specs and records
// A spec is an experiment, its cells are its settings, a run is a cell with a replicate, and a record is what a run
// gave.
export { cells, type Spec } from './experiments/spec.ts';
export { parseSpec, specFrom, specToYaml } from './experiments/spec-text.ts';
export { specJsonSchema } from './experiments/spec-schema.ts';
export { cellId, runId, type Cell } from './experiments/cell.ts';
export { drawProblem, runCell, streamKey } from './experiments/run.ts';
export { trainCell } from './experiments/train-cell.ts';
export { OUTCOMES, SCIENCE, type RunRecord } from './experiments/record.ts';
export { SYMBOLS, axisLabel, type Setting, type SymbolId } from './notation.ts';
export { settingOf } from './experiments/setting.ts';
export { UserError } from './errors.ts';

// # Data
// Training samples as anchors and patches, and the law of a fresh point.
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
export { checkSample, lawOf, rolesOf, singleTermPatches } from './data/sample.ts';
export { drawLabels, type FlipParameters } from './data/labels.ts';
export { openData, type DataSet } from './library/node/data.ts';
export { offer as offerData } from './data/content.ts';
export type { LabelledPoints } from './data/readers/labelled.ts';
export type { DataChoice } from './data/readers/choice.ts';
export { twoClassStatistics, type Estimated, type TwoClassStatistics } from './diagnosis/statistics.ts';
export { sampleGeometry, type SampleGeometry, type Separation } from './diagnosis/geometry.ts';
export { diagnose, type DiagnoseOptions, type Diagnosis, type Rows } from './library/node/diagnose.ts';
export type { DiagnosisAnswer, DiagnosisVerdict, MeasuredCell, PredictedTheorem } from './answers/diagnosis.ts';
export type { DiagnosisChoice } from './diagnosis/plan.ts';
export type { Mean } from './diagnosis/measured.ts';
export type { PredictedCell } from './diagnosis/predicted.ts';
export type { Look, RegimeClaim, RegimeVerdict } from './diagnosis/rule.ts';
export { drawNoise, rowProduct, type Noise, type NoiseParameters } from './data/noise.ts';
export { drawSignalNoise, type SignalNoiseParameters } from './data/signal-noise.ts';
export { exp, log } from './core/special.ts';
export { Stream, type StreamKey } from './core/random.ts';

// # Networks
// Two layers: positive and negative filters, an activation, output weights; hidden layers between them where asked for.
export {
  buildNetwork,
  drawInitialWeights,
  type InitialWeights,
  type Network,
  type NetworkParameters,
} from './network/two-layer.ts';

// # Engines
// Gradient descent on a problem, and the view of a state that every engine gives.
export type {
  Engine,
  LayeredView,
  Points,
  Problem,
  Run,
  ShownLayer,
  SpanView,
  StackView,
  TwoLayerView,
  View,
} from './dynamics/engine.ts';
export { checkProblem } from './dynamics/check.ts';
export { direct } from './dynamics/direct.ts';
export { gram } from './dynamics/gram.ts';
export { deepDirect, deepGram } from './dynamics/deep/engines.ts';
export { train, type Ending, type Outcome } from './dynamics/train.ts';
export type { StopParameters } from './dynamics/stop.ts';

// # Observables
// What is measured on a view.
export { testError, type TestError } from './observables/test-error.ts';
export type { TestErrorParameters } from './observables/estimator.ts';
export { coefficients, decompositionResidual } from './observables/decomposition.ts';
export { layers, type LayerSummary } from './observables/layers.ts';
export { frozenLimit, direction, type FrozenLimit, type Direction } from './observables/limit.ts';

// # Theory
// Theorems and lemmas as data, and what they say about a setting; no run enters.
export { STATEMENTS } from './theory/index.ts';
export { assess, tell, type Told } from './theory/assess.ts';
export { PROVENANCE, type Constants, type Statement } from './theory/statement.ts';
