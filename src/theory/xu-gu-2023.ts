/**
 * Xu, Gu 2023. Their noise has unit covariance: a setting with another σ_p is divided by it, which multiplies the step
 * size by σ_p² and the initial scale by σ_p. Their m counts all neurons, ours a class: theirs is 2m. Their p is d,
 * their α is η, their η is k/n.
 */
import { exp, log } from '../core/special.ts';
import { ALL_FILTERS, atLeast, atMost, DELTA, free, lower, statementsOf, upper, type Statement } from './statement.ts';

const model = {
  about: {
    'data.model': ['mixture', 'unit-norm-mixture'],
    'network.activation': ['relu', 'leaky-relu'],
    'network.output': ['fixed'],
    'training.loss': ['logistic'],
  },
  assumes: {
    'data.projected': [false],
    'data.noise': ['gaussian'],
    'data.flipLaw': ['adversarial', 'exact'],
    ...ALL_FILTERS,
    'network.outputSigns': ['random'],
    'network.bias': [false],
    'network.init': ['gaussian'],
    'training.reduction': ['mean'],
  },
} as const;

const C = { C: free('a large constant that depends on β and γ only') };
const beta = {
  beta: { meaning: 'log-Sobolev constant β of the noise', preset: 2 },
  slope: { meaning: 'least slope γ of the activation on the positive side', preset: 1 },
} as const;
type S = Readonly<Record<'mu' | 'sigmaP' | 'eta', number>>;
/** ‖μ‖² and the step size for noise of unit covariance. */
const signal2 = (s: S): number => (s.mu / s.sigmaP) ** 2;
const step = (s: S): number => s.eta * s.sigmaP ** 2;

const strong = atLeast(
  'signal',
  '(7): ‖μ‖ >= C (d/n)^{1/4} log(md/(nδ))^{1/4}',
  (s) => s.mu / s.sigmaP,
  (s, c) => c.C * Math.sqrt(Math.sqrt((s.d / s.n) * log((2 * s.m * s.d) / (s.n * c.delta)))),
);

const samples = atLeast(
  '6a',
  'n >= C log(m/δ)',
  (s) => s.n,
  (s, c) => c.C * log((2 * s.m) / c.delta),
);
const width = atLeast(
  '6b',
  'm >= C log(n/δ)',
  (s) => 2 * s.m,
  (s, c) => c.C * log(s.n / c.delta),
);
const dimension = atLeast(
  '6c',
  'd >= C (n‖μ‖² + n² log(n/δ))',
  (s) => s.d,
  (s, c) => c.C * (s.n * signal2(s) + s.n ** 2 * log(s.n / c.delta)),
);
const start = atMost(
  '6f',
  'σ_0 <= η/√(md)',
  (s) => s.sigma0 * s.sigmaP,
  (s) => step(s) / Math.sqrt(2 * s.m * s.d),
);
/** Instead of (6e), which no experiment can afford: what the proof uses. */
const proofStep = atMost(
  '6e-proof',
  'ηd/n <= 1',
  (s) => (step(s) * s.d) / s.n,
  () => 1,
);
/** The network as the paper has it; whoever chose the labels. */
const anyFlips = {
  ...ALL_FILTERS,
  'data.projected': [false],
  'network.outputSigns': ['random'],
  'network.bias': [false],
  'training.reduction': ['mean'],
} as const;

export const xuGu2023: readonly Statement[] = statementsOf('xu-gu-2023', model, {
  conditions: {
    kind: 'assumption',
    title: 'High dimension, few wrong labels, small steps',
    source: 'conditions (6a)-(6f)',
    provenance: 'read',
    says: 'Samples and neurons outnumber logarithms, the dimension outweighs both, an adversary may flip a small fraction of the labels.',
    formula: 'n, m, d large; k/n, η, σ_0 small',
    constants: { ...C, ...DELTA },
    conditions: [
      samples,
      width,
      dimension,
      atMost(
        '6d',
        'k/n <= 1/C',
        (s) => s.flips / s.n,
        (_, c) => 1 / c.C,
      ),
      atMost('6e', 'η <= 1/(C d²)', step, (s, c) => 1 / (c.C * s.d ** 2)),
      start,
    ],
  },
  'theorem-3.1': {
    kind: 'theorem',
    title: 'Benign overfitting without linearity',
    source: 'Theorem 3.1',
    provenance: 'read',
    says: 'After C L(0)/(η‖μ‖²ε) steps the loss stays at most ε, every label is fitted once ε < 1/(2n), and the clean error is exponentially small. There is no harmful side.',
    formula: 'clean error <= exp(−n‖μ‖⁴/(C d)) for all t >= C L(0)/(η‖μ‖²ε)',
    under: ['xu-gu-2023/conditions'],
    constants: { ...C, ...DELTA },
    conditions: [strong],
    bounds: [
      upper(
        'benign',
        'testErrorClean',
        'exp(−n‖μ‖⁴/(C d))',
        (s, c) => exp(-(s.n * signal2(s) ** 2) / (c.C * s.d)),
        strong,
      ),
      upper('time', 'steps', 'C log 2/(η ‖μ‖² ε)', (s, c) => (c.C * Math.LN2) / (step(s) * signal2(s) * s.epsilon)),
      upper('loss', 'trainLoss', 'ε', (s) => s.epsilon),
    ],
    regimes: { benign: strong, map: { x: 'mu', y: 'd' } },
  },
  'theorem-3.1-proof': {
    kind: 'theorem',
    title: 'Benign overfitting without linearity, for the steps that the proof uses',
    source: 'Theorem 3.1, with (6e) replaced by what the proof uses',
    provenance: 'inferred',
    says: 'Every label is fitted and the clean error falls exponentially in n‖μ‖⁴/d.',
    formula: 'clean error <= exp(−n‖μ‖⁴/(C_S d))',
    assumes: anyFlips,
    constants: { ...C, ...DELTA, C_S: free('constant of the exponent; ours', 6) },
    conditions: [samples, width, dimension, proofStep, start, strong],
    bounds: [
      upper('fitted', 'trainError', '0', () => 0),
      upper('error', 'testErrorClean', 'exp(−n‖μ‖⁴/(C_S d))', (s, c) => exp(-(s.n * signal2(s) ** 2) / (c.C_S * s.d))),
    ],
  },
  rates: {
    kind: 'lemma',
    title: 'Rate of the losses',
    source: 'Lemma 4.5 and the proof of Theorem 3.1',
    provenance: 'inferred',
    says: 'After t steps the loss of every sample is at most of the order n/(ηdt), and the mean loss at most of the order 1/(η‖μ‖²t).',
    formula: 'ℓ_i <= C_l n/(ηdt), L <= C_L/(η‖μ‖²t)',
    assumes: anyFlips,
    constants: {
      ...C,
      ...DELTA,
      C_l: free("constant of a sample's loss; ours, the largest that we measured is 22", 30),
      C_L: free('constant of the mean loss; ours'),
    },
    conditions: [
      dimension,
      proofStep,
      start,
      atLeast(
        'after',
        't >= 1',
        (s) => s.steps,
        () => 1,
      ),
    ],
    bounds: [
      upper('sample', 'lossMax', 'C_l n/(ηdt)', (s, c) => (c.C_l * s.n) / (step(s) * s.d * s.steps)),
      upper('mean', 'trainLoss', 'C_L/(η‖μ‖²t)', (s, c) => c.C_L / (step(s) * signal2(s) * s.steps)),
    ],
  },
  'minimax-lower-bound': {
    kind: 'proposition',
    title: 'No rule does better',
    source: 'discussion of Theorem 3.1, quoting Giraud and Verzelen',
    provenance: 'secondhand',
    says: 'For isotropic noise no rule whatever has a smaller clean error, up to the constants.',
    formula: 'clean error >= c exp(−c′ min(‖μ‖², n‖μ‖⁴/d))',
    constants: { C1: free('c', 0.1), C2: free('c′', 1) },
    bounds: [
      lower(
        'any-rule',
        'testErrorClean',
        'C1 exp(−C2 min(‖μ‖², n‖μ‖⁴/d))',
        (s, c) => c.C1 * exp(-c.C2 * Math.min(signal2(s), (s.n * signal2(s) ** 2) / s.d)),
      ),
    ],
  },
  'good-event': {
    kind: 'lemma',
    title: 'The good event',
    source: 'Section 4, good event',
    provenance: 'read',
    says: 'With high probability signs, initial activations, norms and inner products of the sample are near their means, and the initial outputs are at most 1.',
    formula:
      '#{a_j = ±1} >= m/3; (3d/4)‖ζ‖² <= ‖Σζ_i z_i‖² <= (5d/4)‖ζ‖²; |⟨μ,z_i⟩| <= 16β‖μ‖√log(n/δ); |⟨z_i,z_k⟩| <= 16β√(d log(n/δ)); ‖w_j(0)‖ <= 2σ_0√d; |f(x_i)| <= 1; >= n/(60β²) active samples a neuron, >= m/(60β²) active neurons a sample',
    under: ['xu-gu-2023/conditions'],
    constants: { ...beta, ...DELTA },
    bounds: [
      upper('initial-norm', 'wNorm', '2 σ_0 √d', (s) => 2 * s.sigma0 * Math.sqrt(s.d)),
      lower('initial-margin', 'marginMin', '−1', () => -1),
    ],
  },
  'lemma-4.3': {
    kind: 'lemma',
    title: 'Undying ReLU',
    source: 'Lemma 4.3',
    provenance: 'read',
    says: 'A neuron that is active on a sample whose observed label it votes for is active on it one step later as well.',
    formula: 'A(t) ∩ T ⊆ A(t+1) ∩ T, A(t) = {(i,j): ⟨w_j,x_i⟩ > 0}, T = {(i,j): y_i = a_j}',
    under: ['xu-gu-2023/conditions'],
  },
  'lemma-4.4': {
    kind: 'lemma',
    title: 'Every margin grows at every step',
    source: 'Lemma 4.4',
    provenance: 'read',
    says: 'A step adds to each margin between two multiples of (ηd/n) g_i, so that no margin is ever below −1.',
    formula: '(γ²ηd/(240β²n)) g_i <= y_i f(x_i; t+1) − y_i f(x_i; t) <= (3ηd/n) g_i',
    under: ['xu-gu-2023/conditions'],
    constants: beta,
    bounds: [lower('margin', 'marginMin', '−1', () => -1)],
  },
  'lemma-c.1': {
    kind: 'lemma',
    title: 'Ratio of loss derivatives',
    source: 'Lemma C.1',
    provenance: 'read',
    says: 'The sample with the larger derivative gains margin faster: no two derivatives ever differ by more than a constant factor.',
    formula: 'max_i g_i/min_i g_i <= 2 + 2 · 6400 β²/γ²',
    under: ['xu-gu-2023/conditions'],
    constants: beta,
    bounds: [upper('ratio', 'derivativeRatio', '2 + 12800 β²/γ²', (_, c) => 2 + (12800 * c.beta ** 2) / c.slope ** 2)],
  },
  'lemma-4.5': {
    kind: 'lemma',
    title: 'The loss falls like 1/t',
    source: 'Lemma 4.5',
    provenance: 'read',
    says: "A sample's loss drops by about (ηd/n) g_i² a step, hence like n/(ηdt); the mean loss like 1/(η‖μ‖²t) at most.",
    formula: 'ℓ_i <= C min(1, n/(ηdt)); L <= C min(1, 1/(η‖μ‖²t))',
    under: ['xu-gu-2023/conditions'],
    constants: { C: free('constant of the rates', 10) },
    bounds: [
      upper(
        'mean',
        'trainLoss',
        'C min(1, 1/(η ‖μ‖² t))',
        (s, c) => c.C * Math.min(1, 1 / (step(s) * signal2(s) * s.step)),
      ),
      upper(
        'by-sample',
        'trainLoss',
        'C min(1, n/(η d t))',
        (s, c) => c.C * Math.min(1, s.n / (step(s) * s.d * s.step)),
      ),
    ],
  },
  'proposition-4.5': {
    kind: 'proposition',
    title: 'A certificate for the test error',
    source: 'Proposition 4.5',
    provenance: 'read',
    says: "The mean clean margin over the sum of the neurons' norms bounds the clean error of the network at hand.",
    formula: 'clean error <= exp(−m (E y f)²/(β ‖W‖²_{2,1})), ‖W‖_{2,1} = Σ_j ‖w_j‖',
    constants: { beta: beta.beta },
  },
  'lemma-4.7': {
    kind: 'lemma',
    title: 'Global versus local: each neuron gains signal over the whole run',
    source: 'Lemma 4.7',
    provenance: 'read',
    says: 'Summed over time, every neuron moves towards the signal as long as ‖μ‖² beats √(d log(dm/n)/n); no single step need do so.',
    formula: 'a_j y ⟨w_j(t) − w_j(0), x⟩ >= (cη/√m)(‖μ‖² − C √(d log(dm/n)/n)) Σ_τ Ĝ_τ',
    under: ['xu-gu-2023/conditions'],
    constants: C,
    conditions: [
      atLeast(
        'signal-wins',
        '‖μ‖² >= C √(d log(dm/n)/n)',
        signal2,
        (s, c) => c.C * Math.sqrt((s.d * log((2 * s.d * s.m) / s.n)) / s.n),
      ),
    ],
  },
  'lemma-4.8': {
    kind: 'lemma',
    title: 'The mean margin grows with the signal',
    source: 'Lemma 4.8',
    provenance: 'read',
    says: 'The mean clean margin is at least of the order η‖μ‖² times the accumulated derivatives.',
    formula: 'E[y f] >= c γ η ‖μ‖² Σ_τ Ĝ_τ',
    under: ['xu-gu-2023/theorem-3.1'],
    constants: { C: free('c'), slope: beta.slope },
  },
  'lemma-4.9': {
    kind: 'lemma',
    title: 'How far a neuron moves in one step',
    source: 'Lemma 4.9',
    provenance: 'read',
    says: 'A step moves a neuron by at most a constant times η √(d/(nm)) times the mean derivative, which is at most 1.',
    formula: '‖w_j(t+1) − w_j(t)‖ <= C η √(d/(nm)) Ĝ_t',
    under: ['xu-gu-2023/conditions'],
    constants: C,
  },
});
