/** What a two-class set of points is like, each number with an interval: from the inner products alone. */
import { exp, log } from '../core/special.ts';
import { reach } from '../core/verdict.ts';
import { leaveOut, type Spread } from './jackknife.ts';
import { TwoClasses, type Moments } from './moments.ts';
import { spectrumOf } from './spectrum.ts';

/** An estimate, and an interval that holds the truth with the wanted probability; `low` and `high` hold `value`. */
export interface Estimated {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** See `moments.ts` for mu and Sigma. */
export interface TwoClassStatistics {
  /** number of points */
  readonly n: number;
  /** of the classes +1 and -1 */
  readonly sizes: readonly [number, number];
  /** ‖mu‖², half the distance of the class means squared; without bias, so that it may be negative */
  readonly signal: Estimated;
  /** tr Sigma; without bias */
  readonly trace: Estimated;
  /** tr Sigma²; without bias */
  readonly traceSquare: Estimated;
  /** muᵀ Sigma mu; without bias, so that it may be negative */
  readonly alongSignal: Estimated;
  /** ‖Sigma‖, corrected (`spectrum.ts`) */
  readonly norm: Estimated;
  /** tr Sigma / ‖Sigma‖ */
  readonly effectiveNorm: Estimated;
  /** (tr Sigma)² / tr Sigma² */
  readonly effectiveSquare: Estimated;
  /** n ‖mu‖⁴ / (tr Sigma² + n muᵀ Sigma mu), 0 where the estimate of ‖mu‖² is negative */
  readonly control: Estimated;
  /** the same for so many training points as were asked for, in their order */
  readonly controls: readonly Estimated[];
  /** largest eigenvalue of the pooled sample covariance, too large by what noise adds */
  readonly sampleNorm: number;
  /** eigenvalues of that covariance, descending; as many as `normPoints` - 2 */
  readonly eigenvalues: readonly number[];
  /**
   * whether the largest variance stands out of the others; else `norm` is an upper bound with an interval down to what tr
   * Sigma² / tr Sigma allows
   */
  readonly normStandsOut: boolean;
  /** points of which `norm` is made */
  readonly normPoints: number;
}

/** Where a positive quantity's logarithm is taken of what is not. */
const LEAST = 1e-300;
const logOf = (x: number): number => log(Math.max(x, LEAST));

const functions = (sizes: readonly number[], { signal, trace, traceSquare, alongSignal }: Moments): number[] => {
  const root = (n: number): number => {
    const noise = Math.max(traceSquare, 0) + n * Math.max(alongSignal, 0);
    return noise > 0 ? signal * Math.sqrt(n / noise) : 0;
  };
  return [
    signal,
    trace,
    logOf(traceSquare),
    alongSignal,
    2 * logOf(trace) - logOf(traceSquare),
    logOf(traceSquare) - logOf(trace),
    ...sizes.map(root),
  ];
};

/**
 * Moments, norm and effective dimensions of two classes.
 *
 * Intervals: standard errors by leaving out one point and two (`jackknife.ts`), Student's t with Satterthwaite's degrees
 * of freedom; what is positive in logarithms; skewed ones by Efron's acceleration (An Introduction to the Bootstrap,
 * 1993, chapter 22, with z_0 = a). How often they hold the truth: validation/diagnosis-coverage.md.
 *
 * @param inner <x_i, x_j> about any point, n x n
 * @param labels in {-1, +1}, length n
 * @param alpha what each interval may miss
 * @param sizes numbers of training points, > 0, for which `controls` are wanted beside that of all points
 * @throws RangeError for fewer than six points of a class, or classes of one point each, many times
 */
export function twoClassStatistics(
  inner: Float64Array,
  labels: Float64Array,
  alpha = 0.05,
  sizes: readonly number[] = [],
): TwoClassStatistics {
  const set = new TwoClasses(inner, labels);
  const { n, members } = set;
  const [plus, minus] = [members[0].length, members[1].length];
  const moments = set.without();
  if (!(moments.trace > 0))
    throw new RangeError('the points of each class must differ from each other, got no variance');
  const spreads = leaveOut(members, (...left) => functions([n, ...sizes], set.without(...left)));
  const [signal, trace, square, along, effective, ratio, ...roots] = spreads as [
    Spread,
    Spread,
    Spread,
    Spread,
    Spread,
    Spread,
    ...Spread[],
  ];
  const [control, ...controls] = roots.map((root) => mapped(accelerated(root, alpha), (x) => Math.max(0, x) ** 2)) as [
    Estimated,
    ...Estimated[],
  ];
  const spectrum = spectrumOf(inner, n, members);
  // The noise of mu has the covariance Sigma (1/n_+ + 1/n_-) / 4; its weight lies where that of tr Sigma² does.
  const leading = spectrum.traceCube / Math.max(moments.traceSquare, LEAST);
  const ofMean = (1 / plus + 1 / minus) / 4;
  const effectiveSquare = mapped(accelerated(effective, alpha), exp);
  const norms = normIntervals(
    set,
    spectrum,
    moments.trace,
    alpha,
    mapped(accelerated(ratio, alpha), exp).low,
    effectiveSquare.high,
  );
  return {
    n,
    sizes: [plus, minus],
    signal: shifted(signal, ofMean * leading, alpha),
    trace: accelerated(trace, alpha),
    traceSquare: { ...mapped(accelerated(square, alpha), exp), value: moments.traceSquare },
    alongSignal: shifted(along, ofMean * leading * leading, alpha),
    effectiveSquare,
    control,
    controls,
    ...norms,
    sampleNorm: spectrum.sampleNorm,
    eigenvalues: spectrum.eigenvalues,
    normPoints: spectrum.points.length,
  };
}

const mapped = ({ value, low, high }: Estimated, of: (x: number) => number): Estimated => ({
  value: of(value),
  low: of(low),
  high: of(high),
});

/** Ends value + se w / (1 - a w)², w = a ± t: the skewness of the points' parts moves both ends. */
function accelerated({ value, variance, freedom, acceleration: a }: Spread, alpha: number): Estimated {
  const se = Math.sqrt(variance);
  if (!(se > 0)) return { value, low: value, high: value };
  const t = reach(alpha, Math.max(1, freedom));
  const end = (sign: 1 | -1): number => {
    const w = a + sign * t;
    const shrunk = Math.max(1 - a * w, 0.1);
    return value + (se * w) / (shrunk * shrunk);
  };
  return { value, low: Math.min(value, end(-1)), high: Math.max(value, end(1)) };
}

/** Variance of one direction's square, in units of 4 v², from which on its own noise decides less than the signal's. */
const [SOME_SIGNAL, CLEAR_SIGNAL] = [4, 10];

/**
 * Of (delta + epsilon)² - v, epsilon ~ N(0, v): what a mean's square is along one direction. delta is within t sqrt(v) of
 * delta + epsilon, so that the ends lie around value + (t² + 1) v; of many directions v is that of one, and little. Where
 * delta may be 0, the low end stays where it is.
 */
function shifted({ value, variance, freedom }: Spread, v: number, alpha: number): Estimated {
  const t = reach(alpha, Math.max(1, freedom));
  const shift = (t * t + 1) * v;
  const clear = Math.min(1, Math.max(0, (variance / (4 * v * v) - SOME_SIGNAL) / (CLEAR_SIGNAL - SOME_SIGNAL)));
  const high = value + shift + t * Math.sqrt(variance + 2 * v * v);
  const low = value + clear * shift - t * Math.sqrt(variance + clear * 2 * v * v);
  return { value, low: Math.min(value, low), high };
}

/**
 * Of ‖Sigma‖ and tr Sigma / ‖Sigma‖, in logarithms: each point moves the sample's largest eigenvalue by its share in it.
 *
 * @param least low end of tr Sigma² / tr Sigma, which ‖Sigma‖ is not below
 * @param mostDimension high end of (tr Sigma)² / tr Sigma², which tr Sigma / ‖Sigma‖ is not above
 */
function normIntervals(
  set: TwoClasses,
  { norm, sampleNorm, stretch, second, shares, points }: ReturnType<typeof spectrumOf>,
  trace: number,
  alpha: number,
  least: number,
  mostDimension: number,
): Pick<TwoClassStatistics, 'norm' | 'effectiveNorm' | 'normStandsOut'> {
  const size = points.length;
  const lengthen = Math.sqrt(stretch);
  const ofNorm = shares.map((share) => lengthen * share);
  // The trace is the mean of the points' squared distances to their class mean.
  const lengths = Float64Array.from(points, (i) => set.fromMean(i));
  const mean = lengths.reduce((sum, x) => sum + x, 0) / size;
  const ofTrace = lengths.map((x) => (x / mean - 1) / size);
  const spread = spreadOf(log(norm), ofNorm);
  const standsOut = exp(accelerated(spread, SURE).low) > second;
  const found = mapped(accelerated(spread, alpha), exp);
  // The sample's largest eigenvalue is not below the largest variance but for the noise along one direction.
  const most = sampleNorm * exp(accelerated(spreadOf(0, shares), alpha).high);
  const whole = { ...found, high: Math.max(found.value, Math.min(found.high, most)) };
  if (standsOut) {
    const parts = ofTrace.map((x, i) => x - ofNorm[i]!);
    const dimension = mapped(accelerated(spreadOf(log(trace / norm), parts), alpha), exp);
    return { norm: whole, effectiveNorm: dimension, normStandsOut: true };
  }
  return {
    norm: { ...whole, low: Math.min(least, whole.low) },
    effectiveNorm: { value: trace / norm, low: trace / whole.high, high: Math.max(mostDimension, trace / whole.low) },
    normStandsOut: false,
  };
}

/** How sure it must be that the largest variance stands out of the next. */
const SURE = 1e-4;

/** Of a sum of the points' parts, each of them independent of the others; in logarithms it is hardly skewed. */
function spreadOf(value: number, parts: Float64Array): Spread {
  const variance = parts.reduce((sum, x) => sum + x * x, 0);
  const scatter = parts.reduce((sum, x) => sum + (x * x - variance / parts.length) ** 2, 0);
  return {
    value,
    variance,
    pairs: 0,
    freedom: scatter > 0 ? (2 * variance * variance) / scatter : Infinity,
    acceleration: 0,
  };
}
