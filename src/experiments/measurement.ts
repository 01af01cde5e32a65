/** Observables by name: the only file that names all of them. */
import type { StreamKey } from '../core/random.ts';
import type { MaxMargin } from '../core/max-margin.ts';
import { log } from '../core/special.ts';
import type { Sample } from '../data/sample.ts';
import type { Problem, View } from '../dynamics/engine.ts';
import { linearised } from '../dynamics/lazy.ts';
import { meanLoss, train, type Ending } from '../dynamics/train.ts';
import type { SymbolId } from '../notation.ts';
import { bayesError } from '../observables/bayes.ts';
import { activeFraction, coefficients, summariseCoefficients } from '../observables/decomposition.ts';
import { layers, type LayerSummary } from '../observables/layers.ts';
import { lazyErrors, type LazyErrors } from '../observables/lazy-error.ts';
import { laziness } from '../observables/laziness.ts';
import { averagingError } from '../observables/linear-classifier.ts';
import { marginRatios, maxMarginError, sampleMaxMargin } from '../observables/max-margin.ts';
import { inputNorms, largestFilter } from '../observables/sizes.ts';
import { testError, type TestError } from '../observables/test-error.ts';
import { apart, derivativeRatio, largestLoss, margins, trainError } from '../observables/training.ts';
import type { DeathWatch } from '../observables/undying.ts';
import type { Cell } from './cell.ts';
import type { RunRecord } from './record.ts';

/** What belongs to a run and not to one of its states, each computed when it is first asked for. */
export class RunContext {
  readonly cell: Cell;
  readonly problem: Problem;
  readonly key: StreamKey;
  /** sees every step of the run, where somebody asks for deaths */
  readonly deaths: DeathWatch | undefined;
  private solution: MaxMargin | undefined;
  private lazinessOf: ReturnType<typeof laziness> | undefined;
  private linear: View | undefined;

  constructor(cell: Cell, problem: Problem, key: StreamKey, deaths?: DeathWatch) {
    this.cell = cell;
    this.problem = problem;
    this.key = key;
    this.deaths = deaths;
  }

  get maxMargin(): MaxMargin {
    return (this.solution ??= sampleMaxMargin(this.problem.sample));
  }

  /** ‖w*‖; NaN where the sample is not separable */
  get maxMarginNorm(): number {
    return this.maxMargin.kind === 'separable' ? this.maxMargin.norm : NaN;
  }

  get laziness(): ReturnType<typeof laziness> {
    return (this.lazinessOf ??= laziness(this.problem));
  }

  /** The linearised run at the end of its own training. */
  get linearised(): View {
    if (!this.linear) {
      const run = linearised(this.problem);
      train(run, this.problem.sample, this.cell.training.loss, this.cell.training);
      this.linear = run.view;
    }
    return this.linear;
  }
}

/** Observables of one state; the test error is computed at most once. */
export class Measurement {
  private readonly run: RunContext;
  private readonly view: View;
  private measuredTestError: TestError | undefined;
  private measuredLayers: LayerSummary | undefined;
  private measuredLazyErrors: LazyErrors | undefined;

  constructor(run: RunContext, view: View) {
    this.run = run;
    this.view = view;
  }

  private get cell(): Cell {
    return this.run.cell;
  }

  private get problem(): Problem {
    return this.run.problem;
  }

  private get sample(): Sample {
    return this.problem.sample;
  }

  private get error(): TestError {
    return (this.measuredTestError ??= testError(this.view, this.problem.network.activation, this.sample.anchors, this.sample.fresh, this.cell.test, this.run.key));
  }

  private get layers(): LayerSummary {
    return (this.measuredLayers ??= layers(this.view, this.problem));
  }

  /** Test errors beside the linearisation's, on common points. */
  private get lazy(): LazyErrors {
    return (this.measuredLazyErrors ??= lazyErrors(this.view, this.run.linearised, this.problem, this.cell.test.points, this.run.key));
  }

  private summary(): ReturnType<typeof summariseCoefficients> {
    return summariseCoefficients(coefficients(this.view, this.sample, this.problem.network), this.sample, this.problem.network);
  }

  private apart(which: 'clean' | 'flipped'): ReturnType<typeof apart> {
    return apart(this.view, this.sample, this.cell.training.loss, which);
  }

  of(id: SymbolId): number {
    switch (id) {
      case 'trainLoss': return meanLoss(this.view, this.sample, this.cell.training.loss);
      case 'trainError': return trainError(this.view, this.sample);
      case 'testError': return this.error.noisy;
      case 'testErrorClean': return this.error.clean;
      case 'errorExponent': return -log(this.error.clean);
      case 'lossMax': return largestLoss(this.view, this.sample, this.cell.training.loss);
      case 'died': return this.run.deaths?.count ?? NaN;
      case 'inputMin': return inputNorms(this.sample).smallest;
      case 'inputMax': return inputNorms(this.sample).largest;
      case 'startMax': return largestFilter(this.problem.init);
      case 'marginMin': return margins(this.view, this.sample).smallest;
      case 'marginMax': return margins(this.view, this.sample).largest;
      case 'derivativeRatio': return derivativeRatio(this.view, this.sample, this.cell.training.loss);
      case 'activeFraction': return activeFraction(this.view);
      case 'gamma': return this.summary().gamma;
      case 'rhoBar': return this.summary().rhoBar;
      case 'rhoUnder': return this.summary().rhoUnder;
      case 'ratio': return this.summary().ratio;
      case 'trainLossClean': return this.apart('clean').loss;
      case 'trainLossFlipped': return this.apart('flipped').loss;
      case 'trainErrorClean': return this.apart('clean').error;
      case 'trainErrorFlipped': return this.apart('flipped').error;
      case 'vSignal':
      case 'vNoise':
      case 'wNorm':
      case 'layerRatio':
      case 'balanceDrift':
      case 'vChange':
      case 'wChange':
      case 'noiseResponse': return this.layers[id];
      case 'weightNorm':
      case 'normalizedMargin':
      case 'marginFactor': return marginRatios(this.view, this.sample, this.run.maxMarginNorm)[id];
      case 'maxMarginNorm': return this.run.maxMarginNorm;
      case 'maxMarginError': return maxMarginError(this.sample, this.run.maxMargin) ?? NaN;
      case 'averagingError': return averagingError(this.sample);
      case 'bayesError': return bayesError(this.sample) ?? NaN;
      case 'movement':
      case 'kernelChange':
      case 'patternChange': return this.run.laziness(this.view)[id];
      case 'lazyError': return this.lazy.linearised.mean;
      case 'lazyDifference': return this.lazy.difference.mean;
      default: throw new RangeError(`${id} is not an observable`);
    }
  }

  /** A diverged run has no test error: its numbers would mean nothing. @param more observables beside the usual ones */
  final({ outcome }: Ending, more: readonly SymbolId[]): RunRecord['values'] {
    const { sample, view } = this;
    const { smallest, largest } = margins(view, sample);
    const summary = this.summary();
    const values: Partial<Record<SymbolId, number>> = {};
    const put = (id: SymbolId, value: number): void => {
      if (Number.isFinite(value)) values[id] = value;
    };
    if (outcome !== 'diverged') {
      put('testError', this.error.noisy);
      put('testErrorSe', this.error.noisySe);
      put('testErrorClean', this.error.clean);
      put('testErrorCleanSe', this.error.cleanSe);
    }
    put('trainLoss', meanLoss(view, sample, this.cell.training.loss));
    put('trainError', trainError(view, sample));
    put('marginMin', smallest);
    put('marginMax', largest);
    put('gamma', summary.gamma);
    put('rhoBar', summary.rhoBar);
    put('rhoUnder', summary.rhoUnder);
    if (this.problem.network.trainsOutput) for (const [id, value] of Object.entries(this.layers)) put(id as SymbolId, value);
    let flipped = 0;
    for (let i = 0; i < sample.n; i++) if (sample.labels[i] !== sample.trueLabels[i]) flipped++;
    put('flipped', flipped);
    for (const id of more) if (!(id in values) && !(outcome === 'diverged' && (id.startsWith('testError') || id === 'errorExponent'))) put(id, this.of(id));
    return values;
  }
}
