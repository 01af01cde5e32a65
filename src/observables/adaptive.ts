/**
 * The test error to a stated relative precision: which estimator, and how many lines, follow from the numbers of the
 * network and its streams, never from time.
 *
 * A pilot of plain lines decides: common errors stay with them, rare ones go to the lines (or, in a network without
 * bias, the rays) towards the design points. Rounds of doubling size, each from its own points and reported alone, go on
 * until the relative standard error is small enough. The round that ends them was chosen for its small standard error;
 * with 16 independent randomisations and twice the lines every round this makes it too small by a few percent only.
 */
import type { StreamKey } from '../core/random.ts';
import type { Estimate } from '../core/statistics.ts';
import type { FreshOutput } from './fresh-output.ts';
import { isRadial, sampleRadial } from './radial.ts';
import { planRare, sampleRare } from './rare.ts';

interface Size {
  /** per shift */
  readonly lines: number;
  readonly shifts: number;
}

/** The estimators for common errors. */
export interface CommonEstimators {
  readonly lines: (output: FreshOutput, size: Size, key: StreamKey) => Estimate;
  readonly points: (output: FreshOutput, points: number, key: StreamKey) => Estimate;
}

/** Below this error the lines towards the design points have the smaller variance. */
export const RARE = 1e-2;
/** A ray costs about five lines (its mixture density is one more product a proposal). */
const RAY_COST = 0.45;
const PILOT: Size = { lines: 32, shifts: 16 };
/** Finding a lattice costs the square of its size: beyond this, more shifts. */
const MOST_LINES = 1024;
const MOST_SHIFTS = 256;
const FIRST_POINTS = 1000;
const MOST_POINTS = 1_024_000;

/** @param precision wanted standard error over the estimate, > 0; missed only at the cap of 262,144 lines (1,024,000 points) */
export function adaptiveEstimate(output: FreshOutput, precision: number, key: StreamKey, common: CommonEstimators): Estimate {
  if (output.activation.kind !== 'piecewise-linear') {
    return until(precision, FIRST_POINTS, (points) => common.points(output, points, key), (points) => (points < MOST_POINTS ? 2 * points : undefined));
  }
  const pilot = common.lines(output, PILOT, key);
  if (pilot.mean >= RARE) {
    if (pilot.se <= precision * pilot.mean) return pilot;
    return until(precision, larger(PILOT)!, (size) => common.lines(output, size, key), larger);
  }
  const plan = planRare(output, key);
  const alongLines = (size: Size, round: number): Estimate => sampleRare(plan, size, key, round);
  const alongRays = (size: Size, round: number): Estimate => sampleRadial(output, plan, size, key, round);
  const first = alongLines(PILOT, 0);
  if (first.mean === 0) return pilot.mean > 0 ? until(precision, PILOT, (size) => common.lines(output, size, key), larger) : { mean: 0, se: 0 };
  if (first.se <= precision * first.mean) return first;
  const rays = isRadial(output) && alongRays(PILOT, 0).se < RAY_COST * first.se;
  return until(precision, larger(PILOT)!, (size, round) => (rays ? alongRays : alongLines)(size, 1 + round), larger);
}

/** Twice the lines, then twice the shifts, then no more. */
function larger({ lines, shifts }: Size): Size | undefined {
  if (lines < MOST_LINES) return { lines: 2 * lines, shifts };
  return shifts < MOST_SHIFTS ? { lines, shifts: 2 * shifts } : undefined;
}

function until<S>(precision: number, first: S, sample: (size: S, round: number) => Estimate, next: (size: S) => S | undefined): Estimate {
  let size: S | undefined = first;
  for (let round = 0; ; round++) {
    const estimate = sample(size, round);
    size = next(size);
    if (size === undefined || (estimate.mean > 0 && estimate.se <= precision * estimate.mean)) return estimate;
  }
}
