/** Where a falling, noisy curve crosses a level. */
import { fitLine } from './statistics.ts';

export interface Crossing {
  readonly x: number;
  /** standard error of x, by the delta method on the local line */
  readonly se: number;
}

/**
 * Crossing of `level` by y(x), which falls up to noise: monotone (pool-adjacent-violators) regression finds where, a weighted line over the
 * points with y within `window` of the level (at least three on either side of the crossing where they exist) says exactly, with its error.
 *
 * @param x increasing, length >= 3
 * @param se standard errors of y; zeros count as the smallest positive one
 * @returns null when the curve stays on one side of the level
 */
export function fallingCrossing(x: readonly number[], y: readonly number[], se: readonly number[], level: number, window: number): Crossing | null {
  const least = Math.min(...se.filter((one) => one > 0), 1);
  const sd = se.map((one) => (one > 0 ? one : least));
  const smooth = fallingRegression(y, sd.map((one) => 1 / (one * one)));
  const after = smooth.findIndex((value) => value <= level);
  if (after <= 0) return null;
  const chosen = x.map((_, i) => i).filter((i) => Math.abs(smooth[i]! - level) <= window || (i >= after - 3 && i < after + 3));
  if (chosen.length < 3) return null;
  const centre = (x[after - 1]! + x[after]!) / 2;
  const fit = fitLine(chosen.map((i) => x[i]! - centre), chosen.map((i) => y[i]!), chosen.map((i) => sd[i]!));
  if (!(fit.slope < 0)) return null;
  const shift = (level - fit.intercept) / fit.slope;
  const variance = fit.interceptSe ** 2 + 2 * shift * fit.covariance + shift * shift * fit.slopeSe ** 2;
  return { x: centre + shift, se: Math.sqrt(variance) / -fit.slope };
}

/** Weighted least-squares regression by a non-increasing sequence: pool adjacent violators. */
export function fallingRegression(y: readonly number[], weights: readonly number[]): number[] {
  const blocks: { mean: number; weight: number; count: number }[] = [];
  y.forEach((value, i) => {
    let block = { mean: value, weight: weights[i]!, count: 1 };
    for (let last = blocks.at(-1); last && last.mean < block.mean; last = blocks.at(-1)) {
      const weight = last.weight + block.weight;
      block = { mean: (last.mean * last.weight + block.mean * block.weight) / weight, weight, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  });
  return blocks.flatMap(({ mean, count }) => Array<number>(count).fill(mean));
}
