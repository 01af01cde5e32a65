/**
 * IDX, the format of MNIST: two zero bytes, a type, the number of dimensions, each size in 32 bits, then the numbers, all
 * big endian, last index fastest. Written from the description at the end of LeCun, Cortes and Burges' page of MNIST.
 */
import { messages, UserError } from '../../errors.ts';
import { bytesOf, countOf, decode, shapeText, type ElementType, type ShapedArray } from './elements.ts';

const TYPES: Readonly<Record<number, ElementType>> = {
  0x08: 'u1',
  0x09: 'i1',
  0x0b: 'i2',
  0x0c: 'i4',
  0x0d: 'f4',
  0x0e: 'f8',
};
const HEAD = 4;

/** Whether it begins as an IDX file with one dimension or more does. */
export const isIdx = (bytes: Uint8Array): boolean =>
  bytes.length >= HEAD && bytes[0] === 0 && bytes[1] === 0 && TYPES[bytes[2]!] !== undefined && bytes[3]! > 0;

/**
 * The array of an IDX file.
 *
 * @param name what it is called in errors
 * @throws UserError with the byte where it is wrong
 */
export function parseIdx(bytes: Uint8Array, name: string): ShapedArray {
  const refuse = (at: number, why: string): never => {
    throw new UserError(messages.badBytes(name, at, why));
  };
  if (bytes.length < HEAD || bytes[0] !== 0 || bytes[1] !== 0)
    refuse(0, 'an IDX file begins with two zeros, a type and a number of dimensions');
  const type = TYPES[bytes[2]!];
  if (!type) return refuse(2, `type ${bytes[2]}, allowed: ${Object.keys(TYPES).join(', ')}`);
  const dimensions = bytes[3]!;
  const first = HEAD + 4 * dimensions;
  if (bytes.length < first) refuse(bytes.length, `it ends within the sizes of its ${dimensions} dimensions`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, k) => view.getUint32(HEAD + 4 * k));
  const count = countOf(shape);
  const size = bytesOf(type);
  if (!Number.isSafeInteger(count) || count * size !== bytes.length - first)
    refuse(first, `${bytes.length - first} bytes of numbers, but the shape ${shapeText(shape)} has ${count * size}`);
  return { shape, dtype: type, values: decode(bytes, first, count, type, false).values };
}
