/** A paper of the shelf by its id; apart from presets, so that a list of papers loads no spec. */
import { messages, UserError } from '../errors.ts';
import { PAPERS } from '../papers/index.ts';
import type { Paper } from '../papers/paper.ts';

/** @throws UserError */
export function findPaper(id: string): Paper {
  const paper = PAPERS.find((one) => one.id === id);
  if (!paper)
    throw new UserError(
      messages.unknownPaper(
        id,
        PAPERS.map((one) => one.id),
      ),
    );
  return paper;
}
