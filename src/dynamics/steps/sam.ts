/**
 * Sharpness-aware minimisation (Foret, Kleiner, Mobahi, Neyshabur 2021): a step of descent by the gradient at w + rho
 * g/|g|, g the gradient at w of the same samples towards the same labels, with the norm over all trained numbers. As
 * their programs have it, decay takes no part in the way up: it shrinks w in the step. Unnormalised (Andriushchenko,
 * Flammarion 2022) the gradient is that at w + rho g. On a quadratic of curvature lambda the unnormalised one is stable
 * for eta lambda (1 + rho lambda) < 2; the other one ends, in one dimension, in a 2-cycle of amplitude eta rho
 * lambda/(2 - eta lambda).
 */
import { movesNow, type Ascent, type StepRule } from './rule.ts';

export const sam = (ascent: Ascent): StepRule => ({
  id: 'sam',
  inSpan: true,
  isPull: false,
  ascent,
  start: () => ({ move: movesNow, memory: [] }),
});
