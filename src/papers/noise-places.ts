/** What the presets of `noise` share: the protocol of kou-2023/collapse at one n, and how places ‖μ‖* are compared. */
import type { Powers } from '../notation.ts';
import type { Check, Where } from '../verification/check.ts';
import type { Show } from './paper.ts';

export const ours = 'ours: of this question we know no published figure';
export const LEVEL = 0.1;
/** Bounds set on runs with seed 7. */
export const PILOT = { basis: 'test', because: 'a pilot on seed 7' } as const;

/** n = 20 with exactly two wrong labels, so that the count of flips adds no spread. */
export const twoFlips = { n: 20, flips: 2, flipLaw: 'exact' } as const;
export const network = { m: 10, sigma0: 0.1, sigma0Unit: '1/(sigmaP*sqrt(d))' } as const;
export const training = {
  eta: 0.1,
  etaUnit: 'n*m/(sigmaP^2*d)',
  stop: 'loss',
  epsilon: 0.01,
  maxSteps: 100000,
} as const;
/** Factors of (d/n)^{1/4}: S is their fourth power; and a start that stays small beside what is learnt as d grows. */
export const byS = { 'data.mu': { d: 0.25, n: -0.25 }, 'network.sigma0': { n: 0.5, d: -0.5 } } as const;
export const MU = 'mu*n^0.25/d^0.25';
/** The control parameter of the theorems. */
export const S: Powers = { n: 1, mu: 4, sigmaP: -4, d: -1 };
export const DIMENSIONS = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

export const allFitted: Check = {
  kind: 'fitted',
  id: 'fitted',
  ...PILOT,
  share: 0.9,
  says: 'nine runs of ten fit every label at least',
};

/** Where the clean error falls through the level: the places over the control parameter. */
export const placesOver = (along: string, against: Powers, over: string, at = LEVEL): Show => ({
  value: 'testErrorClean',
  along,
  against,
  level: { at, over },
});

interface Collapsing {
  readonly along: string;
  readonly against: Powers;
  readonly over: string;
  readonly where?: Where;
  readonly level?: number;
}
type Ends = { readonly atMost?: number; readonly atLeast?: number };

/** The spread of places that is left over a control parameter. */
export const collapses = (
  id: string,
  { level = LEVEL, ...of }: Collapsing,
  limits: Ends,
  says: string,
  why: Pick<Check, 'basis' | 'because'> = PILOT,
): Check => ({ kind: 'collapse', id, ...why, of: 'testErrorClean', level, ...of, ...limits, says });
