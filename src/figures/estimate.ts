/** What the runs of one cell say about a quantity: a mean with its interval, or quantiles over runs. */
import { binomialInterval, meanAndSe, quantile } from '../core/statistics.ts';
import { intervalColumns, type Frame } from '../experiments/frame.ts';
import type { PlotView } from '../experiments/view.ts';
import { within } from './quantity.ts';
import type { Role } from './role.ts';
import { halfOf } from './spread.ts';

export interface Estimate {
  readonly y: number;
  /** ends of the interval of the mean, or .1- and .9-quantile; absent where one run tells no more */
  readonly low?: number;
  readonly high?: number;
  /** standard error of a mean */
  readonly se?: number;
  /** runs with a value */
  readonly runs: number;
}

/** Ends of the band of `--show quantiles`. */
export const QUANTILES = [0.1, 0.9] as const;

/** @returns null where no run of the cell has a value */
export function estimate(role: Role, frame: Frame, at: number, show: PlotView['show'] = 'means'): Estimate | null {
  const made = Number(frame.columns['runs']?.[at] ?? 0);
  const mean = role.of(frame, at);
  if (made === 0) return null;
  const values = role.runs?.(frame, at);
  if (!values) {
    if (typeof mean !== 'number' || !Number.isFinite(mean)) return null;
    // The share of the runs that fit is a count of them.
    if (role.id === 'fitted') {
      const [low, high] = binomialInterval(Math.round(mean * made), made);
      return { y: mean, low, high, runs: made };
    }
    return { y: mean, runs: made };
  }
  if (values.length === 0) return null;
  if (show === 'quantiles') {
    const [low, high] = QUANTILES.map((level) => quantile(values, level)) as [number, number];
    return { y: quantile(values, 0.5), low, high, runs: values.length };
  }
  const { mean: y, se } = meanAndSe(values);
  // Looked at while the runs came in, a mean has the interval of its confidence sequence.
  const [low, high] = intervalColumns(role.text).map((name) => frame.columns[name]?.[at]);
  if (typeof low === 'number' && typeof high === 'number') return { y, low, high, se, runs: values.length };
  if (values.length < 2) return { y, runs: 1 };
  const half = halfOf(se, values.length - 1);
  const [from, to] = within([y - half, y + half], role.range);
  return { y, low: from, high: to, se, runs: values.length };
}
