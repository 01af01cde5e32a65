/** Huang et al. 2025, G.2: label noise on real images whose border, or a part of it, is noise. */
import { CIFAR_10, MNIST_TEST, ofFiles } from './data-sets.ts';
import type { PaperFigure, Variant } from './paper.ts';

const STEPS = { early: 20_000, late: 200_000 } as const;
const [PLAIN, NOISY] = [0, 0.15];

/** What the text names: n, test points, noise level, m, η, p, and the steps of its map. */
const setting = {
  data: { n: 100, heldOut: 200, layout: 'noisy-border', sigmaP: 5 },
  network: { m: 20, activation: 'relu-power', power: 2, sigma0: 0.01 },
  training: { eta: 0.001 },
  coupling: 'common',
  seed: 2025,
  record: { values: ['noisyLoss'], series: ['testErrorClean', 'trainError', 'trainLoss'], every: 4000 },
} as const;
const axes = { 'training.labelNoise': [PLAIN, NOISY], 'training.maxSteps': [STEPS.early, STEPS.late] };

const OURS = [
  'initial weights of standard deviation .01 are ours: their scale is named nowhere',
  'm = 20 is read as filters per class, and as many training and test points of each class are drawn: the text does not say',
  'the published numbers are pictures, which were not at hand: the claim alone is held against our runs',
] as const;

const wins = (steps: number): Variant['checks'][number] => ({
  kind: 'paired',
  id: 'label-noise/wins',
  basis: 'test',
  because: 'the published claim: label noise has the higher test accuracy',
  of: 'testErrorClean',
  a: { labelNoise: PLAIN, maxSteps: steps },
  b: { labelNoise: NOISY, maxSteps: steps },
  above: 0,
  says: `draw by draw the test error without label noise exceeds that with it after ${steps.toLocaleString('en')} steps`,
});

const fits: Variant['checks'][number] = {
  kind: 'every',
  id: 'descent/fits',
  basis: 'test',
  because: "the paper's setting: descent fits every label",
  of: 'trainError',
  where: { labelNoise: PLAIN, maxSteps: STEPS.late },
  atMost: 0,
  says: 'without label noise every training label is fitted, in every run',
};

const shows: PaperFigure['shows'] = [
  { value: 'testErrorClean', along: 'maxSteps' },
  { value: 'trainLoss', along: 'maxSteps', log: true },
  { value: 'noisyLoss', along: 'maxSteps', log: true },
];

const mnist: PaperFigure = {
  id: 'mnist',
  title: 'Zeros against ones of MNIST with noise around the middle: descent with label noise and without',
  shows,
  variants: [
    {
      id: 'descent-and-label-noise',
      says: 'published settings: digits 0 and 1, pixels divided by 80, noise of σ_p = 5 on the border, n = 100, 200 test points, η = .001, m = 20, p = .15; 20,000 and 200,000 steps, 20 draws',
      needs: MNIST_TEST,
      spec: {
        ...setting,
        name: 'huang-2025/mnist descent-and-label-noise',
        files: ofFiles(MNIST_TEST).files,
        data: { ...ofFiles(MNIST_TEST).data, ...setting.data, classes: '0/1', d: 784, divisor: 80, border: 5 },
        axes,
        runs: 20,
      },
      quickAxes: { ...axes, 'training.maxSteps': [STEPS.early / 20, STEPS.early / 4] },
      quickRuns: 2,
      checks: [
        wins(STEPS.late),
        fits,
        {
          kind: 'paired',
          id: 'descent/ahead',
          because: 'a plain NumPy program of ours, two seeds: accuracy .82 and .84 against .70 and .735',
          of: 'testErrorClean',
          a: { labelNoise: NOISY, maxSteps: STEPS.early },
          b: { labelNoise: PLAIN, maxSteps: STEPS.early },
          above: 0,
          says: 'but after 20,000 steps the test error with label noise is the larger one',
        },
        {
          kind: 'mean',
          id: 'descent/error',
          because: 'a plain NumPy program of ours, two seeds: .18 and .16',
          of: 'testErrorClean',
          where: { labelNoise: PLAIN, maxSteps: STEPS.late },
          atLeast: 0.1,
          atMost: 0.26,
          says: 'without label noise the mean test error ends between .10 and .26',
        },
        {
          kind: 'mean',
          id: 'label-noise/error',
          because: 'a plain NumPy program of ours, two seeds: .055 and .045',
          of: 'testErrorClean',
          where: { labelNoise: NOISY, maxSteps: STEPS.late },
          atMost: 0.1,
          says: 'with label noise it ends at most at .10',
        },
      ],
      deviations: [
        'of the test set: points are drawn from the 10,000 images of that file, training points too',
        'the middle of 18 x 18 pixels is ours, and so is q = 2, which the text names for CIFAR-10 alone',
        ...OURS,
      ],
    },
  ],
};

const cifar: PaperFigure = {
  id: 'cifar',
  title: 'Airplanes against automobiles of CIFAR-10 with noise around the middle: descent with label noise and without',
  shows,
  variants: [
    {
      id: 'descent-and-label-noise',
      says: 'published settings: airplane and automobile, signal norm 64 read as a divisor, noise level 5, q = 2, n = 100, 200 test points, η = .001, m = 20, p = .15; 20,000 and 200,000 steps, 5 draws',
      needs: CIFAR_10,
      spec: {
        ...setting,
        name: 'huang-2025/cifar descent-and-label-noise',
        files: ofFiles(CIFAR_10).files,
        data: { ...ofFiles(CIFAR_10).data, ...setting.data, classes: '0/1', d: 3072, divisor: 64, border: 6 },
        axes,
        runs: 5,
      },
      quickAxes: { ...axes, 'training.maxSteps': [STEPS.early / 200, STEPS.early / 100] },
      quickRuns: 1,
      checks: [wins(STEPS.late), fits],
      deviations: [
        'never run by us: nobody here has the files',
        'd = 6144 is read as two patches of 3 x 32 x 32; "a portion of the images" is noisy in the text, and which one is not named: the middle of 20 x 20 pixels is ours, as large a share as that of MNIST',
        'the number of steps is that of the map on MNIST: none is named',
        ...OURS,
      ],
    },
  ],
};

export const images: readonly PaperFigure[] = [mnist, cifar];
