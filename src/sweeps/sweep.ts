/** Every run of a spec, made into a store. */
import type { Spec } from '../experiments/spec.ts';
import { Results } from '../experiments/results.ts';
import { refuseStrangers } from './pool.ts';
import { further, missing, missingCount, type Job } from './plan.ts';
import { makeRuns, type RunOptions, type RunReport, type Wanted } from './runs.ts';

export interface SweepReport extends RunReport {
  /** the runs of the store included */
  readonly results: Results;
}

/**
 * Makes the runs that the store lacks. With a precision a cell gets more runs when all those before its look are there,
 * until it ends; one of which a run failed waits for that run in the next call.
 *
 * @param of a spec, or results of it, which are filled
 * @throws UserError when the store is broken or full, everything acknowledged is kept; and for parts of one's own that the
 *   pool's workers do not have
 */
export async function sweep(of: Spec | Results, options: RunOptions): Promise<SweepReport> {
  const results = of instanceof Results ? of : new Results(of);
  refuseStrangers(results.spec, options.pool);
  return { ...(await makeRuns(wantedBy(results), options)), results };
}

function wantedBy(results: Results): Wanted<Job> {
  const { spec, cells, ids } = results;
  let first = true;
  return {
    seed: spec.seed,
    record: spec.record,
    held: (record) => results.take(record),
    next() {
      // What is missing after the first round has failed.
      if (!first) return { jobs: [], count: 0 };
      first = false;
      const count = missingCount(results);
      // With a precision there may be more runs than are missing now.
      return { jobs: missing(results), count, most: Math.max(count, results.expected - results.count) };
    },
    task: ({ cell, replicate }) => ({ id: ids[cell]!, cell: cells[cell]!, replicate }),
    take(jobs, records) {
      const wanted = new Map(jobs.map(({ cell }) => [cell, results.wanted(cell)]));
      for (const record of records) results.add(record);
      return [...wanted].flatMap(([cell, before]) => further(results, cell, before));
    },
    progress: () => [results.count, results.expected],
  };
}
