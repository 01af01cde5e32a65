/** The contract of every engine, and the one View through which observables see a run. */
import type { Sample } from '../data/sample.ts';
import type { InitialWeights, Network } from '../network/two-layer.ts';
import type { Loss } from '../network/loss.ts';
import type { EngineState } from './checkpoint.ts';
import type { WeightDecay } from './steps/decay.ts';
import type { Puller } from './steps/puller.ts';
import type { StepRule } from './steps/rule.ts';
import type { Schedule } from './steps/schedule.ts';
import type { Halt, StopParameters } from './stop.ts';

/** Everything that a training run needs. */
export interface Problem {
  readonly sample: Sample;
  readonly network: Network;
  readonly init: InitialWeights;
  readonly loss: Loss;
  /** step size on one sample's loss: eta / n for the mean loss, eta for the sum */
  readonly stepPerSample: number;
  /** eta, the step size on the whole objective, >= 0; n * stepPerSample, that of the mean loss, when absent */
  readonly stepSize?: number;
  /** step size of a trained output layer's v over that of the filters, > 0; 1 when absent */
  readonly etaOutput?: number;
  /** how pulls become steps; descent when absent */
  readonly rule?: StepRule;
  /** who pulls; every sample when absent */
  readonly puller?: Puller;
  /** decay of all that is trained; none when absent */
  readonly decay?: WeightDecay;
  /** what the step size is multiplied by over time; 1 when absent */
  readonly schedule?: Schedule;
}

/**
 * The state of a run at one time, in four tiers: what every network shows, what one of layers shows, what a two-layer
 * network shows, and what a run in the span of the anchors shows. An engine offers a tier; an observable needs one.
 *
 * Arrays are live: the next step overwrites them, or leaves them behind for others; read them through the view each
 * time and copy what is to be kept. An engine may compute an array only when it is read; reading never changes a bit of
 * the run. R filters, K anchors, n samples, Q = n * patches per sample.
 */
export interface View {
  /** f(x_i), length n */
  readonly outputs: Float64Array;
  /** f at points other than the training sample's */
  outputsAt(points: Points): Float64Array;
}

/** What a network of layers shows: a deep one as a stack, a two-layer network by its own arrays (TwoLayerView). */
export interface LayeredView extends View {
  readonly stack?: StackView;
}

/** The layers of a deep network, live as all arrays of a view. */
export interface StackView {
  /** layers 1, ..., L-1 */
  readonly layers: readonly ShownLayer[];
  /** a_u of the output layer, one a unit of layer L-1 */
  readonly outputWeights: Float64Array;
  /** <w_r, v_k> of the filters, R x K */
  products(): Float64Array;
  /**
   * f of points by what their patches give in the first layer.
   *
   * @param preactivations biases included, R x (points x patches per sample): a point's patches are neighbours
   */
  outputsOf(preactivations: Float64Array, points: number): Float64Array;
}

/** One layer. */
export interface ShownLayer {
  /** units x inputs; of the filters their coordinates in the frame */
  weights(): Float64Array;
  /** length units */
  readonly bias: Float64Array;
  /** units x patches of the sample below the pooling and in its own layer, units x samples above it */
  readonly preactivations: Float64Array;
}

/** What a two-layer network shows. */
export interface TwoLayerView extends LayeredView {
  /** <w_r, x_q> + b_r, R x Q */
  readonly preactivations: Float64Array;
  /**
   * a_rs: length R, shared over patches, or R x patches per sample; live where the output layer is trained
   * (network/two-layer.ts)
   */
  readonly outputWeights: Float64Array;
  /** length R */
  readonly bias: Float64Array;
  /** the weights' coordinates in the frame, R x columns */
  weights(): { rows: Float64Array; columns: number };
  /** <w_r, v_k>, R x K */
  products(): Float64Array;
}

/** What a run in the span of the anchors shows. */
export interface SpanView extends TwoLayerView {
  /** C in w_r = s w_r(0) + sum_k C_rk v_k, R x K */
  readonly coefficients: Float64Array;
  /** s, which weights of the start are left: 1 without weight decay, the same for all filters */
  readonly startScale: number;
}

/** What a run's view shows; each holds those before it. */
export const TIERS = ['view', 'layers', 'two-layer', 'span'] as const;
export type Tier = (typeof TIERS)[number];

/** Points by their coordinates in the sample's frame. */
export interface Points {
  /** count x patches per sample x columns: a point's patches are neighbours */
  readonly rows: Float64Array;
  /** number of points, >= 1 */
  readonly count: number;
  /** coordinates of a patch, at most those of the weights; the rest are 0 */
  readonly columns: number;
}

/** One run in progress. `view` describes the weights at which `forward` was last called. */
export interface Run<V extends View = SpanView> {
  readonly view: V;
  /** Computes pre-activations and outputs at the current weights. */
  forward(): void;
  /**
   * One gradient step, after `forward`. Returns false when no weight moved and none will: the run then stays where it
   * is for ever. A batch that pulls nothing is no such end; a schedule that has reached 0 is one.
   */
  update(): boolean;
  /**
   * Many steps at once: what train.ts does with `forward` and `update`, bit for bit, up to step `until` or the end; or
   * as soon as `due` says so, which is asked every few milliseconds. For a run from its start, which no single step has
   * touched; the rule is that of the first call.
   */
  advance?(rule: StopParameters, until: number, due?: () => boolean): Halt;
  /** A copy of what continues the run between two steps; absent: it cannot be continued. */
  state?(): EngineState;
  /**
   * Goes on from a state of the same problem, before anything else is asked of this run.
   *
   * @param t the steps that were made: what was drawn for them is drawn again
   */
  resume?(state: EngineState, t: number): void;
  /** Says that nobody will look at the run again: what it holds need not be kept. */
  end?(): void;
}

/** What decides whether an engine can train a network; known before anything is drawn. */
export interface Asked {
  readonly activation: 'piecewise-linear' | 'other';
  /** hidden layers above the filters; no when absent */
  readonly deep?: boolean;
  readonly trainsOutput: boolean;
  readonly loss: 'logistic' | 'hinge' | 'other';
  /** label noise in the steps */
  readonly turnsLabels: boolean;
  /** label noise with other factors than -1 and 1 */
  readonly scalesLabels: boolean;
  /** weights of samples in the steps: batches */
  readonly weighs: boolean;
  /** weight decay */
  readonly decays: boolean;
  /** a step size that changes */
  readonly schedules: boolean;
  /** the rule's id */
  readonly rule: string;
  /** the steps stay in the span */
  readonly inSpan: boolean;
}

/** Why an engine does not take a problem. */
export interface Refusal {
  readonly of: keyof Asked;
  /** what it needs, in words */
  readonly needs: string;
  /** an engine that takes it */
  readonly use: string;
}

/** What trains a network: all engines give the same numbers, to 1e-10. */
export interface Engine {
  /** `engine` of a spec */
  readonly id: string;
  /** everything that it does not take; empty when it takes what is asked */
  refuses(asked: Asked): readonly Refusal[];
  /** the tier of the views of its runs; span when absent */
  offers?(asked: Asked): Tier;
  /**
   * The run's view is of a lower tier than its type where `offers` says so.
   *
   * @throws RangeError for a problem that is impossible or that it does not take
   */
  start(problem: Problem): Run;
}
