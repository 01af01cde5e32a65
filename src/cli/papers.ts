/** `benign papers [ID]`: what can be reproduced. */
import { PAPERS } from '../papers/index.ts';
import { factorText } from '../reproduction/factor-text.ts';
import { findPaper } from '../reproduction/find-paper.ts';
import { printJson, say } from './context.ts';

export function papers(id: string | undefined, options: { json?: boolean }): void {
  if (options.json) {
    const list = (id === undefined ? PAPERS : [findPaper(id)]).map((paper) => ({
      id: paper.id,
      title: paper.title,
      figures: paper.figures.map((figure) => ({
        id: figure.id,
        variants: figure.variants.map((variant) => variant.id),
      })),
    }));
    printJson(list);
    return;
  }
  if (id === undefined) {
    for (const paper of PAPERS) say(`${paper.id}  ${paper.title} (${paper.venue})`);
    say('\nbenign papers ID shows the figures and variants of one, benign reproduce ID computes them.');
    return;
  }
  const paper = findPaper(id);
  say(`${paper.title}\n${paper.authors.join(', ')}. ${paper.venue}${paper.arxiv ? `, arXiv ${paper.arxiv}` : ''}`);
  for (const figure of paper.figures) {
    say(`\n${paper.id}/${figure.id}: ${figure.title}`);
    figure.variants.forEach((variant, at) => {
      say(`  ${variant.id}${at === 0 ? ' (default)' : ''}: ${variant.says}`);
      if (variant.needs) say(`    - needs ${variant.needs.points} (${variant.needs.says}): docs/real-data.md`);
      for (const deviation of variant.deviations) say(`    - ${deviation}`);
      const leaves = Object.entries(variant.leaves ?? {});
      if (leaves.length > 0)
        say(
          `    - of the paper's assumptions (C = 1, δ = 0.1) it leaves, at worst: ${leaves.map(([id, factor]) => `${id.slice(id.indexOf('/') + 1)} by ${factorText(factor)}`).join(', ')}`,
        );
    });
  }
  say(`\n${paper.bibtex}`);
}

/** `benign cite PAPER`. */
export function cite(id: string, options: { json?: boolean }): void {
  const paper = findPaper(id);
  if (options.json) printJson({ id: paper.id, bibtex: paper.bibtex });
  else say(paper.bibtex);
}
