/** Carries out a search for level sets, round by round as it asks, into a store. */
import type { Boundary } from './boundary.ts';
import type { RunRecord } from '../experiments/record.ts';
import { refuseStrangers } from './pool.ts';
import { makeRuns, type RunOptions, type RunReport, type Wanted } from './runs.ts';
import { FINAL, type RunTask } from './work.ts';

/** @throws UserError as `sweep` does */
export async function searchBoundary(boundary: Boundary, options: RunOptions): Promise<RunReport> {
  refuseStrangers(boundary.spec, options.pool);
  return makeRuns(wantedBy(boundary), options);
}

function wantedBy(boundary: Boundary): Wanted<RunTask> {
  const { seed } = boundary;
  /** runs before this round, and in it */
  let before = 0;
  let round = 0;
  let ended = false;
  return {
    seed,
    record: FINAL,
    held(record) {
      if (record.seed !== seed) return 'seed';
      boundary.add(record);
      return undefined;
    },
    next() {
      const jobs = boundary.next();
      [before, round, ended] = [boundary.runs + boundary.lookRuns, 0, jobs.length === 0];
      return { jobs, count: jobs.length };
    },
    task: (job) => job,
    take(jobs, made, failed) {
      for (const { id, replicate } of failed) boundary.fail(id, replicate);
      for (const { line } of made) boundary.add(JSON.parse(line) as RunRecord);
      round += jobs.length;
      return [];
    },
    progress() {
      const done = before + round;
      return [done, ended ? done : Math.max(done + 1, boundary.expected)];
    },
  };
}
