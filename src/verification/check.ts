/** Checks as data, and what comes of one: types shared by the papers shelf and the code that carries the checks out. */
import type { SymbolId } from '../notation.ts';

/** A published number for a block of cells: x and y values within closed intervals. */
export interface PublishedBlocks {
  /** parameter along the rows, e.g. data.d */
  readonly rowPath: string;
  /** parameter along the columns, e.g. data.mu */
  readonly columnPath: string;
  readonly rowIntervals: readonly (readonly [number, number])[];
  readonly columnIntervals: readonly (readonly [number, number])[];
  /** rows x columns */
  readonly values: readonly (readonly number[])[];
  /** cells in a block of the published grid */
  readonly cellsPerBlock: number;
  /** runs in a published cell */
  readonly runsPerCell: number;
  /** test points in a published run: 0 when the number is no test error */
  readonly testPoints: number;
  /** standard deviation of one run within a cell, rows x columns, measured by us with many runs */
  readonly runSd?: readonly (readonly number[])[];
}

export type Check =
  /** |ours - published| <= tolerance, |z| <= z, and the blocks' chi-square has p > p; needs `runSd` */
  | { readonly kind: 'block-means'; readonly id: string; readonly observable: 'testError'; readonly blocks: PublishedBlocks; readonly tolerance: number; readonly z: number; readonly p: number }
  /**
   * medians over a block's cells, rows from `fromRow` on: the median over blocks of ours / published is within the factor, and so is every block (in a coarse run: or within 4 standard errors of 1)
   */
  | { readonly kind: 'block-medians'; readonly id: string; readonly observable: 'trainLoss'; readonly blocks: PublishedBlocks; readonly factor: number; readonly fromRow: number }
  /** at least this fraction of all runs fit every training label */
  | { readonly kind: 'fitted'; readonly id: string; readonly atLeast: number }
  /** mean excess error (test error - p) over the cells with the control parameter S in an interval, at most or at least a value (in a coarse run: to within 3 standard errors) */
  | { readonly kind: 'excess'; readonly id: string; readonly S: readonly [number, number]; readonly atMost?: number; readonly atLeast?: number };

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
