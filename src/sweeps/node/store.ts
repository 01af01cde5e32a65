/**
 * The store of record: append-only JSON Lines, one line a run.
 *
 * Every process opens a new file and never appends to an old one, so a line torn by a kill can only be the
 * last of its file; it was never acknowledged and is passed over. Rows are acknowledged when `append` returns.
 */
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { messages, systemReason, UserError } from '../../errors.ts';
import { RECORD_VERSION, SCIENCE, type RunRecord } from '../../experiments/record.ts';

export const RECORDS = 'records';

/** Names of the record files in a result folder, in order; none when there is no store yet. */
function recordFiles(folder: string): string[] {
  try {
    return readdirSync(join(folder, RECORDS))
      .filter((name) => name.endsWith('.jsonl'))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UserError(messages.unreadable(join(folder, RECORDS), systemReason(error)));
  }
}

/** Whether a result folder holds any record: something in a file of its store. */
export const hasRecords = (folder: string): boolean =>
  recordFiles(folder).some((name) => statSync(join(folder, RECORDS, name)).size > 0);

/**
 * Calls `see` for every acknowledged record of a result folder that is to be added to; the same run may come more than
 * once.
 *
 * @throws UserError for a line that is no record, or of another science version
 */
export function readRecords(folder: string, see: (record: RunRecord) => void): void {
  eachRecord(folder, (record, where) => {
    if (record.science !== SCIENCE) throw new UserError(messages.scienceDiffers(where, record.science, SCIENCE));
    see(record);
  });
}

/**
 * The same for a folder that is only read, whose records may all be of one older science version.
 *
 * @returns their version; undefined when there is no record
 * @throws UserError for a line that is no record, of a newer version, or of another one than those before
 */
export function readStored(folder: string, see: (record: RunRecord) => void): number | undefined {
  let version: number | undefined;
  eachRecord(folder, (record, where) => {
    const { science } = record;
    if (!Number.isInteger(science) || science < 1 || science > SCIENCE)
      throw new UserError(messages.scienceNewer(where, science, SCIENCE));
    if (science !== (version ??= science)) throw new UserError(messages.scienceMixed(where, science, version));
    see(record);
  });
  return version;
}

function eachRecord(folder: string, see: (record: RunRecord, where: string) => void): void {
  for (const name of recordFiles(folder)) {
    const file = join(folder, RECORDS, name);
    const descriptor = openSync(file, 'r');
    const chunk = Buffer.allocUnsafe(1 << 20);
    let rest = Buffer.alloc(0);
    let line = 0;
    try {
      for (let length: number; (length = readSync(descriptor, chunk)) > 0;) {
        const data = Buffer.concat([rest, chunk.subarray(0, length)]);
        let start = 0;
        for (let end: number; (end = data.indexOf(10, start)) >= 0; start = end + 1) {
          const where = `${file}:${++line}`;
          see(parseLine(data.toString('utf8', start, end), where), where);
        }
        rest = data.subarray(start);
      }
    } finally {
      closeSync(descriptor);
    }
  }
}

function parseLine(text: string, where: string): RunRecord {
  let record: RunRecord;
  try {
    record = JSON.parse(text) as RunRecord;
  } catch {
    throw new UserError(messages.brokenStore(where, 'is not a record'));
  }
  if (typeof record !== 'object' || record === null || typeof record.run !== 'string')
    throw new UserError(messages.brokenStore(where, 'is not a record'));
  if (record.v !== RECORD_VERSION) throw new UserError(messages.recordFormat(where, record.v, RECORD_VERSION));
  return record;
}

/** Appends records to a file of its own. */
export class RecordWriter {
  readonly file: string;
  private readonly descriptor: number;
  private length = 0;

  /** Opens the first unused `records/part-NNNN.jsonl` of the folder. @throws UserError when it cannot be made */
  constructor(folder: string) {
    const directory = join(folder, RECORDS);
    try {
      mkdirSync(directory, { recursive: true });
      for (let part = recordFiles(folder).length + 1; ; part++) {
        const file = join(directory, `part-${String(part).padStart(4, '0')}.jsonl`);
        try {
          this.descriptor = openSync(file, 'wx');
          this.file = file;
          return;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
      }
    } catch (error) {
      const why = systemReason(error);
      const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
      throw new UserError(full ? messages.diskFull(directory, why) : messages.unwritable(directory, why));
    }
  }

  /** Writes lines, each with its end, whole, or takes them all back and throws. @throws UserError on a full disk */
  append(lines: string): void {
    const bytes = Buffer.from(lines);
    let written = 0;
    let why = '';
    try {
      // At a place of its own: after lines that were taken back the file's offset lies beyond the end.
      written = writeSync(this.descriptor, bytes, 0, bytes.length, this.length);
      if (written !== bytes.length) why = `the disk took ${written} of ${bytes.length} bytes: it is full`;
    } catch (error) {
      why = (error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'the disk is full' : (error as Error).message;
    }
    if (why) {
      if (written > 0) ftruncateSync(this.descriptor, this.length);
      throw new UserError(messages.diskFull(this.file, why));
    }
    this.length += bytes.length;
  }

  close(): void {
    try {
      fsyncSync(this.descriptor);
    } finally {
      closeSync(this.descriptor);
    }
  }
}
