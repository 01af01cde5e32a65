/** Records with numbers that a test says. */
import { RECORD_VERSION, SCIENCE, type RunRecord } from '../../src/experiments/record.ts';
import type { Results } from '../../src/experiments/results.ts';

/** A run of cell `at` that fitted its labels. @param replicate which of the cell's runs */
export const recordWith = (
  { ids, spec }: Pick<Results, 'ids' | 'spec'>,
  at: number,
  replicate: number,
  values: RunRecord['values'],
  steps = 1,
): RunRecord => ({
  v: RECORD_VERSION,
  run: `${ids[at]!}-${replicate}`,
  cell: {},
  seed: spec.seed,
  replicate,
  engine: 'gram',
  science: SCIENCE,
  outcome: 'interpolated',
  steps,
  values,
});
