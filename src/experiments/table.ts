/** Records gathered into tables: one row a cell or one row a run. */
import { boundedInterval, meanAndSe, quantile } from '../core/statistics.ts';
import type { SymbolId } from '../notation.ts';
import { cellId, valueAt, type Cell, type Value } from './cell.ts';
import { OUTCOMES, SCIENCE, type RunRecord } from './record.ts';
export { mayBeZero, signalAndNoise, valueAt, type Cell } from './cell.ts';
export { settingOf } from './setting.ts';
import type { Reason } from './passed-over.ts';
import { errorRange, PreciseCell } from './precision.ts';
import { RunNumbers } from './run-numbers.ts';
import { cells, coordinates, type Spec } from './spec.ts';

export type Field = number | string | boolean | null;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Field[])[];
}

/** Why a record is none of a spec's; undefined when it is one. @param known whether the spec has its cell */
export function foreignTo(spec: Spec, { seed, replicate }: RunRecord, known: boolean): Reason | undefined {
  if (seed !== spec.seed) return 'seed';
  return known ? (replicate < spec.runs ? undefined : 'runs') : 'cell';
}

/** Final values whose mean over runs a cell row carries. */
const MEANS = [
  'testErrorClean',
  'trainLoss',
  'trainError',
  'marginMin',
  'marginMax',
  'gamma',
  'rhoBar',
  'rhoUnder',
] as const satisfies readonly SymbolId[];
/** Quantiles over runs that a cell row carries: a mean of rare errors is that of the unluckiest runs. */
const QUANTILES = [
  ['testErrorCleanMedian', 0.5],
  ['testErrorCleanQ90', 0.9],
] as const satisfies readonly (readonly [SymbolId, number])[];
const KEPT: readonly SymbolId[] = ['testError', ...MEANS];

/**
 * The records of a spec, held as bare numbers. Records may come in any order and twice; rows are
 * computed in the spec's order, so the table does not depend on how the work was split.
 */
export class Results {
  readonly spec: Spec;
  readonly cells: readonly Cell[];
  /** cell id of each cell */
  readonly ids: readonly string[];
  private readonly index: ReadonlyMap<string, number>;
  /** final values that are held, the usual ones and those that the spec names */
  readonly kept: readonly SymbolId[];
  /** outcome, steps and the kept values of each run */
  private readonly numbers: RunNumbers;
  /** where each cell is under the spec's precision; none without one */
  private readonly precise: readonly PreciseCell[];
  private total: number;
  private seen = 0;
  private version = SCIENCE;

  constructor(spec: Spec) {
    this.spec = spec;
    this.cells = [...cells(spec)];
    this.ids = this.cells.map(cellId);
    this.index = new Map(this.ids.map((id, at) => [id, at]));
    this.kept = [...new Set([...KEPT, ...spec.record.values])];
    this.numbers = new RunNumbers(this.cells.length, spec.runs, 2 + this.kept.length);
    const { precision } = spec;
    this.precise = precision
      ? this.cells.map((cell) => new PreciseCell(precision, spec.runs, errorRange(cell, precision.of)))
      : [];
    this.total = precision
      ? this.precise.reduce((sum, { expected }) => sum + expected, 0)
      : this.cells.length * spec.runs;
  }

  /** Science version of the records, which is the same for all of them; this one when there are none. */
  get science(): number {
    return this.version;
  }

  /** Number of different runs seen. */
  get count(): number {
    return this.seen;
  }

  /** Runs that there will be: known without a precision, and once every cell has ended; before that an estimate. */
  get expected(): number {
    return this.total;
  }

  get complete(): boolean {
    return this.spec.precision ? this.precise.every(({ ended }) => ended !== null) : this.seen === this.total;
  }

  /** Runs of a cell that are wanted as far as is known now: with a precision those up to its next look. */
  wanted(cell: number): number {
    return this.spec.precision ? this.precise[cell]!.wanted : this.spec.runs;
  }

  /** How far a cell's mean is known; undefined without a precision. */
  precision(cell: number): Pick<PreciseCell, 'ended' | 'interval'> | undefined {
    return this.precise[cell];
  }

  /** How many of the runs that are wanted now are there: with a precision not those beyond a cell's next look. */
  get countWanted(): number {
    return this.spec.precision
      ? this.cells.reduce((sum, _, cell) => sum + this.numbers.below(cell, this.wanted(cell)), 0)
      : this.seen;
  }

  /** Whether the run is among those of the spec and has been seen. */
  has(cell: number, replicate: number): boolean {
    return this.numbers.has(cell, replicate);
  }

  /** Takes a record; one that is not of this spec, or has been seen, is passed over (false). */
  add(record: RunRecord): boolean {
    const before = this.seen;
    this.take(record);
    return this.seen > before;
  }

  /** The same, saying why a record is passed over; a run that is there already is not, as long as it is the same. */
  take(record: RunRecord): Reason | undefined {
    const cell = this.index.get(record.run.slice(0, 16));
    const foreign = foreignTo(this.spec, record, cell !== undefined);
    if (foreign) return foreign;
    const { replicate } = record;
    const row = [OUTCOMES.indexOf(record.outcome), record.steps, ...this.kept.map((id) => record.values[id] ?? NaN)];
    if (this.has(cell!, replicate))
      return row.every((value, column) => Object.is(value, this.numbers.at(cell!, replicate, column)))
        ? undefined
        : 'twice';
    this.place(cell!, record, row);
    return undefined;
  }

  private place(cell: number, record: RunRecord, row: readonly number[]): void {
    this.numbers.set(cell, record.replicate, row);
    this.seen++;
    this.version = record.science;
    if (this.spec.precision) this.advance(cell, this.spec.precision.of);
  }

  /** Hands a cell its values as far as there is no gap: how many runs it wants never depends on those behind one. */
  private advance(cell: number, of: SymbolId): void {
    const state = this.precise[cell]!;
    const before = state.expected;
    while (!state.ended && this.has(cell, state.taken)) {
      const value = this.at(cell, state.taken, of);
      state.take(Number.isNaN(value) ? undefined : value);
    }
    this.total += state.expected - before;
  }

  /** The values of one observable over the runs of a cell that have it, replicates in order. */
  over(cell: number, id: SymbolId): number[] {
    const out: number[] = [];
    for (const replicate of this.numbers.present(cell)) {
      const value = this.at(cell, replicate, id);
      if (!Number.isNaN(value)) out.push(value);
    }
    return out;
  }

  /** One observable of one run; NaN when there is none, or the run diverged. */
  at(cell: number, replicate: number, id: SymbolId): number {
    if (OUTCOMES[this.numbers.at(cell, replicate, 0)] === 'diverged') return NaN;
    if (id === 'steps') return this.numbers.at(cell, replicate, 1);
    const column = this.kept.indexOf(id);
    if (column < 0) throw new RangeError(`the results do not hold ${id}: name it under record.values`);
    return this.numbers.at(cell, replicate, 2 + column);
  }

  /** How many runs of a cell ended in each way, in the order of OUTCOMES. */
  outcomes(cell: number): number[] {
    const counts = OUTCOMES.map(() => 0);
    for (const replicate of this.numbers.present(cell)) counts[this.numbers.at(cell, replicate, 0)]!++;
    return counts;
  }

  /**
   * One row a cell: the axes, `runs` that were made, means with standard errors (sd over runs / sqrt(runs)) over the
   * runs that did not diverge, the fraction fitted, how many diverged, stalled or could not interpolate, what the spec
   * names, and quantiles of the clean error over the same runs. null where there is nothing to average. With a
   * precision also why the cell ended, null while it goes on, and behind the error's mean the ends of its interval; with
   * points Clopper and Pearson's bounds for the runs' mean clean error.
   */
  table(): Table {
    const more = this.spec.record.values.filter((id) => !KEPT.includes(id));
    const { of } = this.spec.precision ?? {};
    const ends = (id: SymbolId): string[] => (id === of ? intervalColumns(id) : []);
    const columns = [
      ...axisColumns(this.spec),
      'runs',
      ...(of === undefined ? [] : ['ended']),
      'testError',
      'testErrorSe',
      ...ends('testError'),
      'testErrorClean',
      'testErrorCleanSe',
      ...ends('testErrorClean'),
      ...boundColumns(this.cells),
      'trainLoss',
      'trainLossSe',
      ...MEANS.slice(2).flatMap((id) => [id, ...ends(id)]),
      'steps',
      'fitted',
      'diverged',
      'stalled',
      'cannotInterpolate',
      ...more.flatMap((id) => [id, `${id}Se`]),
      ...QUANTILES.map(([id]) => id),
    ];
    const counted = boundColumns(this.cells).length > 0;
    const rows = this.cells.map((cell, at): Field[] => {
      const counts = this.outcomes(at);
      const known = this.precise[at];
      const runs = counts.reduce((sum, one) => sum + one, 0);
      const mean = (id: SymbolId): [number | null, number | null] => {
        const values = this.over(at, id);
        if (values.length === 0) return [null, null];
        const { mean: value, se } = meanAndSe(values);
        return [value, values.length > 1 ? se : null];
      };
      const errors = this.over(at, 'trainError');
      const clean = this.over(at, 'testErrorClean');
      const steps = this.numbers.present(at).map((replicate) => this.numbers.at(at, replicate, 1));
      const interval = (id: SymbolId): Field[] =>
        id !== of ? [] : runs > 0 ? [known!.interval.low, known!.interval.high] : [null, null];
      return [
        ...axisFields(this.spec, at, cell),
        runs,
        ...(known ? [known.ended] : []),
        ...mean('testError'),
        ...interval('testError'),
        ...mean('testErrorClean'),
        ...interval('testErrorClean'),
        ...(counted ? errorBounds(cell, clean) : []),
        ...mean('trainLoss'),
        ...MEANS.slice(2).flatMap((id) => [mean(id)[0], ...interval(id)]),
        steps.length ? meanAndSe(steps).mean : null,
        runs ? errors.filter((error) => error === 0).length / runs : null,
        counts[OUTCOMES.indexOf('diverged')]!,
        counts[OUTCOMES.indexOf('stalled')]!,
        counts[OUTCOMES.indexOf('cannot-interpolate')]!,
        ...more.flatMap(mean),
        ...QUANTILES.map(([, level]) => (clean.length ? quantile(clean, level) : null)),
      ];
    });
    return { columns, rows };
  }
}

/** Names of the columns with the ends of an interval for the mean of a column. */
export const intervalColumns = (id: SymbolId): [string, string] => [`${id}Low`, `${id}High`];

/** Columns with the bounds that the number of wrong points gives; none where no cell counts points. */
const boundColumns = (all: readonly Cell[]): string[] =>
  all.some(({ test }) => test.estimator === 'points') ? ['testErrorCleanLeast', 'testErrorCleanMost'] : [];

/** For the mean of the clean errors of runs with these estimates. */
function errorBounds({ test }: Cell, clean: readonly number[]): Field[] {
  if (test.estimator !== 'points' || clean.length === 0) return [null, null];
  return boundedInterval(
    clean.reduce((sum, error) => sum + error * test.points, 0),
    clean.length * test.points,
  );
}

/** Column names of a table with one row a run. @param all cells of the spec */
export function runColumns(spec: Spec, all: readonly Cell[] = [...cells(spec)]): string[] {
  return [
    ...axisColumns(spec),
    'run',
    'seed',
    'replicate',
    'engine',
    'outcome',
    'steps',
    ...runValues(spec).flatMap((id) => (id === 'testErrorCleanSe' ? [id, ...boundColumns(all)] : [id])),
  ];
}

/** Final values in a run's row. */
function runValues({ record }: Spec): SymbolId[] {
  return [
    ...new Set<SymbolId>([
      'testError',
      'testErrorSe',
      'testErrorClean',
      'testErrorCleanSe',
      ...MEANS.slice(1),
      'flipped',
      ...record.values,
    ]),
  ];
}

/** The axes' columns; behind a scaled one, which holds the factor, the parameter's own value. */
const axisColumns = ({ axes }: Spec): string[] =>
  axes.flatMap(({ id, name, glyph }) => (glyph === undefined ? [name] : [name, id]));

function axisFields(spec: Spec, at: number, cell: Cell): Value[] {
  const written = coordinates(spec, at);
  return spec.axes.flatMap(({ path, glyph }, axis) =>
    glyph === undefined ? [valueAt(cell, path)] : [written[axis]!, valueAt(cell, path)],
  );
}

/** One row for one record. @param at index of the cell in `all` */
export function runRow(spec: Spec, all: readonly Cell[], at: number, record: RunRecord): Field[] {
  const cell = all[at]!;
  const clean = record.values.testErrorClean;
  const bounds = boundColumns(all).length > 0 ? errorBounds(cell, clean === undefined ? [] : [clean]) : [];
  return [
    ...axisFields(spec, at, cell),
    record.run,
    record.seed,
    record.replicate,
    record.engine,
    record.outcome,
    record.steps,
    ...runValues(spec).flatMap((id) => [record.values[id] ?? null, ...(id === 'testErrorCleanSe' ? bounds : [])]),
  ];
}

/** The column of a table as numbers, null where there is none. @throws RangeError for an unknown column */
export function numbers(table: Table, column: string): (number | null)[] {
  const at = table.columns.indexOf(column);
  if (at < 0) throw new RangeError(`the table has no column ${column}`);
  return table.rows.map((row) => (typeof row[at] === 'number' ? row[at] : null));
}
