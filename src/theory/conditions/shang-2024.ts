/**
 * Conditions of the lemmas on Shang, Meng, Cao, Zou 2024 (reconstructed): far from the threshold v* = n^{1/4} m^{-1/2}
 * σ_p^{-1/2} d^{-1/4} on either side of it.
 */
import { thresholdOutput } from '../shang-2024.ts';
import { atLeast, atMost } from '../statement.ts';

const RECONSTRUCTED = { provenance: 'reconstructed' } as const;

export const FAR_BELOW = atMost(
  'small-start',
  'v_0 <= v*/C',
  (s) => s.v0,
  (s, c) => thresholdOutput(s) / c.C,
  RECONSTRUCTED,
);
export const FAR_ABOVE = atLeast(
  'large-start',
  'v_0 >= C v*',
  (s) => s.v0,
  (s, c) => thresholdOutput(s) * c.C,
  RECONSTRUCTED,
);
/** A start that the exponential phase must outgrow. */
export const THIN = atMost(
  'thin',
  '‖w(0)‖ <= v_0',
  (s) => s.wNorm,
  (s) => s.v0,
  RECONSTRUCTED,
);
/** Nothing in it comes from the signal: n SNR² ≪ 1. */
export const NO_SIGNAL = atMost(
  'weak',
  'n SNR² <= 1/C',
  (s) => (s.n * s.mu ** 2) / (s.sigmaP ** 2 * s.d),
  (_, c) => 1 / c.C,
  RECONSTRUCTED,
);
/**
 * A falling loss alone does not bound Σ‖∇L‖²: each step must gain half of what its gradient promises. Steps of this
 * size do.
 */
export const SLOW = atMost(
  'step',
  'η <= n/(8σ_p²d m max(v_0, v*)²)',
  (s) => s.eta,
  (s) => s.n / (8 * s.sigmaP ** 2 * s.d * s.m * Math.max(s.v0, thresholdOutput(s)) ** 2),
  { provenance: 'inferred' },
);
