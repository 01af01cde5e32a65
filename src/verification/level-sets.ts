/** Level sets of a map over (row, column) = (d, ‖μ‖): where the error crosses a level, and the power law through it. */
import { fallingCrossing } from '../core/contours.ts';
import { exp, log } from '../core/special.ts';
import { fitLine, meanAndSe } from '../core/statistics.ts';
import type { Results } from '../experiments/table.ts';

export interface LevelPoint {
  /** geometric mean of the rows in the group */
  readonly d: number;
  /** crossing in ‖μ‖ */
  readonly mu: number;
  readonly se: number;
}

export interface LevelSet {
  /** of the noisy test error */
  readonly level: number;
  readonly points: readonly LevelPoint[];
  /** slope of log ‖μ‖ against log d, with its standard error; the theory has 1/4. null with fewer than three points */
  readonly slope: { readonly value: number; readonly se: number } | null;
  /** constant of the curve ‖μ‖ = (kappa sigma_p⁴ d / n)^{1/4} closest to the points; null without points */
  readonly kappa: { readonly value: number; readonly se: number } | null;
}

/** Rows are averaged in at most this many groups before the crossing is sought. */
const GROUPS = 10;
/**
 * Share of the columns, on either side of a crossing, over which the curve counts as straight; at least two columns.
 */
const REACH = 0.04;

/**
 * Level sets of the mean test error over a grid whose axes are data.d and data.mu (in this order).
 *
 * @returns one entry a level; none when the grid has other axes
 */
export function levelSets(results: Results, levels: readonly number[]): LevelSet[] {
  const [rows, columns] = results.spec.axes;
  if (
    results.spec.axes.length !== 2 ||
    results.spec.scale.size > 0 ||
    rows!.path !== 'data.d' ||
    columns!.path !== 'data.mu'
  )
    return [];
  const width = columns!.values.length;
  const signals = columns!.values as number[];
  const groups: { d: number; mean: number[]; se: number[] }[] = [];
  const groupSize = Math.max(1, Math.ceil(rows!.values.length / GROUPS));
  for (let first = 0; first < rows!.values.length; first += groupSize) {
    const members = (rows!.values as number[]).slice(first, first + groupSize);
    const mean: number[] = [];
    const se: number[] = [];
    for (let column = 0; column < width; column++) {
      const values = members.flatMap((_, at) => results.over((first + at) * width + column, 'testError'));
      const estimate = values.length > 0 ? meanAndSe(values) : { mean: NaN, se: NaN };
      mean.push(estimate.mean);
      se.push(estimate.se);
    }
    groups.push({ d: exp(meanAndSe(members.map(log)).mean), mean, se });
  }
  const { n, sigmaP } = results.cells[0]!.data;
  return levels.map((level): LevelSet => {
    const points = groups.flatMap(({ d, mean, se }): LevelPoint[] => {
      const known = mean.flatMap((value, i) => (Number.isNaN(value) ? [] : [i]));
      if (known.length < 3) return [];
      const crossing = fallingCrossing(
        known.map((i) => signals[i]!),
        known.map((i) => mean[i]!),
        known.map((i) => se[i]!),
        level,
        Math.max(2, Math.round(REACH * known.length)),
      );
      return crossing && crossing.x > 0 ? [{ d, mu: crossing.x, se: crossing.se }] : [];
    });
    const logSd = points.map(({ mu, se }) => se / mu);
    const fit =
      points.length >= 3
        ? fitLine(
            points.map(({ d }) => log(d)),
            points.map(({ mu }) => log(mu)),
            logSd,
          )
        : null;
    return {
      level,
      points,
      slope: fit && { value: fit.slope, se: fit.slopeSe },
      kappa: points.length > 0 ? fitKappa(points, logSd, n, sigmaP) : null,
    };
  });
}

/** Weighted mean of log(n ‖μ‖⁴ / (sigma_p⁴ d)); its error grows with the scatter about the 1/4 law. */
function fitKappa(
  points: readonly LevelPoint[],
  logSd: readonly number[],
  n: number,
  sigmaP: number,
): { value: number; se: number } {
  const values = points.map(({ d, mu }) => 4 * log(mu / sigmaP) + log(n) - log(d));
  const weights = logSd.map((sd) => 1 / (16 * sd * sd));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = values.reduce((sum, value, i) => sum + weights[i]! * value, 0) / total;
  const chiSquare = values.reduce((sum, value, i) => sum + weights[i]! * (value - mean) ** 2, 0);
  const scale = points.length > 1 ? Math.max(1, chiSquare / (points.length - 1)) : 1;
  return { value: exp(mean), se: exp(mean) * Math.sqrt(scale / total) };
}
