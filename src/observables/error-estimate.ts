/** An estimate of the clean error beside that of f = 0, and the error against observed labels that follows from both. */
import { meanAndSe, type Estimate } from '../core/statistics.ts';

/** Of P(y f <= 0). */
export interface ErrorEstimate extends Estimate {
  /** of P(f = 0), a part of it, with the correlation of the two estimates; absent where f = 0 was never met */
  readonly zero?: Estimate & { readonly correlation: number };
  /** of P(y_observed f <= 0) less the mean flip probability, where labels are not flipped independently of the input */
  readonly excess?: Estimate;
}

/**
 * From independent replicates of the two shares.
 *
 * @param summary mean and standard error of some numbers
 */
export function estimateOf(
  wrong: readonly number[],
  zero: readonly number[],
  summary: (values: readonly number[]) => Estimate = meanAndSe,
): ErrorEstimate {
  const whole = summary(wrong);
  if (!zero.some((x) => x > 0)) return whole;
  const part = summary(zero);
  return { ...whole, zero: { ...part, correlation: correlation(wrong, whole, zero, part) } };
}

function correlation(x: readonly number[], ofX: Estimate, y: readonly number[], ofY: Estimate): number {
  if (!(ofX.se > 0 && ofY.se > 0)) return 0;
  let sum = 0;
  x.forEach((value, i) => (sum += ((value - ofX.mean) / ofX.se) * ((y[i]! - ofY.mean) / ofY.se)));
  return sum / (x.length * (x.length - 1));
}

/**
 * Against labels that are turned with probability p, independently of the input: where f = 0 either label is wrong, so
 * P(y_observed f <= 0) = p + (1 - 2p) P(y f <= 0) + p P(f = 0). Where p(x) depends on the input and has the mean p, it
 * is p + E[(1 - 2p(x)) 1{y f <= 0} + p(x) 1{f = 0}], whose second part is the excess that was estimated.
 */
export function againstFlipped({ mean, se, zero, excess }: ErrorEstimate, p: number): Estimate {
  if (excess) return { mean: p + excess.mean, se: excess.se };
  const rest = p + (1 - 2 * p) * mean;
  if (!zero) return { mean: rest, se: (1 - 2 * p) * se };
  return { mean: rest + p * zero.mean, se: combinedSe((1 - 2 * p) * se, p * zero.se, zero.correlation) };
}

/** Of the sum of two estimates. */
function combinedSe(a: number, b: number, correlation: number): number {
  const unit = Math.max(a, b);
  if (unit === 0) return 0;
  const [x, y] = [a / unit, b / unit];
  return unit * Math.sqrt(Math.max(0, x * x + 2 * correlation * x * y + y * y));
}
