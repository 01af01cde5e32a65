/**
 * How words become terms of the search, in the build and in the browser. Symbols are found however they are written:
 * σ_p, sigma_p and sigmaP are one term, and so are the parts of `data.mu` and `testErrorClean`.
 */
import type MiniSearch from 'minisearch';
import type { Options } from 'minisearch';

/** What is found: a section of a page. */
export interface Found {
  readonly place: string;
  /** anchor; empty: the page */
  readonly anchor: string;
  /** words of the page's title and of the headings down to its own */
  readonly path: readonly string[];
  readonly text: string;
}

/** As it lies in its file: texts, and the index of them by their place in the list. */
export interface SearchFile {
  readonly sections: readonly Found[];
  readonly index: ReturnType<MiniSearch['toJSON']>;
}

export const WORD = /[\p{L}\p{Nd}₀-₉]+(?:[._-]+[\p{L}\p{Nd}₀-₉]+)*/gu;

const GREEK: readonly string[] = (
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi ' +
  'chi psi omega'
).split(' ');
const FIRST = 'α'.codePointAt(0)!;

/** One way to write a term: small, Greek letters by their names, without signs. */
export const normal = (word: string): string =>
  word
    .normalize('NFKD')
    .replace(/\p{M}|[._-]/gu, '')
    .toLowerCase()
    .replace(/[α-ω]/g, (letter) => GREEK[letter.codePointAt(0)! - FIRST]!);

/** Terms of a text: every word as a whole, the parts between its signs, and theirs. */
export const termsOf = (text: string): string[] =>
  [...text.matchAll(WORD)].flatMap(([word]) => [...new Set([word, ...partsOf(word)])]);

export const partsOf = (word: string): string[] => {
  const parts = word.split(/[._-]+/);
  const humps = parts.flatMap((part) => part.split(/(?<=\p{Ll})(?=\p{Lu})/u));
  return [...parts, ...humps].filter((part) => part.length > 1);
};

/** Terms that are asked for: what has a hyphen is two words. */
export const askedOf = (query: string): string[] =>
  [...query.matchAll(WORD)].flatMap(([word]) => word.split('-')).filter((word) => word !== '');

export const OPTIONS: Options<{ id: number; title: string; path: string; text: string }> = {
  fields: ['title', 'path', 'text'],
  tokenize: termsOf,
  processTerm: (term) => normal(term) || null,
  searchOptions: {
    tokenize: askedOf,
    boost: { title: 5, path: 2 },
    prefix: (term) => term.length > 2,
    combineWith: 'AND',
  },
};
