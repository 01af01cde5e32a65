/**
 * Shang, Meng, Cao, Zou 2024: both layers trained. Their text was not at hand but for the abstract and the schematic
 * phase diagram: network, settings and exponents are reconstructed (docs/method.md), and no number of theirs is known.
 */
import type { Paper } from './paper.ts';
import { regimes } from './shang-2024-regimes.ts';

const RECONSTRUCTED =
  'reconstructed: architecture, initialisation and step size are ours, chosen so that the phase diagram has the published shape; no published number is known';

const network = {
  m: 10,
  outputScale: '1',
  output: 'trained-per-patch',
  v0Unit: 'v*',
  sigma0: 0.01,
  sigma0Unit: '1/(sigmaP*sqrt(d))',
} as const;
const etaUnit = 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)';
const base = {
  data: { n: 20, d: 1000 },
  network,
  training: { eta: 1, etaUnit, stop: 'loss', epsilon: 0.05, maxSteps: 20000 },
  coupling: 'common',
  seed: 2024,
} as const;

const signals = { from: 1.6, to: 10, count: 16, scale: 'log' } as const;
const quickSignals = { from: 1.6, to: 10, count: 10, scale: 'log' } as const;
const frontier = { of: 'testErrorClean', along: 'mu', level: 0.1 } as const;
const map = {
  ...base,
  axes: { 'data.mu': signals, 'network.v0': { from: 0.125, to: 16, count: 15, scale: 'log' } },
  runs: 40,
  record: { values: ['layerRatio'] },
};
const quickMapAxes = { 'data.mu': quickSignals, 'network.v0': { from: 0.125, to: 16, count: 8, scale: 'log' } };

/** With the constant fitted where d is large (theory/shang-2024.ts); the statement is not about the ablation. */
const theory = [
  {
    statement: 'shang-2024/critical-signal',
    constants: { C: 6.5 },
    label: 'law, reconstructed to the order of magnitude: E = 6.5, as fitted on shang-2024/regimes',
  },
] as const;

/** Steps for pictures over time: a smaller step than the maps', the same runs stopped at each time. */
const overTime = {
  ...base,
  data: { ...base.data, mu: 4 },
  training: { eta: 0.1, etaUnit },
  axes: {
    'network.v0': [0.125, 0.25, 1, 4, 16],
    'training.maxSteps': [1, 2, 5, 10, 20, 40, 70, 100, 140, 200, 300, 400, 600, 1000, 2000, 4000],
  },
  runs: 60,
  record: { values: ['vChange', 'wChange', 'layerRatio', 'vSignal', 'vNoise', 'wNorm'] },
};

export const shang2024: Paper = {
  id: 'shang-2024',
  title: 'Initialization matters: on the benign overfitting of two-layer ReLU CNN with fully trainable layers',
  authors: ['Shuning Shang', 'Xuran Meng', 'Yuan Cao', 'Difan Zou'],
  year: 2024,
  venue: 'arXiv preprint',
  arxiv: '2410.19139',
  bibtex: `@article{shang2024initialization,
  title = {Initialization matters: On the benign overfitting of two-layer {ReLU} {CNN} with fully trainable layers},
  author = {Shang, Shuning and Meng, Xuran and Cao, Yuan and Zou, Difan},
  journal = {arXiv preprint arXiv:2410.19139},
  year = {2024}
}`,
  figures: [
    {
      id: 'heat-map',
      title: 'Clean test error over the initial output weight and 1/‖μ‖ (reconstructed)',
      shows: [
        { value: 'testErrorClean', inverse: 'mu', theory },
        { value: 'testErrorClean', inverse: 'mu', threshold: 0.1, theory },
        { value: 'layerRatio', log: true, inverse: 'mu' },
      ],
      variants: [
        {
          id: 'per-patch',
          says: 'reconstructed: both layers trained, one output weight a filter and patch, all v_0 at the start, until the loss is 0.05',
          spec: { name: 'shang-2024/heat-map per-patch (reconstructed)', ...map },
          quickAxes: quickMapAxes,
          quickRuns: 16,
          checks: [
            { kind: 'fitted', id: 'every-label-fitted', says: 'every run fits every training label' },
            {
              kind: 'level-ratio',
              id: 'flat/4',
              because:
                'a frontier that is flat from a few v* on is the published schematic; how flat, and the same for the shared ablation, is ours',
              ...frontier,
              a: { v0: 4 },
              b: { v0: 16 },
              atLeast: 0.9,
              atMost: 1.1,
              says: 'frontier (clean error 0.1) at v_0 = 4 v* over the one at 16 v* within 10 %',
            },
            {
              kind: 'level-ratio',
              id: 'flat/8',
              ...frontier,
              a: { v0: 8 },
              b: { v0: 16 },
              atLeast: 0.9,
              atMost: 1.1,
              says: 'frontier at v_0 = 8 v* over the one at 16 v* within 10 %',
            },
            {
              kind: 'level-ratio',
              id: 'bent/1',
              alternatives: { shared: 1.14 },
              ...frontier,
              a: { v0: 1 },
              b: { v0: 16 },
              atLeast: 1.2,
              says: 'frontier at v_0 = v* over the one at 16 v*: at least 1.2',
            },
            {
              kind: 'level-ratio',
              id: 'bent/0.25',
              alternatives: { shared: 1.16 },
              ...frontier,
              a: { v0: 0.25 },
              b: { v0: 16 },
              atLeast: 1.8,
              says: 'frontier at v_0 = v*/4 over the one at 16 v*: at least 1.8',
            },
            {
              kind: 'trend',
              id: 'rises-below',
              basis: 'test',
              because:
                'the schematic diagram of the paper: the frontier rises as v_0 falls; the shared ablation rises too, by .016',
              of: 'testErrorClean',
              along: 'v0',
              where: { v0: [0.125, 4] },
              direction: 'falls',
              says: 'below 4 v* the mean error over ‖μ‖ falls with v_0',
            },
          ],
          deviations: [RECONSTRUCTED],
        },
        {
          id: 'shared',
          says: 'ablation, ours: one output weight a filter, shared by the patches; the frontier hardly bends',
          spec: { name: 'shang-2024/heat-map shared (ablation)', ...map, network: { ...network, output: 'trained' } },
          quickAxes: quickMapAxes,
          quickRuns: 8,
          checks: [
            { kind: 'fitted', id: 'every-label-fitted', says: 'every run fits every training label' },
            {
              kind: 'level-ratio',
              id: 'hardly-bent/0.25',
              alternatives: { 'per-patch': 2.2 },
              ...frontier,
              a: { v0: 0.25 },
              b: { v0: 16 },
              atLeast: 0.9,
              atMost: 1.2,
              says: 'frontier at v_0 = v*/4 over the one at 16 v*: at most 1.2',
            },
          ],
          deviations: [RECONSTRUCTED, 'the ablation is ours: the paper is not known to have it'],
        },
      ],
    },
    {
      id: 'ablation',
      title: 'Clean test error by output layer: one weight a filter and patch, one a filter, or fixed (ours)',
      shows: [{ value: 'testErrorClean', along: 'mu' }],
      variants: [
        {
          id: 'output-layers',
          says: 'ours: the three output layers on the same draws, v_0 = v*/4 and 8 v*',
          spec: {
            name: 'shang-2024/ablation (ours)',
            ...base,
            axes: {
              'network.output': ['trained-per-patch', 'trained', 'fixed'],
              'network.v0': [0.25, 8],
              'data.mu': signals,
            },
            runs: 40,
          },
          quickAxes: {
            'network.output': ['trained-per-patch', 'trained', 'fixed'],
            'network.v0': [0.25, 8],
            'data.mu': quickSignals,
          },
          quickRuns: 20,
          checks: [
            {
              kind: 'level-shift',
              id: 'shared-moves-less',
              alternatives: { 'per-patch': 1 },
              ...frontier,
              atMost: 1 / 3,
              a: { output: 'trained', v0: 0.25 },
              b: { output: 'trained', v0: 8 },
              c: { output: 'trained-per-patch', v0: 0.25 },
              d: { output: 'trained-per-patch', v0: 8 },
              says: 'from v_0 = 8 v* to v*/4 the shared frontier moves at most a third as far (in log ‖μ‖) as the per-patch one',
            },
            {
              kind: 'level-ratio',
              id: 'large-is-fixed',
              ...frontier,
              a: { output: 'trained-per-patch', v0: 8 },
              b: { output: 'fixed', v0: 8 },
              atLeast: 0.95,
              atMost: 1.05,
              says: 'at v_0 = 8 v* the frontier is that of a fixed output layer within 5 %',
            },
          ],
          deviations: [RECONSTRUCTED, 'the ablation is ours: the paper is not known to have it'],
        },
      ],
    },
    {
      id: 'layers',
      title: 'How the two layers grow, for small and large initial output weights (reconstructed)',
      shows: (['layerRatio', 'vChange', 'vNoise', 'vSignal', 'wNorm', 'trainLoss', 'testErrorClean'] as const).map(
        (value) => ({ value, along: 'maxSteps', log: true }),
      ),
      variants: [
        {
          id: 'over-time',
          says: "reconstructed: the same runs stopped at each time; a tenth of the maps' step size",
          spec: { name: 'shang-2024/layers over-time (reconstructed)', ...overTime },
          quickAxes: { 'network.v0': [0.25, 4, 16], 'training.maxSteps': [1, 10, 40, 100, 200, 400, 1000, 2000, 4000] },
          quickRuns: 40,
          checks: [
            {
              kind: 'mean',
              id: 'large/still',
              of: 'vChange',
              where: { v0: 16, maxSteps: 4000 },
              atMost: 0.01,
              says: 'v_0 = 16 v*: after 4,000 steps the output layer has moved by at most 1 %',
            },
            {
              kind: 'mean',
              id: 'large/still/4',
              of: 'vChange',
              where: { v0: 4, maxSteps: 4000 },
              atMost: 0.05,
              says: 'v_0 = 4 v*: by at most 5 %',
            },
            {
              kind: 'ratio',
              id: 'large/filters-grow',
              of: 'wNorm',
              a: { v0: 16, maxSteps: 4000 },
              b: { v0: 16, maxSteps: 1 },
              atLeast: 2,
              says: 'v_0 = 16 v*: while the filters grow at least twofold',
            },
            {
              kind: 'ratio',
              id: 'small/filters-first',
              of: 'wNorm',
              a: { v0: 0.25, maxSteps: 40 },
              b: { v0: 0.25, maxSteps: 1 },
              atLeast: 1.3,
              says: 'v_0 = v*/4, first phase: the filters grow by 30 % or more in 40 steps',
            },
            {
              kind: 'mean',
              id: 'small/output-waits',
              of: 'vChange',
              where: { v0: 0.25, maxSteps: 40 },
              atMost: 0.05,
              says: 'v_0 = v*/4, first phase: meanwhile the output layer moves by at most 5 %',
            },
            {
              kind: 'ratio',
              id: 'small/both-grow',
              of: 'vNoise',
              a: { v0: 0.25, maxSteps: 4000 },
              b: { v0: 0.25, maxSteps: 400 },
              atLeast: 1.5,
              says: 'v_0 = v*/4, second phase (steps 400 to 4,000): v_2 grows by half or more',
            },
            {
              kind: 'ratio',
              id: 'small/ratio-kept',
              of: 'layerRatio',
              a: { v0: 0.25, maxSteps: 4000 },
              b: { v0: 0.25, maxSteps: 400 },
              atLeast: 0.95,
              atMost: 1.05,
              says: 'v_0 = v*/4: meanwhile ‖w‖/‖v‖ stays within 5 %',
            },
            {
              kind: 'every',
              id: 'small/ratio-one',
              of: 'layerRatio',
              where: { v0: 0.25, maxSteps: [400, 4000] },
              atLeast: 0.9,
              atMost: 1,
              says: 'v_0 = v*/4: in every run the ratio kept lies between 0.9 and 1',
            },
            {
              kind: 'ratio',
              id: 'small/early-stop',
              of: 'testErrorClean',
              a: { v0: 0.25, maxSteps: 4000 },
              b: { v0: 0.25, maxSteps: 40 },
              atLeast: 5,
              says: 'ours: v_0 = v*/4 learns the signal first and forgets it: the error after 4,000 steps is at least five times that after 40',
            },
          ],
          deviations: [RECONSTRUCTED, 'times differ between curves: the step size follows max(v_0, v*)'],
        },
      ],
    },
    {
      id: 'invariant',
      title: 'Drift of ‖w‖² − ‖v‖², which gradient flow keeps, against the step size (ours)',
      shows: [{ value: 'balanceDrift', along: 'eta', log: true }],
      variants: [
        {
          id: 'step-size',
          says: 'ours: the same time in ever smaller steps; gradient flow keeps the invariant of every filter for any data',
          spec: {
            name: 'shang-2024/invariant step-size',
            ...base,
            data: { ...base.data, mu: 4 },
            training: { eta: 0.1, etaUnit, maxSteps: 100 },
            scale: { 'training.maxSteps': { eta: -1 } },
            axes: { 'network.v0': [0.25, 1, 4], 'training.eta': { from: 0.0125, to: 0.8, count: 7, scale: 'log' } },
            runs: 20,
            record: { values: ['balanceDrift'] },
          },
          quickAxes: { 'network.v0': [0.25, 4], 'training.eta': { from: 0.025, to: 0.4, count: 5, scale: 'log' } },
          quickRuns: 4,
          checks: [0.25, 4].map((v0) => ({
            kind: 'slope' as const,
            id: `order-one/${v0}`,
            basis: 'test' as const,
            because: 'the invariant of gradient flow is broken at first order in η: exponent 1, within .02',
            of: 'balanceDrift' as const,
            along: 'eta',
            where: { v0, eta: [0, 0.25] as const },
            between: [0.98, 1.02] as const,
            says: `at v_0 = ${v0} v* the drift over a fixed time is of order η`,
          })),
          deviations: ['ours: a check of the dynamics, no figure of the paper'],
        },
      ],
    },
    {
      id: 'response',
      title: 'Response to the training noises over the output weight, small v_0 (reconstructed)',
      shows: [
        { value: 'responseRatio', along: 'd' },
        { value: 'noiseResponse', along: 'd', log: true },
        { value: 'layerRatio', along: 'd' },
      ],
      variants: [
        {
          id: 'small-output',
          says: 'reconstructed: v_0 = v*/20, signal 1; at the end ⟨w,ξ⟩/v_2 should be of the order of σ_p √(d/n)',
          spec: {
            name: 'shang-2024/response (reconstructed)',
            ...base,
            data: { mu: 1 },
            network: { ...network, v0: 0.05 },
            axes: { 'data.n': [10, 20, 40, 80], 'data.d': { from: 1000, to: 64000, count: 4, scale: 'log' } },
            runs: 80,
            record: { values: ['responseRatio', 'noiseResponse', 'layerRatio'] },
          },
          quickAxes: { 'data.n': [10, 20, 40], 'data.d': [1000, 4000, 16000] },
          quickRuns: 20,
          checks: [
            {
              kind: 'every',
              id: 'order',
              of: 'responseRatio',
              atLeast: 1,
              atMost: 2.5,
              says: 'in every run ⟨w,ξ⟩/v_2 lies between 1 and 2.5 times σ_p √(d/n)',
            },
            ...[10, 40].map((n) => ({
              kind: 'slope' as const,
              id: `free-of-d/n=${n}`,
              basis: 'test' as const,
              because: 'exponent 0 of the reconstructed law, within .02',
              of: 'responseRatio' as const,
              along: 'd',
              where: { n },
              between: [-0.02, 0.02] as const,
              says: `n = ${n}: in that unit it does not depend on d`,
            })),
            {
              kind: 'ratio',
              id: 'free-of-n',
              of: 'responseRatio',
              a: { n: 40, d: 16000 },
              b: { n: 10, d: 16000 },
              atLeast: 4 ** -0.06,
              atMost: 4 ** 0.06,
              says: 'd = 16,000: nor on n: from 10 to 40 samples it moves by n to the power .06 at most',
            },
          ],
          deviations: [
            RECONSTRUCTED,
            'the constant is about 1.6, not 1: a filter responds to the samples of its class that are active, not to all n (1.56 at n = 10, 1.62 to 1.64 from n = 20 on)',
          ],
        },
      ],
    },
    regimes,
  ],
};
