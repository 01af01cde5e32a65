/**
 * Meng, Zou, Cao 2024: XOR clusters in two patches. Abstract and reviews were at hand: the condition n ‖mu‖⁴ against
 * sigma_p⁴ d and that the noise is orthogonal to the signals; every setting is ours.
 */
import type { Paper, Variant } from './paper.ts';

const LINEAR =
  'no linear rule through the origin errs on more or less than half of XOR data (x and -x have one label): the max-margin and the averaging classifier are drawn, not checked, since their error 1/2 is no outcome';
const OURS =
  'ours: no experiment of the paper was at hand; the condition on n‖μ‖⁴/(σ_p⁴d) and the labels of the four clusters are taken as commonly cited';

/** On the axis: c in ‖μ‖ = c (d/n)^(1/4), so that n‖μ‖⁴/(σ_p⁴d) = c⁴ with σ_p = 1. */
const C = 'mu*n^0.25/d^0.25';
const base = {
  data: { model: 'xor', n: 40, d: 1600, flip: 0.1 },
  network: { m: 20, sigma0: 0.01, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { eta: 0.2, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.02, maxSteps: 5000 },
  scale: { 'data.mu': { d: 0.25, n: -0.25 } },
  coupling: 'common',
  runs: 20,
  seed: 2310,
  record: { values: ['maxMarginError', 'averagingError'] },
} as const;
const frontier = { of: 'testErrorClean', along: C, level: 0.15 } as const;
const strengths = { from: 0.8, to: 5, count: 12, scale: 'log' } as const;
const quickStrengths = { from: 0.8, to: 5, count: 9, scale: 'log' } as const;

const alongD = {
  quickAxes: { 'data.d': [400, 6400], 'data.mu': quickStrengths },
  quickRuns: 6,
  checks: [
    { kind: 'fitted', id: 'every-label-fitted', basis: 'test', says: 'every run fits every training label' },
    {
      kind: 'level-ratio',
      id: 'free-of-d',
      because: 'exponent 0 within .05: 16^.05 = 1.15',
      alternatives: { 'narrow-angle': 1.64 },
      ...frontier,
      a: { d: 6400 },
      b: { d: 400 },
      atLeast: 0.85,
      atMost: 1.15,
      says: 'clean error 0.15 is crossed at the same n‖μ‖⁴/(σ_p⁴d) at d = 6,400 and d = 400: its fourth root within 15 %',
    },
  ],
} as const satisfies Partial<Variant>;
const dimensions = { 'data.d': [400, 800, 1600, 3200, 6400], 'data.mu': strengths };

export const meng2024: Paper = {
  id: 'meng-2024',
  title: 'Benign overfitting in two-layer ReLU convolutional neural networks for XOR data',
  authors: ['Xuran Meng', 'Difan Zou', 'Yuan Cao'],
  year: 2024,
  venue: 'ICML 2024',
  arxiv: '2310.01975',
  bibtex: `@inproceedings{meng2024benign,
  title = {Benign overfitting in two-layer {ReLU} convolutional neural networks for {XOR} data},
  author = {Meng, Xuran and Zou, Difan and Cao, Yuan},
  booktitle = {International Conference on Machine Learning},
  series = {PMLR},
  year = {2024}
}`,
  figures: [
    {
      id: 'dimension',
      title: 'Clean test error over d and the signal strength, XOR clusters (ours)',
      shows: [
        { value: 'testErrorClean' },
        { value: 'testErrorClean', along: C },
        { value: 'maxMarginError', along: C },
      ],
      variants: [
        {
          id: 'orthogonal',
          says: 'ours: orthogonal signals, a tenth of the labels flipped, until the loss is 0.02',
          spec: { name: 'meng-2024/dimension orthogonal (ours)', ...base, axes: dimensions },
          ...alongD,
          deviations: [OURS, LINEAR],
        },
        {
          id: 'narrow-angle',
          control: true,
          says: 'ours: signals at cos θ = 0.8, outside the classic regime (cos θ < 1/2, as commonly cited)',
          spec: {
            name: 'meng-2024/dimension narrow-angle (ours)',
            ...base,
            data: { ...base.data, cosine: 0.8 },
            axes: { ...dimensions, 'data.mu': { from: 1.5, to: 12, count: 12, scale: 'log' } },
          },
          ...alongD,
          quickAxes: { 'data.d': [400, 6400], 'data.mu': { from: 1.5, to: 12, count: 9, scale: 'log' } },
          quickRuns: 16,
          deviations: [
            OURS,
            LINEAR,
            'at narrow angles the error is no function of n‖μ‖⁴/(σ_p⁴d): the condition is another one there',
          ],
        },
      ],
    },
    {
      id: 'angle',
      title: 'Clean test error over the angle between the signals and their strength, XOR clusters (ours)',
      shows: [{ value: 'testErrorClean' }, { value: 'testErrorClean', along: C }],
      variants: [
        {
          id: 'strength',
          says: 'ours: from orthogonal signals to cos θ = 0.9',
          spec: {
            name: 'meng-2024/angle strength (ours)',
            ...base,
            axes: {
              'data.cosine': [0, 0.3, 0.5, 0.7, 0.8, 0.9],
              'data.mu': { from: 0.8, to: 12, count: 14, scale: 'log' },
            },
          },
          quickAxes: { 'data.cosine': [0, 0.5, 0.8], 'data.mu': { from: 0.8, to: 12, count: 9, scale: 'log' } },
          quickRuns: 6,
          checks: [
            {
              kind: 'trend',
              id: 'harder-when-narrow',
              of: 'testErrorClean',
              along: 'cosine',
              direction: 'rises',
              says: 'the narrower the angle, the larger the error',
            },
            {
              kind: 'trend',
              id: 'falls-with-strength',
              basis: 'test',
              because: 'the condition asks for a signal that is strong enough',
              of: 'testErrorClean',
              along: C,
              direction: 'falls',
              says: 'the error falls with the strength of the signal',
            },
            {
              kind: 'level-ratio',
              id: 'half',
              ...frontier,
              a: { cosine: 0.5 },
              b: { cosine: 0 },
              atLeast: 1,
              atMost: 1.6,
              says: 'cos θ = 1/2 asks for up to 1.6 times the orthogonal signal',
            },
            {
              kind: 'level-ratio',
              id: 'narrow',
              ...frontier,
              a: { cosine: 0.8 },
              b: { cosine: 0 },
              atLeast: 1.6,
              says: 'cos θ = 0.8 asks for at least 1.6 times the orthogonal signal',
            },
          ],
          deviations: [OURS],
        },
      ],
    },
  ],
};
