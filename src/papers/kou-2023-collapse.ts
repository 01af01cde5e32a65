/** Kou et al. 2023: the transition curves over S = n‖μ‖⁴/(σ_p⁴ d), on which theory lays them together. */
import type { Check } from '../verification/check.ts';
import type { PaperFigure } from './paper.ts';

/** Factors of (d/n)^{1/4}: S is their fourth power. */
const byS = { 'data.mu': { d: 0.25, n: -0.25 } } as const;
const MU = 'mu*n^0.25/d^0.25';
const ours = 'ours: of this statement we know no published figure';

/** The control parameter S = n‖μ‖⁴/(σ_p⁴ d) of the theorem, and n SNR², which is none here. */
const S = { n: 1, mu: 4, sigmaP: -4, d: -1 } as const;
const N_SNR2 = { n: 1, mu: 2, sigmaP: -2, d: -1 } as const;
const atLevel = (level: number, over: string) => ({ of: 'testErrorClean', along: MU, level, over }) as const;
const collapsing = {
  data: { flips: 0.1, flipLaw: 'exact' },
  network: { m: 10, sigma0: 0.1, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { eta: 1, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.02, maxSteps: 20000 },
  test: { lines: 4, shifts: 4 },
  seed: 2023,
} as const;
/** Bounds chosen on other runs than those that are held against them. */
const PILOT = { basis: 'test', because: 'a pilot on seed 7' } as const;
const collapseChecks: readonly Check[] = [
  {
    kind: 'mean',
    id: 'fitted',
    ...PILOT,
    of: 'trainError',
    atMost: 0.001,
    says: 'every label is fitted but for one in a thousand',
  },
  ...[0.35, 0.2, 0.05].flatMap((level): Check[] => [
    {
      kind: 'collapse',
      id: `over-d/${level}`,
      ...PILOT,
      ...atLevel(level, 'd'),
      against: S,
      atMost: 0.02,
      says: `d from 10^4 to 10^8: at clean error ${level} the lines lie fifty times nearer together over S than over ‖μ‖`,
    },
    {
      kind: 'level-slope',
      id: `drift-d/${level}`,
      ...PILOT,
      ...atLevel(level, 'd'),
      against: S,
      between: [-0.02, 0.02],
      says: `log S at clean error ${level} moves by at most .02 for e times the d`,
    },
  ]),
  {
    kind: 'collapse',
    id: 'over-n/0.35',
    ...PILOT,
    ...atLevel(0.35, 'n'),
    against: S,
    atMost: 0.1,
    says: 'n from 20 to 80: at clean error .35 the lines lie ten times nearer together over S than over ‖μ‖',
  },
  {
    kind: 'collapse',
    id: 'over-n/0.2',
    ...PILOT,
    ...atLevel(0.2, 'n'),
    against: S,
    atMost: 0.1,
    says: 'the same at .2',
  },
  {
    kind: 'collapse',
    id: 'over-n/0.05',
    ...PILOT,
    ...atLevel(0.05, 'n'),
    against: S,
    atMost: 0.25,
    says: 'four times nearer at .05: the collapse over n is approximate',
  },
  {
    kind: 'level-slope',
    id: 'drift-n/0.35',
    ...PILOT,
    ...atLevel(0.35, 'n'),
    against: S,
    between: [-0.05, 0.05],
    says: 'log S at clean error .35 hardly moves with log n',
  },
  {
    kind: 'level-slope',
    id: 'drift-n/0.2',
    ...PILOT,
    ...atLevel(0.2, 'n'),
    against: S,
    between: [-0.1, -0.03],
    says: 'at .2 it falls a little with log n',
  },
  {
    kind: 'level-ratio',
    id: 'drift-n/0.05',
    ...PILOT,
    of: 'testErrorClean',
    along: MU,
    level: 0.05,
    a: { n: 80 },
    b: { n: 20 },
    atLeast: 4 ** (-0.25 / 4),
    atMost: 4 ** (-0.1 / 4),
    says: 'at .05 it falls, from 20 to 80 samples by a tenth to a quarter for e times the n (shown is the fourth root of S): the transition is narrower at larger n',
  },
  {
    kind: 'collapse',
    id: 'n-snr2',
    ...PILOT,
    ...atLevel(0.2, 'd'),
    against: N_SNR2,
    atLeast: 0.9,
    says: 'n SNR² = n‖μ‖²/(σ_p² d) in place of S brings the lines of different d no nearer',
  },
];
const shapes = { 'data.n': [20, 40, 80], 'data.d': [1e4, 1e6, 1e8] } as const;

export const collapse: PaperFigure = {
  id: 'collapse',
  title: 'Clean test error over S = n‖μ‖⁴/(σ_p⁴ d) as n, d and ‖μ‖ vary together, beside the same points over ‖μ‖',
  shows: [
    { value: 'testErrorClean', along: MU, against: S, prediction: 'averaging-classifier' },
    { value: 'testErrorClean', along: MU, against: S, prediction: 'averaging-classifier', log: true },
  ],
  variants: [
    {
      id: 'small-start',
      says: 'the network of the text at nine pairs of n and d, exactly n/10 labels flipped, σ_0 σ_p √d = 0.1 √(n/d), until the loss is .02',
      spec: {
        name: 'kou-2023/collapse small-start',
        ...collapsing,
        scale: { 'data.flips': { n: 1 }, 'network.sigma0': { n: 0.5, d: -0.5 }, ...byS },
        axes: { ...shapes, 'data.mu': { from: 0.3, to: 2.4, count: 13, scale: 'log' } },
        runs: 300,
      },
      quickAxes: { ...shapes, 'data.mu': { from: 0.3, to: 2.4, count: 7, scale: 'log' } },
      quickRuns: 20,
      checks: collapseChecks,
      deviations: [
        ours,
        'bounds of the checks were chosen by a pilot on seed 7',
        'log S at clean error .05 is no line in log n: its slope is -.27 ± .02 from n = 20 to 40 and -.14 ± .01 from 40 to 80; the check holds both ends together against the pilot’s bounds',
        'the theorem says that S decides up to constants; how far a line may move is ours',
        "of Condition 4.1 (as commonly cited, C = 1, T* = 20,000) the initial scale is kept everywhere, the dimension at d = 10^8 and at d = 10^6 with n = 20, the step size nowhere: the protocol's is larger",
      ],
    },
    {
      id: 'large-start',
      control: true,
      says: 'the same with σ_0 σ_p √d = 0.1 at every n and d: outside Condition 4.1 as d grows',
      spec: {
        name: 'kou-2023/collapse large-start',
        ...collapsing,
        scale: { 'data.flips': { n: 1 }, ...byS },
        axes: { ...shapes, 'data.mu': { from: 0.3, to: 7, count: 13, scale: 'log' } },
        runs: 100,
      },
      quickAxes: { ...shapes, 'data.mu': { from: 0.3, to: 7, count: 7, scale: 'log' } },
      quickRuns: 10,
      checks: collapseChecks,
      deviations: [ours, 'a control: the start alone is another one'],
    },
  ],
};
