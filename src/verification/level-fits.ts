/** Power laws through level sets: exponents with intervals, local slopes, and the constant under a theorem's law. */
import { exp, log, normalQuantile } from '../core/special.ts';
import { fitLine } from '../core/statistics.ts';

/** One place of a level set. */
export interface LevelPlace {
  readonly over: number;
  /** log of the crossing */
  readonly logAlong: number;
  readonly se: number;
}

export interface Interval {
  readonly value: number;
  readonly se: number;
  readonly low: number;
  readonly high: number;
}

export interface LevelFit {
  /** of along* ~ over^exponent; null with fewer than three places */
  readonly exponent: Interval | null;
  /** along* at the geometric centre of `over`, by the same line */
  readonly centre: { readonly over: number; readonly along: Interval } | null;
  /** slope from each place to the next */
  readonly local: readonly { readonly from: number; readonly to: number; readonly exponent: Interval }[];
}

/** @param confidence of every interval, in (0, 1) */
export function fitLevel(places: readonly LevelPlace[], confidence: number): LevelFit {
  const sorted = [...places].sort((a, b) => a.over - b.over);
  const x = sorted.map(({ over }) => log(over));
  const z = normalQuantile((1 + confidence) / 2);
  const local = sorted.slice(1).map((to, i) => {
    const from = sorted[i]!;
    const step = x[i + 1]! - x[i]!;
    return {
      from: from.over,
      to: to.over,
      exponent: interval((to.logAlong - from.logAlong) / step, Math.hypot(from.se, to.se) / step, z),
    };
  });
  if (sorted.length < 3) return { exponent: null, centre: null, local };
  const middle = x.reduce((sum, value) => sum + value, 0) / x.length;
  const line = fitLine(
    x.map((value) => value - middle),
    sorted.map(({ logAlong }) => logAlong),
    sorted.map(({ se }) => se),
  );
  return {
    exponent: interval(line.slope, line.slopeSe, z),
    centre: { over: exp(middle), along: inLog(line.intercept, line.interceptSe, z) },
    local,
  };
}

/** Weighted mean of log control parameters; scatter beyond the standard errors widens it. Null of none. */
export function fitConstant(
  logs: readonly { readonly value: number; readonly se: number }[],
  confidence: number,
): Interval | null {
  if (logs.length === 0) return null;
  const weights = logs.map(({ se }) => 1 / (se * se));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = logs.reduce((sum, { value }, i) => sum + weights[i]! * value, 0) / total;
  const chiSquare = logs.reduce((sum, { value }, i) => sum + weights[i]! * (value - mean) ** 2, 0);
  const scale = logs.length > 1 ? Math.max(1, chiSquare / (logs.length - 1)) : 1;
  return inLog(mean, Math.sqrt(scale / total), normalQuantile((1 + confidence) / 2));
}

const interval = (value: number, se: number, z: number): Interval => ({
  value,
  se,
  low: value - z * se,
  high: value + z * se,
});
const inLog = (mean: number, se: number, z: number): Interval => ({
  value: exp(mean),
  se: exp(mean) * se,
  low: exp(mean - z * se),
  high: exp(mean + z * se),
});
