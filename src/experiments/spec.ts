/**
 * Declarative experiments: parameters, axes, runs, seed; and the cells that they make. Read in spec-read.ts, written in
 * spec-write.ts.
 */
import { PARAMETERS, type SymbolId } from '../notation.ts';
import type { ArrayPlan } from './arrays.ts';
import { buildCell, type Cell, type Value } from './cell.ts';
import type { PrecisionRule } from './precision.ts';
import { scaled, type Scale } from './scale.ts';
import type { DataFiles } from './spec-files.ts';
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
  /** of its data set; not part of any run, whose cell names the content */
  readonly files?: DataFiles;
}

/** What a record keeps beside its usual values. */
export interface RecordPlan {
  /** observables over time */
  readonly series: readonly SymbolId[];
  /** observables of the last state that each record keeps beside the usual ones */
  readonly values: readonly SymbolId[];
  /** steps between two entries of a series; the last state is always kept */
  readonly every: number;
  /** arrays that go into a file beside each record; absent: none */
  readonly arrays?: ArrayPlan;
}

/** A spec as it is written down: nested plain data. */
export type SpecInput = Readonly<Record<string, unknown>>;

/** Every cell of the grid, first axis slowest. */
export function* cells(spec: Spec): Generator<Cell> {
  const total = spec.axes.reduce((product, axis) => product * axis.values.length, 1);
  for (let index = 0; index < total; index++) yield cellAt(spec, index);
}

/** One of them. @param cell its index */
export function cellAt(spec: Spec, cell: number): Cell {
  const values = new Map(spec.values);
  coordinates(spec, cell).forEach((value, at) => values.set(spec.axes[at]!.path, value));
  return buildCell(scaled(values, spec.scale));
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
