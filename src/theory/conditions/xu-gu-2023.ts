/**
 * Conditions of Xu, Gu 2023, each once, in their units: noise of unit covariance and f = (2m)^{-1/2} Σ a σ(⟨w, x⟩). A
 * setting of ours with another σ_p, or output weights v_0 over 1/sqrt(m), is carried over: the filters count as √2 v_0
 * σ_p w, which multiplies the initial scale by √2 v_0 σ_p and the step size by its square. Their m counts all neurons,
 * 2m here; their p is d, their α is η, their η is k/n.
 */
import { log } from '../../core/special.ts';
import { atLeast, atMost } from '../statement.ts';

type S = Readonly<Record<'mu' | 'sigmaP' | 'eta' | 'sigma0' | 'v0', number>>;
const READ = { provenance: 'read' } as const;
const INFERRED = { provenance: 'inferred' } as const;

/** ‖μ‖² for noise of unit covariance. */
export const signal2 = (s: S): number => (s.mu / s.sigmaP) ** 2;
/** α */
export const step = (s: S): number => s.eta * s.sigmaP ** 2 * 2 * s.v0 ** 2;
/** ω_init */
export const start = (s: S): number => s.sigma0 * s.sigmaP * Math.SQRT2 * s.v0;

export const SAMPLES = atLeast(
  '6a',
  'n >= C log(m/δ)',
  (s) => s.n,
  (s, c) => c.C * log((2 * s.m) / c.delta),
  READ,
);
export const WIDTH = atLeast(
  '6b',
  'm >= C log(n/δ)',
  (s) => 2 * s.m,
  (s, c) => c.C * log(s.n / c.delta),
  READ,
);
export const DIMENSION = atLeast(
  '6c',
  'd >= C (n‖μ‖² + n² log(n/δ))',
  (s) => s.d,
  (s, c) => c.C * (s.n * signal2(s) + s.n ** 2 * log(s.n / c.delta)),
  READ,
);
export const WRONG_LABELS = atMost(
  '6d',
  'k/n <= 1/(8C)',
  (s) => s.flips / s.n,
  (_, c) => 1 / (8 * c.C),
  {
    provenance: 'ours',
    instead: [{ formula: 'k/n <= 1/C', provenance: 'read', why: 'with C = 1 it excludes nothing' }],
  },
);
export const STEP = atMost('6e', 'η <= 1/(C d²)', step, (s, c) => 1 / (c.C * s.d ** 2), READ);
/** Instead of (6e), which no experiment can afford: what the proof uses. */
export const PROOF_STEP = atMost(
  '6e-proof',
  'ηd/n <= 1/C',
  (s) => (step(s) * s.d) / s.n,
  (_, c) => 1 / c.C,
  INFERRED,
);
export const START = atMost('6f', 'σ_0 <= η/√(md)', start, (s) => step(s) / Math.sqrt(2 * s.m * s.d), {
  ...READ,
  changes: 'law',
});
export const SIGNAL = atLeast(
  'signal',
  '(7): ‖μ‖ >= C (d/n)^{1/4} log(md/(nδ))^{1/4}',
  (s) => s.mu / s.sigmaP,
  (s, c) => c.C * Math.sqrt(Math.sqrt((s.d / s.n) * log((2 * s.m * s.d) / (s.n * c.delta)))),
  READ,
);
/** Of Lemma 4.7. */
export const SIGNAL_WINS = atLeast(
  'signal-wins',
  '‖μ‖² >= C √(d log(dm/n)/n)',
  signal2,
  (s, c) => c.C * Math.sqrt((s.d * log((2 * s.d * s.m) / s.n)) / s.n),
  READ,
);

/** (6a) to (6f). */
export const CONDITIONS = [SAMPLES, WIDTH, DIMENSION, WRONG_LABELS, STEP, START];
/** The same with the step size that the proof uses: what runs can meet. */
export const PROOF_CONDITIONS = [SAMPLES, WIDTH, DIMENSION, WRONG_LABELS, PROOF_STEP, START];
