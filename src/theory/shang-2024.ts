/**
 * Shang, Meng, Cao, Zou 2024: two-layer ReLU CNN, both layers trained. Only the abstract and the shape of the phase
 * diagram were read; every formula here is reconstructed from them and from runs, to the order of magnitude. Sum over
 * the filters, no 1/m.
 */
import { exp, log } from '../core/special.ts';
import { atLeast, atMost, free, lower, statementsOf, upper, type Statement } from './statement.ts';

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
    'network.outputScale': ['1'],
    'network.outputSigns': ['half'],
    'network.pooling': ['sum'],
    'network.bias': [false],
    'training.reduction': ['mean'],
    'training.etaOutput': [1],
    'training.labelNoise': [0],
  },
} as const;

type S = Readonly<Record<'n' | 'd' | 'm' | 'mu' | 'sigmaP' | 'v0', number>>;

/** v* = n^{1/4} m^{-1/2} sigma_p^{-1/2} d^{-1/4}: below it an initial output weight grows with the filters. */
export const thresholdOutput = (s: S): number => Math.sqrt(Math.sqrt(s.n / s.d) / (s.m * s.sigmaP));
/** E = (n ‖μ‖⁴/(sigma_p⁴ d)) min(1, v_0/v*)⁴: the exponent of the test error, up to logarithms. */
export const exponent = (s: S): number =>
  ((s.n * s.mu ** 4) / (s.sigmaP ** 4 * s.d)) * Math.min(1, s.v0 / thresholdOutput(s)) ** 4;

const benign = atLeast('strong', 'E >= C1', exponent, (_, c) => c.C1);
const harmful = atMost('weak', 'E <= C3', exponent, (_, c) => c.C3);
const large = atLeast('large-start', 'v_0 >= v*', (s) => s.v0, thresholdOutput);
const small = atMost('small-start', 'v_0 <= v*', (s) => s.v0, thresholdOutput);

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
    conditions: [large],
  },
  transition: {
    kind: 'theorem',
    title: 'Benign and harmful overfitting, split by SNR and initial scale',
    source: 'phase diagram',
    provenance: 'reconstructed',
    says: 'For large v_0 the law of the fixed output layer holds; for small v_0 the critical signal grows like 1/v_0.',
    formula: 'E = (n‖μ‖⁴/(σ_p⁴d)) min(1, v_0/v*)⁴: benign for E >= C1, harmful for E <= C3',
    constants: {
      C1: free('benign from E = C1 on', 100),
      C2: free('the bound on the clean error is exp(−E/C2)', 10),
      C3: free('harmful up to E = C3'),
      C: free('constant excess of the harmful side', 0.1),
    },
    bounds: [
      upper('benign', 'testErrorClean', 'exp(−E/C2)', (s, c) => exp(-exponent(s) / c.C2), benign),
      lower('harmful', 'testErrorClean', 'C', (_, c) => c.C, harmful),
    ],
    regimes: { benign, harmful, map: { x: 'v0', y: 'mu' } },
  },
  'critical-signal': {
    kind: 'proposition',
    title: 'The critical signal on both sides of v*',
    source: 'phase diagram',
    provenance: 'reconstructed',
    says: 'Flat for v_0 above v*, proportional to 1/v_0 below, and continuous at v*; the constant is C.',
    formula: '‖μ‖ = (C σ_p⁴ d/n)^{1/4} for v_0 >= v*, C^{1/4} σ_p^{1/2}/(m^{1/2} v_0) for v_0 <= v*',
    constants: { C: free('E on the border') },
    bounds: [
      lower(
        'large-start',
        'mu',
        '(C σ_p⁴ d/n)^{1/4}',
        (s, c) => s.sigmaP * Math.sqrt(Math.sqrt((c.C * s.d) / s.n)),
        large,
      ),
      lower(
        'small-start',
        'mu',
        'C^{1/4} σ_p^{1/2}/(m^{1/2} v_0)',
        (s, c) => (Math.sqrt(Math.sqrt(c.C)) * Math.sqrt(s.sigmaP / s.m)) / s.v0,
        small,
      ),
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
      upper('response', 'noiseResponse', 'C σ_p √(d/n)', (s, c) => c.C * s.sigmaP * Math.sqrt(s.d / s.n), small),
      lower(
        'response-least',
        'noiseResponse',
        'σ_p √(d/n)/C',
        (s, c) => (s.sigmaP * Math.sqrt(s.d / s.n)) / c.C,
        small,
      ),
      upper('layers', 'layerRatio', 'C', (_, c) => c.C, small),
      lower('layers-least', 'layerRatio', '1/C', (_, c) => 1 / c.C, small),
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
        small,
      ),
      upper(
        'large-start',
        'steps',
        'C n/(η σ_p² d v_0² m)',
        (s, c) => (c.C * s.n) / (s.eta * s.sigmaP ** 2 * s.d * s.v0 ** 2 * s.m),
        large,
      ),
    ],
  },
});
