/**
 * Huang, Han, Song, Chen, Wu, Zou, Suzuki 2025 (arXiv 2510.17526), read: squared ReLU, no wrong labels in the data; with
 * and without label-noise gradient descent, whose flip probability is training.labelNoise.
 */
import { exp, log } from '../core/special.ts';
import { ASSUMPTION_3_1, LABEL_NOISE, WEAK } from './conditions/huang-2025.ts';
import {
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
    'network.activation': ['relu-power'],
    'network.power': [2],
    'network.output': ['fixed'],
    'training.loss': ['logistic'],
  },
  assumes: {
    'data.flip': [0],
    'data.projected': [true],
    'data.noise': ['gaussian'],
    'data.spectrum': ['flat'],
    ...TWO_PATCHES,
    ...TWO_PATCH_CNN,
  },
} as const;
const low = { C3: free('n SNR² is at most C3') };

export const huang2025: readonly Statement[] = statementsOf('huang-2025', model, {
  assumptions: {
    kind: 'assumption',
    title: 'High dimension, weak signal, a start between two scales',
    source: 'Assumption 3.1',
    provenance: 'read',
    says: 'The dimension outweighs the squared number of samples and the signal, the noise outweighs the signal, steps are small, and the initial weights are neither too small nor too large. All up to logarithms.',
    formula:
      'd >= C max(n², n‖μ‖²/σ_p²), SNR <= C n^{-1/2}; m, n >= polylog d; η <= 1/(C σ_p² d); σ_0 between two scales',
    constants: { C: free('a constant and logarithms'), ...low },
    conditions: ASSUMPTION_3_1,
  },
  'gradient-descent': {
    kind: 'theorem',
    title: 'Plain gradient descent overfits harmfully',
    source: 'Theorem 3.2',
    provenance: 'read',
    says: 'For a weak signal gradient descent reaches every training loss, by fitting the noises, and errs on at least 24 of 100 fresh points, with probability 1 − d^{-1/4}.',
    formula: 'error >= 0.24 if SNR <= C3 n^{-1/2}',
    about: { ...model.about, ...PLAIN_DESCENT },
    under: ['huang-2025/assumptions'],
    constants: { C: free('constant of the time'), ...low },
    bounds: [
      lower('harmful', 'testErrorClean', '0.24', () => 0.24, WEAK),
      upper(
        'time',
        'steps',
        'C (n m log(1/(σ_0 σ_p √d))/(η σ_p² d) + m³ n/(η ε σ_p² d))',
        (s, c) =>
          ((c.C * s.n) / (s.eta * s.sigmaP ** 2 * s.d)) *
          (s.m * log(1 / (s.sigma0 * s.sigmaP * Math.sqrt(s.d))) + s.m ** 3 / s.epsilon),
      ),
      upper('loss', 'trainLoss', 'ε', (s) => s.epsilon),
    ],
    regimes: { harmful: WEAK, map: { x: 'mu', y: 'd' } },
  },
  'label-noise': {
    kind: 'theorem',
    title: 'Label noise in every step makes overfitting benign',
    source: 'Theorem 3.3',
    provenance: 'read',
    says: 'When each step turns each label with probability p_t, the training loss stays of order one and fresh points are classified rightly, for as weak a signal, with probability 1 − d^{-1/4}.',
    formula: 'error <= 2 exp(−C d/n²), training loss Θ(1)',
    about: { ...model.about, ...PLAIN_DESCENT, 'training.labelNoise': { above: 0 } },
    under: ['huang-2025/assumptions'],
    constants: {
      C: free('constant of the exponent, of the time and of the least p_t'),
      C1: free('the training loss stays above C1', 0.01),
    },
    conditions: LABEL_NOISE,
    bounds: [
      upper('benign', 'testErrorClean', '2 exp(−C d/n²)', (s, c) => 2 * exp((-c.C * s.d) / s.n ** 2)),
      upper(
        'time',
        'steps',
        'C (n m log(1/(σ_0 σ_p √d))/(η σ_p² d) + m log(6/(σ_0‖μ‖))/(η‖μ‖²))',
        (s, c) =>
          ((c.C * s.m) / s.eta) *
          ((s.n * log(1 / (s.sigma0 * s.sigmaP * Math.sqrt(s.d)))) / (s.sigmaP ** 2 * s.d) +
            log(6 / (s.sigma0 * s.mu)) / s.mu ** 2),
      ),
      lower('loss', 'trainLoss', 'C1', (_, c) => c.C1),
    ],
  },
});
