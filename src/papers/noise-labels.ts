/** Gaussian noise on real labels, fitted by the squared loss: where the excess risk falls, and on what floor it lies. */
import type { Powers } from '../notation.ts';
import type { Check } from '../verification/check.ts';
import { network, ours, PILOT, placesOver, S } from './noise-places.ts';
import type { PaperFigure } from './paper.ts';

const C = 'mu*n^0.5/d^0.5';
const N_SNR2: Powers = { n: 1, mu: 2, sigmaP: -2, d: -1 };
const LEVEL = 0.3;

const risk = (id: string, against: Powers, limits: { atMost?: number; atLeast?: number }, says: string): Check => ({
  kind: 'collapse',
  id,
  ...PILOT,
  of: 'excessRisk',
  along: C,
  level: LEVEL,
  against,
  over: 'd',
  ...limits,
  says,
});

export const labels: PaperFigure = {
  id: 'real-labels',
  title: 'Real labels y + σ_y ε, fitted by the squared loss: where the excess risk E(f − y)² falls through a level',
  shows: [placesOver(C, N_SNR2, 'd', LEVEL), placesOver(C, S, 'd', LEVEL)].map((show) => ({
    ...show,
    value: 'excessRisk' as const,
  })),
  variants: [
    {
      id: 'interpolation',
      says: 'σ_y = 0 and .5, m = 40, until the loss is 10⁻⁴, four dimensions',
      spec: {
        name: 'noise/real-labels interpolation',
        data: { n: 20 },
        network: { ...network, m: 40 },
        training: {
          loss: 'squared',
          eta: 0.05,
          etaUnit: 'n*m/(sigmaP^2*d)',
          stop: 'loss',
          epsilon: 0.0001,
          maxSteps: 5000,
        },
        scale: { 'data.mu': { d: 0.5, n: -0.5 }, 'network.sigma0': { n: 0.5, d: -0.5 } },
        coupling: 'common',
        axes: { 'data.sigmaY': [0, 0.5], 'data.d': [1e3, 1e4, 1e5, 1e6], 'data.mu': [0.5, 0.8, 1.2, 1.7, 2.4] },
        record: { values: ['excessRisk', 'risk'] },
        runs: 60,
        seed: 2044,
        figures: [
          { name: 'excess-risk', x: C, y: 'excessRisk', color: 'sigmaY', facet: 'd', log: ['x', 'y'], level: [LEVEL] },
          { name: 'sign', x: 'S', y: 'testErrorClean', color: 'd', facet: 'sigmaY', log: ['x'] },
        ],
      },
      quickAxes: { 'data.sigmaY': [0, 0.5], 'data.d': [1e3, 1e5], 'data.mu': [0.5, 0.8, 1.2, 1.7, 2.4] },
      quickRuns: 8,
      checks: [
        {
          kind: 'mean',
          id: 'interpolated',
          ...PILOT,
          of: 'trainLoss',
          atMost: 0.001,
          says: 'the real labels are interpolated: a mean loss of a thousandth at most',
        },
        risk(
          'n-snr2',
          N_SNR2,
          { atMost: 0.1 },
          'd from 10^3 to 10^6: where the excess risk falls through .3 lies ten times nearer together over n‖μ‖²/(σ_p²d) than over ‖μ‖',
        ),
        risk(
          's',
          S,
          { atLeast: 0.3 },
          'over S = n‖μ‖⁴/(σ_p⁴d), which decides for the sign, three tenths of the spread are left at least',
        ),
        {
          kind: 'mean',
          id: 'memorised',
          ...PILOT,
          of: 'excessRisk',
          where: { sigmaY: 0.5, [C]: 2.4 },
          atLeast: 0.0625,
          says: 'σ_y = .5, n SNR² = 5.8: of the noise that is memorised a fourth of σ_y² at least is left in the excess risk',
        },
        {
          kind: 'mean',
          id: 'without-noise',
          ...PILOT,
          of: 'excessRisk',
          where: { sigmaY: 0, [C]: 2.4 },
          atMost: 0.05,
          says: 'without noise on the labels it is .05 at most there',
        },
      ],
      deviations: [ours, 'the theorems of the shelf speak of labels 1 and −1 and of other losses'],
    },
  ],
};
