/**
 * Heavy ball (Polyak 1964), as PyTorch has it without dampening: the velocity is beta times itself minus the gradient,
 * and the weights move by eta times the velocity. On a quadratic of curvature lambda it is stable for eta lambda < 2 (1
 * + beta).
 */
import type { StepRule } from './rule.ts';

/** @param beta in [0, 1); 0 makes the steps of descent, up to the order of sums */
export const momentum = (beta: number): StepRule => ({
  id: 'momentum',
  inSpan: true,
  isPull: false,
  start(size) {
    const velocity = new Float64Array(size);
    return {
      move(pull) {
        let moved = false;
        for (let k = 0; k < size; k++) {
          velocity[k] = beta * velocity[k]! + pull[k]!;
          pull[k] = velocity[k]!;
          if (pull[k] !== 0) moved = true;
        }
        return moved;
      },
    };
  },
});
