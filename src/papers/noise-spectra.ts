/** Anisotropic noise: which control parameter takes the place of S = n‖μ‖⁴/(σ_p⁴ d)? */
import type { Powers } from '../notation.ts';
import {
  allFitted,
  collapses,
  DIMENSIONS,
  LEVEL,
  network,
  ours,
  PILOT,
  placesOver,
  training,
  twoFlips,
} from './noise-places.ts';
import type { PaperFigure } from './paper.ts';

const MU_TR = 'mu*n^0.25/noiseTraceSquare^0.25';
/** The averaging classifier's, and the sufficient form of Hashimoto et al. */
const TRACE_SQUARE: Powers = { n: 1, mu: 4, noiseTraceSquare: -1 };
const NORM_TRACE: Powers = { n: 1, mu: 4, noiseNorm: -1, noiseTrace: -1 };
const ARGUMENT: Powers = { averagingArgument: 1 };
const EXPONENTS = [0, 0.25, 0.4, 0.6, 1];
const scale = {
  'data.mu': { noiseTraceSquare: 0.25, n: -0.25 },
  'network.sigma0': { n: 0.5, d: -0.5 },
} as const;
const over = (against: Powers, axis: string) => ({ along: MU_TR, against, over: axis });

const signalApart: PaperFigure = {
  id: 'spectra',
  title: 'Noise with a power-law spectrum: where the clean error falls through a level, over two control parameters',
  shows: [
    placesOver(MU_TR, TRACE_SQUARE, 'd'),
    placesOver(MU_TR, NORM_TRACE, 'd'),
    { value: 'testErrorClean', along: MU_TR, against: TRACE_SQUARE, log: true },
  ],
  variants: [
    {
      id: 'signal-apart',
      says: 'eigenvalues λ_k ∝ k^{−a} in octaves, five a, six dimensions; signal and noise in patches apart',
      spec: {
        name: 'noise/spectra signal-apart',
        data: { ...twoFlips, spectrum: 'octaves' },
        network,
        training,
        scale,
        coupling: 'common',
        axes: { 'data.exponent': EXPONENTS, 'data.d': DIMENSIONS, 'data.mu': [0.6, 0.85, 1.2, 1.7, 2.4] },
        runs: 100,
        seed: 2034,
      },
      quickAxes: { 'data.exponent': [0, 0.6], 'data.d': [1e3, 1e5], 'data.mu': [0.6, 0.85, 1.2, 1.7, 2.4] },
      quickRuns: 10,
      checks: [
        allFitted,
        collapses(
          'trace/over-d',
          over(TRACE_SQUARE, 'd'),
          { atMost: 0.1 },
          'd from 10^3 to 10^8: the places lie ten times nearer together over n‖μ‖⁴/tr Σ² than over ‖μ‖',
        ),
        collapses('trace/over-a', over(TRACE_SQUARE, 'exponent'), { atMost: 0.1 }, 'a from 0 to 1: the same'),
        collapses(
          'norm/over-d',
          { ...over(NORM_TRACE, 'd'), where: { exponent: [0.25, 0.6] } },
          { atLeast: 0.2 },
          'over n‖μ‖⁴/(‖Σ‖ tr Σ) a fifth of their spread is left at least: it is not what decides',
        ),
        collapses(
          'norm/over-a',
          over(NORM_TRACE, 'exponent'),
          { atLeast: 0.3 },
          'from a = 0 to 1 three tenths at least',
        ),
      ],
      deviations: [
        ours,
        'the theorems of the shelf speak of isotropic noise; both control parameters are hypotheses, the first is that of the averaging classifier, the second the sufficient form of Hashimoto et al. (secondhand)',
        'a power law in steps, λ_k ∝ 2^{−a⌊log₂ k⌋}, which is drawn free of d',
      ],
    },
  ],
};

const mixture: PaperFigure = {
  id: 'spectra-mixture',
  title: 'The same where signal and noise are one vector: the place of the signal among the eigenvectors',
  shows: [placesOver(MU_TR, ARGUMENT, 'd'), placesOver(MU_TR, TRACE_SQUARE, 'd')],
  variants: [
    {
      id: 'signal-within',
      says: 'one vector, signal plus noise, the signal along an eigenvector of the largest eigenvalue, of the fourth octave, or of the last one',
      spec: {
        name: 'noise/spectra-mixture signal-within',
        data: { ...twoFlips, model: 'mixture', spectrum: 'octaves', projected: false },
        network,
        training,
        scale,
        coupling: 'common',
        axes: {
          'data.signalGroup': [1, 4, 0],
          'data.exponent': [0.4, 0.6],
          'data.d': [1e4, 1e6, 1e8],
          'data.mu': [0.8, 1.1, 1.5, 2.1, 3],
        },
        runs: 100,
        seed: 2035,
        figures: [
          {
            name: 'argument',
            x: 'averagingArgument',
            y: 'testErrorClean',
            color: 'signalGroup',
            facet: 'exponent',
            log: ['x', 'y'],
            level: [LEVEL],
            where: ['d=1e6'],
          },
        ],
      },
      quickAxes: {
        'data.signalGroup': [1, 0],
        'data.exponent': [0.6],
        'data.d': [1e4, 1e6],
        'data.mu': [0.8, 1.1, 1.5, 2.1, 3],
      },
      quickRuns: 10,
      checks: [
        allFitted,
        collapses(
          'argument/over-group',
          over(ARGUMENT, 'signalGroup'),
          { atMost: 0.5 },
          'wherever the signal lies among the eigenvectors, over the averaging classifier’s argument (1 − 2k/n)‖μ‖²/√(tr Σ²/n + (1 − 2k/n)² μᵀΣμ) at most half of the spread of the places is left; over n‖μ‖⁴/tr Σ², which knows nothing of it, all of it is',
        ),
        collapses(
          'argument/over-d',
          { ...over(ARGUMENT, 'd'), where: { signalGroup: 1 } },
          { atMost: 0.1 },
          'along the largest eigenvalue, d from 10^4 to 10^8: the places lie ten times nearer together over that argument than over ‖μ‖',
        ),
      ],
      deviations: [ours, 'a power law in steps'],
    },
  ],
};

const powerLaw: PaperFigure = {
  id: 'power-law',
  title: 'A power law in octaves beside the power law itself',
  shows: [],
  variants: [
    {
      id: 'explicit',
      says: 'the power law itself beside its octaves, explicit vectors, two dimensions',
      spec: {
        name: 'noise/power-law explicit',
        data: { ...twoFlips, draw: 'explicit' },
        network,
        training,
        scale,
        coupling: 'common',
        axes: {
          'data.spectrum': ['power', 'octaves'],
          'data.exponent': [0.25, 0.6],
          'data.d': [1000, 4000],
          'data.mu': [0.6, 0.85, 1.2, 1.7, 2.4],
        },
        runs: 200,
        seed: 2036,
        figures: [
          {
            name: 'test-error',
            x: MU_TR,
            y: 'testErrorClean',
            color: 'exponent',
            facet: 'spectrum',
            log: ['y'],
            level: [LEVEL],
            where: ['d=1000'],
          },
        ],
      },
      quickAxes: {
        'data.spectrum': ['power', 'octaves'],
        'data.exponent': [0.6],
        'data.d': [1000],
        'data.mu': [0.6, 0.85, 1.2, 1.7, 2.4],
      },
      quickRuns: 10,
      checks: [
        allFitted,
        ...[0.25, 0.6].map((a) => ({
          kind: 'level-ratio' as const,
          id: `as-octaves/${a}`,
          ...PILOT,
          of: 'testErrorClean' as const,
          along: MU_TR,
          level: LEVEL,
          a: { spectrum: 'power', exponent: a, d: 4000 },
          b: { spectrum: 'octaves', exponent: a, d: 4000 },
          atLeast: 0.95,
          atMost: 1.05,
          says: `a = ${a}: in units of (tr Σ²/n)^{1/4} the power law has the place of its octaves to 5 %`,
        })),
      ],
      deviations: [ours],
    },
  ],
};

export const spectra = [signalApart, mixture, powerLaw];
