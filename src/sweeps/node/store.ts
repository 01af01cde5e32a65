/**
 * The store of record: append-only JSON Lines, one line a run.
 *
 * Every process opens a new file and never appends to an old one, so a line torn by a kill can only be the
 * last of its file; it was never acknowledged and is passed over. Rows are acknowledged when `append` returns. Beside
 * each file lies a log of when, where and by how many workers it was made.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messages, systemReason, UserError } from '../../errors.ts';
import { isFault } from '../../experiments/record-check.ts';
import { recordLine } from '../../experiments/record.ts';
import { recordsOf, storedOf, type Reading, type See, type Store } from '../store.ts';
import { ClaimFiles, LEASE } from './claims.ts';
import { forget } from './keep.ts';
import { eachLine, readable, recordFiles, RECORDS } from './lines.ts';
import { Marks } from './marks.ts';

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
      const part = basename(writer.file);
      const { workers } = start;
      const who = { host: hostname(), pid: process.pid, since, workers, part };
      const files = new ClaimFiles(path, lease, () => ({ ...who, made, inWork }));
      return {
        append(lines) {
          writer.append(lines);
          for (let at = -1; (at = lines.indexOf('\n', at + 1)) >= 0;) made++;
        },
        settled: (runs) => forget(path, runs),
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
