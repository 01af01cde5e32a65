/**
 * Declarative experiments: parameters, axes, runs, seed; and the cells that they make. Read in spec-read.ts, written in
 * spec-write.ts.
 */
import { PARAMETERS, type SymbolId } from '../notation.ts';
import { buildCell, type Cell, type Value } from './cell.ts';
import type { PrecisionRule } from './precision.ts';
import { scaled, type Scale } from './scale.ts';
import type { PlotView } from './view.ts';

/** A parameter that is varied. */
export interface Axis {
  readonly path: string;
  readonly id: SymbolId;
  /** of the table's column: the symbol, or `d/n` for a scaled one */
  readonly name: string;
  /** the same in glyphs for a scaled axis, `v_0 [v*]` for one in a unit; absent otherwise */
  readonly glyph?: string;
  /** as written: of a scaled axis the factors */
  readonly values: readonly Value[];
}

/**
 * An experiment: a grid of cells, with so many runs of each. Made by `lab.spec`, `specFrom` or `parseSpec`, which have
 * checked it.
 */
export interface Spec {
  /** a title for figures; not part of any run */
  readonly name: string;
  /** values that the spec sets, by path; axes and defaults are not among them */
  readonly values: ReadonlyMap<string, Value>;
  /** first axis slowest */
  readonly axes: readonly Axis[];
  /** parameters that follow others by a power law */
  readonly scale: Scale;
  /** of each cell; beside `precision` the most that it gets */
  readonly runs: number;
  /** absent: every cell gets `runs` */
  readonly precision?: PrecisionRule;
  /** integer in [0, 2^53) */
  readonly seed: number;
  /** what each record keeps over time */
  readonly record: RecordPlan;
  /** pictures that are drawn beside the usual ones; not part of any run */
  readonly figures?: readonly PlotView[];
}

/** What a record keeps beside its usual values. */
export interface RecordPlan {
  /** observables over time */
  readonly series: readonly SymbolId[];
  /** observables of the last state that each record keeps beside the usual ones */
  readonly values: readonly SymbolId[];
  /** steps between two entries of a series; the last state is always kept */
  readonly every: number;
}

/** A spec as it is written down: nested plain data. */
export type SpecInput = Readonly<Record<string, unknown>>;

/** Every cell of the grid, first axis slowest. Neighbours share what they have alike. */
export function* cells(spec: Spec): Generator<Cell> {
  const total = spec.axes.reduce((product, axis) => product * axis.values.length, 1);
  let before: Cell | undefined;
  for (let index = 0; index < total; index++) yield (before = sharing(cellAt(spec, index), before));
}

/** One of them. @param cell its index */
export function cellAt(spec: Spec, cell: number): Cell {
  const values = new Map(spec.values);
  coordinates(spec, cell).forEach((value, at) => values.set(spec.axes[at]!.path, value));
  return buildCell(scaled(values, spec.scale));
}

/** The cell with the rooms of the one before it where they are the same: 10^6 cells would take gigabytes otherwise. */
function sharing(cell: Cell, before: Cell | undefined): Cell {
  const [rooms, others] = [cell, before] as unknown as Record<string, Record<string, unknown> | string>[];
  for (const room in rooms) {
    const [own, other] = [rooms[room]!, others?.[room]];
    if (typeof own === 'string') continue;
    rooms[room] = typeof other === 'object' && same(own, other) ? other : { ...own };
  }
  return cell;
}

function same(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  for (const key in a) if (!Object.is(a[key], b[key])) return false;
  for (const key in b) if (!(key in a)) return false;
  return true;
}

/** Where a cell lies on the axes, as they are written. */
export function coordinates(spec: Spec, cell: number): Value[] {
  let rest = cell;
  const out: Value[] = [];
  for (const { values } of [...spec.axes].reverse()) {
    out.unshift(values[rest % values.length]!);
    rest = Math.floor(rest / values.length);
  }
  return out;
}

/** Runs that every cell has at the least, once all are made. */
export const leastRuns = ({ runs, precision }: Spec): number => precision?.minRuns ?? runs;

/** Whether what is written on an axis are integers: the factors of a scaled one need not be. */
export function holdsIntegers(spec: Spec, axis: Axis): boolean {
  const { entry } = PARAMETERS.get(axis.path)!;
  return entry.kind === 'number' && entry.range.integer === true && !spec.scale.has(axis.path);
}
