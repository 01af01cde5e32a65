/**
 * Kou, Chen, Chen, Gu 2023. What the text says was not at hand except through others: nearly everything here is
 * `recalled` or `secondhand`. m filters a class, so our m; T* is training.maxSteps, the largest time considered; k/n
 * stands for p in training.
 */
import { exp, log } from '../core/special.ts';
import {
  ACTIVE_FILTERS,
  ACTIVE_SAMPLES,
  CONDITION_4_1,
  logT,
  NORMS,
  OVERLAPS,
  STRONG,
  WEAK,
} from './conditions/kou-2023.ts';
import {
  DELTA,
  free,
  lower,
  PLAIN_DESCENT,
  statementsOf,
  TWO_PATCH_CNN,
  TWO_PATCHES,
  upper,
  type Statement,
} from './statement.ts';

const model = {
  about: {
    'data.model': ['signal-noise'],
    'network.activation': ['relu'],
    'network.output': ['fixed'],
    'training.loss': ['logistic'],
  },
  assumes: {
    'data.projected': [true],
    'data.noise': ['gaussian'],
    'data.spectrum': ['flat'],
    ...TWO_PATCHES,
    'data.flipLaw': ['probability'],
    ...TWO_PATCH_CNN,
    ...PLAIN_DESCENT,
  },
} as const;

const C = { C: free('a large absolute constant, not numeric in the source') };
/**
 * Fitted: 0.9- and 0.1-quantiles over 300 draws at n = 20, m = 10, p = 0.1, d = 10^6 (validation/exponential-bound.md);
 * every tested S is then inside the upper bound, so C1 is not seen.
 */
const transition = {
  C1: free('benign from S = n‖μ‖⁴/(σ_p⁴d) = C1 on', 100),
  C2: { ...free('the bound on the excess error is exp(−S/C2)', 10), fitted: 17.9 },
  C3: { ...free('harmful up to S = C3'), fitted: 0.64 },
};

/** Other fitted constants: the largest over the 440 settings of wide networks in validation/lemmas.md, rounded up. */
export const kou2023: readonly Statement[] = statementsOf('kou-2023', model, {
  'condition-4.1': {
    kind: 'assumption',
    title: 'High dimension, enough samples and filters, small start, small steps',
    source: 'Condition 4.1',
    provenance: 'recalled',
    says: 'The dimension outweighs the samples and the signal, few labels are wrong, and start and step are small.',
    formula: 'd, n, m, ‖μ‖ large; p, σ_0, η small',
    constants: { ...C, ...DELTA },
    conditions: CONDITION_4_1,
  },
  'theorem-4.2': {
    kind: 'theorem',
    title: 'Benign and harmful overfitting, split by n‖μ‖⁴ against σ_p⁴d',
    source: 'Theorem 4.2',
    provenance: 'recalled',
    says: 'At some time the training loss is at most ε and every label is fitted, wrong ones too; the error against noisy labels is then near p for a strong signal, and at least p + 0.1 for a weak one.',
    formula: 'S = n‖μ‖⁴/(σ_p⁴d): error <= p + exp(−S/C2) if S >= C1; error >= p + 0.1 if S <= C3',
    under: ['kou-2023/condition-4.1'],
    constants: { ...transition, C: free('logarithms and constants in the time') },
    bounds: [
      upper(
        'benign',
        'testError',
        'p + exp(−n‖μ‖⁴/(C2 σ_p⁴ d))',
        (s, c) => s.flip + exp(-(s.n * s.mu ** 4) / (c.C2 * s.sigmaP ** 4 * s.d)),
        STRONG,
      ),
      lower('harmful', 'testError', 'p + 0.1', (s) => s.flip + 0.1, WEAK),
      upper(
        'time',
        'steps',
        'C η⁻¹ ε⁻¹ m n d⁻¹ σ_p⁻²',
        (s, c) => (c.C * s.m * s.n) / (s.eta * s.epsilon * s.d * s.sigmaP ** 2),
      ),
      upper('loss', 'trainLoss', 'ε', (s) => s.epsilon),
      upper('fitted', 'trainError', '0', () => 0),
    ],
    regimes: { benign: STRONG, harmful: WEAK, map: { x: 'mu', y: 'd' } },
  },
  'good-event': {
    kind: 'lemma',
    title: 'What a draw is like with probability 1 − δ',
    source: 'good event',
    provenance: 'recalled',
    says: 'Training noises are about equally long and nearly orthogonal, and initial filters hardly see signal or noise.',
    formula:
      'σ_p²d/2 <= ‖ξ_i‖² <= 3σ_p²d/2; |⟨ξ_i,ξ_k⟩| <= 2σ_p²√(d log(4n²/δ)); |⟨w(0),μ⟩| <= √(2 log(8m/δ)) σ_0‖μ‖; |⟨w(0),ξ_i⟩| <= 2√log(8mn/δ) σ_0σ_p√d',
    constants: { ...DELTA, C: free('d is at least C log(n/δ)', 24) },
    conditions: [NORMS],
    bounds: [
      lower('noise-norms-least', 'noiseNormMin', '1/2', () => 0.5),
      upper('noise-norms', 'noiseNormMax', '3/2', () => 1.5),
      upper(
        'noise-overlap',
        'noiseOverlap',
        '2√log(4n²/δ)',
        (s, c) => 2 * Math.sqrt(log((4 * s.n ** 2) / c.delta)),
        OVERLAPS,
      ),
      upper(
        'initial-signal',
        'initialSignal',
        '√(2 log(8m/δ)) σ_0',
        (s, c) => Math.sqrt(2 * log((8 * s.m) / c.delta)) * s.sigma0,
      ),
      upper(
        'initial-noise',
        'initialNoise',
        '2√log(8mn/δ) σ_0',
        (s, c) => 2 * Math.sqrt(log((8 * s.m * s.n) / c.delta)) * s.sigma0,
      ),
    ],
  },
  'noisy-and-clean-error': {
    kind: 'proposition',
    title: 'Error against noisy labels from the clean error',
    source: 'identity',
    provenance: 'inferred',
    says: 'With test labels flipped independently, and outputs f that are not 0, the two errors determine each other exactly. f = 0 counts as wrong for either label: where it has probability P(f = 0) > 0, as on fresh points without a signal that no filter sees, the error against noisy labels is larger by p P(f = 0), and only the lower bound holds.',
    formula: 'error = p + (1 − 2p) clean error + p P(f = 0); here P(f = 0) = 0',
    about: {
      ...model.about,
      'data.flip': { above: 0 },
      // laws that leave test labels to chance alone
      'data.flipLaw': ['probability', 'exact', 'adversarial'],
    },
    bounds: [
      upper('at-most', 'testError', 'p + (1 − 2p) clean error', (s) => s.flip + (1 - 2 * s.flip) * s.testErrorClean),
      lower('at-least', 'testError', 'p + (1 − 2p) clean error', (s) => s.flip + (1 - 2 * s.flip) * s.testErrorClean),
    ],
  },
  decomposition: {
    kind: 'lemma',
    title: 'Signal-noise decomposition',
    source: 'signal-noise decomposition',
    provenance: 'secondhand',
    says: 'Each filter is its start plus a multiple of the signal plus multiples of the training noises; the coefficients follow a closed recursion.',
    formula: 'w_{j,r} = w_{j,r}(0) + j γ_{j,r} ‖μ‖⁻² μ + Σ_i ρ_{j,r,i} ‖ξ_i‖⁻² ξ_i',
  },
  'monotone-coefficients': {
    kind: 'lemma',
    title: 'Noise coefficients only grow',
    source: 'coefficient updates',
    provenance: 'inferred',
    says: 'A noise coefficient never falls on filters of the observed label and never rises on the others.',
    formula: 'ρ̄(t+1) >= ρ̄(t) >= 0 >= ρ̲(t) >= ρ̲(t+1)',
    bounds: [lower('bar', 'rhoBar', '0', () => 0), upper('under', 'rhoUnder', '0', () => 0)],
  },
  'time-invariant-ratio': {
    kind: 'lemma',
    title: 'Time-invariant coefficient ratio',
    source: 'key technique 1',
    provenance: 'recalled',
    says: 'Signal and noise coefficients keep the ratio SNR² up to a constant, at every time.',
    formula: 'γ_{j,r}/Σ_i ρ̄_{j,r,i} = Θ(SNR²), SNR² = ‖μ‖²/(σ_p² d)',
    under: ['kou-2023/condition-4.1'],
    constants: { C: { ...free('the ratio stays within a factor C of SNR²', 4), fitted: 1.6 } },
    bounds: [
      upper('at-most', 'ratio', 'C ‖μ‖²/(σ_p² d)', (s, c) => (c.C * s.mu ** 2) / (s.sigmaP ** 2 * s.d)),
      lower('at-least', 'ratio', '‖μ‖²/(C σ_p² d)', (s, c) => s.mu ** 2 / (c.C * s.sigmaP ** 2 * s.d)),
    ],
  },
  'balanced-derivatives': {
    kind: 'lemma',
    title: 'Balanced loss derivatives',
    source: 'key technique 2',
    provenance: 'secondhand',
    says: 'No sample pulls more than a constant times as hard as another, at any time; equivalently their margins stay together.',
    formula: 'ℓ′_i/ℓ′_k <= C for all i, k, t',
    under: ['kou-2023/condition-4.1'],
    constants: { C: { ...free('largest ratio of two loss derivatives', 10), fitted: 3.3 } },
    bounds: [upper('ratio', 'derivativeRatio', 'C', (_, c) => c.C)],
  },
  'growing-activation-sets': {
    kind: 'lemma',
    title: 'Activation sets only grow',
    source: 'activation sets',
    provenance: 'recalled',
    says: "A filter of the observed label that is active on a sample's noise at the start stays so; at the start that is at least 0.4 m filters a sample and n/8 samples a filter.",
    formula: 'S_i(0) ⊆ S_i(t), S_i = {r: ⟨w_{y_i,r}, ξ_i⟩ > 0}; |S_i(0)| >= 0.4 m; |S_{j,r}(0)| >= n/8',
    under: ['kou-2023/condition-4.1'],
    constants: DELTA,
    bounds: [
      lower('filters', 'ownFiltersMin', '0.4', () => 0.4, ACTIVE_FILTERS),
      lower('samples', 'ownSamplesMin', '1/8', () => 1 / 8, ACTIVE_SAMPLES),
    ],
  },
  'coefficient-bounds': {
    kind: 'proposition',
    title: 'Bounds on the coefficients up to T*',
    source: 'coefficient bounds',
    provenance: 'recalled',
    says: 'Up to T* the coefficients stay logarithmic, and the signal coefficient is n SNR² times smaller. Start values are bounded by their Gaussian tails.',
    formula: '0 <= ρ̄ <= 4 log T*; ρ̲ >= −2 max|⟨w(0),·⟩| − 64 n √(log(4n²/δ)/d) log T*; 0 <= γ <= C n SNR² log T*',
    under: ['kou-2023/condition-4.1'],
    constants: { C: { ...free('constant of the bound on γ'), fitted: 0.35 }, ...DELTA },
    bounds: [
      upper('bar', 'rhoBar', '4 log T*', (s) => 4 * logT(s)),
      lower(
        'under',
        'rhoUnder',
        '−2 max{√(2 log(8m/δ)) σ_0 ‖μ‖, 2 √log(8mn/δ) σ_0 σ_p √d} − 64 n √(log(4n²/δ)/d) log T*',
        (s, c) => {
          const start = Math.max(
            Math.sqrt(2 * log((8 * s.m) / c.delta)) * s.sigma0 * s.mu,
            2 * Math.sqrt(log((8 * s.m * s.n) / c.delta)) * s.sigma0 * s.sigmaP * Math.sqrt(s.d),
          );
          return -2 * start - 64 * s.n * Math.sqrt(log((4 * s.n ** 2) / c.delta) / s.d) * logT(s);
        },
      ),
      upper('gamma', 'gamma', 'C n SNR² log T*', (s, c) => (c.C * s.n * s.mu ** 2 * logT(s)) / (s.sigmaP ** 2 * s.d)),
      lower('gamma-positive', 'gamma', '0', () => 0),
    ],
  },
  'first-stage': {
    kind: 'lemma',
    title: 'First stage: noise is learnt to constant order by T1',
    source: 'two stages, T1',
    provenance: 'recalled',
    says: 'By T1 every noise coefficient on a filter that began active has reached 2, and signal coefficients are of the order n SNR².',
    formula: 'T1 = C η⁻¹ m n σ_p⁻² d⁻¹: ρ̄_{j,r,i} >= 2 where ⟨w_{j,r}(0), ξ_i⟩ > 0',
    under: ['kou-2023/condition-4.1'],
    constants: { C: { ...free('constant of T1', 4), fitted: 8.6 } },
    bounds: [upper('time', 'step', 'C η⁻¹ m n σ_p⁻² d⁻¹', (s, c) => (c.C * s.m * s.n) / (s.eta * s.sigmaP ** 2 * s.d))],
  },
  'second-stage': {
    kind: 'lemma',
    title: 'Second stage: convergence towards a reference',
    source: 'two stages, W*',
    provenance: 'recalled',
    says: "After T1 the distance to a reference that fits all noises bounds the time to loss ε; here with the reference's own length, Σ_i 25 log²(2/ε) m/‖ξ_i‖².",
    formula: 'T1 + ‖W(T1) − W*‖²/(2ηε), W* = W(0) + 5 log(2/ε) Σ_i 1(j = y_i) ξ_i/‖ξ_i‖²',
    under: ['kou-2023/condition-4.1'],
    constants: {
      C: { ...free('constant of T1', 4), fitted: 8.6 },
      C4: free('‖W(T1) − W*‖² over the squared length of the reference', 4),
    },
    bounds: [
      upper(
        'time',
        'steps',
        'C η⁻¹ m n σ_p⁻² d⁻¹ + C4 25 log²(2/ε) m n/(2 η ε σ_p² d)',
        (s, c) =>
          ((s.m * s.n) / (s.eta * s.sigmaP ** 2 * s.d)) *
          (c.C + (c.C4 * 25 * log(2 / s.epsilon) ** 2) / (2 * s.epsilon)),
      ),
    ],
  },
});
