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
  const own = paths.flatMap((path) => {
    const [, sheet] = new RegExp(`^docs/(?:(reproductions[^/]*)/)?${paper}\\.md$`).exec(path) ?? [];
    if (sheet === undefined && path !== `docs/${paper}.md`) return [];
    const of = sheet?.replace(/^reproductions-?/, '');
    const words = of === undefined ? 'how it is reproduced' : `what came out${of === '' ? '' : ` (${of})`}`;
    return [{ words, to: `docs/${placeOf(path, 'page')}` }];
  });
  const told = statements.includes(`\n## ${paper}\n`);
  return told ? [...own, { words: 'its statements and their sources', to: `docs/statements.html#${paper}` }] : own;
}
