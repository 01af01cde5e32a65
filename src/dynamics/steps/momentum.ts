/**
 * Heavy ball (Polyak 1964) and Nesterov's momentum, as PyTorch has them without dampening: the velocity is beta times
 * itself minus the gradient, v = beta v - g. Heavy ball moves by eta v, Nesterov by eta (beta v - g). On a quadratic of
 * curvature lambda heavy ball is stable for eta lambda < 2 (1 + beta), Nesterov for eta lambda < (2 + 2 beta)/(1 + 2
 * beta).
 */
import type { StepRule } from './rule.ts';

/** @param beta in [0, 1); 0 makes the steps of descent, up to the order of sums */
export const momentum = (beta: number): StepRule => ({ ...ofVelocity('momentum', beta, (velocity) => velocity), beta });

/** @param beta in [0, 1); 0 makes the steps of descent, up to the order of sums */
export const nesterov = (beta: number): StepRule =>
  ofVelocity('nesterov', beta, (velocity, pull) => pull + beta * velocity);

const ofVelocity = (id: string, beta: number, step: (velocity: number, pull: number) => number): StepRule => ({
  id,
  inSpan: true,
  isPull: false,
  start(size) {
    const velocity = new Float64Array(size);
    return {
      memory: [velocity],
      move(pull) {
        let moved = false;
        for (let k = 0; k < size; k++) {
          velocity[k] = beta * velocity[k]! + pull[k]!;
          pull[k] = step(velocity[k]!, pull[k]!);
          if (velocity[k] !== 0) moved = true;
        }
        return moved;
      },
    };
  },
});
