/**
 * A confidence sequence for the mean of variables in [0, 1]: intervals that hold at all times at once, so that one may
 * look when one likes and stop when the interval is narrow. The hedged capital process of Waudby-Smith and Ramdas (J.
 * R. Stat. Soc. B 86, 2024, theorem 3): for each m,
 *
 *   K+(m) = prod (1 + l_i+(m) (X_i - m)),   K-(m) = prod (1 - l_i-(m) (X_i - m)),   l_i+ = min(l_i, c/m),   l_i- =
 *   min(l_i, c/(1 - m))
 *
 * are what two gamblers own who bet that the mean is above m, and below. If it is m neither bet is in their favour, so
 * by Ville's inequality one of them ever owns 2/alpha with a probability of at most alpha. K+ falls in m and K- rises:
 * what is left is an interval, found by bisection.
 *
 * The bets l_i come from the values before. Theirs are made for all sample sizes; ours for one wanted half-width h: l =
 * h / (s^2 + h^2) lets the capital at a distance h grow fastest (Kelly), s^2 the variance so far. That is valid for any
 * h and shortest about h, which is where one stops. Only boundedness and a common conditional mean are used, no law of
 * large numbers: values that were all 0 so far leave a width of order 1/t.
 */
import { log } from './special.ts';
import type { Interval } from './verdict.ts';

/** Part of what a gambler owns that one value can take: c of the theorem. */
const LARGEST_STAKE = 0.9;
/** Ends of the interval to 2^-40, outwards. */
const BISECTIONS = 40;
/**
 * Factors to one logarithm: each lies between 1 - LARGEST_STAKE and about sqrt(t), so that their product neither under-
 * nor overflows.
 */
const BLOCK = 16;

export class ConfidenceSequence {
  private readonly budget: number;
  private readonly aim: number;
  private readonly values: number[] = [];
  private readonly bets: number[] = [];
  private sum = 0.5;
  private squares = 0.25;
  private low = 0;
  private high = 1;

  /**
   * @param confidence 1 - alpha, in (0, 1)
   * @param aim half-width that the interval shall reach soon, in (0, 0.5); the intervals hold whatever it is
   */
  constructor(confidence: number, aim: number) {
    if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence lies in (0, 1), got ${confidence}`);
    if (!(aim > 0 && aim < 0.5)) throw new RangeError(`a half-width to aim at lies in (0, 0.5), got ${aim}`);
    this.budget = log(2 / (1 - confidence));
    this.aim = aim;
  }

  /** Takes one value more. @throws RangeError outside [0, 1] */
  add(x: number): void {
    if (!(x >= 0 && x <= 1)) throw new RangeError(`a value of a confidence sequence lies in [0, 1], got ${x}`);
    const t = this.values.push(x);
    this.bets.push(this.aim / (this.squares / t + this.aim ** 2)); // the variance of the values before
    this.sum += x;
    this.squares += (x - this.sum / (t + 1)) ** 2;
  }

  /** How many values it has seen. */
  get seen(): number {
    return this.values.length;
  }

  /**
   * The interval after the values so far, within those of the earlier looks: all of them hold the mean at once, with
   * the stated confidence. Empty (low > high) only where that failed. Costs 80 passes over the values.
   */
  look(): Interval {
    this.low = Math.max(this.low, this.end(1));
    this.high = Math.min(this.high, 1 - this.end(-1));
    return this.interval;
  }

  /** That of the last look; [0, 1] before the first. */
  get interval(): Interval {
    return { low: this.low, high: this.high };
  }

  /** How far the gambler of one side has moved his end of the interval: from 0 up (1), or from 1 down (-1). */
  private end(side: 1 | -1): number {
    let [out, inside] = [0, 1];
    for (let i = 0; i < BISECTIONS; i++) {
      const middle = (out + inside) / 2;
      if (this.logCapital(middle, side) >= this.budget) out = middle;
      else inside = middle;
    }
    return out;
  }

  /** log K+(m) with m = distance; log K-(m) with m = 1 - distance, which is K+ of the values 1 - x. */
  private logCapital(distance: number, side: 1 | -1): number {
    const most = LARGEST_STAKE / distance;
    const shift = side === 1 ? distance : 1 - distance;
    const { values, bets } = this;
    let total = 0;
    let product = 1;
    for (let i = 0; i < values.length; i++) {
      product *= 1 + side * Math.min(bets[i]!, most) * (values[i]! - shift);
      if (i % BLOCK === BLOCK - 1) {
        total += log(product);
        product = 1;
      }
    }
    return total + log(product);
  }
}

/**
 * Values of which no interval narrower than 2 halfWidth can be expected, whatever they are: what is left of 2/alpha
 * when every bet stakes the most.
 */
export const fewestValues = (confidence: number, halfWidth: number): number =>
  Math.ceil((log(2 / (1 - confidence)) * (1 - 2 * halfWidth)) / (2 * halfWidth * LARGEST_STAKE));
