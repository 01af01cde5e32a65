/** The stretches of a line on which a network errs, and their normal probability. */
import { normalTail } from '../core/special.ts';

/** P(low < t < high) along a line. */
export type Stretch = (low: number, high: number) => number;

/** Adds up the probability of stretches, of which only (low, high) counts. */
class Counter {
  private readonly stretch: Stretch;
  private low = -Infinity;
  private high = Infinity;
  protected probability = 0;

  /** @param stretch law of t */
  constructor(stretch: Stretch = intervalProbability) {
    this.stretch = stretch;
  }

  begin(low: number, high: number): void {
    this.low = low;
    this.high = high;
    this.probability = 0;
  }

  protected count(from: number, to: number): void {
    const low = Math.max(from, this.low);
    const high = Math.min(to, this.high);
    if (low < high) this.probability += this.stretch(low, high);
  }
}

/** Stretches given from left to right; those that touch are counted as one. */
export class LineErrors extends Counter {
  private from = 0;
  private to = 0;

  override begin(low: number, high: number): void {
    super.begin(low, high);
    this.from = this.to = -Infinity;
  }

  add(from: number, to: number): void {
    if (from !== this.to) {
      this.count(this.from, this.to);
      this.from = from;
    }
    this.to = to;
  }

  /** P over t of all stretches. */
  end(): number {
    this.count(this.from, this.to);
    return this.probability;
  }
}

/**
 * Where a margin that is continuous and piecewise linear in t is not above 0: it is given segment after segment, from
 * left to right. Before the first one and behind the last it is what it is at their ends.
 */
export class SegmentErrors extends Counter {
  private first = true;
  private inError = false;
  private entered = -Infinity;

  override begin(low: number, high: number): void {
    super.begin(low, high);
    this.first = true;
    this.entered = -Infinity;
  }

  /** The margin is height + slope t on [start, end]. */
  segment(start: number, end: number, height: number, slope: number): void {
    if (this.first)
      this.inError = start === -Infinity ? slope > 0 || (slope === 0 && height <= 0) : height + slope * start <= 0;
    this.first = false;
    const errorAtEnd = end === Infinity ? slope < 0 || (slope === 0 && height <= 0) : height + slope * end <= 0;
    if (errorAtEnd === this.inError) return;
    const root = slope === 0 ? start : Math.min(end, Math.max(start, -height / slope));
    if (errorAtEnd) this.entered = root;
    else this.count(this.entered, root);
    this.inError = errorAtEnd;
  }

  /** P over t of all stretches. */
  end(): number {
    if (this.inError) this.count(this.entered, Infinity);
    return this.probability;
  }
}

/** P(low < Z < high) for Z ~ N(0, 1), as a difference of survival functions on the side where both are small. */
export function intervalProbability(low: number, high: number): number {
  if (low >= 0) return normalTail(low) - normalTail(high);
  if (high <= 0) return normalTail(-high) - normalTail(-low);
  return 1 - normalTail(high) - normalTail(-low);
}
