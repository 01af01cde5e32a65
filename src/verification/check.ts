/** Checks as data, and what comes of one: types shared by the papers shelf and the code that carries the checks out. */
import type { SymbolId } from '../notation.ts';
import type { Powers } from '../theory/transition-laws.ts';

export type { Powers };

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

/** Cells by their coordinates: value (or closed interval) of axes, by the names of the table's columns. */
export type Where = Readonly<Record<string, number | string | boolean | readonly [number, number]>>;

/** Statements about observables over the cells of a sweep. `says` is the claim in words. */
export type Claim = { readonly id: string; readonly says: string } &
  /**
   * the mean over cells (each cell's runs first): against a published number, |z| <= z; or within bounds (in a coarse
   * run: to within 3 SE). The published number's standard error: publishedSe, plus sd / sqrt(publishedTrials) with the
   * sd of our trials within a cell
   */
  (
    | {
        readonly kind: 'mean';
        readonly of: SymbolId;
        readonly where?: Where;
        readonly published?: number;
        readonly publishedSe?: number;
        readonly publishedTrials?: number;
        readonly z?: number;
        readonly atMost?: number;
        readonly atLeast?: number;
      }
    /** at least this share (default 1) of all runs lie within the bounds */
    | {
        readonly kind: 'every';
        readonly of: SymbolId;
        readonly where?: Where;
        readonly atMost?: number;
        readonly atLeast?: number;
        readonly share?: number;
      }
    /**
     * at least this share (default 1) of the runs that meet the statement's conditions, and one at least, keep within
     * its bounds; with these constants instead of its own
     */
    | {
        readonly kind: 'statement';
        readonly statement: string;
        readonly where?: Where;
        readonly share?: number;
        readonly constants?: Readonly<Record<string, number>>;
      }
    /**
     * mean of the run-by-run difference a - b, under `coupling: common`: its 95 % interval lies above (or below) a
     * value
     */
    | {
        readonly kind: 'paired';
        readonly of: SymbolId;
        readonly a: Where;
        readonly b: Where;
        readonly above?: number;
        readonly below?: number;
      }
    /** mean at a over mean at b within bounds, to within 2 SE */
    | {
        readonly kind: 'ratio';
        readonly of: SymbolId;
        readonly a: Where;
        readonly b: Where;
        readonly atMost?: number;
        readonly atLeast?: number;
      }
    /** slope of log mean against log of an axis within an interval, to within 2 SE */
    | {
        readonly kind: 'slope';
        readonly of: SymbolId;
        readonly along: string;
        readonly where?: Where;
        readonly between: readonly [number, number];
      }
    /**
     * from one end of an axis to the other the mean rises (or falls) by more than 3 SE, and no step goes the other way
     * by more than 4 SE
     */
    | {
        readonly kind: 'trend';
        readonly of: SymbolId;
        readonly along: string;
        readonly where?: Where;
        readonly direction: 'rises' | 'falls';
      }
    /**
     * the place on axis `along` at which a falling mean crosses `level`, at a over the one at b: within bounds, to
     * within 2 SE
     */
    | {
        readonly kind: 'level-ratio';
        readonly of: SymbolId;
        readonly along: string;
        readonly level: number;
        readonly a: Where;
        readonly b: Where;
        readonly atMost?: number;
        readonly atLeast?: number;
      }
    /**
     * how far that place moves from b to a, as a share of its move from d to c, both on a log scale: at most (to within
     * 2 SE)
     */
    | {
        readonly kind: 'level-shift';
        readonly of: SymbolId;
        readonly along: string;
        readonly level: number;
        readonly a: Where;
        readonly b: Where;
        readonly c: Where;
        readonly d: Where;
        readonly atMost: number;
      }
    /**
     * Lines along one axis that differ in axis `over`, drawn against a control parameter (a product of powers of the
     * cell's own numbers, units carried out): the standard deviation of where they cross `level`, over the one without
     * rescaling, both in log along and within the groups that the other axes make. 0 is a collapse, 1 is none. Within
     * bounds with 2 SE to spare (in a coarse run: to within 2 SE)
     */
    | {
        readonly kind: 'collapse';
        readonly of: SymbolId;
        readonly along: string;
        readonly against: Powers;
        readonly level: number;
        readonly over: string;
        readonly where?: Where;
        readonly atMost?: number;
        readonly atLeast?: number;
      }
    /**
     * slope of the log of that control parameter at the crossing against log of `over`, the same for all groups: within
     * an interval with 2 SE to spare (in a coarse run: to within 2 SE)
     */
    | {
        readonly kind: 'level-slope';
        readonly of: SymbolId;
        readonly along: string;
        readonly against: Powers;
        readonly level: number;
        readonly over: string;
        readonly where?: Where;
        readonly between: readonly [number, number];
      }
  );

/** A published level set of a map: where it is in the first and the last group of rows, and its log-log slope. */
export interface PublishedLevel {
  readonly level: number;
  readonly first: number;
  readonly last: number;
  readonly slope: number;
  /** standard deviations of these three for a map of the published design, measured by us over many */
  readonly sd: { readonly first: number; readonly last: number; readonly slope: number };
}

export type Check =
  | Claim
  /**
   * for each level the slope of its set, and its first and last place, rows averaged in so many groups of one size: |z|
   * at most so much against the published ones. Our standard error: from the grid's `runSd`; theirs: `sd`
   */
  | {
      readonly kind: 'level-sets';
      readonly id: string;
      readonly grid: PublishedBlocks;
      readonly groups: number;
      readonly levels: readonly PublishedLevel[];
      readonly z: {
        readonly slope: number;
        /** first crossings have heavier tails than normal ones */ readonly place: number;
      };
    }
  /** |ours - published| <= tolerance, |z| <= z, and the blocks' chi-square has p > p; needs `runSd` */
  | {
      readonly kind: 'block-means';
      readonly id: string;
      readonly observable: 'testError';
      readonly blocks: PublishedBlocks;
      readonly tolerance: number;
      readonly z: number;
      readonly p: number;
    }
  /**
   * medians over a block's cells, rows from `fromRow` on: the median over blocks of ours / published is within the
   * factor, and so is every block (in a coarse run: or within 4 standard errors of 1)
   */
  | {
      readonly kind: 'block-medians';
      readonly id: string;
      readonly observable: 'trainLoss';
      readonly blocks: PublishedBlocks;
      readonly factor: number;
      readonly fromRow: number;
    }
  /** at least this fraction of all runs fit every training label */
  | { readonly kind: 'fitted'; readonly id: string; readonly atLeast: number }
  /**
   * mean excess error (test error - p) over the cells with the control parameter S in an interval, at most or at least
   * a value (in a coarse run: to within 3 standard errors)
   */
  | {
      readonly kind: 'excess';
      readonly id: string;
      readonly S: readonly [number, number];
      readonly atMost?: number;
      readonly atLeast?: number;
    };

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
