/** All chapters: of the papers that have a text, that; of the others, what their entry gives. */
import { PAPERS } from '../../papers/index.ts';
import type { Chapter, ChapterName } from './chapter.ts';
import { generatedChapter } from './generated.ts';
import { writtenChapter } from './written.ts';

/** @param texts Markdown by id of the paper */
export function chaptersOf(texts: Readonly<Record<string, string>>): Chapter[] {
  const unknown = Object.keys(texts).filter((id) => !PAPERS.some((paper) => paper.id === id));
  if (unknown.length > 0) throw new RangeError(`chapters of papers that are not on the shelf: ${unknown.join(', ')}`);
  const chapters = PAPERS.map((paper) => {
    const text = texts[paper.id];
    try {
      return text === undefined ? generatedChapter(paper) : writtenChapter(paper, text);
    } catch (error) {
      throw new RangeError(`the chapter of ${paper.id}: ${(error as Error).message}`);
    }
  });
  return [...chapters.filter(({ written }) => written), ...chapters.filter(({ written }) => !written)];
}

export const namesOf = (chapters: readonly Chapter[]): ChapterName[] =>
  chapters.map(({ id, title, authors, venue, written, figures }) => ({ id, title, authors, venue, written, figures }));
