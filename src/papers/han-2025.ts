/** Han et al. 2025: the abstract's two stages, and bounds as another text restates them; the settings are ours. */
import type { Paper } from './paper.ts';

/** ‖μ‖ = c σ_p (d/n)^{1/2}, so n SNR² = c². */
const C = 'mu*n^0.5/d^0.5';
const early = { [C]: 3, maxSteps: [10, 30] } as const;
const late = { [C]: 3, maxSteps: 3000 } as const;

const spec = {
  data: { n: 50, d: 40, flip: 0.1 },
  network: { m: 10, sigma0: 0.01, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { eta: 0.02, etaUnit: 'n*m/(sigmaP^2*d)' },
  scale: { 'data.d': { n: 1 }, 'data.mu': { d: 0.5, n: -0.5 } },
  axes: { 'training.maxSteps': [1, 3, 10, 30, 100, 300, 1000, 3000], 'data.mu': [1, 2, 3], 'data.d': [10, 100] },
  coupling: 'common',
  record: { values: ['trainErrorClean', 'trainErrorFlipped', 'trainLossClean', 'trainLossFlipped'] },
  runs: 100,
  seed: 2025,
} as const;

export const han2025: Paper = {
  id: 'han-2025',
  title: 'On the Role of Label Noise in the Feature Learning Process',
  authors: [
    'Andi Han',
    'Wei Huang',
    'Zhanpeng Zhou',
    'Gang Niu',
    'Wuyang Chen',
    'Junchi Yan',
    'Akiko Takeda',
    'Taiji Suzuki',
  ],
  year: 2025,
  venue: 'ICML 2025, PMLR 267',
  arxiv: '2505.18909',
  bibtex: `@inproceedings{han2025role,
  title = {On the Role of Label Noise in the Feature Learning Process},
  author = {Han, Andi and Huang, Wei and Zhou, Zhanpeng and Niu, Gang and Chen, Wuyang and Yan, Junchi and Takeda, Akiko and Suzuki, Taiji},
  booktitle = {International Conference on Machine Learning},
  series = {PMLR},
  volume = {267},
  year = {2025}
}`,
  figures: [
    {
      id: 'two-stages',
      title: 'Two stages of learning under label noise at n SNR² of order 1: clean samples first, flipped ones later',
      shows: [
        { value: 'trainErrorFlipped', along: 'maxSteps' },
        { value: 'trainErrorClean', along: 'maxSteps' },
        { value: 'trainLossFlipped', along: 'maxSteps' },
        { value: 'trainLossClean', along: 'maxSteps' },
        { value: 'testErrorClean', along: 'maxSteps' },
        { value: 'gamma', along: 'maxSteps' },
        { value: 'rhoBar', along: 'maxSteps' },
      ],
      variants: [
        {
          id: 'ours',
          says: "Kou et al.'s network over time at n SNR² = 1, 4 and 9 and d/n = 10 and 100; a tenth of the labels flipped",
          spec: { name: 'han-2025/two-stages', ...spec },
          quickAxes: { 'training.maxSteps': [10, 30, 3000], 'data.mu': [1, 3], 'data.d': [10, 100] },
          quickRuns: 40,
          checks: [
            {
              kind: 'every',
              id: 'stage-1/clean-fitted',
              of: 'trainErrorClean',
              where: early,
              atMost: 0,
              says: 'first stage, n SNR² = 9: every clean label is fitted in every run, so each clean loss is below log 2',
            },
            {
              kind: 'mean',
              id: 'stage-1/flipped-refused',
              of: 'trainErrorFlipped',
              where: early,
              atLeast: 0.95,
              says: 'while flipped samples are classified by their true label: the loss level log 2 tells them from clean ones',
            },
            {
              kind: 'mean',
              id: 'stage-1/test-error',
              of: 'testErrorClean',
              where: early,
              atMost: 0.001,
              says: 'stopped there, the clean test error is close to 0',
            },
            {
              kind: 'every',
              id: 'stage-2/fitted',
              of: 'trainErrorFlipped',
              where: late,
              atMost: 0,
              says: 'second stage: flipped labels are fitted in every run',
            },
            {
              kind: 'ratio',
              id: 'stage-2/worse',
              of: 'testErrorClean',
              a: { [C]: 1, maxSteps: 3000, 'd/n': 10 },
              b: { [C]: 1, maxSteps: 10, 'd/n': 10 },
              atLeast: 1.5,
              says: 'there the clean test error is at least one and a half times that of the first stage (n SNR² = 1, d/n = 10)',
            },
            {
              kind: 'paired',
              id: 'stage-2/degrades',
              basis: 'test',
              because: 'the abstract: fitting the noise degrades generalisation',
              of: 'testErrorClean',
              a: { [C]: 1, maxSteps: 3000, 'd/n': 10 },
              b: { [C]: 1, maxSteps: 10, 'd/n': 10 },
              above: 0,
              says: 'the clean test error rises from the first stage to the second (n SNR² = 1, d/n = 10, where it can be seen)',
            },
          ],
          deviations: [
            'settings are ours: n = 50, both classes flipped alike with p = .1 (the restated theorem has a rate for each class)',
            'the restated bound of the second stage, test error at least .5 min(τ₊, τ₋), can be read in two ways, and neither is a check: against observed labels it is exceeded identically (their floor is p); against true labels, the only reading under which the first stage can go below p, it is not met: .05 against .018 ± .001 at n SNR² = 1 and 2e-4 at n SNR² = 9 (d/n = 10), 6e-5 or less at d/n = 100. What is checked is the rise',
            'the rise can be seen at d/n = 10 (n SNR² = 1: from .007 to .018; n SNR² = 9: from below 1e-15 to 2e-4 ± 1e-4); with d/n it dies out, as n‖μ‖⁴/(σ_p⁴d) = (n SNR²)² d/n grows',
            'the two stages show from n SNR² = 4 on; at n SNR² = 1 nine tenths of the flipped labels are fitted from the first step',
          ],
        },
      ],
    },
  ],
};
