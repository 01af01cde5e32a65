/** Pages of the documentation about a paper, for its chapter. */
import { placeOf } from './places.ts';

export interface About {
  readonly words: string;
  /** from the page's folder */
  readonly to: string;
}

/**
 * @param paths Markdown that there is
 * @param statements the page of statements, which has a section for papers whose theorems are told
 */
export function pagesAbout(paper: string, paths: readonly string[], statements: string): About[] {
  const own = ['docs', 'docs/reproductions']
    .map((folder) => `${folder}/${paper}.md`)
    .filter((path) => paths.includes(path))
    .map((path) => ({
      words: path.includes('reproductions') ? 'what came out' : 'how it is reproduced',
      to: `docs/${placeOf(path, 'page')}`,
    }));
  const told = statements.includes(`\n## ${paper}\n`);
  return told ? [...own, { words: 'its statements and their sources', to: `docs/statements.html#${paper}` }] : own;
}
