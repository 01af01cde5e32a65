/**
 * One run, from a cell and a seed to a record: the only file that names data models, engines and
 * observables together.
 */
import type { StreamKey } from '../core/random.ts';
import type { Sample } from '../data/sample.ts';
import { drawSignalNoise } from '../data/signal-noise.ts';
import { direct } from '../dynamics/direct.ts';
import type { Engine, Problem, View } from '../dynamics/engine.ts';
import { frozenKernel } from '../dynamics/frozen-kernel.ts';
import { gramKernel } from '../dynamics/gram-kernel.ts';
import { incrementalKernel } from '../dynamics/incremental-kernel.ts';
import { meanLoss, train, type Ending } from '../dynamics/train.ts';
import { buildNetwork, drawInitialWeights } from '../network/two-layer.ts';
import type { SymbolId } from '../notation.ts';
import { activeFraction, coefficients, summariseCoefficients } from '../observables/decomposition.ts';
import { testError, type TestError } from '../observables/test-error.ts';
import { derivativeRatio, margins, trainError } from '../observables/training.ts';
import { cellId, runId, withoutDefaults, type Cell } from './cell.ts';
import { RECORD_VERSION, SCIENCE, type RunRecord } from './record.ts';
import type { RecordPlan } from './spec.ts';

const ENGINES: Readonly<Record<Cell['engine'], Engine>> = { gram: gramKernel, direct, 'gram-frozen': frozenKernel, 'gram-incremental': incrementalKernel };

/** The key of a run's streams; under `coupling: common` cells share their draws. */
export function streamKey(cell: Cell, seed: number, replicate: number): StreamKey {
  const id = cell.coupling === 'common' ? '0'.repeat(16) : cellId(cell);
  return { seed, replicate, cell: [Number.parseInt(id.slice(0, 8), 16), Number.parseInt(id.slice(8), 16)] };
}

/** Draws the sample and the initial weights of a run. */
export function drawProblem(cell: Cell, key: StreamKey): Problem {
  const { data, network, training } = cell;
  const sample = drawSignalNoise(data, key);
  const net = buildNetwork(network, sample.patches.perSample);
  const sigma0 = network.sigma0Unit === 'absolute' ? network.sigma0 : network.sigma0 / (data.sigmaP * Math.sqrt(data.d));
  const init = drawInitialWeights({ law: network.init, sigma0 }, net, sample.frame, key);
  const eta = training.etaUnit === 'absolute' ? training.eta : (training.eta * data.n * network.m) / (data.sigmaP * data.sigmaP * data.d);
  return { sample, network: net, init, loss: training.loss, stepPerSample: training.reduction === 'mean' ? eta / data.n : eta };
}

/** Trains; `observe` sees every multiple of `every`, and the end. */
export function trainCell(cell: Cell, problem: Problem, observe?: (t: number, view: View) => void, every = 1): { ending: Ending; view: View } {
  const run = ENGINES[cell.engine].start(problem);
  return { ending: train(run, problem.sample, cell.training.loss, cell.training, observe, every), view: run.view };
}

/** One run. The same arguments give the same record, bit for bit, on every machine. */
export function runCell(cell: Cell, seed: number, replicate: number, plan: RecordPlan = { series: [], every: 1 }): RunRecord {
  const key = streamKey(cell, seed, replicate);
  const problem = drawProblem(cell, key);
  const series = plan.series.length > 0 ? new Series(plan, (view) => new Measurement(cell, problem, key, view)) : undefined;
  const { ending, view } = trainCell(cell, problem, series && ((t, now) => series.see(t, now)), plan.every);
  const values = new Measurement(cell, problem, key, view).final(ending);
  return {
    v: RECORD_VERSION,
    run: runId(cellId(cell), replicate),
    cell: withoutDefaults(cell),
    seed,
    replicate,
    engine: cell.engine,
    science: SCIENCE,
    outcome: ending.outcome,
    steps: ending.steps,
    values,
    ...(series && { series: series.finish(view) }),
  };
}

/** Observables of one state; the test error is computed at most once. */
class Measurement {
  private readonly cell: Cell;
  private readonly problem: Problem;
  private readonly key: StreamKey;
  private readonly view: View;
  private measuredTestError: TestError | undefined;

  constructor(cell: Cell, problem: Problem, key: StreamKey, view: View) {
    this.cell = cell;
    this.problem = problem;
    this.key = key;
    this.view = view;
  }

  private get sample(): Sample {
    return this.problem.sample;
  }

  private get error(): TestError {
    return (this.measuredTestError ??= testError(this.view, this.problem.network.activation, this.sample.anchors, this.sample.fresh, this.cell.test, this.key));
  }

  private summary(): ReturnType<typeof summariseCoefficients> {
    return summariseCoefficients(coefficients(this.view, this.sample, this.problem.network), this.sample, this.problem.network);
  }

  of(id: SymbolId): number {
    switch (id) {
      case 'trainLoss': return meanLoss(this.view, this.sample, this.cell.training.loss);
      case 'trainError': return trainError(this.view, this.sample);
      case 'testError': return this.error.noisy;
      case 'testErrorClean': return this.error.clean;
      case 'marginMin': return margins(this.view, this.sample).smallest;
      case 'marginMax': return margins(this.view, this.sample).largest;
      case 'derivativeRatio': return derivativeRatio(this.view, this.sample, this.cell.training.loss);
      case 'activeFraction': return activeFraction(this.view);
      case 'gamma': return this.summary().gamma;
      case 'rhoBar': return this.summary().rhoBar;
      case 'rhoUnder': return this.summary().rhoUnder;
      case 'ratio': return this.summary().ratio;
      default: throw new RangeError(`${id} is not an observable`);
    }
  }

  /** A diverged run has no test error: its numbers would mean nothing. */
  final({ outcome }: Ending): RunRecord['values'] {
    const { sample, view } = this;
    const { smallest, largest } = margins(view, sample);
    const summary = this.summary();
    const all: Partial<Record<SymbolId, number>> = {
      ...(outcome !== 'diverged' && {
        testError: this.error.noisy,
        testErrorSe: this.error.noisySe,
        testErrorClean: this.error.clean,
        testErrorCleanSe: this.error.cleanSe,
      }),
      trainLoss: meanLoss(view, sample, this.cell.training.loss),
      trainError: trainError(view, sample),
      marginMin: smallest,
      marginMax: largest,
      gamma: summary.gamma,
      rhoBar: summary.rhoBar,
      rhoUnder: summary.rhoUnder,
      flipped: sample.labels.reduce((sum, y, i) => sum + (y === sample.trueLabels[i] ? 0 : 1), 0),
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => Number.isFinite(value)));
  }
}

/** Collects observables every so many steps, and at the last one. */
class Series {
  private readonly times: number[] = [];
  private readonly columns: Map<SymbolId, (number | null)[]>;
  private last = -1;
  private readonly plan: RecordPlan;
  private readonly measure: (view: View) => Measurement;

  constructor(plan: RecordPlan, measure: (view: View) => Measurement) {
    this.plan = plan;
    this.measure = measure;
    this.columns = new Map(plan.series.map((id) => [id, []]));
  }

  see(t: number, view: View): void {
    this.last = t;
    if (t % this.plan.every === 0) this.push(t, view);
  }

  private push(t: number, view: View): void {
    const now = this.measure(view);
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
