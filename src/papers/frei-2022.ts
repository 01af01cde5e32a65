/**
 * Frei, Chatterji, Bartlett 2022. The paper has no experiments: every figure here is ours, and tests what its theorem
 * and lemmas say.
 */
import type { Paper } from './paper.ts';

/**
 * Smoothed leaky ReLU with slope .2 and H = 1, weights ±1/√m of random sign; their m counts all filters, 2m of ours, so
 * v_0 = 1/√2. Their p is d = 10⁵, a tenth of the labels is wrong in training and in test, α = n/(2p), ω_init √(mp) =
 * α/5.
 */
const base = {
  data: { model: 'mixture', projected: false, flip: 0.1, d: 1e5 },
  network: {
    activation: 'smoothed-leaky-relu',
    leak: 0.2,
    smoothing: 1,
    outputScale: '1/sqrt(m)',
    outputSigns: 'random',
    v0: Math.SQRT1_2,
    sigma0: 0.1 * Math.SQRT1_2,
  },
  training: { eta: 0.5 },
  seed: 2022,
} as const;
/** ‖μ‖ in units of (p/n)^{1/4}. */
const scale = {
  'data.mu': { d: 0.25, n: -0.25 },
  'training.eta': { n: 1, d: -1 },
  'network.sigma0': { n: 1, d: -1.5, m: -0.5 },
} as const;
const signal = 'mu*n^0.25/d^0.25';

const deviations = [
  'ours: the paper has no experiments',
  'the step size is n/(2p), the theorem asks for 1/(C max{1, H/√m} p²)',
  'labels flip with probability .1 whatever the input',
  'two filters of one sign fit one class through the leak alone, γ² times as fast: the bound on the derivative ratio depends on γ',
] as const;

export const frei2022: Paper = {
  id: 'frei-2022',
  title:
    'Benign Overfitting without Linearity: Neural Network Classifiers Trained by Gradient Descent for Noisy Linear Data',
  authors: ['Spencer Frei', 'Niladri S. Chatterji', 'Peter L. Bartlett'],
  year: 2022,
  venue: 'COLT 2022, PMLR 178',
  arxiv: '2202.05928',
  bibtex: `@inproceedings{frei2022benign,
  title = {Benign Overfitting without Linearity: Neural Network Classifiers Trained by Gradient Descent for Noisy Linear Data},
  author = {Frei, Spencer and Chatterji, Niladri S. and Bartlett, Peter L.},
  booktitle = {Conference on Learning Theory},
  series = {PMLR},
  volume = {178},
  year = {2022}
}`,
  figures: [
    {
      id: 'error',
      title: 'Test error against noisy labels, any width, signal in units of (p/n)^{1/4}',
      shows: [
        { value: 'testError', along: signal },
        { value: 'testErrorClean', along: signal, log: true },
        { value: 'averagingError', along: signal, log: true },
      ],
      variants: [
        {
          id: 'any-width',
          says: "two filters to 128, n = 40, until the loss is .01 < 1/(2n); inside the theorem's conditions with C = 1, δ = .1, but for the step size",
          spec: {
            name: 'frei-2022/error',
            ...base,
            data: { ...base.data, n: 40 },
            training: { ...base.training, stop: 'loss', epsilon: 0.01, maxSteps: 20000 },
            test: { estimator: 'points', points: 4000 },
            scale,
            axes: { 'network.m': [1, 4, 16, 64], 'data.mu': { from: 0.5, to: 3, step: 0.25 } },
            record: { values: ['derivativeRatio', 'averagingError'] },
            runs: 20,
          },
          quickAxes: { 'network.m': [1, 64], 'data.mu': [0.5, 1.5, 3] },
          quickRuns: 5,
          checks: [
            {
              kind: 'statement',
              id: 'theorem',
              basis: 'test',
              because: '1 − δ; below n‖μ‖⁴/p = 10 the bound on the error is above 1/2 and says nothing',
              statement: 'frei-2022/theorem-proof',
              where: { [signal]: [2, 3] },
              share: 0.9,
              says: 'from n‖μ‖⁴/p = 16 on, in 1 − δ = .9 of the runs, at least, each label is fitted and the noisy error is at most η + 2exp(−n‖μ‖⁴/(6p))',
            },
            {
              kind: 'every',
              id: 'floor',
              of: 'testError',
              where: { [signal]: 3 },
              atMost: 0.102,
              says: 'at n‖μ‖⁴/p = 81 the noisy error is the flip probability, below which it cannot be, to within .002, in every run',
            },
            {
              kind: 'mean',
              id: 'no-signal-to-speak-of',
              of: 'testError',
              where: { [signal]: 0.5 },
              atLeast: 0.3,
              says: 'at n‖μ‖⁴/p = 1/16 the labels are fitted as well, and the error is far above it',
            },
            {
              kind: 'every',
              id: 'width-1',
              of: 'testError',
              where: { m: 1, [signal]: 3 },
              atMost: 0.105,
              says: 'two filters are enough, in every run',
            },
            {
              kind: 'every',
              id: 'loss-ratio',
              of: 'derivativeRatio',
              atMost: 100,
              says: "the ratio of two samples' loss derivatives at the end is below 4/γ² = 100",
            },
            {
              kind: 'every',
              id: 'loss-ratio/wide',
              of: 'derivativeRatio',
              where: { m: 64 },
              atMost: 20,
              says: 'at 128 filters, which have both signs, it is below 20',
            },
          ],
          deviations,
        },
      ],
    },
    {
      id: 'loss-ratio',
      title: 'Ratio of loss derivatives and loss over time',
      shows: [
        { value: 'derivativeRatio', along: 'maxSteps' },
        { value: 'trainLoss', along: 'maxSteps', log: true },
        { value: 'movement', along: 'maxSteps', log: true },
      ],
      variants: [
        {
          id: 'over-time',
          says: 'the same runs stopped at different times, n = 40, ‖μ‖ = 2 (p/n)^{1/4}',
          spec: {
            name: 'frei-2022/loss-ratio',
            ...base,
            data: { ...base.data, n: 40, mu: 2 },
            scale,
            coupling: 'common',
            test: { estimator: 'points', points: 1000 },
            axes: { 'network.m': [1, 4, 16, 64], 'training.maxSteps': [1, 3, 10, 30, 100, 300, 1000, 3000] },
            record: { values: ['derivativeRatio', 'movement'] },
            runs: 40,
          },
          quickAxes: { 'network.m': [1, 64], 'training.maxSteps': [1, 10, 100, 300, 1000] },
          quickRuns: 5,
          checks: [
            {
              kind: 'every',
              id: 'bounded',
              of: 'derivativeRatio',
              atMost: 100,
              says: 'the ratio stays below 4/γ² = 100 at all times and widths',
            },
            {
              kind: 'every',
              id: 'bounded/wide',
              of: 'derivativeRatio',
              where: { m: 64 },
              atMost: 20,
              says: 'at 128 filters, which have both signs, it stays below 20',
            },
            ...[1, 64].flatMap((m) => {
              const slope = {
                kind: 'slope',
                of: 'trainLoss',
                along: 'maxSteps',
                where: { m, maxSteps: [100, 3000] },
              } as const;
              return [
                {
                  ...slope,
                  id: `rate/m=${m}`,
                  basis: 'test',
                  because: 'the theorem: at most as 1/√t, exponent −1/2 within .02',
                  between: [-Infinity, -0.48],
                  says: `m = ${m}: the loss falls at least as fast as the 1/√t of the theorem`,
                },
                {
                  ...slope,
                  id: `loss/m=${m}`,
                  between: [-1.2, -0.85],
                  says: `m = ${m}: it falls like 1/t`,
                },
              ] as const;
            }),
            {
              kind: 'every',
              id: 'first-step',
              basis: 'test',
              because: 'the lemma with C = 2',
              of: 'movement',
              where: { maxSteps: 1 },
              atLeast: 1.4,
              says: 'the first step leaves the initial weights: ‖W(1) − W(0)‖ ≥ (γ‖μ‖/2) ‖W(0)‖, γ‖μ‖ = 2.8',
            },
          ],
          deviations,
        },
      ],
    },
  ],
};
