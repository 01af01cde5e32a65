/** Which characters the font of the pictures has: its character map (OpenType, table cmap, format 12). */
import { readFileSync } from 'node:fs';

/** Ranges of code points, both ends included. */
type Ranges = readonly (readonly [number, number])[];

/** @throws RangeError for a font without a map of format 12 */
export function charactersOf(fontFile: string): Ranges {
  const font = readFileSync(fontFile);
  const tables = font.readUInt16BE(4);
  for (let i = 0; i < tables; i++) {
    const at = 12 + 16 * i;
    if (font.toString('latin1', at, at + 4) !== 'cmap') continue;
    const cmap = font.readUInt32BE(at + 8);
    const maps = font.readUInt16BE(cmap + 2);
    for (let k = 0; k < maps; k++) {
      const map = cmap + font.readUInt32BE(cmap + 8 + 8 * k);
      if (font.readUInt16BE(map) !== 12) continue;
      return Array.from({ length: font.readUInt32BE(map + 12) }, (_, group) => {
        const entry = map + 16 + 12 * group;
        return [font.readUInt32BE(entry), font.readUInt32BE(entry + 4)] as const;
      });
    }
  }
  throw new RangeError(`${fontFile}: no character map of format 12`);
}

/** Characters of a picture's words for which the font has no glyph, each once, in order. */
export function missingGlyphs(svg: string, ranges: Ranges): string[] {
  const words = [...svg.matchAll(/>([^<>]+)<\/(?:text|tspan)>/g)].map(([, text]) => unescaped(text!)).join('');
  const has = (point: number): boolean => ranges.some(([first, last]) => point >= first && point <= last);
  return [...new Set(words)].filter((character) => {
    // What is not drawn by itself: spaces, joiners, variation selectors.
    if (/[\p{Z}\p{C}\p{Variation_Selector}]/u.test(character) && !/\p{Co}|\p{Cn}/u.test(character)) return false;
    return !has(character.codePointAt(0)!);
  });
}

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
