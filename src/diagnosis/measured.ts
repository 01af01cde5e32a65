/**
 * What the runs of a diagnosis came to, by classifier, number of training points and label noise; and linear contrasts of
 * their errors with intervals. Every cell has the same draws, so that a contrast is one number a run.
 *
 * Two intervals, by Student's t over the R runs:
 *
 * - over draws: the data set is the population, the standard error is s / sqrt(R), s the deviation from run to run;
 * - for the law behind the data, of which the set is a sample: what runs measure is a U-statistic of the set's points, of
 *   which a run uses k. It is the mean of means over b = floor(N / k) disjoint blocks (Hoeffding, JASA 58, 1963), so that
 *   its variance is at most sigma² / b, sigma² that of one run; with sigma² = E s² + Var U this is Var U <= E s² / (b - 1),
 *   and the mean over runs varies by at most s² (1/R + 1/(b - 1)). With fewer than two blocks nothing is said.
 *
 * No interval is narrower than what the held-out points of all runs leave open: a share that none of h points shows may be
 * as large as 1 - alpha^(1/h), h no more than the set has.
 */
import { rateNotExcluded, reach, type Interval } from '../core/verdict.ts';
import { DIVERGED, overRuns, type Frame } from '../experiments/frame.ts';
import { OUTCOMES } from '../experiments/record.ts';
import { CLASSIFIERS, type Classifier, type DiagnosisPlan } from './plan.ts';

const IMPOSSIBLE = OUTCOMES.indexOf('cannot-interpolate');

/** A mean over runs. */
export interface Mean {
  /** NaN of no run */
  readonly value: number;
  /** runs with a value */
  readonly runs: number;
  /** over draws from the data set; null with fewer than two runs */
  readonly interval: Interval | null;
  /** for the law behind the data; null where the set is too small for two draws without a common point */
  readonly law: Interval | null;
}

/** Places on the ladder of n and in the list of p, with the weight of the error there. */
export type Contrast = readonly (readonly [i: number, j: number, weight: number])[];

export class Measured {
  readonly plan: DiagnosisPlan;
  /** draws without a common point that the data set has room for */
  readonly blocks: number;
  private readonly frame: Frame;
  private readonly columns: Readonly<Record<Classifier, Float64Array>>;
  private readonly trainErrors: Float64Array;

  /** @param frame of the plan's spec: more runs are welcome */
  constructor(plan: DiagnosisPlan, frame: Frame) {
    this.plan = plan;
    this.frame = frame;
    const { ladder, heldOut, there } = plan;
    const half = (count: number): number => Math.ceil(count / 2);
    this.blocks = Math.floor(Math.min(...there) / (half(ladder.at(-1)!) + half(heldOut)));
    this.columns = Object.fromEntries(
      Object.entries(CLASSIFIERS).map(([name, id]) => [name, overRuns(frame, id)]),
    ) as Record<Classifier, Float64Array>;
    this.trainErrors = overRuns(frame, 'trainError');
  }

  /** By replicate; NaN where a run is not there or has no such number. */
  private byReplicate(column: Float64Array, i: number, j: number): number[] {
    const { start, replicate } = this.frame.runs;
    const cell = i * this.plan.flips.length + j;
    const out = new Array<number>(this.frame.spec.runs).fill(NaN);
    for (let row = start[cell]!; row < start[cell + 1]!; row++) out[replicate[row]!] = column[row]!;
    return out;
  }

  /** Mean training error of the network, NaN where all runs diverged. */
  trainError(i: number, j: number): number {
    const all = this.byReplicate(this.trainErrors, i, j).filter((x) => !Number.isNaN(x));
    return all.reduce((sum, x) => sum + x, 0) / all.length;
  }

  /** Runs of the network that fit every label, that diverged, that no network can fit, and that were made. */
  counts(i: number, j: number): Record<'fitted' | 'diverged' | 'impossible' | 'runs', number> {
    const { start, outcome } = this.frame.runs;
    const cell = i * this.plan.flips.length + j;
    const some = outcome.subarray(start[cell]!, start[cell + 1]!);
    const fitted = this.byReplicate(this.trainErrors, i, j).filter((x) => x === 0).length;
    const ended = (as: number): number => some.filter((one) => one === as).length;
    return { fitted, diverged: ended(DIVERGED), impossible: ended(IMPOSSIBLE), runs: some.length };
  }

  /** Clean test error. */
  error(of: Classifier, i: number, j: number, alpha: number): Mean {
    return this.contrast(of, [[i, j, 1]], alpha);
  }

  /** What is beyond p + (1 - 2p) e_ref: (1 - 2p) times the clean error less that of the clean-label fit of the same draw. */
  excess(of: Classifier, i: number, j: number, alpha: number): Mean {
    return this.contrast(of, excessOf(this.plan.flips, i, j), alpha);
  }

  /** Sum of weighted errors, run by run. @param alpha what each interval may miss */
  contrast(of: Classifier, parts: Contrast, alpha: number): Mean {
    const errors = parts.map(([i, j]) => this.byReplicate(this.columns[of], i, j));
    const all = errors[0]!
      .map((_, run) => parts.reduce((sum, [, , weight], at) => sum + weight * errors[at]![run]!, 0))
      .filter((x) => !Number.isNaN(x));
    const runs = all.length;
    const value = all.reduce((sum, x) => sum + x, 0) / runs;
    if (runs < 2) return { value, runs, interval: null, law: null };
    const variance = all.reduce((sum, x) => sum + (x - value) ** 2, 0) / (runs - 1);
    const most = parts.reduce((largest, [, , weight]) => Math.max(largest, Math.abs(weight)), 0);
    const { heldOut, there } = this.plan;
    const least = most * rateNotExcluded(Math.min(runs * heldOut, there[0] + there[1]), alpha);
    // Errors lie in [0, 1].
    const [floor, roof] = parts.reduce(([low, high], [, , w]) => [low + Math.min(0, w), high + Math.max(0, w)], [0, 0]);
    const around = (factor: number): Interval => {
      const half = Math.max(least, reach(alpha, runs - 1) * Math.sqrt(variance * factor));
      return { low: Math.max(floor!, value - half), high: Math.min(roof!, value + half) };
    };
    return {
      value,
      runs,
      interval: around(1 / runs),
      law: this.blocks < 2 ? null : around(1 / runs + 1 / (this.blocks - 1)),
    };
  }
}

export const excessOf = (flips: readonly number[], i: number, j: number, weight = 1): Contrast => [
  [i, j, weight * (1 - 2 * flips[j]!)],
  [i, 0, -weight * (1 - 2 * flips[j]!)],
];
