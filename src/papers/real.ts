/**
 * Real images: is overfitting benign, tempered or harmful there, and where is the transition of a real signal? Settings
 * and bounds are ours; docs/real-data.md says what was found.
 */
import type { Check } from '../verification/check.ts';
import { FASHION_MNIST, ofFiles } from './data-sets.ts';
import type { Paper, Variant } from './paper.ts';

const ours = 'ours: of this question we know no published figure';
const common = { coupling: 'common', seed: 2026 } as const;
const { files, data: content } = ofFiles(FASHION_MNIST);
const data = { ...content, d: 784, heldOut: 1000, divisor: 255, centring: 'mean' } as const;
const FLIPS = [0, 0.1, 0.2, 0.4];

const PAIRS = {
  near: { classes: '2/4', says: 'pullover against coat, a near pair' },
  far: { classes: '0/1', says: 'T-shirt against trouser, a far pair' },
} as const;
type Pair = keyof typeof PAIRS;

/** Benign overfitting would leave the clean error where it is without flips. */
const costs = (flip: number): Check => ({
  kind: 'paired',
  id: `not-benign/${flip}`,
  basis: 'test',
  because: 'benign overfitting: flips that are fitted cost nothing',
  of: 'testErrorClean',
  a: { n: 400, flip },
  b: { n: 400, flip: 0 },
  above: 0,
  says: `n = 400: with p = ${flip} of the labels flipped and fitted the network's clean error is larger than without`,
});

const network = (pair: Pair, ...checks: readonly Check[]): Variant => ({
  id: pair,
  says: `${PAIRS[pair].says} of Fashion-MNIST: a leaky ReLU network until every observed label is fitted, beside max-margin, averaging and minimum norm; n = 50 to 400, p = 0 to .4, 6 draws`,
  needs: FASHION_MNIST,
  spec: {
    ...common,
    name: `real/label-noise ${pair}`,
    files,
    data: { ...data, classes: PAIRS[pair].classes },
    network: { m: 20, activation: 'leaky-relu', leak: 0.1 },
    training: { rule: 'momentum', momentum: 0.9, eta: 0.3, stop: 'zero-error', maxSteps: 40000 },
    axes: { 'data.n': [50, 100, 200, 400], 'data.flip': FLIPS },
    record: { values: ['maxMarginError', 'averagingError', 'minimumNormError'] },
    runs: 6,
    figures: [{ name: 'beside', x: 'n', y: 'testErrorClean', facet: 'flip', baselines: true }],
  },
  quickAxes: { 'data.n': [50, 400], 'data.flip': [0, 0.4] },
  quickRuns: 2,
  checks: [
    {
      kind: 'fitted',
      id: 'fitted',
      because: 'a look at single runs: one of twelve was not done after 20,000 steps',
      share: 0.8,
      says: 'four fifths of the runs at least fit every observed label',
    },
    costs(0.4),
    ...checks,
  ],
  deviations: [
    ours,
    'up to n = 400: beyond that a run takes minutes; linear classifiers on up to 5,000 points have a variant of their own',
    'leaky ReLU, as with ReLU whole filters went silent and some labels were never fitted; heavy ball, as descent takes ten times the steps',
  ],
});

const interpolation: Pick<Check, 'basis' | 'because'> = {
  basis: 'test',
  because: 'double descent: least squares of least norm is worst where n is about the rank of the inputs',
};

/** Peak of least squares, between far fewer and far more points. */
const peak = (flip: number): readonly Check[] => [
  {
    kind: 'paired',
    id: `peak/${flip}/above`,
    ...interpolation,
    of: 'minimumNormError',
    a: { n: 784, flip },
    b: { n: 5000, flip },
    above: 0.05,
    says: `p = ${flip}: at n = d = 784 the minimum-norm error exceeds that at n = 5,000 by more than .05`,
  },
  {
    kind: 'paired',
    id: `peak/${flip}/below`,
    ...interpolation,
    of: 'minimumNormError',
    a: { n: 784, flip },
    b: { n: 100, flip },
    above: 0.05,
    says: `p = ${flip}: and that at n = 100`,
  },
];

const linear = (pair: Pair, averaging: number, because: string): Variant => ({
  id: `${pair}-linear`,
  says: `${PAIRS[pair].says} of Fashion-MNIST: averaging and minimum norm, no network (one filter, one step); n = 50 to 5,000, p = 0 to .4, 6 draws`,
  needs: FASHION_MNIST,
  spec: {
    ...common,
    name: `real/label-noise ${pair}-linear`,
    files,
    data: { ...data, classes: PAIRS[pair].classes },
    network: { m: 1 },
    training: { maxSteps: 1 },
    axes: { 'data.n': [50, 100, 200, 400, 600, 784, 1000, 1600, 5000], 'data.flip': FLIPS },
    record: { values: ['averagingError', 'minimumNormError'] },
    runs: 6,
  },
  quickAxes: { 'data.n': [100, 784, 1600], 'data.flip': [0, 0.2] },
  quickRuns: 2,
  checks: [
    ...peak(0),
    ...peak(0.2),
    {
      kind: 'mean',
      id: 'averaging',
      because,
      of: 'averagingError',
      where: { n: 5000, flip: 0.2 },
      atMost: averaging,
      says: `p = .2: averaging 5,000 points errs on at most ${averaging} of the points`,
    },
  ],
  deviations: [
    ours,
    'pixels that are 0 in every drawn image leave a rank below 784 (720 of 784 in one draw): the peak is near the rank, not at 784 itself',
    'the max-margin classifier is left out: with flips and n beyond the rank no linear classifier separates',
  ],
});

const LEVEL = 0.2;
const DIMENSIONS = [800, 1600, 3200, 6400, 12800, 25600];
const QUARTER: Pick<Check, 'basis' | 'because'> & { readonly between: readonly [number, number] } = {
  basis: 'test',
  because: '‖μ‖* ∝ d^{1/4} of the patch model, ± .02 as with other transitions',
  between: [0.23, 0.27],
};
const place = { of: 'testErrorClean', along: 'divisor', against: { divisor: -1 }, level: LEVEL, over: 'd' } as const;
/** Of both signals: flips, network, step size and stop. */
const patches = {
  network: { m: 10, sigma0: 0.001, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { eta: 0.1, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.01, maxSteps: 300000 },
  runs: 100,
} as const;

const transition: Variant = {
  id: 'far',
  says: 'T-shirt against trouser of Fashion-MNIST as the signal patch, less the mean of the training points and divided by 80 to 400, beside a patch of Gaussian noise of d = 800 to 25,600 coordinates; n = 20, p = .1, ReLU until the loss is .01, 100 draws',
  needs: FASHION_MNIST,
  spec: {
    ...common,
    name: 'real/transition far',
    files,
    data: {
      ...content,
      classes: PAIRS.far.classes,
      n: 20,
      flip: 0.1,
      heldOut: 200,
      centring: 'mean',
      layout: 'noise-patch',
      sigmaP: 1,
    },
    ...patches,
    axes: {
      'data.d': DIMENSIONS,
      'data.divisor': { from: 80, to: 400, count: 6, scale: 'log' },
    },
    figures: [{ name: 'divisor', x: 'divisor', y: 'testErrorClean', color: 'd', log: ['x', 'y'], level: [LEVEL] }],
  },
  quickAxes: { 'data.d': [800, 6400], 'data.divisor': { from: 80, to: 400, count: 4, scale: 'log' } },
  quickRuns: 10,
  checks: [
    {
      kind: 'fitted',
      id: 'fitted',
      basis: 'test',
      because: 'all are compared at the same training loss, .01',
      share: 0.99,
      says: '99 % of the runs fit every observed label',
    },
    {
      kind: 'level-slope',
      id: 'exponent',
      ...QUARTER,
      ...place,
      says: 'where the clean error falls through .2 the scale of the signal, 1/divisor, grows like d^{1/4}',
    },
    {
      kind: 'level-slope',
      id: 'exponent/coarse',
      basis: 'test',
      because: 'half-way from 1/4 to 0, a border that does not move, and to 1/2, a fixed signal-to-noise ratio',
      ...place,
      between: [0.125, 0.375],
      says: 'it grows with an exponent nearer to 1/4 than to 0 and to 1/2',
    },
  ],
  deviations: [
    ours,
    'the signal is the image itself: half the distance of the class means is 823/divisor, and within a class images vary by 1,637/divisor and 1,294/divisor (root of the trace of the covariance), which no patch model has',
    'the noise is not projected off the signal, and behind its 784 pixels the signal patch is 0',
  ],
};

/** The same without within-class variation: what the exponent is at these sizes where the theory speaks. */
const patchModel: Variant = {
  id: 'patch-model',
  says: 'beside it one signal vector instead of images, ‖μ‖ = 2 to 10, as long as half the distance of the class means there; noise, network, flips and stop alike, 100 draws',
  spec: {
    ...common,
    name: 'real/transition patch-model',
    data: { n: 20, flip: 0.1, projected: false },
    ...patches,
    axes: { 'data.d': DIMENSIONS, 'data.mu': { from: 2.05, to: 10.25, count: 6, scale: 'log' } },
    figures: [{ name: 'mu', x: 'mu', y: 'testErrorClean', color: 'd', log: ['x', 'y'], level: [LEVEL] }],
  },
  quickAxes: { 'data.d': [800, 6400], 'data.mu': { from: 2.05, to: 10.25, count: 4, scale: 'log' } },
  quickRuns: 10,
  checks: [
    {
      kind: 'level-slope',
      id: 'exponent',
      ...QUARTER,
      of: 'testErrorClean',
      along: 'mu',
      against: { mu: 1 },
      level: LEVEL,
      over: 'd',
      says: 'where the clean error falls through .2 ‖μ‖ grows like d^{1/4}',
    },
  ],
  deviations: [
    ours,
    'added after a look at the runs on images, whose exponent lies below 1/4: to see how much of that is these sizes',
  ],
};

export const real: Paper = {
  id: 'real',
  title: 'Real images: label noise, interpolation and the transition of a real signal',
  authors: ['benign-lab'],
  year: 2026,
  venue: 'no paper: questions of ours',
  bibtex: `@misc{benignlabreal,
  title = {Label noise, interpolation and the transition of a real signal},
  author = {{benign-lab}},
  year = {2026},
  note = {docs/real-data.md of benign-lab}
}`,
  figures: [
    {
      id: 'label-noise',
      title: 'Clean test error over n and the share of flipped labels: a network beside linear classifiers',
      shows: [
        { value: 'testErrorClean', along: 'n' },
        { value: 'minimumNormError', along: 'n' },
        { value: 'averagingError', along: 'n' },
      ],
      variants: [
        network('near', costs(0.1), costs(0.2)),
        network('far', costs(0.1), costs(0.2)),
        linear('near', 0.32, 'a look at one draw: .285 at n = 5,000, and .309 at n = 400'),
        linear('far', 0.1, 'a plain NumPy program of ours, 10 draws, pixels not centred: .08 to .09'),
      ],
    },
    {
      id: 'transition',
      title: 'How large a real signal must be beside noise of d coordinates',
      shows: [],
      variants: [transition, patchModel],
    },
  ],
};
