/**
 * Cao, Chen, Belkin, Gu 2022: max(0, z)^q, no flipped label. What is used of it is its abstract and its conditions as
 * others state them (critical n SNR^q); every setting is ours.
 */
import type { Paper, Variant } from './paper.ts';

const OURS =
  'ours: no experiment of the paper was at hand; its condition n SNR^q is taken as commonly cited, SNR = ‖μ‖/(σ_p √d)';

/** On the axis: SNR, as the factor c of ‖μ‖ = c √d with σ_p = 1. */
const SNR = 'mu/d^0.5';
const base = {
  data: { n: 20, d: 1000 },
  network: { m: 10, activation: 'relu-power', power: 3, sigma0: 0.1, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { eta: 0.1, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.05, maxSteps: 5000 },
  test: { estimator: 'points', points: 1000 },
  scale: { 'data.mu': { d: 0.5 } },
  coupling: 'common',
  runs: 20,
  seed: 2022,
} as const;
const frontier = { of: 'testErrorClean', along: SNR, level: 0.25 } as const;

const strengths = { from: 0.15, to: 1, count: 17, scale: 'log' } as const;
const quickStrengths = { from: 0.15, to: 1, count: 11, scale: 'log' } as const;
const alongD = {
  quickAxes: { 'data.d': [500, 8000], 'data.mu': quickStrengths },
  quickRuns: 6,
  checks: [
    {
      kind: 'level-ratio',
      id: 'free-of-d',
      because: 'exponent 0 within .05: 16^.05 = 1.15',
      alternatives: { relu: 0.475 },
      ...frontier,
      a: { d: 8000 },
      b: { d: 500 },
      atLeast: 0.85,
      atMost: 1.15,
      says: 'the SNR at clean error 0.25 is the same at d = 8,000 and d = 500 within 15 %',
    },
  ],
} as const satisfies Partial<Variant>;

const samples = (power: number, runs: number, least: number, most: number, ...more: string[]): Variant => ({
  id: `power-${power}`,
  says: `ours: max(0, z)^${power}, until the loss is 0.05`,
  spec: {
    name: `cao-2022/samples power-${power} (ours)`,
    ...base,
    network: { ...base.network, power },
    axes: { 'data.n': [20, 40, 80, 160], 'data.mu': strengths },
    runs,
  },
  quickAxes: { 'data.n': [20, 160], 'data.mu': quickStrengths },
  quickRuns: 12,
  checks: [
    {
      kind: 'level-ratio',
      id: 'falls-with-n',
      because: `about 8^(1/${power}), the bounds as first set`,
      ...frontier,
      a: { n: 20 },
      b: { n: 160 },
      atLeast: least,
      atMost: most,
      says: `eight times the samples divide the critical SNR by 8^(1/${power}) = ${(8 ** (1 / power)).toFixed(2)}: between ${least} and ${most}`,
    },
    {
      kind: 'trend',
      id: 'falls-with-snr',
      basis: 'test',
      because: 'the abstract: small test loss above a threshold, a constant one below it',
      of: 'testErrorClean',
      along: SNR,
      direction: 'falls',
      says: 'the error falls with the SNR',
    },
    {
      kind: 'every',
      id: 'fitted-loss',
      basis: 'test',
      because: 'the abstract: gradient descent reaches any small training loss on both sides',
      of: 'trainLoss',
      atMost: 0.05,
      says: 'every run reaches training loss 0.05, on either side of the transition',
    },
    {
      kind: 'mean',
      id: 'harmful',
      of: 'testErrorClean',
      where: { [SNR]: [0, 0.16] },
      atLeast: 0.4,
      says: 'at SNR 0.15 the network guesses: mean clean error at least 0.4',
    },
    {
      kind: 'every',
      id: 'benign',
      of: 'testErrorClean',
      where: { [SNR]: [0.9, 1] },
      atMost: 0.01,
      share: 0.9,
      says: 'at SNR 1 the clean error is at most 0.01 in nine runs of ten, at least',
    },
  ],
  deviations: [OURS, ...more],
});

export const cao2022: Paper = {
  id: 'cao-2022',
  title: 'Benign overfitting in two-layer convolutional neural networks',
  authors: ['Yuan Cao', 'Zixiang Chen', 'Mikhail Belkin', 'Quanquan Gu'],
  year: 2022,
  venue: 'NeurIPS 2022',
  arxiv: '2202.06526',
  bibtex: `@inproceedings{cao2022benign,
  title = {Benign overfitting in two-layer convolutional neural networks},
  author = {Cao, Yuan and Chen, Zixiang and Belkin, Mikhail and Gu, Quanquan},
  booktitle = {Advances in Neural Information Processing Systems},
  volume = {35},
  year = {2022}
}`,
  figures: [
    {
      id: 'samples',
      title: 'Clean test error over n and the SNR, activation max(0, z)^q (ours)',
      shows: [{ value: 'testErrorClean' }, { value: 'testErrorClean', along: SNR }, { value: 'trainLoss', log: true }],
      variants: [
        samples(
          3,
          100,
          1.75,
          2.3,
          'eight times the samples divide the critical SNR by 1.79 ± 0.04, short of 2: the sizes are small and the condition leaves logarithms out',
        ),
        samples(
          4,
          120,
          1.45,
          1.95,
          'eight times the samples divide the critical SNR by 1.52 ± 0.05, short of 1.68, as for q = 3',
        ),
      ],
    },
    {
      id: 'dimension',
      title:
        'Clean test error over d and the SNR: powers of the ReLU depend on the SNR alone, the ReLU does not (ours)',
      shows: [{ value: 'testErrorClean' }, { value: 'testErrorClean', along: SNR }],
      variants: [
        {
          id: 'power-3',
          says: 'ours: max(0, z)^3, until the loss is 0.05',
          spec: {
            name: 'cao-2022/dimension power-3 (ours)',
            ...base,
            axes: { 'data.d': [500, 1000, 2000, 4000, 8000], 'data.mu': strengths },
          },
          ...alongD,
          deviations: [OURS],
        },
        {
          id: 'relu',
          control: true,
          says: 'ours: the ReLU instead, whose transition follows n‖μ‖⁴/(σ_p⁴d): its critical SNR falls as d^(-1/4)',
          spec: {
            name: 'cao-2022/dimension relu (ours)',
            ...base,
            network: { m: 10, sigma0: 0.1, sigma0Unit: '1/(sigmaP*sqrt(d))' },
            test: { estimator: 'lines' },
            axes: {
              'data.d': [500, 1000, 2000, 4000, 8000],
              'data.mu': { from: 0.01, to: 0.2, count: 17, scale: 'log' },
            },
          },
          ...alongD,
          quickAxes: { 'data.d': [500, 8000], 'data.mu': { from: 0.01, to: 0.2, count: 12, scale: 'log' } },
          deviations: [
            OURS,
            "another activation than the paper's: it does not follow n SNR^q, which is what the check must notice",
          ],
        },
      ],
    },
  ],
};
