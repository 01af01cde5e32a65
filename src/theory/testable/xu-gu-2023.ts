/** Xu, Gu 2023: the test error of Theorem 3.1, and the rate at which the losses of single samples fall. Their m counts all filters: 2m of ours. */
import { exp, log } from '../../core/special.ts';
import type { Setting } from '../../notation.ts';
import { controlParameter } from '../critical.ts';
import type { Condition, Statement } from '../statement.ts';

/** NaN for whatever a setting lacks. */
const full = ({ n = NaN, d = NaN, m = NaN, mu = NaN, sigmaP = NaN, eta = NaN, sigma0 = NaN, steps = NaN }: Setting) => ({ n, d, m, mu, sigmaP, eta, sigma0, steps, S: controlParameter({ n, d, mu, sigmaP }) });

const dimension: Condition = {
  id: '6c', formula: 'p ≥ C(n‖μ‖² + n² log(n/δ))', relation: '>=', lhs: ({ d = NaN }) => d,
  rhs: (setting, { C, delta }) => {
    const { n, mu } = full(setting);
    return C! * (n * mu * mu + n * n * log(n / delta!));
  },
};
/** Instead of (6e), α ≤ 1/(Cp²), which no experiment can afford: what the proof uses. */
const step: Condition = {
  id: '6e′', formula: 'αp/n ≤ 1', relation: '<=', rhs: () => 1,
  lhs: (setting) => {
    const { eta, d, n } = full(setting);
    return (eta * d) / n;
  },
};
const start: Condition = {
  id: '6f', formula: 'ω_init ≤ α/√(mp)', relation: '<=', lhs: ({ sigma0 = NaN }) => sigma0,
  rhs: (setting) => {
    const { eta, m, d } = full(setting);
    return eta / Math.sqrt(2 * m * d);
  },
};

const about = {
  'data.model': ['mixture'], 'data.projected': [false], 'data.sigmaP': [1], 'network.outputScale': ['1/sqrt(m)'], 'network.outputSigns': ['random'], 'network.v0': [Math.SQRT1_2],
  'network.bias': [false], 'training.loss': ['logistic'], 'training.reduction': ['mean'], 'training.etaUnit': ['absolute'], 'network.sigma0Unit': ['absolute'],
} as const;
const common = {
  C: { meaning: 'of the conditions: the theorem says large, depending on β and γ only', preset: 1 },
  delta: { meaning: 'failure probability δ', preset: 0.1 },
} as const;

export const xuGuTheorem31: Statement = {
  id: 'xu-gu-2023/theorem-3.1',
  paper: 'xu-gu-2023',
  kind: 'theorem',
  title: 'Benign overfitting on adversarially polluted labels',
  says: 'gradient descent fits every label, and its clean test error falls exponentially in n‖μ‖⁴/p',
  formula: 'p_err ≤ exp(−n‖μ‖⁴/(C_S p))',
  source: 'Theorem 3.1, with (6e) replaced by αp/n ≤ 1, which is what the proof uses',
  provenance: 'read',
  about,
  constants: { ...common, C_S: { meaning: 'of the exponent; ours', preset: 6 } },
  assumes: {},
  under: [],
  conditions: [
    { id: '6a', formula: 'n ≥ C log(m/δ)', relation: '>=', lhs: ({ n = NaN }) => n, rhs: ({ m = NaN }, { C, delta }) => C! * log((2 * m) / delta!) },
    { id: '6b', formula: 'm ≥ C log(n/δ)', relation: '>=', lhs: ({ m = NaN }) => 2 * m, rhs: ({ n = NaN }, { C, delta }) => C! * log(n / delta!) },
    dimension,
    step,
    start,
    {
      id: '7', formula: '‖μ‖ ≥ C (p/n)^{1/4} log^{1/4}(mp/(nδ))', relation: '>=', lhs: (setting) => Math.sqrt(Math.sqrt(full(setting).S)),
      rhs: (setting, { C, delta }) => {
        const { m, d, n } = full(setting);
        return C! * Math.sqrt(Math.sqrt(log((2 * m * d) / (n * delta!))));
      },
    },
  ],
  bounds: [
    { id: 'fitted', of: 'trainError', side: 'upper', formula: '0', value: () => 0 },
    { id: 'error', of: 'testErrorClean', side: 'upper', formula: 'exp(−n‖μ‖⁴/(C_S p))', value: (setting, { C_S }) => exp(-full(setting).S / C_S!) },
  ],
};

export const xuGuRates: Statement = {
  id: 'xu-gu-2023/rates',
  paper: 'xu-gu-2023',
  kind: 'lemma',
  title: 'Rate of the losses',
  says: 'after t steps the loss of every sample is at most of order n/(αpt), and the mean loss at most of order 1/(α‖μ‖²t)',
  formula: 'ℓ_i ≤ C_ℓ n/(αpt),  L̂ ≤ C_L/(α‖μ‖²t)',
  source: 'Lemma 4.5 and the proof of Theorem 3.1',
  provenance: 'read',
  about,
  constants: { ...common, C_l: { meaning: 'of a sample\'s loss; ours, the largest that we measured is 22', preset: 30 }, C_L: { meaning: 'of the mean loss; ours', preset: 1 } },
  assumes: {},
  under: [],
  conditions: [dimension, step, start, { id: 'after', formula: 't ≥ 1', relation: '>=', lhs: ({ steps = NaN }) => steps, rhs: () => 1 }],
  bounds: [
    {
      id: 'sample', of: 'lossMax', side: 'upper', formula: 'C_ℓ n/(αpt)',
      value: (setting, { C_l }) => {
        const { n, eta, d, steps } = full(setting);
        return (C_l! * n) / (eta * d * steps);
      },
    },
    {
      id: 'mean', of: 'trainLoss', side: 'upper', formula: 'C_L/(α‖μ‖²t)',
      value: (setting, { C_L }) => {
        const { eta, mu, steps } = full(setting);
        return C_L! / (eta * mu * mu * steps);
      },
    },
  ],
};
