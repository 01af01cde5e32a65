/** Test errors in closed form that a measured curve can be drawn beside; none has a constant to fit. */
import { normalTail } from '../core/special.ts';
import type { Setting } from '../notation.ts';
import type { Provenance } from './statement.ts';

export interface Prediction {
  readonly id: string;
  readonly title: string;
  /** of the clean test error */
  readonly formula: string;
  readonly provenance: Provenance;
  /** clean test error at a setting */
  readonly value: (setting: Setting) => number;
}

export const PREDICTIONS: readonly Prediction[] = [
  {
    // w = sum_i y_i x_i = (n - 2k) mu + noise of norm σ_p √(nd): a fresh point has margin (n - 2k)‖μ‖² against σ_p² √(nd).
    id: 'averaging-classifier', title: 'averaging classifier', formula: 'Φ(−(1 − 2k/n) √S), S = n‖μ‖⁴/(σ_p⁴ d)', provenance: 'inferred',
    value: ({ n, d, mu, sigmaP, flips }) => normalTail((1 - (2 * flips!) / n!) * Math.sqrt(n! / d!) * (mu! / sigmaP!) ** 2),
  },
];
