/** What the files of a store tell without its records: bytes, lines, and how long their processes took. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { logsOf } from './marks.ts';

/** One record file, and the process that wrote it. */
export interface Part {
  /** name of the file */
  readonly part: string;
  readonly host: string;
  readonly pid: number;
  readonly workers: number;
  /** ISO 8601; '' where no log tells */
  readonly since: string;
  /** whole lines */
  readonly lines: number;
  readonly bytes: number;
  /** from the start to the end, or to the last line of one that has not ended */
  readonly seconds: number;
  readonly ended: boolean;
  readonly failed: number;
  /** folders that the records were taken from; none where they were made */
  readonly reused: readonly string[];
}

/** Every record file of a folder. */
export function partsIn(folder: string): Part[] {
  return logsOf(folder).map(({ file, notes }) => {
    const { size, mtimeMs } = statSync(file);
    const start = notes.find((one) => one.start);
    const end = notes.find((one) => one.end);
    const since = start ? Date.parse(start.at) : NaN;
    const seconds = ((end ? Date.parse(end.at) : mtimeMs) - since) / 1000;
    return {
      part: basename(file),
      host: start?.start?.host ?? '',
      pid: start?.start?.pid ?? 0,
      workers: start?.start?.workers ?? 1,
      since: start?.at ?? '',
      lines: linesIn(file),
      bytes: size,
      seconds: Number.isFinite(seconds) ? Math.max(0, seconds) : 0,
      ended: end !== undefined,
      failed: notes.filter((one) => one.failed).length,
      reused: notes.flatMap(({ reused = [] }) => reused),
    };
  });
}

function linesIn(file: string): number {
  const chunk = Buffer.allocUnsafe(1 << 20);
  const descriptor = openSync(file, 'r');
  let lines = 0;
  try {
    for (let length: number; (length = readSync(descriptor, chunk)) > 0;)
      for (let at = -1; (at = chunk.subarray(0, length).indexOf(10, at + 1)) >= 0;) lines++;
  } finally {
    closeSync(descriptor);
  }
  return lines;
}

export interface RecordStats {
  readonly lines: number;
  readonly bytes: number;
  /** of all workers together, for `timed` runs */
  readonly workerSeconds: number;
  readonly timed: number;
}

/** All files together. */
export function recordStats(folder: string): RecordStats {
  let [lines, bytes, workerSeconds, timed] = [0, 0, 0, 0];
  for (const part of partsIn(folder)) {
    lines += part.lines;
    bytes += part.bytes;
    if (part.lines === 0 || part.seconds === 0) continue;
    workerSeconds += part.workers * part.seconds;
    timed += part.lines;
  }
  return { lines, bytes, workerSeconds, timed };
}

/** Runs that a folder's logs call failed, with the reason; they may be there by now. */
export const failuresOf = (folder: string): Map<string, string> =>
  new Map(
    logsOf(folder).flatMap(({ notes }) =>
      notes.flatMap(({ failed }): [string, string][] => (failed ? [[failed.run, failed.why]] : [])),
    ),
  );
