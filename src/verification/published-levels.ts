/** Level sets of a map held against published ones, found in the same way as those were. */
import { fallingRegression } from '../core/contours.ts';
import { Stream } from '../core/random.ts';
import { log } from '../core/special.ts';
import { fitLine, meanAndSe } from '../core/statistics.ts';
import type { Results } from '../experiments/table.ts';
import { PARAMETERS } from '../notation.ts';
import type { Check, PublishedLevel } from './check.ts';
import type { Comparison } from './old-comparison.ts';

type LevelCheck = Check & { kind: 'level-sets' };

/** One level set of ours, beside the published one. */
export interface ReadLevel {
  readonly published: PublishedLevel;
  /**
   * one place a group of rows: mean row, the column of the first crossing (NaN when there is none) and its standard
   * error
   */
  readonly places: readonly { readonly row: number; readonly column: number; readonly se: number }[];
  /** slope of log column against log row, unweighted */
  readonly slope: number;
  readonly slopeSe: number;
}

/** Maps that a standard error is from. */
const DRAWS = 400;

/**
 * The way of the published numbers: rows averaged in groups, the first pair of neighbouring columns with the level
 * between their means, a straight line between the two, and an unweighted line through the logarithms. Standard errors:
 * the same for falling means (monotone regression) with normal errors added, as large as the run's standard deviation
 * in the nearest block over the root of the number of runs. (Spreads taken from few skewed runs would be small just
 * where the mean is off.)
 *
 * @returns null for another grid, or while a group lacks a run
 * @throws RangeError when the check has no run standard deviations
 */
export function readLevels(results: Results, { id, grid, groups, levels }: LevelCheck): ReadLevel[] | null {
  const { runSd } = grid;
  if (!runSd) throw new RangeError(`${id} has no run standard deviations`);
  const [rows, columns] = results.spec.axes;
  if (results.spec.axes.length !== 2 || rows!.path !== grid.rowPath || columns!.path !== grid.columnPath) return null;
  const size = rows!.values.length / groups;
  if (!Number.isInteger(size)) return null;
  const x = columns!.values as number[];
  const middles = Array.from(
    { length: groups },
    (_, group) => meanAndSe((rows!.values as number[]).slice(group * size, (group + 1) * size)).mean,
  );
  const pools = middles.map((_, group) =>
    x.map((_, column) =>
      Array.from({ length: size }, (_, row) =>
        results.over((group * size + row) * x.length + column, 'testError'),
      ).flat(),
    ),
  );
  if (pools.some((group) => group.some((pool) => pool.length === 0))) return null;
  const means = pools.map((group) => group.map((pool) => meanAndSe(pool).mean));
  const errors = pools.map((group, at) =>
    group.map(
      (pool, column) =>
        runSd[nearest(grid.rowIntervals, middles[at]!)]![nearest(grid.columnIntervals, x[column]!)]! /
        Math.sqrt(pool.length),
    ),
  );
  const read = (map: readonly (readonly number[])[]): { columns: number[]; slope: number }[] =>
    levels.map(({ level }) => {
      const found = map.map((y) => firstCrossing(x, y, level));
      return {
        columns: found,
        slope: found.every((one) => one > 0)
          ? fitLine(
              middles.map(log),
              found.map(log),
              found.map(() => 1),
            ).slope
          : NaN,
      };
    });
  const ours = read(means);
  const smooth = means.map((y) =>
    fallingRegression(
      y,
      y.map(() => 1),
    ),
  );
  const stream = new Stream({ seed: results.spec.seed, cell: [0, 0], replicate: 0 }, 'test');
  const drawn = Array.from({ length: DRAWS }, () =>
    read(smooth.map((group, at) => group.map((mean, column) => mean + errors[at]![column]! * stream.normal()))),
  );
  return levels.map((published, at): ReadLevel => ({
    published,
    places: middles.map((row, group) => ({
      row,
      column: ours[at]!.columns[group]!,
      se: spread(drawn.map((one) => one[at]!.columns[group]!)),
    })),
    slope: ours[at]!.slope,
    slopeSe: spread(drawn.map((one) => one[at]!.slope)),
  }));
}

/** The interval whose middle is nearest. */
function nearest(intervals: readonly (readonly [number, number])[], value: number): number {
  const distances = intervals.map(([low, high]) => Math.abs((low + high) / 2 - value));
  return distances.indexOf(Math.min(...distances));
}

/**
 * Between the first neighbours that have the level between them, going down; NaN when none have. @param x, y the same
 * length
 */
export function firstCrossing(x: readonly number[], y: readonly number[], level: number): number {
  const right = y.findIndex((value, i) => i > 0 && value <= level && y[i - 1]! > level);
  return right < 0
    ? NaN
    : x[right - 1]! + ((x[right]! - x[right - 1]!) * (y[right - 1]! - level)) / (y[right - 1]! - y[right]!);
}

/** Standard deviation of what is a number; NaN of fewer than two. */
function spread(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length < 2 ? NaN : meanAndSe(known).se * Math.sqrt(known.length);
}

/** First and last column and the slope of each level: three comparisons a level. */
export function publishedLevels(results: Results, check: LevelCheck): Comparison[] {
  const read = readLevels(results, check);
  const [row, column] = [check.grid.rowPath, check.grid.columnPath].map((path) => PARAMETERS.get(path)!.entry.glyph);
  return check.levels.flatMap((published, at): Comparison[] => {
    const one = read?.[at];
    const [first, last] = [one?.places[0], one?.places.at(-1)];
    const compared = {
      slope: [one?.slope, one?.slopeSe],
      first: [first?.column, first?.se],
      last: [last?.column, last?.se],
    } as const;
    return (['slope', 'first', 'last'] as const).map((part): Comparison => {
      const id = `${check.id}/${published.level} ${part}`;
      const [ours = NaN, se = NaN] = compared[part];
      const theirs = published.sd[part];
      const limit = part === 'slope' ? 3.5 : 4.5;
      if (Number.isNaN(ours) || Number.isNaN(se))
        return {
          id,
          ours: null,
          se: null,
          published: published[part],
          tolerance: limit,
          ok: false,
          says: `error ${published.level} is not crossed in every group of rows`,
        };
      const of = Math.hypot(se, theirs);
      const z = (ours - published[part]) / of;
      const what =
        part === 'slope' ? `slope of log ${column}* against log ${row}` : `${column}* at the ${part} group of ${row}`;
      return {
        id,
        ours,
        se: of,
        published: published[part],
        tolerance: limit,
        ok: Math.abs(z) <= limit,
        z,
        says: `${what} at test error ${published.level}: ours ± ${se.toPrecision(2)}, published ± ${theirs}, |z| <= ${limit}`,
      };
    });
  });
}
