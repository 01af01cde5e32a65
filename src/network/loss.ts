/** Losses of a margin z = y f(x). */
import { sigmoidOfMinus, softplusOfMinus } from '../core/special.ts';

export type Loss = 'logistic' | 'hinge' | 'squared' | OwnLoss;

/** A user's: the loss of a margin, >= 0 and falling, and minus its derivative. */
export interface OwnLoss {
  readonly value: (z: number) => number;
  readonly slope: (z: number) => number;
}

/**
 * logistic: log(1 + e^-z); hinge: max(0, 1 - z); squared: (t - z)^2, which is (y - f)^2 for t = 1 and y = +-1, and as
 * y^2 = 1 also for a real label y t.
 *
 * @param target t, which the squared loss alone reads
 */
export function lossOf(loss: Loss, z: number, target = 1): number {
  if (loss === 'logistic') return softplusOfMinus(z);
  if (loss === 'squared') return (target - z) * (target - z);
  if (loss !== 'hinge') return loss.value(z);
  return z < 1 ? 1 - z : 0;
}

/**
 * Minus the loss's derivative, >= 0 but for the squared loss beyond its target. At the hinge's kink z = 1 it is 0.
 *
 * @param target as for `lossOf`
 */
export function lossSlope(loss: Loss, z: number, target = 1): number {
  if (loss === 'logistic') return sigmoidOfMinus(z);
  if (loss === 'squared') return 2 * (target - z);
  if (loss !== 'hinge') return loss.slope(z);
  return z < 1 ? 1 : 0;
}

/**
 * Mean of the loss over points.
 *
 * @param labels in {-1, +1}, as many as outputs
 * @param targets of the margins; absent: all 1
 */
export function meanLossOf(loss: Loss, labels: Float64Array, outputs: Float64Array, targets?: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += lossOf(loss, labels[i]! * outputs[i]!, targets?.[i]);
  return sum / labels.length;
}
