/**
 * Xu, Wang, Frei, Vardi, Hu 2024: XOR clusters without patches. Abstract and reviews were at hand: one step fits every
 * label, later steps generalise; every setting is ours.
 */
import type { Paper, Variant } from './paper.ts';

const LINEAR =
  'no linear rule through the origin errs on more or less than half of XOR data (x and -x have one label): recorded, not checked';
const OURS =
  'ours: no experiment of the paper was at hand; output weights ±1/√m of random sign and the order of events are taken as commonly cited';

/** One step moves an output by about η d/(4n): a tenth of that unit. */
const base = {
  data: { model: 'xor-mixture', n: 200, d: 40000, flip: 0.1 },
  network: { m: 100, outputScale: '1/sqrt(m)', outputSigns: 'random', sigma0: 0.001, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { eta: 0.1 },
  scale: { 'training.eta': { n: 1, d: -1 } },
  axes: { 'data.mu': [15, 30, 45], 'training.maxSteps': [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300] },
  coupling: 'common',
  runs: 20,
  seed: 2310,
  record: { values: ['trainErrorFlipped', 'maxMarginError'] },
} as const;

const grokking = {
  quickAxes: { 'data.mu': [30, 45], 'training.maxSteps': [1, 3, 30, 300] },
  quickRuns: 3,
  checks: [
    {
      kind: 'every',
      id: 'one-step-fits',
      basis: 'test',
      because: 'the abstract: one step fits every label',
      alternatives: { 'large-start': 0 },
      of: 'trainError',
      where: { mu: 30, maxSteps: 1 },
      atMost: 0,
      says: '‖μ‖ = 30: after one step every observed label is fitted, in every run',
    },
    {
      kind: 'mean',
      id: 'one-step-guesses',
      of: 'testErrorClean',
      where: { mu: 30, maxSteps: 1 },
      atLeast: 0.4,
      says: '‖μ‖ = 30: but the clean test error is still at least 0.4',
    },
    {
      kind: 'mean',
      id: 'later-generalises',
      alternatives: { 'large-start': 0.483 },
      of: 'testErrorClean',
      where: { mu: 30, maxSteps: 300 },
      atMost: 0.02,
      says: '‖μ‖ = 30: after 300 steps it is at most 0.02',
    },
    {
      kind: 'every',
      id: 'flips-stay-fitted',
      basis: 'test',
      because: 'the abstract: noisy labels stay fitted while the test error falls',
      of: 'trainErrorFlipped',
      where: { mu: 30, maxSteps: 300 },
      atMost: 0,
      says: '‖μ‖ = 30: and every flipped label is fitted all the while',
    },
  ],
} as const satisfies Partial<Variant>;

export const xu2024: Paper = {
  id: 'xu-2024',
  title: 'Benign overfitting and grokking in ReLU networks for XOR cluster data',
  authors: ['Zhiwei Xu', 'Yutong Wang', 'Spencer Frei', 'Gal Vardi', 'Wei Hu'],
  year: 2024,
  venue: 'ICLR 2024',
  arxiv: '2310.02541',
  bibtex: `@inproceedings{xu2024benign,
  title = {Benign overfitting and grokking in {ReLU} networks for {XOR} cluster data},
  author = {Xu, Zhiwei and Wang, Yutong and Frei, Spencer and Vardi, Gal and Hu, Wei},
  booktitle = {International Conference on Learning Representations},
  year = {2024}
}`,
  figures: [
    {
      id: 'grokking',
      title: 'One step fits, later steps generalise: errors over time (ours)',
      shows: [
        { value: 'testErrorClean', along: 'maxSteps' },
        { value: 'trainError', along: 'maxSteps' },
        { value: 'trainLoss', along: 'maxSteps', log: true },
      ],
      variants: [
        {
          id: 'small-start',
          says: 'ours: initial weights far smaller than the first step; the same runs stopped at each time',
          spec: { name: 'xu-2024/grokking small-start (ours)', ...base },
          ...grokking,
          deviations: [OURS, LINEAR],
        },
        {
          id: 'large-start',
          control: true,
          says: 'ours: initial weights far larger than the first step, which then fits nothing',
          spec: { name: 'xu-2024/grokking large-start (ours)', ...base, network: { ...base.network, sigma0: 1 } },
          ...grokking,
          deviations: [
            OURS,
            LINEAR,
            'a start that is small against the step is what the first step needs: this variant shows it',
          ],
        },
      ],
    },
  ],
};
