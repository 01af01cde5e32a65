/** A table as it is written: named columns, rows of fields. */
import type { Field, Frame } from './frame.ts';

/** A table as `benign table` writes it. */
export interface Table {
  /** names, in order */
  readonly columns: readonly string[];
  /** one field a column */
  readonly rows: readonly (readonly Field[])[];
}

/** One row a cell. */
export function tableOf({ cells, columns }: Pick<Frame, 'cells' | 'columns'>): Table {
  const all = Object.values(columns);
  return { columns: Object.keys(columns), rows: cells.map((_, cell) => all.map((column) => column[cell]!)) };
}
