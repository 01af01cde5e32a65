/** Tables as CSV, JSON Lines and Parquet. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Field } from '../experiments/frame.ts';
import type { Table } from '../experiments/table.ts';

/** A table, and the science version of the records that it was made of. */
export interface Read {
  readonly data: Table;
  readonly science: number;
}

/** RFC 4180, empty for null, numbers in full precision. */
export function toCsv(table: Table): string {
  const line = (fields: readonly Field[]): string => fields.map(quote).join(',');
  return `${[line(table.columns), ...table.rows.map(line)].join('\n')}\n`;
}

function quote(field: Field): string {
  const text = field === null ? '' : String(field);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One object a line. */
export function toJsonLines(table: Table): string {
  return table.rows
    .map((row) => `${JSON.stringify(Object.fromEntries(table.columns.map((name, at) => [name, row[at]])))}\n`)
    .join('');
}

/** Columns whose numbers are counts. */
const INTEGERS = new Set([
  'runs',
  'n',
  'm',
  'flips',
  'flipped',
  'replicate',
  'diverged',
  'stalled',
  'cannotInterpolate',
  'seed',
]);

/** @param metadata the file's key-value metadata, such as the spec and the versions */
export function toParquet(table: Table, metadata: Readonly<Record<string, string>>): Uint8Array {
  const columnData = table.columns.map((name, at) => {
    const data = table.rows.map((row) => row[at] ?? null);
    const kind = typeof data.find((value) => value !== null);
    if (kind === 'string') return { name, data, type: 'STRING' as const };
    if (kind === 'boolean') return { name, data, type: 'BOOLEAN' as const };
    if (INTEGERS.has(name))
      return {
        name,
        data: data.map((value) => (value === null ? null : BigInt(value as number))),
        type: 'INT64' as const,
      };
    return { name, data, type: 'DOUBLE' as const };
  });
  return new Uint8Array(
    parquetWriteBuffer({ columnData, kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })) }),
  );
}

/** What a Parquet file says about itself. @param science version that made the records @param version of this program */
export const tableMetadata = (spec: string, science: number, version: string): Record<string, string> => ({
  'benign-lab.spec': spec,
  'benign-lab.science': String(science),
  'benign-lab.version': version,
});
