/**
 * Runs of a cell until the mean of its error is known to a wanted precision. When a cell ends is a function of the rule
 * and of its values, replicates in order, alone: neither the number of workers nor an interruption changes which runs
 * are made.
 */
import type { Interval } from '../core/verdict.ts';
import { meanFlip } from '../core/flip-laws.ts';
import { ConfidenceSequence, fewestValues } from '../core/confidence-sequence.ts';
import { mayBeZero, type Cell } from './cell.ts';

/** When a cell has runs enough: `precision` of a spec. */
export interface PrecisionRule {
  /** an error rate: its values lie in [0, 1] */
  readonly of: 'testErrorClean' | 'testError' | 'trainError';
  /** wanted half-width of the interval for the mean, in (0, 0.5) */
  readonly halfWidth: number;
  /** of the interval, at all looks at once, in (0, 1) */
  readonly confidence: number;
  /** runs with a value that there must be, however narrow the interval: an integer >= 1 */
  readonly minRuns: number;
}

/** Why a cell ended: the interval is narrow enough, or the cap came first. */
export type Ended = 'precise' | 'max-runs';

/**
 * Where the error of a run lies whatever it has learned: against labels flipped with mean probability p between p and
 * 1 - p,
 * or 1 where the output may be exactly 0, which is wrong for either label.
 */
export function errorRange(cell: Cell, of: PrecisionRule['of']): Interval {
  const flip = meanFlip(cell.data);
  return of === 'testError' ? { low: flip, high: mayBeZero(cell) ? 1 : 1 - flip } : { low: 0, high: 1 };
}

/** Runs below which a cell is not precise, even if all have the same error. @param range that the errors lie in */
export function fewestRuns({ halfWidth, confidence, minRuns }: PrecisionRule, { low, high }: Interval): number {
  return Math.max(minRuns, fewestValues(confidence, Math.min(0.5, halfWidth / (high - low))));
}

/** A wider interval is never aimed at: one half is all there is. */
const MOST_AIM = 0.49;
/** Growth of the number of runs from one look to the next: a cell makes at most this share too many. */
const GROWTH = 0.1;

/** The looks are at minRuns runs, then each time a tenth more (at least one), and at the cap. */
export function nextLook(runs: number, maxRuns: number): number {
  return Math.min(maxRuns, Math.max(runs + 1, Math.ceil((1 + GROWTH) * runs)));
}

/** One cell under a rule: takes its values one after the other and says how many runs it wants. */
export class PreciseCell {
  private readonly rule: PrecisionRule;
  private readonly maxRuns: number;
  private readonly range: Interval;
  /** of the values as shares of the range */
  private sequence: ConfidenceSequence | undefined;
  private known: Interval;
  private look: number;
  private readonly fewest: number;
  private count = 0;
  private end: Ended | null = null;

  /**
   * @param maxRuns the cap, >= minRuns
   * @param range that all values lie in, see errorRange
   * @throws RangeError for a rule that cannot hold
   */
  constructor(rule: PrecisionRule, maxRuns: number, range: Interval) {
    if (!(rule.minRuns >= 1 && maxRuns >= rule.minRuns))
      throw new RangeError('a precision rule needs 1 <= minRuns <= maxRuns');
    this.rule = rule;
    this.maxRuns = maxRuns;
    this.look = rule.minRuns;
    this.fewest = fewestRuns(rule, range);
    this.range = range;
    this.known = range;
    this.sequence = new ConfidenceSequence(
      rule.confidence,
      Math.min(MOST_AIM, rule.halfWidth / (range.high - range.low)),
    );
  }

  /**
   * Takes the value of replicate `taken`; undefined for a run without one, which counts as made and says nothing. Not
   * after the end.
   */
  take(value: number | undefined): void {
    if (!this.sequence) throw new RangeError('the cell has ended');
    const { low, high } = this.range;
    // An estimate by weights may lie outside by a hair; the error itself does not.
    if (value !== undefined) this.sequence.add(Math.min(1, Math.max(0, (value - low) / (high - low))));
    if (++this.count < this.look) return;
    const shares = this.sequence.look();
    this.known = { low: low + shares.low * (high - low), high: low + shares.high * (high - low) };
    if (this.sequence.seen >= this.rule.minRuns && this.known.high - this.known.low <= 2 * this.rule.halfWidth)
      this.end = 'precise';
    else if (this.count === this.maxRuns) this.end = 'max-runs';
    if (this.end) this.sequence = undefined; // its values are not needed any more
    else this.look = nextLook(this.count, this.maxRuns);
  }

  /** Replicates taken: 0 .. taken - 1. */
  get taken(): number {
    return this.count;
  }

  /** Runs up to the next look; those that were made once the cell has ended. */
  get wanted(): number {
    return this.end ? this.count : this.look;
  }

  /** null while the cell goes on. */
  get ended(): Ended | null {
    return this.end;
  }

  /** At the last look; the whole range before the first. It holds the mean of the runs that have a value. */
  get interval(): Interval {
    return this.known;
  }

  /**
   * Runs it may take in all. The width falls like 1/t where runs hardly differ and like 1/sqrt(t) where they do: an
   * estimate between the two.
   */
  get expected(): number {
    if (this.end) return this.count;
    const { low, high } = this.known;
    const ratio = (high - low) / (2 * this.rule.halfWidth);
    return Math.min(
      this.maxRuns,
      Math.max(
        this.look,
        this.fewest,
        this.count >= this.rule.minRuns ? Math.ceil(this.count * ratio * Math.sqrt(ratio)) : 0,
      ),
    );
  }
}
