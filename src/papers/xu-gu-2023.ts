/** Xu, Gu 2023. The paper has no experiments: every figure here is ours, and tests what its theorem and lemmas say. */
import type { Check } from '../verification/check.ts';
import type { Paper } from './paper.ts';

/**
 * Their network is m^{-1/2} sum over m filters; ours has 2m filters and the factor m^{-1/2}, so v_0 = 1/√2. Their p is
 * d. A tenth of the labels is wrong; the step size is n/(2p), of the order that the proof uses, and ω_init =
 * α/(5√(2mp)).
 */
const base = {
  data: { model: 'mixture', projected: false, flipLaw: 'exact', flips: 0.1, mu: 3 },
  network: { outputScale: '1/sqrt(m)', outputSigns: 'random', v0: Math.SQRT1_2, m: 20, sigma0: 0.1 * Math.SQRT1_2 },
  training: { eta: 0.5 },
  seed: 2023,
} as const;
/** ‖μ‖ in units of (p/n)^{1/4}, so that n‖μ‖⁴/p is its fourth power. */
const scale = {
  'data.flips': { n: 1 },
  'data.mu': { d: 0.25, n: -0.25 },
  'training.eta': { n: 1, d: -1 },
  'network.sigma0': { n: 1, d: -1.5, m: -0.5 },
} as const;
/** p in units of n². */
const squareScale = { ...scale, 'data.d': { n: 2 } } as const;

const ours = 'ours: the paper has no experiments';
const stepSize = 'the step size is n/(2p), of the order that the proof uses; the theorem asks for 1/(Cp²)';

// ---- over time

const times = { 'training.maxSteps': [1, 3, 10, 30, 100, 300, 1000, 3000, 10000] } as const;
const sizes = { 'data.n': [20, 40], 'data.d': [10, 40] } as const;
const ratesChecks: readonly Check[] = [
  {
    kind: 'statement',
    id: 'rates',
    because: 'of the theorem and its proof the form, the constants 30 and 1 are ours',
    statement: 'xu-gu-2023/rates',
    says: "in every run, after every number of steps: each sample's loss at most 30n/(αpt), the mean loss at most 1/(α‖μ‖²t)",
  },
  ...[20, 40].flatMap((n): Check[] => [
    {
      kind: 'slope',
      id: `mean-loss/n=${n}`,
      of: 'trainLoss',
      along: 'maxSteps',
      where: { n, 'd/n^2': 40, maxSteps: [100, 10000] },
      basis: 'test',
      because: 'of the rate the exponent −1, at most .02 slower; −1.05 is a guard',
      between: [-1.05, -0.98],
      says: `n = ${n}: L̂ falls like 1/t`,
    },
    {
      kind: 'slope',
      id: `largest-loss/n=${n}`,
      of: 'lossMax',
      along: 'maxSteps',
      where: { n, 'd/n^2': 40, maxSteps: [100, 10000] },
      between: [-1.15, -0.9],
      says: `n = ${n}: the largest loss of a sample falls like 1/t`,
    },
  ]),
  {
    kind: 'every',
    id: 'derivatives',
    of: 'derivativeRatio',
    atMost: 20,
    says: 'the derivative ratio stays below 20 at all times (Lemma C.1: bounded)',
  },
];

// ---- pollution

const pollution = (adversary: 'largest-norm' | 'one-class' | 'aligned', says: string) => ({
  id: adversary,
  says,
  spec: {
    name: `xu-gu-2023/pollution ${adversary}`,
    ...base,
    data: { ...base.data, n: 40, d: 10, adversary },
    scale: squareScale,
    coupling: 'common',
    axes: { 'data.flipLaw': ['exact', 'adversarial'], 'training.maxSteps': [10, 30, 100, 300, 1000, 3000] },
    record: { values: ['derivativeRatio', 'lossMax'] },
    runs: 100,
  },
  quickAxes: { 'data.flipLaw': ['exact', 'adversarial'], 'training.maxSteps': [10, 100, 1000] },
  quickRuns: 20,
  checks: [
    {
      kind: 'every',
      id: 'bounded',
      of: 'derivativeRatio',
      atMost: 20,
      says: 'max g_i/min g_i stays below 20, whoever picks the wrong labels',
    },
    {
      kind: 'ratio',
      id: 'against-random',
      of: 'derivativeRatio',
      a: { flipLaw: 'adversarial' },
      b: { flipLaw: 'exact' },
      atMost: 1.5,
      says: 'the adversary raises the mean ratio by half at most',
    },
    {
      kind: 'every',
      id: 'error',
      of: 'testErrorClean',
      where: { maxSteps: [1000, 3000] },
      atMost: 0.001,
      says: 'the clean error stays below .001',
    },
  ] satisfies Check[],
  deviations: [
    ours,
    stepSize,
    'a strategy of ours: the theorem holds for the worst choice of the wrong labels, which nobody can search',
  ],
});

export const xuGu2023: Paper = {
  id: 'xu-gu-2023',
  title: 'Benign overfitting of non-smooth neural networks beyond lazy training',
  authors: ['Xingyu Xu', 'Yuantao Gu'],
  year: 2023,
  venue: 'AISTATS 2023, PMLR 206',
  bibtex: `@inproceedings{xu2023benign,
  title = {Benign Overfitting of Non-Smooth Neural Networks Beyond Lazy Training},
  author = {Xu, Xingyu and Gu, Yuantao},
  booktitle = {International Conference on Artificial Intelligence and Statistics},
  series = {PMLR},
  volume = {206},
  year = {2023}
}`,
  figures: [
    {
      id: 'error',
      title: 'Clean test error against the signal, in units of (p/n)^{1/4}',
      shows: [
        { value: 'testErrorClean', along: 'mu*n^0.25/d^0.25', log: true },
        { value: 'errorExponent', along: 'mu*n^0.25/d^0.25', log: true },
        { value: 'averagingError', along: 'mu*n^0.25/d^0.25', log: true },
      ],
      variants: [
        {
          id: 'exponent',
          says: "inside the theorem's conditions with C = 1, δ = .1 from ‖μ‖ = 2.1 (p/n)^{1/4} on: p = 10⁶, until the loss is .01",
          spec: {
            name: 'xu-gu-2023/error',
            ...base,
            data: { ...base.data, d: 1e6 },
            training: { ...base.training, stop: 'loss', epsilon: 0.01, maxSteps: 10000 },
            test: { estimator: 'auto', precision: 0.3 },
            scale,
            axes: { 'data.n': [20, 40], 'data.mu': { from: 1, to: 3, step: 0.5 } },
            record: { values: ['errorExponent', 'averagingError'] },
            runs: 60,
          },
          quickAxes: { 'data.n': [20, 40], 'data.mu': [1, 2, 2.5, 3] },
          quickRuns: 3,
          checks: [
            {
              kind: 'statement',
              id: 'theorem',
              basis: 'test',
              because: '1 − δ',
              statement: 'xu-gu-2023/theorem-3.1-proof',
              share: 0.9,
              says: 'in 1 − δ = .9 of the runs inside the conditions, at least, each label is fitted and the clean error is at most exp(−n‖μ‖⁴/(6p))',
            },
            ...[20, 40].map((n): Check => ({
              kind: 'ratio',
              id: `exponent/n=${n}`,
              of: 'errorExponent',
              a: { n, 'mu*n^0.25/d^0.25': 3 },
              b: { n, 'mu*n^0.25/d^0.25': 2 },
              atLeast: 1.5 ** 2.6,
              atMost: 1.5 ** 4.2,
              says: `n = ${n}: from ‖μ‖ = 2 to 3 (p/n)^{1/4} −log error grows by 1.5 to a power between 2.6 and 4.2: ‖μ‖⁴, less the tail's prefactor`,
            })),
            {
              kind: 'ratio',
              id: 'collapse',
              of: 'errorExponent',
              a: { n: 40, 'mu*n^0.25/d^0.25': 2.5 },
              b: { n: 20, 'mu*n^0.25/d^0.25': 2.5 },
              atLeast: 0.7,
              atMost: 1.4,
              says: 'only n‖μ‖⁴/p counts: n = 40 and n = 20 have the same exponent at the same value of it',
            },
          ],
          deviations: [
            ours,
            stepSize,
            "the exponent's constant is ours; flips are exact and random here, chosen by an adversary in figure pollution",
          ],
        },
      ],
    },
    {
      id: 'rates',
      title: 'Losses over time',
      shows: [
        { value: 'trainLoss', along: 'maxSteps', log: true },
        { value: 'lossMax', along: 'maxSteps', log: true },
        { value: 'derivativeRatio', along: 'maxSteps' },
      ],
      variants: [
        {
          id: 'over-time',
          says: 'the same runs stopped at different times, four pairs of n and p',
          spec: {
            name: 'xu-gu-2023/rates',
            ...base,
            scale: squareScale,
            coupling: 'common',
            axes: { ...sizes, ...times },
            record: { values: ['lossMax', 'derivativeRatio'] },
            runs: 100,
          },
          quickAxes: { ...sizes, 'training.maxSteps': [1, 10, 100, 300, 1000] },
          quickRuns: 8,
          checks: ratesChecks,
          deviations: [ours, stepSize, 'the constants of the rates are ours'],
        },
      ],
    },
    {
      id: 'undying',
      title: 'Activations that die on samples of their own sign, over 300 steps',
      shows: [
        { value: 'died', along: 'd/n^2' },
        { value: 'testErrorClean', along: 'd/n^2', log: true },
      ],
      variants: [
        {
          id: 'every-step',
          says: 'the inclusion of Lemma 4.3 looked at from every step to the next, inside p ≥ n² log(n/δ) and far outside it',
          spec: {
            name: 'xu-gu-2023/undying',
            ...base,
            scale: squareScale,
            training: { ...base.training, maxSteps: 300 },
            axes: { 'data.n': [20, 40], 'data.d': [0.1, 0.3, 1, 3, 10, 30] },
            record: { values: ['died', 'derivativeRatio'] },
            runs: 20,
          },
          quickAxes: { 'data.n': [20, 40], 'data.d': [0.1, 1, 10] },
          quickRuns: 5,
          checks: [
            {
              kind: 'every',
              id: 'undying',
              basis: 'test',
              because: 'Lemma 4.3',
              of: 'died',
              where: { 'd/n^2': [10, 30] },
              atMost: 0,
              says: 'from p = 10n² on no activation dies on a sample of its own sign, in any run, at any step (Lemma 4.3)',
            },
            {
              kind: 'mean',
              id: 'dying',
              basis: 'test',
              because: 'a control of the check before it',
              of: 'died',
              where: { 'd/n^2': 0.1 },
              atLeast: 1,
              says: 'at p = n²/10 some do: the lemma needs p of order n² (ours, so that the first check can fail)',
            },
          ],
          deviations: [ours, stepSize],
        },
      ],
    },
    {
      id: 'pollution',
      title: 'Ratio of loss derivatives over time, wrong labels at random and by an adversary',
      shows: [
        { value: 'derivativeRatio', along: 'maxSteps' },
        { value: 'lossMax', along: 'maxSteps', log: true },
      ],
      variants: [
        pollution('one-class', 'the adversary flips labels of one class only'),
        pollution('largest-norm', 'the adversary flips the samples with the longest noise'),
        pollution(
          'aligned',
          'the adversary flips, greedily, the samples whose wrong-label noises add up to the longest vector',
        ),
      ],
    },
    {
      id: 'ntk',
      title: 'The network against its linearisation at the start',
      shows: [
        { value: 'movement', along: 'sigma0*d^1.5*m^0.5/n', log: true },
        { value: 'kernelChange', along: 'sigma0*d^1.5*m^0.5/n', log: true },
        { value: 'lazyDifference', along: 'sigma0*d^1.5*m^0.5/n' },
        { value: 'lazyError', along: 'sigma0*d^1.5*m^0.5/n', log: true },
        { value: 'testErrorClean', along: 'sigma0*d^1.5*m^0.5/n', log: true },
      ],
      variants: [
        {
          id: 'initial-scale',
          says: "from the theorem's initial weights to large ones, at ‖μ‖ = 1.5 (p/n)^{1/4}, where errors can be told apart",
          spec: {
            name: 'xu-gu-2023/ntk',
            ...base,
            data: { ...base.data, mu: 1.5, n: 40, d: 10 },
            training: { ...base.training, maxSteps: 1000 },
            scale: squareScale,
            axes: { 'network.m': [20, 100], 'network.sigma0': [0.07, 0.7, 7, 70, 700, 7000, 70000] },
            record: { values: ['movement', 'kernelChange', 'lazyDifference', 'lazyError'] },
            runs: 20,
          },
          quickAxes: { 'network.m': [20, 40], 'network.sigma0': [0.07, 7, 700, 70000] },
          quickRuns: 5,
          checks: [
            {
              kind: 'every',
              id: 'not-lazy',
              of: 'movement',
              where: { 'sigma0*d^1.5*m^0.5/n': 0.07 },
              atLeast: 100,
              says: "from the theorem's initial weights the filters move a hundred times as far as they were long",
            },
            {
              kind: 'mean',
              id: 'not-its-linearisation',
              of: 'lazyDifference',
              where: { m: 20, 'sigma0*d^1.5*m^0.5/n': 0.07 },
              atMost: -0.003,
              says: 'there the linearisation is another classifier (20 filters a class: it errs less often; the paper claims no direction)',
            },
            {
              kind: 'every',
              id: 'lazy',
              of: 'movement',
              where: { 'sigma0*d^1.5*m^0.5/n': 70000 },
              atMost: 0.03,
              says: 'from large initial weights they hardly move',
            },
            {
              kind: 'every',
              id: 'its-linearisation',
              of: 'lazyDifference',
              where: { 'sigma0*d^1.5*m^0.5/n': 70000 },
              atLeast: -0.005,
              atMost: 0.005,
              says: 'there the network and its linearisation err alike',
            },
          ],
          deviations: [ours, stepSize],
        },
      ],
    },
  ],
};
