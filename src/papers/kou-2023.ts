/** Kou, Chen, Chen, Gu: Benign Overfitting in Two-layer ReLU Convolutional Neural Networks (ICML 2023). */
import type { Check, PublishedBlocks, PublishedLevel } from '../verification/check.ts';
import { collapse } from './kou-2023-collapse.ts';
import { further } from './kou-2023-further.ts';
import { widthSnr } from './kou-2023-width-snr.ts';
import { stepSize } from './kou-2023-step-size.ts';
import type { Paper } from './paper.ts';

// Block means and medians of the two 100 x 100 tables that the authors publish beside their script
// (uclaml/Benign_ReLU_CNN): facts about those tables, computed over blocks of 10 x 10 cells.
const grid = {
  rowPath: 'data.d',
  columnPath: 'data.mu',
  rowIntervals: [
    [100, 190],
    [300, 390],
    [500, 590],
    [700, 790],
    [900, 990],
  ],
  columnIntervals: [
    [0, 0.9],
    [1, 1.9],
    [2, 2.9],
    [3, 3.9],
    [4, 4.9],
    [5, 5.9],
    [6, 6.9],
    [7, 7.9],
    [8, 8.9],
    [9, 9.9],
  ],
  cellsPerBlock: 100,
  runsPerCell: 10,
} as const;

const testErrorBlocks: PublishedBlocks = {
  ...grid,
  testPoints: 1000,
  // One run's standard deviation within a cell, as plotted: 100,000 runs on the coarse grid, 1,000 in each block
  // (`benign reproduce kou-2023 --quick --runs 250`, validation/kou-2023.md).
  runSd: [
    [0.0175, 0.037, 0.0486, 0.0472, 0.0419, 0.0378, 0.0369, 0.0344, 0.0403, 0.0378],
    [0.0122, 0.0301, 0.0411, 0.0455, 0.0422, 0.0348, 0.0328, 0.0344, 0.0344, 0.0383],
    [0.0091, 0.0267, 0.0407, 0.0462, 0.0387, 0.0362, 0.0303, 0.0245, 0.0343, 0.0388],
    [0.0073, 0.0231, 0.0385, 0.0465, 0.0417, 0.0292, 0.0261, 0.0235, 0.0322, 0.0365],
    [0.0072, 0.0217, 0.0367, 0.0444, 0.0431, 0.0316, 0.0214, 0.022, 0.0283, 0.0342],
  ],
  values: [
    [0.4598, 0.3414, 0.2446, 0.1756, 0.1464, 0.1303, 0.1231, 0.1214, 0.1204, 0.1189],
    [0.4774, 0.3948, 0.2961, 0.2041, 0.1519, 0.1258, 0.1161, 0.1153, 0.1154, 0.115],
    [0.4826, 0.416, 0.3214, 0.2187, 0.1576, 0.1254, 0.1143, 0.1103, 0.1106, 0.1111],
    [0.4853, 0.4292, 0.34, 0.2384, 0.1626, 0.1266, 0.1119, 0.1082, 0.1084, 0.1097],
    [0.4876, 0.4351, 0.3474, 0.2487, 0.1684, 0.1278, 0.1124, 0.1067, 0.1046, 0.1054],
  ],
};

const trainLossBlocks: PublishedBlocks = {
  ...grid,
  testPoints: 0,
  values: [
    [2.22e-3, 1.91e-3, 1.58e-3, 1.23e-3, 9.59e-4, 7.25e-4, 6.94e-4, 5.69e-4, 4.73e-4, 4.09e-4],
    [7.31e-4, 6.55e-4, 5.43e-4, 3.97e-4, 2.77e-4, 1.8e-4, 1.22e-4, 9.75e-5, 9.61e-5, 8.52e-5],
    [3.2e-4, 2.83e-4, 2.32e-4, 1.65e-4, 1.15e-4, 7.89e-5, 5.37e-5, 3.21e-5, 2.73e-5, 2.66e-5],
    [1.59e-4, 1.43e-4, 1.19e-4, 8.62e-5, 6.08e-5, 4.08e-5, 2.91e-5, 1.9e-5, 1.43e-5, 1.2e-5],
    [8.94e-5, 8.08e-5, 6.78e-5, 4.88e-5, 3.6e-5, 2.48e-5, 1.78e-5, 1.37e-5, 8.7e-6, 6.88e-6],
  ],
};

// Level sets of the published test errors, rows in groups of ten (d about 145, 245 ... 1045): where the group's mean
// first goes below the level, first and last group, and the slope of log ‖μ‖* against log d.
const levels: readonly PublishedLevel[] = [
  { level: 0.15, first: 4.35, last: 4.77, slope: 0.056 },
  { level: 0.2, first: 2.96, last: 4.13, slope: 0.161 },
  { level: 0.25, first: 2.37, last: 3.44, slope: 0.19 },
  { level: 0.3, first: 1.78, last: 3.03, slope: 0.249 },
  { level: 0.35, first: 1.36, last: 2.51, slope: 0.291 },
  { level: 0.4, first: 0.94, last: 2.02, slope: 0.377 },
];

const againstTheTables: readonly Check[] = [
  {
    kind: 'block-means',
    id: 'test-error',
    basis: 'test',
    observable: 'testError',
    blocks: testErrorBlocks,
    margin: { within: 0.007, because: 'a fifteenth of p = .1, the floor of the noisy error' },
    says: 'block means of the test error are the published ones',
  },
  {
    kind: 'block-medians',
    id: 'train-loss',
    basis: 'test',
    observable: 'trainLoss',
    blocks: trainLossBlocks,
    factor: 1.3,
    because: 'the loss falls by a factor of 80 over the map',
    fromRow: 200,
    says: 'block medians of the training loss are the published ones',
  },
  {
    kind: 'level-sets',
    id: 'level-sets',
    basis: 'test',
    grid: testErrorBlocks,
    groups: 10,
    columns: Array.from({ length: 100 }, (_, i) => i / 10),
    rowsInGroup: 10,
    levels,
    slope: { within: 0.02, because: 'exponents are told apart from .02 on' },
    // Set after a first quick run, which left the first place undecided within .03.
    place: {
      within: 0.05,
      because: 'half a step of the published grid, .05 in ‖μ‖, is 5 % of the smallest place',
      basis: 'guard',
    },
    says: 'level sets of the test error are the published ones',
  },
];

const axes = { 'data.d': { from: 100, to: 1090, step: 10 }, 'data.mu': { from: 0, to: 9.9, step: 0.1 } };
// Two cells by two of every published block, symmetric about its centre: block means stay comparable.
const quickAxes = { 'data.d': { from: 120, to: 1070, step: 50 }, 'data.mu': { from: 0.2, to: 9.7, step: 0.5 } };

const asPlotted = {
  data: { n: 20, flip: 0.1, projected: false },
  network: { m: 10, outputScale: '1', bias: true, init: 'pytorch-gaussian' },
  training: { eta: 0.1, maxSteps: 100 },
  axes,
  runs: 10,
  seed: 2023,
} as const;

const gaussianForUniform =
  "initial weights are Gaussian with the variance of PyTorch's uniform default, so that cost does not depend on d";

export const kou2023: Paper = {
  id: 'kou-2023',
  title: 'Benign Overfitting in Two-layer ReLU Convolutional Neural Networks',
  authors: ['Yiwen Kou', 'Zixiang Chen', 'Yuanzhou Chen', 'Quanquan Gu'],
  year: 2023,
  venue: 'ICML 2023, PMLR 202',
  arxiv: '2303.04145',
  bibtex: `@inproceedings{kou2023benign,
  title = {Benign Overfitting in Two-layer {ReLU} Convolutional Neural Networks},
  author = {Kou, Yiwen and Chen, Zixiang and Chen, Yuanzhou and Gu, Quanquan},
  booktitle = {International Conference on Machine Learning},
  series = {PMLR},
  volume = {202},
  year = {2023}
}`,
  figures: [
    {
      id: 'heat-map',
      title: 'Test error over the dimension and the signal strength',
      level: 0.2,
      table: { rows: 100, columns: 100 },
      variants: [
        {
          id: 'as-plotted',
          says: 'the network behind the published tables: sum over patches and filters, bias, noise not projected',
          spec: { name: 'kou-2023/heat-map as-plotted', ...asPlotted },
          quickAxes,
          quickRuns: 80,
          checks: againstTheTables,
          deviations: [
            'the published tables agree with a sum over the two patches, not with the mean that the public script takes',
            gaussianForUniform,
            'test errors are computed by line sampling instead of 1,000 test points',
          ],
        },
        {
          id: 'as-coded',
          control: true,
          says: 'the public script to the letter: mean over the two patches',
          spec: {
            name: 'kou-2023/heat-map as-coded',
            ...asPlotted,
            network: { ...asPlotted.network, pooling: 'mean' },
          },
          quickAxes,
          quickRuns: 10,
          checks: againstTheTables,
          deviations: [
            'this variant does not give the published tables: it is the negative control',
            gaussianForUniform,
          ],
        },
        {
          id: 'as-printed',
          control: true,
          says: 'the formulas of the text: projected noise, no bias, Gaussian initialisation, 1/m, and the step size times m',
          spec: {
            name: 'kou-2023/heat-map as-printed',
            data: { n: 20, flip: 0.1 },
            network: { m: 10, sigma0: 0.01 },
            training: { eta: 1, maxSteps: 100 },
            axes,
            runs: 10,
            seed: 2023,
          },
          quickAxes,
          quickRuns: 10,
          checks: againstTheTables,
          deviations: [
            'another experiment than the one plotted: it does not give the published tables',
            'sigma_0 = 0.01 is ours: the text names no value',
          ],
        },
        {
          id: 'in-theory',
          says: 'inside Condition 4.1 (as commonly cited) with C = 1, delta = 0.1, T* = 20,000: d >= 10^6, its step size and initial scale, until the loss is 0.01',
          spec: {
            name: 'kou-2023/heat-map in-theory',
            data: { n: 20, flip: 0.1 },
            network: { m: 10, sigma0: 0.001, sigma0Unit: '1/(sigmaP*sqrt(d))' },
            training: { eta: 0.014, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.01, maxSteps: 20000 },
            axes: { 'data.d': { from: 1e6, to: 1e7, count: 7, scale: 'log' }, 'data.mu': { from: 4, to: 68, step: 4 } },
            runs: 25,
            seed: 2023,
          },
          quickAxes: {
            'data.d': { from: 1e6, to: 1e7, count: 3, scale: 'log' },
            'data.mu': { from: 4, to: 68, step: 8 },
          },
          quickRuns: 10,
          checks: [
            {
              kind: 'fitted',
              id: 'every-label-fitted',
              basis: 'test',
              because: 'Theorem 4.2 (as commonly cited)',
              says: 'every run fits every training label: it reaches loss .01 in time',
            },
            {
              kind: 'excess',
              id: 'benign',
              S: [100, Infinity],
              atMost: 0.01,
              says: 'S >= 100: mean excess error at most 0.01',
            },
            {
              kind: 'excess',
              id: 'harmful',
              basis: 'test',
              because: 'the excess that the harmful part of Theorem 4.2 names (as commonly cited); S <= 1 is ours',
              S: [0, 1],
              atLeast: 0.1,
              says: 'S <= 1: mean excess error at least 0.1',
            },
          ],
          deviations: [
            'not in the paper: no published number',
            'S = 100 and S = 1 stand for the constants C_1 and C_3, which the paper leaves free',
          ],
        },
      ],
    },
    collapse,
    ...further,
    widthSnr,
    stepSize,
  ],
};
