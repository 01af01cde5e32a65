/** What the transitions of `optimizers` share: the setting, and how places ‖μ‖* are compared. */
import type { Check, Where } from '../verification/check.ts';

export const ours = 'ours: of this question we know no published figure';

/** Kou et al.'s network and step of the text (as commonly cited): projected noise, 1/m, no bias, small weights. */
export const network = { m: 10, sigma0: 0.001, sigma0Unit: '1/(sigmaP*sqrt(d))' } as const;
export const ETA_UNIT = '(1-momentum)*n*m/(sigmaP^2*d)';
export const DIMENSIONS = [1000, 10000, 100000];
/** Factors of (d/n)^{1/4}: S = n‖μ‖⁴/(σ_p⁴d) is their fourth power. */
export const byS = { 'data.mu': { d: 0.25, n: -0.25 } } as const;
export const MU = 'mu*n^0.25/d^0.25';

type Range = readonly [number, number];
export const EQUAL: Range = [0.95, 1.05];
/** Of a place in units of (d/n)^{1/4}, and why. */
export const GROWS: readonly [Range, string] = [[0.91, 1.1], '‖μ‖* ∝ d^{1/4 ± .02} over a factor 100 of d'];

/** ‖μ‖* in units of (d/n)^{1/4} at one place over that at another; without another one itself. */
export const placesAt =
  (level: number) =>
  (name: string, a: Where, b: Where | null, [atLeast, atMost]: Range, because: string, says: string): Check => ({
    kind: 'level-ratio',
    id: name,
    basis: 'test',
    because,
    of: 'testErrorClean',
    along: MU,
    level,
    a,
    ...(b && { b }),
    atLeast,
    atMost,
    says,
  });
