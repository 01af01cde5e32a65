/** Means, intervals and fits. */
import { normalCdf } from './special.ts';

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
 * Weighted least squares of y = intercept + slope x with known standard deviations `sd` of y (weights 1/sd^2). Standard errors are those of the known
 * deviations, scaled up by sqrt(chi^2 / degrees of freedom) when the points scatter more than they say.
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
  let chiSquare = 0;
  x.forEach((_, i) => (chiSquare += weights[i]! * (y[i]! - intercept - slope * x[i]!) ** 2));
  const scale = x.length > 2 ? Math.max(1, chiSquare / (x.length - 2)) : 1;
  const slopeVariance = scale / sxx;
  return {
    intercept,
    slope,
    slopeSe: Math.sqrt(slopeVariance),
    interceptSe: Math.sqrt(scale / s + centre * centre * slopeVariance),
    covariance: -centre * slopeVariance,
  };
}
