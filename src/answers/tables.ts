/** Tables as CSV, JSON Lines and Parquet. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Field } from '../experiments/frame.ts';
import type { Rows } from '../experiments/table.ts';

/** A table, and the science version of the records that it was made of. */
export interface Read {
  readonly data: Rows;
  readonly science: number;
}

/** RFC 4180, empty for null, numbers in full precision. */
export const toCsv = (table: Rows): string => [...csvPieces(table)].join('');

/** One object a line. */
export const toJsonLines = (table: Rows): string => [...jsonPieces(table)].join('');

/** `toCsv`, a piece at a time: the text of a large table is longer than a string may be. */
export const csvPieces = ({ columns, rows }: Rows): Iterable<string> => inPieces(csvLine(columns), rows, csvLine);

/** `toJsonLines`, a piece at a time. */
export const jsonPieces = ({ columns, rows }: Rows): Iterable<string> =>
  inPieces('', rows, (row) => `${JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, row[at]])))}\n`);

/** Characters of a piece, at least. */
const PIECE = 1 << 16;

function* inPieces(
  head: string,
  rows: Iterable<readonly Field[]>,
  line: (row: readonly Field[]) => string,
): Generator<string> {
  let piece = head;
  for (const row of rows) {
    piece += line(row);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

const csvLine = (fields: readonly Field[]): string => `${fields.map(quote).join(',')}\n`;

function quote(field: Field): string {
  if (typeof field === 'number') return String(field);
  const text = field === null ? '' : String(field);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
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
export function toParquet({ columns, rows }: Rows, metadata: Readonly<Record<string, string>>): Uint8Array {
  const all = columns.map((): Field[] => []);
  for (const row of rows) all.forEach((data, at) => data.push(row[at] ?? null));
  const columnData = columns.map((name, at) => {
    const data = all[at]!;
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

/**
 * What a Parquet file says about itself. @param science version that made the records @param version of this program
 */
export const tableMetadata = (spec: string, science: number, version: string): Record<string, string> => ({
  'benign-lab.spec': spec,
  'benign-lab.science': String(science),
  'benign-lab.version': version,
});
