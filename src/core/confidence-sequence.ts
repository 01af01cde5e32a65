/**
 * A confidence sequence for the mean of variables in [0, 1]: intervals that hold at all times at once, so that one may look after every value
 * and stop when one likes. The predictable plug-in empirical Bernstein sequence of Waudby-Smith and Ramdas (J. R. Stat. Soc. B 86, 2024, theorem 2):
 *
 *   sum lambda_i X_i / sum lambda_i  +-  (log(2/alpha) + sum (X_i - mu_{i-1})^2 (-log(1 - lambda_i) - lambda_i)) / sum lambda_i
 *
 * with lambda_i, mu_i from the values before: lambda_t = min(1/2, sqrt(2 log(2/alpha) / (s^2_{t-1} t log(1 + t)))). Only boundedness and a common
 * conditional mean are used, no law of large numbers: values that were all 0 so far leave an interval of width of order 1/t, as they must.
 */
import { log } from './special.ts';

const LARGEST_BET = 0.5;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export class ConfidenceSequence {
  private readonly budget: number;
  private count = 0;
  private sum = 0;
  private squares = 0.25;
  private mean = 0.5;
  private weights = 0;
  private weighted = 0;
  private penalty = 0;
  private low = 0;
  private high = 1;

  /** @param confidence 1 - alpha, in (0, 1) */
  constructor(confidence: number) {
    if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence lies in (0, 1), got ${confidence}`);
    this.budget = log(2 / (1 - confidence));
  }

  /** Takes one value more. @throws RangeError outside [0, 1] */
  add(x: number): void {
    if (!(x >= 0 && x <= 1)) throw new RangeError(`a value of a confidence sequence lies in [0, 1], got ${x}`);
    const t = ++this.count;
    const variance = this.squares / t; // of the values before
    const lambda = Math.min(LARGEST_BET, Math.sqrt((2 * this.budget) / (variance * t * log(1 + t))));
    this.weights += lambda;
    this.weighted += lambda * x;
    this.penalty += (x - this.mean) ** 2 * (-log(1 - lambda) - lambda);
    this.sum += x;
    this.mean = (0.5 + this.sum) / (t + 1);
    this.squares += (x - this.mean) ** 2;
    const centre = this.weighted / this.weights;
    const half = (this.budget + this.penalty) / this.weights;
    // All intervals hold at once, so their intersection does.
    this.low = Math.max(this.low, centre - half);
    this.high = Math.min(this.high, centre + half);
  }

  /** How many values it has seen. */
  get seen(): number {
    return this.count;
  }

  /** Holds the mean at every time, with the stated confidence; [0, 1] before the first value. Empty (low > high) only where that failed. */
  get interval(): Interval {
    return { low: this.low, high: this.high };
  }
}
