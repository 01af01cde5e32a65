/** A results folder, or what of it was dropped, as a frame. */
import { messages, UserError } from '../../errors.ts';
import type { Frame } from '../../experiments/frame.ts';
import { readLine } from '../../experiments/record-read.ts';
import { SCIENCE, type RunRecord } from '../../experiments/record.ts';
import { Results } from '../../experiments/results.ts';
import { sciencesOf } from '../../experiments/science.ts';
import { parseSpec } from '../../experiments/spec-text.ts';
import { runsMissing } from '../../reproduction/caption.ts';
import { storedOf, type EachLine } from '../../sweeps/store.ts';
import { nameOf, type Dropped, type ResultFiles } from './drop.ts';
import { checkSize, frameOfCells, frameOfRuns, hasRuns, readParquet } from './parquet.ts';

/** What was dropped of one folder. */
export interface ReadResults {
  readonly name: string;
  readonly frame: Frame;
  /** its runs are there, and not only the means over them */
  readonly runs: boolean;
  /** the first run that keeps a series */
  readonly first?: RunRecord;
  /** what its runs came to, as `benign run` said it */
  readonly says?: string;
  /** what is to be said of it, in sentences */
  readonly notes: readonly string[];
}

/** Commands that leave no grid of cells. */
const WITHOUT_GRID = ['boundary', 'variance'];

/** @throws UserError for what is no result, or has no run */
export async function readResults(group: ResultFiles): Promise<ReadResults> {
  const { name, spec, call, report, records, tables } = group;
  const command = (call && read<{ readonly command?: string }>(call))?.command;
  if (command !== undefined && WITHOUT_GRID.includes(command)) throw new UserError(messages.noGrid(name, command));
  if (records.length > 0 && spec) {
    const verdict = (report && read<{ readonly verdict?: { readonly sentence?: string } }>(report))?.verdict;
    return { ...ofRecords(name, spec, records), ...(verdict?.sentence && { says: verdict.sentence }) };
  }
  if (tables.length === 0)
    throw new UserError(spec ? messages.specWithoutRecords(spec.path) : messages.recordsWithoutSpec(records[0]!.path));
  const all = await Promise.all(tables.map(({ path, file }) => readParquet(file, nameOf(path))));
  const table = all.find(hasRuns) ?? all[0]!;
  const runs = hasRuns(table);
  const frame = runs ? frameOfRuns(table) : frameOfCells(table);
  return { name, frame, runs, notes: [...notesOf(name, frame), ...(runs ? [] : [messages.tableOfCells(table.name)])] };
}

/** undefined for what is no JSON: a folder is drawn without it. */
function read<T>({ file }: Dropped): T | undefined {
  try {
    return (JSON.parse(textOf(file)) as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function ofRecords(name: string, specFile: Dropped, records: readonly Dropped[]): ReadResults {
  const spec = parseSpec(textOf(specFile.file), nameOf(specFile.path));
  checkSize(spec, name);
  const results = new Results(spec);
  let first: RunRecord | undefined;
  const {
    passed,
    science = SCIENCE,
    today = science,
  } = storedOf(linesOf(records), (record) => {
    const reason = results.take(record);
    if (!reason && record.series && (!first || record.replicate < first.replicate)) first = record;
    return reason;
  });
  if (results.count === 0) throw new UserError(messages.noRecords(name));
  const frame = results.frame();
  return {
    name,
    frame,
    runs: true,
    ...(first && { first }),
    notes: [
      ...notesOf(name, frame),
      ...(passed.count > 0 ? [messages.passedOver(name, passed.lines, passed.count, passed.words)] : []),
      ...(science !== today ? [messages.scienceOlder(name, science, today)] : []),
    ],
  };
}

const linesOf =
  (records: readonly Dropped[]): EachLine =>
  (see) => {
    for (const { path, file } of records) {
      const lines = textOf(file).split('\n');
      const torn = lines.pop();
      lines.forEach((line, at) => see(readLine(line), `${nameOf(path)}:${at + 1}`));
      if (torn) see({ reason: 'torn' }, `${nameOf(path)}:${lines.length + 1}`);
    }
  };

function notesOf(name: string, frame: Frame): string[] {
  const missing = runsMissing(frame);
  return missing === undefined ? [] : [messages.runsMissing(name, missing)];
}

/** As `benign figure` says it below a title; undefined where the records are of today's version. */
export const scienceRemark = ({ science, spec }: Frame): string | undefined =>
  sciencesOf(spec).has(science) ? undefined : `science version ${science}`;
