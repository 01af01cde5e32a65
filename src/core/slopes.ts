/**
 * Lines through points that come from repeated runs: slope, chi-square and local slopes, with what resampling whole
 * replicates says about them. No standard error is ever scaled by the misfit of the line: a line that does not fit is
 * rejected (`chiSquare`), and its slope is then no exponent.
 */
import betainc from '@stdlib/math-base-special-betainc';
import { chiTail } from './chi-tail.ts';
import { solvePositiveDefinite } from './linear-algebra.ts';
import { meanAndSe } from './statistics.ts';
import type { Uncertain } from './verdict.ts';

/** Ordinates at P distinct abscissae, and how they vary together. */
export interface Points {
  /** ascending or not, distinct; in logarithms for an exponent */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /**
   * columns of influences, each of length P: the covariance of the points is the sum of u u^T over them. One column a
   * replicate that was left out.
   */
  readonly influences: readonly (readonly number[])[];
  /**
   * degrees of freedom behind the covariance: one number where all points share their replicates; one a point where the
   * points are independent of each other
   */
  readonly freedom: number | readonly number[];
}

export interface ChiSquare {
  readonly value: number;
  /** P - 2 */
  readonly freedom: number;
  /** under a straight line; from Hotelling's law, or Johansen's, since the covariance is an estimate */
  readonly p: number;
}

export interface LocalSlope {
  /** indices of the two points, neighbours by x */
  readonly from: number;
  readonly to: number;
  readonly slope: Uncertain;
}

export interface SlopeFit {
  readonly slope: Uncertain;
  /** of the line at x = 0 */
  readonly intercept: Uncertain;
  /** of a straight line through the points; null with two points, or fewer replicates than it takes */
  readonly chiSquare: ChiSquare | null;
  readonly local: readonly LocalSlope[];
}

/** Fewer sizes than this carry no verdict on a line: local slopes only. */
export const LEAST_SIZES = 5;
/** More groups than this say nothing new about a variance. */
const MOST_GROUPS = 200;

/**
 * Points from a statistic that can be computed with one group of replicates left out: the delete-group jackknife. A
 * group holds the same replicates at every size, so that common draws (`coupling: common`) show in the covariance.
 *
 * @param groups number of groups of equally many replicates, >= 2; 30 or more where there are as many
 * @param points the P ordinates without group g; with all replicates for null
 */
export function jackknifePoints(
  x: readonly number[],
  groups: number,
  points: (without: number | null) => readonly number[],
): Points {
  if (!(groups >= 2)) throw new RangeError(`a jackknife needs two groups at least, got ${groups}`);
  const y = points(null);
  const scale = Math.sqrt((groups - 1) / groups);
  const influences = Array.from({ length: groups }, (_, g) => points(g).map((value, i) => scale * (value - y[i]!)));
  return { x, y, influences, freedom: groups - 1 };
}

/**
 * `jackknifePoints` of one statistic of each size's replicates, the mean unless told. Replicate r of every size is left
 * out at once; sizes may have different numbers of replicates.
 *
 * @param data for each size its replicates in order, two or more
 */
export function replicatedPoints(
  x: readonly number[],
  data: readonly (readonly number[])[],
  statistic: (values: readonly number[]) => number = (values) => meanAndSe(values).mean,
): Points {
  const groups = Math.min(MOST_GROUPS, ...data.map((values) => values.length));
  if (!(groups >= 2)) throw new RangeError('a jackknife needs two replicates of every size at least');
  const y = data.map(statistic);
  const influences = Array.from({ length: groups }, (_, g) =>
    data.map((values, i) => {
      const kept = values.filter((_value, r) => r % groups !== g);
      // Groups of unequal numbers: weighted such that the variance of a mean is met without bias.
      const weight = kept.length / ((values.length - kept.length) * groups);
      return Math.sqrt(weight) * (statistic(kept) - y[i]!);
    }),
  );
  return { x, y, influences, freedom: groups - 1 };
}

/** Points that are independent of each other, each with its own standard error and degrees of freedom. */
export const independentPoints = (x: readonly number[], points: readonly Uncertain[]): Points => ({
  x,
  y: points.map(({ value }) => value),
  influences: points.map(({ se }, i) => points.map((_, j) => (i === j ? se : 0))),
  freedom: points.map(({ freedom }) => freedom ?? Infinity),
});

/** Covariance of the points, P x P, row-major. */
export function covarianceOf({ x, influences }: Points): Float64Array {
  const size = x.length;
  const covariance = new Float64Array(size * size);
  for (const u of influences)
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) covariance[i * size + j]! += u[i]! * u[j]!;
  return covariance;
}

/**
 * A fixed combination sum_i a_i y_i of the points. Degrees of freedom: where replicates are shared, their number less
 * one, or as many as normal replicates of the same kurtosis would leave; else Welch's and Satterthwaite's.
 */
export function combine({ y, influences, freedom }: Points, a: readonly number[]): Uncertain {
  const value = y.reduce((sum, one, i) => sum + a[i]! * one, 0);
  const parts = influences.map((u) => u.reduce((sum, one, i) => sum + a[i]! * one, 0));
  const variance = parts.reduce((sum, part) => sum + part * part, 0);
  const se = Math.sqrt(variance);
  if (variance === 0) return { value, se, freedom: Array.isArray(freedom) ? Infinity : (freedom as number) };
  const fourth = parts.reduce((sum, part) => sum + part ** 4, 0) / variance ** 2;
  if (typeof freedom !== 'number')
    return {
      value,
      se,
      freedom: 1 / parts.reduce((sum, part, i) => sum + (part * part) ** 2 / (variance ** 2 * freedom[i]!), 0),
    };
  // 2 N / (kurtosis - 1), the kurtosis over the N influences.
  const kurtosis = influences.length * fourth;
  return { value, se, freedom: kurtosis > 1 ? Math.min(freedom, (2 * influences.length) / (kurtosis - 1)) : freedom };
}

/**
 * The line through the points with weights 1/variance, and whether one fits.
 *
 * @throws RangeError for fewer than two distinct x, or points without a variance beside others with one
 */
export function fitSlope(points: Points): SlopeFit {
  const { x } = points;
  const size = x.length;
  const covariance = covarianceOf(points);
  const variances = x.map((_, i) => covariance[i * size + i]!);
  const known = variances.every((variance) => variance > 0);
  if (!known && variances.some((variance) => variance > 0))
    throw new RangeError('a point without a variance beside others with one');
  const weights = variances.map((variance) => (known ? 1 / variance : 1));
  const { slope, intercept, leverage } = lineWeights(x, weights);
  const order = x.map((_, i) => i).sort((a, b) => x[a]! - x[b]!);
  const weighted = (a: readonly number[]): Uncertain => {
    const one = combine(points, a);
    return known ? { ...one, se: one.se * weightNoise(a, variances, leverage, points.freedom) } : one;
  };
  return {
    slope: weighted(slope),
    intercept: weighted(intercept),
    chiSquare: size > 2 && known ? chiSquareOf(points, covariance, leverage) : null,
    local: order.slice(1).map((to, i): LocalSlope => {
      const from = order[i]!;
      const step = x[to]! - x[from]!;
      return {
        from,
        to,
        slope: combine(
          points,
          x.map((_, at) => (at === to ? 1 / step : at === from ? -1 / step : 0)),
        ),
      };
    }),
  };
}

/** Coefficients of slope and intercept at each point, and its leverage. */
function lineWeights(
  x: readonly number[],
  weights: readonly number[],
): { slope: number[]; intercept: number[]; leverage: number[] } {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const centre = x.reduce((sum, one, i) => sum + weights[i]! * one, 0) / total;
  const squares = x.reduce((sum, one, i) => sum + weights[i]! * (one - centre) ** 2, 0);
  if (!(squares > 0)) throw new RangeError('a line needs two distinct abscissae');
  const slope = x.map((one, i) => (weights[i]! * (one - centre)) / squares);
  return {
    slope,
    intercept: slope.map((one, i) => weights[i]! / total - centre * one),
    leverage: x.map((one, i) => weights[i]! * (1 / total + (one - centre) ** 2 / squares)),
  };
}

/**
 * By how much weights that are estimates themselves widen a standard error: Meier's correction (Biometrics 9, 1953) for a
 * line, which is Kenward and Roger's (Biometrics 53, 1997) for independent points. For correlated ones it is on the safe
 * side, since their weights err together.
 */
function weightNoise(
  a: readonly number[],
  variances: readonly number[],
  leverage: readonly number[],
  freedom: number | readonly number[],
): number {
  let [plain, more] = [0, 0];
  a.forEach((one, i) => {
    const part = one * one * variances[i]!;
    plain += part;
    more += (part * (1 - leverage[i]!)) / (typeof freedom === 'number' ? freedom : freedom[i]!);
  });
  return Math.sqrt(1 + (4 * more) / plain);
}

/** The least of (y - X b)^T C^-1 (y - X b) over lines b: generalised least squares. */
function chiSquareOf(points: Points, covariance: Float64Array, leverage: readonly number[]): ChiSquare | null {
  const { x, y, freedom } = points;
  const size = x.length;
  const degrees = size - 2;
  if (typeof freedom === 'number' && freedom < degrees) return null;
  const solve = (b: readonly number[]): Float64Array => solvePositiveDefinite(covariance, size, Float64Array.from(b));
  const middle = x.reduce((sum, one) => sum + one, 0) / size;
  const columns = [x.map(() => 1), x.map((one) => one - middle)] as const;
  try {
    const scaled = columns.map(solve);
    const dot = (a: Float64Array, b: readonly number[]): number => a.reduce((sum, one, i) => sum + one * b[i]!, 0);
    const beta = solvePositiveDefinite(
      Float64Array.from(scaled.flatMap((one) => columns.map((column) => dot(one, column)))),
      2,
      Float64Array.from(scaled, (one) => dot(one, y)),
    );
    const residual = y.map((one, i) => one - beta[0]! - beta[1]! * columns[1][i]!);
    const value = Math.max(0, dot(solve(residual), residual));
    return { value, freedom: degrees, p: lineP(value, degrees, freedom, leverage) };
  } catch {
    return null; // points that depend on each other
  }
}

/**
 * P of a larger misfit under a line. The covariance is an estimate: with shared replicates the misfit follows
 * Hotelling's law, T² (ν - q + 1)/(ν q) ~ F(q, ν - q + 1); for independent points of ν_i degrees of freedom Welch's
 * approximation as generalised by Johansen (Biometrika 67, 1980).
 */
function lineP(value: number, q: number, freedom: number | readonly number[], leverage: readonly number[]): number {
  if (typeof freedom === 'number') {
    const second = freedom - q + 1;
    return second === Infinity ? chiTail(q, Math.sqrt(value)) : fTail((value * second) / (freedom * q), q, second);
  }
  const a = leverage.reduce((sum, one, i) => sum + (1 - one) ** 2 / freedom[i]!, 0);
  if (a === 0) return chiTail(q, Math.sqrt(value));
  return fTail(value / (q + 2 * a - (6 * a) / (q + 2)), q, (q * (q + 2)) / (3 * a));
}

/** P(F > f) with q and r degrees of freedom. */
export const fTail = (f: number, q: number, r: number): number => betainc(r / (r + q * f), r / 2, q / 2);
