/** NumPy's .npz format: a ZIP archive with a .npy file for each array. */
import { unzipSync, zipSync } from 'fflate';
import { messages, printable, UserError } from '../../errors.ts';
import { parseNpy, writeNpy, type NumericArray } from './npy.ts';

/** Bytes that all arrays together may have once they are unpacked: an archive may claim more than it is. */
const MOST_BYTES = 4e9;
/** Deflate packs no more than a thousand bytes into one. */
const MOST_PACKED = 1100;

/**
 * The arrays of a .npz file, by name.
 *
 * @param name what the file is called in errors
 * @throws UserError for what is no such archive, and as `parseNpy` does
 */
export function readNpz(bytes: Uint8Array, name: string): ReadonlyMap<string, NumericArray> {
  let total = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter({ originalSize }) {
        total += originalSize;
        if (total > Math.min(MOST_BYTES, MOST_PACKED * bytes.length + 1e6))
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
      return [array, parseNpy(content, `${name}: array ${printable(array.slice(0, 60)).replaceAll('\n', ' ')}`)];
    }),
  );
}

/** A .npz file, not packed: numbers of 64 bits hardly shrink. The same bytes every time. */
export const writeNpz = (arrays: ReadonlyMap<string, NumericArray>): Uint8Array =>
  zipSync(Object.fromEntries([...arrays].map(([name, array]) => [`${name}.npy`, writeNpy(array)])), {
    level: 0,
    mtime: '1980-01-01T00:00:00',
  });
