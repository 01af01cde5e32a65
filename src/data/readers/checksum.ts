/** CRC-32 of gzip and ZIP (polynomial 0xEDB88320, reflected): what our library for both does not compare. */
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? -306674912 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** An unsigned 32-bit number. */
export function crc32(bytes: Uint8Array): number {
  let c = -1;
  for (let at = 0; at < bytes.length; at++) c = TABLE[(c ^ bytes[at]!) & 255]! ^ (c >>> 8);
  return ~c >>> 0;
}

/** Bytes that a file may have once it is unpacked, all its parts together. */
export const MOST_BYTES = 4e9;
/** Deflate packs no more than this many bytes into one. */
const MOST_PACKED = 1032;

/** The largest size that `packed` bytes of deflate can be unpacked to, and that is read. */
export const mostUnpacked = (packed: number): number => Math.min(MOST_BYTES, MOST_PACKED * packed);
