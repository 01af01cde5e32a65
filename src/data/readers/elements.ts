/** Types of numbers in files, and numbers with a shape. */

interface Element {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

const ELEMENTS = {
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  b1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  u2: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  i2: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  u4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  u8: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  i8: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
} satisfies Readonly<Record<string, Element>>;

/** Numbers as files have them, by NumPy's names without the byte order: kind and bytes. */
export type ElementType = keyof typeof ELEMENTS;

export const ELEMENT_TYPES = Object.keys(ELEMENTS) as readonly ElementType[];

/** Bytes of one number. */
export const bytesOf = (type: ElementType): number => ELEMENTS[type].bytes;

/** Numbers with a shape, last index fastest. */
export interface ShapedArray {
  /** [] for a single number */
  readonly shape: readonly number[];
  /** as it was in the file */
  readonly dtype: ElementType;
  /** as many as the product of the shape; bytes where `dtype` is u1 or b1 */
  readonly values: Uint8Array | Float64Array;
}

/** How many numbers a shape has; not a safe integer when it is too many. */
export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** A shape for a sentence. */
export function shapeText(shape: readonly number[]): string {
  const text = shape.join(', ');
  return `(${text.length > 60 ? `${text.slice(0, 57)}...` : text})`;
}

/**
 * Numbers from byte `first` on, which must be there.
 *
 * @returns the place of the first one that a 64-bit float cannot hold exactly (an integer beyond 2^53), if there is one
 */
export function decode(
  bytes: Uint8Array,
  first: number,
  count: number,
  type: ElementType,
  little: boolean,
): { values: Uint8Array | Float64Array; inexact?: number } {
  if (type === 'u1' || type === 'b1') return { values: new Uint8Array(bytes.subarray(first, first + count)) };
  const { bytes: size, read }: Element = ELEMENTS[type];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(count);
  for (let at = 0; at < count; at++) values[at] = read(view, first + at * size, little);
  const beyond = type === 'i8' || type === 'u8' ? values.findIndex((x) => !Number.isSafeInteger(x)) : -1;
  return beyond < 0 ? { values } : { values, inexact: beyond };
}
