/** What a paper's entry holds: data only. */
import type { SpecInput } from '../experiments/spec.ts';
import type { Powers, SymbolId } from '../notation.ts';
import type { Kind } from '../figures/kinds.ts';
import type { Check } from '../verification/check.ts';
import type { PresetData } from './data-sets.ts';

/** A paper of the shelf: whom to cite, and what of it can be reproduced. */
export interface Paper {
  /** `kou-2023` */
  readonly id: string;
  /** as it was published */
  readonly title: string;
  /** full names, in the paper's order */
  readonly authors: readonly string[];
  /** of the venue */
  readonly year: number;
  /** `ICML 2023`; `unpublished` and its like for one that is not there */
  readonly venue: string;
  /** absent for a paper that is not there */
  readonly arxiv?: string;
  /** its entry in BibTeX */
  readonly bibtex: string;
  /** first figure is the default */
  readonly figures: readonly PaperFigure[];
}

/** A figure or a claim of a paper. */
export interface PaperFigure {
  /** `heat-map`: `kou-2023/heat-map` names it */
  readonly id: string;
  /** what it shows, and whether the setting is ours */
  readonly title: string;
  /** first variant is the default */
  readonly variants: readonly Variant[];
  /** error level of the thresholded map and of the fitted contour; absent: none */
  readonly level?: number;
  /** what is drawn; absent: maps (two numeric axes) or curves (one) of test error and training loss */
  readonly shows?: readonly Show[];
  /** size of the table that `--against` compares with cell by cell; absent: none can be compared */
  readonly table?: { readonly rows: number; readonly columns: number };
}

/** One drawing of a sweep. */
export interface Show {
  readonly value: SymbolId;
  /** how it is drawn; absent: a curve with `along`, a map over the first two numeric axes without */
  readonly kind?: Kind;
  /** logarithmic scale of the value */
  readonly log?: boolean;
  /** along this axis (its column's name), one line for each value of the others */
  readonly along?: string;
  /** two colours, above and up to this level, instead of a colour scale (maps) */
  readonly threshold?: number;
  /** this axis (its column's name) is drawn by its reciprocal: 1/‖μ‖ */
  readonly inverse?: string;
  /** maps: where the rows fall through this level, with 95 % intervals */
  readonly contour?: number;
  /** maps: what statements say of either axis, as lines in the panels that they are about */
  readonly theory?: readonly {
    /** one with a bound on that axis, or borders between regimes */
    readonly statement: string;
    readonly constants?: Readonly<Record<string, number>>;
    readonly label: string;
  }[];
  /**
   * with `along`, two panels instead of a curve: the lines over the parameter itself, and over this control parameter,
   * a product of powers of the cell's own numbers (units carried out); both logarithmic. At most two further axes: one
   * is the colour, the other the sign
   */
  readonly against?: Powers;
  /** with `against`: a closed form beside the lines (theory/predictions) */
  readonly prediction?: string;
  /**
   * with `along` and `against`, level sets instead: where each line crosses `level`, as the control parameter there,
   * over an axis of numbers (its column's name); the other axes are the colour. A control parameter lies flat
   */
  readonly level?: { readonly at: number; readonly over: string };
}

/** One way to make a figure: what is run, and what is checked. */
export interface Variant {
  /** unique within its figure */
  readonly id: string;
  /** known to give other numbers than the published ones: its rejection is the checks' negative control */
  readonly control?: true;
  /** one sentence: what is run */
  readonly says: string;
  /** what is run, as plain data: `lab.spec` reads it */
  readonly spec: SpecInput;
  /** data that its runs are made of and that the user must have; absent: none */
  readonly needs?: PresetData;
  /** axes of the coarse map over the same range */
  readonly quickAxes: Readonly<Record<string, unknown>>;
  /** runs a cell of the coarse map, >= 1 */
  readonly quickRuns: number;
  /** what is held against published numbers, statements or bounds named beforehand */
  readonly checks: readonly Check[];
  /** how it departs from the paper's text or code, known beforehand */
  readonly deviations: readonly string[];
  /**
   * conditions of its paper's statements that its cells leave, by id (`karhadkar-2024/assumption-1/initial-norm`), each
   * with the largest factor over the cells, C = 1, δ = .1; the shelf fills it in from leaves.ts
   */
  readonly leaves?: Readonly<Record<string, number>>;
}
