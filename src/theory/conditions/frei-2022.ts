/**
 * Conditions of Frei, Chatterji, Bartlett 2022, each once, in their units: noise of unit variance, so that a setting is
 * divided by σ_p. Their m counts all neurons (2m here), their p is d, their α is η, their η is the flip probability,
 * their H network.smoothing.
 */
import { log } from '../../core/special.ts';
import { atLeast, atMost } from '../statement.ts';

type S = Readonly<Record<'mu' | 'sigmaP' | 'eta', number>>;
const READ = { provenance: 'read' } as const;

/** ‖μ‖² for noise of unit variance. */
export const signal2 = (s: S): number => (s.mu / s.sigmaP) ** 2;
/** α */
export const step = (s: S): number => s.eta * s.sigmaP ** 2;

export const SAMPLES = atLeast(
  'A1',
  'n >= C log(1/δ)',
  (s) => s.n,
  (_, c) => c.C * log(1 / c.delta),
  READ,
);
export const DIMENSION = atLeast(
  'A2',
  'd >= C max(n‖μ‖², n² log(n/δ))',
  (s) => s.d,
  (s, c) => c.C * Math.max(s.n * signal2(s), s.n ** 2 * log(s.n / c.delta)),
  READ,
);
const NORM = atLeast('A3', '‖μ‖² >= C log(n/δ)', signal2, (s, c) => c.C * log(s.n / c.delta), READ);
export const WRONG_LABELS = atMost(
  'A4',
  'p <= 1/C',
  (s) => s.flips / s.n,
  (_, c) => 1 / c.C,
  READ,
);
export const STEP = atMost(
  'A5',
  'η <= 1/(C max{1, H/√m} d²)',
  step,
  (s, c) => 1 / (c.C * Math.max(1, s.smoothing / Math.sqrt(2 * s.m)) * s.d ** 2),
  READ,
);
/** Instead of (A5), which no experiment can afford: what the rates use. */
export const PROOF_STEP = atMost(
  'A5-proof',
  'ηd/n <= 1',
  (s) => (step(s) * s.d) / s.n,
  () => 1,
  { provenance: 'inferred' },
);
export const START = atMost('A6', 'σ_0 √(md) <= η', (s) => s.sigma0 * s.sigmaP * Math.sqrt(2 * s.m * s.d), step, {
  ...READ,
  changes: 'law',
});
/** Of the theorem: from this accuracy on a small loss fits every label. */
export const ACCURACY = atMost(
  'accuracy',
  'ε <= 1/(2n)',
  (s) => s.epsilon,
  (s) => 1 / (2 * s.n),
  READ,
);
/** Where its bound says something: the source has no such threshold. */
export const SIGNAL = atLeast(
  'signal',
  'n‖μ‖⁴ >= C1 d',
  (s) => s.n * signal2(s) ** 2,
  (s, c) => c.C1 * s.d,
  { provenance: 'inferred' },
);

/** (A1) to (A6). */
export const ASSUMPTIONS = [SAMPLES, DIMENSION, NORM, WRONG_LABELS, STEP, START];
/** The same with the step size that the rates use: what runs can meet. */
export const PROOF_ASSUMPTIONS = [SAMPLES, DIMENSION, NORM, WRONG_LABELS, PROOF_STEP, START];
