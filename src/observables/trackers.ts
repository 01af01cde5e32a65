/**
 * What a run does from step to step, for the lemmas that speak of a trajectory: trackers see every state in order and
 * sum up what happened since they were last asked.
 *
 * Rates are over natural units, so that one number serves every model and output scale. With Xu and Gu 2023's
 * f = m^{-1/2} sum_j a_j sigma and sigma_p = 1 they are theirs: eta |a|^2 sigma_p^2 d / n = alpha p / n.
 */
import { productTransposed } from '../core/kernel-algebra.ts';
import { dotRows } from '../core/linear-algebra.ts';
import type { MaxMargin } from '../core/max-margin.ts';
import type { Problem, View } from '../dynamics/engine.ts';
import { lossOf, lossSlope } from '../network/loss.ts';
import { freshMargin } from './certificates.ts';
import { coefficients } from './decomposition.ts';

/** Numbers about the steps since the last `take`; NaN where no step was made or the model lacks what is asked for. */
export interface Tracked {
  /** largest fall of a rho-bar in one step: 0 when they are monotone (Kou et al. 2023) */
  readonly rhoBarDrop: number;
  /** largest rise of a rho-underbar in one step */
  readonly rhoUnderRise: number;
  /**
   * first step at which every rho-bar whose pair (filter, sample) was active at the start is at least 2; NaN before,
   * and where no pair was (Kou et al. 2023, T1)
   */
  readonly learntStep: number;
  /**
   * largest fraction, over the states seen, of the pairs (filter, sample) with y_i = j_r that were active at the start
   * and are not now
   */
  readonly activationLost: number;
  /** largest fraction of the active such pairs that one step puts out (Xu, Gu 2023, Lemma 4.3) */
  readonly activationLostStep: number;
  /**
   * least and largest (y f)' - y f over eta |a|^2 sigma_p^2 d g_i / n, g_i = -l'_i, over samples and steps (Lemma 4.4)
   */
  readonly growthMin: number;
  readonly growthMax: number;
  /** least and largest fall of a sample's loss over eta |a|^2 sigma_p^2 d g_i^2 / n (Lemma 4.5) */
  readonly decrementMin: number;
  readonly decrementMax: number;
  /** largest l_i t eta |a|^2 sigma_p^2 d / n, over samples and states (Lemma 4.5: l_i of order 1/t) */
  readonly lossTime: number;
  /** largest |w_r' - w_r| over eta |a_r| sigma_p (d/n)^{1/2} mean g, over filters and steps (Lemma 4.9) */
  readonly stepLength: number;
  /**
   * largest |W'|_F^2 - |W|_F^2 over the step size on one sample's loss times sum_i g_i (Karhadkar et al. 2024, proof of
   * Theorem 3.1: at most 4)
   */
  readonly normGrowth: number;
  /** least growth of sum_r j_r <w_r, w*> over the same and the number of filters (same proof: at least the leak) */
  readonly alignmentGrowth: number;
  /** sum over the steps so far of sum_i g_i: for the hinge, of the number of samples inside the margin */
  readonly slopeSum: number;
  /**
   * least j_r <w_r - w_r(0), mu> over eta |a_r| |mu|^2 times the sum over steps of mean g, over filters, now (Lemma
   * 4.7, mean over fresh points)
   */
  readonly signalGrowth: number;
  /** E[y f] over eta |a|^2 |mu|^2 times the sum over steps of mean g, now (Lemma 4.8) */
  readonly meanMarginGrowth: number;
}

export const TRACKED = [
  'rhoBarDrop',
  'rhoUnderRise',
  'learntStep',
  'activationLost',
  'activationLostStep',
  'growthMin',
  'growthMax',
  'decrementMin',
  'decrementMax',
  'lossTime',
  'stepLength',
  'normGrowth',
  'alignmentGrowth',
  'slopeSum',
  'signalGrowth',
  'meanMarginGrowth',
] as const satisfies readonly (keyof Tracked)[];

interface Tracker<K extends keyof Tracked = keyof Tracked> {
  /** every state in order, the start first; `t` is its step */
  see(t: number, view: View): void;
  /** the numbers since the last call, at the state seen last */
  take(view: View): Pick<Tracked, K>;
}

/** Extremes that are NaN while nothing was seen. */
class Extremes {
  least = Infinity;
  most = -Infinity;

  add(value: number): void {
    if (!(value >= this.least)) this.least = value;
    if (!(value <= this.most)) this.most = value;
  }

  take(): { least: number; most: number } {
    const { least, most } = this;
    this.least = Infinity;
    this.most = -Infinity;
    return { least: least === Infinity ? NaN : least, most: most === -Infinity ? NaN : most };
  }
}

/**
 * Only the trackers that the wanted numbers need.
 *
 * @param solution the sample's max-margin classifier, computed when it is needed
 */
export function track(problem: Problem, wanted: readonly (keyof Tracked)[], solution: () => MaxMargin): Tracker {
  const wants = (...ids: readonly (keyof Tracked)[]): boolean => ids.some((id) => wanted.includes(id));
  const trackers = [
    ...(wants('rhoBarDrop', 'rhoUnderRise') ? [coefficientSteps(problem)] : []),
    ...(wants('learntStep') ? [learning(problem)] : []),
    ...(wants('activationLost', 'activationLostStep') ? [activations(problem)] : []),
    ...(wants('growthMin', 'growthMax', 'decrementMin', 'decrementMax', 'lossTime') ? [marginSteps(problem)] : []),
    ...(wants('stepLength', 'normGrowth', 'alignmentGrowth')
      ? [weightSteps(problem, wants('alignmentGrowth') ? solution() : undefined)]
      : []),
    ...(wants('slopeSum', 'signalGrowth', 'meanMarginGrowth') ? [signal(problem)] : []),
  ];
  return {
    see: (t, view) => trackers.forEach((one) => one.see(t, view)),
    take: (view) => Object.assign({}, ...trackers.map((one) => one.take(view))) as Tracked,
  };
}

function coefficientSteps({ sample, network }: Problem): Tracker<'rhoBarDrop' | 'rhoUnderRise'> {
  const { n, labels } = sample;
  let before: Float64Array | undefined;
  let drop = 0;
  let rise = 0;
  return {
    see(_, view) {
      const { rho } = coefficients(view, sample, network);
      before?.forEach((old, at) => {
        const change = rho[at]! - old;
        if (labels[at % n] === network.classes[Math.floor(at / n)]) drop = Math.max(drop, -change);
        else rise = Math.max(rise, change);
      });
      before = rho;
    },
    take() {
      const out = { rhoBarDrop: drop, rhoUnderRise: rise };
      drop = rise = 0;
      return out;
    },
  };
}

/** A noise coefficient from which on a noise counts as learnt. */
const LEARNT = 2;

function learning(problem: Problem): Tracker<'learntStep'> {
  let pairs: readonly number[] | undefined;
  let step = NaN;
  return {
    see(t, view) {
      pairs ??= ownActive(view, problem);
      if (pairs.length === 0 || !Number.isNaN(step)) return;
      const { rho } = coefficients(view, problem.sample, problem.network);
      if (pairs.every((pair) => rho[pair]! >= LEARNT)) step = t;
    },
    take: () => ({ learntStep: step }),
  };
}

/** The pairs (filter, sample) with y_i = j_r whose noise patch is active: indices r n + i. */
function ownActive(view: View, { sample: { n, labels, patches }, network: { filters, classes } }: Problem): number[] {
  const { preactivations } = view;
  const out: number[] = [];
  for (let r = 0; r < filters; r++) {
    for (let i = 0; i < n; i++)
      if (labels[i] === classes[r] && preactivations[(r * n + i + 1) * patches.perSample - 1]! > 0) out.push(r * n + i);
  }
  return out;
}

function activations(problem: Problem): Tracker<'activationLost' | 'activationLostStep'> {
  let first: readonly number[] | undefined;
  let before: readonly number[] = [];
  let lost = 0;
  let lostStep = 0;
  const missing = (old: readonly number[], now: ReadonlySet<number>): number =>
    old.length === 0 ? 0 : old.filter((pair) => !now.has(pair)).length / old.length;
  return {
    see(_, view) {
      const pairs = ownActive(view, problem);
      const now = new Set(pairs);
      first ??= pairs;
      lost = Math.max(lost, missing(first, now));
      lostStep = Math.max(lostStep, missing(before, now));
      before = pairs;
    },
    take() {
      const out = { activationLost: lost, activationLostStep: lostStep };
      lost = lostStep = 0;
      return out;
    },
  };
}

/** sum_r a_r^2 of the output weights at the start; for weights a filter and patch, their mean over the patches. */
const outputSquare = ({ network: { outputWeights, filters } }: Problem): number =>
  (dotRows(outputWeights, 0, outputWeights, 0, outputWeights.length) * filters) / outputWeights.length;

function marginSteps(
  problem: Problem,
): Tracker<'growthMin' | 'growthMax' | 'decrementMin' | 'decrementMax' | 'lossTime'> {
  const { sample, loss, stepPerSample } = problem;
  const unit = stepPerSample * outputSquare(problem) * sample.fresh.sigma ** 2 * sample.frame.ambient;
  const growth = new Extremes();
  const decrement = new Extremes();
  let lossTime = 0;
  let before: Float64Array | undefined;
  return {
    see(t, view) {
      const now = view.outputs.map((f, i) => sample.labels[i]! * f);
      now.forEach((margin, i) => {
        lossTime = Math.max(lossTime, lossOf(loss, margin) * t * unit);
        if (!before) return;
        const g = lossSlope(loss, before[i]!);
        if (g === 0) return;
        growth.add((margin - before[i]!) / (unit * g));
        decrement.add((lossOf(loss, before[i]!) - lossOf(loss, margin)) / (unit * g * g));
      });
      before = now;
    },
    take() {
      const [a, b] = [growth.take(), decrement.take()];
      const out = { growthMin: a.least, growthMax: a.most, decrementMin: b.least, decrementMax: b.most, lossTime };
      lossTime = 0;
      return out;
    },
  };
}

/** Steps of the filters in the span of the anchors: W' - W = (C' - C) V, whatever the number of coordinates. */
function weightSteps(
  { sample, network, loss, stepPerSample }: Problem,
  solution: MaxMargin | undefined,
): Tracker<'stepLength' | 'normGrowth' | 'alignmentGrowth'> {
  const { n, labels, frame, fresh, patches, vectors, anchors: K } = sample;
  const { filters: R, classes } = network;
  const unit = stepPerSample * n * fresh.sigma * Math.sqrt(frame.ambient / n);
  const gram = productTransposed(vectors, K, vectors, K, frame.used);
  const length = new Extremes();
  const norm = new Extremes();
  const alignment = new Extremes();
  const dual = solution?.kind === 'separable' && patches.perSample === 1 && !network.bias ? solution.alpha : undefined;
  let before:
    | {
        readonly coefficients: Float64Array;
        readonly products: Float64Array;
        readonly outputWeights: Float64Array;
        readonly aligned: number;
        readonly slopes: number;
      }
    | undefined;
  /** sum_r j_r <w_r, w*> with w* = sum_i alpha_i y_i x_i */
  const aligned = ({ preactivations }: View): number => {
    let sum = 0;
    if (dual)
      for (let r = 0; r < R; r++)
        for (let i = 0; i < n; i++) sum += classes[r]! * dual[i]! * labels[i]! * preactivations[r * n + i]!;
    return sum;
  };
  return {
    see(_, view) {
      const now = {
        coefficients: view.coefficients.slice(),
        products: view.products().slice(),
        outputWeights: view.outputWeights.slice(),
        aligned: aligned(view),
        slopes: view.outputs.reduce((sum, f, i) => sum + lossSlope(loss, labels[i]! * f), 0),
      };
      if (before && before.slopes > 0) {
        const { coefficients: old, products, outputWeights, slopes } = before;
        const change = now.coefficients.map((c, at) => c - old[at]!);
        const images = productTransposed(change, R, gram, K, K);
        const V = outputWeights.length / R;
        for (let r = 0; r < R; r++) {
          const a = Math.sqrt(dotRows(outputWeights, r * V, outputWeights, r * V, V) / V);
          length.add(Math.sqrt(Math.max(0, dotRows(change, r * K, images, r * K, K))) / ((unit * a * slopes) / n));
        }
        // |W'|^2 - |W|^2 = <W' - W, W' + W>, without the cancellation of two large squares
        let growth = 0;
        change.forEach((c, at) => (growth += c * (now.products[at]! + products[at]!)));
        norm.add(growth / (stepPerSample * slopes));
        if (dual) alignment.add((now.aligned - before.aligned) / (stepPerSample * slopes * R));
      }
      before = now;
    },
    take: () => ({
      stepLength: length.take().most,
      normGrowth: norm.take().most,
      alignmentGrowth: alignment.take().least,
    }),
  };
}

function signal(problem: Problem): Tracker<'slopeSum' | 'signalGrowth' | 'meanMarginGrowth'> {
  const { sample, network, loss, stepPerSample } = problem;
  const { anchors: K, roles, vectors, frame } = sample;
  const { filters: R, classes } = network;
  const [k] = roles.signal;
  const square =
    roles.signal.length === 1 ? dotRows(vectors, k! * frame.used, vectors, k! * frame.used, frame.used) : NaN;
  const unit = stepPerSample * square;
  let start: Float64Array | undefined;
  /** sum over steps of sum_i g_i, up to the state seen last, and that state's own */
  let sum = 0;
  let slopes = 0;
  const towardsSignal = (view: View): Float64Array => {
    const products = view.products();
    return classes.map((j, r) => j * products[r * K + k!]!);
  };
  return {
    see(_, view) {
      sum += slopes;
      slopes = view.outputs.reduce((total, f, i) => total + lossSlope(loss, sample.labels[i]! * f), 0);
      start ??= towardsSignal(view);
    },
    take(view) {
      const least = new Extremes();
      const V = network.outputWeights.length / R;
      if (sum > 0 && square > 0)
        towardsSignal(view).forEach((now, r) =>
          least.add((now - start![r]!) / (unit * Math.abs(network.outputWeights[r * V]!) * sum)),
        );
      return {
        slopeSum: sum,
        signalGrowth: least.take().least,
        meanMarginGrowth:
          sum > 0 && square > 0 ? freshMargin(view, problem).mean / (unit * outputSquare(problem) * sum) : NaN,
      };
    },
  };
}
