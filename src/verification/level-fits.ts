/**
 * Power laws through level sets: whether there is one, its exponent, local slopes, and a theory's exponent held against
 * them by equivalence.
 */
import { exp, log } from '../core/special.ts';
import { combine, fitSlope, independentPoints, LEAST_SIZES, type ChiSquare } from '../core/slopes.ts';
import { detectable, growth, intervalOf, wordOf, type Bounds, type Uncertain, type Word } from '../core/verdict.ts';

/** One place of a level set. Places are independent of each other: each comes from runs of its own. */
export interface LevelPlace {
  readonly over: number;
  /** log of the crossing, with its standard error and degrees of freedom */
  readonly along: Uncertain;
}

/** An estimate with the interval of the coverage that was asked for. */
export interface Estimated extends Uncertain {
  readonly low: number;
  readonly high: number;
}

export interface LocalExponent {
  readonly from: number;
  readonly to: number;
  readonly exponent: Estimated;
}

export interface LevelFit {
  /** of along* ~ over^exponent, by the line through all places; null with fewer than five: no verdict on a line */
  readonly exponent: Estimated | null;
  /** whether the places lie on a line: `rejected` where p < alpha, and then there is no power law over this range */
  readonly line: (ChiSquare & { readonly rejected: boolean }) | null;
  /** slope from each place to the next, by `over` */
  readonly local: readonly LocalExponent[];
}

/** An equivalence margin and why it is that wide. */
export interface Margin {
  readonly value: number;
  readonly reason: string;
}

/** How a theory's exponent was tested, and what came out. */
export interface ExponentVerdict {
  readonly word: Word;
  /** the whole line, or the local slope at the largest sizes where the line is rejected or there are too few sizes */
  readonly by: 'line' | 'largest sizes';
  readonly from: number;
  readonly to: number;
  readonly exponent: Estimated;
  readonly margin: Margin;
  /** deviation from the theory's exponent that is found (`fails`) with probability .9 */
  readonly detects: number;
  /**
   * by what factor the runs must grow for a word to be said with probability .9, if the truth is what was measured; null
   * when one was said
   */
  readonly runsTimes: number | null;
}

/**
 * Tests behind the words on one level set, whatever comes out: the line, its slope and the local slope at the largest
 * sizes from five sizes on, else only the last. Verdicts of several laws share these intervals.
 */
export const testsOf = (sizes: number): number => (sizes >= LEAST_SIZES ? 3 : sizes >= 2 ? 1 : 0);

const MARGIN = 0.02;

/**
 * How far from a theory's exponent counts as the same, named beforehand: .02 of an exponent of ‖mu‖* (a factor 1.05 over
 * a decade). An exponent e beyond 1 in size is the same law solved for the other symbol, whose exponent is 1/e: .02 there
 * is .02 e² here.
 */
export const marginOf = (exponent: number): Margin =>
  Math.abs(exponent) > 1
    ? {
        value: MARGIN * exponent * exponent,
        reason: `${MARGIN} on the exponent ${Number((1 / exponent).toPrecision(3))} of the same law read the other way`,
      }
    : { value: MARGIN, reason: `${MARGIN} on an exponent: a factor 1.05 over a decade` };

/** @param alpha of each interval and of the test of the line, in (0, 1) */
export function fitLevel(places: readonly LevelPlace[], alpha: number): LevelFit {
  const sorted = [...places].sort((a, b) => a.over - b.over);
  if (sorted.length < 2) return { exponent: null, line: null, local: [] };
  const fit = fitSlope(
    independentPoints(
      sorted.map(({ over }) => log(over)),
      sorted.map(({ along }) => along),
    ),
  );
  const enough = sorted.length >= LEAST_SIZES;
  return {
    exponent: enough ? estimated(fit.slope, alpha) : null,
    line: enough && fit.chiSquare ? { ...fit.chiSquare, rejected: fit.chiSquare.p < alpha } : null,
    local: fit.local.map(({ from, to, slope }) => ({
      from: sorted[from]!.over,
      to: sorted[to]!.over,
      exponent: estimated(slope, alpha),
    })),
  };
}

/**
 * A theory's exponent by equivalence: on the line where one fits, at the largest sizes where it is rejected or cannot be
 * tested. Null with fewer than two places.
 *
 * @param margin see `marginOf`
 * @param largest the end of `over` towards which the problem grows
 */
export function exponentVerdict(
  { exponent, line, local }: LevelFit,
  theory: number,
  { margin, alpha, largest }: { readonly margin: Margin; readonly alpha: number; readonly largest: 'low' | 'high' },
): ExponentVerdict | null {
  const end = largest === 'high' ? local.at(-1) : local[0];
  if (!end) return null;
  const whole = exponent && line && !line.rejected;
  const tested = whole ? exponent : end.exponent;
  const bounds: Bounds = { low: theory - margin.value, high: theory + margin.value };
  const word = wordOf(tested, bounds);
  return {
    word,
    by: whole ? 'line' : 'largest sizes',
    from: whole ? local[0]!.from : end.from,
    to: whole ? local.at(-1)!.to : end.to,
    exponent: tested,
    margin,
    detects: margin.value + detectable(tested, alpha),
    runsTimes: word === 'undecided' ? growth(tested, bounds, alpha) : null,
  };
}

/** The geometric mean of positive quantities given by their logs, each counted alike; their scatter is not asked. */
export function geometricMean(logs: readonly Uncertain[], alpha: number): Estimated | null {
  if (logs.length === 0) return null;
  const points = independentPoints(
    logs.map((_, i) => i),
    logs,
  );
  return inLog(
    combine(
      points,
      logs.map(() => 1 / logs.length),
    ),
    alpha,
  );
}

export const estimated = (one: Uncertain, alpha: number): Estimated => ({ ...one, ...intervalOf(one, alpha) });

/** Of a logarithm, as the number itself; `se` is that of the number. */
export function inLog(one: Uncertain, alpha: number): Estimated {
  const { low, high } = intervalOf(one, alpha);
  const value = exp(one.value);
  return { ...one, value, se: value * one.se, low: exp(low), high: exp(high) };
}
