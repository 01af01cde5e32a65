/**
 * Beyond the theory: does benign overfitting survive depth? Kou et al. 2023 close with it. Settings and bounds are ours;
 * docs/beyond.md says what was found.
 */
import type { Check } from '../verification/check.ts';
import { EQUAL_START, lazyRich } from './depth-lazy-rich.ts';
import { byS, ETA_UNIT, GROWS, MU, network, ours, placesAt } from './optimizers-places.ts';
import type { Paper } from './paper.ts';

const DEPTHS = [2, 3, 4, 5];
const DEEP = DEPTHS.slice(1);
const LEVEL = 0.1;
const place = placesAt(LEVEL);
const D = 10000;

const transition: readonly Check[] = [
  {
    kind: 'fitted',
    id: 'fitted',
    because:
      'all depths are compared at the same training loss, .01; the share was set after 40 runs with another seed',
    share: 0.9,
    says: 'at every depth nine runs of ten fit every label',
  },
  ...DEPTHS.map((depth) =>
    place(
      `exponent/${depth}`,
      { depth, d: 100000 },
      { depth, d: 1000 },
      ...GROWS,
      `${depth} layers: from d = 1,000 to 100,000 ‖μ‖* grows like d^{1/4}`,
    ),
  ),
  ...DEPTHS.map((depth): Check => ({
    kind: 'trend',
    id: `benign/${depth}`,
    basis: 'test',
    because: 'the transition of two layers, at more',
    of: 'testErrorClean',
    along: MU,
    where: { depth, d: D },
    direction: 'falls',
    says: `${depth} layers: with every flipped label fitted the clean error falls with the signal`,
  })),
  ...DEEP.map((depth): Check => ({
    kind: 'level-ratio',
    id: `as-two/${depth}`,
    because: 'a quarter of ‖μ‖* is a factor 2.4 of S; runs with another seed, at most 1.2',
    of: 'testErrorClean',
    along: MU,
    level: LEVEL,
    a: { depth, d: D },
    b: { depth: 2, d: D },
    atLeast: 0.8,
    atMost: 1.25,
    says: `${depth} layers: ‖μ‖* is that of two layers within a quarter`,
  })),
  ...DEPTHS.map((depth): Check => ({
    kind: 'mean',
    id: `rich/${depth}`,
    because: 'a start far smaller than what one step adds',
    of: 'layerChange1',
    where: { depth },
    atLeast: 10,
    says: `${depth} layers: the filters end at more than ten times their start (rich)`,
  })),
];

/** Of the same draws, up to rounding. */
const equal = (of: 'trainLoss' | 'marginMin' | 'marginMax' | 'layerNorm1'): Check => ({
  kind: 'same',
  id: `same/${of}`,
  basis: 'test',
  because: 'algebra: [x]_+ of what is at least 0 is x',
  of,
  a: { depth: 3 },
  b: { depth: 2 },
  within: 1e-10,
  says: `${of} of three layers is that of two, run by run`,
});

const identity: readonly Check[] = [
  {
    kind: 'every',
    id: 'identity',
    basis: 'test',
    because: 'algebra: every layer is homogeneous, so that ⟨W_l, G_l⟩ is the same number for all; 1e-12 is rounding',
    of: 'layerIdentity',
    atMost: 1e-12,
    says: 'every step moves ‖W_l‖² − ‖W_{l+1}‖² by η²(‖G_l‖² − ‖G_{l+1}‖²), in every run',
  },
];
/** Every layer is trained, and the start is of the size of what is learnt, so that no side is small beside the other. */
const layers = {
  data: { n: 20, d: D, mu: 20, flip: 0.1 },
  network: { m: 10, sigma0: 1, sigma0Unit: '1/(sigmaP*sqrt(d))', output: 'trained' },
  training: { eta: 0.1, etaUnit: ETA_UNIT, maxSteps: 300 },
  axes: { 'network.depth': DEPTHS, 'training.loss': ['logistic', 'hinge', 'squared'] },
  record: { values: ['layerIdentity', 'layerChange1', 'layerChange2'] },
  runs: 20,
  seed: 2026,
} as const;
const quickLayers = { 'network.depth': [2, 3], 'training.loss': ['logistic', 'squared'] };
const changes = { x: 'depth', y: 'layerIdentity', color: 'loss', log: ['y'], show: 'quantiles' };

export const depth: Paper = {
  id: 'depth',
  title: 'Beyond the theory: does benign overfitting survive depth?',
  authors: ['benign-lab'],
  year: 2026,
  venue: 'no paper: a question that Kou et al. 2023 close with',
  bibtex: `@misc{benignlabdepth,
  title = {Benign overfitting in networks of more than two layers},
  author = {{benign-lab}},
  year = {2026},
  note = {docs/beyond.md of benign-lab}
}`,
  figures: [
    {
      id: 'transition',
      title: 'Where the clean error falls through a level, by depth, at equal width, start and training loss',
      shows: [],
      variants: [
        {
          id: 'equal-width',
          says: 'two to five layers of 20 units until the loss is .01, three dimensions; the start’s output has nearly the same mean square at every depth (gain √2), and is small',
          spec: {
            name: 'depth/transition equal-width',
            data: { n: 20, flip: 0.1 },
            network: { ...network, sigma0: 0.001 },
            training: { eta: 0.1, etaUnit: ETA_UNIT, stop: 'loss', epsilon: 0.01, maxSteps: 100000 },
            scale: byS,
            coupling: 'common',
            axes: {
              'network.depth': DEPTHS,
              'data.d': [1000, D, 100000],
              'data.mu': [0.8, 1.1, 1.5, 2.1],
            },
            record: { values: ['layerChange1', 'layerChange2'] },
            runs: 160,
            seed: 2027,
            figures: [
              {
                name: 'test-error',
                x: MU,
                y: 'testErrorClean',
                color: 'depth',
                facet: 'd',
                log: ['y'],
                level: [LEVEL],
              },
              {
                name: 'dimension',
                x: 'S',
                y: 'testErrorClean',
                color: 'd',
                facet: 'depth',
                log: ['x', 'y'],
                level: [LEVEL],
              },
              { name: 'interpolation', x: MU, y: 'fitted', color: 'depth', facet: 'd' },
              { name: 'change', x: MU, y: 'layerChange1', color: 'depth', facet: 'd', log: ['y'] },
            ],
          },
          quickAxes: { 'network.depth': [2, 3], 'data.d': [1000, 100000], 'data.mu': [0.8, 1.1, 1.5, 2.1] },
          quickRuns: 8,
          checks: transition,
          deviations: [ours, `the level ${LEVEL} is ours`, EQUAL_START],
        },
        {
          id: 'frozen-identity',
          says: 'three layers whose second is the unit matrix, frozen, beside two layers of the same draws: the same network',
          spec: {
            name: 'depth/transition frozen-identity',
            data: { n: 20, flip: 0.1 },
            network: { ...network, sigma0: 0.001, hiddenInit: 'identity', frozen: '2' },
            training: { eta: 0.1, etaUnit: ETA_UNIT, stop: 'loss', epsilon: 0.01, maxSteps: 100000 },
            scale: byS,
            coupling: 'common',
            test: { estimator: 'points', points: 2000 },
            axes: { 'network.depth': [2, 3], 'data.d': [1000, 100000], 'data.mu': [0.8, 2.1] },
            record: { values: ['layerNorm1'] },
            runs: 20,
            seed: 2026,
            figures: [{ name: 'test-error', x: MU, y: 'testErrorClean', color: 'depth', facet: 'd', log: ['y'] }],
          },
          quickAxes: { 'network.depth': [2, 3], 'data.d': [1000], 'data.mu': [0.8, 2.1] },
          quickRuns: 4,
          checks: (['trainLoss', 'marginMin', 'marginMax', 'layerNorm1'] as const).map(equal),
          deviations: [ours],
        },
      ],
    },
    lazyRich,
    {
      id: 'layers',
      title: 'What a step keeps between neighbouring layers',
      shows: [],
      variants: [
        {
          id: 'descent',
          says: 'two to five layers, all of them trained, three losses, 300 steps of descent',
          spec: { name: 'depth/layers descent', ...layers, figures: [{ name: 'identity', ...changes }] },
          quickAxes: quickLayers,
          quickRuns: 4,
          checks: identity,
          deviations: [ours],
        },
        {
          id: 'momentum',
          control: true,
          says: 'the same with heavy ball, which does not keep it',
          spec: {
            name: 'depth/layers momentum',
            ...layers,
            training: { ...layers.training, rule: 'momentum' },
            figures: [{ name: 'identity', ...changes }],
          },
          quickAxes: quickLayers,
          quickRuns: 4,
          checks: identity,
          deviations: [ours],
        },
      ],
    },
  ],
};
