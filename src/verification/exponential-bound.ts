/**
 * The constants of an exponential bound, from runs: Kou et al. 2023, Theorem 4.2 (as commonly cited). With probability
 * at least 1 - delta over the draws,
 *
 *   S >= C_1:  excess error <= exp(-S / C_2)        S <= C_3:  excess error >= 0.1
 *
 * where the excess over p is (1 - 2p) times the clean error. So the bounds speak of quantiles over draws, the upper of
 * the (1 - delta)-quantile and the lower of the delta-quantile. A mean over draws has no place here: it measures the
 * unluckiest of them.
 */
import { Stream } from '../core/random.ts';
import { exp, log } from '../core/special.ts';
import { fitLine, quantile } from '../core/statistics.ts';

/** The constant of the harmful case. */
const HARMFUL_EXCESS = 0.1;
const RESAMPLES = 1000;
/** Of the intervals. */
const CONFIDENCE = 0.95;

/** A constant that was measured. */
export interface Constant {
  /** null where the runs do not show it */
  readonly value: number | null;
  /** 95 % interval by resampling draws; null where more than 1 in 20 resamples do not show it */
  readonly interval: readonly [number, number] | null;
}

/** The constants of the bound, measured. */
export interface ExponentialBound {
  /** -1 / slope of log((1 - delta)-quantile) against S, over the cells in the range */
  readonly c2: Constant;
  /** least tested S from which on the upper bound holds with that C_2 */
  readonly c1: Constant;
  /** the least C_2 with which the upper bound holds at every tested S that the range's floor admits */
  readonly everywhere: Constant;
  /** the largest S at which the lower bound holds, between cells by interpolation of the logarithm */
  readonly c3: Constant;
}

/** What the bound speaks of. */
export interface ExponentialBoundOptions {
  /** in (0, 1/2) */
  readonly delta: number;
  /** flip probability p of test labels */
  readonly flip: number;
  /** quantiles of the clean error that enter the slope */
  readonly range: readonly [number, number];
  readonly seed: number;
}

/**
 * The constants of Kou et al. 2023, Theorem 4.2 (as commonly cited), with which it holds of runs: with probability at
 * least 1 - delta over the draws the excess error is <= exp(-S / C_2) where S >= C_1, and >= 0.1 where S <= C_3.
 *
 * @param S control parameter of each cell, increasing
 * @param errors clean test errors, draws x cells: one draw is seen in every cell (`coupling: common`) and resampled
 *   whole
 * @throws RangeError for fewer than ten draws
 */
export function exponentialBound(
  S: readonly number[],
  errors: readonly (readonly number[])[],
  options: ExponentialBoundOptions,
): ExponentialBound {
  if (errors.length < 10) throw new RangeError(`quantiles over draws need ten of them, there are ${errors.length}`);
  const found = constants(S, errors, options);
  const stream = new Stream({ seed: options.seed, cell: [0, 0], replicate: 0 }, 'test');
  const resamples = Array.from({ length: RESAMPLES }, () =>
    constants(
      S,
      errors.map(() => errors[stream.integer(errors.length)]!),
      options,
    ),
  );
  const constant = (id: keyof Constants): Constant => {
    const values = resamples.flatMap((one) => one[id] ?? []);
    const tail = (1 - CONFIDENCE) / 2;
    return {
      value: found[id],
      interval: values.length >= CONFIDENCE * RESAMPLES ? [quantile(values, tail), quantile(values, 1 - tail)] : null,
    };
  };
  return { c2: constant('c2'), c1: constant('c1'), everywhere: constant('everywhere'), c3: constant('c3') };
}

type Constants = Readonly<Record<keyof ExponentialBound, number | null>>;

function constants(
  S: readonly number[],
  errors: readonly (readonly number[])[],
  { delta, flip, range: [floor, top] }: ExponentialBoundOptions,
): Constants {
  const over = (level: number): number[] =>
    S.map((_, cell) =>
      quantile(
        errors.map((draw) => draw[cell]!),
        level,
      ),
    );
  const upper = over(1 - delta);
  const clean = 1 - 2 * flip;
  const inRange = S.flatMap((_, cell) => (upper[cell]! >= floor && upper[cell]! <= top ? [cell] : []));
  const slope =
    inRange.length < 3
      ? NaN
      : fitLine(
          inRange.map((cell) => S[cell]!),
          inRange.map((cell) => log(upper[cell]!)),
          inRange.map(() => 1),
        ).slope;
  const c2 = slope < 0 ? -1 / slope : null;
  const tested = S.flatMap((_, cell) => (upper[cell]! >= floor ? [cell] : []));
  let c1: number | null = null;
  for (const cell of c2 === null ? [] : tested.toReversed()) {
    if (clean * upper[cell]! > exp(-S[cell]! / c2!)) break;
    c1 = S[cell]!;
  }
  return {
    c2,
    c1,
    everywhere: tested.length ? Math.max(...tested.map((cell) => -S[cell]! / log(clean * upper[cell]!))) : null,
    c3: lastAbove(S, over(delta), HARMFUL_EXCESS / clean),
  };
}

/**
 * Where a curve is last at a level, its logarithm straight between points; null when it never is, or still is at the
 * end.
 */
function lastAbove(x: readonly number[], y: readonly number[], level: number): number | null {
  const last = y.findLastIndex((value) => value >= level);
  if (last < 0 || last === y.length - 1) return null;
  const [above, below] = [log(y[last]! / level), log(y[last + 1]! / level)];
  return below === -Infinity ? x[last]! : x[last]! + (above / (above - below)) * (x[last + 1]! - x[last]!);
}
