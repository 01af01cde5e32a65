/** The record of one run: one JSON line, a pure function of cell, seed and replicate. */
import type { Outcome } from '../dynamics/train.ts';
import type { BySymbol, SymbolId } from '../notation.ts';

/** Format of a record line. */
export const RECORD_VERSION = 1;

/**
 * Version of the science, of all records but those of a step rule with one of its own (science.ts): raised whenever a
 * default, an engine's or estimator's arithmetic or a preset changes any bit of any record. Results of different
 * versions do not mix.
 */
export const SCIENCE = 3;

/** What a run gave: one line of JSON, a pure function of cell, seed and replicate. */
export interface RunRecord {
  /** format version, 1 */
  readonly v: number;
  /** `<cell id>-<replicate>` */
  readonly run: string;
  /** the cell, sorted keys, defaults omitted */
  readonly cell: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** which of the cell's independent runs */
  readonly replicate: number;
  readonly engine: string;
  /** science version of the code that made it */
  readonly science: number;
  readonly outcome: Outcome;
  /** gradient steps made */
  readonly steps: number;
  /** final numbers; a number that is not finite or does not exist for this outcome is absent */
  readonly values: Readonly<BySymbol<number>>;
  /** `step` and the observables that the spec names, null where a number is not finite */
  readonly series?: Readonly<BySymbol<readonly (number | null)[]>>;
}

/** How runs end, in the order by which a frame numbers them (`RunColumns.outcome`). */
export const OUTCOMES: readonly Outcome[] = [
  'interpolated',
  'step-limit',
  'diverged',
  'stalled',
  'cannot-interpolate',
  'unresolved',
];

/**
 * Writes a run's numbers into a row: the place of its outcome in `OUTCOMES`, its steps, then some of its values, NaN
 * where it has none.
 *
 * @param row of length >= at + 2 + ids.length
 */
export function numbersOf(
  { outcome, steps, values }: RunRecord,
  ids: readonly SymbolId[],
  row: Float64Array,
  at = 0,
): void {
  row[at] = OUTCOMES.indexOf(outcome);
  row[at + 1] = steps;
  for (let k = 0; k < ids.length; k++) row[at + 2 + k] = values[ids[k]!] ?? NaN;
}

/** Texts of plain forms: the runs of a cell share the object, which never changes. */
const texts = new WeakMap<RunRecord['cell'], string>();

/** The record's line, without the line end: JSON with the fields in the order above. */
export function recordLine({ v, run, cell, ...more }: RunRecord): string {
  let text = texts.get(cell);
  if (text === undefined) texts.set(cell, (text = JSON.stringify(cell)));
  return `{"v":${v},"run":${JSON.stringify(run)},"cell":${text},${JSON.stringify(more).slice(1)}`;
}
