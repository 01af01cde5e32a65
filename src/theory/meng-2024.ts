/**
 * Meng, Zou, Cao 2024: the two-patch ReLU CNN on XOR data. Known from its abstract and from reviews; no rate is known
 * to us.
 */
import { atLeast, atMost, EVEN_CLASSES, free, PLAIN_DESCENT, statementsOf, type Statement } from './statement.ts';

const model = {
  about: {
    'data.model': ['xor'],
    'network.activation': ['relu'],
    'network.output': ['fixed'],
    'training.loss': ['logistic'],
  },
  assumes: {
    'data.projected': [true],
    'data.noise': ['gaussian'],
    'data.spectrum': ['flat'],
    ...EVEN_CLASSES,
    'data.flipLaw': ['probability'],
    'network.outputScale': ['1/m'],
    'network.outputSigns': ['half'],
    'network.bias': [false],
    'network.v0': [1],
    'network.init': ['gaussian'],
    'training.reduction': ['mean'],
    ...PLAIN_DESCENT,
  },
} as const;

const strong = atLeast(
  'strong-signal',
  'n‖μ‖⁴ >= C1 σ_p⁴ d',
  (s) => s.n * s.mu ** 4,
  (s, c) => c.C1 * s.sigmaP ** 4 * s.d,
);
const weak = atMost(
  'weak-signal',
  'n‖μ‖⁴ <= C3 σ_p⁴ d',
  (s) => s.n * s.mu ** 4,
  (s, c) => c.C3 * s.sigmaP ** 4 * s.d,
);

export const meng2024: readonly Statement[] = statementsOf('meng-2024', model, {
  'classic-regime': {
    kind: 'theorem',
    title: 'XOR data: the same threshold as for one signal',
    source: 'first theorem',
    provenance: 'secondhand',
    says: 'Away from nearly parallel signals, n‖μ‖⁴ of the order σ_p⁴d is both enough and needed; that the regime means cos θ < 1/2 is as commonly cited.',
    formula: 'benign if n‖μ‖⁴ >= C1 σ_p⁴ d, harmful if n‖μ‖⁴ <= C3 σ_p⁴ d',
    constants: { C1: free('benign from n‖μ‖⁴/(σ_p⁴d) = C1 on', 100), C3: free('harmful up to n‖μ‖⁴/(σ_p⁴d) = C3') },
    conditions: [
      atMost(
        'angle',
        'cos θ <= 1/2',
        (s) => s.cosine,
        () => 0.5,
        { provenance: 'recalled' },
      ),
    ],
    regimes: { benign: strong, harmful: weak, map: { x: 'mu', y: 'd' } },
  },
  'correlated-features': {
    kind: 'theorem',
    title: 'XOR data with nearly parallel signals',
    source: "second theorem, by a reviewer's computation",
    provenance: 'secondhand',
    says: 'A small angle between the signals asks for a much longer signal.',
    formula: '‖μ‖² >= C m⁵ n² σ_p²/(1 − cos θ)²',
    constants: { C: free('a constant') },
    conditions: [
      atLeast(
        'signal',
        '‖μ‖² >= C m⁵ n² σ_p²/(1 − cos θ)²',
        (s) => s.mu ** 2,
        (s, c) => (c.C * s.m ** 5 * s.n ** 2 * s.sigmaP ** 2) / (1 - s.cosine) ** 2,
      ),
    ],
  },
});
