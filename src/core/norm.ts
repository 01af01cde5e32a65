/** How long a vector is that is known with normal errors. */
import { symmetricEigenvalues } from './linear-algebra.ts';
import { log } from './special.ts';
import { reach, type Interval } from './verdict.ts';

/** Of the covariance of the errors. */
export interface Spread {
  /** sum of the variances */
  readonly trace: number;
  /** sum of the squared entries */
  readonly squares: number;
  /** the largest eigenvalue */
  readonly largest: number;
}

/** @param covariance size x size, row-major */
export function spreadOf(covariance: Float64Array, size: number): Spread {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += covariance[i * size + i]!;
  const squares = covariance.reduce((sum, one) => sum + one * one, 0);
  return { trace, squares, largest: symmetricEigenvalues(covariance, size).reduce((a, b) => Math.max(a, b), 0) };
}

/**
 * Interval of coverage 1 - alpha at least for |d|² when x = d + e was seen, e normal with this covariance. With x² =
 * |x|², t = trace, F² = squares, l = largest and L = log(2/alpha), for any d (Birgé, Lecture Notes Monogr. Ser. 36,
 * 2001, lemma 8.1, and its proof for unequal variances)
 *
 *   P[x² <= t + |d|² - 2 √(L (F² + 2 l |d|²))] <= alpha/2
 *   P[x² >= t + |d|² + 2 √(L (F² + 2 l |d|²)) + 2 l L] <= alpha/2
 *
 * Both are turned into bounds on |d|²; no approximation of the law enters.
 *
 * @param square |x|²
 * @param freedom behind the covariance: with few it is widened as Student's t widens an interval
 */
export function squaredLength(square: number, spread: Spread, alpha: number, freedom = Infinity): Interval {
  const L = log(2 / alpha);
  const { trace } = spread;
  const wider = freedom === Infinity ? 1 : (reach(alpha, freedom) / reach(alpha)) ** 2;
  const squares = spread.squares * wider * wider;
  const largest = spread.largest * wider;
  const excess = square - trace;
  // (|d|² - a)² = 4 L (F² + 2 l |d|²), the larger root for the upper end, the smaller one for the lower end
  const root = (a: number, sign: 1 | -1): number => {
    const middle = a + 4 * largest * L;
    const inside = middle * middle - a * a + 4 * L * squares;
    return middle + sign * Math.sqrt(Math.max(0, inside));
  };
  const below = excess - 2 * largest * L;
  return {
    low: below > 0 ? Math.max(0, root(below, -1)) : 0,
    high: Math.max(0, root(excess, 1)),
  };
}
