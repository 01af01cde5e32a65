/** What the page shows: all of it is in the address, so that an address restores it. */

/** A value of a parameter, as a cell has it. */
export type Value = number | string | boolean;
/** By path: `data.mu`, `seed`. */
export type Changes = Readonly<Record<string, Value>>;

export const ROOMS = ['lab', 'papers', 'data'] as const;
export type Room = (typeof ROOMS)[number];

/** Parts of the lab, which can be left out, or shown alone. */
export const PARTS = ['controls', 'map', 'run', 'filters', 'theory', 'share'] as const;
export type Part = (typeof PARTS)[number];

export const TIMES = ['linear', 'log', 'eta'] as const;
export type TimeScale = (typeof TIMES)[number];

/** What a map may show of a cell: means over runs, or the share of its runs that are benign. */
export const SHOWN = [
  'testError',
  'testErrorClean',
  'trainLoss',
  'trainError',
  'marginMin',
  'ratio',
  'benign',
  'steps',
] as const;
export type Shown = (typeof SHOWN)[number];

/** An axis of the map; what is not said is the preset's. */
export interface MapAxis {
  readonly path: string;
  readonly from?: number;
  readonly to?: number;
  readonly log?: boolean;
}

export interface PageState {
  readonly room: Room;
  /** of the room `papers`: the chapter that is open; '' for their list */
  readonly paper: string;
  /** PAPER/FIGURE/VARIANT: where all settings come from */
  readonly preset: string;
  /** the setting, as it differs from the preset */
  readonly set: Changes;
  /** a second setting, as it differs from the first; absent: none */
  readonly other?: Changes;
  readonly x?: MapAxis;
  readonly y?: MapAxis;
  readonly show: Shown;
  /** logarithmic colours */
  readonly log: boolean;
  /** cells along each side of the map */
  readonly grid: number;
  /** runs in each cell of the map */
  readonly mapRuns: number;
  /** runs that the verdict rests on */
  readonly runs: number;
  /** which run of the setting is played */
  readonly replicate: number;
  readonly time: TimeScale;
  /** the step that is shown; absent: the last one */
  readonly at?: number;
  readonly hide: readonly Part[];
  /** one part alone: for another page that embeds it */
  readonly only?: Part;
}

export const FIRST: PageState = {
  room: 'lab',
  paper: '',
  preset: 'kou-2023/heat-map/as-plotted',
  set: {},
  show: 'testError',
  log: false,
  grid: 48,
  mapRuns: 4,
  runs: 100,
  replicate: 0,
  time: 'linear',
  hide: [],
};

/** Ends of the whole numbers among them. */
export const WHOLE = {
  grid: { min: 4, max: 96 },
  mapRuns: { min: 1, max: 1000 },
  runs: { min: 1, max: 2000 },
  replicate: { min: 0, max: 1e9 },
  at: { min: 0, max: 1e9 },
} as const;
