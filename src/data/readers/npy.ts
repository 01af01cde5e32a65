/**
 * NumPy's .npy format, versions 1 to 3 (numpy.lib.format): magic, version, a header that is a Python dictionary, then the
 * numbers. Written from that description.
 */
import { messages, UserError } from '../../errors.ts';

/** Numbers with a shape, last index fastest. */
export interface NumericArray {
  /** [] for a single number */
  readonly shape: readonly number[];
  /** as many as the product of the shape */
  readonly values: Float64Array;
}

interface Kind {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

/** Types that are read, by NumPy's names without the byte order. */
const KINDS: Readonly<Record<string, Kind>> = {
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  b1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  i2: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  u2: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  u4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  i8: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** A header of numbers with a shape is short; a longer one is none. */
const LONGEST_HEADER = 10_000;

/**
 * The array of a .npy file.
 *
 * @param name what it is called in errors
 * @throws UserError with the byte where it is wrong
 */
export function parseNpy(bytes: Uint8Array, name: string): NumericArray {
  const refuse = (at: number, why: string): never => {
    throw new UserError(messages.badNpy(name, at, why));
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || MAGIC.some((byte, at) => bytes[at] !== byte))
    refuse(0, 'it does not begin as a NumPy array does');
  const version = bytes[6]!;
  if (version < 1 || version > 3) refuse(6, `format version ${version}, allowed: 1 to 3`);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) refuse(bytes.length, 'it ends within its header');
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST_HEADER) refuse(8, `a header of ${length} bytes, at most ${LONGEST_HEADER}`);
  const first = start + length;
  if (bytes.length < first) refuse(bytes.length, 'it ends within its header');
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, first));
  const [, order, kindName] = /'descr': *'([<>|=])([a-z]\d+)'/.exec(header) ?? [];
  const kind = kindName === undefined ? undefined : KINDS[kindName];
  if (!kind)
    return refuse(
      start,
      `numbers of a type that is not read: ${described(header)}; allowed: ${Object.keys(KINDS).join(', ')}`,
    );
  const [, fortran] = /'fortran_order': *(True|False)/.exec(header) ?? [];
  const [, sizes] = /'shape': *\(([\d, ]*)\)/.exec(header) ?? [];
  if (fortran === undefined || sizes === undefined) return refuse(start, 'its header has no shape or no order');
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  const count = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(count) || count * kind.bytes !== bytes.length - first)
    refuse(
      first,
      `${bytes.length - first} bytes of numbers, but the shape (${shape.join(', ')}) has ${count * kind.bytes}`,
    );
  const values = new Float64Array(count);
  const little = order !== '>';
  for (let at = 0; at < count; at++) values[at] = kind.read(view, first + at * kind.bytes, little);
  return { shape, values: fortran === 'True' ? lastFastest(values, shape) : values };
}

const described = (header: string): string => /'descr': *([^,}]*)/.exec(header)?.[1]?.slice(0, 40) ?? 'no type';

/** From first index fastest. */
function lastFastest(values: Float64Array, shape: readonly number[]): Float64Array {
  const out = new Float64Array(values.length);
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
  if (shape.reduce((product, size) => product * size, 1) !== values.length)
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
