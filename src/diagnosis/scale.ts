/**
 * In which unit the points of a data set are trained on, and by which step: stated rules, from a sample of them.
 *
 * Points are divided so that the root mean square of ‖x‖ about the stated centre is 1. The step size follows from the
 * curvature: while no pre-activation changes its sign, the outputs (1/m) sum_r j_r σ(<w_r, x>) of 2m filters are linear
 * in the weights, the logistic loss has a second derivative of at most 1/4, and so the mean training loss has a curvature
 * of at most lambda / (2m), lambda the largest eigenvalue of (1/n) sum_i x_i x_iᵀ. Heavy ball of momentum beta is stable
 * below a step size of 2 (1 + beta) / curvature = 4 (1 + beta) m / lambda; half of the limit for beta -> 1 is taken.
 */
import { productTransposed } from '../core/kernel-algebra.ts';
import { symmetricEigenvalues } from '../core/linear-algebra.ts';

/** Points of which an eigenvalue is looked at: fewer points have a larger one in the mean, so that the step is safe. */
const MOST_POINTS = 128;
/** Disjoint groups of points of which the largest eigenvalue counts. */
const MOST_GROUPS = 4;

/**
 * Root mean square of ‖x‖.
 *
 * @param rows count x size, last index fastest, finite, squares in range
 * @returns 0 where no number is larger than what rounding leaves of points that are all alike
 */
export function rootMeanSquare(rows: Float64Array, size: number): number {
  let [sum, largest] = [0, 0];
  for (const x of rows) {
    sum += x * x;
    largest = Math.max(largest, Math.abs(x));
  }
  return largest <= ROUNDING ? 0 : Math.sqrt((sum * size) / rows.length);
}
const ROUNDING = 64 * 2 ** -52;

/**
 * The largest eigenvalue of (1/k) sum_i x_i x_iᵀ over groups of k points, the largest of up to MOST_GROUPS groups.
 *
 * @param rows count x size, centred and scaled
 * @param least number of training points, >= 1, of the smallest training sample
 */
export function largestEigenvalue(rows: Float64Array, size: number, least: number): number {
  const count = rows.length / size;
  const k = Math.max(1, Math.min(least, MOST_POINTS, count));
  let most = 0;
  for (let group = 0; group < Math.min(MOST_GROUPS, Math.floor(count / k)); group++) {
    const some = rows.subarray(group * k * size, (group + 1) * k * size);
    const gram = productTransposed(some, k, some, k, size);
    most = Math.max(most, ...symmetricEigenvalues(gram, k).map((one) => one / k));
  }
  return most;
}

/** @param lambda the largest eigenvalue, > 0 @param m filters per class */
export const stepSizeOf = (lambda: number, m: number): number => Number(((4 * m) / lambda).toPrecision(3));
