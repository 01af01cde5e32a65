/** Student noise: is S, of the noise's covariance, still the control parameter? */
import type { Check } from '../verification/check.ts';
import {
  allFitted,
  byS,
  collapses,
  DIMENSIONS,
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

/** Nearly Gaussian. */
const GAUSSIAN = 1000;
/**
 * ‖μ‖* at a clean error of .1 over that of Gaussian noise, of two linear rules on noises s_i ξ_i, E s² = 1 (derived): of
 * the interpolating one, Σ y_i x_i/s_i², whose error is E Φ(−x √(ν/(ν − 2))/s), and of the averaging one, E Φ(−x/s).
 */
const LINEAR: readonly (readonly [nu: number, interpolating: number, averaging: number])[] = [
  [3, 0.653, 0.859],
  [5, 0.831, 0.944],
  [10, 0.926, 0.979],
];

export const student: PaperFigure = {
  id: 'student',
  title: 'Multivariate t noise: where the clean error falls through a level, over S of its covariance',
  shows: [
    placesOver(MU, S, 'd'),
    placesOver(MU, S, 'd', 0.02),
    { value: 'testErrorClean', along: MU, against: S, log: true },
  ],
  variants: [
    {
      id: 'three-tails',
      says: 'ν = 3, 5, 10 and 1,000 (nearly Gaussian), six dimensions; σ_p is the standard deviation of a coordinate',
      spec: {
        name: 'noise/student three-tails',
        data: { ...twoFlips, noise: 'student-t' },
        network,
        training,
        test: { estimator: 'lines' },
        scale: byS,
        coupling: 'common',
        axes: { 'data.nu': [3, 5, 10, GAUSSIAN], 'data.d': DIMENSIONS, 'data.mu': [0.55, 0.8, 1.15, 1.6, 2.3] },
        runs: 200,
        seed: 2037,
      },
      quickAxes: { 'data.nu': [3, GAUSSIAN], 'data.d': [1e3, 1e5], 'data.mu': [0.55, 0.8, 1.15, 1.6, 2.3] },
      quickRuns: 10,
      checks: [
        allFitted,
        ...[3, 5, 10].map((nu) =>
          collapses(
            `over-d/${nu}`,
            { along: MU, against: S, over: 'd', where: { nu } },
            { atMost: 0.2 },
            `ν = ${nu}, d from 10^3 to 10^8: the places lie five times nearer together over S than over ‖μ‖`,
          ),
        ),
        ...LINEAR.map(([nu, atLeast, atMost]): Check => ({
          kind: 'level-ratio',
          id: `between/${nu}`,
          basis: 'test',
          because: 'closed forms of two linear rules: the interpolating one and the averaging one',
          of: 'testErrorClean',
          along: MU,
          level: LEVEL,
          a: { nu },
          b: { nu: GAUSSIAN },
          atLeast,
          atMost,
          says: `ν = ${nu}: at a clean error of .1 the signal over that of Gaussian noise lies between those of the two linear rules`,
        })),
      ],
      deviations: [ours, 'the theorems of the shelf speak of Gaussian noise'],
    },
  ],
};
