/**
 * Data sets by their content: what a cell names is the SHA-256 of the points and labels, so that the same data gives the
 * same runs wherever its files lie and however they are packed. Doors open files and offer what they hold; a run takes
 * it from here.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { messages, UserError } from '../errors.ts';
import type { LabelledPoints } from './readers/labelled.ts';

/** Numbers as bytes, whatever the machine: 64-bit floats, little endian. */
function littleEndian(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => view.setFloat64(8 * at, value, true));
  return bytes;
}

/** Numbers that are hashed at a time. */
const STRETCH = 1 << 16;

/**
 * 64 hexadecimal digits: SHA-256 over a line of JSON (shape, count, type of the numbers, names of the labels), then the
 * values in row order (bytes as they are, others as 64-bit floats, little endian), then the labels as 64-bit floats.
 */
export function contentOf({ shape, count, dtype, values, labels, classNames = [] }: LabelledPoints): string {
  const hash = sha256.create();
  hash.update(utf8ToBytes(`${JSON.stringify({ shape, count, dtype, classNames })}\n`));
  for (const numbers of [values, labels])
    for (let at = 0; at < numbers.length; at += STRETCH) {
      const some = numbers.subarray(at, at + STRETCH);
      // A shared array's bytes are copied: hashes take no view of shared memory.
      hash.update(some instanceof Float64Array ? littleEndian(some) : Uint8Array.from(some));
    }
  return bytesToHex(hash.digest());
}

/** Those of this thread, by content. */
const there = new Map<string, LabelledPoints>();

/**
 * Makes a data set known to this thread's runs; their pool hands it on to its workers.
 *
 * @param content where it is known already: `contentOf` the points
 * @returns the content, what `data.content` of a spec names
 */
export function offer(points: LabelledPoints, content = contentOf(points)): string {
  if (!there.has(content)) there.set(content, points);
  return content;
}

/** Every data set that was offered here, by content. */
export const offered = (): ReadonlyMap<string, LabelledPoints> => there;

/** @throws UserError for one that nobody has offered here */
export function pointsOf(content: string): LabelledPoints {
  const points = there.get(content);
  if (!points) throw new UserError(messages.dataNotOpen(content));
  return points;
}
