/**
 * Sign descent: every number moves by its step size against the sign of its derivative, or not where that is 0. Not
 * invariant under rotations, so no number of it can be had from inner products.
 */
import type { StepRule } from './rule.ts';

export const sign: StepRule = {
  id: 'sign',
  inSpan: false,
  isPull: false,
  start: (size, rate) => ({
    memory: [],
    move(pull) {
      let moved = false;
      for (let k = 0; k < size; k++) {
        if (pull[k] === 0) continue;
        pull[k] = pull[k]! > 0 ? rate : -rate;
        moved = true;
      }
      return moved;
    },
  }),
};
