/** The columns of a table with one row a cell. */
import { meanAndSe, quantile } from '../core/statistics.ts';
import type { SymbolId } from '../notation.ts';
import type { Cell } from './cell.ts';
import { axisColumns, boundColumns, column, derivedColumns, type Columns, type Place } from './columns.ts';
import { inCell, intervalColumns, overRuns, type Field, type Frame, type RunColumns } from './frame.ts';
import type { PreciseCell } from './precision.ts';
import { hasRealLabels } from './real-labels.ts';
import { OUTCOMES, type RunRecord } from './record.ts';
import type { Spec } from './spec.ts';

/** Final values that every table has. */
export const USUAL: readonly SymbolId[] = ['marginMin', 'marginMax', 'gamma', 'rhoBar', 'rhoUnder'];
/** Those that results hold of each run, beside what the spec names. */
export const KEPT: readonly SymbolId[] = ['testError', 'testErrorClean', 'trainLoss', 'trainError', ...USUAL];

/** How far the mean of a cell is known under the spec's precision. */
export type Known = Pick<PreciseCell, 'ended' | 'interval'>;

/** A cell and its runs. */
interface CellRuns extends Place {
  readonly count: number;
  /** how many ended like this */
  readonly ended: (outcome: RunRecord['outcome']) => number;
  /** of all runs, replicates in order */
  readonly steps: readonly number[];
  /** of those that did not diverge, and have one */
  readonly values: (id: SymbolId) => readonly number[];
  /** undefined without a precision */
  readonly known: Known | undefined;
}

/** The rows of a table of cells, each made when it is asked for. */
export interface CellRows {
  readonly columns: readonly string[];
  /** one field a column @param at index of the cell */
  readonly row: (at: number) => Field[];
}

/**
 * The columns of every cell: the axes, `runs` that were made, means with standard errors (sd over runs / sqrt(runs))
 * over the runs that did not diverge, the fraction fitted, how many diverged, stalled or could not interpolate, what
 * the spec names, and quantiles of the clean error over the same runs. null where there is nothing to average. With a
 * precision also why the cell ended, null while it goes on, and behind the error's mean the ends of its interval; with
 * points Clopper and Pearson's bounds for the runs' mean clean error.
 *
 * @param cells first axis slowest @param cell one of them
 * @param known by cell; empty without a precision
 */
export function cellRows(
  spec: Spec,
  cells: Iterable<Cell>,
  cell: (at: number) => Cell,
  runs: RunColumns,
  known: readonly Known[],
): CellRows {
  // Along numbers the choices stay as they are.
  const alike = spec.axes.every(({ values }) => values.every((value) => typeof value === 'number'));
  const list = columnsOf(spec, cells, alike ? [cell(0)] : cells);
  return {
    columns: list.flatMap(({ names }) => names),
    row(at) {
      const own = runsOf(cell(at), at, runs, known[at]);
      const row: Field[] = [];
      for (const { of } of list) for (const field of of(own)) row.push(field);
      return row;
    },
  };
}

/** The same as whole columns. @param count of the cells */
export function cellColumns({ columns, row }: CellRows, count: number): Frame['columns'] {
  const out = columns.map((): Field[] => []);
  for (let at = 0; at < count; at++) {
    const fields = row(at);
    for (let i = 0; i < out.length; i++) out[i]!.push(fields[i]!);
  }
  return Object.fromEntries(columns.map((name, i) => [name, out[i]!]));
}

function runsOf(cell: Cell, at: number, runs: RunColumns, known: Known | undefined): CellRuns {
  const [from, to] = [runs.start[at]!, runs.start[at + 1]!];
  const counts = OUTCOMES.map(() => 0);
  for (const outcome of runs.outcome.subarray(from, to)) counts[outcome]!++;
  const read = new Map<SymbolId, readonly number[]>();
  return {
    cell,
    at,
    known,
    count: to - from,
    ended: (outcome) => counts[OUTCOMES.indexOf(outcome)]!,
    steps: [...runs.steps.subarray(from, to)],
    values(id) {
      if (!read.has(id)) read.set(id, inCell({ runs }, overRuns({ runs }, id), at));
      return read.get(id)!;
    },
  };
}

/** Each with its names, in the order of the table. @param choices cells with all choices that there are */
function columnsOf(spec: Spec, cells: Iterable<Cell>, choices: Iterable<Cell>): Columns<CellRuns>[] {
  const { of } = spec.precision ?? {};
  const ends = (id: SymbolId): Columns<CellRuns>[] => (id === of ? [intervalOf(id)] : []);
  return [
    ...axisColumns(spec),
    column('runs', ({ count }) => count),
    ...(of === undefined ? [] : [column<CellRuns>('ended', ({ known }) => known!.ended)]),
    meanWithSe('testError'),
    ...ends('testError'),
    meanWithSe('testErrorClean'),
    ...ends('testErrorClean'),
    ...boundColumns<CellRuns>(choices, ({ values }) => values('testErrorClean')),
    meanWithSe('trainLoss'),
    meanOf('trainError'),
    ...ends('trainError'),
    ...USUAL.map(meanOf),
    column('steps', ({ steps }) => (steps.length > 0 ? meanAndSe(steps).mean : null)),
    column('fitted', ({ cell, count, ended, values }) => {
      if (count === 0) return null;
      if (hasRealLabels(cell)) return ended('interpolated') / count;
      return values('trainError').filter((error) => error === 0).length / count;
    }),
    column('diverged', ({ ended }) => ended('diverged')),
    column('stalled', ({ ended }) => ended('stalled')),
    column('cannotInterpolate', ({ ended }) => ended('cannot-interpolate')),
    ...([...choices].some(({ training }) => training.rule === 'flow')
      ? [column<CellRuns>('unresolved', ({ ended }) => ended('unresolved'))]
      : []),
    ...spec.record.values.filter((id) => !KEPT.includes(id)).map(meanWithSe),
    quantileOf('testErrorCleanMedian', 'testErrorClean', 0.5),
    // A mean of rare errors is that of the unluckiest runs.
    quantileOf('testErrorCleanQ90', 'testErrorClean', 0.9),
    ...derivedColumns(cells),
  ];
}

/**
 * Columns beside the axes.
 *
 * @param some cells of the spec that tell what all have
 */
export const measuredNames = (spec: Spec, some: readonly Cell[]): string[] =>
  columnsOf({ ...spec, axes: [] }, some, some).flatMap(({ names }) => names);

const meanWithSe = (id: SymbolId): Columns<CellRuns> => ({
  names: [id, `${id}Se`],
  of({ values }) {
    const all = values(id);
    if (all.length === 0) return [null, null];
    const { mean, se } = meanAndSe(all);
    return [mean, all.length > 1 ? se : null];
  },
});

const meanOf = (id: SymbolId): Columns<CellRuns> => {
  const { of } = meanWithSe(id);
  return { names: [id], of: (row) => of(row).slice(0, 1) };
};

const intervalOf = (id: SymbolId): Columns<CellRuns> => ({
  names: intervalColumns(id),
  of: ({ count, known }) => (count > 0 ? [known!.interval.low, known!.interval.high] : [null, null]),
});

const quantileOf = (name: SymbolId, id: SymbolId, level: number): Columns<CellRuns> =>
  column(name, ({ values }) => (values(id).length > 0 ? quantile(values(id), level) : null));
