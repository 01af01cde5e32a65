/** What docs/beyond.md says of depth, to be confirmed with fresh seeds. */
import type { ClaimStudy } from './confirmation/study.ts';
import { MU, study } from './confirmation-beyond.ts';

const toLoss = { eta: 0.1, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.01, maxSteps: 100000 };
const place = { kind: 'level-ratio', of: 'testErrorClean', along: MU } as const;
const SIGNALS = [0.8, 1.1, 1.5, 2.1];
const rich = { training: toLoss };
/** Of the start's own size: filters move by less than they are. */
const large = { training: toLoss, network: { m: 10, sigma0: 1, sigma0Unit: '1/(sigmaP*sqrt(d))' } };

export const DEPTH: readonly ClaimStudy[] = [
  study(
    'depth/exponent',
    'five layers of 20 units, loss .01: from d = 1,000 to 100,000 ‖μ‖* at a clean error of .1 grows like d^{1/4} to ± .02 in the exponent',
    'the margin of optimizers/transition',
    { ...rich, axes: { 'network.depth': [5], 'data.d': [1000, 100000], 'data.mu': SIGNALS } },
    { ...place, level: 0.1, a: { d: 100000 }, b: { d: 1000 }, atLeast: 0.91, atMost: 1.1 },
    12,
  ),
  study(
    'depth/place-3',
    'three layers of 20 units, loss .01, d = 10,000: ‖μ‖* at a clean error of .1 is that of two layers within a quarter',
    'runs with another seed gave .98; a quarter is a factor 2.4 of S',
    { ...rich, axes: { 'network.depth': [2, 3], 'data.d': [10000], 'data.mu': SIGNALS } },
    { ...place, level: 0.1, a: { depth: 3 }, b: { depth: 2 }, atLeast: 0.8, atMost: 1.25 },
    10,
  ),
  study(
    'depth/place-5',
    'five layers of 20 units, loss .01, d = 10,000: ‖μ‖* at a clean error of .1 is that of two layers within a quarter',
    'runs with another seed gave 1.0; a quarter is a factor 2.4 of S',
    { ...rich, axes: { 'network.depth': [2, 5], 'data.d': [10000], 'data.mu': SIGNALS } },
    { ...place, level: 0.1, a: { depth: 5 }, b: { depth: 2 }, atLeast: 0.8, atMost: 1.25 },
    10,
  ),
  study(
    'depth/large-start',
    'a start of the size of what is learnt (σ_0 = 1/(σ_p √d)), loss .01, d = 10,000: ‖μ‖* of five layers at a clean error of .2 is a tenth above that of two at least',
    'runs with another seed gave 1.4',
    { ...large, axes: { 'network.depth': [2, 5], 'data.d': [10000], 'data.mu': [1, 1.4, 2, 2.8] } },
    { ...place, level: 0.2, a: { depth: 5 }, b: { depth: 2 }, atLeast: 1.1 },
    10,
  ),
  study(
    'depth/huang-label-noise',
    'the three layers of Huang et al. 2025, G.1, pooled after the filters, 2,000 steps: label noise of .1 lowers the clean error by less than .02',
    'runs with another seed gave -.012 for their claim that it lowers it',
    {
      data: { n: 200, d: 2000, mu: 1, sigmaP: 1 },
      network: { depth: 3, m: 10, widths: '40', sigma0: 0.01 },
      training: { eta: 0.5, maxSteps: 2000 },
      scale: {},
      test: { estimator: 'points', points: 2000 },
      axes: { 'training.labelNoise': [0, 0.1] },
    },
    { kind: 'paired', of: 'testErrorClean', a: { labelNoise: 0 }, b: { labelNoise: 0.1 }, below: 0.02 },
    1,
  ),
];
