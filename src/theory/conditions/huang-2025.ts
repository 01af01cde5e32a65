/**
 * Assumption 3.1 of Huang, Han, Song, Chen, Wu, Zou, Suzuki 2025, read: every bound is up to logarithms, which stand
 * here as C. Width and samples are "at least polylogarithmic in d"; the power is not given, one stands here.
 */
import { log } from '../../core/special.ts';
import { atLeast, atMost } from '../statement.ts';

const READ = { provenance: 'read' } as const;
const INFERRED = { provenance: 'inferred' } as const;

/** (i), second part: the low signal-to-noise ratio. */
export const WEAK = atMost(
  'weak-signal',
  'n SNR² <= C3',
  (s) => (s.n * s.mu ** 2) / (s.sigmaP ** 2 * s.d),
  (_, c) => c.C3,
  READ,
);

export const ASSUMPTION_3_1 = [
  atLeast(
    'dimension',
    'd >= C max(n², n‖μ‖²/σ_p²)',
    (s) => s.d,
    (s, c) => c.C * Math.max(s.n ** 2, (s.n * s.mu ** 2) / s.sigmaP ** 2),
    READ,
  ),
  WEAK,
  atLeast(
    'width',
    'm >= C log d',
    (s) => s.m,
    (s, c) => c.C * log(s.d),
    INFERRED,
  ),
  atLeast(
    'samples',
    'n >= C log d',
    (s) => s.n,
    (s, c) => c.C * log(s.d),
    INFERRED,
  ),
  atMost(
    'step-size',
    'η <= 1/(C σ_p² d)',
    (s) => s.eta,
    (s, c) => 1 / (c.C * s.sigmaP ** 2 * s.d),
    READ,
  ),
  atLeast(
    'initial-scale-least',
    'σ_0 >= C n σ_p⁻¹ d^{−3/4}',
    (s) => s.sigma0,
    (s, c) => (c.C * s.n) / (s.sigmaP * s.d ** 0.75),
    READ,
  ),
  atMost(
    'initial-scale',
    'σ_0 <= min{‖μ‖⁻¹ d^{−5/8}, σ_p⁻¹ d^{−1/2}}/C',
    (s) => s.sigma0,
    (s, c) => Math.min(1 / (s.mu * s.d ** 0.625), 1 / (s.sigmaP * Math.sqrt(s.d))) / c.C,
    READ,
  ),
];

/** (v), of label-noise gradient descent. */
export const LABEL_NOISE = [
  atLeast(
    'label-noise-least',
    'p_t >= C log d/√(mn)',
    (s) => s.labelNoise,
    (s, c) => (c.C * log(s.d)) / Math.sqrt(s.m * s.n),
    READ,
  ),
  atMost(
    'label-noise',
    'p_t <= 1/C',
    (s) => s.labelNoise,
    (_, c) => 1 / c.C,
    READ,
  ),
];
