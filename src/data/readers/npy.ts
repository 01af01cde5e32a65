/**
 * NumPy's .npy format, versions 1 to 3 (numpy.lib.format): magic, version, a header that is a Python dictionary, then the
 * numbers. Written from that description.
 */
import { messages, printable, UserError } from '../../errors.ts';
import { bytesOf, countOf, decode, ELEMENT_TYPES, shapeText, type ElementType, type ShapedArray } from './elements.ts';

/** Numbers with a shape, last index fastest. */
export interface NumericArray {
  /** [] for a single number */
  readonly shape: readonly number[];
  /** as many as the product of the shape */
  readonly values: Float64Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** A header of numbers with a shape is short; a longer one is none. */
const LONGEST_HEADER = 10_000;
/** NumPy has no more either. */
const MOST_DIMENSIONS = 64;

/** Whether it begins as a .npy file does. */
export const isNpy = (bytes: Uint8Array): boolean =>
  bytes.length >= 10 && MAGIC.every((byte, at) => bytes[at] === byte);

/** The same numbers, 64 bits each. */
export const widened = ({ shape, values }: ShapedArray): NumericArray => ({
  shape,
  values: values instanceof Float64Array ? values : Float64Array.from(values),
});

/**
 * The array of a .npy file.
 *
 * @param name what it is called in errors
 * @throws UserError with the byte where it is wrong
 */
export function parseNpy(bytes: Uint8Array, name: string): ShapedArray {
  const refuse = (at: number, why: string): never => {
    throw new UserError(messages.badBytes(name, at, why));
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isNpy(bytes)) refuse(0, 'it does not begin as a NumPy array does');
  const version = bytes[6]!;
  if (version < 1 || version > 3) refuse(6, `format version ${version}, allowed: 1 to 3`);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) refuse(bytes.length, 'it ends within its header');
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST_HEADER) refuse(8, `a header of ${length} bytes, at most ${LONGEST_HEADER}`);
  const first = start + length;
  if (bytes.length < first) refuse(bytes.length, 'it ends within its header');
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, first));
  const [, order, type] = /'descr': *'([<>|=])([a-z]\d+)'/.exec(header) ?? [];
  if (!isElementType(type))
    return refuse(
      start,
      `numbers of a type that is not read: ${described(header)}; allowed: ${ELEMENT_TYPES.join(', ')}`,
    );
  const [, fortran] = /'fortran_order': *(True|False)/.exec(header) ?? [];
  const [, sizes] = /'shape': *\(([\d, ]*)\)/.exec(header) ?? [];
  if (fortran === undefined || sizes === undefined) return refuse(start, 'its header has no shape or no order');
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  if (shape.length > MOST_DIMENSIONS) refuse(start, `${shape.length} dimensions, at most ${MOST_DIMENSIONS}`);
  const count = countOf(shape);
  const size = bytesOf(type);
  if (!Number.isSafeInteger(count) || count * size !== bytes.length - first)
    refuse(first, `${bytes.length - first} bytes of numbers, but the shape ${shapeText(shape)} has ${count * size}`);
  const { values, inexact } = decode(bytes, first, count, type, order !== '>');
  if (inexact !== undefined) refuse(first + inexact * size, 'an integer beyond 2^53');
  return { shape, dtype: type, values: fortran === 'True' ? lastFastest(values, shape) : values };
}

const isElementType = (type: string | undefined): type is ElementType => ELEMENT_TYPES.includes(type as ElementType);

const described = (header: string): string =>
  printable(/'descr': *([^,}]*)/.exec(header)?.[1]?.slice(0, 40) ?? 'no type').replaceAll('\n', ' ');

/** From first index fastest. */
function lastFastest<Values extends Uint8Array | Float64Array>(values: Values, shape: readonly number[]): Values {
  const out = values.slice() as Values;
  const index = shape.map(() => 0);
  for (let to = 0; to < out.length; to++) {
    let from = 0;
    for (let k = shape.length - 1; k >= 0; k--) from = from * shape[k]! + index[k]!;
    out[to] = values[from]!;
    for (let k = shape.length - 1; k >= 0 && ++index[k]! === shape[k]; k--) index[k] = 0;
  }
  return out;
}

/** A .npy file of 64-bit numbers, little endian, last index fastest. @throws RangeError for a shape that does not fit */
export function writeNpy({ shape, values }: NumericArray): Uint8Array {
  if (countOf(shape) !== values.length)
    throw new RangeError(`shape: must have ${values.length} numbers, got (${shape.join(', ')})`);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The numbers begin at a multiple of 64 bytes.
  const header = `${text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11)}\n`;
  const out = new Uint8Array(10 + header.length + 8 * values.length);
  const view = new DataView(out.buffer);
  out.set(MAGIC);
  out[6] = 1;
  view.setUint16(8, header.length, true);
  out.set(new TextEncoder().encode(header), 10);
  values.forEach((value, at) => view.setFloat64(10 + header.length + 8 * at, value, true));
  return out;
}
