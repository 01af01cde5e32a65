/** A table of a folder held against that of its records. */
import { basename } from 'node:path';
import { toCsv } from '../answers/tables.ts';
import type { Table } from '../experiments/table.ts';
import type { Finding } from '../sweeps/node/inspect.ts';
import { readText } from './files.ts';

export interface TableState {
  readonly says: string;
  readonly finding?: Finding;
}

/** @param complete whether the records are all there: before that a table of fewer is no finding */
export function heldAgainst(file: string, table: Table, complete: boolean): TableState {
  const name = basename(file);
  const [there, made] = [readText(file).trimEnd().split('\n'), toCsv(table).trimEnd().split('\n')];
  const at = made.findIndex((line, row) => line.trim() !== there[row]?.trim());
  if (at < 0 && there.length === made.length) return { says: `${name} is the table of these records` };
  const where = `${file}:${(at < 0 ? made.length : at) + 1}`;
  if (at === 0) return { says: `${name} has other columns than this program writes` };
  if (!complete)
    return { says: `${name} is of fewer or other runs (${where}): the same command writes it when all are there` };
  return {
    says: `${name} is not the table of these records`,
    finding: { where, reason: 'table', says: 'it is not the table of these records' },
  };
}
