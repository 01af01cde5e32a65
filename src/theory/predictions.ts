/** Test errors in closed form that a measured curve can be drawn beside; none has a constant to fit. */
import { normalTail } from '../core/special.ts';
import type { Setting, SymbolId } from '../notation.ts';
import { maxMarginLimit } from './max-margin-limit.ts';
import type { Choice, Provenance } from './statement.ts';

export interface Prediction {
  readonly id: string;
  readonly title: string;
  /** what it is the law of, and the choices of a spec (by path) for which it is */
  readonly of: SymbolId;
  readonly about: Readonly<Record<string, readonly Choice[]>>;
  /** of the clean test error */
  readonly formula: string;
  readonly provenance: Provenance;
  /** clean test error at a setting; NaN where there is none */
  readonly value: (setting: Setting) => number;
}

export const PREDICTIONS: readonly Prediction[] = [
  {
    // w = sum_i y_i x_i = (n - 2k) mu + noise of norm σ_p √(nd): a fresh point has margin (n - 2k)‖μ‖² against σ_p²
    // √(nd).
    id: 'averaging-classifier',
    title: 'averaging classifier',
    of: 'averagingError',
    about: {
      'data.model': ['signal-noise'],
      'data.patches': [2],
      'data.signals': [1],
      'data.noise': ['gaussian'],
      'data.spectrum': ['flat'],
      'data.projected': [true],
      'data.flipLaw': ['exact', 'adversarial'],
      'data.sigmaY': [0],
    },
    formula: 'Φ(−(1 − 2k/n) √S), S = n‖μ‖⁴/(σ_p⁴ d)',
    provenance: 'inferred',
    value: ({ n, d, mu, sigmaP, flips }) =>
      normalTail((1 - (2 * flips!) / n!) * Math.sqrt(n! / d!) * (mu! / sigmaP!) ** 2),
  },
  {
    id: 'max-margin-limit',
    title: 'max-margin as n, d → ∞ at fixed d/n, γn',
    of: 'maxMarginError',
    about: {
      'data.model': ['unit-norm-mixture'],
      'data.flipLaw': ['probability', 'exact', 'adversarial'],
      'data.spectrum': ['flat'],
    },
    formula: 'Φ(−r), Gaussian min-max',
    provenance: 'inferred',
    value: ({ n, d, share, flips }) =>
      maxMarginLimit({ aspect: d! / n!, strength: share! * n!, flip: flips! / n!, share: share! })?.error ?? NaN,
  },
];
