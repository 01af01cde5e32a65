/** Where a falling, noisy curve crosses a level. */
export interface Crossing {
  readonly x: number;
  /** standard error of x, by the delta method on the local line */
  readonly se: number;
}

/**
 * Crossing of `level` by y(x), which falls up to noise: monotone (pool-adjacent-violators) regression finds where, then
 * a straight line through the points around the crossing, as many on either side, is moved until it crosses in the
 * middle of its points. Points count alike, so a curved y shifts the crossing only to second order in the width.
 *
 * @param x increasing, length >= 3
 * @param se standard errors of y
 * @param reach how many points on either side of the crossing enter the line, >= 1
 * @returns null when the curve stays on one side of the level, or does not fall there
 */
export function fallingCrossing(
  x: readonly number[],
  y: readonly number[],
  se: readonly number[],
  level: number,
  reach: number,
): Crossing | null {
  const after = fallingRegression(
    y,
    y.map(() => 1),
  ).findIndex((value) => value <= level);
  if (after <= 0) return null;
  let right = after;
  let crossing: Crossing | null = null;
  for (let round = 0; round < 20; round++) {
    const from = Math.max(0, right - reach);
    const to = Math.min(x.length, right + reach);
    crossing = lineCrossing(x.slice(from, to), y.slice(from, to), se.slice(from, to), level);
    if (!crossing) return null;
    const found = x.findIndex((value) => value > crossing!.x);
    const next = Math.max(1, found < 0 ? x.length - 1 : found);
    if (next === right) break;
    right = next;
  }
  return crossing;
}

/** Where the unweighted least-squares line crosses a level; its error from the points' own standard errors. */
function lineCrossing(
  x: readonly number[],
  y: readonly number[],
  se: readonly number[],
  level: number,
): Crossing | null {
  const count = x.length;
  if (count < 2) return null;
  const centre = x.reduce((sum, value) => sum + value, 0) / count;
  const spread = x.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const mean = y.reduce((sum, value) => sum + value, 0) / count;
  const slope = y.reduce((sum, value, i) => sum + (x[i]! - centre) * value, 0) / spread;
  if (!(slope < 0)) return null;
  const shift = (level - mean) / slope;
  // the fitted value at the crossing is a weighted sum of the points
  const variance = se.reduce(
    (sum, value, i) => sum + (value * (1 / count + (shift * (x[i]! - centre)) / spread)) ** 2,
    0,
  );
  return { x: centre + shift, se: Math.sqrt(variance) / -slope };
}

/** Weighted least-squares regression by a non-increasing sequence: pool adjacent violators. */
export function fallingRegression(y: readonly number[], weights: readonly number[]): number[] {
  const blocks: { mean: number; weight: number; count: number }[] = [];
  y.forEach((value, i) => {
    let block = { mean: value, weight: weights[i]!, count: 1 };
    for (let last = blocks.at(-1); last && last.mean < block.mean; last = blocks.at(-1)) {
      const weight = last.weight + block.weight;
      block = {
        mean: (last.mean * last.weight + block.mean * block.weight) / weight,
        weight,
        count: last.count + block.count,
      };
      blocks.pop();
    }
    blocks.push(block);
  });
  return blocks.flatMap(({ mean, count }) => Array<number>(count).fill(mean));
}
