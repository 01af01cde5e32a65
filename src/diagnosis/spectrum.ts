/**
 * The largest eigenvalue of the within-class covariance from the spectrum of a sample, whose own largest eigenvalue is
 * too large: a direction of variance l that stands out of the rest shows, with N degrees of freedom, as lambda = l (1 +
 * (1/N) sum_j lambda_j / (l - lambda_j)). Turned round, from the sample's other eigenvalues (Bai and Ding, Random
 * Matrices: Theory and Applications 1, 2012):
 *
 *   l = (N - 1) / sum_{j = 2..N} 1 / (lambda_1 - lambda_j)
 *
 * It holds for directions that stand out. Below a threshold (Baik, Ben Arous and Peche, Ann. Prob. 33, 2005) no sample
 * shows the largest variance, and an estimate of it is an upper bound.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Points that are looked at: eigenvalues take n³ operations. */
export const MOST_POINTS = 500;

export interface Spectrum {
  /** eigenvalues of the pooled sample covariance, descending, >= 0; size of `points` - 2 */
  readonly eigenvalues: readonly number[];
  /** largest eigenvalue of the pooled sample covariance, which is too large by what noise adds */
  readonly sampleNorm: number;
  /** the same without that */
  readonly norm: number;
  /** how much a relative change of the sample's eigenvalue changes the norm, squared by the length of the noise: >= 1 */
  readonly stretch: number;
  /** the same from the second eigenvalue: what the largest has to stand out of */
  readonly second: number;
  /** tr Sigma³, without the bias of a Gaussian sample to leading order; at least (tr Sigma²)² / tr Sigma */
  readonly traceCube: number;
  /** share of each point in the largest eigenvalue, beyond 1 / n; sum 0 */
  readonly shares: Float64Array;
  /** places of the points that were looked at, in the order of `shares` */
  readonly points: readonly number[];
}

/**
 * @param inner <x_i, x_j> about any point, n x n
 * @param members places of the points of the two classes
 */
export function spectrumOf(
  inner: Float64Array,
  n: number,
  members: readonly [readonly number[], readonly number[]],
): Spectrum {
  const part = Math.min(1, MOST_POINTS / n);
  const chosen = members.map((places) => {
    const count = Math.max(2, Math.floor(part * places.length));
    return Array.from({ length: count }, (_, k) => places[Math.floor((k * places.length) / count)]!);
  });
  const points = chosen.flat();
  const size = points.length;
  const freedom = size - 2;
  const gram = centred(inner, n, chosen);
  for (let at = 0; at < gram.length; at++) gram[at]! /= freedom;
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.from1DArray(size, size, gram), {
    assumeSymmetric: true,
  });
  // Ascending; two of them are 0 for the two means.
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const lambda = order.slice(0, freedom).map((k) => Math.max(0, realEigenvalues[k]!));
  const [first, next] = [lambda[0]!, lambda[1] ?? 0];
  const along = (power: number): number =>
    lambda.slice(1).reduce((sum, one) => sum + 1 / (first - one) ** power, 0) / (freedom - 1);
  const [m1, m2] = [along(1), along(2)];
  const trace = sumOf(lambda, 1);
  const square = Math.max(0, sumOf(lambda, 2) - (trace * trace) / freedom);
  const cube = sumOf(lambda, 3) - (3 / freedom) * trace * sumOf(lambda, 2) + (2 / freedom ** 2) * trace ** 3;
  return {
    eigenvalues: lambda,
    sampleNorm: first,
    // Two eigenvalues that are the same say nothing; ‖Sigma‖ is at least tr Sigma² / tr Sigma.
    norm: Math.max(1 / m1, square / trace),
    stretch: m1 < Infinity ? m2 / (m1 * m1) : Infinity,
    second: (freedom - 2) / lambda.slice(2).reduce((sum, one) => sum + 1 / (next - one), 0),
    traceCube: Math.max(cube, (square * square) / trace),
    shares: Float64Array.from({ length: size }, (_, i) => eigenvectorMatrix.get(i, order[0]!) ** 2 - 1 / size),
    points,
  };
}

const sumOf = (lambda: readonly number[], power: number): number => lambda.reduce((sum, x) => sum + x ** power, 0);

/** Inner products of the chosen points, each about the mean of its class among them. */
function centred(inner: Float64Array, n: number, chosen: readonly (readonly number[])[]): Float64Array {
  const points = chosen.flat();
  const classOf = chosen.flatMap((places, c) => places.map(() => c));
  const size = points.length;
  const out = new Float64Array(size * size);
  const towards = chosen.map(() => new Float64Array(size));
  for (let a = 0; a < size; a++)
    for (let b = 0; b < size; b++) {
      const x = inner[points[a]! * n + points[b]!]!;
      out[a * size + b] = x;
      towards[classOf[b]!]![a]! += x / chosen[classOf[b]!]!.length;
    }
  const between = chosen.map((places, c) =>
    chosen.map((_, e) => towards[e]!.reduce((sum, x, a) => sum + (classOf[a] === c ? x : 0), 0) / places.length),
  );
  for (let a = 0; a < size; a++)
    for (let b = 0; b < size; b++) {
      const [c, e] = [classOf[a]!, classOf[b]!];
      out[a * size + b]! += between[c]![e]! - towards[e]![a]! - towards[c]![b]!;
    }
  return out;
}
