/**
 * The store of record: append-only JSON Lines, one line a run.
 *
 * Every process opens a new file and never appends to an old one, so a line torn by a kill can only be the
 * last of its file; it was never acknowledged and is passed over. Rows are acknowledged when `append` returns. Beside
 * each file lies a log of when, where and by how many workers it was made.
 */
import { constants } from 'node:buffer';
import {
  appendFileSync,
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
import { hostname } from 'node:os';
import { join } from 'node:path';
import { messages, systemReason, UserError } from '../../errors.ts';
import type { Fault } from '../../experiments/passed-over.ts';
import { readLine } from '../../experiments/record-check.ts';
import type { RunRecord } from '../../experiments/record.ts';
import { recordsOf, storedOf, type Reading, type See, type Store } from '../store.ts';

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

/** Whether a result folder holds any record: something in a file of its store. @throws UserError */
export const hasRecords = (folder: string): boolean =>
  recordFiles(folder).some((name) => {
    const file = join(folder, RECORDS, name);
    return readable(file, () => statSync(file)).size > 0;
  });

/** Reads a result folder that is to be added to. @throws UserError */
export const readRecords = (folder: string, see: See): Reading => recordsOf((line) => eachLine(folder, line), see);

/** Reads a result folder as it is, of whatever science version. @throws UserError */
export const readStored = (folder: string, see: See): Reading => storedOf((line) => eachLine(folder, line), see);

/**
 * Every line of the store, in order, as the record that it holds or as what is wrong with it.
 *
 * @param see gets file and line, and the text where it can be held
 * @throws UserError for a file that cannot be read
 */
export function eachLine(folder: string, see: (line: RunRecord | Fault, where: string, text: string) => void): void {
  for (const name of recordFiles(folder)) {
    const file = join(folder, RECORDS, name);
    readable(file, () => {
      const descriptor = openSync(file, 'r');
      try {
        linesOf(descriptor, file, see);
      } finally {
        closeSync(descriptor);
      }
    });
  }
}

/** Bytes of a line that a text can hold: V8 has none of more characters than this. */
const LONGEST = constants.MAX_STRING_LENGTH;

function linesOf(descriptor: number, file: string, see: Parameters<typeof eachLine>[1]): void {
  const chunk = Buffer.allocUnsafe(1 << 20);
  let line = 0;
  // Pieces of a line that goes on in the next chunk; dropped once it is too long to be a text.
  let pieces: Buffer[] = [];
  let bytes = 0;
  const keep = (piece: Buffer): void => {
    bytes += piece.length;
    if (bytes > LONGEST) pieces = [];
    else pieces.push(Buffer.from(piece));
  };
  const end = (torn: boolean): void => {
    const where = `${file}:${++line}`;
    const text = bytes > LONGEST ? '' : Buffer.concat(pieces).toString('utf8');
    const whole = line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    see(
      torn
        ? { reason: 'torn' }
        : bytes > LONGEST
          ? { reason: 'foreign', says: `${(bytes / 1e9).toFixed(1)} GB without a line end` }
          : readLine(whole),
      where,
      whole,
    );
    pieces = [];
    bytes = 0;
  };
  for (let length: number; (length = readSync(descriptor, chunk)) > 0;) {
    let start = 0;
    for (let at: number; (at = chunk.subarray(0, length).indexOf(10, start)) >= 0; start = at + 1) {
      keep(chunk.subarray(start, at));
      end(false);
    }
    if (start < length) keep(chunk.subarray(start, length));
  }
  if (bytes > 0) end(true);
}

/** Editors and spreadsheets put it at the head of a file. */
const BYTE_ORDER_MARK = '\uFEFF';

/** @throws UserError when the system refuses the file */
function readable<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new UserError(messages.unreadable(file, systemReason(error)));
  }
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

/**
 * The store of a result folder, in Node: `records/*.jsonl` below it, a file of its own for every process that adds to
 * it.
 *
 * @param path of the folder; it is made when it is not there
 * @throws UserError, from `read` and `open`, as `Store` says; what the disk says is part of the sentence
 */
export const folder = (path: string): Store => ({
  read: (see) => readRecords(path, see).passed,
  open(start) {
    const writer = new RecordWriter(path);
    const log = openSync(writer.file.replace(/jsonl$/, 'log'), 'wx');
    const note = (event: object): void =>
      appendFileSync(log, `${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);
    const close = (): void => {
      closeSync(log);
      writer.close();
    };
    try {
      note({ start: { host: hostname(), node: process.version, pid: process.pid, ...start } });
    } catch (error) {
      close();
      throw error;
    }
    return {
      append: (lines) => writer.append(lines),
      close(end) {
        try {
          note({ end });
        } catch {
          // The log is not the record: on a full disk it may be short.
        }
        close();
      },
    };
  },
});
