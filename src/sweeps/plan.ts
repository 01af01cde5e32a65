/** What is left to run, pure: no clock, no disk. */
import type { Results } from '../experiments/results.ts';

export interface Job {
  /** index of the cell in `results.cells` */
  readonly cell: number;
  readonly replicate: number;
}

/**
 * Every wanted run not yet in the results, one after the other as it is asked for, so that nothing grows with their
 * number; replicates outermost, so that a whole coarse map comes first.
 */
export function* missing(results: Results): Generator<Job, undefined> {
  const wanted = results.cells.map((_, cell) => results.wanted(cell));
  const most = wanted.reduce((a, b) => Math.max(a, b), 0);
  for (let replicate = 0; replicate < most; replicate++) {
    for (const [cell, count] of wanted.entries())
      if (replicate < count && !results.has(cell, replicate)) yield { cell, replicate };
  }
}

/** How many runs are wanted as far as is known now and are not there. */
export function missingCount(results: Results): number {
  const wanted = results.cells.reduce((sum, _, cell) => sum + results.wanted(cell), 0);
  return wanted - results.countWanted;
}

/** The runs that a cell wants beyond the first `before`: those up to its next look, once it has passed one. */
export function further(results: Results, cell: number, before: number): Job[] {
  const jobs: Job[] = [];
  for (let replicate = before; replicate < results.wanted(cell); replicate++)
    if (!results.has(cell, replicate)) jobs.push({ cell, replicate });
  return jobs;
}
