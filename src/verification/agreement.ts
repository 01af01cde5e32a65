/** Holds results against published numbers. */
import chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import { log } from '../core/special.ts';
import { meanAndSe, quantile } from '../core/statistics.ts';
import { controlParameter } from '../theory/critical.ts';
import { signalAndNoise, type Results } from '../experiments/table.ts';
import type { Check, PublishedBlocks } from './check.ts';
import type { Comparison, Verdict } from './old-comparison.ts';
import { claim, offGrid } from './claims.ts';
import { publishedLevels } from './published-levels.ts';

export interface Agreement {
  readonly comparisons: readonly Comparison[];
  readonly verdict: Verdict;
}

/**
 * Carries out the checks.
 *
 * @param coarse the grid or the number of runs is smaller than the published one: medians and excess errors are then
 *   held to their bound within their standard errors only, and the verdict is at most `agrees in shape`
 */
export function agreement(results: Results, checks: readonly Check[], coarse: boolean): Agreement {
  const comparisons = checks.flatMap((check) => carryOut(results, check, coarse));
  const againstNumbers = checks.some(
    (check) =>
      check.kind === 'block-means' ||
      check.kind === 'block-medians' ||
      check.kind === 'level-sets' ||
      (check.kind === 'mean' && check.published !== undefined),
  );
  const ok = comparisons.length > 0 && comparisons.every((one) => one.ok);
  return {
    comparisons,
    verdict: !ok ? 'not reproduced' : coarse || !againstNumbers ? 'agrees in shape' : 'reproduced',
  };
}

function carryOut(results: Results, check: Check, coarse: boolean): Comparison[] {
  switch (check.kind) {
    case 'block-means':
      return blockMeans(results, check);
    case 'block-medians':
      return blockMedians(results, check, coarse);
    case 'level-sets':
      return publishedLevels(results, check);
    case 'fitted':
      return [fitted(results, check)];
    case 'excess':
      return excess(results, check, coarse);
    default:
      return coarse && offGrid(results, check) ? [] : [claim(results, check, coarse)];
  }
}

interface Block {
  readonly row: number;
  readonly column: number;
  readonly published: number;
  /** indices into results.cells */
  readonly members: readonly number[];
  /** `d 100-190, mu 0-0.9` */
  readonly name: string;
  readonly at: NonNullable<Comparison['at']>;
}

/** The published blocks that hold at least one cell of ours with a finished run. */
function blocks(results: Results, published: PublishedBlocks): Block[] {
  const axisOf = (path: string) => results.spec.axes.find((axis) => axis.path === path);
  const rowAxis = axisOf(published.rowPath);
  const columnAxis = axisOf(published.columnPath);
  if (!rowAxis || !columnAxis) return [];
  const within = (value: unknown, [low, high]: readonly [number, number]): boolean =>
    typeof value === 'number' && value >= low - 1e-9 && value <= high + 1e-9;
  const read = (cell: unknown, path: string): unknown =>
    path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], cell);
  // Read once, not once a block: a map has 10^4 cells and 50 blocks.
  const places = results.cells.map((cell, at) => ({
    at,
    inRow: read(cell, published.rowPath),
    inColumn: read(cell, published.columnPath),
  }));
  return published.rowIntervals.flatMap((rows, row) => {
    const strip = places.filter(({ inRow }) => within(inRow, rows));
    return published.columnIntervals.flatMap((columns, column): Block[] => {
      const members = strip.flatMap(({ at, inColumn }) =>
        within(inColumn, columns) && results.over(at, 'trainLoss').length > 0 ? [at] : [],
      );
      if (members.length === 0) return [];
      const mean = (path: string): number =>
        meanAndSe(members.map((at) => read(results.cells[at], path) as number)).mean;
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

/**
 * Block means. Variance of the difference: the run variance measured beforehand, divided by our runs and by the
 * published ones, plus the published test points' binomial variance. (A variance taken from ten skewed runs a cell
 * would be small exactly where the mean is.)
 */
function blockMeans(results: Results, check: Check & { kind: 'block-means' }): Comparison[] {
  const { cellsPerBlock, runsPerCell, testPoints, runSd } = check.blocks;
  if (!runSd) throw new RangeError(`${check.id} has no run standard deviations`);
  const comparisons: Comparison[] = [];
  let chiSquare = 0;
  for (const block of blocks(results, check.blocks)) {
    const [zLimit, tolerance] = [4.5, check.margin.within];
    const runVariance = runSd[block.row]![block.column]! ** 2;
    let sum = 0;
    let weight = 0;
    for (const at of block.members) {
      const values = results.over(at, check.observable);
      sum += meanAndSe(values).mean;
      weight += 1 / values.length;
    }
    const count = block.members.length;
    const ours = sum / count;
    const publishedRuns = cellsPerBlock * runsPerCell;
    const variance =
      runVariance * (weight / (count * count) + 1 / publishedRuns) +
      (block.published * (1 - block.published)) / (publishedRuns * testPoints);
    const se = Math.sqrt(variance);
    const difference = ours - block.published;
    const z = difference / se;
    chiSquare += z * z;
    const testable = zLimit * se <= tolerance;
    comparisons.push({
      id: `${check.id}/${block.name}`,
      ours,
      se,
      published: block.published,
      tolerance: tolerance,
      ok: Math.abs(z) <= zLimit && (!testable || Math.abs(difference) <= tolerance),
      z,
      says: testable
        ? `|ours - published| <= ${tolerance} and |z| <= ${zLimit}`
        : `|z| <= ${zLimit}; too few runs to test the tolerance ${tolerance}`,
      at: block.at,
    });
  }
  if (comparisons.length > 0) {
    const p = 1 - chiSquareCdf(chiSquare, comparisons.length);
    comparisons.push({
      id: `${check.id}/chi-square`,
      ours: p,
      se: null,
      published: null,
      tolerance: 0.001,
      ok: p > 0.001,
      says: `p-value of chi-square ${chiSquare.toFixed(1)} on ${comparisons.length} blocks > ${0.001}`,
    });
  }
  return comparisons;
}

/**
 * Medians over blocks of cell means. The standard error of a log ratio is that of two medians, 1.2533 sd / sqrt(cells)
 * each, with the sd of the cells' logarithms within blocks, pooled over the blocks: four cells alone say little about
 * it.
 */
function blockMedians(results: Results, check: Check & { kind: 'block-medians' }, coarse: boolean): Comparison[] {
  const chosen = blocks(results, check.blocks)
    .filter((block) => check.blocks.rowIntervals[block.row]![0] >= check.fromRow)
    .map((block) => {
      const means = block.members.map((at) => meanAndSe(results.over(at, check.observable)).mean);
      return { block, means, ours: quantile(means, 0.5), ratio: quantile(means, 0.5) / block.published };
    });
  if (chosen.length === 0) return [];
  const spreads = chosen
    .filter(({ means }) => means.length > 1)
    .map(({ means }) => meanAndSe(means.map(log)).se ** 2 * means.length);
  const sd = spreads.length > 0 ? Math.sqrt(meanAndSe(spreads).mean) : null;
  const within = (ratio: number): boolean => ratio <= check.factor && ratio >= 1 / check.factor;
  const middle = quantile(
    chosen.map(({ ratio }) => ratio),
    0.5,
  );
  return [
    {
      id: `${check.id}/median-ratio`,
      ours: middle,
      se: null,
      published: 1,
      tolerance: check.factor,
      ok: within(middle),
      says: `median over ${chosen.length} blocks of ours / published within x${check.factor}`,
    },
    ...chosen.map(({ block, means, ours, ratio }): Comparison => {
      const seLog = sd === null ? null : 1.2533 * sd * Math.sqrt(1 / means.length + 1 / check.blocks.cellsPerBlock);
      return {
        id: `${check.id}/${block.name}`,
        ours,
        se: seLog === null ? null : ours * seLog,
        published: block.published,
        tolerance: check.factor,
        ok: within(ratio) || (coarse && seLog !== null && Math.abs(log(ratio)) <= 4 * seLog),
        says: `ratio of medians ${ratio.toPrecision(3)} ${within(ratio) ? 'within' : 'outside'} x${check.factor}${within(ratio) || seLog === null || !coarse ? '' : `, held to 4 standard errors of ${seLog.toFixed(2)} on the log scale`}`,
        at: block.at,
      };
    }),
  ];
}

function fitted(results: Results, check: Check & { kind: 'fitted' }): Comparison {
  let runs = 0;
  let fit = 0;
  results.cells.forEach((_, at) => {
    const errors = results.over(at, 'trainError');
    runs += errors.length;
    fit += errors.filter((error) => error === 0).length;
  });
  const ours = runs ? fit / runs : null;
  return {
    id: check.id,
    ours,
    se: ours === null ? null : Math.sqrt((ours * (1 - ours)) / runs),
    published: null,
    tolerance: check.share ?? 1,
    ok: ours !== null && ours >= (check.share ?? 1),
    says: `fraction of ${runs} runs that fit every training label >= ${check.share ?? 1}`,
  };
}

function excess(results: Results, check: Check & { kind: 'excess' }, coarse: boolean): Comparison[] {
  const [low, high] = check.S;
  const members = results.cells.flatMap((cell, at) => {
    const S = controlParameter({ ...cell.data, ...signalAndNoise(cell) });
    return S >= low && S <= high ? results.over(at, 'testError').map((error) => error - cell.data.flip) : [];
  });
  if (members.length === 0) return [];
  const { mean, se } = meanAndSe(members);
  const slack = coarse ? 3 * se : 0; // a few runs cannot tell more
  const ok =
    (check.atMost === undefined || mean - slack <= check.atMost) &&
    (check.atLeast === undefined || mean + slack >= check.atLeast);
  const bound = check.atMost ?? check.atLeast!;
  return [
    {
      id: check.id,
      ours: mean,
      se,
      published: null,
      tolerance: bound,
      ok,
      says: `mean excess error over ${members.length} runs with S in [${low}, ${high}] ${check.atMost !== undefined ? '<=' : '>='} ${bound}${coarse ? ', to within 3 standard errors' : ''}`,
    },
  ];
}

export interface CellComparison {
  readonly comparisons: readonly Comparison[];
  readonly cells: number;
  readonly meanDifference: number;
  readonly rms: number;
}

/** Blocks along one side of a grid for a cell-by-cell comparison: at most ten, of at least five cells. */
const parts = (side: number): number => Math.max(1, Math.min(10, Math.floor(side / 5)));

/**
 * Cell by cell against a full table of test errors. The differences of a block of cells give its mean and the standard
 * error of it, so nothing is assumed of either side's noise (single cells have heavy tails: one unlucky draw of flips
 * moves a cell by many standard errors).
 *
 * @param published rows x columns of the grid, in the spec's order
 * @param limits largest |z| of the overall mean and of a block, smallest p-value of the blocks' chi-square
 */
export function compareCells(
  results: Results,
  published: readonly (readonly number[])[],
  limits: { readonly z: number; readonly p: number },
): CellComparison {
  const [rows, columns] = [published.length, published[0]!.length];
  const differences: number[] = [];
  const blocksOf = new Map<string, number[]>();
  results.cells.forEach((_, at) => {
    const values = results.over(at, 'testError');
    if (values.length === 0) return;
    const [row, column] = [Math.floor(at / columns), at % columns];
    const difference = meanAndSe(values).mean - published[row]![column]!;
    differences.push(difference);
    const block = `${Math.floor((row * parts(rows)) / rows)},${Math.floor((column * parts(columns)) / columns)}`;
    blocksOf.set(block, [...(blocksOf.get(block) ?? []), difference]);
  });
  const { mean, se } = meanAndSe(differences);
  const rms = Math.sqrt(meanAndSe(differences.map((one) => one * one)).mean);
  const zs = [...blocksOf.values()].flatMap((block) => {
    const estimate = meanAndSe(block);
    return estimate.se > 0 ? [estimate.mean / estimate.se] : [];
  });
  const worst = Math.max(...zs.map(Math.abs));
  const p =
    1 -
    chiSquareCdf(
      zs.reduce((sum, z) => sum + z * z, 0),
      zs.length,
    );
  return {
    cells: differences.length,
    meanDifference: mean,
    rms,
    comparisons: [
      {
        id: 'against/mean-difference',
        ours: mean,
        se,
        published: 0,
        tolerance: limits.z,
        z: mean / se,
        ok: Math.abs(mean / se) <= limits.z,
        says: `|z| of the mean difference over ${differences.length} cells <= ${limits.z} (rms of a cell ${rms.toFixed(4)})`,
      },
      {
        id: 'against/worst-block',
        ours: worst,
        se: null,
        published: null,
        tolerance: limits.z,
        ok: worst <= limits.z,
        says: `largest |z| over ${zs.length} blocks of cells <= ${limits.z}`,
      },
      {
        id: 'against/chi-square',
        ours: p,
        se: null,
        published: null,
        tolerance: limits.p,
        ok: p > limits.p,
        says: `p-value of the blocks' chi-square > ${limits.p}`,
      },
    ],
  };
}
