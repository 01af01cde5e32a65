/**
 * Beyond the theory: are the conditions of the theorems necessary? Settings and bounds are ours; docs/beyond.md says what
 * was found.
 */
import type { Check, Where } from '../verification/check.ts';
import { LEVEL, MU, network, ours, PILOT, placesOver, S, training } from './noise-places.ts';
import type { Paper } from './paper.ts';

const N = [20, 40, 80, 160];
const scale = {
  'data.mu': { d: 0.25, n: -0.25 },
  'data.flips': { n: 1 },
  'network.sigma0': { n: 0.5, d: -0.5 },
} as const;

/** ‖μ‖* in units of (d/n)^{1/4} at one place over that at another. */
const ratio = (id: string, a: Where, b: Where, [atLeast, atMost]: readonly [number, number], says: string): Check => ({
  kind: 'level-ratio',
  id,
  ...PILOT,
  of: 'testErrorClean',
  along: MU,
  level: LEVEL,
  a,
  b,
  atLeast,
  atMost,
  says,
});

export const border: Paper = {
  id: 'border',
  title: 'Beyond the theory: are the conditions necessary?',
  authors: ['benign-lab'],
  year: 2026,
  venue: 'no paper: a question about the conditions of Kou et al. 2023',
  bibtex: `@misc{benignlabborder,
  title = {Are the conditions of benign overfitting necessary?},
  author = {{benign-lab}},
  year = {2026},
  note = {docs/beyond.md of benign-lab}
}`,
  figures: [
    {
      id: 'd-n2',
      title: 'Condition 4.1 asks for d ≥ C n² (up to logarithms): where the error falls through a level as d/n grows',
      shows: [placesOver(MU, S, 'd/n'), { value: 'testErrorClean', along: MU, against: S, log: true }],
      variants: [
        {
          id: 'by-d-over-n',
          says: 'exactly n/10 labels flipped, d/n from 2 to 16,384 at n = 20 to 160, so that d/n² goes from 1/80 to 800',
          spec: {
            name: 'border/d-n2 by-d-over-n',
            data: { flips: 0.1, flipLaw: 'exact' },
            network,
            training,
            scale: { ...scale, 'data.d': { n: 1 } },
            coupling: 'common',
            axes: { 'data.n': N, 'data.d': [2, 4, 16, 64, 256, 1024, 16384], 'data.mu': [0.9, 1.15, 1.5, 1.9] },
            runs: 60,
            seed: 2045,
          },
          quickAxes: { 'data.n': [20, 40], 'data.d': [2, 256], 'data.mu': [0.9, 1.15, 1.5, 1.9] },
          quickRuns: 10,
          checks: [
            {
              kind: 'fitted',
              id: 'fitted',
              ...PILOT,
              share: 0.9,
              says: 'from d = 2n on nine runs of ten fit every label at least',
            },
            ratio(
              'below-n2',
              { n: 160, 'd/n': 2 },
              { n: 160, 'd/n': 16384 },
              [1, 1.3],
              'n = 160, at d = n²/80 the error falls through .1 at a ‖μ‖ at most three tenths larger than far beyond d = n², in units of (d/n)^{1/4}',
            ),
            ...[4, 16, 64].map((c) =>
              ratio(
                `same-at/${c}n`,
                { n: 160, 'd/n': c },
                { n: 40, 'd/n': c },
                [0.95, 1.05],
                `d = ${c}n: at n = 160 the place is that at n = 40 to 5 %, though d/n² is a fourth`,
              ),
            ),
          ],
          deviations: [
            ours,
            'Condition 4.1 as commonly cited; its constants and logarithms are free, so that only an exponent can be held against it',
          ],
        },
      ],
    },
  ],
};
