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
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messages, systemReason, UserError } from '../../errors.ts';
import type { Fault } from '../../experiments/passed-over.ts';
import { isFault, readLine } from '../../experiments/record-check.ts';
import { recordLine, type RunRecord } from '../../experiments/record.ts';
import { ClaimFiles, LEASE, type Sign } from './claims.ts';
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
export function eachLine(folder: string, see: SeeLine): void {
  for (const name of recordFiles(folder)) eachOf(join(folder, RECORDS, name), see);
}

type SeeLine = (line: RunRecord | Fault, where: string, text: string) => void;

/** How far a file has been read: whole lines alone. */
interface Mark {
  readonly bytes: number;
  readonly lines: number;
}

const START: Mark = { bytes: 0, lines: 0 };

/** @param from where to begin @returns the end of the last whole line */
function eachOf(file: string, see: SeeLine, from = START): Mark {
  return readable(file, () => {
    const descriptor = openSync(file, 'r');
    try {
      return linesOf(descriptor, file, see, from);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Bytes of a line that a text can hold: V8 has none of more characters than this. */
const LONGEST = constants.MAX_STRING_LENGTH;

function linesOf(descriptor: number, file: string, see: SeeLine, from: Mark): Mark {
  const chunk = Buffer.allocUnsafe(1 << 20);
  let line = from.lines;
  let at = from.bytes;
  let read = from.bytes;
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
  for (let length: number; (length = readSync(descriptor, chunk, 0, chunk.length, read)) > 0; read += length) {
    let start = 0;
    for (let found: number; (found = chunk.subarray(0, length).indexOf(10, start)) >= 0; start = found + 1) {
      keep(chunk.subarray(start, found));
      end(false);
      at = read + found + 1;
    }
    if (start < length) keep(chunk.subarray(start, length));
  }
  const mark = { bytes: at, lines: line };
  if (bytes > 0) end(true);
  return mark;
}

/** What of each file of a folder has been read, and what has come since. */
class Marks {
  private readonly folder: string;
  private readonly marks = new Map<string, Mark>();
  /** the same of the logs, whose lines tell of failures */
  private readonly logs = new Map<string, Mark>();
  /** runs that could not be made, with the reason */
  readonly failures = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @param own the file of this process, which is not read @param torn whether a last line without an end is told */
  read(see: SeeLine, torn: boolean, own?: string): void {
    for (const name of recordFiles(this.folder)) {
      const file = join(this.folder, RECORDS, name);
      if (file === own) continue;
      const mark = this.marks.get(name) ?? START;
      if (readable(file, () => statSync(file)).size > mark.bytes)
        this.marks.set(
          name,
          eachOf(file, (line, ...place) => (!torn && isTorn(line) ? undefined : see(line, ...place)), mark),
        );
    }
    this.readLogs();
  }

  private readLogs(): void {
    for (const name of recordFiles(this.folder)) {
      const file = join(this.folder, RECORDS, name.replace(/jsonl$/, 'log'));
      try {
        const mark = this.logs.get(name) ?? START;
        const { size } = statSync(file);
        if (size <= mark.bytes) continue;
        // Logs are short: a line for the start, one for the end, one for each run that failed.
        const text = readFileSync(file).subarray(mark.bytes, size).toString('utf8');
        const whole = text.slice(0, text.lastIndexOf('\n') + 1);
        this.logs.set(name, { bytes: mark.bytes + Buffer.byteLength(whole), lines: 0 });
        for (const { failed } of notesIn(whole)) if (failed) this.failures.set(failed.run, failed.why);
      } catch {
        // A log is not the record: without it a run that failed is made again.
      }
    }
  }
}

const isTorn = (line: RunRecord | Fault): boolean => 'reason' in line && line.reason === 'torn';

/** One line of the log beside a record file. */
export interface Note {
  readonly at: string;
  readonly start?: { readonly host: string; readonly pid: number; readonly workers: number; readonly missing: number };
  readonly failed?: { readonly run: string; readonly why: string };
  readonly end?: { readonly made: number; readonly failed: number };
}

/** The notes of a log; a line that is none is passed over. */
export function notesIn(text: string): Note[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as Note];
    } catch {
      return [];
    }
  });
}

/** Names of the record files of a folder with what their logs say. */
export const logsOf = (folder: string): { readonly file: string; readonly notes: Note[] }[] =>
  recordFiles(folder).map((name) => {
    const file = join(folder, RECORDS, name);
    try {
      return { file, notes: notesIn(readFileSync(file.replace(/jsonl$/, 'log'), 'utf8')) };
    } catch {
      return { file, notes: [] };
    }
  });

/**
 * Whether all copies of some runs are the same.
 *
 * @param runs those with more than one @param seed of the records that count
 * @throws UserError naming two places that differ
 */
export function compareCopies(folder: string, runs: ReadonlySet<string>, seed: number): void {
  const first = new Map<string, { readonly where: string; readonly hash: string }>();
  eachLine(folder, (line, where) => {
    if (isFault(line) || line.seed !== seed || !runs.has(line.run)) return;
    const hash = createHash('sha256').update(recordLine(line)).digest('base64');
    const known = first.get(line.run);
    if (!known) first.set(line.run, { where, hash });
    else if (known.hash !== hash) throw new UserError(messages.conflictingRows(line.run, known.where, where, folder));
  });
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

/** How a folder is shared with other processes. */
export interface FolderOptions {
  /** runs that failed in an earlier call are not made again: the same arguments fail again; default: they are */
  readonly passFailed?: boolean;
  /** seconds without a sign of life after which others take this process's claims over, >= 1; default 60 */
  readonly lease?: number;
}

/** Milliseconds between two looks at what others have left. */
const LOOK = 300;

/**
 * The store of a result folder, in Node: `records/*.jsonl` below it, a file of its own for every process that adds to
 * it. Several processes, on several machines, may sweep into one folder at once and share the work.
 *
 * @param path of the folder; it is made when it is not there
 * @throws UserError, from `read` and `open`, as `Store` says; what the disk says is part of the sentence
 */
export function folder(path: string, { passFailed = false, lease = LEASE }: FolderOptions = {}): Store {
  const marks = new Marks(path);
  return {
    read(see) {
      const { passed } = recordsOf((line) => marks.read(line, true), see);
      if (!passFailed) marks.failures.clear();
      return passed;
    },
    compare: (runs, seed) => compareCopies(path, runs, seed),
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
      let made = 0;
      let inWork = 0;
      const since = new Date().toISOString();
      const files = new ClaimFiles(path, lease, (): Sign => {
        const { workers } = start;
        const part = basename(writer.file);
        return { v: 1, host: hostname(), pid: process.pid, since, lease, workers, part, made, inWork };
      });
      return {
        append(lines) {
          writer.append(lines);
          for (let at = -1; (at = lines.indexOf('\n', at + 1)) >= 0;) made++;
        },
        failed(run, why) {
          try {
            note({ failed: { run, why } });
          } catch {
            // The run is told of, and made again by the next call.
          }
        },
        claims: {
          take: (chunk) => files.take(chunk),
          release: (chunk) => files.release(chunk),
          working: (runs) => void (inWork = runs),
          news: (see) => void recordsOf((line) => marks.read(line, false, writer.file), see),
          failures: () => marks.failures,
          async wait(signal) {
            await sleep(LOOK, undefined, signal && { signal }).catch(() => {});
          },
        },
        close(end) {
          files.close();
          try {
            note({ end });
          } catch {
            // The log is not the record: on a full disk it may be short.
          }
          close();
        },
      };
    },
  };
}
