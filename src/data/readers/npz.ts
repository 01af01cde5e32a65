/** NumPy's .npz format: a ZIP archive with a .npy file for each array. */
import { unzipSync, zipSync } from 'fflate';
import { messages, printable, UserError } from '../../errors.ts';
import { crc32, mostUnpacked } from './checksum.ts';
import type { ShapedArray } from './elements.ts';
import { parseNpy, widened, writeNpy, type NumericArray } from './npy.ts';

/** A ZIP archive begins with a file, or, empty, with its end. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);

/**
 * The arrays of a .npz file, by name, 64 bits a number.
 *
 * @param name what the file is called in errors
 * @throws UserError as `readArrays` does
 */
export const readNpz = (bytes: Uint8Array, name: string): ReadonlyMap<string, NumericArray> =>
  new Map([...readArrays(bytes, name)].map(([array, value]) => [array, widened(value)]));

/**
 * The arrays of a .npz file, by name, as they are.
 *
 * @param name what the file is called in errors
 * @throws UserError for what is no such archive, damaged or larger than 4 GB unpacked, and as `parseNpy` does
 */
export function readArrays(bytes: Uint8Array, name: string): ReadonlyMap<string, ShapedArray> {
  let files: Record<string, Uint8Array>;
  const sums = checksums(bytes, name);
  let total = 0;
  try {
    files = unzipSync(bytes, {
      filter({ originalSize, size, compression }) {
        total += originalSize;
        // An archive may claim more than it is, and the same bytes for many files.
        const most = compression === 0 ? size : mostUnpacked(size);
        if (originalSize > most || total > mostUnpacked(bytes.length))
          throw new UserError(messages.npzTooLarge(name, total / 1e9));
        return true;
      },
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(messages.badNpz(name, error instanceof Error ? error.message : String(error)));
  }
  return new Map(
    Object.entries(files).map(([file, content]) => {
      const array = file.replace(/\.npy$/, '');
      const called = arrayName(name, array);
      if (!sums.has(crc32(content))) throw new UserError(messages.damaged(called));
      return [array, parseNpy(content, called)];
    }),
  );
}

/** What an array is called in errors. */
export const arrayName = (name: string, array: string): string =>
  `${name}: array ${printable(array.slice(0, 60)).replaceAll('\n', ' ')}`;

const DIRECTORY_END = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LARGE_END = 0x07064b50;
/** Bytes of the end of the directory, of an entry without its name, of a comment at most. */
const [END, ENTRY, COMMENT] = [22, 46, 65_535];

/**
 * The checksums that the archive's directory has (PKWARE's APPNOTE, 4.3.12): they are not compared by the library, which
 * is also not to be given a ZIP64 directory, whose counts it would follow beyond the file.
 */
function checksums(bytes: Uint8Array, name: string): ReadonlySet<number> {
  const refuse = (why: string): never => {
    throw new UserError(messages.badNpz(name, why));
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - END;
  while (end >= 0 && bytes.length - end <= END + COMMENT && view.getUint32(end, true) !== DIRECTORY_END) end--;
  if (end < 0 || bytes.length - end > END + COMMENT) return refuse('it has no directory at its end');
  if (end >= 20 && view.getUint32(end - 20, true) === LARGE_END) refuse('larger than 4 GB: ZIP64');
  const sums = new Set<number>();
  let at = view.getUint32(end + 16, true);
  for (let entries = view.getUint16(end + 8, true); entries > 0; entries--) {
    if (at + ENTRY > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY)
      refuse(`byte ${at}: no entry of its directory`);
    sums.add(view.getUint32(at + 16, true));
    at += ENTRY + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return sums;
}

/** A .npz file, not packed: numbers of 64 bits hardly shrink. The same bytes every time. */
export const writeNpz = (arrays: ReadonlyMap<string, NumericArray>): Uint8Array =>
  zipSync(Object.fromEntries([...arrays].map(([name, array]) => [`${name}.npy`, writeNpy(array)])), {
    level: 0,
    mtime: '1980-01-01T00:00:00',
  });
