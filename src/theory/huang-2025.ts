/**
 * Huang, Han, Song, Chen, Wu, Zou, Suzuki 2025: squared ReLU, no wrong labels in the data; with and without label-noise
 * gradient descent.
 */
import { exp, log } from '../core/special.ts';
import { atLeast, atMost, free, lower, statementsOf, upper, type Statement } from './statement.ts';

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
    'network.outputScale': ['1/m'],
    'network.outputSigns': ['half'],
    'network.pooling': ['sum'],
    'network.bias': [false],
    'network.v0': [1],
    'network.init': ['gaussian'],
    'training.reduction': ['mean'],
  },
} as const;

const weak = atMost(
  'weak-signal',
  'n SNR² <= C3',
  (s) => (s.n * s.mu ** 2) / (s.sigmaP ** 2 * s.d),
  (_, c) => c.C3,
);

export const huang2025: readonly Statement[] = statementsOf('huang-2025', model, {
  assumptions: {
    kind: 'assumption',
    title: 'High dimension',
    source: 'assumptions',
    provenance: 'read',
    says: 'The dimension outweighs the squared number of samples and the signal.',
    formula: 'd >= C max(n², n‖μ‖²/σ_p²), up to logarithms',
    constants: { C: free('a constant and logarithms') },
    conditions: [
      atLeast(
        'dimension',
        'd >= C max(n², n‖μ‖²/σ_p²)',
        (s) => s.d,
        (s, c) => c.C * Math.max(s.n ** 2, (s.n * s.mu ** 2) / s.sigmaP ** 2),
      ),
    ],
  },
  'gradient-descent': {
    kind: 'theorem',
    title: 'Plain gradient descent overfits harmfully',
    source: 'theorem on gradient descent',
    provenance: 'read',
    says: 'For a weak signal gradient descent fits the noises and errs on at least 24 of 100 fresh points.',
    formula: 'error >= 0.24 if SNR <= C3 n^{-1/2}',
    under: ['huang-2025/assumptions'],
    constants: { C: free('constant of the time'), C3: free('n SNR² is at most C3') },
    bounds: [
      lower('harmful', 'testErrorClean', '0.24', () => 0.24, weak),
      upper(
        'time',
        'steps',
        'C (n m log(1/(σ_0 σ_p √d))/(η σ_p² d) + m³ n/(η ε σ_p² d))',
        (s, c) =>
          ((c.C * s.n) / (s.eta * s.sigmaP ** 2 * s.d)) *
          (s.m * log(1 / (s.sigma0 * s.sigmaP * Math.sqrt(s.d))) + s.m ** 3 / s.epsilon),
      ),
    ],
    regimes: { harmful: weak, map: { x: 'mu', y: 'd' } },
  },
  'label-noise': {
    kind: 'theorem',
    title: 'Label noise in every step makes overfitting benign',
    source: 'theorem on label-noise gradient descent',
    provenance: 'read',
    says: 'When each step multiplies each label by −1 with a fixed probability, the training loss stays constant and fresh points are classified rightly. Runs here train without such noise: the bound is for comparison.',
    formula: 'error <= 2 exp(−C d/n²)',
    under: ['huang-2025/assumptions'],
    about: { ...model.about, 'training.labelNoise': [true] },
    constants: { C: free('constant of the exponent') },
    bounds: [upper('benign', 'testErrorClean', '2 exp(−C d/n²)', (s, c) => 2 * exp((-c.C * s.d) / s.n ** 2))],
  },
});
