/** Karhadkar et al. 2024, Theorem 3.1: gradient descent on the hinge loss nearly maximises the margin. */
import type { Setting } from '../../notation.ts';
import type { Statement } from '../statement.ts';

/** ‖w*‖ / (alpha sqrt(m)) and its square over eta: the scales of the theorem's two bounds. */
const normScale = ({ maxMarginNorm = NaN, leak = NaN, m = NaN }: Setting): number => maxMarginNorm / (leak * Math.sqrt(m));
const timeScale = (setting: Setting): number => normScale(setting) ** 2 / (setting.eta ?? NaN);

export const karhadkarTheorem31: Statement = {
  id: 'karhadkar-2024/theorem-3.1',
  paper: 'karhadkar-2024',
  kind: 'theorem',
  title: 'Approximate margin maximisation',
  says: 'gradient descent ends with zero hinge loss after a finite number of steps, at weights whose norm is within a factor of the max-margin classifier\'s',
  formula: 'T ≤ 4‖w*‖²/(ηα²m),  ‖W‖_F ≤ √18 ‖w*‖/(α√m)',
  source: 'Theorem 3.1 and its proof; the constants are ours, from redoing the proof with the increment that it derives',
  provenance: 'inferred',
  about: {
    'data.model': ['unit-norm-mixture', 'mixture'], 'network.activation': ['leaky-relu'], 'network.outputScale': ['1'], 'network.outputSigns': ['half'], 'network.output': ['fixed'],
    'network.v0': [1], 'network.bias': [false], 'training.loss': ['hinge'], 'training.reduction': ['sum'], 'training.etaUnit': ['absolute'], 'training.stop': ['zero-loss'],
  },
  constants: {
    C_T: { meaning: 'of the number of steps', preset: 4 },
    C_W: { meaning: 'of the norm: |A_GD| ≤ C_W/(α√m)', preset: Math.sqrt(18) },
  },
  assumes: {},
  under: [],
  conditions: [
    {
      id: 'step', formula: 'η ≤ 1/(m n max‖x_i‖²)', relation: '<=',
      lhs: ({ eta = NaN }) => eta, rhs: ({ m = NaN, n = NaN, inputMax = NaN }) => 1 / (m * n * inputMax * inputMax),
    },
    {
      id: 'start', formula: '‖w_r(0)‖ ≤ √α/(m min‖x_i‖)', relation: '<=',
      lhs: ({ startMax = NaN }) => startMax, rhs: ({ leak = NaN, m = NaN, inputMin = NaN }) => Math.sqrt(leak) / (m * inputMin),
    },
  ],
  bounds: [
    { id: 'zero-loss', of: 'trainLoss', side: 'upper', formula: '0', value: () => 0 },
    { id: 'steps', of: 'steps', side: 'upper', formula: '4‖w*‖²/(ηα²m)', value: (setting, { C_T }) => C_T! * timeScale(setting) },
    { id: 'norm', of: 'weightNorm', side: 'upper', formula: '√18 ‖w*‖/(α√m)', value: (setting, { C_W }) => C_W! * normScale(setting) },
  ],
};
