/** The comparisons that the new ones replace; goes with the engine's next commit. */
import type { SymbolId } from '../notation.ts';
/** One number of ours held against a published or claimed one. */
export interface Comparison {
  readonly id: string;
  readonly ours: number | null;
  /** standard error of the difference ours - published (of the ratio for ratios); null where there is none */
  readonly se: number | null;
  readonly published: number | null;
  readonly tolerance: number;
  readonly ok: boolean;
  /** (ours - published) / se */
  readonly z?: number;
  /** how the tolerance is meant, and what could not be tested */
  readonly says: string;
  /** parameter values the comparison is about */
  readonly at?: Readonly<Partial<Record<SymbolId, number>>>;
}

/**
 * reproduced: every check holds at full precision; agrees in shape: every check holds as far as the precision goes, or
 * claims hold where no number was published; not reproduced: a check fails.
 */
export type Verdict = 'reproduced' | 'agrees in shape' | 'not reproduced';
