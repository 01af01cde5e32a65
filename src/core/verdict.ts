/**
 * Three words for an interval that is held against bounds named beforehand, what they leave open, and what it would
 * take to say more. More noise widens the interval, so that it can only turn `holds` and `fails` into `undecided`.
 */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { exp, log, normalQuantile } from './special.ts';
import { binomialInterval, binomialQuantile } from './statistics.ts';

/** holds: the interval lies within the bounds; fails: it lies wholly beyond one of them; undecided: neither. */
export type Word = 'holds' | 'fails' | 'undecided';

/** Chance of any wrong word among the verdicts of one page, whatever depends on what. */
export const ALPHA = 0.05;
/** With which a deviation is found. */
export const POWER = 0.9;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** An estimate with the standard error of its mean. */
export interface Uncertain {
  readonly value: number;
  /** >= 0; 0 for what is known exactly */
  readonly se: number;
  /** degrees of freedom behind `se`; absent: it is known well enough for the normal law */
  readonly freedom?: number;
}

/** Closed; an end that is infinite is open. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export const wordOf = (interval: Interval, { low, high }: Bounds): Word =>
  interval.low > high || interval.high < low
    ? 'fails'
    : interval.low >= low && interval.high <= high
      ? 'holds'
      : 'undecided';

/** Of claims that must all hold: one that fails decides, then one that is undecided. Undecided of none. */
export function together(words: readonly Word[]): Word {
  if (words.length === 0) return 'undecided';
  return words.includes('fails') ? 'fails' : words.includes('undecided') ? 'undecided' : 'holds';
}

/** How many standard errors an interval of coverage 1 - alpha reaches to either side: Student's t, or the normal law. */
export const reach = (alpha: number, freedom = Infinity): number =>
  freedom === Infinity ? normalQuantile(1 - alpha / 2) : tQuantile(1 - alpha / 2, freedom);

/** @param alpha in (0, 1): K verdicts on one page take ALPHA / K each */
export function intervalOf({ value, se, freedom }: Uncertain, alpha: number): Interval {
  const half = se === 0 ? 0 : reach(alpha, freedom) * se;
  return { low: value - half, high: value + half };
}

/** How far beyond a bound the truth must lie for `fails` to be said with probability POWER. */
export const detectable = ({ se, freedom }: Uncertain, alpha: number): number =>
  se === 0 ? 0 : (reach(alpha, freedom) + normalQuantile(POWER)) * se;

/**
 * By what factor the runs behind an estimate must grow for a word to be said with probability POWER, if the truth is
 * where the estimate is: ((z_{1-alpha/2} + z_.9) SE / distance)², distance the one to the nearest bound. Infinity on the bound.
 */
export function growth({ value, se }: Uncertain, { low, high }: Bounds, alpha: number): number {
  const distance = Math.min(Math.abs(value - low), Math.abs(value - high));
  return (((reach(alpha) + normalQuantile(POWER)) * se) / distance) ** 2;
}

/** What look j = 1, 2, ... at growing data may spend of alpha, so that all looks together spend at most alpha. */
export const spentOnLook = (alpha: number, look: number): number => (alpha * 6) / (Math.PI * look) ** 2;

/** A share of runs, by Clopper and Pearson. @throws RangeError for no runs */
export function shareInterval(good: number, runs: number, alpha: number): Interval {
  const [low, high] = binomialInterval(good, runs, 1 - alpha);
  return { low, high };
}

/**
 * Runs with which `shareInterval` says a word on "the rate is at most `limit`" with probability POWER, if the rate is
 * what `good` of `runs` is: ((z_{1-alpha/2} + z_.9) SE / distance)², and more where counts are too small for a normal
 * law. Infinity at the limit.
 */
export function runsForShare(good: number, runs: number, limit: number, alpha: number): number {
  const rate = good / runs;
  const se = Math.sqrt((rate * (1 - rate)) / runs);
  let needed = Math.ceil(runs * growth({ value: rate, se }, { low: -Infinity, high: limit }, alpha)) || 1;
  if (rate === limit) return Infinity;
  const said = (count: number): boolean => {
    const unlucky = binomialQuantile(count, rate, rate > limit ? 1 - POWER : POWER);
    return wordOf(shareInterval(unlucky, count, alpha), { low: 0, high: limit }) !== 'undecided';
  };
  while (needed < MOST_COUNTED && !said(needed)) needed += Math.ceil(needed / STEPS);
  return needed;
}
/** Beyond so many runs the normal law does. */
const MOST_COUNTED = 20_000;
/** Numbers of runs are tried that lie a fiftieth apart. */
const STEPS = 50;

/** The largest rate of exceptions that none in so many runs leaves possible, one-sided at alpha. */
export const rateNotExcluded = (runs: number, alpha: number): number => 1 - exp(log(alpha) / runs);
