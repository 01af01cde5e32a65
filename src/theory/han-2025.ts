/** Han et al. 2025: the model of Kou et al. where n SNR² is of order one. Known from a summary by others. */
import { exp } from '../core/special.ts';
import {
  atLeast,
  atMost,
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

const ratio = (s: Readonly<Record<'n' | 'd' | 'mu' | 'sigmaP', number>>): number =>
  (s.n * s.mu ** 2) / (s.sigmaP ** 2 * s.d);

export const han2025: readonly Statement[] = statementsOf('han-2025', model, {
  regime: {
    kind: 'assumption',
    title: 'Signal and noise learnt at one pace',
    source: 'regime',
    provenance: 'secondhand',
    says: 'n SNR² lies between two constants.',
    formula: 'n SNR² = Θ(1)',
    constants: { C1: free('lower end of n SNR²', 0.1), C2: free('upper end of n SNR²', 10) },
    conditions: [
      atLeast('at-least', 'n SNR² >= C1', ratio, (_, c) => c.C1),
      atMost('at-most', 'n SNR² <= C2', ratio, (_, c) => c.C2),
    ],
  },
  'first-stage': {
    kind: 'theorem',
    title: 'Early stopping is benign',
    source: 'stage I',
    provenance: 'secondhand',
    says: 'By T1 the signal leads: clean samples are fitted, wrong ones are classified by their true label, and their losses lie on the two sides of log 2.',
    formula: 'T1 = C η⁻¹ n m σ_p⁻² d⁻¹: error <= exp(−d/(C2 n)) against clean labels',
    under: ['han-2025/regime'],
    constants: { C: free('constant of T1', 4), C2: free('constant of the exponent', 10) },
    bounds: [
      upper('time', 'step', 'C η⁻¹ n m σ_p⁻² d⁻¹', (s, c) => (c.C * s.n * s.m) / (s.eta * s.sigmaP ** 2 * s.d)),
      upper('early-error', 'testErrorClean', 'exp(−d/(C2 n))', (s, c) => exp(-s.d / (c.C2 * s.n))),
      upper('clean-loss', 'trainLossClean', 'log 2', () => Math.LN2),
      lower('flipped-loss', 'trainLossFlipped', 'log 2', () => Math.LN2),
    ],
  },
  'second-stage': {
    kind: 'theorem',
    title: 'Going on is harmful',
    source: 'stage II',
    provenance: 'secondhand',
    says: 'Later the wrong labels are fitted too, and the test error does not stay small. As quoted in our sources it is at least half the smaller of the two flip probabilities τ₊, τ₋, against labels that the quotation does not name. Against observed labels that is no bound: their error is never below p, fitted or not. Against true labels our runs end far below p/2 (docs/reproductions.md, han-2025). So no bound on the test error stands here.',
    formula: 'flipped labels fitted; as quoted: test error >= min(τ₊, τ₋)/2',
    under: ['han-2025/regime'],
    bounds: [upper('flipped-fitted', 'trainErrorFlipped', '0', () => 0)],
  },
});
