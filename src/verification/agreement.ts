/** Carries out the checks of a variant: every comparison with its word, and what they say together. */
import { ALPHA, spentOnLook, together, type Word } from '../core/verdict.ts';
import type { Frame } from '../experiments/frame.ts';
import { blockMeans, blockMedians } from './blocks.ts';
import type { Basis, Check, Comparison } from './check.ts';
import { claim } from './claims.ts';
import { publishedLevels } from './published-levels.ts';

/** How wrong the words of a page may be, all of them together. */
export interface Judging {
  /** of all verdicts of the page at all looks; default ALPHA */
  readonly alpha?: number;
  /** which look at these data, growing from one to the next: 1, 2, ... */
  readonly look?: number;
  /** verdicts on the page; default: those of these checks */
  readonly verdicts?: number;
}

export interface Agreement {
  readonly comparisons: readonly Comparison[];
  readonly verdict: Word;
  /** the same of the tests, and of the guards, alone; null where there is none */
  readonly byBasis: Readonly<Record<Basis, Word | null>>;
  /** alternatives that checks name and none tells apart */
  readonly untold: readonly string[];
  /** alpha of the page, what this look spends of it, and over how many verdicts */
  readonly alpha: number;
  readonly look: number;
  readonly spent: number;
  readonly verdicts: number;
}

/** How many verdicts a check makes, whatever the runs are. */
export const verdictsOf = ({ kind }: Check): number =>
  ({ 'block-means': 2, 'level-sets': 3 })[kind as 'level-sets'] ?? 1;

/** @param more comparisons beside those of the checks, and how many they are */
export function agreement(
  frame: Frame,
  checks: readonly Check[],
  { alpha = ALPHA, look = 1, verdicts }: Judging = {},
  more?: { readonly verdicts: number; readonly make: (alpha: number) => readonly Comparison[] },
): Agreement {
  const own = checks.reduce((sum, check) => sum + verdictsOf(check), 0) + (more?.verdicts ?? 0);
  const of = verdicts ?? Math.max(1, own);
  const spent = spentOnLook(alpha, look);
  const comparisons = [
    ...checks.flatMap((check) => carryOut(frame, check, spent / of)),
    ...(more?.make(spent / of) ?? []),
  ];
  const word = (some: readonly Comparison[]): Word =>
    together(some.flatMap(({ verdict }) => (verdict === 'not-applicable' ? [] : [verdict])));
  const tells = comparisons.flatMap(({ power }) => Object.entries(power.tells ?? {}));
  return {
    comparisons,
    verdict: word(comparisons),
    byBasis: Object.fromEntries(
      (['test', 'guard'] as const).map((basis) => {
        const some = comparisons.filter((one) => one.basis === basis);
        return [basis, some.length > 0 ? word(some) : null];
      }),
    ) as Record<Basis, Word | null>,
    untold: [...new Set(tells.map(([name]) => name))].filter(
      (name) => !tells.some(([other, told]) => other === name && told),
    ),
    alpha,
    look,
    spent,
    verdicts: of,
  };
}

function carryOut(frame: Frame, check: Check, alpha: number): Comparison[] {
  switch (check.kind) {
    case 'block-means':
      return blockMeans(frame, check, alpha);
    case 'block-medians':
      return [blockMedians(frame, check, alpha)];
    case 'level-sets':
      return publishedLevels(frame, check, alpha);
    default:
      return [claim(frame, check, alpha)];
  }
}
