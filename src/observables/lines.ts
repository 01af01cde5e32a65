/**
 * Line sampling of the test error: z = z_perp + t u with u along Lᵀa, the gradient of the output's linear part. Along u
 * the output is piecewise linear in t (a polynomial, for powers) with at most one kink a filter, so the error's
 * probability given z_perp is a sum of normal tails. z_perp comes from a randomly shifted lattice; independent shifts
 * give the standard error.
 */
import type { StreamKey } from '../core/random.ts';
import { estimateOf, type ErrorEstimate } from './error-estimate.ts';
import type { FreshOutput } from './fresh-output.ts';
import { twoLayerLines, type Lines } from './line.ts';
import { lineSums } from './lines-kernel.ts';
import { acrossLines, lineDirection, type LineSize, type LineSums } from './parallel-lines.ts';
import { silentShares } from './silent-mass.ts';
import { met, watchedSides, widened } from './unmet.ts';

/** Line sampling in the kernel; outputs it does not take go through the plain program, to the same bits. */
export const estimateByLines = (output: FreshOutput, size: LineSize, key: StreamKey): ErrorEstimate =>
  ofTwoLayers(output, size, key, (watched) => lineSums(output, size, watched, key));

/** The reference of `estimateByLines`. */
export const sampleLines = (output: FreshOutput, size: LineSize, key: StreamKey): ErrorEstimate =>
  ofTwoLayers(output, size, key, () => undefined);

/** @param sums undefined: by the plain program */
function ofTwoLayers(
  output: FreshOutput,
  size: LineSize,
  key: StreamKey,
  sums: (watched: readonly number[]) => LineSums | undefined,
): ErrorEstimate {
  const lines = twoLayerLines(output);
  return estimated(
    output,
    size,
    key,
    lines,
    (watched) => sums(watched) ?? plainSums(output, size, watched, key, lines),
    (wrong, zero) => withSilence(output, size, wrong, zero, key),
  );
}

/**
 * Line sampling of an output that is more than a sum over filters: of `output` the law of the heights and the direction
 * of the lines are taken, which its output weights give. P(f = 0) is what the lines meet of it.
 */
export const estimateAlong = (output: FreshOutput, size: LineSize, key: StreamKey, lines: Lines): ErrorEstimate =>
  estimated(output, size, key, lines, (watched) => plainSums(output, size, watched, key, lines), estimateOf);

function estimated(
  output: FreshOutput,
  size: LineSize,
  key: StreamKey,
  lines: Lines,
  sums: (watched: readonly number[]) => LineSums,
  summary: (wrong: readonly number[], zero: readonly number[]) => ErrorEstimate,
): ErrorEstimate {
  const sides = watchedSides(output, size.lines * size.shifts);
  const watched = [...new Set(sides.map(({ filter }) => filter))];
  const { wrong, zero, reached } = sums(watched);
  const unmet = sides.filter((side) => !met(side, reached, watched.indexOf(side.filter)));
  return widened(summary(wrong, zero), output, size, unmet, key, lines);
}

/**
 * The estimate from what the lines met, P(f = 0) taken from an estimate of its own: what the lines had too much or too
 * little of it is put right, as far as other points in its place would not err. Any factor leaves the mean as it is.
 *
 * @param wrong of each shift: P(y f <= 0)
 * @param zero of each shift: P(f = 0), as the lines met it
 */
export function withSilence(
  output: FreshOutput,
  size: LineSize,
  wrong: readonly number[],
  zero: readonly number[],
  key: StreamKey,
): ErrorEstimate {
  const apart = silentShares(output, size, key);
  if (!apart) return estimateOf(wrong, zero);
  const sum = (x: readonly number[]): number => x.reduce((total, one) => total + one, 0);
  const quiet = output.atoms.every(({ fixed }) => fixed === 0);
  const others = size.shifts - sum(zero);
  const factor = !quiet ? 0.5 : others > 0 ? 1 - (sum(wrong) - sum(zero)) / others : 0;
  return estimateOf(
    wrong.map((share, shift) => share + factor * (apart[shift]! - zero[shift]!)),
    apart,
  );
}

/** The reference of the kernel's `lineSums`. @param watched filters, in order */
export function plainSums(
  output: FreshOutput,
  size: LineSize,
  watched: readonly number[],
  key: StreamKey,
  lines: Lines = twoLayerLines(output),
): LineSums {
  const along = lines(lineDirection(output).slopes);
  const wrong = new Array<number>(size.shifts).fill(0);
  const zero = new Array<number>(size.shifts).fill(0);
  const reached = Float64Array.from({ length: 2 * watched.length }, (_, at) => (at % 2 ? -Infinity : Infinity));
  acrossLines(output, size, key, (heights, shift) => {
    const found = along.whole(heights);
    wrong[shift]! += found.wrong;
    zero[shift]! += found.zero;
    watched.forEach((r, at) => {
      reached[2 * at] = Math.min(reached[2 * at]!, heights[r]!);
      reached[2 * at + 1] = Math.max(reached[2 * at + 1]!, heights[r]!);
    });
  });
  return { wrong: wrong.map((sum) => sum / size.lines), zero: zero.map((sum) => sum / size.lines), reached };
}
