/** Observables by name: the only file that names all of them. */
import type { StreamKey } from '../core/random.ts';
import type { MaxMargin } from '../core/max-margin.ts';
import { log } from '../core/special.ts';
import type { Sample } from '../data/sample.ts';
import type { Problem, View } from '../dynamics/engine.ts';
import { linearised } from '../dynamics/lazy.ts';
import { meanLoss, train, type Outcome } from '../dynamics/train.ts';
import type { SymbolId } from '../notation.ts';
import { bayesError } from '../observables/bayes.ts';
import { freshMargin, type FreshMargin } from '../observables/certificates.ts';
import {
  activeFraction,
  coefficientExtremes,
  coefficients,
  decompositionResidual,
  summariseCoefficients,
} from '../observables/decomposition.ts';
import { goodEvent, type GoodEvent } from '../observables/good-event.ts';
import { layers, type LayerSummary } from '../observables/layers.ts';
import { lazyErrors, type LazyErrors } from '../observables/lazy-error.ts';
import { laziness } from '../observables/laziness.ts';
import { averagingError } from '../observables/linear-classifier.ts';
import { direction, frozenLimit, hasLimit, type Direction, type FrozenLimit } from '../observables/limit.ts';
import { marginRatios, maxMarginError, sampleMaxMargin } from '../observables/max-margin.ts';
import { noiseMatrix, type NoiseMatrix } from '../observables/noise-matrix.ts';
import { endings, type Endings } from '../observables/outcome.ts';
import { inputNorms, largestFilter } from '../observables/sizes.ts';
import { stages } from '../observables/stages.ts';
import { excessOf, testError, type TestError } from '../observables/test-error.ts';
import { TRACKED, type Tracked } from '../observables/trackers.ts';
import { apart, derivativeRatio, largestLoss, margins, noisyLoss, trainError } from '../observables/training.ts';
import type { DeathWatch } from '../observables/undying.ts';
import { signalAndNoise, type Cell } from './cell.ts';
import type { RunRecord } from './record.ts';

/** Whether an observable is about the steps between two states. */
export const isTracked = (id: SymbolId): id is (typeof TRACKED)[number] =>
  (TRACKED as readonly SymbolId[]).includes(id);

/** What belongs to a run and not to one of its states, each computed when it is first asked for. */
export class RunContext {
  readonly cell: Cell;
  readonly problem: Problem;
  readonly key: StreamKey;
  /** sees every step of the run, where somebody asks for deaths */
  readonly deaths: DeathWatch | undefined;
  private solution: MaxMargin | undefined;
  private event: GoodEvent | undefined;
  private matrix: NoiseMatrix | undefined;
  private stagesOf: ReturnType<typeof stages> | undefined;
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

  get goodEvent(): GoodEvent {
    return (this.event ??= goodEvent(this.problem));
  }

  get noiseMatrix(): NoiseMatrix {
    return (this.matrix ??= noiseMatrix(this.problem.sample));
  }

  get stages(): ReturnType<typeof stages> {
    return (this.stagesOf ??= stages(this.problem));
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

/** Observables that rest on the test error. */
const OF_TEST_ERROR: readonly SymbolId[] = [
  'testError',
  'testErrorClean',
  'excess',
  'zeroOutput',
  'benign',
  'harmful',
  'nonOverfitting',
  'errorExponent',
];

/** Observables of one state; the test error is computed at most once. */
export class Measurement {
  private readonly run: RunContext;
  private readonly view: View;
  private readonly tracked: Tracked | undefined;
  private measuredFresh: FreshMargin | undefined;
  private measuredTestError: TestError | undefined;
  private measuredLayers: LayerSummary | undefined;
  private measuredDirection: Direction | undefined;
  private measuredLimit: FrozenLimit | null | undefined;
  private measuredLazyErrors: LazyErrors | undefined;

  /** @param tracked what happened since the last state that was measured; only a series has it */
  constructor(run: RunContext, view: View, tracked?: Tracked) {
    this.run = run;
    this.view = view;
    this.tracked = tracked;
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
    return (this.measuredTestError ??= testError(
      this.view,
      this.problem.network.activation,
      this.sample.anchors,
      this.sample.fresh,
      this.cell.test,
      this.run.key,
    ));
  }

  /** Whether all weights are numbers: without them there is no test error. */
  get inRange(): boolean {
    return !Number.isNaN(this.error.clean);
  }

  private get fresh(): FreshMargin {
    return (this.measuredFresh ??= freshMargin(this.view, this.problem));
  }

  private get layers(): LayerSummary {
    return (this.measuredLayers ??= layers(this.view, this.problem));
  }

  /** undefined where the activation is not piecewise linear */
  private get direction(): Direction | undefined {
    return hasLimit(this.problem) ? (this.measuredDirection ??= direction(this.view, this.problem)) : undefined;
  }

  /** undefined likewise, null where the present patterns separate no sample */
  private get limit(): FrozenLimit | null | undefined {
    if (hasLimit(this.problem) && this.measuredLimit === undefined)
      this.measuredLimit = frozenLimit(this.view, this.problem);
    return this.measuredLimit;
  }

  /** Test errors beside the linearisation's, on common points. */
  private get lazy(): LazyErrors {
    return (this.measuredLazyErrors ??= lazyErrors(
      this.view,
      this.run.linearised,
      this.problem,
      this.cell.test.points,
      this.run.key,
    ));
  }

  private summary(): ReturnType<typeof summariseCoefficients> {
    return summariseCoefficients(
      coefficients(this.view, this.sample, this.problem.network),
      this.sample,
      this.problem.network,
    );
  }

  private extremes(): ReturnType<typeof coefficientExtremes> {
    return coefficientExtremes(
      coefficients(this.view, this.sample, this.problem.network),
      this.sample,
      this.problem.network,
    );
  }

  private apart(which: 'clean' | 'flipped'): ReturnType<typeof apart> {
    return apart(this.view, this.sample, this.cell.training.loss, which);
  }

  private get endings(): Endings {
    return endings(this.apart('clean').error, this.apart('flipped').error, this.error.clean);
  }

  of(id: SymbolId): number {
    switch (id) {
      case 'trainLoss':
        return meanLoss(this.view, this.sample, this.cell.training.loss);
      case 'trainError':
        return trainError(this.view, this.sample);
      case 'testError':
        return this.error.noisy;
      case 'testErrorClean':
        return this.error.clean;
      case 'excess':
        return excessOf(this.error, this.cell.data.flip);
      case 'benign':
      case 'harmful':
      case 'nonOverfitting':
        return this.endings[id];
      case 'zeroOutput':
        return this.error.zero;
      case 'errorExponent':
        return -log(this.error.clean);
      case 'lossMax':
        return largestLoss(this.view, this.sample, this.cell.training.loss);
      case 'died':
        return this.run.deaths?.count ?? NaN;
      case 'inputMin':
        return inputNorms(this.sample).smallest;
      case 'inputMax':
        return inputNorms(this.sample).largest;
      case 'startMax':
        return largestFilter(this.problem.init);
      case 'marginMin':
        return margins(this.view, this.sample).smallest;
      case 'marginMax':
        return margins(this.view, this.sample).largest;
      case 'derivativeRatio':
        return derivativeRatio(this.view, this.sample, this.cell.training.loss);
      case 'activeFraction':
        return activeFraction(this.view);
      case 'gamma':
        return this.summary().gamma;
      case 'rhoBar':
        return this.summary().rhoBar;
      case 'rhoUnder':
        return this.summary().rhoUnder;
      case 'ratio':
        return this.summary().ratio;
      case 'noisyLoss':
        return noisyLoss(this.view, this.sample, this.cell.training.loss, this.cell.training.labelNoise);
      case 'trainLossClean':
        return this.apart('clean').loss;
      case 'trainLossFlipped':
        return this.apart('flipped').loss;
      case 'trainErrorClean':
        return this.apart('clean').error;
      case 'trainErrorFlipped':
        return this.apart('flipped').error;
      case 'vSignal':
      case 'vNoise':
      case 'wNorm':
      case 'layerRatio':
      case 'balanceDrift':
      case 'vChange':
      case 'wChange':
      case 'noiseResponse':
        return this.layers[id];
      case 'responseRatio':
        return (
          this.layers.noiseResponse /
          (signalAndNoise(this.cell).sigmaP * Math.sqrt(this.cell.data.d / this.cell.data.n))
        );
      case 'weightNorm':
      case 'normalizedMargin':
      case 'marginFactor':
        return marginRatios(this.view, this.sample, this.run.maxMarginNorm)[id];
      case 'maxMarginNorm':
        return this.run.maxMarginNorm;
      case 'maxMarginError':
        return maxMarginError(this.sample, this.run.maxMargin) ?? NaN;
      case 'averagingError':
        return averagingError(this.sample);
      case 'bayesError':
        return bayesError(this.sample) ?? NaN;
      case 'kktTurn':
        return this.direction ? 1 - this.direction.alignment : NaN;
      case 'kktSlackness':
        return this.direction?.slackness ?? NaN;
      case 'limitGap':
        return this.limit ? 1 - this.limit.margin / this.limit.limitMargin : NaN;
      case 'limitTurn':
        return this.limit ? 1 - this.limit.cosine : NaN;
      case 'limitBroken':
        return this.limit ? this.limit.broken / this.view.preactivations.length : NaN;
      case 'movement':
      case 'kernelChange':
      case 'patternChange':
        return this.run.laziness(this.view)[id];
      case 'lazyError':
        return this.lazy.linearised.mean;
      case 'lazyDifference':
        return this.lazy.difference.mean;
      case 'decompositionResidual':
        return decompositionResidual(this.view, this.sample, this.problem.network, this.problem.init);
      case 'gammaMin':
      case 'gammaMax':
      case 'rhoBarMax':
      case 'rhoUnderMin':
        return this.extremes()[id];
      case 'meanMargin':
        return this.fresh.mean;
      case 'concentrationBound':
        return this.fresh.concentration;
      case 'alignmentBound':
        return this.fresh.alignment;
      case 'errorFloor':
        return this.fresh.floor;
      case 'noisePart':
      case 'noisePartLinear':
        return this.fresh[id];
      case 'rhoBarLearnt':
      case 'towardsReference':
      case 'referenceNorm':
        return this.run.stages(this.view)[id];
      case 'noiseSingularMin':
      case 'noiseSingularMax':
      case 'interpolatorSignal':
      case 'interpolatorNoise':
        return this.run.noiseMatrix[id];
      case 'noiseNormMin':
      case 'noiseNormMax':
      case 'noiseOverlap':
      case 'signalOverlap':
      case 'initialSignal':
      case 'initialNoise':
      case 'ownFiltersMin':
      case 'ownSamplesMin':
      case 'initialOutput':
        return this.run.goodEvent[id];
      default:
        if (isTracked(id)) return this.tracked?.[id] ?? NaN;
        throw new RangeError(`${id} is not an observable`);
    }
  }

  /** A diverged run has no test error: its numbers would mean nothing. @param more observables beside the usual ones */
  final(outcome: Outcome, more: readonly SymbolId[]): RunRecord['values'] {
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
      if (this.error.zero > 0) put('zeroOutput', this.error.zero);
    }
    put('trainLoss', meanLoss(view, sample, this.cell.training.loss));
    put('trainError', trainError(view, sample));
    put('marginMin', smallest);
    put('marginMax', largest);
    put('gamma', summary.gamma);
    put('rhoBar', summary.rhoBar);
    put('rhoUnder', summary.rhoUnder);
    if (this.problem.network.trainsOutput)
      for (const [id, value] of Object.entries(this.layers)) put(id as SymbolId, value);
    let flipped = 0;
    for (let i = 0; i < sample.n; i++) if (sample.labels[i] !== sample.trueLabels[i]) flipped++;
    put('flipped', flipped);
    for (const id of more)
      if (!(id in values) && !(outcome === 'diverged' && OF_TEST_ERROR.includes(id))) put(id, this.of(id));
    return values;
  }
}
