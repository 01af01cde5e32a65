/**
 * Benign or harmful: a word on "the excess error over p is at most a limit", for one draw or for the mean over draws.
 *
 * Errors over draws are bounded and often nearly all or nothing: with the few runs that one looks at closely a mean and
 * its Student's t know nothing of the draws that have not come yet. (One draw in four at an error of a half: three runs
 * show none of them 42 times in 100, and t then calls a mean above the limit benign.) Over draws the interval is therefore
 * that of a confidence sequence, which uses nothing but the range of an error. It holds at all looks at once: more runs
 * of the same seed may be added and looked at as often as one likes.
 */
import { ConfidenceSequence } from '../core/confidence-sequence.ts';
import { exp, log } from '../core/special.ts';
import { meanAndSe } from '../core/statistics.ts';
import {
  ALPHA,
  detectable,
  growth,
  intervalOf,
  POWER,
  shareInterval,
  wordOf,
  type Interval,
  type Word,
} from '../core/verdict.ts';
import { flipBounds, isLeaning, meanFlip } from '../core/flip-laws.ts';
import { isGiven, mayBeZero, type Cell } from '../experiments/cell.ts';

/** Excess of more than this much is harmful: the constant of Kou et al. 2023, Theorem 4.2 (as commonly cited). */
export const EXCESS_LIMIT = 0.1;

export interface ExcessWord {
  readonly of: 'this draw' | 'mean over draws';
  /** on "the excess is at most EXCESS_LIMIT" */
  readonly word: Word;
  readonly excess: number;
  /** standard error of `excess` */
  readonly se: number;
  readonly interval: Interval;
  /** the interval misses with a probability of at most alpha */
  readonly alpha: number;
  readonly limit: number;
  /** what is found with probability .9: an excess that lies this far from the limit, on either side */
  readonly power: { readonly probability: number; readonly deviation: number };
  /** only for an undecided mean: runs that would tell with probability .9; null where no number of them would */
  readonly needed?: number | null;
}

const BOUNDS = { low: -Infinity, high: EXCESS_LIMIT } as const;
/**
 * Errors against labels flipped with mean probability p lie in [p, 1 - p], or up to 1 where f may be exactly 0. So they do
 * where flips lean on the point: each wrong point adds 1 - 2p(x), and p(x) more where f = 0.
 */
const rangeOf = (cell: Cell): number => 1 - (mayBeZero(cell) ? 1 : 2) * meanFlip(cell.data);
const within = (share: number): number => Math.min(1, Math.max(0, share));

/**
 * The mean over draws.
 *
 * @param excesses of runs that have a test error, replicates in order; at least one
 * @param given instead of the sequence here: that of the spec's precision, with what it may miss
 */
export function excessOverDraws(
  cell: Cell,
  excesses: readonly number[],
  given?: { readonly interval: Interval; readonly alpha: number },
): ExcessWord {
  const scale = rangeOf(cell);
  const alpha = given?.alpha ?? ALPHA;
  const { mean, se } = meanAndSe(excesses);
  const shares = excesses.map((excess) => within(excess / scale));
  const interval = given?.interval ?? scaled(sequenceOf(shares, scale, alpha).look(), scale);
  const word = wordOf(interval, BOUNDS);
  const uncertain = { value: mean, se, freedom: excesses.length - 1 };
  return {
    of: 'mean over draws',
    word,
    excess: mean,
    se,
    interval,
    alpha,
    limit: EXCESS_LIMIT,
    power: {
      probability: POWER,
      deviation: Math.max(detectable(uncertain, alpha), scale * allAlike(excesses.length, alpha)),
    },
    ...(word === 'undecided' && { needed: neededOver(shares, scale, growth(uncertain, BOUNDS, alpha), alpha) }),
  };
}

/** Test errors of one run with their standard errors, as its record has them. */
export type TestErrors = Readonly<
  Partial<Record<'testError' | 'testErrorSe' | 'testErrorClean' | 'testErrorCleanSe', number>>
>;

/**
 * One draw, whose error is estimated: by lines, with Student's t of the independent shifts; by points, drawn or held
 * out, with Clopper and
 * Pearson for the clean error, of which a part 1 - 2p is excess, or 1 - p where f is exactly 0 at some points. Flips that
 * lean on the point: a wrong point is worth at most 1 - 2p(x) or 1 - p(x), p(x) the least flip probability, and the excess
 * is counted in such points.
 */
export function excessOfOneDraw(cell: Cell, values: TestErrors): ExcessWord {
  const flip = meanFlip(cell.data);
  const { testError = flip, testErrorSe: se = 0, testErrorClean: clean = 0, testErrorCleanSe: cleanSe = 0 } = values;
  if (isLeaning(cell.data.flipLaw)) return ofLeaningFlips(cell, testError - flip, se);
  const share = 1 - 2 * flip;
  const ties = testError - flip - share * clean > TIES;
  const freedom = freedomOf(cell);
  const excess = ties ? testError - flip : share * clean;
  const uncertain = { value: excess, se: ties ? se : share * cleanSe, ...(freedom !== undefined && { freedom }) };
  const hits = freedom === undefined ? hitsInterval(clean, pointsOf(cell)) : undefined;
  const interval = hits
    ? { low: share * hits.low, high: (ties ? 1 - flip : share) * hits.high }
    : intervalOf(uncertain, ALPHA);
  return wordOfDraw(uncertain, interval);
}

function ofLeaningFlips(cell: Cell, excess: number, se: number): ExcessWord {
  const { least } = flipBounds(cell.data);
  const most = mayBeZero(cell) ? 1 - least : 1 - 2 * least;
  const freedom = freedomOf(cell);
  const uncertain = { value: excess, se, ...(freedom !== undefined && { freedom }) };
  return wordOfDraw(
    uncertain,
    freedom === undefined
      ? scaled(hitsInterval(within(excess / most), pointsOf(cell)), most)
      : intervalOf(uncertain, ALPHA),
  );
}

const wordOfDraw = (uncertain: Parameters<typeof detectable>[0], interval: Interval): ExcessWord => ({
  of: 'this draw',
  word: wordOf(interval, BOUNDS),
  excess: uncertain.value,
  se: uncertain.se,
  interval,
  alpha: ALPHA,
  limit: EXCESS_LIMIT,
  power: { probability: POWER, deviation: detectable(uncertain, ALPHA) },
});

/** More than what rounding makes of p + (1 - 2p) e. */
const TIES = 1e-12;

/** `auto` never has fewer independent shifts. */
const LEAST_AUTO_SHIFTS = 32;

/** Of the estimator's standard error; undefined where it counts points. */
function freedomOf(cell: Cell): number | undefined {
  const { test } = cell;
  if (test.estimator === 'points' || isGiven(cell)) return undefined;
  return (test.estimator === 'auto' ? LEAST_AUTO_SHIFTS : test.shifts) - 1;
}

/** Points that are counted: drawn by the law, or held out. */
const pointsOf = (cell: Cell): number => (isGiven(cell) ? cell.data.heldOut : cell.test.points);

/** A point that is wrong for one signal of several counts in part: to the next whole number, outwards. */
function hitsInterval(share: number, points: number): Interval {
  const hits = share * points;
  const whole = Math.round(hits);
  const exact = Math.abs(hits - whole) < 1e-6 * points;
  return {
    low: shareInterval(exact ? whole : Math.floor(hits), points, ALPHA).low,
    high: shareInterval(exact ? whole : Math.ceil(hits), points, ALPHA).high,
  };
}

const scaled = ({ low, high }: Interval, scale: number): Interval => ({ low: scale * low, high: scale * high });

/** Bets for a mean that lies as far from the limit as a clean error of 0. */
function sequenceOf(shares: readonly number[], scale: number, alpha: number): ConfidenceSequence {
  const sequence = new ConfidenceSequence(1 - alpha, Math.min(0.49, EXCESS_LIMIT / scale));
  for (const share of shares) sequence.add(share);
  return sequence;
}

/** How far from a mean so many values that are all alike must lie: every bet stakes the most. */
const allAlike = (runs: number, alpha: number): number => Math.min(1, (exp(log(2 / alpha) / runs) - 1) / 0.9);

/** Looks at what would be are a tenth apart, up to this many runs; beyond, the formula alone. */
const MOST_TRIED = 5000;

/**
 * ((z_{1-alpha/2} + z_.9) SE / distance)² times the runs, and no fewer than tell if those to come are like those seen.
 */
function neededOver(shares: readonly number[], scale: number, factor: number, alpha: number): number | null {
  const runs = shares.length;
  const formula = Math.ceil(runs * factor);
  if (!Number.isFinite(formula)) return null;
  let needed = Math.max(runs + 1, formula);
  for (; needed < MOST_TRIED; needed = Math.ceil(1.1 * needed)) {
    const more = Array.from({ length: needed }, (_, i) => shares[i % runs]!);
    if (wordOf(scaled(sequenceOf(more, scale, alpha).look(), scale), BOUNDS) !== 'undecided') break;
  }
  return needed;
}
