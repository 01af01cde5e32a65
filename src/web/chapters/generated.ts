/** A chapter made of its paper's entry: statements of the theory shelf, then every figure with every variant. */
import { typeset } from '../../figures/text.ts';
import type { Paper, PaperFigure } from '../../papers/paper.ts';
import { PROVENANCE } from '../../theory/statement.ts';
import { STATEMENTS } from '../../theory/index.ts';
import type { Chapter, ChapterFigure, ChapterName, ChapterPart } from './chapter.ts';
import { variantOf } from './figures.ts';
import { escapeHtml } from '../text/html.ts';

export const nameOf = (paper: Paper, written: boolean): ChapterName => ({
  id: paper.id,
  title: paper.title,
  authors: paper.authors.join(', '),
  venue: paper.venue,
  written,
  figures: paper.figures.length,
});

const text = (words: string): string => escapeHtml(typeset(words));

export function generatedChapter(paper: Paper): Chapter {
  const figures = paper.figures.map((figure): ChapterPart => ({ kind: 'figure', figure: figureOf(paper, figure) }));
  return {
    ...nameOf(paper, false),
    ...(paper.arxiv && { arxiv: paper.arxiv }),
    parts: [{ kind: 'text', html: leadOf(paper) }, ...figures],
  };
}

function leadOf(paper: Paper): string {
  const variants = paper.figures.reduce((sum, figure) => sum + figure.variants.length, 0);
  const statements = STATEMENTS.filter((one) => one.paper === paper.id);
  const lead = `<p>This chapter is made of the paper's entry on the shelf: ${many(paper.figures.length, 'figure')}, ${many(variants, 'variant')}. Each figure below is computed here, coarsely, in the preset's own setting; how it departs from the paper, what of the theory's assumptions it leaves and what is checked stand under it.</p>`;
  const theory =
    statements.length === 0
      ? ''
      : `<h3>What theory says</h3><dl class="statements">${statements
          .map(
            ({ source, title, says, formula, provenance }) =>
              `<dt>${text(source)}: ${text(title)}</dt><dd>${text(says)} <span class="formula">${text(formula)}</span> <small>(${text(PROVENANCE[provenance])})</small></dd>`,
          )
          .join('')}</dl>`;
  return `${lead}${theory}<h3>Figures</h3>`;
}

const many = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

function figureOf(paper: Paper, figure: PaperFigure): ChapterFigure {
  return {
    id: figure.id,
    title: typeset(figure.title),
    caption: '',
    view: 'both',
    variants: figure.variants.map((variant) => variantOf({ paper, figure, variant }, 'both')),
  };
}
