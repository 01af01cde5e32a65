/** The columns of a table with one row a run. */
import type { SymbolId } from '../notation.ts';
import { USUAL } from './cell-columns.ts';
import type { Cell } from './cell.ts';
import { axisColumns, boundColumns, column, derivedColumns, type Columns, type Place } from './columns.ts';
import type { Field } from './frame.ts';
import type { RunRecord } from './record.ts';
import { cells, type Spec } from './spec.ts';

interface RunOf extends Place {
  readonly record: RunRecord;
}

export interface RunRows {
  readonly columns: readonly string[];
  /** @param at index of the record's cell */
  readonly row: (at: number, record: RunRecord) => Field[];
}

/** @param all cells of the spec */
export function runRows(spec: Spec, all: readonly Cell[] = [...cells(spec)]): RunRows {
  const list = columnsOf(spec, all);
  return {
    columns: list.flatMap(({ names }) => names),
    row: (at, record) => list.flatMap(({ of }) => of({ cell: all[at]!, at, record })),
  };
}

/** Each with its names, in the order of the table. */
function columnsOf(spec: Spec, all: readonly Cell[]): Columns<RunOf>[] {
  const value = (id: SymbolId): Columns<RunOf> => column(id, ({ record }) => record.values[id] ?? null);
  const errors: readonly SymbolId[] = ['testError', 'testErrorSe', 'testErrorClean', 'testErrorCleanSe'];
  const usual = [
    ...errors.map(value),
    ...boundColumns<RunOf>(all, ({ record: { values } }) =>
      values.testErrorClean === undefined ? [] : [values.testErrorClean],
    ),
    ...(['trainLoss', 'trainError', ...USUAL, 'flipped'] as const).map(value),
  ];
  const named = new Set<string>(usual.flatMap(({ names }) => names));
  return [
    ...axisColumns(spec),
    ...(['run', 'seed', 'replicate', 'engine', 'outcome', 'steps'] as const).map((key) =>
      column<RunOf>(key, ({ record }) => record[key]),
    ),
    ...usual,
    ...[...new Set(spec.record.values)].filter((id) => !named.has(id)).map(value),
    ...derivedColumns(all),
  ];
}
