/**
 * Gaussian proposals for the coordinates across a sampling line, and their fit to weighted points (cross-entropy
 * method).
 */
import { dotRows } from '../core/linear-algebra.ts';
import { exp, log } from '../core/special.ts';

/** y = mean + C x, x standard normal; C lower triangular, size x size. */
export class TangentGaussian {
  readonly size: number;
  readonly mean: Float64Array;
  readonly factor: Float64Array;
  /** log det C */
  readonly logDeterminant: number;

  constructor(mean: Float64Array, factor: Float64Array) {
    this.size = mean.length;
    this.mean = mean;
    this.factor = factor;
    let sum = 0;
    for (let k = 0; k < mean.length; k++) sum += log(factor[k * mean.length + k]!);
    this.logDeterminant = sum;
  }

  /** N(0, I): the law that is being integrated over. */
  static nominal(size: number): TangentGaussian {
    return new TangentGaussian(
      new Float64Array(size),
      Float64Array.from({ length: size * size }, (_, k) => (k % (size + 1) === 0 ? 1 : 0)),
    );
  }

  /** Writes y(x). */
  place(x: Float64Array, y: Float64Array): void {
    const { size, mean, factor } = this;
    for (let k = 0; k < size; k++) y[k] = mean[k]! + dotRows(factor, k * size, x, 0, k + 1);
  }

  /** Writes x(y). */
  recover(y: Float64Array, x: Float64Array): void {
    const { size, mean, factor } = this;
    for (let k = 0; k < size; k++)
      x[k] = (y[k]! - mean[k]! - dotRows(factor, k * size, x, 0, k)) / factor[k * size + k]!;
  }

  /** Density at y over that of N(0, I); x = x(y). */
  overNominal(x: Float64Array, y: Float64Array): number {
    return exp(0.5 * (dotRows(y, 0, y, 0, this.size) - dotRows(x, 0, x, 0, this.size)) - this.logDeterminant);
  }
}

/** Pull towards N(0, I), in units of points for every coordinate. */
const PULL = 0.5;
/** The fitted covariance is widened by this: a proposal should be wider than its target. */
const WIDER = 1.15;

/**
 * The Gaussian nearest to the weighted points in Kullback-Leibler divergence (cross-entropy method: Rubinstein 1997;
 * Rubinstein, Kroese 2004), its moments pulled towards N(0, I) as far as the points are few.
 *
 * @param points count x size
 * @param weights length count, not all 0
 */
export function fitTangentGaussian(points: Float64Array, weights: Float64Array, size: number): TangentGaussian {
  const count = weights.length;
  let total = 0;
  let squares = 0;
  for (const w of weights) {
    total += w;
    squares += w * w;
  }
  const effective = (total * total) / squares;
  const trust = effective / (effective + PULL * size);
  const mean = new Float64Array(size);
  for (let i = 0; i < count; i++)
    for (let k = 0; k < size; k++) mean[k]! += (weights[i]! / total) * points[i * size + k]!;
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < count; i++) {
    if (weights[i] === 0) continue;
    for (let k = 0; k < size; k++) {
      const scaled = (weights[i]! / total) * (points[i * size + k]! - mean[k]!);
      for (let j = 0; j <= k; j++) covariance[k * size + j]! += scaled * (points[i * size + j]! - mean[j]!);
    }
  }
  const factor = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    for (let j = 0; j <= k; j++) {
      const target = WIDER * (trust * covariance[k * size + j]! + (k === j ? 1 - trust : 0));
      const rest = target - dotRows(factor, k * size, factor, j * size, j);
      factor[k * size + j] = k === j ? Math.sqrt(Math.max(rest, 1e-6)) : rest / factor[j * size + j]!;
    }
  }
  return new TangentGaussian(
    mean.map((m) => trust * m),
    factor,
  );
}

/** Number of equal weights that would scatter as much: (sum w)^2 / sum w^2; 0 when all are 0. */
export function effectiveSize(weights: ArrayLike<number>): number {
  let total = 0;
  let squares = 0;
  for (let i = 0; i < weights.length; i++) {
    total += weights[i]!;
    squares += weights[i]! * weights[i]!;
  }
  return squares > 0 ? (total * total) / squares : 0;
}
