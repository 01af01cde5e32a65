/** Text inside a PNG: one iTXt chunk, which is UTF-8 (PNG specification, 11.3.4.5). Kept libraries write Latin-1 only. */
import { crc32 } from 'node:zlib';

/** Signature and IHDR, which comes first. */
const HEAD = 8 + 25;

/** The PNG with the text under a keyword, behind its header. @param keyword 1 to 79 characters of Latin-1 */
export function withText(png: Buffer, keyword: string, text: string): Buffer {
  // Keyword, 0; not compressed, no method; no language, 0; no translated keyword, 0; text.
  const data = Buffer.concat([Buffer.from(keyword, 'latin1'), Buffer.alloc(5), Buffer.from(text, 'utf8')]);
  const body = Buffer.concat([Buffer.from('iTXt', 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return Buffer.concat([png.subarray(0, HEAD), chunk, png.subarray(HEAD)]);
}
