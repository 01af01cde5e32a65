/**
 * Line sampling of the test error: z = z_perp + t u with u along Lᵀa, the gradient of the output's linear part. Along u
 * the output is piecewise linear in t (a polynomial, for powers) with at most one kink a filter, so the error's
 * probability given z_perp is a sum of normal tails. z_perp comes from a randomly shifted lattice; independent shifts
 * give the standard error.
 */
import { latticeGenerator, type LatticeWeights } from '../core/lattice.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { normalQuantile } from '../core/special.ts';
import { estimateOf, type ErrorEstimate } from './error-estimate.ts';
import type { FreshOutput } from './fresh-output.ts';
import { lineDirection } from './line-frame.ts';
import { lineOf } from './line.ts';
import { lineSums } from './lines-kernel.ts';
import { LineSilence } from './silence.ts';
import { met, watchedSides, widened } from './unmet.ts';

/** Lines per shift, shifts, and the lattice's weights (decaying when not said). */
export interface LineSize {
  readonly lines: number;
  readonly shifts: number;
  readonly weights?: LatticeWeights;
}

/** What the lines of all shifts have met. */
export interface LineSums {
  /** of each shift: P(y f <= 0) */
  readonly wrong: readonly number[];
  /** of each shift: P(f = 0) */
  readonly zero: readonly number[];
  /** of each watched filter: its least and its largest height across the lines, without its shift */
  readonly reached: Float64Array;
}

/** Line sampling in the kernel; outputs it does not take go through the plain program, to the same bits. */
export const estimateByLines = (output: FreshOutput, size: LineSize, key: StreamKey): ErrorEstimate =>
  estimated(
    output,
    size,
    key,
    (watched) => lineSums(output, size, watched, key) ?? plainSums(output, size, watched, key),
  );

/** The reference of `estimateByLines`. */
export const sampleLines = (output: FreshOutput, size: LineSize, key: StreamKey): ErrorEstimate =>
  estimated(output, size, key, (watched) => plainSums(output, size, watched, key));

function estimated(
  output: FreshOutput,
  { lines, shifts }: LineSize,
  key: StreamKey,
  sums: (watched: readonly number[]) => LineSums,
): ErrorEstimate {
  const sides = watchedSides(output, lines * shifts);
  const watched = [...new Set(sides.map(({ filter }) => filter))];
  const { wrong, zero, reached } = sums(watched);
  const unmet = sides.filter((side) => !met(side, reached, watched.indexOf(side.filter)));
  return widened(estimateOf(wrong, zero), output, unmet, key);
}

/** The reference of the kernel's `lineSums`. @param watched filters, in order */
export function plainSums(
  output: FreshOutput,
  { lines, shifts, weights }: LineSize,
  watched: readonly number[],
  key: StreamKey,
): LineSums {
  const { filters, rank, l } = output;
  const { u, slopes } = lineDirection(output);
  const generator = latticeGenerator(lines, rank, weights);
  const z = new Float64Array(rank);
  const heights = new Float64Array(filters);
  const line = lineOf(output, slopes);
  const silence = new LineSilence(output, slopes);
  const wrong: number[] = [];
  const zero: number[] = [];
  const reached = Float64Array.from({ length: 2 * watched.length }, (_, at) => (at % 2 ? -Infinity : Infinity));
  for (let shift = 0; shift < shifts; shift++) {
    const stream = new Stream(key, 'test', shift);
    const offset = Float64Array.from({ length: rank }, () => stream.uniform());
    let total = 0;
    let silent = 0;
    for (let i = 0; i < lines; i++) {
      let along = 0;
      for (let k = 0; k < rank; k++) {
        const x = ((i * generator[k]!) % lines) / lines + offset[k]!;
        z[k] = normalQuantile(Math.max(x < 1 ? x : x - 1, 5.551115123125783e-17));
        along += z[k]! * u[k]!;
      }
      for (let k = 0; k < rank; k++) z[k]! -= along * u[k]!;
      for (let r = 0; r < filters; r++) {
        let g = 0;
        for (let k = 0; k < Math.min(rank, r + 1); k++) g += l[r * rank + k]! * z[k]!;
        heights[r] = g;
      }
      total += line.errorProbability(heights);
      silent += silence.probability(heights);
      watched.forEach((r, at) => {
        reached[2 * at] = Math.min(reached[2 * at]!, heights[r]!);
        reached[2 * at + 1] = Math.max(reached[2 * at + 1]!, heights[r]!);
      });
    }
    wrong.push(total / lines);
    zero.push(silent / lines);
  }
  return { wrong, zero, reached };
}
