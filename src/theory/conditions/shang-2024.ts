/**
 * Conditions of the law and the lemmas on Shang, Meng, Cao, Zou 2024 (reconstructed): on either side of the threshold v*
 * = n^{1/4} m^{-1/2} σ_p^{-1/2} d^{-1/4}, and far from it.
 */
import { exponent, leastGrowthRatio, MOST_GROWTH_RATIO, thresholdOutput } from '../shang-law.ts';
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

export const BENIGN = atLeast(
  'strong',
  'E(c_1) >= C1',
  (s, c) => exponent(s, leastGrowthRatio(s.n, c.delta)),
  (_, c) => c.C1,
  RECONSTRUCTED,
);
export const HARMFUL = atMost(
  'weak',
  'E(1) <= C3',
  (s) => exponent(s, MOST_GROWTH_RATIO),
  (_, c) => c.C3,
  RECONSTRUCTED,
);
export const LARGE = atLeast('large-start', 'v_0 >= v*', (s) => s.v0, thresholdOutput, RECONSTRUCTED);
export const SMALL = atMost('small-start', 'v_0 <= v*', (s) => s.v0, thresholdOutput, RECONSTRUCTED);
const THIN_START = atMost(
  'thin',
  'σ_0 √d <= v_0',
  (s) => s.sigma0 * Math.sqrt(s.d),
  (s) => s.v0,
  RECONSTRUCTED,
);
/** Every sample starts active in a filter of its class: else it is fitted late, or never. */
export const WIDTH = atMost(
  'width',
  'n 2^{−m} <= δ',
  (s) => s.n * 2 ** -s.m,
  (_, c) => c.delta,
  RECONSTRUCTED,
);
export const DIMENSION = atLeast(
  'dimension',
  'd >= C n²',
  (s) => s.d,
  (s, c) => c.C * s.n ** 2,
  RECONSTRUCTED,
);
/** Where the law was derived and measured. */
export const START = [THIN_START, WIDTH, DIMENSION];
