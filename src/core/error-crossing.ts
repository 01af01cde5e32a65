/**
 * Where a falling error crosses a level, between the points of a grid. The error of a linear rule is Phi(-c s^k) in the
 * strength s of the signal, so that log(-Phi^-1(error)) is straight in log s: a line there has no bias from the curve's
 * own bend, which a chord through the errors has (.03 to .27 in 4 log s for four points a factor 1.19 apart).
 */
import { fallingRegression } from './contours.ts';
import { exp, log, normalQuantile } from './special.ts';

/**
 * Weighted least squares through the points around the crossing. Weights are the inverse variances that equal noise in
 * the errors would have on the straight scale, so that points near 0 and 1/2 hardly count; errors that are not strictly
 * between have no place on it. With fewer than two such points: the chord.
 *
 * @param x logarithms of the strength, increasing, length >= 3
 * @param y errors; they fall from 1/2 at most, up to noise
 * @param level in (0, 1/2)
 * @param reach points on either side of the crossing that enter the line, >= 1
 * @returns x of the crossing; NaN when the curve stays on one side of the level
 */
export function errorCrossing(x: readonly number[], y: readonly number[], level: number, reach: number): number {
  const falling = fallingRegression(
    y,
    y.map(() => 1),
  );
  const right = falling.findIndex((value) => value <= level);
  if (right <= 0) return NaN;
  const chord = (): number => {
    const [a, b] = [falling[right - 1]!, falling[right]!];
    return x[right - 1]! + ((x[right]! - x[right - 1]!) * (a - level)) / (a - b);
  };
  const points = x.flatMap((at, i) => {
    if (i < right - reach || i >= right + reach || !(y[i]! > 0 && y[i]! < 0.5)) return [];
    const z = -normalQuantile(y[i]!);
    const density = z * exp(-0.5 * z * z);
    return density > 0 ? [{ at, z: log(z), weight: density * density }] : [];
  });
  if (points.length < 2) return chord();
  const over = (of: (point: { at: number; z: number; weight: number }) => number): number =>
    points.reduce((sum, point) => sum + point.weight * of(point), 0);
  const total = over(() => 1);
  const [centre, height] = [over(({ at }) => at) / total, over(({ z }) => z) / total];
  const slope = over(({ at, z }) => (at - centre) * (z - height)) / over(({ at }) => (at - centre) ** 2);
  return slope > 0 ? centre + (log(-normalQuantile(level)) - height) / slope : chord();
}

/**
 * Where a falling positive quantity that is no error crosses a level: by the chord of its logarithm over x.
 *
 * @param x logarithms of the strength, increasing, length >= 2
 * @param y > 0 about the crossing; they fall, up to noise
 * @returns x of the crossing; NaN when the curve stays on one side of the level
 */
export function logCrossing(x: readonly number[], y: readonly number[], level: number): number {
  const falling = fallingRegression(
    y,
    y.map(() => 1),
  );
  const right = falling.findIndex((value) => value <= level);
  if (right <= 0) return NaN;
  const [a, b] = [log(falling[right - 1]!), log(falling[right]!)];
  return x[right - 1]! + ((x[right]! - x[right - 1]!) * (a - log(level))) / (a - b);
}
