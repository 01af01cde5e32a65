/** The records of a spec gathered as they come, and the frame of them. */
import type { SymbolId } from '../notation.ts';
import { cellColumns, cellRows, KEPT, type CellRows } from './cell-columns.ts';
import type { Cell } from './cell.ts';
import { Grid } from './grid.ts';
import { DIVERGED, type Field, type Frame, type RunColumns } from './frame.ts';
import { foreignTo, type Reason } from './passed-over.ts';
import { errorRange, PreciseCell } from './precision.ts';
import { numbersOf, SCIENCE, type RunRecord } from './record.ts';
import { RunNumbers } from './run-numbers.ts';
import type { Spec } from './spec.ts';
import type { Rows } from './table.ts';

/**
 * The records of a spec, held as bare numbers. Records may come in any order and twice; the frame
 * is in the spec's order, so that it does not depend on how the work was split.
 */
export class Results {
  readonly spec: Spec;
  private readonly grid: Grid;
  /** final values that are held, the usual ones and those that the spec names */
  readonly kept: readonly SymbolId[];
  /** outcome, steps and the kept values of each run */
  private readonly numbers: RunNumbers;
  /** those of the run that is taken */
  private readonly row: Float64Array;
  /** where each cell is under the spec's precision; none without one */
  private readonly precise: readonly PreciseCell[];
  private total: number;
  private seen = 0;
  /** the largest of the records; this one when there are none */
  private science: number | undefined;

  constructor(spec: Spec) {
    this.spec = spec;
    this.grid = new Grid(spec);
    this.kept = [...new Set([...KEPT, ...spec.record.values])];
    this.row = new Float64Array(2 + this.kept.length);
    this.numbers = new RunNumbers(this.grid.count, spec.runs, this.row.length);
    const { precision } = spec;
    this.precise = precision
      ? this.cells.map((cell) => new PreciseCell(precision, spec.runs, errorRange(cell, precision.of)))
      : [];
    this.total = precision
      ? this.precise.reduce((sum, { expected }) => sum + expected, 0)
      : this.grid.count * spec.runs;
  }

  /** First axis slowest; of a large grid they are built now. */
  get cells(): readonly Cell[] {
    return this.grid.cells;
  }

  /** Cell id of each cell. */
  get ids(): readonly string[] {
    return this.cells.map((_, at) => this.grid.id(at));
  }

  /** How many cells. */
  get cellCount(): number {
    return this.grid.count;
  }

  /** One cell, without the others. @param at its index, first axis slowest */
  cell(at: number): Cell {
    return this.grid.cell(at);
  }

  /** Some cells, among them those at the ends of every numeric axis; of a small grid all. */
  corners(): Iterable<Cell> {
    return this.grid.corners();
  }

  /** Its id. */
  id(at: number): string {
    return this.grid.id(at);
  }

  /** Index of the cell of a record; undefined for a record of no cell of the spec. */
  cellOf(record: Pick<RunRecord, 'run' | 'cell'>): number | undefined {
    return this.grid.at(record);
  }

  /** Number of different runs seen. */
  get count(): number {
    return this.seen;
  }

  /** Runs that there will be: known without a precision, and once every cell has ended; before that an estimate. */
  get expected(): number {
    return this.total;
  }

  /** Every run of the spec is there; with a precision, every cell has ended. */
  get complete(): boolean {
    return this.spec.precision ? this.precise.every(({ ended }) => ended !== null) : this.seen === this.total;
  }

  /** Runs of a cell that are wanted as far as is known now: with a precision those up to its next look. */
  wanted(cell: number): number {
    return this.spec.precision ? this.precise[cell]!.wanted : this.spec.runs;
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
    const cell = this.grid.at(record);
    const foreign = foreignTo(this.spec, record, cell !== undefined);
    if (foreign) return foreign;
    const { replicate } = record;
    const { row } = this;
    numbersOf(record, this.kept, row);
    if (this.has(cell!, replicate))
      return row.every((value, column) => Object.is(value, this.numbers.at(cell!, replicate, column)))
        ? undefined
        : 'twice';
    this.place(cell!, replicate, row, record.science);
    return undefined;
  }

  /**
   * Places a run that was made for this spec; one that is there already stays.
   *
   * @param numbers `numbersOf` its record and `kept`
   * @param science of its record
   */
  place(cell: number, replicate: number, numbers: Float64Array, science: number): void {
    if (this.has(cell, replicate)) return;
    this.numbers.set(cell, replicate, numbers);
    this.seen++;
    this.science = Math.max(this.science ?? 0, science);
    if (this.spec.precision) this.advance(cell, this.spec.precision.of);
  }

  /** Hands a cell its values as far as there is no gap: how many runs it wants never depends on those behind one. */
  private advance(cell: number, of: SymbolId): void {
    const state = this.precise[cell]!;
    const before = state.expected;
    while (!state.ended && this.has(cell, state.taken)) {
      const diverged = this.numbers.at(cell, state.taken, 0) === DIVERGED;
      const value = diverged ? NaN : this.numbers.at(cell, state.taken, 2 + this.kept.indexOf(of));
      state.take(Number.isNaN(value) ? undefined : value);
    }
    this.total += state.expected - before;
  }

  /** Everything that is there, as plain columns. */
  frame(): Frame {
    const { grid } = this;
    const runs = this.runs();
    return {
      spec: this.spec,
      science: this.science ?? SCIENCE,
      count: this.seen,
      expected: this.total,
      complete: this.complete,
      // Of a large grid built when somebody asks; a copy has them as any other column.
      get cells() {
        return grid.cells;
      },
      columns: cellColumns(this.cellRows(runs), grid.count),
      runs,
    };
  }

  /** The table of cells, a row at a time: of a large grid it takes a small part of the frame's memory. */
  table(): Rows & { readonly science: number } {
    const { columns, row } = this.cellRows(this.runs());
    const { count } = this.grid;
    const rows = function* (): Generator<Field[]> {
      for (let at = 0; at < count; at++) yield row(at);
    };
    return { columns, rows: { [Symbol.iterator]: rows }, science: this.science ?? SCIENCE };
  }

  private cellRows(runs: RunColumns): CellRows {
    const { grid } = this;
    return cellRows(this.spec, grid.inTurn(), (at) => grid.cell(at), runs, this.precise);
  }

  private runs(): RunColumns {
    const start = new Uint32Array(this.grid.count + 1);
    const replicate = new Uint32Array(this.seen);
    const outcome = new Uint8Array(this.seen);
    const steps = new Float64Array(this.seen);
    const columns = this.kept.map((id) => [id, new Float64Array(this.seen)] as const);
    let row = 0;
    for (let cell = 0; cell < this.grid.count; cell++) {
      const end = this.numbers.end(cell);
      for (let one = 0; one < end; one++) {
        if (!this.has(cell, one)) continue;
        replicate[row] = one;
        outcome[row] = this.numbers.at(cell, one, 0);
        steps[row] = this.numbers.at(cell, one, 1);
        const diverged = outcome[row] === DIVERGED;
        for (let at = 0; at < columns.length; at++)
          columns[at]![1][row] = diverged ? NaN : this.numbers.at(cell, one, 2 + at);
        row++;
      }
      start[cell + 1] = row;
    }
    return { start, replicate, outcome, steps, values: Object.fromEntries(columns) };
  }
}
