/**
 * Shang, Meng, Cao, Zou 2024: two-layer ReLU CNN, both layers trained. Only the abstract and the shape of the phase
 * diagram were read; every formula here is reconstructed from them and from runs, to the order of magnitude. Sum over
 * the filters, no 1/m. The law of the transition and how it is derived: shang-law.ts.
 */
import { exp, log } from '../core/special.ts';
import { BENIGN, HARMFUL, LARGE, SMALL, START } from './conditions/shang-2024.ts';
import { criticalSignal, exponent, growthRatio, leastGrowthRatio, SHARE, thresholdOutput } from './shang-law.ts';
import { DELTA, free, lower, statementsOf, TWO_PATCHES, upper, type Statement } from './statement.ts';

const model = {
  about: {
    'data.model': ['signal-noise'],
    'network.activation': ['relu'],
    'network.output': ['trained-per-patch'],
    'training.loss': ['logistic'],
  },
  assumes: {
    'data.projected': [true],
    'data.noise': ['gaussian'],
    'data.spectrum': ['flat'],
    ...TWO_PATCHES,
    'network.outputScale': ['1'],
    'network.outputSigns': ['half'],
    'network.pooling': ['sum'],
    'network.bias': [false],
    'training.reduction': ['mean'],
    'training.etaOutput': [1],
    'training.labelNoise': [0],
  },
} as const;

export const shang2024: readonly Statement[] = statementsOf('shang-2024', model, {
  invariant: {
    kind: 'lemma',
    title: 'What gradient flow keeps',
    source: 'gradient flow',
    provenance: 'reconstructed',
    says: 'Under gradient flow the squared norm of a filter minus those of its output weights never changes; a step of size η changes it by the order η².',
    formula: '‖w_{j,r}‖² − v_{j,r,1}² − v_{j,r,2}² is constant',
  },
  'threshold-output': {
    kind: 'proposition',
    title: 'Where the initial output weight begins to matter',
    source: 'phase diagram',
    provenance: 'reconstructed',
    says: 'Above v* the output layer hardly moves and the network acts as with fixed output; below it both layers grow together.',
    formula: 'v* = n^{1/4} m^{-1/2} σ_p^{-1/2} d^{-1/4}',
    bounds: [lower('threshold', 'v0', 'v*', thresholdOutput)],
  },
  transition: {
    kind: 'theorem',
    title: 'Benign and harmful overfitting, split by SNR and initial scale',
    source: 'phase diagram',
    provenance: 'reconstructed',
    says: 'For large v_0 the law of the fixed output layer holds. Below v* signal and noise grow from v_0 until the sample is fitted, at rates whose ratio is c r: for r ≪ 1 the critical signal grows like 1/v_0 but for a root of a logarithm, and for v_0 → 0 it tends to n SNR² = 1/c², whatever v_0. c² is the share n_j/n of the smaller class over the share of it that a filter responds to, between 1/2 and all. Trained to a loss of about .05: later the noise goes on growing, and E on a level set like log²(1/ε). True labels.',
    formula:
      'E(c) = (n‖μ‖⁴/(σ_p⁴d)) min(1, v_0/v*)⁴ (sinh(2crL)/sinh(2cr))², r = √n SNR, L = 1 + log(v*/min(v_0, v*)): benign for E(c_1) >= C1, harmful for E(1) <= C3; c_1² = 1/2 − z_{1−δ/2}/(2√n)',
    constants: {
      ...DELTA,
      C1: free('benign from E(c_1) = C1 on', 100),
      C2: free('the bound on the clean error is exp(−E(c_1)/C2)', 10),
      C3: free('harmful up to E(1) = C3'),
      C: free('constant excess of the harmful side', 0.1),
    },
    under: ['shang-2024/start'],
    bounds: [
      upper(
        'benign',
        'testErrorClean',
        'exp(−E(c_1)/C2)',
        (s, c) => exp(-exponent(s, leastGrowthRatio(s.n, c.delta)) / c.C2),
        BENIGN,
      ),
      lower('harmful', 'testErrorClean', 'C', (_, c) => c.C, HARMFUL),
    ],
    regimes: { benign: BENIGN, harmful: HARMFUL, map: { x: 'v0', y: 'mu' } },
  },
  start: {
    kind: 'assumption',
    title: 'Where the law of small and large starts was derived and measured',
    source: 'two phases',
    provenance: 'reconstructed',
    says: 'The filters start smaller than the output weights, every sample is active in a filter of its class, and the noises are nearly orthogonal.',
    formula: 'σ_0 √d <= v_0, n 2^{−m} <= δ, d >= C n²',
    constants: { ...DELTA, C: free('constant of the dimension') },
    conditions: START,
  },
  'critical-signal': {
    kind: 'proposition',
    title: 'The critical signal on both sides of v*',
    source: 'phase diagram',
    provenance: 'reconstructed',
    says: 'Flat for v_0 above v*, continuous at v*, and below it no power of v_0: the local exponent is −1 + 1/(2L) for r ≪ 1 and tends to 0 where r tends to 1/c; the constant is C, 6.5 where the clean error is .1.',
    formula: '‖μ‖ = (C σ_p⁴ d/n)^{1/4} for v_0 >= v*, the root of E(c) = C for v_0 <= v*, c² = (1/2 − 1/√(2πn))/a',
    constants: {
      C: free('E on the border'),
      a: { ...free('share of its class that a filter responds to, in [1/2, 1]', 0.75), fitted: SHARE },
    },
    under: ['shang-2024/start'],
    bounds: [
      lower(
        'large-start',
        'mu',
        '(C σ_p⁴ d/n)^{1/4}',
        (s, c) => s.sigmaP * Math.sqrt(Math.sqrt((c.C * s.d) / s.n)),
        LARGE,
      ),
      lower('small-start', 'mu', 'E(c) = C', (s, c) => criticalSignal(s, c.C, growthRatio(s.n, c.a)), SMALL),
    ],
  },
  'balanced-ratio': {
    kind: 'proposition',
    title: 'The ratio that a small start leads to and keeps',
    source: 'two phases',
    provenance: 'reconstructed',
    says: 'From a small start the filters and their noise output weights reach equal norms, and the response to a training noise over that weight tends to σ_p √(d/n).',
    formula: '⟨w,ξ_i⟩/v_2 → σ_p √(d/n), ‖w‖/v_2 → 1',
    constants: { C: { ...free('both ratios lie within a factor C', 2), fitted: 1.8 } }, // the largest over 400 settings in validation/lemmas.md
    bounds: [
      upper('response', 'noiseResponse', 'C σ_p √(d/n)', (s, c) => c.C * s.sigmaP * Math.sqrt(s.d / s.n), SMALL),
      lower(
        'response-least',
        'noiseResponse',
        'σ_p √(d/n)/C',
        (s, c) => (s.sigmaP * Math.sqrt(s.d / s.n)) / c.C,
        SMALL,
      ),
      upper('layers', 'layerRatio', 'C', (_, c) => c.C, SMALL),
      lower('layers-least', 'layerRatio', '1/C', (_, c) => 1 / c.C, SMALL),
    ],
  },
  time: {
    kind: 'proposition',
    title: 'Time to fit',
    source: 'two phases',
    provenance: 'reconstructed',
    says: 'A small start waits for an exponential phase; a large one fits at the rate of a fixed output layer.',
    formula: 'T = C (√n/(η σ_p √d)) log(v*/v_0) for v_0 <= v*; C n/(η σ_p² d v_0² m) for v_0 >= v*',
    constants: { C: free('constant of the time', 4) },
    bounds: [
      upper(
        'small-start',
        'steps',
        'C √n/(η σ_p √d) log(v*/v_0)',
        (s, c) => (c.C * Math.sqrt(s.n / s.d) * log(thresholdOutput(s) / s.v0)) / (s.eta * s.sigmaP),
        SMALL,
      ),
      upper(
        'large-start',
        'steps',
        'C n/(η σ_p² d v_0² m)',
        (s, c) => (c.C * s.n) / (s.eta * s.sigmaP ** 2 * s.d * s.v0 ** 2 * s.m),
        LARGE,
      ),
    ],
  },
});
