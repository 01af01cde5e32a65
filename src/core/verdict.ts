/**
 * Three words for an interval that is held against bounds named beforehand, what they leave open, and what it would
 * take to say more. More noise widens the interval, so that it can only turn `holds` and `fails` into `undecided`.
 */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { exp, log, normalQuantile } from './special.ts';
import { binomialInterval } from './statistics.ts';

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

/** The largest rate of exceptions that none in so many runs leaves possible, one-sided at alpha. */
export const rateNotExcluded = (runs: number, alpha: number): number => 1 - exp(log(alpha) / runs);
