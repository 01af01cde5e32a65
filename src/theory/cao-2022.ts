/** Cao, Chen, Belkin, Gu 2022, as commonly cited: the two-patch CNN with the activation max(0, z)^q, q > 2, and no wrong labels. */
import { exp } from '../core/special.ts';
import { CONDITION_4_2, STRONG, WEAK } from './conditions/cao-2022.ts';
import { free, PLAIN_DESCENT, statementsOf, TWO_PATCH_CNN, TWO_PATCHES, upper, type Statement } from './statement.ts';

const model = {
  about: {
    'data.model': ['signal-noise'],
    'network.activation': ['relu-power'],
    'network.power': [3, 4, 5, 6, 7, 8, 9, 10],
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
    ...PLAIN_DESCENT,
  },
} as const;

export const cao2022: readonly Statement[] = statementsOf('cao-2022', model, {
  'condition-4.2': {
    kind: 'assumption',
    title: 'High dimension, small steps, a start between two scales',
    source: 'Condition 4.2',
    provenance: 'recalled',
    says: 'The dimension outweighs powers of width and samples, both outnumber logarithms of it, steps are small, and the initial weights are neither too small nor too large. All up to logarithms.',
    formula: 'd, n, m large; η small; σ_0 between two scales',
    constants: { C: free('a constant and logarithms') },
    conditions: CONDITION_4_2,
  },
  transition: {
    kind: 'theorem',
    title: 'Small or constant test loss, split by n SNR^q',
    source: 'main theorems',
    provenance: 'recalled',
    says: 'Above the threshold gradient descent learns the signal first and the test loss is small; below it the noise wins and the test loss is at least 0.1. Its error is then at most the loss over log 2.',
    formula: 'test loss <= 6ε + exp(−n²) if n SNR^q >= C1; >= 0.1 if n SNR^q <= C3',
    under: ['cao-2022/condition-4.2'],
    constants: {
      C: free('logarithms and constants in the time'),
      C1: free('benign from n SNR^q = C1 on'),
      C3: free('harmful up to n SNR^q = C3'),
    },
    bounds: [
      upper(
        'benign',
        'testErrorClean',
        '(6ε + exp(−n²))/log 2',
        (s) => (6 * s.epsilon + exp(-(s.n ** 2))) / Math.LN2,
        STRONG,
      ),
      upper(
        'time-signal',
        'steps',
        'C (η⁻¹ m σ_0^{2−q} ‖μ‖^{−q} + η⁻¹ ε⁻¹ m³ ‖μ‖⁻²)',
        (s, c) =>
          (c.C / s.eta) * (s.m * s.sigma0 ** (2 - s.power) * s.mu ** -s.power + s.m ** 3 / (s.epsilon * s.mu ** 2)),
        STRONG,
      ),
      upper(
        'time-noise',
        'steps',
        'C (η⁻¹ m n (σ_p√d)^{−q} σ_0^{2−q} + η⁻¹ ε⁻¹ n m³ d⁻¹ σ_p⁻²)',
        (s, c) =>
          (c.C / s.eta) *
          (s.m * s.n * (s.sigmaP * Math.sqrt(s.d)) ** -s.power * s.sigma0 ** (2 - s.power) +
            (s.n * s.m ** 3) / (s.epsilon * s.d * s.sigmaP ** 2)),
        WEAK,
      ),
    ],
    regimes: { benign: STRONG, harmful: WEAK, map: { x: 'mu', y: 'd' } },
  },
});
