/**
 * Beyond the theory: do the automatic balance of updates, the coefficient ratio and the transition of Kou et al. 2023
 * survive other step rules? Settings and bounds are ours; docs/beyond.md says what was found.
 */
import type { Check, Where } from '../verification/check.ts';
import type { Paper } from './paper.ts';

/** Kou et al.'s network and step of the text (as commonly cited): projected noise, 1/m, no bias, small weights. */
const network = { m: 10, sigma0: 0.001, sigma0Unit: '1/(sigmaP*sqrt(d))' } as const;
const ETA_UNIT = '(1-momentum)*n*m/(sigmaP^2*d)';
/** Factors of (d/n)^{1/4}: S = n‖μ‖⁴/(σ_p⁴d) is their fourth power. */
const byS = { 'data.mu': { d: 0.25, n: -0.25 } } as const;

const ONE_LIMIT = ['descent', 'momentum', 'nesterov'] as const;
const BATCHES = [0, 4] as const;
const called = (rule: string, batch: number): string => `${rule}${batch === 0 ? '' : `, batches of ${batch}`}`;
const pairs = ONE_LIMIT.flatMap((rule) => BATCHES.map((batch) => ({ rule, batch })));
const others = pairs.filter(({ rule, batch }) => rule !== 'descent' || batch !== 0);
const id = ({ rule, batch }: { readonly rule: string; readonly batch: number }): string =>
  `${rule}${batch === 0 ? '' : '-batches'}`;

const ours = 'ours: of this question we know no published figure';
const momentum =
  'heavy ball and Nesterov with β = .9 and a step size of (1 - β) times that of descent, so that as many steps are as much time of the common limit η → 0';

const mechanisms: readonly Check[] = [
  ...pairs.map((pair): Check => ({
    kind: 'every',
    id: `balance/${id(pair)}`,
    basis: 'test',
    because: 'the bound that descent keeps (kou-2023/mechanisms)',
    of: 'derivativeRatio',
    where: pair,
    atMost: 20,
    share: 0.99,
    says: `${called(pair.rule, pair.batch)}: the largest ratio of two loss derivatives stays at most 20 in 99 runs of a hundred`,
  })),
  ...pairs.map((pair): Check => ({
    kind: 'ratio',
    id: `flat/${id(pair)}`,
    basis: 'test',
    because: 'the bound that descent keeps (kou-2023/mechanisms)',
    of: 'ratio',
    a: { ...pair, maxSteps: 1000 },
    b: { ...pair, maxSteps: 300 },
    atLeast: 0.95,
    atMost: 1.05,
    says: `${called(pair.rule, pair.batch)}: from step 300 to step 1000 Σγ/Σρ̄ is flat to 5 %`,
  })),
  ...others.map((pair): Check => ({
    kind: 'ratio',
    id: `as-descent/${id(pair)}`,
    basis: 'test',
    because: 'one limit η → 0; 5 % is the margin of kou-2023/mechanisms for "flat"',
    of: 'ratio',
    a: { ...pair, maxSteps: 1000 },
    b: { rule: 'descent', batch: 0, maxSteps: 1000 },
    atLeast: 0.95,
    atMost: 1.05,
    says: `${called(pair.rule, pair.batch)}: after 1,000 steps Σγ/Σρ̄ is that of descent to 5 %`,
  })),
  ...pairs.map((pair): Check => ({
    kind: 'trend',
    id: `rho-bar/${id(pair)}`,
    basis: 'test',
    because: 'algebra of the update, whose pulls on ρ̄ are never negative',
    of: 'rhoBar',
    along: 'maxSteps',
    where: pair,
    direction: 'rises',
    says: `${called(pair.rule, pair.batch)}: ρ̄ never decreases`,
  })),
];

const LEVEL = 0.05;
const MU = 'mu*n^0.25/d^0.25';
/** Of the large variant: Nesterov's steps, which no kernel makes, take twenty times as long, and have one of their own. */
const mapped = pairs.filter(({ rule }) => rule !== 'nesterov');
/** ‖μ‖* in units of (d/n)^{1/4} at one place over that at another. */
const placeRatio = (
  name: string,
  a: Where,
  b: Where,
  [atLeast, atMost]: readonly [number, number],
  because: string,
  says: string,
): Check => ({
  kind: 'level-ratio',
  id: name,
  basis: 'test',
  because,
  of: 'testErrorClean',
  along: MU,
  level: LEVEL,
  a,
  b,
  atLeast,
  atMost,
  says,
});
const EQUAL = [0.95, 1.05] as const;
const COMMON_LIMIT = 'one limit η → 0; 5 % of ‖μ‖* are 22 % of S';

const transition: readonly Check[] = [
  {
    kind: 'fitted',
    id: 'fitted',
    basis: 'test',
    because: 'all rules are compared at the same training loss, .01',
    share: 0.99,
    says: 'with every rule 99 % of the runs fit every label',
  },
  ...mapped.map((pair) =>
    placeRatio(
      `exponent/${id(pair)}`,
      { ...pair, eta: 0.1, d: 100000 },
      { ...pair, eta: 0.1, d: 1000 },
      [0.91, 1.1],
      '‖μ‖* ∝ d^{1/4 ± .02} over a factor 100 of d',
      `${called(pair.rule, pair.batch)}: from d = 1,000 to 100,000 ‖μ‖* grows like d^{1/4}`,
    ),
  ),
  ...mapped
    .filter((pair) => others.includes(pair))
    .map((pair) =>
      placeRatio(
        `as-descent/${id(pair)}`,
        { ...pair, eta: 0.03 },
        { rule: 'descent', batch: 0, eta: 0.03 },
        EQUAL,
        COMMON_LIMIT,
        `${called(pair.rule, pair.batch)}: at the smallest step size ‖μ‖* is that of descent to 5 %`,
      ),
    ),
  ...mapped.map((pair) =>
    placeRatio(
      `step-size/${id(pair)}`,
      { ...pair, eta: 0.3 },
      { ...pair, eta: 0.03 },
      EQUAL,
      'differences that vanish with η are step size',
      `${called(pair.rule, pair.batch)}: ten times the step size moves ‖μ‖* by less than 5 %`,
    ),
  ),
];

const nesterov: readonly Check[] = [
  placeRatio(
    'as-descent/nesterov',
    { rule: 'nesterov' },
    { rule: 'descent' },
    EQUAL,
    COMMON_LIMIT,
    'Nesterov: ‖μ‖* is that of descent to 5 %',
  ),
];

/** Both variants of the common limit: until the loss is .01, from three dimensions. */
const toLoss = {
  data: { n: 20, flip: 0.1 },
  network,
  training: { eta: 0.1, etaUnit: ETA_UNIT, stop: 'loss', epsilon: 0.01, maxSteps: 300000 },
  scale: byS,
  coupling: 'common',
  runs: 60,
  seed: 2026,
} as const;
const DIMENSIONS = [1000, 10000, 100000];
const SIGNALS = [1, 1.3, 1.6, 1.9];
const overSignal = { x: MU, y: 'testErrorClean', color: 'rule', log: ['y'], level: [LEVEL] };
const overS = { x: 'S', y: 'testErrorClean', facet: 'rule', log: ['x', 'y'], level: [LEVEL] };

const apart = { of: 'testErrorClean', along: 'mu', level: 0.2 } as const;
const overDimensions = { y: 'testErrorClean', color: 'd', facet: 'rule', log: ['x', 'y'], level: [apart.level] };

/**
 * Coordinate by coordinate the signal, one coordinate, grows by η a step, and a fresh noise's product with what was
 * learnt of d coordinates is √d σ_p as large: the error is a function of ‖μ‖/(σ_p √d), and ‖μ‖* grows like d^{1/2}.
 */
const coordinates: readonly Check[] = (['sign', 'adam'] as const).flatMap((rule): Check[] => [
  {
    kind: 'level-ratio',
    id: `exponent/${rule}`,
    basis: 'test',
    because: '‖μ‖* ∝ d^{1/2 ± .08} over a factor 16 of d, by the argument above',
    ...apart,
    a: { rule, d: 1600 },
    b: { rule, d: 100 },
    atLeast: 3.2,
    atMost: 5,
    says: `${rule}: where the clean error falls through .2, ‖μ‖* grows like d^{1/2} from d = 100 to 1,600`,
  },
  {
    kind: 'level-ratio',
    id: `not-descent/${rule}`,
    because: 'half-way between the exponents 1/4 of descent and 1/2, on a log scale',
    ...apart,
    a: { rule, d: 1600 },
    b: { rule, d: 100 },
    atLeast: 2.83,
    says: `${rule}: it grows faster than d^{3/8}`,
  },
]);

export const optimizers: Paper = {
  id: 'optimizers',
  title: 'Beyond the theory: balance, coefficient ratio and transition under other step rules',
  authors: ['benign-lab'],
  year: 2026,
  venue: 'no paper: a question of ours',
  bibtex: `@misc{benignlaboptimizers,
  title = {Balance, coefficient ratio and transition under other step rules},
  author = {{benign-lab}},
  year = {2026},
  note = {docs/beyond.md of benign-lab}
}`,
  figures: [
    {
      id: 'mechanisms',
      title: 'Balance and coefficient ratio over time under rules with one limit η → 0',
      shows: [],
      variants: [
        {
          id: 'one-limit',
          says: 'the network of Kou et al. at d = 100,000, S = 32: descent, heavy ball and Nesterov, with all samples and with batches of 4',
          spec: {
            name: 'optimizers/mechanisms one-limit',
            data: { n: 20, d: 100000, mu: 20, flip: 0.1 },
            network,
            training: { eta: 0.02, etaUnit: ETA_UNIT },
            axes: {
              'training.rule': [...ONE_LIMIT],
              'training.batch': [...BATCHES],
              'training.maxSteps': [1, 3, 10, 30, 100, 300, 1000],
            },
            coupling: 'common',
            record: { values: ['ratio', 'derivativeRatio'] },
            runs: 200,
            seed: 2026,
            figures: [
              { name: 'ratio', x: 'maxSteps', y: 'ratio', color: 'rule', facet: 'batch', log: ['x', 'y'] },
              {
                name: 'balance',
                x: 'maxSteps',
                y: 'derivativeRatio',
                color: 'rule',
                facet: 'batch',
                log: ['x', 'y'],
                show: 'quantiles',
              },
              { name: 'noise', x: 'maxSteps', y: 'rhoBar', color: 'rule', facet: 'batch', log: ['x'] },
            ],
          },
          quickAxes: {
            'training.rule': ['descent', 'momentum'],
            'training.batch': [...BATCHES],
            'training.maxSteps': [1, 300, 1000],
          },
          quickRuns: 20,
          checks: mechanisms,
          deviations: [ours, momentum],
        },
      ],
    },
    {
      id: 'transition',
      title: 'Where the clean error falls through a level, by step rule, batch and step size, at equal training loss',
      shows: [],
      variants: [
        {
          id: 'one-limit',
          says: 'the network of Kou et al. until the loss is .01: descent and heavy ball, with all samples and with batches of 4, at three step sizes and three dimensions',
          spec: {
            name: 'optimizers/transition one-limit',
            ...toLoss,
            axes: {
              'training.rule': ['descent', 'momentum'],
              'training.batch': [...BATCHES],
              'training.eta': [0.03, 0.1, 0.3],
              'data.d': DIMENSIONS,
              'data.mu': SIGNALS,
            },
            figures: [
              { name: 'test-error', ...overSignal, facet: 'batch', where: ['eta=0.1', 'd=10000'] },
              { name: 'dimension', ...overS, color: 'd', where: ['eta=0.1', 'batch=4'] },
              { name: 'step-size', ...overS, color: 'eta', where: ['d=10000', 'batch=4'] },
            ],
          },
          quickAxes: {
            'training.rule': ['descent', 'momentum'],
            'training.batch': [0],
            'training.eta': [0.03, 0.3],
            'data.d': [1000, 100000],
            'data.mu': SIGNALS,
          },
          quickRuns: 10,
          checks: transition,
          deviations: [ours, momentum, `the level ${LEVEL} is ours`],
        },
        {
          id: 'nesterov',
          says: 'Nesterov beside descent, all samples, one step size, at three dimensions',
          spec: {
            name: 'optimizers/transition nesterov',
            ...toLoss,
            axes: { 'training.rule': ['descent', 'nesterov'], 'data.d': DIMENSIONS, 'data.mu': SIGNALS },
            figures: [{ name: 'test-error', ...overSignal, facet: 'd' }],
          },
          quickAxes: {
            'training.rule': ['descent', 'nesterov'],
            'data.d': [1000],
            'data.mu': SIGNALS,
          },
          quickRuns: 10,
          checks: nesterov,
          deviations: [ours, momentum],
        },
        {
          id: 'coordinatewise',
          says: 'sign descent and Adam on explicit vectors until the loss is .01, steps of .2/d, at three dimensions',
          spec: {
            name: 'optimizers/transition coordinatewise',
            data: { n: 20, flip: 0.1, draw: 'explicit' },
            engine: 'direct',
            network,
            training: { eta: 0.2, stop: 'loss', epsilon: 0.01, maxSteps: 3000 },
            scale: { 'training.eta': { d: -1 } },
            axes: {
              'training.rule': ['sign', 'adam'],
              'data.d': [100, 400, 1600],
              'data.mu': { from: 2, to: 64, count: 6, scale: 'log' },
            },
            runs: 8,
            seed: 2026,
            figures: [
              { name: 'test-error', x: 'mu', ...overDimensions },
              { name: 'collapse', x: 'SNR', ...overDimensions },
            ],
          },
          quickAxes: { 'training.rule': ['sign'], 'data.d': [100, 400], 'data.mu': [4, 32] },
          quickRuns: 4,
          checks: coordinates,
          deviations: [ours],
        },
      ],
    },
  ],
};
