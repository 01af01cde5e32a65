/** Points of another shape: more patches of noise, more signals a class, classes of unequal size. */
import type { Powers } from '../notation.ts';
import type { Check } from '../verification/check.ts';
import {
  allFitted,
  byS,
  collapses,
  LEVEL,
  MU,
  network,
  ours,
  placesOver,
  S,
  training,
  twoFlips,
} from './noise-places.ts';
import type { PaperFigure } from './paper.ts';

const MU_P = 'mu*n^0.25/(d^0.25*noisyPatches^0.5)';
/** The averaging classifier's σ_p √(P − 1), and the P σ_p of Chen et al. 2023 (as commonly cited). */
const SUM: Powers = { ...S, noisyPatches: -2 };
const TIMES_P: Powers = { ...S, patches: -4 };

const patches: PaperFigure = {
  id: 'patches',
  title:
    'P patches, noise in each but one: where the clean error falls through a level, over two effective scales of the noise',
  shows: [
    placesOver(MU_P, SUM, 'patches'),
    placesOver(MU_P, TIMES_P, 'patches'),
    { value: 'testErrorClean', along: MU_P, against: SUM, log: true },
  ],
  variants: [
    {
      id: 'to-17',
      says: 'P from 2 to 17, three dimensions',
      spec: {
        name: 'noise/patches to-17',
        data: twoFlips,
        network,
        training,
        scale: { ...byS, 'data.mu': { ...byS['data.mu'], noisyPatches: 0.5 } },
        coupling: 'common',
        axes: {
          'data.patches': [2, 3, 5, 9, 17],
          'data.d': [1e3, 1e5, 1e7],
          'data.mu': [0.7, 0.95, 1.3, 1.75, 2.4],
        },
        runs: 100,
        seed: 2038,
      },
      quickAxes: { 'data.patches': [2, 5], 'data.d': [1e3, 1e5], 'data.mu': [0.7, 0.95, 1.3, 1.75, 2.4] },
      quickRuns: 10,
      checks: [
        allFitted,
        collapses(
          'sum',
          { along: MU_P, against: SUM, over: 'patches' },
          { atMost: 0.2 },
          'with σ_p √(P − 1) for σ_p the places lie five times nearer together than over ‖μ‖',
        ),
        collapses(
          'times-p',
          { along: MU_P, against: TIMES_P, over: 'patches' },
          { atLeast: 0.25 },
          'with P σ_p a quarter of their spread is left at least',
        ),
        collapses(
          'over-d',
          { along: MU_P, against: SUM, over: 'd' },
          { atMost: 0.1 },
          'd from 10^3 to 10^7: the places lie ten times nearer together over S than over ‖μ‖, for every P',
        ),
      ],
      deviations: [
        ours,
        'Chen et al. 2023 (as commonly cited) state ‖μ‖ ≥ C P σ_p (d/n)^{1/4} as sufficient; that it is not necessary is no contradiction',
      ],
    },
  ],
};

const OF_K: Powers = { ...S, signals: -2 };

const signals: PaperFigure = {
  id: 'signals',
  title: 'K orthogonal signals of which a point shows one: where the clean error falls through a level',
  shows: [placesOver(MU, OF_K, 'signals'), placesOver(MU, { averagingArgument: 1 }, 'signals')],
  variants: [
    {
      id: 'to-4',
      says: 'K = 1, 2, 4 at n = 80 with 8 wrong labels, three dimensions',
      spec: {
        name: 'noise/signals to-4',
        data: { n: 80, flips: 8, flipLaw: 'exact' },
        network,
        training,
        scale: byS,
        coupling: 'common',
        axes: { 'data.signals': [1, 2, 4], 'data.d': [1e4, 1e6, 1e8], 'data.mu': [0.8, 1.1, 1.5, 2.1, 2.9, 4] },
        runs: 60,
        seed: 2039,
      },
      quickAxes: { 'data.signals': [1, 2], 'data.d': [1e4, 1e6], 'data.mu': [0.8, 1.1, 1.5, 2.1, 2.9, 4] },
      quickRuns: 8,
      checks: [
        allFitted,
        collapses(
          'squared',
          { along: MU, against: OF_K, over: 'signals' },
          { atMost: 0.3 },
          'over S/K² at most three tenths of the spread of the places are left: each signal is learnt from n/K points, the noise from n',
        ),
        collapses(
          'once',
          { along: MU, against: { ...S, signals: -1 }, over: 'signals' },
          { atLeast: 0.35 },
          'over S/K, as if each signal had its own n/K points alone, more than a third is left',
        ),
      ],
      deviations: [ours],
    },
  ],
};

const place = (positive: number, atLeast: number): Check => ({
  kind: 'level-ratio',
  id: `minority/${positive}`,
  basis: 'test',
  because: 'what is learnt of a class goes with its share of the points, the noise with all of them (derived)',
  of: 'testErrorPlus',
  along: MU,
  level: LEVEL,
  a: { positive },
  b: { positive: 0.5 },
  atLeast,
  says: `a class of ${positive} needs (.5/${positive})^{1/2} = ${atLeast.toFixed(2)} times the signal of one of .5 at least`,
});

const classes: PaperFigure = {
  id: 'classes',
  title: 'Classes of unequal size: where the error of either class falls through a level',
  shows: [],
  variants: [
    {
      id: 'minority',
      says: 'probability of the class +1 of .5, .3 and .15, flips of .1, n = 80, three dimensions',
      spec: {
        name: 'noise/classes minority',
        data: { n: 80, flip: 0.1 },
        network,
        training,
        scale: byS,
        coupling: 'common',
        axes: { 'data.positive': [0.15, 0.3, 0.5], 'data.d': [1e4, 1e6, 1e8], 'data.mu': [0.8, 1.1, 1.5, 2.1, 2.9, 4] },
        record: { values: ['testErrorPlus', 'testErrorMinus'] },
        runs: 100,
        seed: 2040,
        figures: [
          { name: 'minority', x: MU, y: 'testErrorPlus', color: 'positive', facet: 'd', log: ['y'], level: [LEVEL] },
          { name: 'majority', x: MU, y: 'testErrorMinus', color: 'positive', facet: 'd', log: ['y'], level: [LEVEL] },
        ],
      },
      quickAxes: { 'data.positive': [0.15, 0.5], 'data.d': [1e4, 1e6], 'data.mu': [0.8, 1.1, 1.5, 2.1, 2.9, 4] },
      quickRuns: 10,
      checks: [
        allFitted,
        place(0.3, (0.5 / 0.3) ** 0.5),
        place(0.15, (0.5 / 0.15) ** 0.5),
        {
          kind: 'trend',
          id: 'majority',
          basis: 'test',
          because: 'the larger class is heard more often',
          of: 'testErrorMinus',
          along: 'positive',
          where: { d: 1e6, [MU]: 1.1 },
          direction: 'rises',
          says: 'the larger the other class, the more a class errs',
        },
      ],
      deviations: [ours, 'the theorems of the shelf speak of equally likely classes'],
    },
  ],
};

export const points = [patches, signals, classes];
