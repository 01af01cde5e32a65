/** What crosses between the page and the worker that knows the laboratory: plain data. */
import type { RunAnswer } from '../../answers/run.ts';
import type { RegimeReport, StatementReport } from '../../answers/theory-report.ts';
import type { Word } from '../../core/verdict.ts';
import type { Cell } from '../../experiments/cell.ts';
import type { Cast, Scene } from '../../experiments/watched-run.ts';
import type { RunRecord } from '../../experiments/record.ts';
import type { Figure } from '../../figures/figure.ts';
import type { SymbolId } from '../../notation.ts';
import type { PageState, Value } from '../state/page-state.ts';

/** A parameter of the setting. */
export interface Knob {
  readonly path: string;
  readonly value: Value;
  /** what the preset says, or notation */
  readonly standard: Value;
  /** it counts in this setting */
  readonly used: boolean;
  /** `d / n`: the value is this, and what the cell has follows from it */
  readonly scaled?: string;
}

/** An axis of the map as it is. */
export interface AxisOf {
  readonly path: string;
  /** of the table's column */
  readonly name: string;
  /** `‖μ‖, norm of the signal` */
  readonly label: string;
  readonly glyph: string;
  readonly from: number;
  readonly to: number;
  readonly log: boolean;
  readonly values: readonly number[];
}

/** What there is to say of a state before anything is computed. */
export interface Described {
  readonly preset: {
    readonly id: string;
    readonly paper: string;
    readonly title: string;
    readonly says: string;
    readonly deviations: readonly string[];
    readonly citation: string;
  };
  readonly knobs: readonly Knob[];
  readonly x: AxisOf;
  readonly y: AxisOf;
  /** the setting's place on the map */
  readonly point: { readonly x: number; readonly y: number };
  /** p, the floor of the noisy test error */
  readonly flip: number;
  /** excess error above which a run is harmful */
  readonly limit: number;
  /** control parameter and signal-to-noise ratio; null where the setting has none */
  readonly S: number | null;
  readonly SNR: number | null;
  readonly seed: number;
  /** id of the run that is played */
  readonly run: string;
  readonly maxSteps: number;
  /** η as a plain number */
  readonly eta: number;
}

/** A map on its way, or done. */
export interface MapPart {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** means over runs, rows upwards (y), columns to the right (x); NaN: no number */
  readonly values: Float64Array;
  /** their standard errors; NaN where one run is there */
  readonly se: Float64Array;
  /** runs in each cell, and those of them that diverged */
  readonly runs: Uint16Array;
  readonly diverged: Uint16Array;
  /** the coarser map that it refines, where it is on its way */
  readonly under?: { readonly x: readonly number[]; readonly y: readonly number[]; readonly values: Float64Array };
  /** cells of the finest map between two of these along an axis */
  readonly stride: number;
  readonly done: number;
  readonly total: number;
  /** the finest map is there */
  readonly complete: boolean;
  readonly lines: readonly MapLine[];
}

/** A line over the map. */
export interface MapLine {
  readonly kind: 'theory' | 'measured' | 'law';
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number; readonly se?: number }[];
}

/** A run as it is played. */
export interface Played {
  readonly record: RunRecord;
  readonly sentence: string;
  /** absent in a run that was computed beforehand */
  readonly cast?: Cast;
  readonly ids: readonly SymbolId[];
  /** steps of the entries */
  readonly steps: readonly number[];
  /** one row an id */
  readonly columns: readonly Float64Array[];
  /** at some of the steps, ascending */
  readonly scenes: readonly Scene[];
}

/** The same, or why there is none, in a sentence. */
export type Told<T> = { readonly value: T } | { readonly error: string };

/** All presets, by paper. */
export type Shelf = readonly {
  readonly paper: string;
  readonly presets: readonly { readonly id: string; readonly needsData: boolean }[];
}[];

/** A setting to take away. */
export interface Texts {
  /** spec of the setting */
  readonly run: string;
  /** spec of the map */
  readonly map: string;
  /** for a shell: what gives the same bits */
  readonly command: string;
}

/** What theorems say of a setting. */
export interface TheoryTold {
  readonly statements: readonly StatementReport[];
  readonly regimes: readonly RegimeReport[];
  /** statements that are not about it */
  readonly elsewhere: number;
}

/** What some runs say of the lemmas that they can be held against. */
export interface LemmaLights {
  readonly runs: number;
  readonly lemmas: readonly {
    readonly id: string;
    readonly verdict: Word;
    readonly formula: string;
    readonly says: string;
    readonly source: string;
    readonly asKnown: string;
    readonly met: number;
    readonly violated: number;
    /** runs that speak outside the lemma's assumptions */
    readonly outside: number;
    /** which these are */
    readonly unmet: readonly string[];
  }[];
}

/** A figure, and the numbers behind it. */
export interface Picture {
  readonly figure: Figure;
  readonly csv?: string;
}

/** Who asks: of two settings beside each other A or B, or a figure of a chapter by its name. Slots do not disturb each other. */
export type Slot = string;

/** What the worker of the laboratory answers. */
export interface Desk {
  presets(): Shelf;
  describe(state: PageState): Told<Described>;
  map(state: PageState, slot: Slot, see: (part: MapPart) => void): Promise<Told<null>>;
  verdict(state: PageState, slot: Slot, see: (answer: RunAnswer) => void): Promise<Told<null>>;
  /** of the spec of the setting, of the map; and the command that gives the same bits */
  /** the run that is played */
  asked(state: PageState): Told<Asked>;
  texts(state: PageState): Told<Texts>;
  /** ends what a slot has asked for, and forgets it */
  end(slot: Slot): void;
  /** @param says the word on the setting, under a run's title */
  picture(state: PageState, of: 'map' | 'run', says?: string): Told<Picture>;
  theory(state: PageState): Told<TheoryTold>;
  lemmas(state: PageState): Promise<Told<LemmaLights>>;
}

/** A run, by what it is a function of. */
export interface Asked {
  readonly cell: Cell;
  readonly seed: number;
  readonly replicate: number;
}

/** What the worker that plays runs answers. */
export interface Player {
  /** @param told about once a second the step that it is at */
  play(asked: Asked, told: (step: number) => void): Told<Played>;
  /** the states at some steps, in every detail */
  scenes(asked: Asked, from: number, to: number): Told<readonly Scene[]>;
}

/** What is there before anything is computed: the first state, its map, and a run of every cell of it. */
export interface Hero {
  readonly described: Described;
  readonly map: Omit<MapPart, 'values' | 'se' | 'runs' | 'diverged'> & {
    readonly values: readonly (number | null)[];
    readonly se: readonly (number | null)[];
    readonly runs: number;
  };
  readonly ids: readonly SymbolId[];
  readonly steps: readonly number[];
  /** by cell, in the order of the map: a row an id, in `digits` digits */
  readonly columns: readonly (readonly (readonly number[])[])[];
  /** ids of the runs, by cell */
  readonly names: readonly string[];
  readonly sentence: string;
}
