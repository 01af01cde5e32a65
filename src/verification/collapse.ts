/**
 * Whether curves of a falling error collapse when they are drawn against a control parameter: where each line crosses a
 * level, and how far these places lie apart.
 */
import chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import { fallingCrossing } from '../core/contours.ts';
import { log } from '../core/special.ts';
import { coordinates } from '../experiments/spec.ts';
import { settingOf, type Results } from '../experiments/table.ts';
import { SYMBOLS, type SymbolEntry, type SymbolId } from '../notation.ts';
import { logProduct, type Powers } from '../theory/transition-laws.ts';
import type { Claim, Where } from './check.ts';
import { cellsAt, estimate, NONE, type Verdict } from './estimates.ts';

/** Where one line crosses the level. */
export interface LevelPlaceOf {
  /** lines of one group differ in `over` only */
  readonly group: string;
  /** log of the parameter `over` */
  readonly over: number;
  /** log of the parameter along the line, and of the control parameter, at the crossing */
  readonly along: number;
  readonly control: number;
  /** standard errors of both */
  readonly alongSe: number;
  readonly controlSe: number;
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

/**
 * One place for each combination of the axes beside `along`; null when a line lacks a run or does not cross. @throws
 * RangeError when there is no such axis
 */
export function levelPlaces(
  results: Results,
  { of, along, against, level, over, where }: LevelOf,
): LevelPlaceOf[] | null {
  const { axes } = results.spec;
  const [alongAt, overAt] = [along, over].map((name) => axes.findIndex((axis) => axis.name === name)) as [
    number,
    number,
  ];
  if (alongAt < 0 || overAt < 0) throw new RangeError(`the sweep has no axis ${alongAt < 0 ? along : over}`);
  const lines = new Map<
    string,
    { group: string; over: number; points: { along: number; control: number; mean: number; se: number }[] }
  >();
  for (const at of cellsAt(results, where)) {
    const y = estimate(results, [at], of);
    if (!y) return null;
    const written = coordinates(results.spec, at);
    const setting = settingOf(results.cells[at]!);
    const key = JSON.stringify(written.filter((_, axis) => axis !== alongAt));
    if (!lines.has(key))
      lines.set(key, {
        group: JSON.stringify(written.filter((_, axis) => axis !== alongAt && axis !== overAt)),
        over: log(setting[axes[overAt]!.id]!),
        points: [],
      });
    lines.get(key)!.points.push({
      along: log(setting[axes[alongAt]!.id]!),
      control: logProduct(against, setting),
      mean: y.mean,
      se: y.se,
    });
  }
  const places = [...lines.values()].map(({ group, over: value, points }): LevelPlaceOf | null => {
    const sorted = [...points].sort((a, b) => a.control - b.control);
    const crossing = (x: 'along' | 'control') =>
      fallingCrossing(
        sorted.map((point) => point[x]),
        sorted.map(({ mean }) => mean),
        sorted.map(({ se }) => se),
        level,
        2,
      );
    const [at, control] = sorted.length < 3 ? [null, null] : [crossing('along'), crossing('control')];
    return (
      at && control && { group, over: value, along: at.x, alongSe: at.se, control: control.x, controlSe: control.se }
    );
  });
  return places.length > 0 && places.every((place) => place !== null) ? places : null;
}

/** One run a cell has no spread to be known from. */
const UNSURE: Verdict = { ...NONE, note: 'standard errors need two runs a cell' };
const MISSED: Verdict = { ...NONE, note: 'a line has no run or does not cross the level' };

interface Spread {
  /** standard deviation within groups */
  readonly sd: number;
  readonly deviations: readonly number[];
  readonly freedom: number;
}

function spreadOf(places: readonly LevelPlaceOf[], values: readonly number[]): Spread {
  const groups = new Set(places.map(({ group }) => group));
  const centre = new Map(
    [...groups].map((group) => {
      const members = values.filter((_, i) => places[i]!.group === group);
      return [group, members.reduce((sum, value) => sum + value, 0) / members.length];
    }),
  );
  const deviations = values.map((value, i) => value - centre.get(places[i]!.group)!);
  const freedom = values.length - groups.size;
  return { deviations, freedom, sd: Math.sqrt(deviations.reduce((sum, one) => sum + one * one, 0) / freedom) };
}

/**
 * Spread of the lines of a group against the control parameter, over their spread along the parameter itself, both in
 * units of log along: 0 is a collapse, 1 is none. Noise only adds to it. Standard error by the delta method, from those
 * of the crossings.
 */
export function collapse(results: Results, one: Claim & { kind: 'collapse' }, coarse: boolean): Verdict {
  const places = levelPlaces(results, one);
  if (!places) return MISSED;
  if (places.some(({ alongSe }) => !(alongSe > 0))) return UNSURE;
  const power = places[0]!.controlSe / places[0]!.alongSe; // of `along` in the control parameter
  const before = spreadOf(
    places,
    places.map(({ along }) => along),
  );
  const after = spreadOf(
    places,
    places.map(({ control }) => control / power),
  );
  if (before.freedom < 1 || !(before.sd > 0)) return { ...NONE, note: 'no two lines that differ' };
  const ratio = after.sd / before.sd;
  // A crossing moves both spreads.
  const gain = places.map(
    (_, i) =>
      ((after.sd > 0 ? after.deviations[i]! / after.sd : 0) - (ratio * before.deviations[i]!) / before.sd) /
      (before.sd * before.freedom),
  );
  const se = Math.sqrt(places.reduce((sum, { alongSe }, i) => sum + (gain[i]! * alongSe) ** 2, 0));
  const chiSquare = places.reduce((sum, { alongSe }, i) => sum + (after.deviations[i]! / alongSe) ** 2, 0);
  const { id } = results.spec.axes.find(({ name }) => name === one.along)!;
  const { glyph } = SYMBOLS[id] as SymbolEntry;
  const p = 1 - chiSquareCdf(chiSquare, after.freedom);
  return {
    ...inside({ value: ratio, se }, one.atLeast ?? -Infinity, one.atMost ?? Infinity, coarse),
    note: `${places.length} lines; standard deviation of log ${glyph}* ${before.sd.toPrecision(3)}, left over the control parameter ${after.sd.toPrecision(2)}; noise alone: p ${p < 1e-9 ? '< 1e-9' : `= ${p.toPrecision(2)}`}`,
  };
}

/**
 * Slope of log control parameter at the crossing against log of `over`, one line for each group, all parallel; scatter
 * beyond the standard errors widens its own.
 */
export function levelSlope(results: Results, one: Claim & { kind: 'level-slope' }, coarse: boolean): Verdict {
  const places = levelPlaces(results, one);
  if (!places) return MISSED;
  if (places.some(({ alongSe }) => !(alongSe > 0))) return UNSURE;
  const weights = places.map(({ controlSe }) => 1 / (controlSe * controlSe));
  const centred = (values: readonly number[]): number[] =>
    values.map((value, i) => {
      const members = places.flatMap(({ group }, k) => (group === places[i]!.group ? [k] : []));
      return (
        value -
        members.reduce((sum, k) => sum + weights[k]! * values[k]!, 0) / members.reduce((sum, k) => sum + weights[k]!, 0)
      );
    });
  const x = centred(places.map(({ over }) => over));
  const y = centred(places.map(({ control }) => control));
  const square = x.reduce((sum, value, i) => sum + weights[i]! * value * value, 0);
  const freedom = places.length - new Set(places.map(({ group }) => group)).size - 1;
  if (!(square > 0) || freedom < 1) return { ...NONE, note: 'fewer than three lines that differ' };
  const slope = x.reduce((sum, value, i) => sum + weights[i]! * value * y[i]!, 0) / square;
  const chiSquare = x.reduce((sum, value, i) => sum + weights[i]! * (y[i]! - slope * value) ** 2, 0);
  const se = Math.sqrt(Math.max(1, chiSquare / freedom) / square);
  const [low, high] = one.between;
  return {
    ...inside({ value: slope, se }, low, high, coarse),
    note: `${places.length} lines, 95 % interval [${(slope - 1.96 * se).toPrecision(3)}, ${(slope + 1.96 * se).toPrecision(3)}], allowed ${low} to ${high}`,
  };
}

/** Within bounds with 2 SE to spare; a coarse run, which cannot tell as much, to within 2 SE. */
function inside(
  { value: ours, se }: { readonly value: number; readonly se: number },
  low: number,
  high: number,
  coarse: boolean,
): Verdict {
  const spare = coarse ? -2 * se : 2 * se;
  return {
    ours,
    se,
    published: null,
    tolerance: high === Infinity ? low : high,
    ok: ours + spare <= high && ours - spare >= low,
  };
}
