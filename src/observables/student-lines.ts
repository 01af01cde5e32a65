/**
 * Line sampling for noise that is multivariate t. With T = z / s, s² = chi²(nu)/nu independent of the k normals z, the
 * density of T falls like (1 + |T|²/nu)^-((nu + k)/2). So given the part across a line, q = |T_perp|² (itself
 * multivariate t in k - 1 coordinates), the coordinate along it has the density (nu + q + t²)^-((nu + k)/2): Student's
 * law with nu + k - 1 degrees of freedom, scaled by sqrt((nu + q) / (nu + k - 1)). Stretches of a line have its closed
 * tails. The lattice has one coordinate more, for s.
 */
import { latticeGenerator } from '../core/lattice.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { normalQuantile } from '../core/special.ts';
import { chiTailQuantile, StudentLaw } from '../core/student.ts';
import type { ErrorEstimate } from './error-estimate.ts';
import type { FreshOutput } from './fresh-output.ts';
import { twoLayerLines, type Lines } from './line.ts';
import { withSilence } from './lines.ts';
import { lineDirection, type LineSize } from './parallel-lines.ts';

/**
 * Rare errors come from small s, which plain sampling hardly meets: then both a mean and its spread are too small. So
 * P(S <= s) is drawn as the cube of a uniform number u, each line with the weight 3 u², at most 3. Where 1 - u³ is 1 in
 * floating point the last scale before stands for all of them, 1e-16 of the law.
 */
const MOST = 1 - 1.1102230246251565e-16;
const LEAST = 5.551115123125783e-17;
/** In scales of the law along a line: P beyond is below 1e-17 for the three degrees of freedom that there are at least. */
const END = 1e6;

/** @param output with Student noise of unit variance before L */
export function studentLines(output: FreshOutput, size: LineSize, key: StreamKey): ErrorEstimate {
  const { wrong, zero } = studentSums(output, size, key, twoLayerLines(output));
  return withSilence(output, size, wrong, zero, key);
}

/** Of each shift: P(y f <= 0) and P(f = 0) as its lines met them. */
export function studentSums(
  output: FreshOutput,
  size: LineSize,
  key: StreamKey,
  linesAlong: Lines,
): { readonly wrong: number[]; readonly zero: number[] } {
  const { lines, shifts, weights } = size;
  const { filters, rank, l } = output;
  const { nu } = output.noise!;
  const unitVariance = Math.sqrt((nu - 2) / nu);
  const { u, slopes } = lineDirection(output);
  for (let r = 0; r < filters; r++) slopes[r]! *= unitVariance;
  const law = new StudentLaw(nu + Math.max(0, rank - 1));
  let scale = 1;
  const stretch = (low: number, high: number): number => law.probability(low / scale, high / scale);
  const met = linesAlong(slopes, { stretch, end: END });
  const generator = latticeGenerator(lines, rank + 1, weights);
  const x = new Float64Array(rank + 1);
  const across = new Float64Array(rank);
  const heights = new Float64Array(filters);
  const wrong: number[] = [];
  const zero: number[] = [];
  for (let shift = 0; shift < shifts; shift++) {
    const stream = new Stream(key, 'test', shift);
    const offset = Float64Array.from({ length: rank + 1 }, () => stream.uniform());
    let total = 0;
    let silent = 0;
    for (let i = 0; i < lines; i++) {
      for (let k = 0; k <= rank; k++) {
        const place = ((i * generator[k]!) % lines) / lines + offset[k]!;
        x[k] = Math.max(place < 1 ? place : place - 1, LEAST);
      }
      // The scale stretches all coordinates: it gets the lattice's best one.
      const drawn = x[0]!;
      const tail = 1 - drawn * drawn * drawn;
      const weight = 3 * drawn * drawn;
      const s = chiTailQuantile(nu, Math.min(MOST, Math.max(LEAST, tail))) / Math.sqrt(nu);
      let along = 0;
      for (let k = 0; k < rank; k++) {
        across[k] = normalQuantile(x[k + 1]!);
        along += across[k]! * u[k]!;
      }
      let q = 0;
      for (let k = 0; k < rank; k++) {
        across[k] = (across[k]! - along * u[k]!) / s;
        q += across[k]! * across[k]!;
      }
      for (let r = 0; r < filters; r++) {
        let g = 0;
        for (let k = 0; k < Math.min(rank, r + 1); k++) g += l[r * rank + k]! * across[k]!;
        heights[r] = unitVariance * g;
      }
      scale = Math.sqrt((nu + q) / (nu + Math.max(0, rank - 1)));
      const found = met.whole(heights);
      total += weight * found.wrong;
      silent += weight * found.zero;
    }
    wrong.push(total / lines);
    zero.push(silent / lines);
  }
  return { wrong, zero };
}
