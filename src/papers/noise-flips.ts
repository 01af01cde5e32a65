/** Flips that are not alike: by class (Han et al. quote a bound in the smaller of the two), by the noise's norm, by the margin. */
import type { Check } from '../verification/check.ts';
import { LEVEL, MU, byS, network, ours, PILOT, training } from './noise-places.ts';
import type { PaperFigure } from './paper.ts';

const C = 'mu*n^0.5/d^0.5';
const P = 0.1;
const TILTS = [0, 0.5, 0.9];

const late: readonly Check[] = [
  {
    kind: 'mean',
    id: 'fitted',
    ...PILOT,
    of: 'trainErrorFlipped',
    atMost: 0.1,
    says: 'nine of ten flipped labels are fitted at least',
  },
  ...TILTS.map((tilt): Check => ({
    kind: 'mean',
    id: `clean-reading/${tilt}`,
    basis: 'test',
    because: 'half the smaller flip probability, the bound as our sources quote it',
    of: 'testErrorClean',
    where: { flipTilt: tilt, [C]: [2, 3] },
    atMost: (P * (1 - tilt)) / 2,
    says: `tilt ${tilt}, n SNR² = 4 and 9: with the flipped labels fitted the error against true labels lies below min(τ₊, τ₋)/2 = ${Number(((P * (1 - tilt)) / 2).toPrecision(3))}; so it is no lower bound of that error`,
  })),
  {
    kind: 'trend',
    id: 'plus',
    basis: 'test',
    because: 'the class whose labels are wrong more often is heard less',
    of: 'testErrorPlus',
    along: 'flipTilt',
    where: { 'd/n': 10, [C]: 1 },
    direction: 'rises',
    says: 'the more the flips lean on the class +1, the more its points err',
  },
  {
    kind: 'trend',
    id: 'minus',
    basis: 'test',
    because: 'the class whose labels are wrong less often is heard more',
    of: 'testErrorMinus',
    along: 'flipTilt',
    where: { 'd/n': 10, [C]: 1 },
    direction: 'falls',
    says: 'and the less those of the class −1',
  },
];

const place = (
  id: string,
  of: 'testErrorClean' | 'testErrorPlus',
  tilt: number,
  [atLeast, atMost]: readonly [number, number],
  says: string,
): Check => ({
  kind: 'level-ratio',
  id,
  ...PILOT,
  of,
  along: MU,
  level: LEVEL,
  a: { flipTilt: tilt },
  b: { flipTilt: 0 },
  atLeast,
  atMost,
  says,
});

/** At tilt .9 over tilt -.9. */
const sample = (law: string, [atLeast, atMost]: readonly [number, number], says: string): Check => ({
  kind: 'level-ratio',
  id: law,
  ...PILOT,
  of: 'testErrorClean',
  along: MU,
  level: LEVEL,
  a: { flipLaw: law, flipTilt: 0.9 },
  b: { flipLaw: law, flipTilt: -0.9 },
  atLeast,
  atMost,
  says,
});

export const flips: PaperFigure = {
  id: 'flips',
  title:
    'Label flips with unequal probabilities: errors of the two classes, and where the mean error falls through a level',
  shows: [],
  variants: [
    {
      id: 'by-class',
      says: 'τ₊ = .1(1 + s), τ₋ = .1(1 − s) in the setting of han-2025/two-stages, late (3,000 steps)',
      spec: {
        name: 'noise/flips by-class',
        data: { n: 50, d: 10, flip: P, flipLaw: 'by-class' },
        network: { m: 10, sigma0: 0.01, sigma0Unit: '1/(sigmaP*sqrt(d))' },
        training: { eta: 0.02, etaUnit: 'n*m/(sigmaP^2*d)', maxSteps: 3000 },
        scale: { 'data.d': { n: 1 }, 'data.mu': { d: 0.5, n: -0.5 } },
        coupling: 'common',
        axes: { 'data.flipTilt': TILTS, 'data.d': [10, 100], 'data.mu': [0.5, 1, 2, 3] },
        record: { values: ['testErrorPlus', 'testErrorMinus', 'trainErrorFlipped'] },
        runs: 100,
        seed: 2041,
        figures: [
          { name: 'plus', x: C, y: 'testErrorPlus', color: 'flipTilt', facet: 'd/n' },
          { name: 'minus', x: C, y: 'testErrorMinus', color: 'flipTilt', facet: 'd/n' },
          { name: 'clean', x: C, y: 'testErrorClean', color: 'flipTilt', facet: 'd/n' },
        ],
      },
      quickAxes: { 'data.flipTilt': TILTS, 'data.d': [10], 'data.mu': [1, 2, 3] },
      quickRuns: 20,
      checks: late,
      deviations: [
        ours,
        'the quoted bound does not say against which labels; against observed ones it is below the floor π₊τ₊ + π₋τ₋',
      ],
    },
    {
      id: 'transition',
      says: 'the same laws in the patch model of Kou et al. at n = 20, d = 10^4: where the clean error, and that of the class +1, fall through .1',
      spec: {
        name: 'noise/flips transition',
        data: { n: 20, d: 10000, flip: P, flipLaw: 'by-class' },
        network,
        training,
        scale: byS,
        coupling: 'common',
        axes: { 'data.flipTilt': TILTS, 'data.mu': [0.8, 1.1, 1.5, 2.1, 3, 4.2] },
        record: { values: ['testErrorPlus', 'testErrorMinus'] },
        runs: 400,
        seed: 2042,
        figures: [
          { name: 'clean', x: MU, y: 'testErrorClean', color: 'flipTilt', log: ['y'], level: [LEVEL] },
          { name: 'plus', x: MU, y: 'testErrorPlus', color: 'flipTilt', log: ['y'], level: [LEVEL] },
          { name: 'minus', x: MU, y: 'testErrorMinus', color: 'flipTilt', log: ['y'], level: [LEVEL] },
        ],
      },
      quickAxes: { 'data.flipTilt': [0, 0.9], 'data.mu': [0.8, 1.1, 1.5, 2.1, 3, 4.2] },
      quickRuns: 20,
      checks: [
        place(
          'clean',
          'testErrorClean',
          0.9,
          [0.9, 1.1],
          'flips of .19 and .01: the mean clean error falls through .1 where it does with .1 and .1, to a tenth',
        ),
        place(
          'plus',
          'testErrorPlus',
          0.9,
          [1.05, Infinity],
          'the error of the class with .19 does so later, by 5 % of ‖μ‖ at least',
        ),
      ],
      deviations: [ours],
    },
    {
      id: 'by-sample',
      says: 'flips that lean on the length of the noise, or on the margin, with the same mean: mixture, n = 20, d = 100',
      spec: {
        name: 'noise/flips by-sample',
        data: { model: 'mixture', projected: false, n: 20, d: 100, flip: P },
        network,
        training: { ...training, maxSteps: 20000 },
        scale: byS,
        coupling: 'common',
        axes: {
          'data.flipLaw': ['by-norm', 'by-margin'],
          'data.flipTilt': [-0.9, 0, 0.9],
          'data.mu': [0.9, 1.2, 1.5, 1.8, 2.2],
        },
        runs: 200,
        seed: 2043,
        figures: [
          {
            name: 'clean',
            x: MU,
            y: 'testErrorClean',
            color: 'flipTilt',
            facet: 'flipLaw',
            log: ['y'],
            level: [LEVEL],
          },
          { name: 'noisy', x: MU, y: 'testError', color: 'flipTilt', facet: 'flipLaw' },
        ],
      },
      quickAxes: {
        'data.flipLaw': ['by-norm', 'by-margin'],
        'data.flipTilt': [-0.9, 0.9],
        'data.mu': [0.8, 1.1, 1.5, 2.1, 3],
      },
      quickRuns: 20,
      checks: [
        sample(
          'by-margin',
          [0, 0.97],
          'flips of small margins do less harm than those of large ones: ‖μ‖* is 3 % smaller at least',
        ),
        sample(
          'by-norm',
          [0.92, 1.02],
          'flips of long noises or of short ones: ‖μ‖* is the same to 8 %, and no larger for long ones',
        ),
      ],
      deviations: [
        ours,
        'of patches apart a margin is ‖μ‖ always, so that flips by margin mean something in mixtures alone',
      ],
    },
  ],
};
