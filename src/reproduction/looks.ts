/**
 * Looks at a folder whose runs grow: each spends a part of alpha, so that the words of all looks together are wrong with
 * a chance of at most alpha.
 */
import { spentOnLook } from '../core/verdict.ts';

export interface Look {
  /** 1, 2, ... */
  readonly look: number;
  /** runs that it rested on */
  readonly runs: number;
  /** what was asked of them */
  readonly question: string;
  /** what it may spend of alpha: alpha 6/(pi² look²), the first one too */
  readonly spent: number;
}

/**
 * The looks with the present one last. The same question about the same runs is the look that it was: it says the same
 * again. Any other question, or any other runs, are a new look.
 *
 * @param before what an earlier report recorded; undefined without one
 */
export function looked(
  before: readonly Look[] | undefined,
  now: { readonly runs: number; readonly question: string },
  alpha: number,
): readonly Look[] {
  const looks = before ?? [];
  const same = looks.find(({ runs, question }) => runs === now.runs && question === now.question);
  if (same) return [...looks.filter((one) => one !== same), same];
  const look = looks.reduce((most, one) => Math.max(most, one.look), 0) + 1;
  return [...looks, { look, ...now, spent: spentOnLook(alpha, look) }];
}
