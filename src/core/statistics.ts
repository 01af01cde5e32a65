/** Means, intervals and fits. */
import { solvePositiveDefinite } from './linear-algebra.ts';
import { exp, log, log1p, normalCdf } from './special.ts';

export interface Estimate {
  readonly mean: number;
  /** standard error of the mean */
  readonly se: number;
}

/** Mean and its standard error sd / sqrt(count), two passes; se is 0 for a single value. Throws RangeError on none. */
export function meanAndSe(values: readonly number[]): Estimate {
  if (values.length === 0) throw new RangeError('the mean of no values');
  const count = values.length;
  let sum = 0;
  for (const x of values) sum += x;
  const mean = sum / count;
  let squares = 0;
  for (const x of values) squares += (x - mean) * (x - mean);
  return { mean, se: count > 1 ? Math.sqrt(squares / (count * (count - 1))) : 0 };
}

/** `meanAndSe` of values whose squares may underflow: in units of the largest. */
export function tinyMeanAndSe(values: readonly number[]): Estimate {
  const unit = values.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  if (unit === 0) return meanAndSe(values);
  const { mean, se } = meanAndSe(values.map((x) => x / unit));
  return { mean: unit * mean, se: unit * se };
}

/** Quantile of the values by linear interpolation between order statistics (type 7); `level` in [0, 1]. */
export function quantile(values: readonly number[], level: number): number {
  if (values.length === 0) throw new RangeError('the quantile of no values');
  const sorted = Float64Array.from(values).sort();
  const at = level * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

/** Two-sided p-value of a standard normal statistic. */
export function twoSidedP(z: number): number {
  return 2 * normalCdf(-Math.abs(z));
}

export interface LineFit {
  readonly intercept: number;
  readonly slope: number;
  readonly interceptSe: number;
  readonly slopeSe: number;
  /** covariance of intercept and slope */
  readonly covariance: number;
}

/**
 * Weighted least squares of y = intercept + slope x with known standard deviations `sd` of y (weights 1/sd²), independent
 * of each other. Standard errors are those of the known deviations and of a straight line: nothing is scaled by the
 * scatter, and whether the line fits is not asked. A slope that carries a verdict comes from `core/slopes.ts`, which
 * resamples replicates and tests the line.
 *
 * @throws RangeError for fewer than two distinct x
 */
export function fitLine(x: readonly number[], y: readonly number[], sd: readonly number[]): LineFit {
  let s = 0;
  let sx = 0;
  let sy = 0;
  const weights = sd.map((one) => 1 / (one * one));
  x.forEach((_, i) => {
    s += weights[i]!;
    sx += weights[i]! * x[i]!;
    sy += weights[i]! * y[i]!;
  });
  const centre = sx / s;
  let sxx = 0;
  let sxy = 0;
  x.forEach((_, i) => {
    sxx += weights[i]! * (x[i]! - centre) ** 2;
    sxy += weights[i]! * (x[i]! - centre) * y[i]!;
  });
  if (!(sxx > 0)) throw new RangeError('a line needs two distinct abscissae');
  const slope = sxy / sxx;
  const intercept = sy / s - slope * centre;
  const slopeVariance = 1 / sxx;
  return {
    intercept,
    slope,
    slopeSe: Math.sqrt(slopeVariance),
    interceptSe: Math.sqrt(1 / s + centre * centre * slopeVariance),
    covariance: -centre * slopeVariance,
  };
}

/**
 * Clopper and Pearson's interval for a probability after `successes` in `trials`: covers it with at least the level,
 * whatever it is.
 *
 * @throws RangeError for no trials
 */
export function binomialInterval(successes: number, trials: number, level = 0.95): [number, number] {
  if (!(trials > 0)) throw new RangeError('an interval needs at least one trial');
  const tail = (1 - level) / 2;
  // The upper end is where so few successes become unlikely; the lower one is the upper one of the failures.
  const upper = (count: number): number => {
    if (count === trials) return 1;
    let [low, high] = [count / trials, 1];
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (atMost(count, trials, middle) > tail) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return [1 - upper(trials - successes), upper(successes)];
}

/** P(X <= count) for X binomial, 0 < p < 1; terms in logarithms, since the first may underflow. */
function atMost(count: number, trials: number, p: number): number {
  let term = trials * log1p(-p);
  let sum = exp(term);
  for (let k = 1; k <= count; k++) {
    term += log(((trials - k + 1) / k) * (p / (1 - p)));
    sum += exp(term);
  }
  return sum;
}

/** The least count with P(X <= count) >= level, X binomial. */
export function binomialQuantile(trials: number, p: number, level: number): number {
  if (p <= 0 || p >= 1) return p <= 0 ? 0 : trials;
  let term = trials * log1p(-p);
  let sum = exp(term);
  let count = 0;
  while (sum < level && count < trials) {
    count++;
    term += log(((trials - count + 1) / count) * (p / (1 - p)));
    sum += exp(term);
  }
  return count;
}

/** Rounding of a leverage. */
const LEVERAGE = 1e-9;

export interface Regression {
  /** of the columns of x; the intercept is fitted and left out */
  readonly slopes: readonly number[];
  /**
   * Standard errors that hold for unequal variances (HC3, MacKinnon and White 1985: each residual over 1 - its leverage).
   * With Student's t of `freedom` a 95 % interval covers .92 to .98 for 5 to 60 points, skewed and unequal ones too;
   * HC1 .86 to .94. Not finite where one point alone decides a coefficient.
   */
  readonly se: readonly number[];
  /** points less coefficients */
  readonly freedom: number;
}

/**
 * Least squares of y on an intercept and the columns of x.
 *
 * @param x one row a point
 * @throws RangeError for fewer points than coefficients, or columns that depend on each other
 */
export function regress(x: readonly (readonly number[])[], y: readonly number[]): Regression {
  const N = y.length;
  const columns = x[0]?.length ?? 0;
  const size = columns + 1;
  if (N <= size) throw new RangeError('fewer points than coefficients');
  // Columns of variance 1 about their means: the normal equations are then as well conditioned as they can be.
  const mean = Array.from({ length: columns }, (_, c) => x.reduce((sum, row) => sum + row[c]!, 0) / N);
  const spread = mean.map((centre, c) => Math.sqrt(x.reduce((sum, row) => sum + (row[c]! - centre) ** 2, 0) / N));
  const rows = x.map((row) => [1, ...row.map((value, c) => (value - mean[c]!) / spread[c]!)]);
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  rows.forEach((row, i) =>
    row.forEach((a, p) => {
      right[p]! += a * y[i]!;
      row.forEach((b, q) => (normal[p * size + q]! += a * b));
    }),
  );
  const beta = solvePositiveDefinite(normal, size, right);
  const inverse = Array.from({ length: size }, (_, p) => {
    const unit = new Float64Array(size);
    unit[p] = 1;
    return solvePositiveDefinite(normal, size, unit);
  });
  const times = (p: number, row: readonly number[]): number => row.reduce((sum, a, q) => sum + a * inverse[p]![q]!, 0);
  const without = rows.map((row, i) => {
    const residual = y[i]! - row.reduce((sum, a, p) => sum + a * beta[p]!, 0);
    const leverage = row.reduce((sum, a, p) => sum + a * times(p, row), 0);
    // How far a point is off that alone decides a coefficient (leverage 1) cannot be known.
    return leverage < 1 - LEVERAGE ? residual / (1 - leverage) : Infinity;
  });
  const variance = (p: number): number => rows.reduce((sum, row, i) => sum + (times(p, row) * without[i]!) ** 2, 0);
  return {
    slopes: spread.map((s, c) => beta[c + 1]! / s),
    se: spread.map((s, c) => Math.sqrt(variance(c + 1)) / s),
    freedom: N - size,
  };
}
