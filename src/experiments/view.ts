/** A picture that is asked for: which quantity plays which role. A spec names some, the command line and programs ask for one. */

export const SHOWS = ['means', 'quantiles', 'runs'] as const;
/** Scales that can be asked for. */
export const SCALED = ['x', 'y', 'color'] as const;
export type Scaled = (typeof SCALED)[number];
export const ROLES = ['x', 'y', 'color', 'facet'] as const;
export type RoleName = (typeof ROLES)[number];

/**
 * Which quantities a picture of runs shows, and how. A role is a column of the table, a parameter by its path, symbol or
 * letter, `S`, `SNR`, or a formula of symbols: `n*mu^4/(sigmaP^4*d)`.
 */
export interface PlotView {
  /** of its files; absent: made of what it shows */
  readonly name?: string;
  /** of the picture; absent: names what is shown */
  readonly title?: string;
  /** absent: the numeric axis with the most values */
  readonly x?: string;
  /** absent: testError; a parameter: a map, whose colour is a measured quantity */
  readonly y?: string;
  /** one line a value (curves), the quantity shown (maps); absent: what the runs differ in */
  readonly color?: string;
  /** one panel a value */
  readonly facet?: string;
  /** logarithmic scales; where nothing is said an axis of the spec keeps its own, and other parameters over a decade or more are logarithmic */
  readonly log?: readonly Scaled[];
  /** linear next to 0 and logarithmic beyond */
  readonly symlog?: readonly Scaled[];
  /** means with 95 % intervals (absent), medians with the band from the .1- to the .9-quantile over runs, or means and every run as a point */
  readonly show?: (typeof SHOWS)[number];
  /** conditions on parameters that all drawn cells meet: `m=10`, `d>=400`, `noise=gaussian` */
  readonly where?: readonly string[];
  /** levels of the quantity: contours of a map, lines across curves */
  readonly level?: readonly number[];
  /** what theorems say of these cells: bounds beside curves, laws and borders of regimes on maps */
  readonly theory?: boolean;
  /** other classifiers on the same draws, as far as the records have them, and closed forms for them */
  readonly baselines?: boolean;
  /** beside the picture over a parameter the same over `x`, by default S */
  readonly collapse?: boolean;
}

/** Its keys, in the order in which they are listed. */
export const VIEW_KEYS = [
  'name',
  'title',
  'x',
  'y',
  'color',
  'facet',
  'log',
  'symlog',
  'show',
  'where',
  'level',
  'theory',
  'baselines',
  'collapse',
] as const satisfies readonly (keyof PlotView)[];

/** A view as it is written: one word where a list has one entry. */
export type PlotViewInput = Omit<PlotView, 'log' | 'symlog' | 'where' | 'level'> & {
  readonly [key in 'log' | 'symlog' | 'where' | 'level']?: NonNullable<PlotView[key]>[number] | PlotView[key];
};

/** The view with lists where lists may stand. */
export function asView(written: PlotViewInput): PlotView {
  const listed = Object.fromEntries(
    (['log', 'symlog', 'where', 'level'] as const).flatMap((key) => {
      const value = written[key];
      return value === undefined ? [] : [[key, Array.isArray(value) ? value : [value]]];
    }),
  );
  return { ...written, ...listed } as PlotView;
}
