/**
 * Adam (Kingma, Ba 2015) and AdamW (Loshchilov, Hutter 2019) as PyTorch has them: with bias correction, and epsilon
 * added to the root of the corrected second moment. They differ by how weights decay: Adam's decay is in the gradient,
 * AdamW's is not (decay.ts). Each number has its own step size, which is not invariant under rotations.
 */
import type { StepRule } from './rule.ts';

export interface AdamParameters {
  /** shares of the first and of the second moment that a step keeps, in [0, 1) */
  readonly beta1: number;
  readonly beta2: number;
  /** added to the root of the second moment, > 0 */
  readonly adamEpsilon: number;
}

export const adam = (parameters: AdamParameters): StepRule => adaptive('adam', parameters);
export const adamw = (parameters: AdamParameters): StepRule => adaptive('adamw', parameters);

const adaptive = (id: string, { beta1, beta2, adamEpsilon }: AdamParameters): StepRule => ({
  id,
  inSpan: false,
  isPull: false,
  start(size, rate) {
    const first = new Float64Array(size);
    const second = new Float64Array(size);
    // beta^t, as products: the same bits everywhere
    const powers = new Float64Array([1, 1]);
    return {
      memory: [first, second, powers],
      move(pull) {
        powers[0]! *= beta1;
        powers[1]! *= beta2;
        const left2 = Math.sqrt(1 - powers[1]!);
        const step = -(rate / (1 - powers[0]!));
        const [new1, new2] = [1 - beta1, 1 - beta2];
        let moved = false;
        for (let k = 0; k < size; k++) {
          const gradient = -pull[k]! / rate;
          first[k] = beta1 * first[k]! + new1 * gradient;
          second[k] = beta2 * second[k]! + new2 * (gradient * gradient);
          pull[k] = (step * first[k]!) / (Math.sqrt(second[k]!) / left2 + adamEpsilon);
          if (first[k] !== 0) moved = true;
        }
        return moved;
      },
    };
  },
});
