/** The place of a text that has most of what was found, with that marked. */
import { normal, partsOf, WORD } from './search-terms.ts';

export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

/** Letters of an excerpt, about. */
const LENGTH = 240;

/** @param terms as the index has them */
export function excerptOf(text: string, terms: readonly string[]): Piece[] {
  const wanted = new Set(terms);
  const isFound = (word: string): boolean => [word, ...partsOf(word)].some((part) => wanted.has(normal(part)));
  const hits = [...text.matchAll(WORD)].filter(([word]) => isFound(word));
  const start = startOf(
    text,
    hits.map(({ index }) => index),
  );
  const end = start + LENGTH < text.length ? text.lastIndexOf(' ', start + LENGTH) : text.length;
  const out: Piece[] = [];
  let at = start;
  for (const { 0: word, index } of hits) {
    if (index < start || index + word.length > end) continue;
    out.push({ text: text.slice(at, index), found: false }, { text: word, found: true });
    at = index + word.length;
  }
  out.push({ text: text.slice(at, Math.max(at, end)), found: false });
  if (start > 0) out.unshift({ text: '… ', found: false });
  if (end < text.length) out.push({ text: ' …', found: false });
  return out.filter((one) => one.text !== '');
}

/** A word's beginning, a little before the first of the hits that lie closest together. */
function startOf(text: string, hits: readonly number[]): number {
  let best = 0;
  let most = 0;
  hits.forEach((first, i) => {
    const near = hits.slice(i).filter((one) => one < first + LENGTH * 0.7).length;
    if (near > most) [best, most] = [first, near];
  });
  const from = best - LENGTH * 0.2;
  return from <= 0 ? 0 : text.indexOf(' ', from) + 1;
}
