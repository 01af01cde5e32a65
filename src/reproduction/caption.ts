/** What stands under a picture's title: all that is fixed, the runs that it shows, how precise they are; and its source. */
import { numberText } from '../core/number-text.ts';
import { quantile } from '../core/statistics.ts';
import type { RunRecord } from '../experiments/record.ts';
import { specToYaml } from '../experiments/spec-text.ts';
import { fixedWords, runsWords } from '../experiments/spec-words.ts';
import { cells, leastRuns, type Spec } from '../experiments/spec.ts';
import { intervalColumns, numbers, type Cell, type Results, type Table } from '../experiments/table.ts';
import { bandSays } from '../figures/curve.ts';
import { withSource, type Figure } from '../figures/figure.ts';
import { halfOf } from '../figures/spread.ts';
import { hasTrajectories, trajectories } from '../figures/trajectories.ts';
import type { SymbolId } from '../notation.ts';

/**
 * `n = 20, ..., 10 runs a cell, seed 2023`.
 *
 * @param value the column of the table whose precision is told: the median over the cells of half its interval
 */
export function sweepCaption(results: Results, table: Table, value?: SymbolId): string {
  const { spec, cells: all } = results;
  const counts = numbers(table, 'runs').map((count) => count ?? 0);
  return [
    ...fixedWords(spec, all),
    runsWords(spec, counts),
    ...openCells(results),
    ...(value === undefined ? [] : medianHalf(spec, table, value, counts)),
    `seed ${spec.seed}`,
  ].join(', ');
}

function openCells(results: Results): string[] {
  if (!results.spec.precision) return [];
  const open = results.ids.filter((_, at) => results.precision(at)?.ended === null).length;
  return open > 0 ? [`${open} of ${results.ids.length} cells unfinished`] : [];
}

function medianHalf(spec: Spec, table: Table, value: SymbolId, counts: readonly number[]): string[] {
  const says = (halves: readonly number[]): string[] =>
    halves.length > 0
      ? [
          `${bandSays(spec, value)} of a cell's mean ± ${numberText(Number(quantile(halves, 0.5).toPrecision(2)))} (median)`,
        ]
      : [];
  if (spec.precision?.of === value) {
    const [lows, highs] = intervalColumns(value).map((column) => numbers(table, column)) as [
      (number | null)[],
      (number | null)[],
    ];
    return says(lows.flatMap((low, at) => (low === null ? [] : [(highs[at]! - low) / 2])));
  }
  if (!table.columns.includes(`${value}Se`)) return [];
  const diverged = numbers(table, 'diverged');
  return says(
    numbers(table, `${value}Se`).flatMap((se, at) =>
      se === null ? [] : [halfOf(se, Math.max(1, counts[at]! - (diverged[at] ?? 0) - 1))],
    ),
  );
}

/** What runs are missing from a folder, in one sentence; undefined when it is complete. */
export function runsMissing(results: Results, table: Table): string | undefined {
  if (results.complete) return undefined;
  const counts = numbers(table, 'runs').map((count) => count ?? 0);
  const whole = results.spec.precision ? `${results.count} runs` : `${results.count} of ${results.expected} runs`;
  return `${whole} are there: ${[runsWords(results.spec, counts), ...openCells(results)].join(', ')}`;
}

/** The same from how many runs each cell has; with a precision only what its least number of runs tells. */
export function rowsMissing(spec: Spec, counts: readonly number[]): string | undefined {
  if (counts.every((count) => count >= leastRuns(spec))) return undefined;
  const made = counts.reduce((sum, count) => sum + count, 0);
  const whole = spec.precision ? `${made} runs` : `${made} of ${counts.length * spec.runs} runs`;
  return `${whole} are there: ${runsWords(spec, counts)}`;
}

/**
 * One run over time, with its place among the runs; null where no number of its series has a place on a scale.
 *
 * @param says what the runs came to
 */
export function runFigure(spec: Spec, record: RunRecord, says?: string): Figure | null {
  if (!hasTrajectories(record)) return null;
  const [cell] = [...cells(spec)];
  const caption = [
    ...fixedWords(spec, [cell!]),
    `run ${record.replicate + 1} of ${spec.runs} (${record.run})`,
    `seed ${record.seed}`,
  ].join(', ');
  return sourced(
    trajectories(record, {
      name: 'trajectories',
      title: spec.name || `run ${record.run}`,
      subtitle: says === undefined ? caption : `${caption}\n${says}`,
    }),
    spec,
    record.science,
  );
}

/** Under a picture of level sets. @param along what is searched, as it was asked for */
export const searchCaption = (
  spec: Spec,
  along: { readonly name: string; readonly path: string },
  { runs, precision, confidence }: { readonly runs: number; readonly precision: number; readonly confidence: number },
): string =>
  [
    ...fixedWords(spec, [...cells(spec)], [along.path]),
    `${runs} runs in all`,
    `bars: ${Number((100 * confidence).toPrecision(6))} % intervals`,
    `asked for: standard error ${numberText(precision)} of log ${along.name}`,
    `seed ${spec.seed}`,
  ].join(', ');

/** Under a picture of one cell's theory or of one run held against lemmas. */
export const cellCaption = (spec: Spec, cell: Cell): string[] => fixedWords({ ...spec, axes: [] }, [cell]);

/** The figure with the spec that it was made of. @param more what else was asked, in one line */
export const sourced = (figure: Figure, spec: Spec, science: number, more = ''): Figure =>
  withSource(
    figure,
    specToYaml(spec, `benign-lab: spec of ${figure.name}${more && ` (${more})`}, records of science ${science}`),
  );
