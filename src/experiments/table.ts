/** A table as it is written: named columns, rows of fields. */
import type { Field, Frame } from './frame.ts';

/** A table as `benign table` writes it. */
export interface Table {
  /** names, in order */
  readonly columns: readonly string[];
  /** one field a column */
  readonly rows: readonly (readonly Field[])[];
}

/** A table whose rows need not be there all at once. */
export interface Rows {
  /** names, in order */
  readonly columns: readonly string[];
  /** one field a column; they may be gone through more than once */
  readonly rows: Iterable<readonly Field[]>;
}

/** One row a cell. */
export function tableOf(frame: Pick<Frame, 'columns'>): Table {
  const { columns, rows } = rowsOf(frame);
  return { columns, rows: [...rows] };
}

/** The same, a row at a time. */
export function rowsOf({ columns }: Pick<Frame, 'columns'>): Rows {
  const all = Object.values(columns);
  const rows = function* (): Generator<Field[]> {
    for (let cell = 0; cell < all[0]!.length; cell++) yield all.map((column) => column[cell]!);
  };
  return { columns: Object.keys(columns), rows: { [Symbol.iterator]: rows } };
}
