/** What crosses between the room of one's own data and its worker: plain data. */
import type { DataChoice } from '../../data/readers/choice.ts';
import type { DEFAULTS, DiagnosisChoice } from '../../diagnosis/plan.ts';
import type { Diagnosed } from './diagnosing.ts';
import type { DrawnResults, ViewForm } from './draw-results.ts';
import type { Dropped } from './drop.ts';
import type { Told } from './wire.ts';

/** A data set that is open. */
export interface OpenedData {
  readonly kind: 'data';
  readonly name: string;
  /** of one point */
  readonly shape: readonly number[];
  readonly count: number;
  /** labels, ascending, with the number of points of each */
  readonly classes: readonly (readonly [name: string, count: number])[];
  /** of a diagnosis, where nothing is chosen */
  readonly standard: typeof DEFAULTS;
}

/** Results that are open. */
export interface OpenedResults {
  readonly kind: 'results';
  readonly of: readonly {
    readonly name: string;
    readonly title: string;
    readonly cells: number;
    readonly runs: number;
  }[];
  /** names that a view may ask for: parameters that differ, and measured columns */
  readonly parameters: readonly string[];
  readonly measured: readonly string[];
  readonly notes: readonly string[];
}

export type Opened = OpenedData | OpenedResults;

/** How far a diagnosis is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** of a run in work */
  readonly step?: number;
  readonly most?: number;
}

/** What the worker answers. */
export interface DataDesk {
  open(files: readonly Dropped<Blob>[], choice: DataChoice): Promise<Told<Opened>>;
  /** null where it was interrupted */
  diagnose(choice: DiagnosisChoice, see: (progress: Progress) => void): Promise<Told<Diagnosed | null>>;
  stop(): void;
  draw(form: ViewForm): Told<DrawnResults>;
}
