/**
 * Kinks that no line met. A filter whose kink lies k standard deviations away is on the other side of it with
 * probability Phi(-k). Lines along u see that side where the height across them comes near enough; a few lines may all
 * miss it and then agree with each other, with a standard error that knows nothing of what lies there.
 */
import type { StreamKey } from '../core/random.ts';
import { Stream } from '../core/random.ts';
import { ShiftedLattice } from '../core/shifted-lattice.ts';
import { normalTail } from '../core/special.ts';
import type { ErrorEstimate } from './error-estimate.ts';
import type { FreshOutput } from './fresh-output.ts';
import { lineDirection } from './line-frame.ts';
import { LineBundle } from './rare.ts';

/** The less likely side of one filter's kink, for the atoms of one group. */
export interface Side {
  readonly filter: number;
  readonly group: number;
  /** of the kink, at a height of -shift */
  readonly shift: number;
  /** of the filter's height */
  readonly deviation: number;
  /** P of the side */
  readonly probability: number;
  /** height across the lines, away from 0, beyond which about half of the side's probability lies */
  readonly height: number;
}

/** Independent lines expected beyond `height` from which on none at all is not worth a thought: e^-7 = 1e-3. */
const SURE = 7;
/** Streams of purpose `test` between those of the shifts and those of the search for design points. */
const UNMET_STREAM = 2048;
const MOST_FILTERS = 2048;
/** Lines along a filter's own direction, to see what lies beyond its kink. */
const LOOKS = 16;

/**
 * The sides that so many lines may miss. Given that z lies on the side, the height across the lines is about
 * (1 - rho^2) k deviations, rho the part of the filter along u.
 */
export function watchedSides(output: FreshOutput, lines: number): Side[] {
  const { filters, rank, l, groups, activation } = output;
  if (activation.kind === 'piecewise-linear' && activation.leak === 1) return [];
  if (groups.every((shifts) => shifts.every((shift) => shift === 0))) return [];
  const { slopes } = lineDirection(output);
  const sides: Side[] = [];
  for (let filter = 0; filter < filters; filter++) {
    let square = 0;
    for (let k = 0; k < Math.min(rank, filter + 1); k++) square += l[filter * rank + k]! * l[filter * rank + k]!;
    const deviation = Math.sqrt(square);
    const across = Math.max(0, 1 - (slopes[filter]! * slopes[filter]!) / square);
    if (!(across > 0)) continue;
    groups.forEach((shifts, group) => {
      const shift = shifts[filter]!;
      const k = Math.abs(shift) / deviation;
      const probability = normalTail(k);
      if (shift !== 0 && probability > 0 && lines * normalTail(Math.sqrt(across) * k) < SURE)
        sides.push({ filter, group, shift, deviation, probability, height: across * Math.abs(shift) });
    });
  }
  return sides;
}

/** Whether a line came to the side. @param at of its filter among those whose least and largest heights `reached` has */
export const met = ({ shift, height }: Side, reached: Float64Array, at: number): boolean =>
  shift < 0 ? reached[2 * at + 1]! >= height : reached[2 * at]! <= -height;

/**
 * The estimate, its standard error widened by what the unmet sides may change where that is more. The value stays: it
 * is right on average over the draws that meet them and those that do not.
 */
export function widened(
  estimate: ErrorEstimate,
  output: FreshOutput,
  unmet: readonly Side[],
  key: StreamKey,
): ErrorEstimate {
  const { atoms } = output;
  const ofGroup = (group: number): number =>
    atoms.reduce((sum, atom) => sum + (atom.group === group ? atom.probability : 0), 0);
  const most = unmet.reduce((sum, { probability, group }) => sum + probability * ofGroup(group), 0);
  if (!(most > estimate.se)) return estimate;
  // On the sides that were met the error is `mean`; what they would change is the difference on the others.
  let missed = 0;
  for (const side of unmet)
    missed += Math.abs(errorBeyond(output, side, key) - estimate.mean * side.probability * ofGroup(side.group));
  if (!(missed > estimate.se)) return estimate;
  const share = estimate.se / missed;
  return { ...estimate, se: missed * Math.sqrt(1 + share * share) };
}

/** P that z lies on the side and an atom of its group errs, by lines along the filter. */
function errorBeyond(output: FreshOutput, { filter, group, shift, deviation }: Side, key: StreamKey): number {
  const { rank, l, atoms } = output;
  const direction = l.slice(filter * rank, (filter + 1) * rank).map((x) => x / deviation);
  const kink = -shift / deviation;
  const stream = (): Stream => new Stream(key, 'test', UNMET_STREAM + (filter % MOST_FILTERS));
  const y = new Float64Array(Math.max(0, rank - 1));
  let error = 0;
  for (const atom of atoms) {
    if (atom.group !== group) continue;
    const bundle = new LineBundle(output, atom, [{ direction, beta: 0 }], 0);
    const lattice = new ShiftedLattice(LOOKS, y.length, stream());
    for (let i = 0; i < LOOKS; i++) {
      lattice.normal(i, y);
      error +=
        (atom.probability / LOOKS) *
        bundle.errorProbability(y, kink > 0 ? kink : -Infinity, kink > 0 ? Infinity : kink);
    }
  }
  return error;
}
