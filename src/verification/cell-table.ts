/** A map held against a full table of test errors, cell by cell. */
import { meanAndSe } from '../core/statistics.ts';
import { inCell, overRuns, type Frame } from '../experiments/frame.ts';
import type { Comparison, Margin, Named } from './check.ts';
import { rootMeanSquare } from './differences.ts';
import { judged, unjudged, type Part } from './judge.ts';

export interface CellTable {
  readonly comparisons: readonly Comparison[];
  readonly cells: number;
  readonly meanDifference: number;
  /** of the differences as they are, noise of both sides included */
  readonly rms: number;
}

/** Comparisons that `compareCells` makes. */
export const CELL_VERDICTS = 2;

/** Blocks along one side of a grid: at most ten, of at least five cells. */
const parts = (side: number): number => Math.max(1, Math.min(10, Math.floor(side / 5)));

/**
 * The mean difference over all cells, and the root mean square over blocks of cells of the true differences, both within
 * the margin. The differences of a block give its mean and the standard error of it, so nothing is assumed of either
 * side's noise (single cells have heavy tails: one unlucky draw of flips moves a cell by many standard errors).
 *
 * @param published rows x columns of the grid, in the spec's order
 */
export function compareCells(
  frame: Frame,
  published: readonly (readonly number[])[],
  { within, because }: Margin,
  alpha: number,
): CellTable {
  const [rows, columns] = [published.length, published[0]!.length];
  const differences: number[] = [];
  let runs = 0;
  const blocksOf = new Map<string, { values: number[]; runs: number }>();
  const errors = overRuns(frame, 'testError');
  frame.cells.forEach((_, at) => {
    const values = inCell(frame, errors, at);
    if (values.length === 0) return;
    const [row, column] = [Math.floor(at / columns), at % columns];
    const difference = meanAndSe(values).mean - published[row]![column]!;
    differences.push(difference);
    runs += values.length;
    const name = `${Math.floor((row * parts(rows)) / rows)}, ${Math.floor((column * parts(columns)) / columns)}`;
    if (!blocksOf.has(name)) blocksOf.set(name, { values: [], runs: 0 });
    const block = blocksOf.get(name)!;
    block.values.push(difference);
    block.runs += values.length;
  });
  const check = (says: string): Named => ({ id: 'against', says, basis: 'test' });
  const margin = { low: -within, high: within };
  const whole = check('mean difference ours - table over all cells');
  const each = check('root mean square over blocks of cells of the true differences ours - table');
  const ids = ['against/mean-difference', 'against/blocks'] as const;
  if (differences.length < 2)
    return {
      cells: differences.length,
      meanDifference: NaN,
      rms: NaN,
      comparisons: [
        unjudged(whole, { note: 'no run to test it on' }, margin, ids[0]),
        unjudged(each, { note: 'no run to test it on' }, { low: 0, high: within }, ids[1]),
      ],
    };
  const { mean, se } = meanAndSe(differences);
  const blocks = [...blocksOf].map(([name, block]): Part => {
    const estimate = meanAndSe(block.values);
    return {
      name: `block ${name}`,
      value: estimate.mean,
      se: estimate.se,
      freedom: block.values.length - 1,
      runs: block.runs,
    };
  });
  return {
    cells: differences.length,
    meanDifference: mean,
    rms: Math.sqrt(meanAndSe(differences.map((one) => one * one)).mean),
    comparisons: [
      judged(
        whole,
        { value: mean, se, freedom: differences.length - 1, runs, published: 0, note: because },
        margin,
        alpha,
        ids[0],
      ),
      rootMeanSquare(each, blocks, within, alpha, ids[1]),
    ],
  };
}
