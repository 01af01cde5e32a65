/** One rule for every bar and band: the 95 % interval of a mean, Student's t over its runs. */
import { ALPHA, reach } from '../core/verdict.ts';
import type { Table } from '../experiments/table.ts';
import type { SymbolId } from '../notation.ts';
import type { Row } from './panels.ts';
import { isError } from './quantity.ts';

/** How bars are called. */
export const LEVEL = '95 %';

/** Standard errors by degrees of freedom: the quantile takes its time. */
const reached = new Map<number, number>();

/** Half of the interval around an estimate. @param freedom behind `se`; known well when absent */
export function halfOf(se: number, freedom = Infinity): number {
  if (se === 0) return 0;
  let times = reached.get(freedom);
  if (times === undefined) reached.set(freedom, (times = reach(ALPHA, freedom)));
  return times * se;
}

/** The interval of a row's mean; the mean alone where the row has no standard error. Of a share or an error within [0, 1]. */
export function meanInterval(row: Row, value: SymbolId, mean: number): readonly [number, number] {
  const se = row[`${value}Se`];
  if (typeof se !== 'number') return [mean, mean];
  const runs = Number(row['runs'] ?? 0) - Number(row['diverged'] ?? 0);
  const half = halfOf(se, Math.max(1, runs - 1));
  return isError(value) ? [Math.max(0, mean - half), Math.min(1, mean + half)] : [mean - half, mean + half];
}

/** The same of every row of a table; null where there is no mean. */
export function meanIntervals({ columns, rows }: Table, value: SymbolId): (readonly [number, number] | null)[] {
  const at = columns.indexOf(value);
  return rows.map((fields) => {
    const mean = fields[at];
    const row = Object.fromEntries(columns.map((column, i) => [column, fields[i]!]));
    return typeof mean === 'number' ? meanInterval(row, value, mean) : null;
  });
}
