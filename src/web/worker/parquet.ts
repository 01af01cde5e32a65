/** The tables that benign writes as Parquet, read again: the frame of a table of runs is that of its folder. */
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { messages, UserError } from '../../errors.ts';
import { runId } from '../../experiments/cell.ts';
import type { Field, Frame } from '../../experiments/frame.ts';
import { OUTCOMES } from '../../experiments/record.ts';
import { Results } from '../../experiments/results.ts';
import { parseSpec } from '../../experiments/spec-text.ts';
import { cells, type Spec } from '../../experiments/spec.ts';

/** More cells than these are no picture of a page. */
const MOST_CELLS = 200_000;

export interface Table {
  readonly name: string;
  readonly spec: Spec;
  /** version of the records */
  readonly science: number;
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Field>>[];
}

/** @throws UserError for what is no table of ours */
export async function readParquet(bytes: Uint8Array, name: string): Promise<Table> {
  const file = bytes.slice().buffer;
  let metadata: ReturnType<typeof parquetMetadata>;
  let rows: Record<string, unknown>[];
  try {
    metadata = parquetMetadata(file);
    rows = await parquetReadObjects({ file, metadata });
  } catch (error) {
    throw new UserError(messages.notParquet(name, (error as Error).message));
  }
  const said = (key: string): string | undefined =>
    metadata.key_value_metadata?.find((one) => one.key === `benign-lab.${key}`)?.value;
  const text = said('spec');
  if (text === undefined) throw new UserError(messages.parquetNotOurs(name));
  const spec = parseSpec(text, `spec of ${name}`);
  checkSize(spec, name);
  return {
    name,
    spec,
    science: Number(said('science')),
    columns: metadata.schema.slice(1).map((column) => column.name),
    rows: rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, fieldOf(value)]))),
  };
}

/** @throws UserError for a grid that is too large */
export function checkSize(spec: Spec, name: string): void {
  const count = spec.axes.reduce((product, { values }) => product * values.length, 1);
  if (count > MOST_CELLS) throw new UserError(messages.gridBeyondPage(name, count, MOST_CELLS));
}

const fieldOf = (value: unknown): Field =>
  typeof value === 'bigint'
    ? Number(value)
    : typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
      ? value
      : null;

/** One row a run, and not a cell. */
export const hasRuns = ({ columns }: Table): boolean =>
  ['run', 'replicate', 'outcome'].every((one) => columns.includes(one));

/**
 * The frame of a table of runs: each column as `Results.frame()` of their folder has it.
 *
 * @throws UserError for rows that are no runs of the spec
 */
export function frameOfRuns({ name, spec, science, columns, rows }: Table): Frame {
  const results = new Results(spec);
  for (const id of ['run', 'seed', 'replicate', 'outcome', 'steps', ...results.kept])
    if (!columns.includes(id)) throw new UserError(messages.parquetColumn(name, id));
  const places = new Map(results.ids.map((id, at) => [id, at]));
  rows.forEach((row, i) => {
    const { run, seed, replicate, steps } = row;
    const at = places.get(String(run).slice(0, 16));
    const outcome = OUTCOMES.findIndex((one) => one === row['outcome']);
    const refuse = (why: string): never => {
      throw new UserError(messages.parquetRow(name, i, why));
    };
    if (at === undefined || seed !== spec.seed) return refuse(`run ${String(run)} is of no cell of its spec`);
    if (!(Number.isInteger(replicate) && Number(replicate) >= 0 && Number(replicate) < spec.runs))
      return refuse(`replicate ${String(replicate)} is none of its spec's ${spec.runs}`);
    if (run !== runId(results.id(at), Number(replicate)) || outcome < 0 || !(Number(steps) >= 0))
      return refuse(`run ${String(run)} has another replicate, or no outcome and steps`);
    const numbers = results.kept.map((id) => {
      const value = row[id];
      return typeof value === 'number' ? value : NaN;
    });
    results.place(at, Number(replicate), Float64Array.of(outcome, Number(steps), ...numbers), science);
  });
  return results.frame();
}

/**
 * The frame of a table of cells: its columns are those of the folder's frame, its runs are not known.
 *
 * @throws UserError for rows that are not the cells of the spec
 */
export function frameOfCells({ name, spec, science, columns, rows }: Table): Frame {
  const all = [...cells(spec)];
  if (rows.length !== all.length) throw new UserError(messages.parquetRows(name, rows.length, all.length));
  const axes = spec.axes.map((axis) => axis.name);
  for (const id of [...axes, 'runs', 'testError'])
    if (!columns.includes(id)) throw new UserError(messages.parquetColumn(name, id));
  const made = Object.fromEntries(columns.map((id) => [id, rows.map((row) => row[id] ?? null)]));
  const counts = made['runs']!.map(Number);
  const count = counts.reduce((sum, one) => sum + one, 0);
  const ended = made['ended'];
  const none = new Float64Array();
  return {
    spec,
    science,
    count,
    expected: spec.precision ? count : all.length * spec.runs,
    complete: ended ? ended.every((one) => one !== null) : counts.every((one) => one >= spec.runs),
    cells: all,
    columns: made,
    runs: {
      start: new Uint32Array(all.length + 1),
      replicate: new Uint32Array(),
      outcome: new Uint8Array(),
      steps: none,
      values: {},
    },
  };
}
