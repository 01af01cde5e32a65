/** How far the files of a store have been read, and what their logs say. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../../experiments/passed-over.ts';
import type { RunRecord } from '../../experiments/record.ts';
import { eachOf, readable, recordFiles, RECORDS, START, type Mark, type SeeLine } from './lines.ts';

/** What of each file of a folder has been read, and what has come since. */
export class Marks {
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
  /** folders whose records these are, in place of a start and an end */
  readonly reused?: readonly string[];
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
