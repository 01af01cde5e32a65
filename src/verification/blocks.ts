/** Block means and medians held against a published table. */
import { log } from '../core/special.ts';
import { meanAndSe, quantile } from '../core/statistics.ts';
import { valueAt } from '../experiments/cell.ts';
import { inCell, overRuns, type Frame } from '../experiments/frame.ts';
import type { Check, Comparison, PublishedBlocks } from './check.ts';
import { meanDifference, rootMeanSquare } from './differences.ts';
import { allWithin, unjudged, type Part } from './judge.ts';

interface Block {
  readonly row: number;
  readonly column: number;
  readonly published: number;
  /** indices into frame.cells */
  readonly members: readonly number[];
  /** `d 100-190, mu 0-0.9` */
  readonly name: string;
  readonly at: NonNullable<Comparison['at']>;
}

/** The published blocks that hold at least one cell of ours with a finished run. */
function blocks(frame: Frame, published: PublishedBlocks): Block[] {
  const axisOf = (path: string) => frame.spec.axes.find((axis) => axis.path === path);
  const rowAxis = axisOf(published.rowPath);
  const columnAxis = axisOf(published.columnPath);
  if (!rowAxis || !columnAxis) return [];
  const within = (value: unknown, [low, high]: readonly [number, number]): boolean =>
    typeof value === 'number' && value >= low - 1e-9 && value <= high + 1e-9;
  const losses = overRuns(frame, 'trainLoss');
  // Read once, not once a block: a map has 10^4 cells and 50 blocks.
  const places = frame.cells.map((cell, at) => ({
    at,
    inRow: valueAt(cell, published.rowPath),
    inColumn: valueAt(cell, published.columnPath),
  }));
  return published.rowIntervals.flatMap((rows, row) => {
    const strip = places.filter(({ inRow }) => within(inRow, rows));
    return published.columnIntervals.flatMap((columns, column): Block[] => {
      const members = strip.flatMap(({ at, inColumn }) =>
        within(inColumn, columns) && inCell(frame, losses, at).length > 0 ? [at] : [],
      );
      if (members.length === 0) return [];
      const mean = (path: string): number =>
        meanAndSe(members.map((at) => valueAt(frame.cells[at]!, path) as number)).mean;
      return [
        {
          row,
          column,
          published: published.values[row]![column]!,
          members,
          name: `${rowAxis.id} ${rows[0]}-${rows[1]}, ${columnAxis.id} ${columns[0]}-${columns[1]}`,
          at: { [rowAxis.id]: mean(published.rowPath), [columnAxis.id]: mean(published.columnPath) },
        },
      ];
    });
  });
}

const NO_BLOCK = { note: 'no published block has a run of ours' } as const;

/**
 * Block means. Variance of a difference: the run variance measured beforehand, divided by our runs and by the published
 * ones, plus the published test points' binomial variance. (A variance taken from ten skewed runs a cell would be small
 * exactly where the mean is.) Means over the blocks of a row, and of a column, see a shift that single blocks hide; the
 * root mean square sees any pattern.
 *
 * @throws RangeError when the check has no run standard deviations
 */
export function blockMeans(frame: Frame, check: Check & { kind: 'block-means' }, alpha: number): Comparison[] {
  const { cellsPerBlock, runsPerCell, testPoints, runSd } = check.blocks;
  const { within, because } = check.margin;
  if (!runSd) throw new RangeError(`${check.id} has no run standard deviations`);
  const made = blocks(frame, check.blocks);
  const observed = overRuns(frame, check.observable);
  const parts = made.map((block): Part & { readonly block: Block } => {
    const runVariance = runSd[block.row]![block.column]! ** 2;
    let [sum, weight, runs] = [0, 0, 0];
    for (const at of block.members) {
      const values = inCell(frame, observed, at);
      sum += meanAndSe(values).mean;
      weight += 1 / values.length;
      runs += values.length;
    }
    const count = block.members.length;
    const publishedRuns = cellsPerBlock * runsPerCell;
    const fixed =
      runVariance / publishedRuns + (block.published * (1 - block.published)) / (publishedRuns * testPoints);
    return {
      block,
      name: block.name,
      value: sum / count - block.published,
      se: Math.sqrt((runVariance * weight) / (count * count) + fixed),
      fixed,
      runs,
      against: block.published,
      at: block.at,
    };
  });
  const strips = (['row', 'column'] as const).flatMap((side) => stripsOf(parts, side, check.blocks));
  const margin = { low: -within, high: within };
  const ids = [`${check.id}/strips`, `${check.id}/blocks`] as const;
  if (parts.length === 0)
    return [unjudged(check, NO_BLOCK, margin, ids[0]), unjudged(check, NO_BLOCK, { low: 0, high: within }, ids[1])];
  return [
    allWithin(check, strips, margin, alpha, {
      id: ids[0],
      note: `ours - published, means over ${strips.length} rows and columns of blocks; ${because}`,
      details: true,
    }),
    rootMeanSquare(check, parts, within, alpha, ids[1]),
  ];
}

/** Means over the blocks of each row, or column. */
function stripsOf(
  parts: readonly (Part & { readonly block: Block })[],
  side: 'row' | 'column',
  published: PublishedBlocks,
): Part[] {
  const intervals = side === 'row' ? published.rowIntervals : published.columnIntervals;
  return intervals.flatMap(([low, high], index): Part[] => {
    const members = parts.filter(({ block }) => block[side] === index);
    const count = members.length;
    if (count === 0) return [];
    const mean = (of: (part: Part) => number): number => members.reduce((sum, part) => sum + of(part), 0) / count;
    return [
      {
        name: `${side === 'row' ? published.rowPath : published.columnPath} ${low}-${high}`,
        value: mean(({ value }) => value),
        se: Math.sqrt(mean(({ se }) => se * se) / count),
        fixed: mean(({ fixed = 0 }) => fixed) / count,
        runs: members.reduce((sum, { runs }) => sum + runs, 0),
        against: mean(({ against = 0 }) => against),
      },
    ];
  });
}

/** Standard deviation of a median of normal values, over that of their mean. */
const MEDIAN = 1.2533;
/** Width of the middle half of a normal law, in standard deviations. */
const MIDDLE_HALF = 1.349;
/** Values from which on a block's own scatter is known. */
const OWN_SCATTER = 12;

/**
 * Medians over blocks of cell means, on a log scale. A training loss has a heavy tail, so that the median of cell means
 * depends on how many runs are in a mean: our runs are gathered into means of as many as a published cell has. The
 * standard error of a median is from the middle half of the values about their block's median, over all blocks or its
 * own, whichever is wider; part of that scatter is the trend over a block, so it is rather too large.
 */
export function blockMedians(frame: Frame, check: Check & { kind: 'block-medians' }, alpha: number): Comparison {
  const bounds = { low: 1 / check.factor, high: check.factor };
  const { runsPerCell, cellsPerBlock, rowIntervals } = check.blocks;
  const observed = overRuns(frame, check.observable);
  const chosen = blocks(frame, check.blocks)
    .filter((block) => rowIntervals[block.row]![0] >= check.fromRow)
    .map((block) => {
      const logs = block.members.flatMap((at) => gathered(inCell(frame, observed, at), runsPerCell).map(log));
      return { block, logs, middle: logs.length > 0 ? quantile(logs, 0.5) : NaN };
    });
  if (chosen.length === 0) return unjudged(check, NO_BLOCK, bounds);
  if (chosen.some(({ logs }) => logs.length === 0))
    return unjudged(check, { note: `a published cell is the mean of ${runsPerCell} runs, ours have fewer` }, bounds);
  const scatter = (values: readonly number[]): number =>
    (quantile(values, 0.75) - quantile(values, 0.25)) / MIDDLE_HALF;
  const about = chosen.map(({ logs, middle }) => logs.map((value) => value - middle));
  const pooled = scatter(about.flat());
  const parts = chosen.map(({ block, logs, middle }, i): Part => {
    const sd = MEDIAN * (logs.length >= OWN_SCATTER ? Math.max(pooled, scatter(about[i]!)) : pooled);
    return {
      name: block.name,
      value: middle - log(block.published),
      se: sd * Math.sqrt(1 / logs.length + 1 / cellsPerBlock),
      fixed: (sd * sd) / cellsPerBlock,
      runs: logs.length * runsPerCell,
      inLog: true,
      at: block.at,
    };
  });
  const count = parts.length;
  const over = (of: (part: Part) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
  return meanDifference(
    check,
    {
      value: over(({ value }) => value) / count,
      se: Math.sqrt(over(({ se }) => se * se)) / count,
      fixed: over(({ fixed = 0 }) => fixed) / (count * count),
      runs: over(({ runs }) => runs),
      published: 1,
      inLog: true,
      note: `geometric mean over ${count} blocks of ours / published; ${check.because}`,
    },
    parts,
    bounds,
    alpha,
  );
}

/** Means of so many runs each; what is left over is passed over. */
const gathered = (runs: readonly number[], size: number): number[] =>
  Array.from(
    { length: Math.floor(runs.length / size) },
    (_, k) => meanAndSe(runs.slice(k * size, (k + 1) * size)).mean,
  );
