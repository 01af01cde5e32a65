/** Checks as data, and what comes of one: types shared by the papers shelf and the code that carries the checks out. */
import type { Bounds, Interval, Word } from '../core/verdict.ts';
import type { Powers, SymbolId } from '../notation.ts';

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

/**
 * test: the bound comes from elsewhere than these runs: a published number, algebra, a control, a confirmation named
 * beforehand. guard: it was set after looking, describes what was measured, and watches over it.
 */
export type Basis = 'test' | 'guard';

/** Closed bounds named beforehand; one of the two at least. */
export interface Limits {
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** How far from a point counts as equal to it (an equivalence margin), and why so far. */
export interface Margin {
  readonly within: number;
  readonly because: string;
  /** of this margin, where it is not the check's */
  readonly basis?: Basis;
}

/** A published mean. Its standard error: `se` and the sampling error of `trials` in quadrature. */
export interface PublishedMean extends Margin {
  readonly value: number;
  /** standard error of what is not sampling, e.g. of reading a picture; default 0 */
  readonly se?: number;
  /** runs behind the published mean; the spread of one is taken from our runs within a cell */
  readonly trials?: number;
}

/** What every check has. */
export interface Named {
  readonly id: string;
  /** the claim in words */
  readonly says: string;
  /** default: guard */
  readonly basis?: Basis;
  /** where the bounds come from, where that is not plain */
  readonly because?: string;
  /**
   * what the number would be in named other variants, known beforehand: the check says whether its power suffices to
   * tell them apart
   */
  readonly alternatives?: Readonly<Record<string, number>>;
}

/**
 * Statements about observables over the cells of a sweep. Each is judged by an interval: holds when it lies within the
 * bounds, fails when it lies wholly beyond, else undecided.
 */
export type Claim = Named &
  /** the mean over cells (each cell's runs first): equivalent to a published one, or within bounds */
  (
    | ({
        readonly kind: 'mean';
        readonly of: SymbolId;
        readonly where?: Where;
        readonly published?: PublishedMean;
      } & Limits)
    /**
     * a published number of one run, by its rank among our runs of one cell: fails where it lies beyond them at the
     * level of the verdict, whatever the law of a run is; it never holds
     */
    | { readonly kind: 'rank'; readonly of: SymbolId; readonly where?: Where; readonly published: number }
    /**
     * at least this share of all runs lie within the bounds. Share 1, the default, has no exception: one run refutes
     * it, and while there is none it holds, with the rate of exceptions that so many runs exclude
     */
    | ({ readonly kind: 'every'; readonly of: SymbolId; readonly where?: Where; readonly share?: number } & Limits)
    /**
     * the same of the runs that meet the statement's conditions, held against its bounds, with these constants instead
     * of its own; not applicable while none meets them
     */
    | {
        readonly kind: 'statement';
        readonly statement: string;
        readonly where?: Where;
        readonly share?: number;
        readonly constants?: Readonly<Record<string, number>>;
      }
    /** at least this share (default 1) of all runs fit every training label */
    | { readonly kind: 'fitted'; readonly share?: number }
    /** mean excess error (test error - p) over the cells with the control parameter S in a closed interval */
    | ({ readonly kind: 'excess'; readonly S: readonly [number, number] } & Limits)
    /** mean of the run-by-run difference a - b: above or below a value */
    | {
        readonly kind: 'paired';
        readonly of: SymbolId;
        readonly a: Where;
        readonly b: Where;
        readonly above?: number;
        readonly below?: number;
      }
    /**
     * the same number at a and at b, run by run of common draws: no difference is above `within`, so that one run
     * refutes it (as `every`). A run without a number at one of them alone is an exception
     */
    | {
        readonly kind: 'same';
        readonly of: SymbolId;
        readonly a: Where;
        readonly b: Where;
        readonly within: number;
      }
    /** mean at a over mean at b */
    | ({ readonly kind: 'ratio'; readonly of: SymbolId; readonly a: Where; readonly b: Where } & Limits)
    /**
     * slope of log mean against log of an axis within an interval. Of fewer than five points, or where a line through
     * them is rejected (no power law over this range), every slope from one point to the next is held against it
     */
    | {
        readonly kind: 'slope';
        readonly of: SymbolId;
        readonly along: string;
        readonly where?: Where;
        readonly between: readonly [number, number];
      }
    /**
     * from one end of an axis to the other the mean rises (or falls), and every step from one value to the next goes
     * the same way, or back by no more than this share of the whole change (default .1)
     */
    | {
        readonly kind: 'trend';
        readonly of: SymbolId;
        readonly along: string;
        readonly where?: Where;
        readonly direction: 'rises' | 'falls';
        readonly back?: number;
      }
    /** the place on axis `along` at which a falling mean crosses `level`, at a over the one at b; without b, itself */
    | ({
        readonly kind: 'level-ratio';
        readonly of: SymbolId;
        readonly along: string;
        readonly level: number;
        readonly a: Where;
        readonly b?: Where;
      } & Limits)
    /** how far that place moves from b to a, as a share of its move from d to c, both on a log scale */
    | ({
        readonly kind: 'level-shift';
        readonly of: SymbolId;
        readonly along: string;
        readonly level: number;
        readonly a: Where;
        readonly b: Where;
        readonly c: Where;
        readonly d: Where;
      } & Limits)
    /**
     * Lines along one axis that differ in axis `over`, drawn against a control parameter (a product of powers of the
     * cell's own numbers, units carried out): the standard deviation of where they cross `level`, over the one without
     * rescaling, both in log along and within the groups that the other axes make. 0 is a collapse, 1 is none
     */
    | ({
        readonly kind: 'collapse';
        readonly of: SymbolId;
        readonly along: string;
        readonly against: Powers;
        readonly level: number;
        readonly over: string;
        readonly where?: Where;
      } & Limits)
    /** slope of the log of that control parameter at the crossing against log of `over`, the same for all groups */
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
}

/** Checks against published tables: block-means makes two comparisons, level-sets three. */
export type Check =
  | Claim
  /**
   * level sets, rows averaged in so many groups of one size: our means, with the noise of the published map drawn on
   * them and read in its way; over the levels the weighted mean difference of slopes, and of the logarithms of the
   * first and the last place, within the margin; refuted as well by any single level wholly beyond it. Noise of both
   * sides: from the grid's `runSd`
   */
  | (Named & {
      readonly kind: 'level-sets';
      readonly grid: PublishedBlocks;
      readonly groups: number;
      /** of the published map: its columns, and its rows in a group */
      readonly columns: readonly number[];
      readonly rowsInGroup: number;
      readonly levels: readonly PublishedLevel[];
      readonly slope: Margin;
      /** of the logarithm of a place */
      readonly place: Margin;
    })
  /**
   * means over rows of blocks, and over columns of blocks, each within the margin of the published ones; the root mean
   * square over blocks of the true differences at most the margin; refuted as well by any single block wholly beyond
   * it. Needs `runSd`
   */
  | (Named & {
      readonly kind: 'block-means';
      readonly observable: 'testError';
      readonly blocks: PublishedBlocks;
      readonly margin: Margin;
    })
  /**
   * medians over a block's cells, rows from `fromRow` on: the geometric mean over blocks of ours / published within
   * 1/factor and factor; refuted as well by any single block wholly beyond it
   */
  | (Named & {
      readonly kind: 'block-medians';
      readonly observable: 'trainLoss';
      readonly blocks: PublishedBlocks;
      readonly factor: number;
      readonly because: string;
      readonly fromRow: number;
    });

/** A fourth word for what has nothing to speak of: it never counts as holds. */
export type Verdict = Word | 'not-applicable';

/** What a comparison can notice. */
export interface Power {
  /** how far beyond the margin the truth must lie to be found with probability .9, in the units of `ours` */
  readonly finds: number | null;
  /**
   * undecided: runs in all with which a word is said with probability .9, if the truth is where the estimate is; null
   * when no number of our runs suffices
   */
  readonly runs?: number | null;
  /** named alternatives: whether they would be found with probability .9 */
  readonly tells?: Readonly<Record<string, boolean>>;
}

/** One of several numbers behind a comparison. */
export interface Detail {
  readonly name: string;
  readonly ours: number;
  /** of the difference ours - published */
  readonly se: number;
  /** 1 for a ratio, 0 for a difference */
  readonly published: number;
  /** of `ours`, at alpha over the number of details */
  readonly interval: Interval;
  readonly verdict: Word;
  /** parameter values it is about */
  readonly at?: Readonly<Partial<Record<SymbolId, number>>>;
}

/** One number of ours held against bounds named beforehand. */
export interface Comparison {
  readonly id: string;
  /** the claim, and in brackets how it was looked at */
  readonly says: string;
  readonly basis: Basis;
  readonly ours: number | null;
  /** standard error, that of the published number included; null where there is none */
  readonly se: number | null;
  readonly published: number | null;
  /** of coverage 1 - alpha; null where there is none */
  readonly interval: Interval | null;
  /** within which the interval must lie; an end that is infinite (null in JSON) is open */
  readonly margin: Bounds;
  readonly verdict: Verdict;
  readonly power: Power;
  /** parameter values the comparison is about */
  readonly at?: Readonly<Partial<Record<SymbolId, number>>>;
  readonly details?: readonly Detail[];
}
