/**
 * Numbers made of the means of cells, and how surely the runs know them. What is resampled is a replicate: under
 * `coupling: common` its runs in all cells at once, since they share their draws; else the runs of each cell apart.
 */
import { meanAndSe } from '../core/statistics.ts';
import type { Uncertain } from '../core/verdict.ts';
import { coordinates } from '../experiments/spec.ts';
import { overRuns, type Frame } from '../experiments/frame.ts';
import type { SymbolId } from '../notation.ts';
import type { Where } from './check.ts';

/** Indices of the cells at these coordinates. */
export function cellsAt(frame: Pick<Frame, 'spec' | 'cells'>, where: Where = {}): number[] {
  const { axes } = frame.spec;
  for (const name of Object.keys(where))
    if (!axes.some((axis) => axis.name === name)) throw new RangeError(`the sweep has no axis ${name}`);
  return frame.cells.flatMap((_, at) => {
    const values = coordinates(frame.spec, at);
    const here = axes.every(({ name }, axis) => {
      const wanted = where[name];
      const value = values[axis]!;
      if (wanted === undefined) return true;
      return Array.isArray(wanted)
        ? (value as number) >= wanted[0]! - 1e-9 && (value as number) <= wanted[1]! + 1e-9
        : value === wanted;
    });
    return here ? [at] : [];
  });
}

/** More groups of replicates say nothing new about a variance. */
const MOST_GROUPS = 200;

/** One part of the noise: what it does to each of the numbers (the covariance is the sum of u u^T). */
interface Column {
  readonly u: readonly number[];
  /** degrees of freedom behind its size */
  readonly freedom: number;
  /** sum of the fourth powers of the runs' parts in it, over the square of their sum of squares; 1 of one part */
  readonly peaked: number;
}

/** Numbers made of means, with their common noise. */
export class Derived {
  readonly values: readonly number[];
  private readonly columns: readonly Column[];
  /** of all columns together, where they are replicates; null where each has its own */
  private readonly shared: number | null;
  /** runs, or groups of them, behind the columns */
  private readonly parts: number;

  constructor(values: readonly number[], columns: readonly Column[], shared: number | null, parts: number) {
    this.values = values;
    this.columns = columns;
    this.shared = shared;
    this.parts = parts;
  }

  /**
   * A combination sum_i a_i values_i. Degrees of freedom: of the replicates, or Welch's and Satterthwaite's for
   * independent cells; in both cases no more than as many normal runs of the same kurtosis would give, 2 N/(kurtosis -
   * 1): a variance that rests on a few runs is hardly known.
   */
  combine(a: readonly number[]): Uncertain {
    const value = this.values.reduce((sum, one, i) => sum + (a[i] === 0 ? 0 : a[i]! * one), 0);
    const squares = this.columns.map(({ u }) => u.reduce((sum, one, i) => sum + a[i]! * one, 0) ** 2);
    const variance = squares.reduce((sum, one) => sum + one, 0);
    if (variance === 0) return { value, se: 0, freedom: this.shared ?? Infinity };
    const own = squares.reduce((sum, one, k) => sum + (one * one) / this.columns[k]!.freedom, 0);
    const peaked =
      squares.reduce((sum, one, k) => sum + one * one * this.columns[k]!.peaked, 0) / (variance * variance);
    const byKurtosis = peaked > 1 / this.parts ? 2 / (peaked - 1 / this.parts) : Infinity;
    return {
      value,
      se: Math.sqrt(variance),
      freedom: Math.min(this.shared ?? (variance * variance) / own, byKurtosis),
    };
  }

  /** What each part of the noise does to the numbers: the covariance is the sum of u u^T. */
  get influences(): readonly (readonly number[])[] {
    return this.columns.map(({ u }) => u);
  }

  /** Replicates behind the noise of all numbers; null where each cell has runs of its own. */
  get replicates(): number | null {
    return this.shared === null ? null : this.shared + 1;
  }

  /** The i-th number. */
  at(i: number): Uncertain {
    return this.combine(this.values.map((_, k) => (k === i ? 1 : 0)));
  }

  /** Rows of `a` (each a combination): their covariance, row-major. */
  covariance(a: readonly (readonly number[])[]): Float64Array {
    const size = a.length;
    const out = new Float64Array(size * size);
    for (const { u } of this.columns) {
      const moved = a.map((row) => row.reduce((sum, one, i) => sum + one * u[i]!, 0));
      for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) out[i * size + j]! += moved[i]! * moved[j]!;
    }
    return out;
  }
}

/** The means of some cells, each with two runs at least. */
export class CellMeans {
  readonly means: readonly number[];
  /** runs in all */
  readonly runs: number;
  private readonly values: readonly (readonly { readonly replicate: number; readonly value: number }[])[];
  private readonly common: boolean;

  private constructor(values: CellMeans['values'], common: boolean) {
    this.values = values;
    this.common = common;
    this.means = values.map((runs) => meanAndSe(runs.map(({ value }) => value)).mean);
    this.runs = values.reduce((sum, runs) => sum + runs.length, 0);
  }

  /**
   * @param of an observable, or a number of each run, NaN where it has none
   * @returns null while a cell has no run, or there is no cell
   */
  static of(frame: Frame, cells: readonly number[], of: SymbolId | Float64Array): CellMeans | null {
    const column = typeof of === 'string' ? overRuns(frame, of) : of;
    const { start, replicate } = frame.runs;
    const values = cells.map((cell) => {
      const runs: { replicate: number; value: number }[] = [];
      for (let row = start[cell]!; row < start[cell + 1]!; row++)
        if (!Number.isNaN(column[row])) runs.push({ replicate: replicate[row]!, value: column[row]! });
      return runs;
    });
    if (values.length === 0 || values.some((runs) => runs.length === 0)) return null;
    return new CellMeans(values, frame.cells[cells[0]!]!.coupling === 'common');
  }

  /** One value where all runs have the same. */
  get same(): number | null {
    const first = this.values[0]![0]!.value;
    return this.values.every((runs) => runs.every(({ value }) => value === first)) ? first : null;
  }

  /** Mean over cells of the variance of a run within its cell. */
  get runVariance(): number {
    return meanAndSe(this.values.map((runs) => meanAndSe(runs.map(({ value }) => value)).se ** 2 * runs.length)).mean;
  }

  /** Runs that are independent of each other: replicates, where cells share their draws. */
  get independent(): number {
    return this.common ? Math.max(...this.values.map((runs) => runs.length)) : this.runs;
  }

  /** The mean over the cells. */
  overall(): Uncertain {
    const share = 1 / this.values.length;
    return this.derive(
      (means) => [means.reduce((sum, mean) => sum + share * mean, 0)],
      [this.means.map(() => share)],
    )!.at(0);
  }

  /**
   * Numbers as a function of the means.
   *
   * @param statistic continuous; null where there is none
   * @param gradient its derivatives, rows like its values, where they are known
   * @returns null where the statistic is null, or stops being a number within the means' standard errors
   */
  derive(
    statistic: (means: readonly number[]) => readonly number[] | null,
    gradient?: readonly (readonly number[])[],
  ): Derived | null {
    const values = statistic(this.means);
    if (!values || values.some(Number.isNaN)) return null;
    const columns = this.common ? this.jackknife(statistic, values) : this.byCell(statistic, values, gradient);
    return (
      columns && new Derived(values, columns.columns, this.common ? columns.columns.length - 1 : null, columns.parts)
    );
  }

  /** Replicates left out of all cells at once, in groups where they are many. */
  private jackknife(
    statistic: (means: readonly number[]) => readonly number[] | null,
    values: readonly number[],
  ): { columns: Column[]; parts: number } | null {
    const last = Math.max(...this.values.map((runs) => runs.at(-1)!.replicate));
    const groups = Math.min(MOST_GROUPS, last + 1);
    const sums = this.values.map((runs) => {
      const out = { sum: new Float64Array(groups), count: new Float64Array(groups) };
      for (const { replicate, value } of runs) {
        out.sum[replicate % groups]! += value;
        out.count[replicate % groups]! += 1;
      }
      return out;
    });
    const columns: Column[] = [];
    for (let group = 0; group < groups; group++) {
      const without = this.values.map((runs, cell) => {
        const kept = runs.length - sums[cell]!.count[group]!;
        return (this.means[cell]! * runs.length - sums[cell]!.sum[group]!) / kept;
      });
      // A cell with one run, or all of its runs in one group, has no spread to be known from.
      if (without.some(Number.isNaN)) return { columns: [NOTHING(values.length)], parts: 1 };
      const moved = statistic(without);
      if (!moved || moved.some(Number.isNaN)) return null;
      const out = sums.reduce((sum, { count }) => sum + count[group]!, 0);
      if (out === 0) continue;
      // Groups of unequal numbers: weighted such that the variance of a mean is met without bias.
      const weight = Math.sqrt((this.runs - out) / (out * groups));
      columns.push({ u: moved.map((value, i) => weight * (value - values[i]!)), freedom: Infinity, peaked: 1 });
    }
    return { columns, parts: columns.length };
  }

  /** Each cell's mean moved by its standard error. */
  private byCell(
    statistic: (means: readonly number[]) => readonly number[] | null,
    values: readonly number[],
    gradient: readonly (readonly number[])[] | undefined,
  ): { columns: Column[]; parts: number } | null {
    const columns: Column[] = [];
    for (const [cell, runs] of this.values.entries()) {
      const count = runs.length;
      if (count < 2) return { columns: [NOTHING(values.length)], parts: 1 };
      const mean = this.means[cell]!;
      const squares = runs.map(({ value }) => (value - mean) ** 2);
      const total = squares.reduce((sum, one) => sum + one, 0);
      if (total === 0) continue;
      const se = Math.sqrt(total / (count * (count - 1)));
      const peaked = squares.reduce((sum, one) => sum + (one / total) ** 2, 0);
      let u: number[];
      if (gradient) u = gradient.map((row) => row[cell]! * se);
      else {
        const moved = [se, -se].map((step) => statistic(this.means.map((one, at) => (at === cell ? one + step : one))));
        const [up, down] = moved;
        if (!up || !down) return null;
        u = values.map((_, i) => (up[i]! - down[i]!) / 2);
        if (u.some(Number.isNaN)) return null;
      }
      columns.push({ u, freedom: count - 1, peaked });
    }
    return { columns, parts: this.runs };
  }
}

/** Noise of unknown size. */
const NOTHING = (size: number): Column => ({ u: Array<number>(size).fill(NaN), freedom: NaN, peaked: NaN });

/** The values of a numeric axis that `where` leaves, and the cells at each. */
export function alongAxis(
  frame: Frame,
  along: string,
  where: Where = {},
): { readonly x: number; readonly cells: readonly number[] }[] {
  const axis = frame.spec.axes.find(({ name }) => name === along);
  if (!axis) throw new RangeError(`the sweep has no axis ${along}`);
  const { [along]: wanted, ...others } = where;
  const cells = cellsAt(frame, others);
  const places = cells.map((cell) => coordinates(frame.spec, cell)[frame.spec.axes.indexOf(axis)]);
  return (axis.values as number[])
    .filter((x) => wanted === undefined || (Array.isArray(wanted) ? x >= wanted[0]! && x <= wanted[1]! : x === wanted))
    .map((x) => ({ x, cells: cells.filter((_, i) => places[i] === x) }));
}
