/**
 * Chen, Zhang, Kou, Chen, Hsieh, Gu 2023: sharpness-aware minimisation against gradient descent on signal and noise
 * patches. Statements and the law of the radius as commonly cited; the text was not at hand.
 */
import type { Paper } from './paper.ts';

/** Radius in units of d^{-1/2}: a third of m n^{1/2}/(P σ_p), P = 2 patches, m = 10, n = 20. */
const RADIUS = 7;
const ON_AXIS = 'radius*d^0.5';
const LEVEL = 0.1;

export const chen2023: Paper = {
  id: 'chen-2023-sam',
  title: 'Why does sharpness-aware minimization generalize better than SGD?',
  authors: ['Zixiang Chen', 'Junkai Zhang', 'Yiwen Kou', 'Xiangning Chen', 'Cho-Jui Hsieh', 'Quanquan Gu'],
  year: 2023,
  venue: 'NeurIPS 2023',
  arxiv: '2310.07269',
  bibtex: `@inproceedings{chen2023sam,
  title = {Why does sharpness-aware minimization generalize better than {SGD}?},
  author = {Chen, Zixiang and Zhang, Junkai and Kou, Yiwen and Chen, Xiangning and Hsieh, Cho-Jui and Gu, Quanquan},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2023},
  eprint = {2310.07269},
  archiveprefix = {arXiv}
}`,
  figures: [
    {
      id: 'transition',
      title: 'Where the clean error falls through .1 over d: descent like d^{1/4}, sharpness-aware steps below ‖μ‖ = 1',
      shows: [],
      variants: [
        {
          id: 'one-noise-patch',
          says: 'one signal and one noise patch, n = 20, m = 10, flips with p = .1, 1,000 steps of η = .3 n m/(σ_p² d): descent (radius 0) beside SAM with a radius of 7/√d',
          spec: {
            name: 'chen-2023-sam/transition',
            data: { n: 20, flip: 0.1 },
            network: { m: 10, sigma0: 0.001, sigma0Unit: '1/(sigmaP*sqrt(d))' },
            training: { rule: 'sam', eta: 0.3, etaUnit: 'n*m/(sigmaP^2*d)', maxSteps: 1000 },
            scale: { 'training.radius': { d: -0.5 } },
            axes: {
              'training.radius': [0, RADIUS],
              'data.d': [1000, 10000, 100000],
              'data.mu': { from: 0.25, to: 16, count: 10, scale: 'log' },
            },
            coupling: 'common',
            runs: 30,
            seed: 2023,
            figures: [
              {
                name: 'test-error',
                x: 'mu',
                y: 'testErrorClean',
                color: 'd',
                facet: ON_AXIS,
                log: ['x'],
                level: [LEVEL],
              },
              { name: 'train-loss', x: 'mu', y: 'trainLoss', color: 'd', facet: ON_AXIS, log: ['x', 'y'] },
              { name: 'fitted', x: 'mu', y: 'fitted', color: 'd', facet: ON_AXIS, log: ['x'] },
            ],
          },
          quickAxes: {
            'training.radius': [0, RADIUS],
            'data.d': [1000, 100000],
            'data.mu': { from: 0.25, to: 16, count: 10, scale: 'log' },
          },
          quickRuns: 4,
          checks: [
            {
              kind: 'level-ratio',
              id: 'descent/exponent',
              basis: 'test',
              because: '‖μ‖* ∝ d^{1/4} (as commonly cited), within ± .03 over a factor 100 of d',
              of: 'testErrorClean',
              along: 'mu',
              level: LEVEL,
              a: { [ON_AXIS]: 0, d: 100000 },
              b: { [ON_AXIS]: 0, d: 1000 },
              atLeast: 2.75,
              atMost: 3.63,
              says: 'descent: where the clean error falls through .1, ‖μ‖* grows like d^{1/4} from d = 1,000 to 100,000',
            },
            {
              kind: 'mean',
              id: 'sam/benign',
              basis: 'test',
              because: 'benign for ‖μ‖ = Ω(1), as commonly cited; .1 is our level',
              of: 'testErrorClean',
              where: { [ON_AXIS]: RADIUS, mu: [0.9, 1.1], d: 100000 },
              atMost: LEVEL,
              says: 'SAM at ‖μ‖ = 1 and d = 100,000: the clean error is at most .1',
            },
            {
              kind: 'mean',
              id: 'sam/smaller-d',
              basis: 'test',
              because: 'the condition is free of d, as commonly cited',
              of: 'testErrorClean',
              where: { [ON_AXIS]: RADIUS, mu: [0.9, 1.1], d: [1000, 10000] },
              atMost: LEVEL,
              says: 'and at d = 1,000 and 10,000',
            },
            {
              kind: 'mean',
              id: 'descent/harmful',
              basis: 'test',
              because: 'error of at least .1 beyond the floor below the threshold, as commonly cited',
              of: 'testErrorClean',
              where: { [ON_AXIS]: 0, mu: [0.2, 4], d: 100000 },
              atLeast: LEVEL,
              says: 'descent at d = 100,000: up to ‖μ‖ = 4 the clean error is at least .1 on average',
            },
          ],
          deviations: [
            'source: as commonly cited; the text, with its constants and its number of patches, was not at hand',
            'one noise patch where the model has P - 1 of them',
            'SAM in every step of a fixed time, where the paper switches to SGD after it: at large d few labels that were flipped are fitted by then (picture fitted), so that this is not yet interpolation',
            'below ‖μ‖ = 1 the place of SAM still moves with d: .1 is crossed below ‖μ‖ = .25 at d = 1,000, near .25 at 10,000 and near .45 at 100,000',
            'full batch; the radius 7/√d is a third of m n^{1/2}/(P σ_p √d)',
          ],
        },
      ],
    },
  ],
};
