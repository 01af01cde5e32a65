/** What `plan` answers: how many runs a difference takes to be told, from a few runs of a pilot. */
import { chiTailQuantile } from '../core/student.ts';
import { meanAndSe } from '../core/statistics.ts';
import { byteWords, timeWords } from '../core/time-text.ts';
import { ALPHA, POWER } from '../core/verdict.ts';
import type { Value } from '../experiments/cell.ts';
import { coordinates, type Spec } from '../experiments/spec.ts';
import { SYMBOLS, type SymbolEntry, type SymbolId } from '../notation.ts';
import { runsToTell } from '../verification/compare.ts';

/** Cells of a pilot: enough to see where runs spread most. */
const MOST_CELLS = 16;
/** Chance that the true spread is above the end that is given for it. */
const UNSURE = 0.1;

/** What a pilot found in one cell. */
export interface PlannedCell {
  /** place in the grid */
  readonly cell: number;
  /** by path of the axis */
  readonly at: Readonly<Record<string, Value>>;
  /** runs with a value */
  readonly runs: number;
  /** standard deviation of a run, and its upper 90 % end; null of fewer than two runs */
  readonly sd: { readonly seen: number; readonly most: number } | null;
  /** runs on each side: at the sd seen, and at its end */
  readonly needs: { readonly seen: number; readonly most: number } | null;
}

export interface Plan {
  readonly of: SymbolId;
  readonly difference: number;
  /** of the grid */
  readonly cells: number;
  readonly pilot: readonly PlannedCell[];
  /** runs a cell on each side, of the cell that needs most */
  readonly runs: { readonly seen: number; readonly most: number } | null;
  /** of one side, with the runs at the sd seen */
  readonly seconds: number | null;
  readonly bytes: number | null;
}

/** What the pilot's runs took. */
export interface Took {
  /** of one run on one worker */
  readonly seconds: number;
  readonly bytes: number;
  readonly workers: number;
}

/** Cells of the grid that a pilot runs: all, or some that lie evenly in its order, its ends among them. */
export function pilotCells(spec: Spec): number[] {
  const total = spec.axes.reduce((product, { values }) => product * values.length, 1);
  const count = Math.min(total, MOST_CELLS);
  return Array.from({ length: count }, (_, at) => (count === 1 ? 0 : Math.round((at * (total - 1)) / (count - 1))));
}

/** @param values of the pilot's runs, by cell of `pilotCells` */
export function planned(
  spec: Spec,
  of: SymbolId,
  difference: number,
  values: readonly (readonly number[])[],
  took: Took,
): Plan {
  const cells = spec.axes.reduce((product, axis) => product * axis.values.length, 1);
  const needs = (sd: number): number => runsToTell(sd, difference, ALPHA / cells);
  const pilot = pilotCells(spec).map((cell, at): PlannedCell => {
    const place = coordinates(spec, cell);
    const own = values[at]!;
    const sd = own.length < 2 ? null : spreadOf(own);
    return {
      cell,
      at: Object.fromEntries(spec.axes.map(({ path }, axis) => [path, place[axis]!])),
      runs: own.length,
      sd,
      needs: sd && { seen: needs(sd.seen), most: needs(sd.most) },
    };
  });
  const known = pilot.flatMap((one) => (one.needs ? [one.needs] : []));
  const runs = known.length < pilot.length ? null : known.reduce((a, b) => (b.seen > a.seen ? b : a));
  return {
    of,
    difference,
    cells,
    pilot,
    runs,
    seconds: runs && (runs.seen * cells * took.seconds) / took.workers,
    bytes: runs && runs.seen * cells * took.bytes,
  };
}

function spreadOf(values: readonly number[]): { readonly seen: number; readonly most: number } {
  const freedom = values.length - 1;
  const seen = meanAndSe(values).se * Math.sqrt(values.length);
  return { seen, most: (seen * Math.sqrt(freedom)) / chiTailQuantile(freedom, 1 - UNSURE) };
}

const count = (x: number): string => x.toLocaleString('en');
export function planLines({ of, difference, cells, pilot, runs, seconds, bytes }: Plan, workers: number): string[] {
  const glyph = (SYMBOLS as Record<string, SymbolEntry>)[of]?.glyph ?? of;
  const head = `to tell a difference of ${difference} in ${glyph} between two settings${cells > 1 ? `, in each of ${count(cells)} cells (95 % together)` : ''}, with probability ${POWER}`;
  if (!runs || seconds === null || bytes === null) {
    const silent = pilot.filter(({ sd }) => sd === null).length;
    return [head, `undecided: ${silent} of ${pilot.length} cells of the pilot have fewer than two runs with ${of}`];
  }
  const widest = pilot.find((one) => one.needs?.seen === runs.seen)!;
  const where = Object.entries(widest.at).map(([path, value]) => `${path.split('.').at(-1)} = ${String(value)}`);
  const least = Math.min(...pilot.map(({ sd }) => sd!.seen));
  return [
    head,
    `pilot: ${Math.min(...pilot.map((one) => one.runs))} runs in ${pilot.length === cells ? 'each cell' : `${pilot.length} of the cells`}; the standard deviation of a run is ${pilot.length > 1 ? `${least.toPrecision(2)} to ` : ''}${widest.sd!.seen.toPrecision(2)}${where.length > 0 ? `, largest at ${where.join(', ')}` : ''}`,
    `runs a cell and setting: ${count(runs.seen)}, and up to ${count(runs.most)} where that deviation is at the end of its 90 % interval (${widest.sd!.most.toPrecision(2)})`,
    `one setting: ${count(runs.seen * cells)} runs, about ${timeWords(seconds)} on ${workers} worker${workers === 1 ? '' : 's'}, ${byteWords(bytes)} on disk; two settings twice that`,
    'settings that share their draws (coupling: common, the same seed) may need fewer: benign compare says what it noticed',
  ];
}
