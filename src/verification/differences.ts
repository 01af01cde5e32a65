/** Many differences ours - published at once: how large they are on the whole, and whether a single one stands out. */
import { squaredLength, type Spread } from '../core/norm.ts';
import { normalQuantile } from '../core/special.ts';
import { POWER, reach, wordOf, type Bounds } from '../core/verdict.ts';
import type { Comparison, Named } from './check.ts';
import { allWithin, judged, noted, type Part } from './judge.ts';

/** Share of alpha that single parts may refute with; the rest is for what all of them say. */
const SINGLES = 0.1;

/**
 * The root mean square of the true differences against a margin: noise, ours and theirs, is taken off, and the interval
 * is that of the length of a vector known with independent normal errors. Refuted as well by any single difference
 * wholly beyond the margin.
 *
 * @param parts differences, independent of each other
 */
export function rootMeanSquare(
  check: Named,
  parts: readonly Part[],
  margin: number,
  alpha: number,
  id: string,
): Comparison {
  const bounds = { low: 0, high: margin };
  const count = parts.length;
  const [most, few] = [(1 - SINGLES) * alpha, SINGLES * alpha];
  const singles = allWithin(check, parts, { low: -margin, high: margin }, few, { id, details: true });
  if (singles.ours === null) return { ...singles, margin: bounds };
  const square = parts.reduce((sum, { value }) => sum + value * value, 0);
  const spread = spreadAt(parts, 1);
  const freedom = Math.min(...parts.map((part) => part.freedom ?? Infinity));
  const length = squaredLength(square, spread, most, freedom);
  const value = Math.sqrt(Math.max(0, square - spread.trace) / count);
  const interval = { low: Math.sqrt(length.low / count), high: Math.sqrt(length.high / count) };
  const runs = parts.reduce((sum, part) => sum + part.runs, 0);
  const found = {
    value,
    se: (interval.high - interval.low) / (2 * reach(most)),
    interval,
    runs,
    note: `root mean square of ${count} true differences; a single one is found from ${singles.power.finds!.toPrecision(2)} beyond the margin on`,
  };
  const main = judged(check, found, bounds, most, id);
  return withSingles(
    {
      ...main,
      power: {
        finds: rmsFound(parts, margin, most) - margin,
        ...(main.verdict === 'undecided' && { runs: runsToHold(parts, value, margin, most) }),
      },
    },
    singles,
    check,
  );
}

/**
 * The mean of differences against a margin, refuted as well by any single one wholly beyond it.
 *
 * @param mean of the parts, with a standard error that knows how they vary together
 */
export function meanDifference(
  check: Named,
  mean: Omit<Part, 'name'>,
  parts: readonly Part[],
  bounds: Bounds,
  alpha: number,
  id = check.id,
): Comparison {
  const singles = allWithin(check, parts, bounds, SINGLES * alpha, { id, details: true });
  return withSingles(judged(check, mean, bounds, (1 - SINGLES) * alpha, id), singles, check);
}

/** A comparison that single parts can refute too. */
function withSingles(main: Comparison, singles: Comparison, check: Named): Comparison {
  const out = singles.details?.filter(({ verdict }) => verdict === 'fails').map(({ name }) => name) ?? [];
  const { runs, ...power } = main.power;
  return {
    ...main,
    ...(out.length > 0 && {
      says: noted(main.says, `wholly beyond the margin: ${out.slice(0, 3).join('; ')}${out.length > 3 ? ', ...' : ''}`),
      verdict: 'fails',
    }),
    basis: check.basis ?? 'guard',
    power: { ...power, ...(runs !== undefined && out.length === 0 && { runs }) },
    ...(singles.details && { details: singles.details }),
  };
}

/** Of the parts' errors with so many times the runs. */
function spreadAt(parts: readonly Part[], times: number): Spread {
  const variances = parts.map(({ se, fixed = 0 }) => (se * se - fixed) / times + fixed);
  return {
    trace: variances.reduce((sum, one) => sum + one, 0),
    squares: variances.reduce((sum, one) => sum + one * one, 0),
    largest: Math.max(...variances),
  };
}

/** Root mean square from which on `fails` is said with probability POWER. */
function rmsFound(parts: readonly Part[], margin: number, alpha: number): number {
  const spread = spreadAt(parts, 1);
  const found = (rms: number): boolean => {
    const length = parts.length * rms * rms;
    const sd = Math.sqrt(2 * spread.squares + 4 * spread.largest * length);
    const seen = spread.trace + length - normalQuantile(POWER) * sd;
    return Math.sqrt(squaredLength(seen, spread, alpha).low / parts.length) > margin;
  };
  let [low, high] = [margin, 2 * margin];
  while (!found(high)) high *= 2;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (found(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Runs in all with which the upper end comes within the margin; null when no number of ours suffices. */
function runsToHold(parts: readonly Part[], rms: number, margin: number, alpha: number): number | null {
  const runs = parts.reduce((sum, part) => sum + part.runs, 0);
  for (let times = 1; times <= 4096; times *= 1.25) {
    const spread = spreadAt(parts, times);
    const length = parts.length * rms * rms;
    const sd = Math.sqrt(2 * spread.squares + 4 * spread.largest * length);
    const seen = spread.trace + length + normalQuantile(POWER) * sd;
    const interval = squaredLength(seen, spread, alpha);
    const ends = { low: Math.sqrt(interval.low / parts.length), high: Math.sqrt(interval.high / parts.length) };
    if (wordOf(ends, { low: 0, high: margin }) === 'holds') return Math.ceil(runs * times);
  }
  return null;
}
