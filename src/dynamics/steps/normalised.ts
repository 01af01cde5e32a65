/**
 * Normalised gradient descent: a step of length eta along minus the gradient, eta g/|g|, with the norm over all trained
 * numbers (filters, biases, output weights v) of the whole gradient, coupled decay included; no step where g = 0. It
 * has no small steps: near a minimum it goes to and fro by eta.
 */
import { movesNow, type StepRule } from './rule.ts';

export const normalised: StepRule = {
  id: 'normalised',
  inSpan: true,
  isPull: false,
  normalised: true,
  start: () => ({ move: movesNow, memory: [] }),
};
