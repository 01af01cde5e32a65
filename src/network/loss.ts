/** Losses of a margin z = y f(x). */
import { sigmoidOfMinus, softplusOfMinus } from '../core/special.ts';

export type Loss = 'logistic' | 'hinge' | 'squared' | OwnLoss;

/** A user's: the loss of a margin, >= 0 and falling, and minus its derivative. */
export interface OwnLoss {
  readonly value: (z: number) => number;
  readonly slope: (z: number) => number;
}

/** logistic: log(1 + e^-z); hinge: max(0, 1 - z); squared: (1 - z)^2, which is (y - f)^2 for y = +-1. */
export function lossOf(loss: Loss, z: number): number {
  if (loss === 'logistic') return softplusOfMinus(z);
  if (loss === 'squared') return (1 - z) * (1 - z);
  if (loss !== 'hinge') return loss.value(z);
  return z < 1 ? 1 - z : 0;
}

/** Minus the loss's derivative, >= 0 but for the squared loss beyond z = 1. At the hinge's kink z = 1 it is 0. */
export function lossSlope(loss: Loss, z: number): number {
  if (loss === 'logistic') return sigmoidOfMinus(z);
  if (loss === 'squared') return 2 * (1 - z);
  if (loss !== 'hinge') return loss.slope(z);
  return z < 1 ? 1 : 0;
}

/** Mean of the loss over points. @param labels in {-1, +1}, as many as outputs */
export function meanLossOf(loss: Loss, labels: Float64Array, outputs: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += lossOf(loss, labels[i]! * outputs[i]!);
  return sum / labels.length;
}
