/** Huang et al. 2025, Appendix G.1: label noise in a network of three layers. */
import type { Check } from '../verification/check.ts';
import type { PaperFigure, Variant } from './paper.ts';

const LAST = 2000;
const UNSAID =
  'initial weights are ours: filters of standard deviation .01, hidden weights N(0, 2/20); neither is stated, nor how long the runs are';

const checks: readonly Check[] = [
  {
    kind: 'mean',
    id: 'descent/fits',
    basis: 'test',
    because: 'the published figure: the loss of descent goes to 0',
    of: 'trainLoss',
    where: { labelNoise: 0, maxSteps: LAST },
    atMost: 0.001,
    says: 'without label noise the training loss goes to 0: at most .001 after 2,000 steps',
  },
  {
    kind: 'paired',
    id: 'label-noise/wins',
    basis: 'test',
    because: 'the claim of G.1: label noise tests better',
    of: 'testErrorClean',
    a: { labelNoise: 0, maxSteps: LAST },
    b: { labelNoise: 0.1, maxSteps: LAST },
    above: 0,
    says: 'run by run the error without label noise exceeds that with it after 2,000 steps',
  },
  {
    kind: 'paired',
    id: 'label-noise/gain',
    because:
      'a fifth of the gain of two layers with squared ReLU (huang-2025/descent); runs with another seed, before these',
    of: 'testErrorClean',
    a: { labelNoise: 0, maxSteps: LAST },
    b: { labelNoise: 0.1, maxSteps: LAST },
    below: 0.02,
    says: 'it exceeds it by less than .02',
  },
];

const pooled = (pool: 'first' | 'last', says: string): Variant => ({
  id: `pool-${pool}`,
  says: `published settings: n = 200, d = 2000, ‖μ‖ = 1, σ_p = 1, η = 0.5, 2,000 test points, ReLU, 20 shared filters under 20 units for each class; ${says}; the same runs stopped at each time`,
  spec: {
    name: `huang-2025/three-layers pool-${pool}`,
    data: { n: 200, d: 2000, mu: 1, sigmaP: 1 },
    network: { depth: 3, m: 10, widths: '40', pool, sigma0: 0.01 },
    training: { eta: 0.5 },
    test: { estimator: 'points', points: 2000 },
    coupling: 'common',
    record: { values: ['noisyLoss', 'layerChange2'] },
    axes: { 'training.labelNoise': [0, 0.1], 'training.maxSteps': [100, 500, LAST] },
    runs: 80,
    seed: 2026,
  },
  quickAxes: { 'training.labelNoise': [0, 0.1], 'training.maxSteps': [100, LAST] },
  quickRuns: 3,
  checks,
  deviations: [
    UNSAID,
    'the formula of the network was not readable: where patches are pooled is either of two variants',
  ],
});

export const threeLayers: PaperFigure = {
  id: 'three-layers',
  title: 'Three layers: loss and test error over time, with label noise and without',
  shows: [
    { value: 'testErrorClean', along: 'maxSteps' },
    { value: 'trainLoss', along: 'maxSteps', log: true },
  ],
  variants: [
    pooled('first', 'patches are pooled after the filters'),
    pooled('last', 'patches are pooled after the second layer'),
  ],
};
