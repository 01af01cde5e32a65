/** Means, intervals and fits. */
import { solvePositiveDefinite } from './linear-algebra.ts';
import { exponentOf, largestOf, timesPower2 } from './scale.ts';
import { exp, log, log1p, normalCdf } from './special.ts';

/**
 * Values between 2^-400 and 2^400 need no other unit: squares of differences of 2^-53 of them are normal numbers, and
 * any unit would give the same bits.
 */
const MODERATE = 400;
const LAST_BIT = 1.1102230246251565e-16;

export interface Estimate {
  readonly mean: number;
  /** standard error of the mean */
  readonly se: number;
}

/**
 * Mean and its standard error sd / sqrt(count), two passes; se is 0 for a single value. In units of the power of two of
 * the largest value, so that no square leaves the floating-point range. Throws RangeError on none.
 */
export function meanAndSe(values: readonly number[]): Estimate {
  if (values.length === 0) throw new RangeError('the mean of no values');
  const count = values.length;
  const unit = exponentOf(largestOf(values));
  if (Math.abs(unit) > MODERATE) {
    const { mean, se } = meanAndSe(values.map((x) => timesPower2(x, -unit)));
    return { mean: timesPower2(mean, unit), se: timesPower2(se, unit) };
  }
  let sum = 0;
  for (const x of values) sum += x;
  const mean = sum / count;
  let squares = 0;
  for (const x of values) squares += (x - mean) * (x - mean);
  return { mean, se: count > 1 ? Math.sqrt(squares / (count * (count - 1))) : 0 };
}

/**
 * `meanAndSe` in units of the largest value itself, which rounds each one: the arithmetic of the estimators of rare
 * errors, and hence of their records.
 */
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

/** P(X <= count) for X binomial, count / trials <= p < 1: from the last term down, each a part of the one above. */
function atMost(count: number, trials: number, p: number): number {
  const odds = (1 - p) / p;
  let part = 1;
  let sum = 1;
  for (let k = count; k > 0 && part > LAST_BIT * sum; k--) {
    part *= (k / (trials - k + 1)) * odds;
    sum += part;
  }
  const choices = logFactorial(trials) - logFactorial(count) - logFactorial(trials - count);
  return sum * exp(choices + (count > 0 ? count * log(p) : 0) + (trials - count) * log1p(-p));
}

/** log k!, by Stirling's series from 20 on (relative error of a rounding). */
function logFactorial(k: number): number {
  if (k < 20) {
    let product = 1;
    for (let i = 2; i <= k; i++) product *= i;
    return log(product);
  }
  const square = 1 / (k * k);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / k;
  return k * log(k) - k + 0.5 * log(2 * Math.PI * k) + series;
}

/**
 * The same for the mean of a law on [0, 1] after values that add up to `sum`: Clopper and Pearson's ends at the whole
 * numbers around it. For none or all of the trials that is exact (Markov's inequality for one value); in between the
 * values scatter less than zeros and ones of the same mean.
 */
export function boundedInterval(sum: number, trials: number, level = 0.95): [number, number] {
  const near = Math.round(sum);
  const whole = Math.abs(sum - near) <= 1e-9 * trials; // the mean was rounded
  return [
    binomialInterval(whole ? near : Math.floor(sum), trials, level)[0],
    binomialInterval(whole ? near : Math.ceil(sum), trials, level)[1],
  ];
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
