/** Frei, Chatterji, Bartlett 2022: the noisy test error of the smoothed leaky ReLU. Their eta is the flip probability, their alpha the step size, their m counts all filters. */
import { exp, log } from '../../core/special.ts';
import { controlParameter } from '../critical.ts';
import type { Statement } from '../statement.ts';

export const freiTheorem: Statement = {
  id: 'frei-2022/theorem',
  paper: 'frei-2022',
  kind: 'theorem',
  title: 'Benign overfitting without linearity',
  says: 'gradient descent fits every label, and the error against noisy test labels exceeds the flip probability by a term that falls exponentially in n‖μ‖⁴/p, at any width',
  formula: 'P(y ≠ sign f) ≤ η + 2exp(−n‖μ‖⁴/(C_S p))',
  source: 'main theorem, with (A5) replaced by αp/n ≤ 1, which is what its rates use (ours)',
  provenance: 'read',
  about: {
    'data.model': ['mixture'], 'data.projected': [false], 'data.sigmaP': [1], 'data.flipLaw': ['probability'], 'network.activation': ['smoothed-leaky-relu'], 'network.outputScale': ['1/sqrt(m)'],
    'network.outputSigns': ['random'], 'network.v0': [Math.SQRT1_2], 'network.bias': [false], 'training.loss': ['logistic'], 'training.reduction': ['mean'], 'training.etaUnit': ['absolute'],
    'network.sigma0Unit': ['absolute'],
  },
  constants: {
    C: { meaning: 'of the conditions: the theorem says large', preset: 1 },
    delta: { meaning: 'failure probability δ', preset: 0.1 },
    C_S: { meaning: 'of the exponent; ours', preset: 6 },
  },
  assumes: {},
  under: [],
  conditions: [
    { id: 'A1', formula: 'n ≥ C log(1/δ)', relation: '>=', lhs: ({ n = NaN }) => n, rhs: (_, { C, delta }) => -C! * log(delta!) },
    {
      id: 'A2', formula: 'p ≥ C max(n‖μ‖², n² log(n/δ))', relation: '>=', lhs: ({ d = NaN }) => d,
      rhs: ({ n = NaN, mu = NaN }, { C, delta }) => C! * Math.max(n * mu * mu, n * n * log(n / delta!)),
    },
    { id: 'A3', formula: '‖μ‖² ≥ C log(n/δ)', relation: '>=', lhs: ({ mu = NaN }) => mu * mu, rhs: ({ n = NaN }, { C, delta }) => C! * log(n / delta!) },
    { id: 'A5′', formula: 'αp/n ≤ 1', relation: '<=', lhs: ({ eta = NaN, d = NaN, n = NaN }) => (eta * d) / n, rhs: () => 1 },
    { id: 'A6', formula: 'ω_init √(mp) ≤ α', relation: '<=', lhs: ({ sigma0 = NaN, m = NaN, d = NaN }) => sigma0 * Math.sqrt(2 * m * d), rhs: ({ eta = NaN }) => eta },
  ],
  bounds: [
    { id: 'fitted', of: 'trainError', side: 'upper', formula: '0', value: () => 0 },
    {
      id: 'error', of: 'testError', side: 'upper', formula: 'η + 2exp(−n‖μ‖⁴/(C_S p))',
      value: ({ flip = NaN, n = NaN, d = NaN, mu = NaN, sigmaP = NaN }, { C_S }) => flip + 2 * exp(-controlParameter({ n, d, mu, sigmaP }) / C_S!),
    },
  ],
};
