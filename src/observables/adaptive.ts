/**
 * The test error to a stated relative precision: which estimator, and how many lines, follow from the numbers of the
 * network and its streams, never from time.
 *
 * A pilot of plain lines (of points, for powers) decides: common errors stay with them, rare ones go to the lines (or,
 * in a network without bias, the rays) towards the design points. The lines double round by round until the relative
 * standard error is small enough. Two things keep that standard error honest although it decides when to stop: 32
 * independent randomisations or more, and, where rounds are independent, pooling by size, so that a round with a rare
 * large value is not thrown away. Measured at precision 0.05 over 100 keys each, six networks at errors near 1e-5 and
 * 1e-10: spread over stated standard error 1.02 to 1.26, and a bias from stopping of at most -2 % (against a fixed
 * size). No standard error can know of what no line has met: with 512 lines, a share of 1/512 of the error.
 */
import type { LatticeWeights } from '../core/lattice.ts';
import { rootOfSquares } from '../core/linear-algebra.ts';
import type { StreamKey } from '../core/random.ts';
import type { ErrorEstimate } from './error-estimate.ts';
import type { FreshOutput } from './fresh-output.ts';
import { isRadial, sampleRadial } from './radial.ts';
import { planRare, sampleRare, type RarePlan } from './rare.ts';

interface Size {
  /** per shift */
  readonly lines: number;
  readonly shifts: number;
}

/** The estimators for common errors. */
export interface CommonEstimators {
  readonly lines: (
    output: FreshOutput,
    size: Size & { readonly weights: LatticeWeights },
    key: StreamKey,
  ) => ErrorEstimate;
  readonly points: (output: FreshOutput, points: number, key: StreamKey) => ErrorEstimate;
}

/** Below this error the lines towards the design points have the smaller variance. */
export const RARE = 1e-2;
/** A ray costs about five lines (its mixture density is one more product a proposal). */
const RAY_COST = 0.45;
const PILOT: Size = { lines: 16, shifts: 32 };
/** Beyond so many lines, more shifts: larger lattices gain little or cost much to find. */
const PLAIN: Size = { lines: 16384, shifts: 64 };
const TOWARDS: Size = { lines: 1024, shifts: 256 };
const FIRST_POINTS = 1000;
const MOST_POINTS = 1_024_000;

/**
 * @param precision wanted standard error over the estimate, > 0; missed only at the cap (1,048,576 plain lines, 262,144
 * lines towards each design point, or 1,024,000 points in the last round)
 */
export function adaptiveEstimate(
  output: FreshOutput,
  precision: number,
  key: StreamKey,
  common: CommonEstimators,
): ErrorEstimate {
  if (output.activation.kind === 'power') return ofPowers(output, precision, key, common);
  const pilot = common.lines(output, { ...PILOT, weights: 'equal' }, key);
  if (pilot.mean < RARE) {
    const rare = rareEstimate(output, planRare(output, key), precision, key);
    if (rare.mean > 0 || pilot.mean === 0) return rare;
  }
  return byLines(output, pilot, precision, key, common);
}

function byLines(
  output: FreshOutput,
  pilot: ErrorEstimate,
  precision: number,
  key: StreamKey,
  common: CommonEstimators,
): ErrorEstimate {
  let estimate = pilot;
  let size: Size | undefined = PILOT;
  while (!reached(estimate, precision) && (size = enlarged(size, PLAIN, estimate, precision)))
    estimate = common.lines(output, { ...size, weights: 'equal' }, key);
  return estimate;
}

/** With max(0, h)^q a line costs tens of points: common errors go to the points. */
function ofPowers(output: FreshOutput, precision: number, key: StreamKey, common: CommonEstimators): ErrorEstimate {
  let points = FIRST_POINTS;
  let estimate = common.points(output, points, key);
  if (estimate.mean < RARE) {
    const plan = planRare(output, key);
    if (!plan.complete)
      return byLines(output, common.lines(output, { ...PILOT, weights: 'equal' }, key), precision, key, common);
    const rare = rareEstimate(output, plan, precision, key);
    if (rare.mean > 0 || estimate.mean === 0) return rare;
  }
  while (!reached(estimate, precision) && points < MOST_POINTS) estimate = common.points(output, (points *= 2), key);
  return estimate;
}

const reached = ({ mean, se }: ErrorEstimate, precision: number): boolean => mean > 0 && se <= precision * mean;

function rareEstimate(output: FreshOutput, plan: RarePlan, precision: number, key: StreamKey): ErrorEstimate {
  const first = sampleRare(plan, PILOT, key);
  if (first.mean === 0 || reached(first, precision)) return first;
  const radial = isRadial(output) ? sampleRadial(output, plan, PILOT, key) : first;
  const rays = radial.mean > 0 && radial.se < RAY_COST * first.se;
  const pool = new Pool().add(rays ? radial : first, PILOT);
  let size: Size | undefined = PILOT;
  for (
    let round = 1;
    !reached(pool.estimate, precision) && (size = enlarged(size, TOWARDS, pool.estimate, precision));
    round++
  ) {
    pool.add(rays ? sampleRadial(output, plan, size, key, round) : sampleRare(plan, size, key, round), size);
  }
  return pool.estimate;
}

/**
 * Independent estimates, weighted by their numbers of lines (weights from their own errors would favour the low ones).
 */
class Pool {
  private lines = 0;
  private sum = 0;
  /** number of lines times standard error, of each */
  private readonly spreads: number[] = [];
  /** the same of f = 0, and the correlations */
  private zeroSum = 0;
  private readonly zeroSpreads: number[] = [];
  private readonly correlations: number[] = [];

  add({ mean, se, zero }: ErrorEstimate, { lines, shifts }: Size): this {
    const count = lines * shifts;
    this.lines += count;
    this.sum += count * mean;
    this.spreads.push(count * se);
    this.zeroSum += count * (zero?.mean ?? 0);
    this.zeroSpreads.push(count * (zero?.se ?? 0));
    this.correlations.push(zero?.correlation ?? 0);
    return this;
  }

  get estimate(): ErrorEstimate {
    if (this.lines === 0) return { mean: 0, se: 0 };
    const [spread, zeroSpread] = [rootOfSquares(this.spreads), rootOfSquares(this.zeroSpreads)];
    const whole = { mean: this.sum / this.lines, se: spread / this.lines };
    if (this.zeroSum === 0) return whole;
    let correlation = 0;
    if (spread > 0 && zeroSpread > 0)
      this.spreads.forEach(
        (one, i) => (correlation += this.correlations[i]! * (one / spread) * (this.zeroSpreads[i]! / zeroSpread)),
      );
    return { ...whole, zero: { mean: this.zeroSum / this.lines, se: zeroSpread / this.lines, correlation } };
  }
}

/** The size doubled as often as the estimate at this size asks for, at least once; undefined beyond the cap. */
function enlarged(size: Size, most: Size, estimate: ErrorEstimate, precision: number): Size | undefined {
  let next = larger(size, most);
  // The variance falls at least like the number of lines: stop short of the doubling that might not be needed.
  for (let left = (estimate.se / (precision * estimate.mean)) ** 2; left >= 4 && next; left /= 2)
    next = larger(next, most) ?? next;
  return next;
}

/** Twice the lines, then twice the shifts, then no more. */
function larger({ lines, shifts }: Size, most: Size): Size | undefined {
  if (lines < most.lines) return { lines: 2 * lines, shifts };
  return shifts < most.shifts ? { lines, shifts: 2 * shifts } : undefined;
}
