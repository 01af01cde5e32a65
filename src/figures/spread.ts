/** One rule for every bar and band: the 95 % interval of a mean, Student's t over its runs. */
import { ALPHA, reach } from '../core/verdict.ts';
import { numbers, type CellFrame } from '../experiments/frame.ts';
import { rangeOf, within } from './quantity.ts';

/** How bars are called. */
export const LEVEL = '95 %';

/** Standard errors by degrees of freedom: the quantile takes its time. */
const reached = new Map<number, number>();

/** Half of the interval around an estimate. @param freedom behind `se`; known well when absent */
export function halfOf(se: number, freedom = Infinity): number {
  if (se === 0) return 0;
  let times = reached.get(freedom);
  if (times === undefined) reached.set(freedom, (times = reach(ALPHA, freedom)));
  return times * se;
}

/**
 * The interval of a cell's mean; the mean alone where there is no standard error. No end
 * lies beyond the range that the notation has for the quantity.
 *
 * @param value column of the mean
 */
export function meanInterval(
  { columns }: CellFrame,
  value: string,
  at: number,
  mean: number,
): readonly [number, number] {
  const se = columns[`${value}Se`]?.[at];
  if (typeof se !== 'number') return [mean, mean];
  const runs = Number(columns['runs']?.[at] ?? 0) - Number(columns['diverged']?.[at] ?? 0);
  const half = halfOf(se, Math.max(1, runs - 1));
  return within([mean - half, mean + half], rangeOf(value));
}

/** The same of every cell; null where there is no mean. */
export const meanIntervals = (frame: CellFrame, value: string): (readonly [number, number] | null)[] =>
  numbers(frame, value).map((mean, at) => (mean === null ? null : meanInterval(frame, value, at, mean)));
