/**
 * Conditions of Karhadkar, George, Murray, Montúfar, Needell 2024, each once. 2m neurons, ours too; their γ is
 * data.share. Their theorems are for k >= 1 wrong labels: k = 0 counts as 1.
 */
import { log } from '../../core/special.ts';
import { atLeast, atMost } from '../statement.ts';

const READ = { provenance: 'read' } as const;
const INFERRED = { provenance: 'inferred' } as const;

export const wrong = (s: Readonly<Record<'flips', number>>): number => Math.max(s.flips, 1);

/** Assumption 1 before a run: norms put at their means, ‖x_i‖ = 1 and ‖w_j(0)‖ = σ_0 √d. */
export const STEP = atMost(
  'step-size',
  'η <= 1/(m n)',
  (s) => s.eta,
  (s) => 1 / (s.m * s.n),
  INFERRED,
);
export const START = atMost(
  'initial-norm',
  'σ_0 √d <= √α/m',
  (s) => s.sigma0 * Math.sqrt(s.d),
  (s) => Math.sqrt(s.leak) / s.m,
  { ...INFERRED, changes: 'law' },
);
/** The same with the norms that a run has. */
export const RUN_STEP = atMost(
  'step-size',
  'η <= 1/(m n max‖x_i‖²)',
  (s) => s.eta,
  (s) => 1 / (s.m * s.n * s.inputMax ** 2),
  READ,
);
export const RUN_START = atMost(
  'initial-norm',
  '‖w_j(0)‖ <= √α/(m min‖x_i‖)',
  (s) => s.startMax,
  (s) => Math.sqrt(s.leak) / (s.m * s.inputMin),
  READ,
);
/** Of the sample: a norm that no separable sample of a laboratory reaches stands for "infinite". */
export const SEPARABLE = atMost(
  'separable',
  '‖w*‖ < ∞',
  (s) => s.maxMarginNorm,
  () => 1e12,
  READ,
);

export const SAMPLES = atLeast(
  'samples',
  'n >= C log(1/δ)',
  (s) => s.n,
  (_, c) => c.C * log(1 / c.delta),
  READ,
);
export const DIMENSION = atLeast(
  'dimension',
  'd >= C (n + log(1/δ))',
  (s) => s.d,
  (s, c) => c.C * (s.n + log(1 / c.delta)),
  READ,
);
export const LINEAR_DIMENSION = atLeast(
  'dimension',
  'd >= C n',
  (s) => s.d,
  (s, c) => c.C * s.n,
  READ,
);
/** Of the interpolators. */
export const NOISES = atLeast(
  'dimension',
  'd >= n + log(1/δ)',
  (s) => s.d,
  (s, c) => s.n + log(1 / c.delta),
  READ,
);
export const STRONG = atLeast(
  'signal',
  'γ >= κ1/k',
  (s) => s.share,
  (s, c) => c.kappa1 / wrong(s),
  READ,
);
export const WEAK = atMost(
  'weak-signal',
  'γ <= κ2 α³/d',
  (s) => s.share,
  (s, c) => (c.kappa2 * s.leak ** 3) / s.d,
  READ,
);

/**
 * Davidson and Szarek 2001, II.13: with probability 1 - 2 exp(-t²/2) the singular values of n standard normal vectors in
 * R^d lie within sqrt(d) -+ (sqrt(n) + t); over √d.
 */
export const spread = (s: Readonly<Record<'n', number>>, c: Readonly<Record<'delta', number>>): number =>
  Math.sqrt(s.n) + Math.sqrt(2 * log(2 / c.delta));
/** Where the bound on the least one says something. */
export const WIDE = atLeast(
  'spread',
  '√(d − 1) >= √n + √(2 log(2/δ))',
  (s) => Math.sqrt(s.d - 1),
  (s, c) => spread(s, c),
  INFERRED,
);
/** The noises do not depend on each other. */
export const REGULAR = atLeast(
  'regular',
  'σ_n(N) > 0',
  (s) => s.noiseSingularMin,
  () => 1e-9,
  INFERRED,
);
