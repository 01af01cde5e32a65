/** `benign table DIR`: the results as a table on stdout, or into a file. */
import type { PrintedFormat } from '../answers/printed-table.ts';
import { csvPieces, jsonPieces, type Read } from '../answers/tables.ts';
import { messages, UserError } from '../errors.ts';
import { cellId } from '../experiments/cell.ts';
import { cells } from '../experiments/spec.ts';
import type { Field } from '../experiments/frame.ts';
import { foreignTo } from '../experiments/passed-over.ts';
import { runRows } from '../experiments/run-columns.ts';
import { rowsMissing, runsMissing } from '../reproduction/caption.ts';
import { hasRecords } from '../sweeps/node/store.ts';
import { callOf } from './call.ts';
import { say, sayPieces } from './context.ts';
import { writeTo } from './files.ts';
import { loadResults, noteMissing, openFolder, readFolder } from './folder.ts';
import { parquet } from './outputs.ts';
import { versions } from './versions.ts';

export interface TableOptions {
  /** what the command of the folder tells, when absent */
  rows?: 'cells' | 'runs';
  format: 'csv' | 'jsonl' | 'parquet' | 'latex' | 'markdown';
  out?: string;
  json?: boolean;
}

export async function table(folder: string, options: TableOptions): Promise<void> {
  if (!options.json && (options.format === 'latex' || options.format === 'markdown')) {
    const text = await printed(folder, options.rows, options.format);
    if (options.out !== undefined) writeTo(options.out, text);
    else say(text.trimEnd());
    return;
  }
  const { data, science } = await tableIn(folder, options.rows);
  const format = options.json ? 'jsonl' : options.format;
  if (format === 'parquet') {
    const bytes = parquet(data, openFolder(folder), science);
    if (options.out !== undefined) writeTo(options.out, bytes);
    else if (process.stdout.isTTY)
      throw new UserError('--format parquet: is binary; give --out FILE or send stdout to a file');
    else process.stdout.write(bytes);
    return;
  }
  const pieces = format === 'csv' ? csvPieces(data) : jsonPieces(data);
  if (options.out !== undefined) return writeTo(options.out, pieces);
  await sayPieces(pieces);
}

/** Of a grid's cells means with their intervals, of everything else the fields. @throws UserError */
async function printed(folder: string, rows: TableOptions['rows'], format: PrintedFormat): Promise<string> {
  openFolder(folder); // a folder without a spec is none
  const { printedCells, printedTable } = await import('../answers/printed-table.ts');
  const command = callOf(folder)?.command;
  const grid = rows === 'cells' || (rows === undefined && command !== 'verify');
  if (!grid || command === 'boundary' || command === 'variance') {
    const { data, science } = await tableIn(folder, rows);
    return madeBy(science, format) + printedTable({ columns: data.columns, rows: [...data.rows] }, format);
  }
  const frame = loadResults(folder).frame();
  noteMissing(folder, runsMissing(frame));
  return madeBy(frame.science, format) + printedCells(frame, format);
}

/** What LaTeX takes as a comment; Markdown has none. */
const madeBy = (science: number, format: PrintedFormat): string =>
  format === 'latex' ? `% benign-lab ${versions()['benign-lab']}, records of science ${science}\n` : '';

/** @throws UserError */
async function tableIn(folder: string, rows: TableOptions['rows']): Promise<Read> {
  openFolder(folder); // a folder without a spec is none
  const command = callOf(folder)?.command;
  if (command === 'boundary') {
    const { levelTable, searchRuns } = await import('./boundary-call.ts');
    if (rows === 'cells') throw new UserError(messages.noCells(folder));
    return rows === 'runs' ? searchRuns(folder) : levelTable(folder);
  }
  if (command === 'variance') {
    if (rows !== undefined) throw new UserError(messages.onlyComponents(folder, rows));
    const { scienceHere, varianceTable } = await import('./variance-call.ts');
    return { data: varianceTable(folder), science: scienceHere(openFolder(folder)) };
  }
  if (command === 'verify' && rows === undefined) return (await import('./verify.ts')).lemmasOf(folder);
  return rows === 'runs' ? runTable(folder) : cellTable(folder);
}

export function cellTable(folder: string): Read {
  const results = loadResults(folder);
  if (!results.complete) noteMissing(folder, runsMissing(results.frame()));
  const data = results.table();
  return { data, science: data.science };
}

/** One row a run, in the spec's order: cells, then replicates. */
export function runTable(folder: string): Read {
  const spec = openFolder(folder);
  if (!hasRecords(folder)) throw new UserError(messages.noRecords(folder));
  const all = [...cells(spec)];
  const index = new Map(all.map((cell, at) => [cellId(cell), at]));
  const made = runRows(spec, all);
  // By place in the spec's order; most of the places may be empty.
  const rows = new Map<number, readonly Field[]>();
  const science = readFolder(folder, (record) => {
    const at = index.get(record.run.slice(0, 16));
    const foreign = foreignTo(spec, record, at !== undefined);
    if (foreign) return foreign;
    const place = at! * spec.runs + record.replicate;
    const row = made.row(at!, record);
    const known = rows.get(place);
    if (known) return known.every((value, column) => value === row[column]) ? undefined : 'twice';
    rows.set(place, row);
    return undefined;
  });
  if (rows.size === 0) throw new UserError(messages.noRecords(folder));
  const places = [...rows.keys()].sort((a, b) => a - b);
  const counts = all.map(() => 0);
  for (const place of places) counts[Math.floor(place / spec.runs)]!++;
  noteMissing(folder, rowsMissing(spec, counts));
  return { data: { columns: made.columns, rows: places.map((place) => rows.get(place)!) }, science };
}
