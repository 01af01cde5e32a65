/** What stands under a picture's title: all that is fixed, the runs that it shows, how precise they are; and its source. */
import { numberText } from '../core/number-text.ts';
import { quantile } from '../core/statistics.ts';
import type { RunRecord } from '../experiments/record.ts';
import { specToYaml } from '../experiments/spec-text.ts';
import { fixedWords, runsWords } from '../experiments/spec-words.ts';
import { cells, leastRuns, type Spec } from '../experiments/spec.ts';
import type { Cell } from '../experiments/cell.ts';
import { intervalColumns, numbers, type Frame } from '../experiments/frame.ts';
import { bandSays } from '../figures/curve.ts';
import { withSource, type Figure } from '../figures/figure.ts';
import { halfOf } from '../figures/spread.ts';
import { hasTrajectories, trajectories } from '../figures/trajectories.ts';

/**
 * `n = 20, ..., 10 runs a cell, seed 2023`.
 *
 * @param value the column whose precision is told: the median over the cells of half its interval
 */
export function sweepCaption(frame: Frame, value?: string): string {
  const { spec, cells: all } = frame;
  const counts = numbers(frame, 'runs').map((count) => count ?? 0);
  return [
    ...fixedWords(spec, all),
    runsWords(spec, counts),
    ...openCells(frame),
    ...(value === undefined ? [] : medianHalf(frame, value, counts)),
    `seed ${spec.seed}`,
  ].join(', ');
}

function openCells({ spec, cells: all, columns }: Frame): string[] {
  if (!spec.precision) return [];
  const open = columns['ended']!.filter((ended) => ended === null).length;
  return open > 0 ? [`${open} of ${all.length} cells unfinished`] : [];
}

function medianHalf(frame: Frame, value: string, counts: readonly number[]): string[] {
  const { spec } = frame;
  const says = (halves: readonly number[]): string[] =>
    halves.length > 0
      ? [
          `${bandSays(spec, value)} of a cell's mean ± ${numberText(Number(quantile(halves, 0.5).toPrecision(2)))} (median)`,
        ]
      : [];
  if (spec.precision?.of === value) {
    const [lows, highs] = intervalColumns(value).map((column) => numbers(frame, column)) as [
      (number | null)[],
      (number | null)[],
    ];
    return says(lows.flatMap((low, at) => (low === null ? [] : [(highs[at]! - low) / 2])));
  }
  if (!(`${value}Se` in frame.columns)) return [];
  const diverged = numbers(frame, 'diverged');
  return says(
    numbers(frame, `${value}Se`).flatMap((se, at) =>
      se === null ? [] : [halfOf(se, Math.max(1, counts[at]! - (diverged[at] ?? 0) - 1))],
    ),
  );
}

/** What runs are missing from a folder, in one sentence; undefined when it is complete. */
export function runsMissing(frame: Frame): string | undefined {
  if (frame.complete) return undefined;
  const counts = numbers(frame, 'runs').map((count) => count ?? 0);
  const whole = frame.spec.precision ? `${frame.count} runs` : `${frame.count} of ${frame.expected} runs`;
  return `${whole} are there: ${[runsWords(frame.spec, counts), ...openCells(frame)].join(', ')}`;
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

/** A picture goes to others: it names the files of its data, and not where they lay. */
const nameOf = (path: string): string => path.split(/[\\/]/).at(-1)!;
const withoutFolders = ({ files, ...spec }: Spec): Spec => ({
  ...spec,
  ...(files && {
    files: { ...files, points: nameOf(files.points), ...(files.labels && { labels: nameOf(files.labels) }) },
  }),
});

/** The figure with the spec that it was made of. @param more what else was asked, in one line */
export const sourced = (figure: Figure, spec: Spec, science: number, more = ''): Figure =>
  withSource(
    figure,
    specToYaml(
      withoutFolders(spec),
      `benign-lab: spec of ${figure.name}${more && ` (${more})`}, records of science ${science}`,
    ),
  );
