/** What a chapter is on its way from the build to the page: plain data, one file a chapter. */

/** An entry of the list of chapters. */
export interface ChapterName {
  /** id of its paper */
  readonly id: string;
  readonly title: string;
  readonly authors: string;
  readonly venue: string;
  /** written by hand, not made of the paper's entry */
  readonly written: boolean;
  readonly figures: number;
}

export interface Chapter extends ChapterName {
  readonly arxiv?: string;
  /** pages of the documentation about the paper, with their addresses from the page's folder */
  readonly pages?: readonly { readonly words: string; readonly to: string }[];
  readonly parts: readonly ChapterPart[];
}

export type ChapterPart =
  | {
      readonly kind: 'text';
      /** made of our own text alone: no script, no style, no address but links */
      readonly html: string;
    }
  | { readonly kind: 'figure'; readonly figure: ChapterFigure };

export type FigureView = 'map' | 'run' | 'both';

/** A figure of the paper, live. */
export interface ChapterFigure {
  /** unique within its chapter; words of the text name it */
  readonly id: string;
  readonly title: string;
  /** HTML, as in a text */
  readonly caption: string;
  readonly view: FigureView;
  /** first: the one that is shown */
  readonly variants: readonly ChapterVariant[];
}

/** One way to make it: a variant of the figure's preset. */
export interface ChapterVariant {
  /** PAPER/FIGURE/VARIANT */
  readonly preset: string;
  readonly id: string;
  readonly says: string;
  /** the page's state, as an address has it; absent: it cannot be drawn here */
  readonly hash?: string;
  /** why not, in a sentence */
  readonly why?: string;
  /** enough runs for a verdict take seconds only */
  readonly judged: boolean;
  /** what this page draws of it, and what the preset has */
  readonly size: string;
  /** what makes it whole */
  readonly command: string;
  /** how it departs from the paper */
  readonly deviations: readonly string[];
  /** what is held against numbers, in words */
  readonly checks: readonly string[];
  /** conditions of the paper's statements that it leaves, and by what factor */
  readonly leaves: readonly string[];
  readonly marks: readonly MapMark[];
}

/** A published number, laid over the map. */
export interface MapMark {
  /** what it is of: a value of the map, or a place where the map crosses a level */
  readonly kind: 'value' | 'level';
  /** ends of the cells that it is the mean of; equal where it is one */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly value: number;
  readonly label: string;
}
