/** Records gathered into tables: one row a cell or one row a run. */
import { meanAndSe, quantile } from '../core/statistics.ts';
import type { SymbolId } from '../notation.ts';
import { cellId, valueAt, type Cell, type Value } from './cell.ts';
import { OUTCOMES, type RunRecord } from './record.ts';
export { signalAndNoise, valueAt, type Cell } from './cell.ts';
export { settingOf } from './setting.ts';
import { cells, coordinates, type Spec } from './spec.ts';

export type Field = number | string | boolean | null;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Field[])[];
}

/** Final values whose mean over runs a cell row carries. */
const MEANS = ['testErrorClean', 'trainLoss', 'trainError', 'marginMin', 'marginMax', 'gamma', 'rhoBar', 'rhoUnder'] as const satisfies readonly SymbolId[];
/** Quantiles over runs that a cell row carries: a mean of rare errors is that of the unluckiest runs. */
const QUANTILES = [['testErrorCleanMedian', 0.5], ['testErrorCleanQ90', 0.9]] as const satisfies readonly (readonly [SymbolId, number])[];
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
  private readonly values: Float64Array;
  private readonly outcomes: Int8Array;
  private readonly stepCounts: Float64Array;
  private seen = 0;

  constructor(spec: Spec) {
    this.spec = spec;
    this.cells = [...cells(spec)];
    this.ids = this.cells.map(cellId);
    this.index = new Map(this.ids.map((id, at) => [id, at]));
    this.kept = [...new Set([...KEPT, ...spec.record.values])];
    const total = this.cells.length * spec.runs;
    this.values = new Float64Array(total * this.kept.length).fill(NaN);
    this.outcomes = new Int8Array(total).fill(-1);
    this.stepCounts = new Float64Array(total);
  }

  /** Number of different runs seen. */
  get count(): number {
    return this.seen;
  }

  get complete(): boolean {
    return this.seen === this.outcomes.length;
  }

  /** Whether the run is among those of the spec and has been seen. */
  has(cell: number, replicate: number): boolean {
    return this.outcomes[cell * this.spec.runs + replicate]! >= 0;
  }

  /** Takes a record; one that is not of this spec, or has been seen, is passed over (false). */
  add(record: RunRecord): boolean {
    const cell = this.index.get(record.run.slice(0, 16));
    if (cell === undefined || record.replicate >= this.spec.runs || record.seed !== this.spec.seed) return false;
    const at = cell * this.spec.runs + record.replicate;
    if (this.outcomes[at]! >= 0) return false;
    this.outcomes[at] = OUTCOMES.indexOf(record.outcome);
    this.stepCounts[at] = record.steps;
    this.kept.forEach((id, column) => (this.values[at * this.kept.length + column] = record.values[id] ?? NaN));
    this.seen++;
    return true;
  }

  /** The values of one observable over the runs of a cell that have it, replicates in order. */
  over(cell: number, id: SymbolId): number[] {
    const out: number[] = [];
    for (let replicate = 0; replicate < this.spec.runs; replicate++) {
      if (!this.has(cell, replicate)) continue;
      const value = this.at(cell, replicate, id);
      if (!Number.isNaN(value)) out.push(value);
    }
    return out;
  }

  /** One observable of one run; NaN when there is none, or the run diverged. */
  at(cell: number, replicate: number, id: SymbolId): number {
    const at = cell * this.spec.runs + replicate;
    if (OUTCOMES[this.outcomes[at]!] === 'diverged') return NaN;
    if (id === 'steps') return this.stepCounts[at]!;
    const column = this.kept.indexOf(id);
    if (column < 0) throw new RangeError(`the results do not hold ${id}: name it under record.values`);
    return this.values[at * this.kept.length + column]!;
  }

  /** How many runs of a cell ended in each way. */
  private ended(cell: number): number[] {
    const counts = OUTCOMES.map(() => 0);
    for (let replicate = 0; replicate < this.spec.runs; replicate++) {
      const outcome = this.outcomes[cell * this.spec.runs + replicate]!;
      if (outcome >= 0) counts[outcome]!++;
    }
    return counts;
  }

  /**
   * One row a cell: the axes, `runs` that were made, means with standard errors (sd over runs / sqrt(runs)) over the runs that did not
   * diverge, the fraction fitted, how many diverged, stalled or could not interpolate, what the spec names, and quantiles of the clean error
   * over the same runs. null where there is nothing to average.
   */
  table(): Table {
    const more = this.spec.record.values.filter((id) => !KEPT.includes(id));
    const columns = [...axisColumns(this.spec), 'runs', 'testError', 'testErrorSe', 'testErrorClean', 'testErrorCleanSe', 'trainLoss', 'trainLossSe', ...MEANS.slice(2), 'steps', 'fitted', 'diverged', 'stalled', 'cannotInterpolate', ...more.flatMap((id) => [id, `${id}Se`]), ...QUANTILES.map(([id]) => id)];
    const rows = this.cells.map((cell, at): Field[] => {
      const counts = this.ended(at);
      const runs = counts.reduce((sum, one) => sum + one, 0);
      const mean = (id: SymbolId): [number | null, number | null] => {
        const values = this.over(at, id);
        if (values.length === 0) return [null, null];
        const { mean: value, se } = meanAndSe(values);
        return [value, values.length > 1 ? se : null];
      };
      const errors = this.over(at, 'trainError');
      const clean = this.over(at, 'testErrorClean');
      const steps = Array.from({ length: this.spec.runs }, (_, replicate) => replicate).filter((replicate) => this.has(at, replicate)).map((replicate) => this.stepCounts[at * this.spec.runs + replicate]!);
      return [
        ...axisFields(this.spec, at, cell),
        runs,
        ...mean('testError'),
        ...mean('testErrorClean'),
        ...mean('trainLoss'),
        ...MEANS.slice(2).map((id) => mean(id)[0]),
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

/** Column names of a table with one row a run. */
export function runColumns(spec: Spec): string[] {
  return [...axisColumns(spec), 'run', 'seed', 'replicate', 'engine', 'outcome', 'steps', ...runValues(spec)];
}

/** Final values in a run's row. */
function runValues({ record }: Spec): SymbolId[] {
  return [...new Set<SymbolId>(['testError', 'testErrorSe', 'testErrorClean', 'testErrorCleanSe', ...MEANS.slice(1), 'flipped', ...record.values])];
}

/** The axes' columns; behind a scaled one, which holds the factor, the parameter's own value. */
const axisColumns = ({ axes }: Spec): string[] => axes.flatMap(({ id, name, glyph }) => (glyph === undefined ? [name] : [name, id]));

function axisFields(spec: Spec, at: number, cell: Cell): Value[] {
  const written = coordinates(spec, at);
  return spec.axes.flatMap(({ path, glyph }, axis) => (glyph === undefined ? [valueAt(cell, path)] : [written[axis]!, valueAt(cell, path)]));
}

/** One row for one record. @param at index of the cell */
export function runRow(spec: Spec, at: number, cell: Cell, record: RunRecord): Field[] {
  return [
    ...axisFields(spec, at, cell),
    record.run,
    record.seed,
    record.replicate,
    record.engine,
    record.outcome,
    record.steps,
    ...runValues(spec).map((id) => record.values[id] ?? null),
  ];
}

/** The column of a table as numbers, null where there is none. @throws RangeError for an unknown column */
export function numbers(table: Table, column: string): (number | null)[] {
  const at = table.columns.indexOf(column);
  if (at < 0) throw new RangeError(`the table has no column ${column}`);
  return table.rows.map((row) => (typeof row[at] === 'number' ? row[at] : null));
}
