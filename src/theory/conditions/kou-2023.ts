/**
 * Conditions of Kou, Chen, Chen, Gu 2023, each once: theory and lemmas read them here. Nobody of this project has read
 * the text. m filters a class, so our m; T* is training.maxSteps, the largest time considered, and counts as 3 at least;
 * k/n stands for p in training.
 */
import { log } from '../../core/special.ts';
import { atLeast, atMost } from '../statement.ts';

const RECALLED = { provenance: 'recalled' } as const;
const SECONDHAND = { provenance: 'secondhand' } as const;
const INFERRED = { provenance: 'inferred' } as const;

/** log T* */
export const logT = (s: Readonly<Record<'maxSteps', number>>): number => log(Math.max(s.maxSteps, 3));

/** Condition 4.1, C "a large absolute constant". */
export const CONDITION_4_1 = [
  atLeast(
    'dimension-signal',
    'd >= C n σ_p⁻² ‖μ‖² log T*',
    (s) => s.d,
    (s, c) => (c.C * s.n * s.mu ** 2 * logT(s)) / s.sigmaP ** 2,
    RECALLED,
  ),
  atLeast(
    'dimension-samples',
    'd >= C n² log(nm/δ) (log T*)²',
    (s) => s.d,
    (s, c) => c.C * s.n ** 2 * log((s.n * s.m) / c.delta) * logT(s) ** 2,
    RECALLED,
  ),
  atLeast(
    'width',
    'm >= C log(n/δ)',
    (s) => s.m,
    (s, c) => c.C * log(s.n / c.delta),
    RECALLED,
  ),
  atLeast(
    'samples',
    'n >= C log(m/δ)',
    (s) => s.n,
    (s, c) => c.C * log(s.m / c.delta),
    RECALLED,
  ),
  atLeast(
    'signal',
    '‖μ‖² >= C σ_p² log(n/δ)',
    (s) => s.mu ** 2,
    (s, c) => c.C * s.sigmaP ** 2 * log(s.n / c.delta),
    RECALLED,
  ),
  atMost(
    'label-noise',
    'p <= 1/(4C)',
    (s) => s.flips / s.n,
    (_, c) => 1 / (4 * c.C),
    {
      provenance: 'ours',
      instead: [
        {
          formula: 'p <= 1/C',
          provenance: 'secondhand',
          why: 'with C = 1 it excludes nothing',
        },
      ],
    },
  ),
  atMost(
    'initial-scale',
    'σ_0 <= 1/(C max{σ_p d/√n, √(log(m/δ)) ‖μ‖})',
    (s) => s.sigma0,
    (s, c) => 1 / (c.C * Math.max((s.sigmaP * s.d) / Math.sqrt(s.n), Math.sqrt(log(s.m / c.delta)) * s.mu)),
    { ...RECALLED, changes: 'law' },
  ),
  atMost(
    'step-size',
    'η <= 1/(C max{σ_p² d^{3/2}/(n² m √log(n/δ)), σ_p² d/n})',
    (s) => s.eta,
    (s, c) =>
      1 /
      (c.C *
        Math.max(
          (s.sigmaP ** 2 * s.d * Math.sqrt(s.d)) / (s.n ** 2 * s.m * Math.sqrt(log(s.n / c.delta))),
          (s.sigmaP ** 2 * s.d) / s.n,
        )),
    RECALLED,
  ),
];

/** The two sides of the transition: the threshold's order is quoted in our sources, its constants are nowhere numeric. */
export const STRONG = atLeast(
  'strong-signal',
  'n‖μ‖⁴ >= C1 σ_p⁴ d',
  (s) => s.n * s.mu ** 4,
  (s, c) => c.C1 * s.sigmaP ** 4 * s.d,
  SECONDHAND,
);
export const WEAK = atMost(
  'weak-signal',
  'n‖μ‖⁴ <= C3 σ_p⁴ d',
  (s) => s.n * s.mu ** 4,
  (s, c) => c.C3 * s.sigmaP ** 4 * s.d,
  SECONDHAND,
);

/** For the norms of n Gaussian noises within half of their mean, and initial products with them. */
export const NORMS = atLeast(
  'dimension',
  'd >= C log(4n/δ)',
  (s) => s.d,
  (s, c) => c.C * log((4 * s.n) / c.delta),
  RECALLED,
);
/** For the overlaps: below it the tail of a product of two Gaussians is exponential, not Gaussian. */
export const OVERLAPS = atLeast(
  'overlaps',
  'd >= log(4n²/δ)',
  (s) => s.d,
  (s, c) => log((4 * s.n ** 2) / c.delta),
  INFERRED,
);
/** For the numbers of active pairs at the start, by Hoeffding's inequality. */
export const ACTIVE_FILTERS = atLeast(
  'active-filters',
  'm >= 50 log(2n/δ)',
  (s) => s.m,
  (s, c) => 50 * log((2 * s.n) / c.delta),
  INFERRED,
);
export const ACTIVE_SAMPLES = atLeast(
  'active-samples',
  'n >= 32 log(4m/δ)',
  (s) => s.n,
  (s, c) => 32 * log((4 * s.m) / c.delta),
  INFERRED,
);
