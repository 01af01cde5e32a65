/**
 * The test error to a stated relative precision: which estimator, and how many lines, follow from the numbers of the
 * network and its streams, never from time.
 *
 * A pilot of plain lines decides: common errors stay with them, rare ones go to the lines (or, in a network without
 * bias, the rays) towards the design points. The lines double round by round until the relative standard error is small
 * enough. Two things keep that standard error honest although it decides when to stop: 32 independent randomisations or
 * more, and, where rounds are independent, pooling by size, so that a round with a rare large value is not thrown away.
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
const PILOT: Size = { lines: 16, shifts: 32 };
/** Finding a lattice costs the square of its size: beyond this, more shifts. */
const MOST_LINES = 1024;
const MOST_SHIFTS = 256;
const FIRST_POINTS = 1000;
const MOST_POINTS = 1_024_000;

/** @param precision wanted standard error over the estimate, > 0; missed only at the cap (262,144 lines or 1,024,000 points in the last round) */
export function adaptiveEstimate(output: FreshOutput, precision: number, key: StreamKey, common: CommonEstimators): Estimate {
  const reached = ({ mean, se }: Estimate): boolean => mean > 0 && se <= precision * mean;
  if (output.activation.kind !== 'piecewise-linear') {
    let points = FIRST_POINTS;
    let estimate = common.points(output, points, key);
    while (!reached(estimate) && points < MOST_POINTS) estimate = common.points(output, (points *= 2), key);
    return estimate;
  }
  const pilot = common.lines(output, PILOT, key);
  if (pilot.mean < RARE) {
    const rare = rareEstimate(output, reached, key);
    if (rare.mean > 0 || pilot.mean === 0) return rare;
  }
  let estimate = pilot;
  for (let size = larger(PILOT); !reached(estimate) && size; size = larger(size)) estimate = common.lines(output, size, key);
  return estimate;
}

function rareEstimate(output: FreshOutput, reached: (estimate: Estimate) => boolean, key: StreamKey): Estimate {
  const plan = planRare(output, key);
  const first = sampleRare(plan, PILOT, key);
  if (first.mean === 0 || reached(first)) return first;
  const rays = isRadial(output) && sampleRadial(output, plan, PILOT, key).se < RAY_COST * first.se;
  const pool = rays ? new Pool() : new Pool().add(first, PILOT);
  let round = 1;
  for (let size = larger(PILOT); !reached(pool.estimate) && size; size = larger(size), round++) {
    pool.add(rays ? sampleRadial(output, plan, size, key, round) : sampleRare(plan, size, key, round), size);
  }
  return pool.estimate;
}

/** Independent estimates, weighted by their numbers of lines (weights from their own errors would favour the low ones). */
class Pool {
  private lines = 0;
  private sum = 0;
  /** number of lines times standard error, of each */
  private readonly spreads: number[] = [];

  add({ mean, se }: Estimate, { lines, shifts }: Size): this {
    const count = lines * shifts;
    this.lines += count;
    this.sum += count * mean;
    this.spreads.push(count * se);
    return this;
  }

  get estimate(): Estimate {
    if (this.lines === 0) return { mean: 0, se: 0 };
    const unit = Math.max(...this.spreads) || 1; // squares of tiny errors underflow
    let squares = 0;
    for (const spread of this.spreads) squares += (spread / unit) * (spread / unit);
    return { mean: this.sum / this.lines, se: (unit * Math.sqrt(squares)) / this.lines };
  }
}

/** Twice the lines, then twice the shifts, then no more. */
function larger({ lines, shifts }: Size): Size | undefined {
  if (lines < MOST_LINES) return { lines: 2 * lines, shifts };
  return shifts < MOST_SHIFTS ? { lines, shifts: 2 * shifts } : undefined;
}
