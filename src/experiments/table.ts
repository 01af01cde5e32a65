/** A table as it is written: named columns, rows of fields. */
import type { Field, Frame } from './frame.ts';

/** A table as `benign table` writes it. */
export interface Table {
  /** names, in order */
  readonly columns: readonly string[];
  /** one field a column */
  readonly rows: readonly (readonly Field[])[];
}

/** The same with rows that need not be there all at once. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly Field[]>;
}

/** One row a cell. */
export function tableOf({ columns }: Pick<Frame, 'columns'>): Table {
  const all = Object.values(columns);
  return { columns: Object.keys(columns), rows: all[0]!.map((_, cell) => all.map((column) => column[cell]!)) };
}
