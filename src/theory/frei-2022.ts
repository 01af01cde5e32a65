/**
 * Frei, Chatterji, Bartlett 2022: mixture, smoothed leaky ReLU, any width. As for Xu and Gu a setting is divided by
 * σ_p; their m counts all neurons (2m here), their p is d, their α is η, their η is the flip probability, their γ is
 * network.leak, their H network.smoothing.
 */
import { exp } from '../core/special.ts';
import { ACCURACY, ASSUMPTIONS, PROOF_ASSUMPTIONS, SIGNAL, signal2, step } from './conditions/frei-2022.ts';
import {
  ALL_FILTERS,
  DELTA,
  EVEN_CLASSES,
  free,
  PLAIN_DESCENT,
  statementsOf,
  upper,
  type Statement,
} from './statement.ts';

const model = {
  about: {
    'data.model': ['mixture', 'unit-norm-mixture'],
    'network.activation': ['smoothed-leaky-relu'],
    'network.output': ['fixed'],
    'training.loss': ['logistic'],
  },
  assumes: {
    'data.projected': [false],
    'data.noise': ['gaussian', 'rademacher', 'uniform'],
    'data.spectrum': ['flat'],
    ...EVEN_CLASSES,
    'data.flipLaw': ['probability'],
    ...ALL_FILTERS,
    'network.bias': [false],
    'network.init': ['gaussian'],
    'training.reduction': ['mean'],
    ...PLAIN_DESCENT,
  },
} as const;

const C = { C: free('a large constant, not numeric in the source') };

export const frei2022: readonly Statement[] = statementsOf('frei-2022', model, {
  assumptions: {
    kind: 'assumption',
    title: 'High dimension, few wrong labels, small steps',
    source: '(A1)-(A6)',
    provenance: 'read',
    says: 'Like those of Xu and Gu, with labels flipped by chance and no assumption on the width.',
    formula: 'n, d, ‖μ‖ large; p, η, σ_0 small',
    constants: { ...C, ...DELTA },
    conditions: ASSUMPTIONS,
  },
  theorem: {
    kind: 'theorem',
    title: 'Benign overfitting of a smoothed leaky ReLU network',
    source: 'main theorem',
    provenance: 'read',
    says: 'For ε < 1/(2n), after C L(0)/(‖μ‖²ηε²) steps the loss is at most ε, every label is fitted and the error against noisy labels is near p.',
    formula: 'error <= p + 2 exp(−n‖μ‖⁴/(C d))',
    under: ['frei-2022/assumptions'],
    constants: {
      ...C,
      C1: free('the bound says something from n‖μ‖⁴ = C1 d on (ours: the source has no such threshold)'),
    },
    conditions: [ACCURACY],
    bounds: [
      upper(
        'benign',
        'testError',
        'p + 2 exp(−n‖μ‖⁴/(C d))',
        (s, c) => s.flip + 2 * exp(-(s.n * signal2(s) ** 2) / (c.C * s.d)),
      ),
      upper(
        'time',
        'steps',
        'C log 2/(‖μ‖² η ε²)',
        (s, c) => (c.C * Math.LN2) / (signal2(s) * step(s) * s.epsilon ** 2),
      ),
      upper('loss', 'trainLoss', 'ε', (s) => s.epsilon),
      upper('fitted', 'trainError', '0', () => 0),
    ],
    regimes: { benign: SIGNAL, map: { x: 'mu', y: 'd' } },
  },
  'theorem-proof': {
    kind: 'theorem',
    title: 'The same for the steps that its rates use',
    source: 'main theorem, with (A5) replaced by what its rates use',
    provenance: 'inferred',
    says: 'Every label is fitted, and the error against noisy labels exceeds the flip probability by a term that falls exponentially in n‖μ‖⁴/d, at any width.',
    formula: 'error <= p + 2 exp(−n‖μ‖⁴/(C_S d))',
    assumes: {
      ...ALL_FILTERS,
      'data.spectrum': ['flat'],
      ...EVEN_CLASSES,
      'data.projected': [false],
      'data.flipLaw': ['probability'],
      'network.outputSigns': ['random'],
      'network.bias': [false],
      'training.reduction': ['mean'],
      ...PLAIN_DESCENT,
    },
    constants: { ...C, ...DELTA, C_S: free('constant of the exponent; ours', 6) },
    conditions: PROOF_ASSUMPTIONS,
    bounds: [
      upper('fitted', 'trainError', '0', () => 0),
      upper(
        'error',
        'testError',
        'p + 2 exp(−n‖μ‖⁴/(C_S d))',
        (s, c) => s.flip + 2 * exp(-(s.n * signal2(s) ** 2) / (c.C_S * s.d)),
      ),
    ],
  },
  'first-step': {
    kind: 'lemma',
    title: 'The first step leaves the start behind',
    source: 'first-step lemma',
    provenance: 'read',
    says: 'The first step alone moves the weights by at least γ‖μ‖/C times their initial norm.',
    formula: '‖W(1) − W(0)‖_F >= (γ‖μ‖/C) ‖W(0)‖_F',
    under: ['frei-2022/assumptions'],
    constants: C,
  },
  'loss-ratio': {
    kind: 'lemma',
    title: 'Ratio of loss derivatives',
    source: 'loss-ratio lemma',
    provenance: 'read',
    says: "The derivatives of the samples' losses stay within a constant factor of each other.",
    formula: 'max_i g_i/min_i g_i <= C',
    under: ['frei-2022/assumptions'],
    constants: { C: free('largest ratio of two loss derivatives', 10) },
    bounds: [upper('ratio', 'derivativeRatio', 'C', (_, c) => c.C)],
  },
});
