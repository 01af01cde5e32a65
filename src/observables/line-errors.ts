/** The stretches of a line on which a network errs, and their normal probability. */
import { normalTail } from '../core/special.ts';

/** P(low < t < high) along a line. */
export type Stretch = (low: number, high: number) => number;

/** Stretches given from left to right; those that touch are counted as one. Only (low, high) counts. */
export class LineErrors {
  private readonly stretch: Stretch;
  private probability = 0;
  private from = 0;
  private to = 0;
  private low = -Infinity;
  private high = Infinity;

  /** @param stretch law of t */
  constructor(stretch: Stretch = intervalProbability) {
    this.stretch = stretch;
  }

  begin(low: number, high: number): void {
    this.low = low;
    this.high = high;
    this.probability = 0;
    this.from = this.to = -Infinity;
  }

  add(from: number, to: number): void {
    if (from !== this.to) {
      this.close();
      this.from = from;
    }
    this.to = to;
  }

  /** P over t of all stretches. */
  end(): number {
    this.close();
    return this.probability;
  }

  private close(): void {
    const low = Math.max(this.from, this.low);
    const high = Math.min(this.to, this.high);
    if (low < high) this.probability += this.stretch(low, high);
  }
}

/** P(low < Z < high) for Z ~ N(0, 1), as a difference of survival functions on the side where both are small. */
export function intervalProbability(low: number, high: number): number {
  if (low >= 0) return normalTail(low) - normalTail(high);
  if (high <= 0) return normalTail(-high) - normalTail(-low);
  return 1 - normalTail(high) - normalTail(-low);
}
