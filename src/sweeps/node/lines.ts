/** The lines of the record files of a folder, from wherever one has got to. */
import { constants } from 'node:buffer';
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { messages, systemReason, UserError } from '../../errors.ts';
import type { Fault } from '../../experiments/passed-over.ts';
import { readLine } from '../../experiments/record-read.ts';
import type { RunRecord } from '../../experiments/record.ts';

export const RECORDS = 'records';

/** Names of the record files in a result folder, in order; none when there is no store yet. */
export function recordFiles(folder: string): string[] {
  try {
    return readdirSync(join(folder, RECORDS))
      .filter((name) => name.endsWith('.jsonl'))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UserError(messages.unreadable(join(folder, RECORDS), systemReason(error)));
  }
}

/**
 * Every line of the store, in order, as the record that it holds or as what is wrong with it.
 *
 * @param see gets file and line, and the text where it can be held
 * @throws UserError for a file that cannot be read
 */
export function eachLine(folder: string, see: SeeLine): void {
  for (const name of recordFiles(folder)) eachOf(join(folder, RECORDS, name), see);
}

export type SeeLine = (line: RunRecord | Fault, where: string, text: string) => void;

/** How far a file has been read: whole lines alone. */
export interface Mark {
  readonly bytes: number;
  readonly lines: number;
}

export const START: Mark = { bytes: 0, lines: 0 };

/** @param from where to begin @returns the end of the last whole line */
export function eachOf(file: string, see: SeeLine, from = START): Mark {
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
  const hand = (text: string): void => {
    const where = `${file}:${++line}`;
    const whole = line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    see(readLine(whole), where, whole);
  };
  const end = (torn: boolean): void => {
    const text = bytes > LONGEST ? '' : Buffer.concat(pieces).toString('utf8');
    if (!torn && bytes <= LONGEST) hand(text);
    else {
      const says = `${(bytes / 1e9).toFixed(1)} GB without a line end`;
      see(torn ? { reason: 'torn' } : { reason: 'foreign', says }, `${file}:${++line}`, text);
    }
    pieces = [];
    bytes = 0;
  };
  for (let length: number; (length = readSync(descriptor, chunk, 0, chunk.length, read)) > 0; read += length) {
    const view = chunk.subarray(0, length);
    let start = 0;
    for (let found: number; (found = view.indexOf(10, start)) >= 0; start = found + 1) {
      if (bytes === 0 && pieces.length === 0) hand(view.toString('utf8', start, found));
      else {
        keep(view.subarray(start, found));
        end(false);
      }
      at = read + found + 1;
    }
    if (start < length) keep(view.subarray(start, length));
  }
  const mark = { bytes: at, lines: line };
  if (bytes > 0) end(true);
  return mark;
}

/** Editors and spreadsheets put it at the head of a file. */
const BYTE_ORDER_MARK = '\uFEFF';

/** @throws UserError when the system refuses the file */
export function readable<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new UserError(messages.unreadable(file, systemReason(error)));
  }
}
