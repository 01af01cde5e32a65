/** Level sets of a map over (row, column) = (d, ‖μ‖): where the error crosses a level, and the power law through it. */
import { fallingCrossing } from '../core/contours.ts';
import { exp, log } from '../core/special.ts';
import { combine, fitSlope, independentPoints, jackknifePoints, LEAST_SIZES, type Points } from '../core/slopes.ts';
import { meanAndSe } from '../core/statistics.ts';
import type { Uncertain } from '../core/verdict.ts';
import { inCell, overRuns, type Frame } from '../experiments/frame.ts';

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
  /**
   * slope of log ‖μ‖ against log d, and p of a straight line; null with fewer than five points, which carry no line. The
   * theory has 1/4
   */
  readonly slope: (Uncertain & { readonly p: number | null }) | null;
  /** n ‖μ‖⁴ / (sigma_p⁴ d), geometric mean over the points, each counted alike; null without points */
  readonly kappa: Uncertain | null;
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
export function levelSets(frame: Frame, levels: readonly number[]): LevelSet[] {
  const [rows, columns] = frame.spec.axes;
  if (
    frame.spec.axes.length !== 2 ||
    frame.spec.scale.size > 0 ||
    rows!.path !== 'data.d' ||
    columns!.path !== 'data.mu'
  )
    return [];
  const width = columns!.values.length;
  const signals = columns!.values as number[];
  const groupSize = Math.max(1, Math.ceil(rows!.values.length / GROUPS));
  const groups = Array.from({ length: Math.ceil(rows!.values.length / groupSize) }, (_, g) => ({
    first: g * groupSize,
    members: (rows!.values as number[]).slice(g * groupSize, (g + 1) * groupSize),
  }));
  const errors = overRuns(frame, 'testError');
  /** Crossing of one group; without one replicate, where cells share their draws */
  const crossingOf = ({ first, members }: (typeof groups)[number], level: number, without: number | null) => {
    const curve = signals.flatMap((x, column) => {
      const values = members.flatMap((_, at) =>
        inCell(frame, errors, (first + at) * width + column).filter((_value, replicate) => replicate !== without),
      );
      return values.length > 0 ? [{ x, ...meanAndSe(values) }] : [];
    });
    if (curve.length < 3) return null;
    const crossing = fallingCrossing(
      curve.map(({ x }) => x),
      curve.map(({ mean }) => mean),
      curve.map(({ se }) => se),
      level,
      Math.max(2, Math.round(REACH * curve.length)),
    );
    return crossing && crossing.x > 0 ? crossing : null;
  };
  const { n, sigmaP } = frame.cells[0]!.data;
  return levels.map((level): LevelSet => {
    const found = groups.flatMap((group) => {
      const crossing = crossingOf(group, level, null);
      return crossing
        ? [{ group, d: exp(meanAndSe(group.members.map(log)).mean), mu: crossing.x, se: crossing.se }]
        : [];
    });
    const x = found.map(({ d }) => log(d));
    let points: Points = independentPoints(
      x,
      found.map(({ mu, se }) => ({ value: log(mu), se: se / mu })),
    );
    // Cells that share their draws: the points vary together, and only resampling whole replicates shows it.
    const replicates = inCell(frame, errors, 0).length;
    if (frame.cells[0]!.coupling === 'common' && replicates > 1)
      points = jackknifePoints(x, replicates, (without) =>
        found.map(({ group, mu }) => log(crossingOf(group, level, without)?.x ?? mu)),
      );
    const fit = found.length >= LEAST_SIZES ? fitSlope(points) : null;
    const mean =
      found.length > 0
        ? combine(
            points,
            x.map(() => 1 / x.length),
          )
        : null;
    const kappa = mean && exp(4 * (mean.value - log(sigmaP)) + log(n) - meanAndSe(x).mean);
    return {
      level,
      points: found.map(({ d, mu, se }) => ({ d, mu, se })),
      slope: fit && { ...fit.slope, p: fit.chiSquare?.p ?? null },
      kappa: mean && { ...mean, value: kappa!, se: kappa! * 4 * mean.se },
    };
  });
}
