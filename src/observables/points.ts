/** Test error by plain Monte Carlo over the noise: the judge of the other estimators. */
import { Stream, type StreamKey } from '../core/random.ts';
import type { Estimate } from '../core/statistics.ts';
import { activate } from '../network/activation.ts';
import type { ErrorEstimate } from './error-estimate.ts';
import type { FreshOutput } from './fresh-output.ts';
import { pointSums, type PointSums } from './points-kernel.ts';

/** Plain Monte Carlo in the kernel, or by the plain program, to the same bits. */
export function estimateByPoints(output: FreshOutput, points: number, key: StreamKey): ErrorEstimate {
  const sums = pointSums(output, points, key);
  return sums ? estimateOfSums(sums, points) : samplePoints(output, points, key);
}

/**
 * Plain Monte Carlo: `points` noise vectors, each seen with every signal atom. The reference of the kernel's
 * `pointSums`.
 */
export function samplePoints(output: FreshOutput, points: number, key: StreamKey): ErrorEstimate {
  return countPoints(output, points, gaussianDraws(output, new Stream(key, 'test')));
}

/** Writes the Gaussian noise's products with the filters, L z, for one point after the other. */
export function gaussianDraws({ filters, rank, l }: FreshOutput, stream: Stream): (g: Float64Array) => void {
  const z = new Float64Array(rank);
  return (g) => {
    for (let k = 0; k < rank; k++) z[k] = stream.normal();
    for (let r = 0; r < filters; r++) {
      let sum = 0;
      for (let k = 0; k < Math.min(rank, r + 1); k++) sum += l[r * rank + k]! * z[k]!;
      g[r] = sum;
    }
  };
}

/**
 * @param draw writes the noise's products with the filters, length filters, for the next point, and may return what its
 *   flip depends on
 * @param weigh counts the excess of flips that do
 */
export function countPoints(
  output: FreshOutput,
  points: number,
  draw: (g: Float64Array) => number | void,
  weigh?: Weighing,
): ErrorEstimate {
  const { filters, outputWeights, activation, groups, atoms } = output;
  const g = new Float64Array(filters);
  const noise = new Float64Array(2 * groups.length); // per group: even and odd filters
  const sums = { wrong: 0, wrongSquares: 0, zero: 0, zeroSquares: 0, products: 0 };
  for (let t = 0; t < points; t++) {
    const seen = draw(g);
    noise.fill(0);
    for (let r = 0; r < filters; r++) {
      for (let group = 0; group < groups.length; group++)
        noise[2 * group + (r & 1)]! += outputWeights[r]! * activate(activation, g[r]! + groups[group]![r]!);
    }
    let wrong = 0;
    let zero = 0;
    for (const atom of atoms) {
      const f = atom.fixed + (noise[2 * atom.group]! + noise[2 * atom.group + 1]!);
      if (!(atom.label * f > 0)) wrong += atom.probability;
      if (f === 0) zero += atom.probability;
      weigh?.see(atom, f, seen as number);
    }
    weigh?.next();
    sums.wrong += wrong;
    sums.wrongSquares += wrong * wrong;
    sums.zero += zero;
    sums.zeroSquares += zero * zero;
    sums.products += wrong * zero;
  }
  return { ...estimateOfSums(sums, points), ...(weigh && { excess: weigh.estimate() }) };
}

/** Counts the excess over points, atom after atom of a point. */
export interface Weighing {
  see(atom: { readonly label: number; readonly probability: number }, f: number, seen: number): void;
  next(): void;
  estimate(): Estimate;
}

/** Shares of points that are wrong, and that have output 0, from their sums. */
export function estimateOfSums(sums: PointSums, points: number): ErrorEstimate {
  const mean = sums.wrong / points;
  const zero = sums.zero / points;
  const covariance = (products: number, a: number, b: number): number => products / points - a * b;
  const se = (squares: number, of: number): number =>
    Math.sqrt(Math.max(0, covariance(squares, of, of)) / (points - 1));
  const wrong = { mean, se: se(sums.wrongSquares, mean) };
  if (!(sums.zero > 0)) return wrong;
  const zeroSe = se(sums.zeroSquares, zero);
  const correlation =
    wrong.se > 0 && zeroSe > 0 ? covariance(sums.products, mean, zero) / ((points - 1) * wrong.se * zeroSe) : 0;
  return { ...wrong, zero: { mean: zero, se: zeroSe, correlation } };
}
