/** One run, from a cell and a seed to a record: the only file that names data models and engines together. */
import type { StreamKey } from '../core/random.ts';
import type { Sample } from '../data/sample.ts';
import { drawMixture, drawUnitNormMixture } from '../data/mixture.ts';
import { drawSignalNoise } from '../data/signal-noise.ts';
import { drawXor } from '../data/xor.ts';
import { direct } from '../dynamics/direct.ts';
import type { Engine, Problem, Run, View } from '../dynamics/engine.ts';
import { frozenKernel } from '../dynamics/frozen-kernel.ts';
import { gramKernel } from '../dynamics/gram-kernel.ts';
import { incrementalKernel } from '../dynamics/incremental-kernel.ts';
import { train, type Ending } from '../dynamics/train.ts';
import { buildNetwork, drawInitialWeights } from '../network/two-layer.ts';
import { track } from '../observables/trackers.ts';
import type { SymbolId } from '../notation.ts';
import { DeathWatch } from '../observables/undying.ts';
import { cellId, runId, withoutDefaults, type Cell } from './cell.ts';
import { isTracked, Measurement, RunContext } from './measurement.ts';
import { RECORD_VERSION, SCIENCE, type RunRecord } from './record.ts';
import type { RecordPlan } from './spec.ts';
import { initialOutput, initialScale, stepSize } from './units.ts';

const ENGINES: Readonly<Record<Cell['engine'], Engine>> = {
  gram: gramKernel,
  direct,
  'gram-frozen': frozenKernel,
  'gram-incremental': incrementalKernel,
};

const MODELS: Readonly<Record<Cell['data']['model'], (data: Cell['data'], key: StreamKey) => Sample>> = {
  'signal-noise': drawSignalNoise,
  mixture: drawMixture,
  'unit-norm-mixture': drawUnitNormMixture,
  xor: (data, key) => drawXor(data, 2, key),
  'xor-mixture': (data, key) => drawXor(data, 1, key),
};

/** The key of a run's streams; under `coupling: common` cells share their draws. */
export function streamKey(cell: Cell, seed: number, replicate: number): StreamKey {
  const id = cell.coupling === 'common' ? '0'.repeat(16) : cellId(cell);
  return { seed, replicate, cell: [Number.parseInt(id.slice(0, 8), 16), Number.parseInt(id.slice(8), 16)] };
}

/** Draws the sample and the initial weights of a run. @param initKey names the streams of weights, biases and signs */
export function drawProblem(cell: Cell, key: StreamKey, initKey = key): Problem {
  const { data, network, training } = cell;
  const sample = MODELS[data.model](data, key);
  const net = buildNetwork({ ...network, v0: initialOutput(cell) }, sample.patches.perSample, initKey);
  const init = drawInitialWeights({ law: network.init, sigma0: initialScale(cell) }, net, sample.frame, initKey);
  const eta = stepSize(cell);
  return {
    sample,
    network: net,
    init,
    loss: training.loss,
    stepPerSample: training.reduction === 'mean' ? eta / data.n : eta,
    etaOutput: training.etaOutput,
    labelNoise: training.labelNoise > 0 ? { probability: training.labelNoise, key } : undefined,
  };
}

/** Trains; `observe` sees every multiple of `every`, and the end. */
export function trainCell(
  cell: Cell,
  problem: Problem,
  observe?: (t: number, view: View) => void,
  every = 1,
): { ending: Ending; view: View; run: Run } {
  const run = ENGINES[cell.engine].start(problem);
  return { ending: train(run, problem.sample, cell.training.loss, cell.training, observe, every), view: run.view, run };
}

/**
 * One run. The same arguments give the same record, bit for bit, on every machine.
 *
 * @param key names the streams; that of another cell makes this one on the other's draws
 */
export function runCell(
  cell: Cell,
  seed: number,
  replicate: number,
  plan: RecordPlan = { series: [], values: [], every: 1 },
  key: StreamKey = streamKey(cell, seed, replicate),
): RunRecord {
  const problem = drawProblem(cell, key);
  const deaths = [...plan.series, ...plan.values].includes('died') ? new DeathWatch(problem.sample) : undefined;
  const context = new RunContext(cell, problem, key, deaths);
  const series = plan.series.length > 0 ? new Series(plan, context) : undefined;
  const observe = (t: number, now: View): void => {
    deaths?.see(now);
    series?.see(t, now);
  };
  const { ending, view, run } = trainCell(
    cell,
    problem,
    deaths || series ? observe : undefined,
    deaths ? 1 : series?.stride,
  );
  const measurement = new Measurement(context, view);
  const outcome = ending.outcome !== 'diverged' && !measurement.inRange ? 'diverged' : ending.outcome;
  const values = measurement.final(outcome, plan.values);
  const seen = series?.finish(view);
  run.end?.();
  return {
    v: RECORD_VERSION,
    run: runId(cellId(cell), replicate),
    cell: withoutDefaults(cell),
    seed,
    replicate,
    engine: cell.engine,
    science: SCIENCE,
    outcome,
    steps: ending.steps,
    values,
    ...(seen && { series: seen }),
  };
}

/** Collects observables every so many steps, and at the last one. */
class Series {
  /** steps between two states that `see` wants: every one where something is tracked */
  readonly stride: number;
  private readonly times: number[] = [];
  private readonly columns: Map<SymbolId, (number | null)[]>;
  private readonly tracker: ReturnType<typeof track> | undefined;
  private last = -1;
  private readonly plan: RecordPlan;
  private readonly context: RunContext;

  constructor(plan: RecordPlan, context: RunContext) {
    this.plan = plan;
    this.context = context;
    this.columns = new Map(plan.series.map((id) => [id, []]));
    const tracked = plan.series.filter(isTracked);
    this.tracker = tracked.length > 0 ? track(context.problem, tracked, () => context.maxMargin) : undefined;
    this.stride = this.tracker ? 1 : plan.every;
  }

  see(t: number, view: View): void {
    this.last = t;
    this.tracker?.see(t, view);
    if (t % this.plan.every === 0) this.push(t, view);
  }

  private push(t: number, view: View): void {
    const now = new Measurement(this.context, view, this.tracker?.take(view));
    this.times.push(t);
    for (const [id, column] of this.columns) {
      const value = now.of(id);
      column.push(Number.isFinite(value) ? value : null);
    }
  }

  finish(view: View): RunRecord['series'] & object {
    if (this.last >= 0 && this.times.at(-1) !== this.last) this.push(this.last, view);
    return { step: this.times, ...Object.fromEntries(this.columns) };
  }
}
