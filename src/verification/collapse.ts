/**
 * Whether curves of a falling error collapse when they are drawn against a control parameter: where each line crosses a
 * level, and how far these places lie apart.
 */
import chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import { errorCrossing, logCrossing } from '../core/error-crossing.ts';
import { solvePositiveDefinite } from '../core/linear-algebra.ts';
import { spreadOf, squaredLength } from '../core/norm.ts';
import { fTail } from '../core/slopes.ts';
import { log } from '../core/special.ts';
import { reach } from '../core/verdict.ts';
import { coordinates } from '../experiments/spec.ts';
import type { Frame } from '../experiments/frame.ts';
import { controlSettingOf } from '../experiments/setting.ts';
import { SYMBOLS, type Powers, type SymbolEntry, type SymbolId } from '../notation.ts';
import { logProduct } from '../theory/transition-laws.ts';
import type { Claim, Comparison, Where } from './check.ts';
import { CellMeans, cellsAt, type Derived } from './estimates.ts';
import { allWithin, boundsOf, judged, unjudged, type Part, type Unknown } from './judge.ts';

/** One line along an axis. */
interface Line {
  /** lines of one group differ in `over` only */
  readonly group: string;
  /** log of the parameter `over` */
  readonly over: number;
  /** by the control parameter: which cell mean, log of the parameter along the line and of the control parameter */
  readonly points: readonly { readonly mean: number; readonly along: number; readonly control: number }[];
}

/** The lines, and where each crosses the level: all logs along, then all logs of the control parameter. */
export interface LevelPlaces {
  readonly lines: readonly Line[];
  readonly places: Derived;
  readonly runs: number;
  /** of each line: power of the parameter along it in the control parameter; of one that is no product, the mean one */
  readonly powers: readonly number[];
}

export interface LevelOf {
  readonly of: SymbolId;
  /** axis (its column's name) that the lines run along */
  readonly along: string;
  readonly against: Powers;
  readonly level: number;
  /** axis that the lines of a group differ in */
  readonly over: string;
  readonly where?: Where;
}

/** How many points on either side of a crossing enter its line. */
const REACH = 2;

/**
 * One place for each combination of the axes beside `along`; null when a line lacks a run or does not surely cross.
 *
 * @throws RangeError when there is no such axis
 */
export function levelPlaces(frame: Frame, { of, along, against, level, over, where }: LevelOf): LevelPlaces | null {
  const { axes } = frame.spec;
  const [alongAt, overAt] = [along, over].map((name) => axes.findIndex((axis) => axis.name === name)) as [
    number,
    number,
  ];
  if (alongAt < 0 || overAt < 0) throw new RangeError(`the sweep has no axis ${alongAt < 0 ? along : over}`);
  const cells = cellsAt(frame, where);
  const lines = new Map<string, Line & { points: Line['points'][number][] }>();
  cells.forEach((at, mean) => {
    const written = coordinates(frame.spec, at);
    const setting = controlSettingOf(frame.cells[at]!);
    const key = JSON.stringify(written.filter((_, axis) => axis !== alongAt));
    if (!lines.has(key))
      lines.set(key, {
        group: JSON.stringify(written.filter((_, axis) => axis !== alongAt && axis !== overAt)),
        // As it is written: an axis in a unit has other values in each cell.
        over: log(Number(written[overAt])),
        points: [],
      });
    lines.get(key)!.points.push({
      mean,
      along: log(setting[axes[alongAt]!.id]!),
      control: logProduct(against, setting),
    });
  });
  const sorted = [...lines.values()].map(({ points, ...line }): Line => ({
    ...line,
    points: points.sort((a, b) => a.control - b.control),
  }));
  if (sorted.length === 0 || sorted.some(({ points }) => points.length < 3)) return null;
  const means = CellMeans.of(frame, cells, of);
  const crossing = isError(of) ? errorCrossing : logCrossing;
  const places = means?.derive((values) => {
    const found = (['along', 'control'] as const).flatMap((x) =>
      sorted.map(({ points }) =>
        crossing(
          points.map((point) => point[x]),
          points.map(({ mean }) => values[mean]!),
          level,
          REACH,
        ),
      ),
    );
    return found.some(Number.isNaN) ? null : found;
  });
  if (!places) return null;
  const { id } = axes[alongAt]!;
  const powers = sorted.map(({ points }) => against[id] ?? meanPower(points[0]!, points.at(-1)!));
  return { lines: sorted, places, runs: means!.runs, powers };
}

/** Whether it is a probability, which falls from 1/2 as that of a linear rule. */
const isError = (of: SymbolId): boolean => {
  const entry = SYMBOLS[of] as SymbolEntry;
  return entry.kind === 'measured' && entry.range?.max === 1;
};

/** From one end of a line to the other. */
const meanPower = (from: Line['points'][number], to: Line['points'][number]): number =>
  (to.control - from.control) / (to.along - from.along);

const MISSED: Unknown = { note: 'a line has no run, or does not surely cross the level' };

/** Combinations of the values of some lines that give their deviations from the means of their groups. */
function centring(lines: readonly Line[]): number[][] {
  return lines.map(({ group }, i) => {
    const members = lines.filter((line) => line.group === group).length;
    return lines.map((line, k) => (k === i ? 1 : 0) - (line.group === group ? 1 / members : 0));
  });
}

/**
 * Spread of the lines of a group against the control parameter, over their spread along the parameter itself, both in
 * units of log along: 0 is a collapse, 1 is none. Noise adds to either spread and is taken off: each spread is the
 * length of a vector of deviations, known with the covariance of the crossings, and has an interval at alpha / 2.
 */
export function collapse(frame: Frame, one: Claim & { kind: 'collapse' }, alpha: number): Comparison {
  const bounds = boundsOf(one);
  const found = levelPlaces(frame, one);
  if (!found) return unjudged(one, MISSED, bounds);
  const { lines, places, runs, powers } = found;
  const size = lines.length;
  const groups = new Set(lines.map(({ group }) => group)).size;
  const centred = centring(lines);
  const zero = lines.map(() => 0);
  const before = centred.map((row) => [...row, ...zero]);
  const after = centred.map((row, line) => [...zero, ...row.map((one) => one / powers[line]!)]);
  const [plain, scaled] = [before, after].map((rows) => {
    const square = rows.reduce((sum, row) => sum + places.combine(row).value ** 2, 0);
    const spread = spreadOf(places.covariance(rows), size);
    const freedom = Math.min(...rows.map((row) => places.combine(row).freedom ?? Infinity));
    return { square, spread, interval: squaredLength(square, spread, alpha / 2, freedom) };
  }) as [LengthOf, LengthOf];
  if (lines.length === groups || !(plain.square > 0))
    return unjudged(one, { note: 'no two lines that differ' }, bounds);
  if (!(plain.spread.trace > 0)) return unjudged(one, { note: 'standard errors need two runs a cell' }, bounds);
  const root = (value: number): number => Math.sqrt(Math.max(0, value));
  const value = root((scaled.square - scaled.spread.trace) / (plain.square - plain.spread.trace));
  const interval = {
    low: root(scaled.interval.low / plain.interval.high),
    high: plain.interval.low > 0 ? root(scaled.interval.high / plain.interval.low) : Infinity,
  };
  const { id } = frame.spec.axes.find(({ name }) => name === one.along)!;
  const { glyph } = SYMBOLS[id] as SymbolEntry;
  const deviation = (length: LengthOf): string =>
    root((length.square - length.spread.trace) / (size - groups)).toPrecision(2);
  return judged(
    one,
    {
      value,
      // as wide as the interval says
      se: (interval.high - interval.low) / (2 * reach(alpha)),
      interval,
      runs,
      note: `${size} lines; standard deviation of log ${glyph}* ${deviation(plain)}, left over the control parameter ${deviation(scaled)}, noise taken off`,
    },
    bounds,
    alpha,
  );
}

interface LengthOf {
  readonly square: number;
  readonly spread: ReturnType<typeof spreadOf>;
  readonly interval: ReturnType<typeof squaredLength>;
}

/**
 * Slope of log control parameter at the crossing against log of `over`, one line for each group, all parallel. Where
 * they are rejected, or too few to be tested, every step of `over`, pooled over the groups, is held against the bounds.
 */
export function levelSlope(frame: Frame, one: Claim & { kind: 'level-slope' }, whole: number): Comparison {
  // Half for the question whether there are such lines, half for what is held then.
  const alpha = whole / 2;
  const [low, high] = one.between;
  const bounds = { low, high };
  const found = levelPlaces(frame, one);
  if (!found) return unjudged(one, MISSED, bounds);
  const { lines, places, runs } = found;
  const zero = lines.map(() => 0);
  const values = lines.map((_, i) => [...zero, ...lines.map((_, k) => (k === i ? 1 : 0))]);
  const known = values.map((row) => places.combine(row));
  if (known.some(({ se }) => !(se > 0))) return unjudged(one, { note: 'standard errors need two runs a cell' }, bounds);
  const weights = known.map(({ se }) => 1 / (se * se));
  const pooled = (over: readonly number[]): number[] | null => slopeWeights(lines, over, weights);
  const all = pooled(lines.map(({ over }) => over));
  if (!all) return unjudged(one, { note: 'no two lines that differ' }, bounds);
  const part = (name: string, a: readonly number[]): Part => ({ ...places.combine([...zero, ...a]), runs, name });
  const groups = new Set(lines.map(({ group }) => group)).size;
  const misfit = chiSquareOf(found, groups);
  if (misfit && misfit.freedom >= LEAST_FREEDOM && misfit.p >= alpha)
    return judged(
      one,
      { ...part('', all), note: `${lines.length} lines, parallel through ${groups} groups: ${misfit.says}` },
      bounds,
      alpha,
    );
  const steps = [...new Set(lines.map(({ over }) => over))].sort((a, b) => a - b);
  const local = steps.slice(1).flatMap((to, i): Part[] => {
    // lines elsewhere do not enter
    const here = lines.map(({ over }) => (over === to || over === steps[i] ? over : NaN));
    const a = pooled(here);
    return a ? [part(`step ${i + 1} of ${one.over}`, a)] : [];
  });
  return allWithin(one, local, bounds, alpha, {
    note: `${misfit && misfit.freedom >= LEAST_FREEDOM ? `no power law over this range, ${misfit.says}` : `${lines.length} lines in ${groups} groups are too few to test a power law`}: each step is held against the bounds`,
  });
}

/** Relative distance of logarithms that is rounding. */
const ROUNDING = 1e-9;

/** As many as five points leave to a line. */
const LEAST_FREEDOM = 3;

/** Coefficients of the weighted least-squares slope, an intercept for each group; lines with NaN do not enter. */
function slopeWeights(lines: readonly Line[], over: readonly number[], weights: readonly number[]): number[] | null {
  const used = over.map((x, i) => (Number.isNaN(x) ? 0 : weights[i]!));
  const centred = over.map((x, i) => {
    if (Number.isNaN(x)) return 0;
    let [sum, total] = [0, 0];
    lines.forEach(({ group }, k) => {
      if (group !== lines[i]!.group || used[k] === 0) return;
      sum += used[k]! * over[k]!;
      total += used[k]!;
    });
    return x - sum / total;
  });
  const square = centred.reduce((sum, x, i) => sum + used[i]! * x * x, 0);
  // What rounding leaves of a group of one is no distance.
  const largest = over.reduce((most, x) => (Number.isNaN(x) ? most : Math.max(most, Math.abs(x))), 1);
  const total = used.reduce((sum, weight) => sum + weight, 0);
  return square > total * (ROUNDING * largest) ** 2 ? centred.map((x, i) => (used[i]! * x) / square) : null;
}

/** Misfit of the parallel lines by generalised least squares; null where the covariance has no inverse. */
function chiSquareOf(
  { lines, places }: LevelPlaces,
  groups: number,
): { readonly freedom: number; readonly p: number; readonly says: string } | null {
  const size = lines.length;
  const zero = lines.map(() => 0);
  const unit = lines.map((_, i) => [...zero, ...lines.map((_, k) => (k === i ? 1 : 0))]);
  const covariance = places.covariance(unit);
  const names = [...new Set(lines.map(({ group }) => group))];
  const columns = [
    ...names.map((name) => lines.map(({ group }) => Number(group === name))),
    lines.map(({ over }) => over),
  ];
  const freedom = size - groups - 1;
  if (freedom < 1 || places.influences.length < size) return null;
  try {
    const solve = (b: readonly number[]): Float64Array => solvePositiveDefinite(covariance, size, Float64Array.from(b));
    const dot = (a: Float64Array, b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
    const y = places.values.slice(size);
    const scaled = columns.map(solve);
    const beta = solvePositiveDefinite(
      Float64Array.from(scaled.flatMap((row) => columns.map((column) => dot(row, column)))),
      columns.length,
      Float64Array.from(scaled, (row) => dot(row, y)),
    );
    const residual = y.map((value, i) => value - columns.reduce((sum, column, c) => sum + beta[c]! * column[i]!, 0));
    const chiSquare = dot(solve(residual), residual);
    // Replicates that all lines share know the covariance with their own few degrees of freedom (Hotelling, Rao 1959).
    const { replicates } = places;
    if (replicates !== null && replicates - size < 1) return null;
    const p =
      replicates === null
        ? 1 - chiSquareCdf(chiSquare, freedom)
        : fTail(((replicates - size) * chiSquare) / (freedom * (replicates - 1)), freedom, replicates - size);
    return {
      freedom,
      p,
      says: `χ² = ${chiSquare.toPrecision(3)} on ${freedom}, p ${p < 1e-9 ? '< 1e-9' : `= ${p.toPrecision(2)}`}`,
    };
  } catch {
    return null; // lines that depend on each other
  }
}
