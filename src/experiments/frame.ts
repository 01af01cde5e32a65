/**
 * The frame between runs and everything that reads them: plain columns, one row a cell and one row a run. It holds data
 * alone, which structuredClone copies, so that it can cross to a worker or a page.
 */
import type { SymbolId } from '../notation.ts';
import type { Cell } from './cell.ts';
import { OUTCOMES } from './record.ts';
import type { Spec } from './spec.ts';

/** null: there is no such number, or word. */
export type Field = number | string | boolean | null;

/**
 * The results of a sweep as plain columns, one row a cell and one row a run; `structuredClone` copies it. Figures,
 * checks and tables read it.
 */
export interface Frame {
  readonly spec: Spec;
  /** science version of the records: the same for all of one step rule, here the largest */
  readonly science: number;
  /** different runs that are there */
  readonly count: number;
  /** runs that there will be: an estimate while a precision leaves cells open */
  readonly expected: number;
  /** every run of the spec is there */
  readonly complete: boolean;
  /** first axis slowest */
  readonly cells: readonly Cell[];
  /** by name, in the order of the table; one field a cell */
  readonly columns: Readonly<Record<string, readonly Field[]>>;
  readonly runs: RunColumns;
}

/** One entry a run: cells outermost, replicates ascending. */
export interface RunColumns {
  /** cells + 1: rows of cell c are start[c] .. start[c + 1] */
  readonly start: Uint32Array;
  /** which of the cell's runs */
  readonly replicate: Uint32Array;
  /** index into OUTCOMES */
  readonly outcome: Uint8Array;
  /** made, also by a run that diverged */
  readonly steps: Float64Array;
  /** final values by observable: NaN where a run has none, or diverged */
  readonly values: Readonly<Record<string, Float64Array>>;
}

/** What tells the means of a sweep, without its runs. */
export type CellFrame = Pick<Frame, 'spec' | 'columns'>;

export const DIVERGED = OUTCOMES.indexOf('diverged');

/** One field a cell. @throws RangeError for an unknown column */
export function fields({ columns }: Pick<Frame, 'columns'>, name: string): readonly Field[] {
  const found = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (!found) throw new RangeError(`the table has no column ${name}`);
  return found;
}

/** The same as numbers, null where there is none. @throws RangeError for an unknown column */
export const numbers = (frame: Pick<Frame, 'columns'>, name: string): (number | null)[] =>
  fields(frame, name).map((field) => (typeof field === 'number' ? field : null));

/**
 * One observable of every run; NaN where it has none, or diverged.
 *
 * @throws RangeError when the runs do not hold it
 */
export function overRuns({ runs }: Pick<Frame, 'runs'>, of: SymbolId): Float64Array {
  if (of === 'steps') return runs.steps.map((steps, row) => (runs.outcome[row] === DIVERGED ? NaN : steps));
  const column = runs.values[of];
  if (!column) throw new RangeError(`the results do not hold ${of}: name it under record.values`);
  return column;
}

/** What of a column of runs a cell has, replicates in order. */
export function inCell({ runs }: Pick<Frame, 'runs'>, column: Float64Array, cell: number): number[] {
  const out: number[] = [];
  for (let row = runs.start[cell]!; row < runs.start[cell + 1]!; row++)
    if (!Number.isNaN(column[row])) out.push(column[row]!);
  return out;
}

/** Names of the columns with the ends of an interval for the mean of a column. */
export const intervalColumns = (name: string): [string, string] => [`${name}Low`, `${name}High`];
