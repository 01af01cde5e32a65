/** Kou et al. 2023, a question of ours: where the transition lies as the step size leaves the theory's range. */
import type { Check } from '../verification/check.ts';
import type { PaperFigure } from './paper.ts';

/** On the axis: ‖μ‖ in units of (d/n)^{1/4}, so that S = n‖μ‖⁴/(σ_p⁴d) is its fourth power. */
const MU = 'mu*n^0.25/d^0.25';
const LEVEL = 0.05;

const asInTheLimit = (id: string, eta: number, because: string): Check => ({
  kind: 'level-ratio',
  id,
  basis: 'test',
  because,
  of: 'testErrorClean',
  along: MU,
  level: LEVEL,
  a: { eta },
  b: { eta: 0.001 },
  atLeast: 0.95,
  atMost: 1.05,
  says: `from η = .001 to ${eta} n m/(σ_p² d) ‖μ‖* does not move by 5 %`,
});

export const stepSize: PaperFigure = {
  id: 'step-size',
  title: 'Where the clean error falls through .05, over four decades of the step size, at equal training loss',
  shows: [],
  variants: [
    {
      id: 'in-theory',
      says: 'the network of the text until the loss is .01, step sizes from .001 to 30 n m/(σ_p² d), at two dimensions',
      spec: {
        name: 'kou-2023/step-size',
        data: { n: 20, flip: 0.1 },
        network: { m: 10, sigma0: 0.001, sigma0Unit: '1/(sigmaP*sqrt(d))' },
        training: { eta: 0.1, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.01, maxSteps: 2000000 },
        scale: { 'data.mu': { d: 0.25, n: -0.25 } },
        axes: {
          'training.eta': [0.001, 0.01, 0.1, 0.3, 1, 3, 10, 30],
          'data.d': [1000, 100000],
          'data.mu': [1, 1.3, 1.6, 1.9],
        },
        coupling: 'common',
        record: { values: ['derivativeRatio'] },
        runs: 40,
        seed: 2026,
        figures: [
          { name: 'test-error', x: 'eta', y: 'testErrorClean', color: MU, facet: 'd', log: ['x', 'y'], level: [LEVEL] },
          {
            name: 'balance',
            x: 'eta',
            y: 'derivativeRatio',
            color: MU,
            facet: 'd',
            log: ['x', 'y'],
            show: 'quantiles',
          },
          { name: 'fitted', x: 'eta', y: 'fitted', color: MU, facet: 'd', log: ['x'] },
        ],
      },
      quickAxes: { 'training.eta': [0.01, 0.1, 1, 10], 'data.d': [1000], 'data.mu': [1, 1.9] },
      quickRuns: 10,
      checks: [
        asInTheLimit('limit', 0.1, 'the limit η → 0: a hundredth of the step size is as good'),
        asInTheLimit('theory-unit', 1, 'the theory allows steps of this order; 5 % as above'),
        {
          kind: 'every',
          id: 'fitted',
          basis: 'test',
          because: 'compared at equal loss',
          of: 'trainError',
          where: { eta: [0, 1] },
          atMost: 0,
          share: 0.99,
          says: 'up to η = 1 n m/(σ_p² d) 99 % of the runs fit every label',
        },
      ],
      deviations: ['ours: of this question we know no published figure', 'the level .05 is ours'],
    },
  ],
};
