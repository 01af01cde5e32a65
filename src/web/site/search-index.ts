/** The file of the search, made with the site. */
import MiniSearch from 'minisearch';
import { OPTIONS, type Found, type SearchFile } from './search-terms.ts';

export function searchFileOf(sections: readonly Found[]): SearchFile {
  const search = new MiniSearch(OPTIONS);
  search.addAll(
    sections.map(({ path, text }, id) => ({ id, title: path.at(-1)!, path: path.slice(0, -1).join(' '), text })),
  );
  return { sections, index: search.toJSON() };
}
