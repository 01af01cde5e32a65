/** Runs of a cell until its mean test error is known well enough: a stop rule that may be looked at after every run. */
import { ConfidenceSequence, type Interval } from '../core/confidence-sequence.ts';
import type { Cell } from '../experiments/cell.ts';
import type { RunRecord } from '../experiments/record.ts';
import { runCell } from '../experiments/run.ts';
import type { RecordPlan } from '../experiments/spec.ts';

export interface PrecisionRule {
  /** an error rate: its values lie in [0, 1] */
  readonly of: 'testError' | 'testErrorClean' | 'trainError';
  /** wanted half-width of the interval, > 0 */
  readonly halfWidth: number;
  /** at all times at once, in (0, 1) */
  readonly confidence: number;
  /** not before so many runs, however sure the interval seems */
  readonly minRuns: number;
  readonly maxRuns: number;
}

export interface PreciseMean {
  /** why it ended: the precision, or maxRuns */
  readonly why: 'precise' | 'max-runs';
  /** runs made, replicates 0 .. runs - 1; a function of the cell, the seed and the rule alone */
  readonly runs: number;
  /** of them with a value: a run that diverged has none, and the mean is that of the others */
  readonly used: number;
  /** over the runs that have a value; null when none has */
  readonly mean: number | null;
  readonly interval: Interval;
}

/** Makes replicates 0, 1, ... in order and stops by the rule. `keep` sees every record. */
export function runToPrecision(cell: Cell, seed: number, rule: PrecisionRule, keep?: (record: RunRecord) => void, plan?: RecordPlan): PreciseMean {
  return stopByPrecision(rule, (replicate) => {
    const record = runCell(cell, seed, replicate, plan);
    keep?.(record);
    return record.values[rule.of];
  });
}

/** The rule itself: `value` gives each replicate's value, undefined where it has none. @throws RangeError for a rule that cannot hold */
export function stopByPrecision({ halfWidth, confidence, minRuns, maxRuns }: Omit<PrecisionRule, 'of'>, value: (replicate: number) => number | undefined): PreciseMean {
  if (!(halfWidth > 0 && minRuns >= 1 && maxRuns >= minRuns)) throw new RangeError('a precision rule needs halfWidth > 0 and 1 <= minRuns <= maxRuns');
  const sequence = new ConfidenceSequence(confidence);
  let sum = 0;
  let runs = 0;
  let why: PreciseMean['why'] = 'max-runs';
  while (runs < maxRuns) {
    const one = value(runs++);
    if (one !== undefined) {
      sum += one;
      sequence.add(one);
    }
    const { low, high } = sequence.interval;
    if (sequence.seen >= minRuns && high - low <= 2 * halfWidth) {
      why = 'precise';
      break;
    }
  }
  return { why, runs, used: sequence.seen, mean: sequence.seen > 0 ? sum / sequence.seen : null, interval: sequence.interval };
}
