/** Questions to the search: exact words and beginnings first, then forgiving a letter or two, then any of the words. */
import MiniSearch, { type SearchOptions } from 'minisearch';
import { OPTIONS, type Found, type SearchFile } from './search-terms.ts';

export interface Answer {
  readonly found: Found;
  /** terms of the section that were asked for, as the index has them */
  readonly terms: readonly string[];
}

/** Names of types and results of single presets are many, and seldom what is meant. */
const BOOSTS: readonly (readonly [begin: string, boost: number])[] = [
  ['api', 0.4],
  ['reproductions', 0.6],
  ['validation/', 0.7],
];

export function askerOf({ sections, index }: SearchFile): (query: string) => Answer[] {
  const search = MiniSearch.loadJS(index, OPTIONS);
  const boostDocument = (id: number): number =>
    BOOSTS.find(([begin]) => sections[id]!.place.startsWith(begin))?.[1] ?? 1;
  const typo: SearchOptions = { fuzzy: (term) => (term.length > 3 ? 0.25 : false), boostDocument };
  return (query) => {
    for (const options of [{ boostDocument }, typo, { ...typo, combineWith: 'OR' as const }]) {
      const results = search.search(query, options);
      if (results.length > 0) return results.map(({ id, terms }) => ({ found: sections[id as number]!, terms }));
    }
    return [];
  };
}
