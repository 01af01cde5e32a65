/** Huang et al. 2025, Appendix G.3 and G.4: other factors inside the loss, and other powers of the activation. */
import type { Check } from '../verification/check.ts';
import type { PaperFigure, Variant } from './paper.ts';

const UNSAID = 'initial weights of standard deviation 0.01 are ours: their scale was not at hand';
const IN_ALL = 'm = 20 is read as filters in all, 10 per class';
const FIGURE_ONLY = 'the paper shows a figure; what is held is its claim, with bounds of ours';

const base = {
  test: { estimator: 'points', points: 2000 },
  coupling: 'common',
  seed: 2025,
  runs: 10,
} as const;
const network = (power: number) => ({ m: 10, activation: 'relu-power', power, sigma0: 0.01 });
const view = (name: string, y: string, color: string) => ({ name, x: 'maxSteps', y, color, log: ['x'] });

/** `better`: where label noise is on, `descent`: where it is off. */
const wins = (descent: object, better: object, last: number, says: string): Check => ({
  kind: 'paired',
  id: 'label-noise/wins',
  basis: 'test',
  because: 'the claim of the paper: label noise tests better',
  of: 'testErrorClean',
  a: { ...(descent as Record<string, string | number>), maxSteps: last },
  b: { ...(better as Record<string, string | number>), maxSteps: last },
  above: 0,
  says,
});

const factors = (
  id: string,
  law: 'gaussian' | 'uniform',
  words: string,
  training: Readonly<Record<string, number>>,
): Variant => ({
  id,
  says: `labels times ${words} inside the loss, beside descent; n = 200, d = 2000, ‖μ‖ = 2, σ_p = 0.5, η = 0.5, squared ReLU`,
  spec: {
    name: `huang-2025/factors ${id}`,
    ...base,
    data: { n: 200, d: 2000, mu: 2, sigmaP: 0.5 },
    network: network(2),
    training: { eta: 0.5, ...training },
    axes: {
      'training.labelNoiseLaw': ['turns', law],
      'training.maxSteps': [50, 100, 200, 500, 1000, 2000, 4000],
    },
    figures: [view('test-error', 'testErrorClean', 'labelNoiseLaw'), view('signal', 'gamma', 'labelNoiseLaw')],
  },
  quickAxes: { 'training.labelNoiseLaw': ['turns', law], 'training.maxSteps': [100, 4000] },
  quickRuns: 4,
  checks: [
    wins({ labelNoiseLaw: 'turns' }, { labelNoiseLaw: law }, 4000, `run by run ${words} tests better than descent`),
    {
      kind: 'mean',
      id: 'descent/fails',
      basis: 'test',
      because: 'the harmful part of the theorem',
      of: 'testErrorClean',
      where: { labelNoiseLaw: 'turns', maxSteps: 4000 },
      atLeast: 0.24,
      says: 'without label noise the test error stays at least 0.24, the bound of the theorem',
    },
  ],
  deviations: [
    FIGURE_ONLY,
    'no label is turned beside the factors: labelNoiseLaw: turns with probability 0 is descent',
    IN_ALL,
    UNSAID,
  ],
});

const powers = (power: number, eta: number, n: number, mu: number, last: number): Variant => ({
  id: `q-${power}`,
  says: `label noise .1 beside descent with max(0, z)^${power}: η = ${eta}, n = ${n}, ‖μ‖ = ${mu}, σ_p = 0.5, d = 2000`,
  spec: {
    name: `huang-2025/powers q-${power}`,
    ...base,
    data: { n, d: 2000, mu, sigmaP: 0.5 },
    network: network(power),
    training: { eta },
    axes: {
      'training.labelNoise': [0, 0.1],
      'training.maxSteps': [0.01, 0.03, 0.1, 0.3, 1].map((share) => Math.round(share * last)),
    },
    figures: [view('test-error', 'testErrorClean', 'labelNoise'), view('signal', 'gamma', 'labelNoise')],
  },
  quickAxes: { 'training.labelNoise': [0, 0.1], 'training.maxSteps': [0.03 * last, last].map(Math.round) },
  quickRuns: 4,
  checks: [wins({ labelNoise: 0 }, { labelNoise: 0.1 }, last, 'run by run label noise tests better than descent')],
  deviations: [FIGURE_ONLY, 'the probability .1 of a turn is that of the main text', IN_ALL, UNSAID],
});

export const factorsAndPowers: readonly PaperFigure[] = [
  {
    id: 'factors',
    title: 'Gaussian and uniform factors inside the loss (G.3)',
    shows: [],
    variants: [
      factors('gaussian', 'gaussian', 'a factor N(1, 1)', { labelMean: 1, labelSd: 1 }),
      factors('uniform-narrow', 'uniform', 'a factor uniform on [-1, 2]', { labelLow: -1, labelHigh: 2 }),
      factors('uniform-wide', 'uniform', 'a factor uniform on [-2, 3]', { labelLow: -2, labelHigh: 3 }),
    ],
  },
  {
    id: 'powers',
    title: 'Cubed and fourth-power ReLU with label noise and without (G.4)',
    shows: [],
    variants: [powers(3, 0.5, 200, 2, 4000), powers(4, 0.1, 50, 5, 40000)],
  },
];
