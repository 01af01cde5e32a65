/** What is left to run, pure: no clock, no disk. */
import type { Results } from '../experiments/table.ts';

export interface Job {
  /** index of the cell in `results.cells` */
  readonly cell: number;
  readonly replicate: number;
}

/** Every run of the spec not yet in the results; replicates outermost, so that a whole coarse map comes first. */
export function missing(results: Results): Job[] {
  const jobs: Job[] = [];
  for (let replicate = 0; replicate < results.spec.runs; replicate++) {
    for (let cell = 0; cell < results.cells.length; cell++) if (!results.has(cell, replicate)) jobs.push({ cell, replicate });
  }
  return jobs;
}
