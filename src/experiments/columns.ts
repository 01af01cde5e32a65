/** What tables of cells and tables of runs share: columns that belong together, and how their fields are computed. */
import { boundedInterval } from '../core/statistics.ts';
import { valueAt, type Cell } from './cell.ts';
import { DERIVED, ONLY_WHERE, type DerivedId } from './derived.ts';
import type { Field } from './frame.ts';
import { coordinates, type Spec } from './spec.ts';

/** Neighbouring columns whose fields are computed together. */
export interface Columns<Row> {
  readonly names: readonly string[];
  /** one field a name */
  readonly of: (row: Row) => readonly Field[];
}

/** Where a row stands. */
export interface Place {
  readonly cell: Cell;
  /** index of the cell */
  readonly at: number;
}

export const column = <Row>(name: string, of: (row: Row) => Field): Columns<Row> => ({
  names: [name],
  of: (row) => [of(row)],
});

/** The axes; behind a scaled one, which holds the factor, the parameter's own value. */
export const axisColumns = (spec: Spec): Columns<Place>[] =>
  spec.axes.map(({ id, name, path }, axis) =>
    name === id
      ? column(name, ({ cell }) => valueAt(cell, path))
      : { names: [name, id], of: ({ cell, at }) => [coordinates(spec, at)[axis]!, valueAt(cell, path)] },
  );

/** Control parameters and signal-to-noise ratio, where a cell has signal and noise; others where they say more. */
export const derivedColumns = (all: Iterable<Cell>): Columns<Place>[] =>
  (Object.keys(DERIVED) as DerivedId[]).flatMap((id) =>
    some(all, (cell) => (ONLY_WHERE.get(id)?.(cell) ?? true) && DERIVED[id](cell) !== null)
      ? [column<Place>(id, ({ cell }) => DERIVED[id](cell))]
      : [],
  );

/** Looks no further than it must: the cells of a large grid are built as they are asked for. */
function some(all: Iterable<Cell>, is: (cell: Cell) => boolean): boolean {
  for (const cell of all) if (is(cell)) return true;
  return false;
}

/**
 * Clopper and Pearson's bounds, from the number of wrong points, for the mean of the clean errors of some runs; no
 * columns where no cell counts points.
 */
export const boundColumns = <Row extends Place>(
  all: Iterable<Cell>,
  cleanErrors: (row: Row) => readonly number[],
): Columns<Row>[] =>
  some(all, ({ test }) => test.estimator === 'points')
    ? [
        {
          names: ['testErrorCleanLeast', 'testErrorCleanMost'],
          of(row) {
            const { estimator, points } = row.cell.test;
            const clean = cleanErrors(row);
            if (estimator !== 'points' || clean.length === 0) return [null, null];
            return boundedInterval(
              clean.reduce((sum, error) => sum + error * points, 0),
              clean.length * points,
            );
          },
        },
      ]
    : [];
