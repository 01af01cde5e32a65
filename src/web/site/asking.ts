/** Questions to the search: exact words and beginnings first, then forgiving a letter or two, then any of the words. */
import MiniSearch, { type SearchOptions } from 'minisearch';
import { OPTIONS, type Found, type SearchFile } from './search-terms.ts';

export interface Answer {
  readonly found: Found;
  /** terms of the section that were asked for, as the index has them */
  readonly terms: readonly string[];
}

/** Names of types are many, and seldom what is meant. */
const OF_API = 0.4;

export function askerOf({ sections, index }: SearchFile): (query: string) => Answer[] {
  const search = MiniSearch.loadJS(index, OPTIONS);
  const boostDocument = (id: number): number => (sections[id]!.place.startsWith('api') ? OF_API : 1);
  const typo: SearchOptions = { fuzzy: (term) => (term.length > 3 ? 0.25 : false), boostDocument };
  return (query) => {
    for (const options of [{ boostDocument }, typo, { ...typo, combineWith: 'OR' as const }]) {
      const results = search.search(query, options);
      if (results.length > 0) return results.map(({ id, terms }) => ({ found: sections[id as number]!, terms }));
    }
    return [];
  };
}
