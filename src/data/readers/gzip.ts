/** gzip (RFC 1952), one member: a file that claims more than it can hold is refused before anything is unpacked. */
import { Gunzip } from 'fflate';
import { messages, UserError } from '../../errors.ts';
import { crc32, mostUnpacked } from './checksum.ts';

/** Bytes of a header and a trailer. */
const LEAST = 18;
/** Bytes that are unpacked at once: they may become a thousand times as many. */
const STEP = 16_384;
/** Checksum and size of what was packed, the last eight bytes. */
const TRAILER = 8;

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * What was packed.
 *
 * @param name what the file is called in errors
 * @throws UserError for a file that is cut short, damaged, of several members, or larger than 4 GB unpacked
 */
export function gunzip(bytes: Uint8Array, name: string): Uint8Array {
  const refuse = (at: number, why: string): never => {
    throw new UserError(messages.badBytes(name, at, why));
  };
  if (bytes.length < LEAST) refuse(bytes.length, 'the gzip file ends within its header');
  const end = bytes.length - TRAILER;
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + end, TRAILER);
  const size = trailer.getUint32(4, true);
  if (size > mostUnpacked(bytes.length))
    refuse(
      end + 4,
      `the gzip file claims ${size} bytes unpacked, and its ${bytes.length} can hold, or at most are read, ${mostUnpacked(bytes.length)}`,
    );
  const out = new Uint8Array(size);
  let filled = 0;
  let members = 1;
  const stream = new Gunzip((chunk) => {
    if (filled + chunk.length > size) refuse(end + 4, SEVERAL);
    out.set(chunk, filled);
    filled += chunk.length;
  });
  stream.onmember = () => members++;
  try {
    for (let at = 0; at < bytes.length; at += STEP)
      stream.push(bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
  } catch (error) {
    if (error instanceof UserError) throw error;
    return refuse(0, `the gzip file cannot be unpacked (${error instanceof Error ? error.message : String(error)})`);
  }
  if (members > 1 || filled !== size || crc32(out) !== trailer.getUint32(0, true)) refuse(end, SEVERAL);
  return out;
}

const SEVERAL = 'the gzip file has another checksum: it is damaged, or several are one behind the other';
