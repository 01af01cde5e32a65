/** One run, from a cell and a seed to a record: the only file that brings data models and engines together. */
import type { StreamKey } from '../core/random.ts';
import { withRealLabels } from '../data/real-labels.ts';
import type { NumericArray } from '../data/readers/npy.ts';
import type { Problem, SpanView, TwoLayerView } from '../dynamics/engine.ts';
import { slidingShare } from '../dynamics/flow.ts';
import type { Loss } from '../network/loss.ts';
import { buildNetwork, drawInitialWeights, type NetworkParameters } from '../network/two-layer.ts';
import type { SymbolId } from '../notation.ts';
import type { FlowReport, RunContext } from '../observables/observable.ts';
import { ArraySeries } from './arrays.ts';
import { cellId, runId, versioned, withoutDefaults, type Cell } from './cell.ts';
import { keeperOf, type Checkpoints, type SeriesState } from './checkpoint.ts';
import { ENGINES } from './engines.ts';
import { Measurement, runContext, Watching } from './measurement.ts';
import { modelOf } from './models.ts';
import { isOwn, of, valuesOf } from './own.ts';
import { RECORD_VERSION, type RunRecord } from './record.ts';
import { scienceOf } from './science.ts';
import type { RecordPlan } from './spec.ts';
import { stepsOf } from './steps.ts';
import { trainCell, trainFlow } from './train-cell.ts';
import { initialOutputWeight, initialScale } from './units.ts';
import { wholeRun } from './whole-run.ts';

/**
 * The key of a run's streams; under `coupling: common` cells share their draws.
 *
 * @param seed integer in [0, 2^53)
 * @param replicate which of the cell's independent runs, an integer >= 0
 */
export function streamKey(cell: Cell, seed: number, replicate: number): StreamKey {
  let words = wordsOf.get(cell);
  if (!words) {
    const id = cell.coupling === 'common' ? '0'.repeat(16) : cellId(cell);
    wordsOf.set(cell, (words = [Number.parseInt(id.slice(0, 8), 16), Number.parseInt(id.slice(8), 16)]));
  }
  return { seed, replicate, cell: words };
}

/** By cell, like the ids. */
const wordsOf = new WeakMap<Cell, StreamKey['cell']>();

/** Draws the sample and the initial weights of a run. @param initKey names the streams of weights, biases and signs */
export function drawProblem(cell: Cell, key: StreamKey, initKey = key): Problem {
  const { data, network, training } = cell;
  const sample = withRealLabels(modelOf(data).draw(data, key), data.sigmaY, key);
  const net = buildNetwork(networkOf(cell), sample.patches.perSample, initKey);
  const { init: law, hiddenInit, gain } = network;
  const init = drawInitialWeights(
    { law, sigma0: initialScale(cell), hidden: { law: hiddenInit, gain } },
    net,
    sample.frame,
    initKey,
  );
  return {
    sample,
    network: net,
    init,
    loss: lossOf(training),
    ...stepsOf(cell, key),
  };
}

/** What a cell says about its network. */
export function networkOf(cell: Cell): NetworkParameters {
  const { activation, ...network } = cell.network;
  const v0 = initialOutputWeight(cell);
  return isOwn(activation)
    ? { ...network, activation: 'relu', own: of(activation, 'activation')(valuesOf(activation, network)), v0 }
    : { ...network, activation, v0 };
}

/** The loss of a cell. */
export const lossOf = ({ loss, ...training }: Cell['training']): Loss =>
  isOwn(loss) ? of(loss, 'loss')(valuesOf(loss, training)) : loss;

/** What keeps of a run beside its record; neither changes a bit of it. */
export interface Keeping {
  /** states of a long run on its way */
  readonly checkpoints?: Checkpoints | undefined;
  /** the arrays of the plan; called before the record is there */
  readonly arrays?: (run: string, arrays: ReadonlyMap<string, NumericArray>) => void;
}

/**
 * One run. The same arguments give the same record, bit for bit, on every machine.
 *
 * @param seed integer in [0, 2^53)
 * @param replicate which of the cell's independent runs, an integer >= 0
 * @param plan what the record keeps beside the usual values
 * @param key names the streams; that of another cell makes this one on the other's draws
 * @param keeping who keeps states of a long run, and arrays; without it the plan's arrays are not made
 */
export function runCell(
  cell: Cell,
  seed: number,
  replicate: number,
  plan: RecordPlan = { series: [], values: [], every: 1 },
  key: StreamKey = streamKey(cell, seed, replicate),
  keeping: Keeping = {},
): RunRecord {
  const run = runId(cellId(cell), replicate);
  const bare = plan.series.length + plan.values.length === 0 && !plan.arrays;
  const whole = bare ? wholeRun(cell, key) : undefined;
  const { outcome, ...rest } = whole
    ? { outcome: 'interpolated' as const, ...whole }
    : runInParts(cell, key, plan, keeping, run);
  return {
    v: RECORD_VERSION,
    run,
    cell: withoutDefaults(cell),
    seed,
    replicate,
    engine: versioned(cell.engine) as string,
    science: scienceOf(cell.training.rule),
    outcome,
    ...rest,
  };
}

type Parts = Pick<RunRecord, 'outcome' | 'steps' | 'values' | 'series'>;

/** A run from its draws to its numbers, whatever the cell: the reference of `wholeRun`. */
export function runInParts(
  cell: Cell,
  key: StreamKey,
  plan: RecordPlan,
  { checkpoints, arrays }: Keeping = {},
  run = '',
): Parts {
  const problem = drawProblem(cell, key);
  if (cell.training.rule === 'flow')
    return flowInParts(cell, problem, key, plan, arrays && ((all) => arrays(run, all)));
  const context = runContext(cell, problem, key);
  const watching = new Watching(context, [...plan.series, ...plan.values]);
  const series = plan.series.length > 0 ? new Series(plan, context, watching) : undefined;
  const kept = arrays && plan.arrays ? new ArraySeries(plan.arrays, problem, context.offers === 'span') : undefined;
  const observe = (t: number, now: SpanView): void => {
    watching.see(t, now);
    series?.see(t, now);
    kept?.see(t, now);
  };
  // Who has seen every step cannot be told what he has seen.
  const keeper =
    checkpoints && !watching.any
      ? keeperOf(checkpoints, run, key.seed, plan, () => ({
          ...(series && { series: series.state }),
          ...(kept && { arrays: kept.state }),
        }))
      : undefined;
  if (keeper?.state?.series) series!.state = keeper.state.series;
  if (keeper?.state?.arrays) kept!.state = keeper.state.arrays;
  const trained = trainCell(
    cell,
    problem,
    watching.any || series || kept ? observe : undefined,
    watching.any ? 1 : oftenOf(plan, cell.training.maxSteps),
    keeper,
  );
  const { ending, view } = trained;
  const measurement = new Measurement(context, view, watching);
  const outcome = ending.outcome !== 'diverged' && !measurement.inRange ? 'diverged' : ending.outcome;
  const values = measurement.final(outcome, plan.values);
  const seen = series?.finish(view);
  if (kept) arrays!(run, kept.finish(view));
  trained.run.end?.();
  return { outcome, steps: ending.steps, values, ...(seen && { series: seen }) };
}

/** Steps between two states that the plan wants, or that may be wanted. */
function oftenOf({ series, every, arrays }: RecordPlan, maxSteps: number): number {
  const often = [...(series.length > 0 ? [every] : []), ...(arrays && arrays.every > 0 ? [arrays.every] : [])];
  return often.length > 0 ? often.reduce(commonDivisor) : Math.max(1, maxSteps);
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

/** A run of gradient flow. Its record's steps and times are in units of eta, rounded up. */
function flowInParts(
  cell: Cell,
  whole: Problem,
  key: StreamKey,
  plan: RecordPlan,
  arrays?: (arrays: ReadonlyMap<string, NumericArray>) => void,
): Parts {
  let context!: RunContext;
  let series: Series | undefined;
  let kept: ArraySeries | undefined;
  let report!: { halvings: number; difference: number; readonly sliding: FlowReport['sliding'] };
  const { halvings, difference, resolved, ending, view, run } = trainFlow(cell, whole, (finer, problem, k) => {
    const sliding = (now: TwoLayerView): number => slidingShare((one) => ENGINES[cell.engine].start(one), problem, now);
    report = { halvings: k, difference: NaN, sliding };
    context = runContext(finer, problem, key, report);
    series = plan.series.length > 0 ? new Series(plan, context, new Watching(context, [])) : undefined;
    kept = arrays && plan.arrays ? new ArraySeries(plan.arrays, problem, context.offers === 'span') : undefined;
    const observe = (t: number, now: SpanView): void => {
      series?.see(t, now);
      kept?.see(t, now);
    };
    return { every: oftenOf(plan, cell.training.maxSteps), ...((series || kept) && { observe }) };
  });
  report.difference = difference;
  const measurement = new Measurement(context, view);
  const diverged = ending.outcome === 'diverged' || !measurement.inRange;
  const outcome = diverged ? 'diverged' : resolved ? ending.outcome : 'unresolved';
  const values = measurement.final(outcome, plan.values);
  const seen = series?.finish(view);
  if (kept) arrays!(kept.finish(view));
  run.end?.();
  return { outcome, steps: Math.ceil(ending.steps / 2 ** halvings), values, ...(seen && { series: seen }) };
}

/** Collects observables every so many steps, and at the last one. */
class Series {
  private readonly times: number[] = [];
  private readonly columns: Map<SymbolId, (number | null)[]>;
  private last = -1;
  private readonly plan: RecordPlan;
  private readonly context: RunContext;
  private readonly watching: Watching;

  constructor(plan: RecordPlan, context: RunContext, watching: Watching) {
    this.plan = plan;
    this.context = context;
    this.watching = watching;
    this.columns = new Map(plan.series.map((id) => [id, []]));
  }

  see(t: number, view: SpanView): void {
    this.last = t;
    if (t % this.plan.every === 0) this.push(t, view);
  }

  private push(t: number, view: SpanView): void {
    const now = new Measurement(this.context, view, this.watching);
    this.times.push(t);
    for (const [id, column] of this.columns) {
      const value = now.of(id);
      column.push(Number.isFinite(value) ? value : null);
    }
  }

  get state(): SeriesState {
    return { times: this.times, columns: [...this.columns.values()], last: this.last };
  }

  set state({ times, columns, last }: SeriesState) {
    this.times.push(...times);
    [...this.columns.values()].forEach((column, at) => column.push(...columns[at]!));
    this.last = last;
  }

  finish(view: SpanView): RunRecord['series'] & object {
    if (this.last >= 0 && this.times.at(-1) !== this.last) this.push(this.last, view);
    return { step: this.times, ...Object.fromEntries(this.columns) };
  }
}
