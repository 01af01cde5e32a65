/**
 * Kinks that no line met. A filter whose kink lies k standard deviations away is on the other side of it with
 * probability Phi(-k). Lines along u see that side where the height across them comes near enough; a few lines may all
 * miss it and then agree with each other, with a standard error that knows nothing of what lies there. So the errors on
 * the sides that no line came near are counted once more, by lines along those filters.
 */
import { dotRows } from '../core/linear-algebra.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { ShiftedLattice } from '../core/shifted-lattice.ts';
import { normalTail } from '../core/special.ts';
import { meanAndSe } from '../core/statistics.ts';
import type { ErrorEstimate } from './error-estimate.ts';
import type { FreshOutput, OutputAtom } from './fresh-output.ts';
import { LineFrame } from './line-frame.ts';
import { intervalProbability } from './line-errors.ts';
import type { Along, Lines } from './line.ts';
import { acrossLines, lineDirection, type LineSize } from './parallel-lines.ts';

/** The less likely side of one filter's kink, for the atoms of one group. */
export interface Side {
  readonly filter: number;
  readonly group: number;
  /** of the filter's height, which is 0 at the kink */
  readonly shift: number;
  /** standard deviation of the height */
  readonly deviation: number;
  /** P of the side, and of the group */
  readonly probability: number;
  /** height across the lines, away from 0, beyond which about half of the side's probability lies */
  readonly height: number;
}

/** Independent lines expected beyond `height` from which on none at all is not worth a thought: e^-7 = 1e-3. */
export const SURE = 7;
/** Streams of purpose `test` between those of the shifts and those of the search for design points. */
const UNMET_STREAM = 2048;
const MOST_STREAMS = 2048;
/** Lines along one filter: so many of so many shifts. */
const LOOKS = 4;
const LOOK_SHIFTS = 4;
/** Stated standard errors that may be missing before more is stated. */
const TOLERATED = 2;

/**
 * The sides that so many lines may miss. Given that z lies on the side, the height across the lines is about
 * (1 - rho^2) k deviations, rho the part of the filter along u.
 */
export function watchedSides(output: FreshOutput, lines: number): Side[] {
  const { filters, rank, l, groups, activation, atoms } = output;
  if (activation.kind === 'piecewise-linear' && activation.leak === 1) return [];
  if (groups.every((shifts) => shifts.every((shift) => shift === 0))) return [];
  const { slopes } = lineDirection(output);
  const mass = new Float64Array(groups.length);
  for (const { probability, group } of atoms) mass[group]! += probability;
  const sides: Side[] = [];
  for (let filter = 0; filter < filters; filter++) {
    const square = dotRows(l, filter * rank, l, filter * rank, Math.min(rank, filter + 1));
    const across = Math.max(0, 1 - (slopes[filter]! * slopes[filter]!) / square);
    if (!(across > 0)) continue;
    const deviation = Math.sqrt(square);
    groups.forEach((shifts, group) => {
      const shift = shifts[filter]!;
      const k = Math.abs(shift) / deviation;
      const probability = mass[group]! * normalTail(k);
      if (shift !== 0 && probability > 0 && lines * normalTail(Math.sqrt(across) * k) < SURE)
        sides.push({ filter, group, shift, deviation, probability, height: across * Math.abs(shift) });
    });
  }
  return sides;
}

/** Whether a line came near the side. @param at of its filter among those whose least and largest heights it has */
export const met = ({ shift, height }: Side, reached: Float64Array, at: number): boolean =>
  shift < 0 ? reached[2 * at + 1]! >= height : reached[2 * at]! <= -height;

/**
 * The estimate, its standard error widened by what the lines have missed on the unmet sides where that contradicts it.
 * The value stays: it is right on average over the draws that meet the sides and those that do not.
 */
export function widened(
  estimate: ErrorEstimate,
  output: FreshOutput,
  size: LineSize,
  unmet: readonly Side[],
  key: StreamKey,
  lines: Lines,
): ErrorEstimate {
  const least = TOLERATED * estimate.se;
  // The likely ones first; those that cannot matter even together are left out.
  const sides = [...unmet].sort((a, b) => b.probability - a.probability);
  let rest = sides.reduce((sum, { probability }) => sum + probability, 0);
  if (!(rest > least)) return estimate;
  const looked: Side[] = [];
  for (const side of sides) {
    if (rest <= least / 2) break;
    looked.push(side);
    rest -= side.probability;
  }
  const there = along(output, looked, key, lines);
  const seen = across(output, looked, size, key, lines);
  // Errors that no line counted, less those counted on lines that ought to have gone there. Where the second count has
  // fewer errors it has missed some itself.
  const excess = meanAndSe(there.errors.map((errors, at) => errors - estimate.mean * there.probability[at]!));
  const [errors, probability] = [meanAndSe(seen.errors).mean, meanAndSe(seen.probability).mean];
  const unvisited = Math.max(0, meanAndSe(there.probability).mean - probability);
  const missed = Math.max(excess.mean - (errors - estimate.mean * probability), -estimate.mean * unvisited);
  const unit = Math.max(Math.abs(missed), estimate.se);
  const share = (x: number): number => (x / unit) * (x / unit);
  const sure = share(missed) - share(excess.se); // what of it is not the noise of the second count
  if (!(sure > share(least))) return estimate;
  return { ...estimate, se: unit * Math.sqrt(share(estimate.se) + sure) };
}

/**
 * What lies on some of the sides: its probability, and that of the errors there but for f = 0, which has an estimate of
 * its own; of each shift.
 */
interface Beyond {
  readonly probability: readonly number[];
  readonly errors: readonly number[];
}

/** A stretch low < t < high of a line. */
type Stretch = [low: number, high: number];

/** Cuts off what lies on the side, or (`inside`) what does not. */
function cut(stretch: Stretch, side: Side, height: number, slope: number, inside: boolean): void {
  const at = side.shift + height;
  const upwards = side.shift < 0 === inside; // is a positive height kept?
  const kink = -at / slope;
  if (slope === 0) {
    if (at > 0 !== upwards) stretch[1] = stretch[0];
  } else if (slope > 0 === upwards) stretch[0] = Math.max(stretch[0], kink);
  else stretch[1] = Math.min(stretch[1], kink);
}

/** P of errors but for f = 0. */
function speaking(there: Along, heights: Float64Array, atom: OutputAtom, low: number, high: number): number {
  const { wrong, zero } = there.part(heights, atom, low, high);
  return wrong - zero;
}

/** By lines along the sides' filters; what lies on several sides counts for the first of them. */
function along(output: FreshOutput, sides: readonly Side[], key: StreamKey, lines: Lines): Beyond {
  const { filters, rank, l } = output;
  const errors = new Array<number>(LOOK_SHIFTS).fill(0);
  const probability = new Array<number>(LOOK_SHIFTS).fill(0);
  const heights = new Float64Array(filters);
  const y = new Float64Array(Math.max(0, rank - 1));
  sides.forEach((side, place) => {
    const frame = new LineFrame(l.slice(side.filter * rank, (side.filter + 1) * rank).map((x) => x / side.deviation));
    const direction = frame.point(1, new Float64Array(y.length));
    const slopes = Float64Array.from({ length: filters }, (_, r) => dotRows(l, r * rank, direction, 0, rank));
    const there = lines(slopes);
    const atoms = output.atoms.filter(({ group }) => group === side.group);
    const before = sides.slice(0, place).filter(({ group }) => group === side.group);
    errors.forEach((_, shift) => {
      const stream = UNMET_STREAM + ((LOOK_SHIFTS * side.filter + shift) % MOST_STREAMS);
      const lattice = new ShiftedLattice(LOOKS, y.length, new Stream(key, 'test', stream));
      for (let i = 0; i < LOOKS; i++) {
        lattice.normal(i, y);
        const start = frame.point(0, y);
        for (let r = 0; r < filters; r++) heights[r] = dotRows(l, r * rank, start, 0, rank);
        const stretch: Stretch = [-Infinity, Infinity];
        cut(stretch, side, heights[side.filter]!, slopes[side.filter]!, true);
        for (const other of before) cut(stretch, other, heights[other.filter]!, slopes[other.filter]!, false);
        if (!(stretch[0] < stretch[1])) continue;
        for (const atom of atoms) {
          errors[shift]! += (atom.probability / LOOKS) * speaking(there, heights, atom, ...stretch);
          probability[shift]! += (atom.probability / LOOKS) * intervalProbability(...stretch);
        }
      }
    });
  });
  return { probability, errors };
}

/** What the lines of the estimate have met of it. */
function across(output: FreshOutput, sides: readonly Side[], size: LineSize, key: StreamKey, lines: Lines): Beyond {
  const { slopes } = lineDirection(output);
  const there = lines(slopes);
  const errors = new Array<number>(size.shifts).fill(0);
  const probability = new Array<number>(size.shifts).fill(0);
  acrossLines(output, size, key, (heights, shift) => {
    const share = (atom: OutputAtom): number => atom.probability / size.lines;
    for (const atom of output.atoms) {
      const stretch: Stretch = [-Infinity, Infinity];
      for (const side of sides)
        if (side.group === atom.group) cut(stretch, side, heights[side.filter]!, slopes[side.filter]!, false);
      const some = stretch[0] < stretch[1];
      const whole = speaking(there, heights, atom, -Infinity, Infinity);
      errors[shift]! += share(atom) * (whole - (some ? speaking(there, heights, atom, ...stretch) : 0));
      probability[shift]! += share(atom) * (1 - (some ? intervalProbability(...stretch) : 0));
    }
  });
  return { probability, errors };
}
