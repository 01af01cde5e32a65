/**
 * CIFAR-10's binary version (Krizhevsky): each image is its label, one byte, and 3 x 32 x 32 bytes: red, green, blue, each
 * row by row.
 */
import { messages, UserError } from '../../errors.ts';
import type { LabelledPoints } from './labelled.ts';

const SHAPE = [3, 32, 32] as const;
const PIXELS = 3072;
const IMAGE = 1 + PIXELS;
const CLASSES = 10;

/** A size and labels as a batch has them; many other files of bytes have them only if they are as long. */
export function isCifar(bytes: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.length % IMAGE !== 0) return false;
  for (let at = 0; at < bytes.length; at += IMAGE) if (bytes[at]! >= CLASSES) return false;
  return true;
}

/**
 * The images of batches, one after the other.
 *
 * @param batches one or more, each with what it is called in errors
 * @throws UserError with the byte where a batch is wrong
 */
export function parseCifar(batches: readonly { readonly name: string; readonly bytes: Uint8Array }[]): LabelledPoints {
  let count = 0;
  for (const { name, bytes } of batches) {
    if (bytes.length === 0 || bytes.length % IMAGE !== 0)
      throw new UserError(
        messages.badBytes(
          name,
          bytes.length,
          `a batch of CIFAR-10 has ${IMAGE} bytes for each image, and this one ends within one`,
        ),
      );
    count += bytes.length / IMAGE;
  }
  const values = new Uint8Array(count * PIXELS);
  const labels = new Float64Array(count);
  let at = 0;
  for (const { name, bytes } of batches)
    for (let from = 0; from < bytes.length; from += IMAGE, at++) {
      const label = bytes[from]!;
      if (label >= CLASSES) throw new UserError(messages.badBytes(name, from, `label ${label}, allowed: 0 to 9`));
      labels[at] = label;
      values.set(bytes.subarray(from + 1, from + IMAGE), at * PIXELS);
    }
  return { shape: SHAPE, count, values, dtype: 'u1', labels };
}
