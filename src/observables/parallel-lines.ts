/** The parallel lines of line sampling: their direction, and the lattice across them. */
import { latticeGenerator, type LatticeWeights } from '../core/lattice.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { normalQuantile } from '../core/special.ts';
import type { FreshOutput } from './fresh-output.ts';

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

/** Unit vector u along Lᵀa, the gradient of the output's linear part, and the slopes L u. */
export function lineDirection({ filters, rank, l, outputWeights }: FreshOutput): {
  readonly u: Float64Array;
  readonly slopes: Float64Array;
} {
  const u = new Float64Array(rank);
  for (let r = 0; r < filters; r++)
    for (let k = 0; k < Math.min(rank, r + 1); k++) u[k]! += outputWeights[r]! * l[r * rank + k]!;
  const norm = Math.sqrt(u.reduce((sum, x) => sum + x * x, 0));
  if (norm > 0) for (let k = 0; k < rank; k++) u[k]! /= norm;
  else if (rank > 0) u[0] = 1; // no linear part (every weight zero, say): any direction serves
  const slopes = new Float64Array(filters);
  for (let r = 0; r < filters; r++)
    for (let k = 0; k < Math.min(rank, r + 1); k++) slopes[r]! += l[r * rank + k]! * u[k]!;
  return { u, slopes };
}

/** @param see gets the filters' heights on each line, without the shifts, in the same array every time */
export function acrossLines(
  output: FreshOutput,
  { lines, shifts, weights }: LineSize,
  key: StreamKey,
  see: (heights: Float64Array, shift: number) => void,
): void {
  const { filters, rank, l } = output;
  const { u } = lineDirection(output);
  const generator = latticeGenerator(lines, rank, weights);
  const z = new Float64Array(rank);
  const heights = new Float64Array(filters);
  for (let shift = 0; shift < shifts; shift++) {
    const stream = new Stream(key, 'test', shift);
    const offset = Float64Array.from({ length: rank }, () => stream.uniform());
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
      see(heights, shift);
    }
  }
}
