/**
 * Runs of one cell until its mean error is known well enough: what `precision` in a spec does for every cell, for
 * programs.
 */
import type { Interval } from '../core/verdict.ts';
import type { Cell } from '../experiments/cell.ts';
import { errorRange, PreciseCell, type Ended, type PrecisionRule } from '../experiments/precision.ts';
import type { RunRecord } from '../experiments/record.ts';
import { runCell } from '../experiments/run.ts';
import type { RecordPlan } from '../experiments/spec.ts';

/** The mean of a cell's error, and why its runs ended. */
export interface PreciseMean {
  /** precise: the interval is narrow enough; max-runs: the cap came first */
  readonly why: Ended;
  /** runs made, replicates 0 .. runs - 1; a function of the cell, the seed and the rule alone */
  readonly runs: number;
  /** of them with a value: a run that diverged has none, and the mean is that of the others */
  readonly used: number;
  /** over the runs that have a value; null when none has */
  readonly mean: number | null;
  /** for the mean, of the rule's confidence at all looks at once */
  readonly interval: Interval;
}

/**
 * Makes replicates 0, 1, ... in order and stops by the rule, after maxRuns at the latest.
 *
 * @param seed integer in [0, 2^53)
 * @param rule with the cap `maxRuns` on the runs, an integer >= `minRuns`
 * @param keep sees every record
 * @param plan what each record keeps beside the usual values
 * @throws RangeError for a rule that cannot hold
 */
export function runToPrecision(
  cell: Cell,
  seed: number,
  rule: PrecisionRule & { readonly maxRuns: number },
  keep?: (record: RunRecord) => void,
  plan?: RecordPlan,
): PreciseMean {
  const state = new PreciseCell(rule, rule.maxRuns, errorRange(cell, rule.of));
  let used = 0;
  let sum = 0;
  while (!state.ended) {
    const record = runCell(cell, seed, state.taken, plan);
    keep?.(record);
    const value = record.outcome === 'diverged' ? undefined : record.values[rule.of];
    if (value !== undefined) {
      used++;
      sum += value;
    }
    state.take(value);
  }
  return { why: state.ended, runs: state.taken, used, mean: used > 0 ? sum / used : null, interval: state.interval };
}
