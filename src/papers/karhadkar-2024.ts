/** Karhadkar, George, Murray, Montúfar, Needell 2024. Facts, and numbers read in their text, public code and result table. */
import type { Paper } from './paper.ts';

/** The public code's network and training, to the letter. */
const coded = {
  data: { model: 'unit-norm-mixture', flip: 0.1 },
  network: { activation: 'leaky-relu', leak: 0.1, m: 32, outputScale: '1', sigma0: 1 / 64 },
  training: { loss: 'hinge', reduction: 'sum', eta: 1 / 64, stop: 'zero-error', maxSteps: 200000 },
  engine: 'gram-incremental',
  seed: 2024,
} as const;
const codedScale = { 'network.sigma0': { d: -0.5 }, 'training.eta': { n: -1 } } as const;

/** Weights of every sign, as the paper's text has it. */
const heatAxes = { 'data.n': { from: 50, to: 150, step: 10 }, 'data.d': { from: 1, to: 10, step: 1 } };
const heatScale = { ...codedScale, 'data.d': { n: 1 }, 'data.share': { n: -1 } };
const heat = { ...coded, data: { ...coded.data, d: 2, share: 5 }, scale: heatScale, axes: heatAxes, runs: 100 };

/** Standard error of a published column mean: eleven rows, five trials each, two runs; a trial's sd is about .05 at d/n = 1 and .035 at 2. */
const columnSe = (sd: number): number => sd / Math.sqrt(11 * 10);
const columns = [
  { kind: 'mean', id: 'column/d/n=1', of: 'testErrorClean', where: { 'd/n': 1 }, published: 0.069, publishedSe: columnSe(0.05), says: 'mean clean error over n at d/n = 1 against the published table, |z| <= 3' },
  { kind: 'mean', id: 'column/d/n=2', of: 'testErrorClean', where: { 'd/n': 2 }, published: 0.025, publishedSe: columnSe(0.05), says: 'mean clean error over n at d/n = 2 against the published table, |z| <= 3' },
  { kind: 'fitted', id: 'every-label-fitted', atLeast: 1 },
  { kind: 'trend', id: 'falls-with-d/n', of: 'testErrorClean', along: 'd/n', direction: 'falls', says: 'the error falls with d/n' },
  { kind: 'mean', id: 'past-8', of: 'testErrorClean', where: { 'd/n': [8, 10] }, atMost: 0.003, says: 'past d/n = 7 the error is close to 0' },
] as const;

export const karhadkar2024: Paper = {
  id: 'karhadkar-2024',
  title: 'Benign overfitting in leaky ReLU networks with moderate input dimension',
  authors: ['Kedar Karhadkar', 'Erin George', 'Michael Murray', 'Guido Montúfar', 'Deanna Needell'],
  year: 2024,
  venue: 'NeurIPS 2024',
  arxiv: '2403.06903',
  bibtex: `@inproceedings{karhadkar2024benign,
  title = {Benign overfitting in leaky {ReLU} networks with moderate input dimension},
  author = {Karhadkar, Kedar and George, Erin and Murray, Michael and Mont{\\'u}far, Guido and Needell, Deanna},
  booktitle = {Advances in Neural Information Processing Systems},
  volume = {37},
  year = {2024}
}`,
  figures: [
    {
      id: 'heat-map',
      title: 'Clean test error over n and d/n, γ = 5/n, a tenth of the labels flipped',
      shows: [{ value: 'testErrorClean', log: true }, { value: 'steps', log: true }, { value: 'testErrorClean', along: 'd/n', log: true }],
      variants: [
        {
          id: 'as-plotted',
          says: 'the public code before November 2025, which made the published table: every output weight -1, stop at zero 0-1 training error',
          spec: { name: 'karhadkar-2024/heat-map as-plotted', ...heat, network: { ...coded.network, outputSigns: 'negative' } },
          quickAxes: { 'data.n': [50, 100, 150], 'data.d': [1, 2, 4, 8] },
          quickRuns: 5,
          checks: columns,
          deviations: [
            'labels are flipped with probability .1 each, as the code has it, not exactly n/10 of them',
            'initial weights ‖w_j‖ ≈ 1/64 exceed Assumption 1 by a factor 1.6, as in the code',
            'clean errors are computed by line sampling instead of 1,000 points',
          ],
        },
        {
          id: 'as-coded',
          says: 'the public code after its fix: output weights of both signs; its agreement with the published table is shown beside',
          spec: { name: 'karhadkar-2024/heat-map as-coded', ...heat },
          quickAxes: { 'data.n': [50, 100, 150], 'data.d': [1, 2, 4, 8] },
          quickRuns: 5,
          checks: columns,
          deviations: ['not the code that made the published table'],
        },
      ],
    },
  ],
};
