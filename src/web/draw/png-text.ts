/** Text inside a PNG, as `figures/node/png-text.ts` writes it there: one iTXt chunk behind the header. */
import { crc32 } from '../../data/readers/checksum.ts';

/** Signature and IHDR, which comes first. */
const HEAD = 8 + 25;

/** @param keyword 1 to 79 characters of ASCII */
export function withText(png: Uint8Array, keyword: string, text: string): Uint8Array<ArrayBuffer> {
  const [type, key, words] = ['iTXt', keyword, text].map((one) => new TextEncoder().encode(one)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  // Keyword, 0; not compressed, no method; no language, 0; no translated keyword, 0; text.
  const body = new Uint8Array(4 + key.length + 5 + words.length);
  body.set(type);
  body.set(key, 4);
  body.set(words, 4 + key.length + 5);
  const out = new Uint8Array(png.length + body.length + 8);
  const view = new DataView(out.buffer);
  out.set(png.subarray(0, HEAD));
  view.setUint32(HEAD, body.length - 4);
  out.set(body, HEAD + 4);
  view.setUint32(HEAD + 4 + body.length, crc32(body));
  out.set(png.subarray(HEAD), HEAD + body.length + 8);
  return out;
}
