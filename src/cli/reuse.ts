/** `--reuse DIR`: records of another folder that are the ones that would be made here. */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messages, systemReason, UserError } from '../errors.ts';
import { REASONS, type Reason } from '../experiments/passed-over.ts';
import { partsOf } from '../experiments/own.ts';
import { recordLine, type RunRecord } from '../experiments/record.ts';
import { scienceToday } from '../experiments/science.ts';
import { Results } from '../experiments/results.ts';
import type { RecordPlan, Spec } from '../experiments/spec.ts';
import { ARRAY_FILES } from '../sweeps/node/keep.ts';
import type { Note } from '../sweeps/node/marks.ts';
import { readRecords, readStored, RecordWriter } from '../sweeps/node/store.ts';
import { FINAL } from '../sweeps/work.ts';
import { callOf } from './call.ts';
import { note } from './context.ts';
import { readJson } from './files.ts';
import { openFolder } from './folder.ts';
import { LAB_FILE, labHash } from './lab.ts';

/** Bytes of lines that are written at once. */
const LUMP = 1 << 20;

/** What another folder gives. */
export interface Reused {
  readonly folder: string;
  /** records that it holds */
  readonly records: number;
  readonly taken: number;
  /** of those that are not taken: how many are not, by reason in words */
  readonly left: Readonly<Record<string, number>>;
}

/**
 * Takes what fits from other folders into this one: the same run, seed and science version, and the same numbers kept.
 * Where the spec keeps arrays, those of a run come with its record, and without them it is not taken. A run that is
 * there is not taken again.
 *
 * @param folder to be written into; undefined: it is only counted
 * @param there where the folder's own records are read, if it has any
 * @throws UserError for a folder that holds no results, and for one with other parts of one's own
 */
export function reuse(
  folder: string | undefined,
  there: string,
  spec: Spec,
  from: readonly string[],
): { readonly reused: Reused[]; readonly results: Results } {
  const results = new Results(spec);
  if (existsSync(join(there, 'records'))) readRecords(there, (record) => results.take(record));
  let writer: RecordWriter | undefined;
  try {
    const reused = from.map((one) =>
      takeFrom(one, spec, results, {
        append(lines) {
          if (folder !== undefined) (writer ??= writerOf(folder, from)).append(lines);
        },
        copy(file) {
          if (folder !== undefined) copyArrays(one, folder, file);
        },
      }),
    );
    return { reused, results };
  } finally {
    writer?.close();
  }
}

/** A record file whose log says where its records come from. */
function writerOf(folder: string, reused: readonly string[]): RecordWriter {
  const writer = new RecordWriter(folder);
  const note: Note = { at: new Date().toISOString(), reused };
  try {
    writeFileSync(writer.file.replace(/jsonl$/, 'log'), `${JSON.stringify(note)}\n`);
  } catch {
    // The log is not the record.
  }
  return writer;
}

const arraysOf = (run: string): string => join(ARRAY_FILES, `${run}.npz`);

/** @throws UserError where the disk does not take it */
function copyArrays(from: string, to: string, file: string): void {
  const target = join(to, file);
  try {
    mkdirSync(join(to, ARRAY_FILES), { recursive: true });
    copyFileSync(join(from, file), target);
  } catch (error) {
    throw new UserError(messages.system(target, systemReason(error), (error as NodeJS.ErrnoException).code ?? ''));
  }
}

/** Where it goes. */
interface Into {
  append(lines: string): void;
  /** arrays of a run, by their path in the folder */
  copy(file: string): void;
}

function takeFrom(from: string, spec: Spec, results: Results, into: Into): Reused {
  const other = openFolder(from);
  const command = callOf(from)?.command;
  if (command === 'variance') throw new UserError(messages.reuseKind(from, command));
  refuseOtherParts(from, spec);
  const plan = command === 'boundary' ? FINAL : other.record;
  const samePlan = planText(plan) === planText(spec.record);
  const left = new Map<string, number>();
  let [records, taken, lump] = [0, 0, ''];
  readStored(from, (record) => {
    records++;
    const arrays = spec.record.arrays && arraysOf(record.run);
    const why =
      reasonAgainst(record, spec, results, samePlan) ??
      (arrays !== undefined && !existsSync(join(from, arrays)) ? 'without their arrays' : undefined);
    if (why !== undefined) {
      left.set(why, (left.get(why) ?? 0) + 1);
      return;
    }
    const reason = results.take(record);
    if (reason) return void left.set(REASONS[reason], (left.get(REASONS[reason]) ?? 0) + 1);
    taken++;
    if (arrays !== undefined) into.copy(arrays);
    lump += `${recordLine(record)}\n`;
    if (lump.length < LUMP) return;
    into.append(lump);
    lump = '';
  });
  if (lump !== '') into.append(lump);
  return { folder: from, records, taken, left: Object.fromEntries(left) };
}

/** Why a record is not the one that would be made here, in the words of a count. */
function reasonAgainst(record: RunRecord, spec: Spec, results: Results, samePlan: boolean): string | undefined {
  const today = scienceToday(record);
  if (record.science !== today) return `of science version ${record.science}, this is version ${today}`;
  if (record.seed !== spec.seed) return REASONS.seed satisfies (typeof REASONS)[Reason];
  const cell = results.cellOf(record);
  if (cell === undefined) return REASONS.cell;
  if (record.replicate >= spec.runs) return REASONS.runs;
  if (!samePlan) return 'of a spec that keeps other numbers under record';
  return results.has(cell, record.replicate) ? 'there already' : undefined;
}

const planText = ({ series, values, every, arrays }: RecordPlan): string =>
  JSON.stringify([series, values, series.length > 0 ? every : null, arrays ?? null]);

/** The same id and version are the same part only in the same module. */
function refuseOtherParts(from: string, spec: Spec): void {
  if (partsOf(spec).length === 0) return;
  const file = join(from, LAB_FILE);
  const kept = existsSync(file) ? (readJson(file) as { readonly sha256?: unknown } | null)?.sha256 : undefined;
  if (kept !== labHash()) throw new UserError(messages.reuseOtherLab(from));
}

/** Says what was taken, one line a folder. */
export function noteReused(reused: readonly Reused[], would = false): void {
  for (const { folder, records, taken, left } of reused) {
    const rest = Object.entries(left).map(([why, count]) => `${count} ${why}`);
    note(
      `${folder}: ${taken} of its ${records} records ${would ? 'would be' : 'are'} taken${rest.length > 0 ? `; not ${rest.join(', ')}` : ''}`,
    );
  }
}
