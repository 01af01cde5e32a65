/** A table as it is written: named columns, rows of fields. */
import type { Field, Frame } from './frame.ts';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Field[])[];
}

/** One row a cell. */
export function tableOf({ cells, columns }: Pick<Frame, 'cells' | 'columns'>): Table {
  const all = Object.values(columns);
  return { columns: Object.keys(columns), rows: cells.map((_, cell) => all.map((column) => column[cell]!)) };
}
