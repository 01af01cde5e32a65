/** Level sets of a map held against published ones, which were read off a noisier map. */
import { meanFlip } from '../core/flip-laws.ts';
import { fallingRegression } from '../core/contours.ts';
import { Stream } from '../core/random.ts';
import { exp, log, normalQuantile, normalTail } from '../core/special.ts';
import { fitLine, meanAndSe } from '../core/statistics.ts';
import { inCell, overRuns, type Frame } from '../experiments/frame.ts';
import { PARAMETERS } from '../notation.ts';
import type { Check, Comparison, PublishedLevel } from './check.ts';
import { meanDifference } from './differences.ts';
import { unjudged, type Part } from './judge.ts';

type LevelCheck = Check & { kind: 'level-sets' };

/** One level set of ours as a published map would show it, beside the published one. */
export interface ReadLevel {
  readonly published: PublishedLevel;
  /** one place a group of rows: mean row, the column of the first crossing, and the standard deviation of one reading */
  readonly places: readonly { readonly row: number; readonly column: number; readonly se: number }[];
  /** slope of log column against log row, unweighted */
  readonly slope: Read;
  /** logarithms of the first and the last place */
  readonly first: Read;
  readonly last: Read;
}

/** A number read off a map. */
export interface Read {
  /** expected reading off a map of the published design */
  readonly value: number;
  /** of one such reading: our noise and theirs */
  readonly se: number;
  /** the part that is theirs */
  readonly theirs: number;
  /** readings, less their mean */
  readonly drawn: readonly number[];
}

/** Maps that are drawn. */
const DRAWS = 400;

/**
 * The way of the published numbers: rows averaged in groups, the first pair of neighbouring columns with the level
 * between their means, a straight line between the two, and an unweighted line through the logarithms. The first
 * crossing of a noisy map comes too early, the more so the noisier it is and the flatter the curve; a map of ours with
 * many runs, or with fewer columns, would cross later. So maps of the published design are drawn: our means moved by
 * our noise, made falling (monotone regression), carried to the published columns, and moved by the published noise.
 * Noise is normal, as large as the run's standard deviation in the nearest block, and that of the test points, over the
 * root of the number of runs. (Spreads taken from few skewed runs would be small just where the mean is off.)
 *
 * @returns null for another grid, or while a group lacks a run
 * @throws RangeError when the check has no run standard deviations
 */
export function readLevels(frame: Frame, check: LevelCheck): ReadLevel[] | null {
  let known = readings.get(frame);
  if (!known) readings.set(frame, (known = new Map()));
  let found = known.get(check);
  if (found === undefined) known.set(check, (found = levelsOf(frame, check)));
  return found;
}

/** A check and its picture read the same. */
const readings = new WeakMap<Frame, Map<LevelCheck, ReadLevel[] | null>>();

function levelsOf(frame: Frame, check: LevelCheck): ReadLevel[] | null {
  const { id, grid, groups, levels, columns: shown, rowsInGroup } = check;
  const { runSd, runsPerCell, testPoints } = grid;
  if (!runSd) throw new RangeError(`${id} has no run standard deviations`);
  const [rows, columns] = frame.spec.axes;
  if (frame.spec.axes.length !== 2 || rows!.path !== grid.rowPath || columns!.path !== grid.columnPath) return null;
  const size = rows!.values.length / groups;
  if (!Number.isInteger(size)) return null;
  const x = columns!.values as number[];
  const middles = Array.from(
    { length: groups },
    (_, group) => meanAndSe((rows!.values as number[]).slice(group * size, (group + 1) * size)).mean,
  );
  const observed = overRuns(frame, 'testError');
  const pools = middles.map((_, group) =>
    x.map((_, column) =>
      Array.from({ length: size }, (_, row) =>
        inCell(frame, observed, (group * size + row) * x.length + column),
      ).flat(),
    ),
  );
  if (pools.some((group) => group.some((pool) => pool.length === 0))) return null;
  const floor = meanFlip(frame.cells[0]!.data);
  const sd = (group: number, at: number): number =>
    runSd[nearest(grid.rowIntervals, middles[group]!)]![nearest(grid.columnIntervals, at)]!;
  const means = pools.map((group) => group.map((pool) => meanAndSe(pool).mean));
  const errors = pools.map((group, at) => group.map((pool, column) => sd(at, x[column]!) / Math.sqrt(pool.length)));
  const spreads = middles.map((_, group) => shown.map((at) => sd(group, at)));
  const stream = new Stream({ seed: frame.spec.seed, cell: [0, 0], replicate: 0 }, 'test');
  const alike = x.map(() => 1);
  const atShown = (y: readonly number[]): number[] => carried(x, fallingRegression(y, alike), shown, floor);
  const unmoved = means.map(atShown);
  const read = (ours: boolean): Reading[] =>
    readOff(
      means.map((group, at) => {
        const curve = ours
          ? atShown(group.map((mean, column) => mean + errors[at]![column]! * stream.normal()))
          : unmoved[at]!;
        return curve.map((mean, column) => {
          const points = testPoints > 0 ? (mean * (1 - mean)) / testPoints : 0;
          const variance = (spreads[at]![column]! ** 2 + points) / (rowsInGroup * runsPerCell);
          return mean + Math.sqrt(variance) * stream.normal();
        });
      }),
      shown,
      middles,
      levels,
    );
  // Maps that miss a level in a group say nothing of it; when most do, it is not surely crossed.
  const whole = (drawn: readonly Reading[][]): Reading[][] =>
    drawn.filter((one) => one.every(({ slope }) => !Number.isNaN(slope)));
  const both = whole(Array.from({ length: DRAWS }, () => read(true)));
  const theirs = whole(Array.from({ length: DRAWS }, () => read(false)));
  const sure = both.length >= DRAWS / 2 && theirs.length >= DRAWS / 2;
  return levels.map((published, at): ReadLevel => {
    const reading = (of: (one: Reading) => number): Read => {
      if (!sure) return { value: NaN, se: NaN, theirs: NaN, drawn: [] };
      const values = both.map((one) => of(one[at]!));
      const { mean } = meanAndSe(values);
      return {
        value: mean,
        se: spread(values),
        theirs: spread(theirs.map((one) => of(one[at]!))),
        drawn: values.map((value) => value - mean),
      };
    };
    return {
      published,
      places: middles.map((row, group) => {
        const { value, se } = reading((one) => one.columns[group]!);
        return { row, column: value, se };
      }),
      slope: reading(({ slope }) => slope),
      first: reading(({ columns: found }) => log(found[0]!)),
      last: reading(({ columns: found }) => log(found.at(-1)!)),
    };
  });
}

interface Reading {
  readonly columns: readonly number[];
  readonly slope: number;
}

/** What a map shows: one reading a level. */
const readOff = (
  map: readonly (readonly number[])[],
  x: readonly number[],
  middles: readonly number[],
  levels: readonly PublishedLevel[],
): Reading[] =>
  levels.map(({ level }) => {
    const columns = map.map((y) => firstCrossing(x, y, level));
    return {
      columns,
      slope: columns.every((one) => one > 0)
        ? fitLine(
            middles.map(log),
            columns.map(log),
            columns.map(() => 1),
          ).slope
        : NaN,
    };
  });

/** Columns of ours as near as so many published steps enter the curve at a published column. */
const NEAR = 2.5;

/**
 * A falling curve of errors at other columns: a weighted line through the points near by (the two neighbours at least)
 * on the scale on which the error of a linear rule is straight, log(-Phi^-1(clean error)) against log of the column;
 * weights as equal noise in the errors has there. Where that has no place, straight between the neighbours.
 *
 * @param floor flip probability p: the error is p + (1 - 2p) times the clean one
 */
function carried(x: readonly number[], y: readonly number[], to: readonly number[], floor: number): number[] {
  const points = x.map((at, i) => {
    const clean = (y[i]! - floor) / (1 - 2 * floor);
    if (!(clean > 0 && clean < 0.5 && at > 0)) return null;
    const z = -normalQuantile(clean);
    const density = z * exp(-0.5 * z * z);
    return { at: log(at), bend: log(z), weight: density * density };
  });
  const reach = NEAR * (to[1]! - to[0]!);
  let right = 1;
  return to.map((at) => {
    while (right < x.length - 1 && x[right]! < at) right++;
    let [from, end] = [right - 1, right];
    while (from > 0 && at - x[from - 1]! <= reach) from--;
    while (end < x.length - 1 && x[end + 1]! - at <= reach) end++;
    const line = at > 0 ? lineAt(points.slice(from, end + 1), log(at)) : NaN;
    if (!Number.isNaN(line)) return floor + (1 - 2 * floor) * normalTail(exp(line));
    const share = Math.min(1, Math.max(0, (at - x[right - 1]!) / (x[right]! - x[right - 1]!)));
    return y[right - 1]! + share * (y[right]! - y[right - 1]!);
  });
}

/** Weighted least squares at one place; NaN of fewer than two points that are there. */
function lineAt(
  points: readonly ({ readonly at: number; readonly bend: number; readonly weight: number } | null)[],
  place: number,
): number {
  let [total, sumX, sumY] = [0, 0, 0];
  for (const point of points) {
    if (!point) return NaN;
    total += point.weight;
    sumX += point.weight * point.at;
    sumY += point.weight * point.bend;
  }
  const [centre, height] = [sumX / total, sumY / total];
  let [square, product] = [0, 0];
  for (const point of points) {
    square += point!.weight * (point!.at - centre) ** 2;
    product += point!.weight * (point!.at - centre) * (point!.bend - height);
  }
  return square > 0 ? height + (product / square) * (place - centre) : NaN;
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

const PARTS = ['slope', 'first', 'last'] as const;

/**
 * Slopes, first and last places: for each the mean over levels of ours less the published ones (of the logarithms of
 * places), weighted by the variances of one reading. Levels vary together as drawn maps do.
 */
export function publishedLevels(frame: Frame, check: LevelCheck, alpha: number): Comparison[] {
  const read = readLevels(frame, check);
  const [row, column] = [check.grid.rowPath, check.grid.columnPath].map((path) => PARAMETERS.get(path)!.entry.glyph);
  const runs = frame.count;
  return PARTS.map((part): Comparison => {
    const id = `${check.id}/${part}`;
    const { within, because, basis = check.basis } = part === 'slope' ? check.slope : check.place;
    const named = { ...check, ...(basis && { basis }) };
    const ratio = part !== 'slope';
    const bounds = ratio ? { low: exp(-within), high: exp(within) } : { low: -within, high: within };
    if (!read) return unjudged(named, { note: 'another grid, or a group without a run' }, bounds, id);
    if (read.some((one) => !(one[part].se > 0)))
      return unjudged(named, { note: 'a level is not surely crossed in every group' }, bounds, id);
    const parts = read.map(({ published, [part]: one }): Part => ({
      name: `error ${published.level}`,
      value: one.value - (ratio ? log(published[part]) : published[part]),
      se: one.se,
      fixed: Math.min(one.theirs, one.se) ** 2,
      runs,
      ...(ratio ? { inLog: true } : { against: published[part] }),
    }));
    const total = parts.reduce((sum, { se }) => sum + 1 / (se * se), 0);
    const weights = parts.map(({ se }) => 1 / (se * se * total));
    const mixed = read[0]![part].drawn.map((_, k) =>
      read.reduce((sum, one, i) => sum + weights[i]! * one[part].drawn[k]!, 0),
    );
    const se = spread(mixed);
    // the levels' shares of their noise, as large together as of one level on the average
    const theirs = parts.reduce((sum, { fixed = 0, se: own }, i) => sum + weights[i]! * (fixed / (own * own)), 0);
    const what =
      part === 'slope'
        ? `slope of log ${column}* against log ${row}, ours - published`
        : `${column}* at the ${part} group of ${row}, ours / published`;
    return meanDifference(
      named,
      {
        value: parts.reduce((sum, { value }, i) => sum + weights[i]! * value, 0),
        se,
        fixed: theirs * se * se,
        runs,
        published: ratio ? 1 : 0,
        ...(ratio && { inLog: true }),
        note: `${what}, weighted mean over ${read.length} levels; ${because}`,
      },
      parts,
      bounds,
      alpha,
      id,
    );
  });
}
