/**
 * Karhadkar, George, Murray, Montúfar, Needell 2024, read with its proofs. 2m neurons, ours too; their γ is data.share,
 * the noise of an input has the squared norm 1 − γ, so ‖x_i‖ is about 1. Hinge loss, summed. Their theorems are for k
 * >= 1 wrong labels: k = 0 counts as 1.
 */
import { exp, log } from '../core/special.ts';
import {
  DIMENSION,
  LINEAR_DIMENSION,
  NOISES,
  REGULAR,
  RUN_START,
  RUN_STEP,
  SAMPLES,
  SEPARABLE,
  spread,
  START,
  STEP,
  STRONG,
  WEAK,
  WIDE,
  wrong,
} from './conditions/karhadkar-2024.ts';
import { maxMarginLimit } from './max-margin-limit.ts';
import {
  atLeast,
  atMost,
  DELTA,
  EVEN_CLASSES,
  free,
  knownAs,
  lower,
  PLAIN_DESCENT,
  statementsOf,
  upper,
  type Statement,
} from './statement.ts';

const model = {
  about: {
    'data.model': ['unit-norm-mixture'],
    'network.activation': ['leaky-relu'],
    'network.output': ['fixed'],
    'training.loss': ['hinge'],
  },
  assumes: {
    'data.projected': [true],
    'data.noise': ['gaussian'],
    'data.spectrum': ['flat'],
    ...EVEN_CLASSES,
    'data.flipLaw': ['exact'],
    'network.outputScale': ['1'],
    'network.outputSigns': ['half'],
    'network.bias': [false],
    'network.v0': [1],
    'training.reduction': ['sum'],
    'training.stop': ['zero-loss'],
    ...PLAIN_DESCENT,
  },
} as const;
/** Statements about any sample of this law, whatever is trained on it. */
const sample = {
  about: { 'data.model': ['unit-norm-mixture'] },
  assumes: {
    'data.projected': [true],
    'data.noise': ['gaussian'],
    'data.spectrum': ['flat'],
    ...EVEN_CLASSES,
    'data.flipLaw': ['exact'],
  },
} as const;

const C = { C: free('a constant, not numeric in the source') };
const kappa1 = { kappa1: free('benign from γ k = κ1 on') };
const kappa2 = { kappa2: free('harmful up to γ d/α³ = κ2') };

const NOT_SEPARABLE = { error: NaN, norm: NaN };
/** No number where the setting lacks one, or the sample is not separable in the limit. */
const limit = ({
  n,
  d,
  share,
  flips,
}: Readonly<Record<'n' | 'd' | 'share' | 'flips', number>>): { readonly error: number; readonly norm: number } =>
  Number.isNaN(n + d + share + flips)
    ? NOT_SEPARABLE
    : (maxMarginLimit({ aspect: d / n, strength: share * n, flip: flips / n, share }) ?? NOT_SEPARABLE);

export const karhadkar2024: readonly Statement[] = statementsOf('karhadkar-2024', model, {
  'assumption-1': {
    kind: 'assumption',
    title: 'Small steps from a small start',
    source: 'Assumption 1',
    provenance: 'read',
    says: 'The step size is at most 1/(mn) for inputs of norm 1, and no neuron starts longer than √α/m. Norms are put at their means: ‖x_i‖ = 1, ‖w_j(0)‖ = σ_0 √d.',
    formula: 'η <= 1/(m n max‖x_i‖²), ‖w_j(0)‖ <= √α/(m min‖x_i‖)',
    conditions: [STEP, START],
  },
  'theorem-3.1': {
    kind: 'theorem',
    title: 'Gradient descent fits in finite time and nearly maximises the margin',
    source: 'Theorem 3.1',
    provenance: 'read',
    says: 'On every separable sample gradient descent reaches zero hinge loss after finitely many steps, with weights at most a factor longer than the max-margin classifier.',
    formula: 'T <= C ‖w*‖²/(ηα²m), ‖W‖_F <= C ‖w*‖/(α√m)',
    under: ['karhadkar-2024/assumption-1'],
    constants: C,
    conditions: [SEPARABLE],
    bounds: [
      upper('time', 'steps', 'C ‖w*‖²/(η α² m)', (s, c) => (c.C * s.maxMarginNorm ** 2) / (s.eta * s.leak ** 2 * s.m)),
      upper('norm', 'weightNorm', 'C ‖w*‖/(α √m)', (s, c) => (c.C * s.maxMarginNorm) / (s.leak * Math.sqrt(s.m))),
      upper('loss', 'trainLoss', '0', () => 0),
    ],
  },
  'theorem-3.1-explicit': {
    kind: 'theorem',
    title: 'The same with its constants',
    source: 'proof of Theorem 3.1, with the increment 4η|F| that it derives',
    provenance: 'inferred',
    says: 'The constants that the proof gives, 4 for the time and √18 for the norm, under Assumption 1 with the norms that a run has.',
    formula: 'Σ_t |F(t)| <= 4 ‖w*‖²/(ηα²m), ‖W‖_F <= √18 ‖w*‖/(α√m)',
    about: { ...model.about, 'data.model': ['unit-norm-mixture', 'mixture'] },
    assumes: {
      'data.spectrum': ['flat'],
      'network.outputScale': ['1'],
      'network.outputSigns': ['half'],
      'network.bias': [false],
      'network.v0': [1],
      'training.reduction': ['sum'],
      'training.stop': ['zero-loss'],
      ...PLAIN_DESCENT,
    },
    constants: {
      C_T: { meaning: 'constant of the number of steps', preset: 4 },
      C_W: { meaning: 'constant of the norm: |A_GD| is at most C_W/(α√m)', preset: Math.sqrt(18) },
    },
    conditions: [RUN_STEP, RUN_START, SEPARABLE],
    bounds: [
      upper('zero-loss', 'trainLoss', '0', () => 0),
      upper(
        'steps',
        'steps',
        'C_T ‖w*‖²/(η α² m)',
        (s, c) => (c.C_T * s.maxMarginNorm ** 2) / (s.eta * s.leak ** 2 * s.m),
      ),
      upper('norm', 'weightNorm', 'C_W ‖w*‖/(α √m)', (s, c) => (c.C_W * s.maxMarginNorm) / (s.leak * Math.sqrt(s.m))),
    ],
  },
  'theorem-3.2': {
    kind: 'theorem',
    title: 'Benign overfitting of any approximate margin maximiser',
    source: 'Theorem 3.2',
    provenance: 'read',
    says: 'An algorithm whose norm is within |A| of the max-margin classifier, on every separable sample, has an exponentially small clean error.',
    formula: 'clean error <= exp(−C2 d/(k(1 + m|A|²)))',
    constants: {
      ...C,
      C1: free('k is at most C1 n/(1 + m|A|²)'),
      C2: free('constant of the exponent'),
      ...kappa1,
      mA2: { meaning: 'm |A|², |A| the factor of the algorithm', preset: 1 },
      ...DELTA,
    },
    conditions: [
      SAMPLES,
      LINEAR_DIMENSION,
      atMost(
        'wrong-labels',
        'k <= C1 n/(1 + m|A|²)',
        (s) => s.flips,
        (s, c) => (c.C1 * s.n) / (1 + c.mA2),
      ),
      STRONG,
    ],
    bounds: [
      upper('benign', 'testErrorClean', 'exp(−C2 d/(k(1 + m|A|²)))', (s, c) =>
        exp((-c.C2 * s.d) / (wrong(s) * (1 + c.mA2))),
      ),
    ],
  },
  'corollary-3.2.1': {
    kind: 'corollary',
    title: 'Benign overfitting of gradient descent',
    source: 'Corollary 3.2.1',
    provenance: 'read',
    says: 'Gradient descent reaches zero loss in finite time, and with γ of the order 1/k the clean error is exponentially small in α²d/k.',
    formula: 'clean error <= exp(−C2 α² d/k) if γ >= κ1/k, k <= C1 α² n, d >= C n, n >= C log(1/δ)',
    under: ['karhadkar-2024/assumption-1'],
    constants: { ...C, C1: free('k is at most C1 α² n'), C2: free('constant of the exponent'), ...kappa1, ...DELTA },
    conditions: [
      SAMPLES,
      LINEAR_DIMENSION,
      atMost(
        'wrong-labels',
        'k <= C1 α² n',
        (s) => s.flips,
        (s, c) => c.C1 * s.leak ** 2 * s.n,
      ),
    ],
    bounds: [
      upper(
        'benign',
        'testErrorClean',
        'exp(−C2 α² d/k)',
        (s, c) => exp((-c.C2 * s.leak ** 2 * s.d) / wrong(s)),
        STRONG,
      ),
      upper('loss', 'trainLoss', '0', () => 0),
    ],
  },
  'theorem-3.3': {
    kind: 'theorem',
    title: 'No smaller error than exp(−C d/(αk))',
    source: 'Theorem 3.3',
    provenance: 'read',
    says: 'However strong the signal, k wrong labels leave an exponentially small clean error and no less.',
    formula: 'clean error >= exp(−C2 d/(αk))',
    under: ['karhadkar-2024/assumption-1'],
    constants: {
      ...C,
      C1: free('n is at least C1 k'),
      C2: free('constant of the exponent', 10),
      C3: free('k is at least C3 (log(1/δ) + 1/α)'),
      ...DELTA,
    },
    conditions: [
      atLeast(
        'samples',
        'n >= C1 k',
        (s) => s.n,
        (s, c) => c.C1 * s.flips,
      ),
      LINEAR_DIMENSION,
      atLeast(
        'wrong-labels',
        'k >= C3 (log(1/δ) + 1/α)',
        (s) => s.flips,
        (s, c) => c.C3 * (log(1 / c.delta) + 1 / s.leak),
      ),
    ],
    bounds: [
      lower('any-signal', 'testErrorClean', 'exp(−C2 d/(α k))', (s, c) => exp((-c.C2 * s.d) / (s.leak * wrong(s)))),
    ],
  },
  'theorem-3.4': {
    kind: 'theorem',
    title: 'Harmful overfitting',
    source: 'Theorem 3.4',
    provenance: 'read',
    says: 'With γ below the order α³/d gradient descent reaches zero loss and errs on at least an eighth of the clean points.',
    formula: 'clean error >= 1/8 if γ <= κ2 α³/d',
    under: ['karhadkar-2024/assumption-1'],
    constants: { ...C, ...kappa2, ...DELTA },
    conditions: [DIMENSION],
    bounds: [lower('harmful', 'testErrorClean', '1/8', () => 1 / 8, WEAK), upper('loss', 'trainLoss', '0', () => 0)],
  },
  transition: {
    kind: 'theorem',
    title: 'Benign and harmful overfitting, with a band between that the theory leaves open',
    source: 'Corollary 3.2.1 and Theorem 3.4',
    provenance: 'read',
    says: 'The benign side asks for γ of the order 1/k, the harmful side for γ of the order α³/d: nothing is said between them.',
    formula: 'benign if γ >= κ1/k, harmful if γ <= κ2 α³/d',
    under: ['karhadkar-2024/corollary-3.2.1', 'karhadkar-2024/theorem-3.4'],
    constants: { ...kappa1, ...kappa2 },
    regimes: { benign: STRONG, harmful: WEAK, map: { x: 'share', y: 'n', with: ['d', 'flips'] } },
  },
  'theorem-c.1': {
    ...sample,
    kind: 'theorem',
    title: 'The error of a linear classifier, exactly and bounded',
    source: 'Theorem C.1',
    provenance: 'read',
    says: 'The clean error of a v + z depends on a/‖z‖ alone: a normal tail (inferred from the proof) between two exponentials.',
    formula:
      'Φ(−√(γd/(1−γ)) a/‖z‖) <= exp(−(d/2)(γ/(1−γ)) a²/‖z‖²); >= max{1/2 − √(dγ/(2π(1−γ))) a/‖z‖, exp(−(6d/π)(γ/(1−γ)) a²/‖z‖²)/4}',
  },
  'theorem-c.2': {
    ...sample,
    kind: 'theorem',
    title: 'Benign and harmful overfitting of linear margin maximisers',
    source: 'Theorem C.2',
    provenance: 'read',
    says: 'A linear classifier within |A| of the max-margin one errs exponentially little for γ of the order |A|²/n (the proof uses 1/k), and nearly half the time for γ far below 1/(|A|²d).',
    formula: 'exp(−C1 d/k) <= error <= exp(−C2 d/(k|A|²)); error >= 1/2 − √(C3 d γ |A|²). For max-margin |A| = 1',
    constants: {
      C: free('k is at most C n'),
      C1: free('constant of the lower exponent', 10),
      C2: free('constant of the upper exponent'),
      C3: free('constant of the harmful bound'),
      ...kappa1,
    },
    conditions: [
      atMost(
        'wrong-labels',
        'k <= C n',
        (s) => s.flips,
        (s, c) => c.C * s.n,
      ),
    ],
    bounds: [
      upper('benign', 'maxMarginError', 'exp(−C2 d/k)', (s, c) => exp((-c.C2 * s.d) / wrong(s)), STRONG),
      lower('any-signal', 'maxMarginError', 'exp(−C1 d/k)', (s, c) => exp((-c.C1 * s.d) / wrong(s)), STRONG),
      lower('harmful', 'maxMarginError', '1/2 − √(C3 d γ)', (s, c) => 0.5 - Math.sqrt(c.C3 * s.d * s.share)),
    ],
  },
  'max-margin-limit': {
    ...sample,
    kind: 'proposition',
    title: 'The max-margin classifier as n and d grow together',
    source: 'convex Gaussian min-max theorem, for the data of Definition 2.1 (ours)',
    provenance: 'inferred',
    says: "At fixed d/n, γn and k/n the max-margin classifier's clean error and norm tend to exact numbers, with no constant left free: both sides here are those limits.",
    formula: 'error → Φ(−r), ‖w*‖/√n → √(r²/(γn) + (d/n)/(1−γ))/u, (r, u) of theory/max-margin-limit.ts',
    bounds: [
      upper('error', 'maxMarginError', 'Φ(−r)', (s) => limit(s).error),
      lower('error-least', 'maxMarginError', 'Φ(−r)', (s) => limit(s).error),
      upper('norm', 'maxMarginNorm', '√n √(r²/(γn) + (d/n)/(1−γ))/u', (s) => limit(s).norm * Math.sqrt(s.n)),
      lower('norm-least', 'maxMarginNorm', '√n √(r²/(γn) + (d/n)/(1−γ))/u', (s) => limit(s).norm * Math.sqrt(s.n)),
    ],
  },
  'lemma-b.3': {
    ...sample,
    kind: 'lemma',
    title: "An interpolator made of the signal and the wrong labels' noises",
    source: 'Lemma B.3',
    provenance: 'read',
    says: 'It has every margin 1, so the max-margin classifier is no longer than it.',
    formula: '‖w*‖ <= C √(1/γ + k/(1−γ)); w = γ^{-1/2} v + 2(1−γ)^{-1/2} N†u',
    constants: { C: free('about 2/σ_n, σ_n the least singular value of the noises', 2), ...DELTA },
    conditions: [NOISES],
    bounds: [
      upper(
        'norm',
        'maxMarginNorm',
        'C √(1/γ + k/(1−γ))',
        (s, c) => c.C * Math.sqrt(1 / s.share + s.flips / (1 - s.share)),
      ),
    ],
  },
  'lemma-b.4': {
    ...sample,
    kind: 'lemma',
    title: 'An interpolator made of the noises alone',
    source: 'Lemma B.4',
    provenance: 'read',
    says: 'Whatever the signal, the noises alone separate the sample with a bounded norm.',
    formula: '‖w*‖ <= C √(n/(1−γ)); w = (1−γ)^{-1/2} N†ŷ',
    constants: { C: free('about 1/σ_n, σ_n the least singular value of the noises', 2), ...DELTA },
    conditions: [NOISES],
    bounds: [upper('norm', 'maxMarginNorm', 'C √(n/(1−γ))', (s, c) => c.C * Math.sqrt(s.n / (1 - s.share)))],
  },
  'lemma-4.1': {
    ...sample,
    kind: 'lemma',
    title: 'Singular values of the noise matrix',
    source: 'Lemma 4.1',
    provenance: 'read',
    says: 'All singular values of the n × d noise matrix lie between two constants; asymptotically between 1 ± √(n/d) (inferred).',
    formula: 'C1 <= σ_n(N) <= σ_1(N) <= C2; for Gaussian noises √(1 − 1/d) ∓ (√n + √(2 log(2/δ)))/√d',
    constants: { ...C, ...DELTA },
    conditions: [DIMENSION],
    bounds: [
      knownAs(
        'inferred',
        lower(
          'least',
          'noiseSingularMin',
          '√(1 − 1/d) − (√n + √(2 log(2/δ)))/√d',
          (s, c) => (Math.sqrt(s.d - 1) - spread(s, c)) / Math.sqrt(s.d),
          WIDE,
        ),
      ),
      knownAs(
        'inferred',
        upper(
          'largest',
          'noiseSingularMax',
          '√(1 − 1/d) + (√n + √(2 log(2/δ)))/√d',
          (s, c) => (Math.sqrt(s.d - 1) + spread(s, c)) / Math.sqrt(s.d),
        ),
      ),
    ],
  },
  'lemma-d.1': {
    kind: 'lemma',
    title: "The neurons' noise parts against their signed sum",
    source: 'Lemma D.1',
    provenance: 'read',
    says: 'No neuron is pulled much less than another, so the signed sum of the noise parts is nearly as long as all of them together.',
    formula: '‖Z‖² − 2λ√(2m)‖Z‖ − 2mλ² <= (C/(αm))(‖z_lin‖ + 2mλ)², λ the largest initial norm',
    under: ['karhadkar-2024/assumption-1'],
    constants: C,
    conditions: [REGULAR],
  },
  'lemma-d.2': {
    kind: 'lemma',
    title: 'Alignment that makes the error small',
    source: 'Lemma D.2',
    provenance: 'read',
    says: "When the network's response to the pure signal is large against its noise part, the clean error is at most ε.",
    formula: 'A_min/‖Z‖_F >= C √((1−γ) m log(1/ε)/(γ d)) ⇒ clean error <= ε',
    constants: C,
  },
  'lemma-d.4': {
    kind: 'lemma',
    title: 'Alignment that makes the error large',
    source: 'Lemma D.4',
    provenance: 'read',
    says: 'When the linear part is badly aligned the clean error is at least 1/8, and at least 1/4 when it points the wrong way. The exact inequality inside (inferred) certifies a bound for each run.',
    formula: 'clean error >= Φ(−√(γd/(1−γ)) A_lin/‖z_lin‖)/2; A_lin <= 0 ⇒ >= 1/4',
  },
});
