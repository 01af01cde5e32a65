/** Kou et al. 2023: does the place of the transition depend on the width, the start or the step size? */
import type { Check } from '../verification/check.ts';
import { LEVEL, MU, ours, PILOT, placesOver, S, training } from './noise-places.ts';
import type { PaperFigure } from './paper.ts';

const WIDTHS = [8, 20, 50, 125, 320, 800, 2000];
const data = { n: 20, d: 1000, flips: 2, flipLaw: 'exact' } as const;
const byS = { 'data.mu': { d: 0.25, n: -0.25 } } as const;
const sigma0Unit = '1/(sigmaP*sqrt(d))';

const slope = (
  id: string,
  over: string,
  where: Record<string, number>,
  between: readonly [number, number],
  says: string,
): Check => ({
  kind: 'level-slope',
  id,
  ...PILOT,
  of: 'testErrorClean',
  along: MU,
  against: S,
  level: LEVEL,
  over,
  where,
  between,
  says,
});

const fitted: Check = {
  kind: 'fitted',
  id: 'fitted',
  ...PILOT,
  share: 0.9,
  says: 'nine runs of ten fit every label at least (n 2^{−m} is .08 at most)',
};

export const widthSnr: PaperFigure = {
  id: 'width-snr',
  title: 'Where the clean error falls through a level, over the width, the start and the step size',
  shows: [placesOver(MU, S, 'm')],
  variants: [
    {
      id: 'start',
      says: 'm from 8 to 2,000 a class, three scales of the start, n = 20, d = 1,000, two flipped labels, until the loss is .01',
      spec: {
        name: 'kou-2023/width-snr start',
        data,
        network: { sigma0Unit },
        training,
        scale: byS,
        coupling: 'common',
        axes: {
          'network.sigma0': [0.001, 0.1, 1],
          'network.m': WIDTHS,
          'data.mu': [0.8, 1.1, 1.5, 2, 2.7],
        },
        runs: 24,
        seed: 2032,
      },
      quickAxes: { 'network.sigma0': [0.001, 1], 'network.m': [8, 125], 'data.mu': [0.8, 1.1, 1.5, 2, 2.7] },
      quickRuns: 8,
      checks: [
        fitted,
        slope(
          'width/0.001',
          'm',
          { sigma0: 0.001 },
          [-0.05, 0.05],
          'a small start: log S at a clean error of .1 moves by at most .05 for e times the width',
        ),
        slope('width/0.1', 'm', { sigma0: 0.1 }, [-0.05, 0.05], 'a hundred times that start: the same'),
        {
          kind: 'level-ratio',
          id: 'width/1',
          because: 'set after these runs',
          of: 'testErrorClean',
          along: MU,
          level: LEVEL,
          a: { sigma0: 1, m: 2000 },
          b: { sigma0: 1, m: 8 },
          atLeast: 0.75,
          atMost: 0.95,
          says: 'a start of the size of what is learnt: 2,000 filters a class need less signal than 8, by a twentieth at least and a fourth at most',
        },
      ],
      deviations: [
        ours,
        'd = 1,000: at m = 2,000 the law of the test error costs a factorisation of 4,000 rows in min(d, n + 2m) columns',
      ],
    },
    {
      id: 'step-size',
      says: 'three widths, three step sizes, two scales of the start',
      spec: {
        name: 'kou-2023/width-snr step-size',
        data,
        network: { sigma0Unit },
        training,
        scale: byS,
        coupling: 'common',
        axes: {
          'network.sigma0': [0.1, 1],
          'training.eta': [0.01, 0.1, 1],
          'network.m': [8, 50, 320],
          'data.mu': [0.8, 1.1, 1.5, 2, 2.7],
        },
        runs: 24,
        seed: 2033,
      },
      quickAxes: {
        'network.sigma0': [0.1],
        'training.eta': [0.1, 1],
        'network.m': [8, 125],
        'data.mu': [0.8, 1.1, 1.5, 2, 2.7],
      },
      quickRuns: 8,
      checks: [
        fitted,
        ...[0.1, 1].flatMap((sigma0) =>
          [8, 50, 320].map((m): Check => ({
            kind: 'level-ratio',
            id: `step-size/${sigma0}/${m}`,
            ...PILOT,
            of: 'testErrorClean',
            along: MU,
            level: LEVEL,
            a: { sigma0, m, eta: 1 },
            b: { sigma0, m, eta: 0.01 },
            atLeast: 0.95,
            atMost: 1.05,
            says: `σ_0 = ${sigma0}/(σ_p √d), m = ${m}: a hundred times the step size moves ‖μ‖* by 5 % at most`,
          })),
        ),
      ],
      deviations: [ours],
    },
  ],
};
