/** Every run of a spec, made into a store. */
import { runId } from '../experiments/cell.ts';
import type { Reason } from '../experiments/passed-over.ts';
import type { RunRecord } from '../experiments/record.ts';
import { scienceOf } from '../experiments/science.ts';
import type { Spec } from '../experiments/spec.ts';
import { Results } from '../experiments/results.ts';
import { refuseStrangers } from './pool.ts';
import { Chunks, further, isIn, missing, missingCount, type Job, type Part } from './plan.ts';
import { makeRuns, type Made, type RunOptions, type RunReport, type Wanted } from './runs.ts';

export interface SweepReport extends RunReport {
  /** the runs of the store included */
  readonly results: Results;
}

/**
 * Makes the runs that the store lacks. With a precision a cell gets more runs when all those before its look are there,
 * until it ends; one of which a run failed waits for that run.
 *
 * @param of a spec, or results of it, which are filled
 * @param part of it alone
 * @throws UserError when the store is broken or full, everything acknowledged is kept; and for parts of one's own that the
 *   pool's workers do not have
 */
export async function sweep(of: Spec | Results, options: RunOptions, part: Part = {}): Promise<SweepReport> {
  const results = of instanceof Results ? of : new Results(of);
  refuseStrangers(results.spec, options.pool);
  return { ...(await makeRuns(wantedBy(results, part), options)), results };
}

function wantedBy(results: Results, part: Part): Wanted<Job> {
  const { spec } = results;
  const chunks = new Chunks(results, part);
  const failed = new Set<string>();
  const idOf = ({ cell, replicate }: Job): string => runId(results.id(cell), replicate);
  /** of the failed runs those that are missing here */
  const passed = new Map<string, Job>();
  const hasFailed = (job: Job): boolean => {
    if (failed.size === 0) return false;
    const id = idOf(job);
    if (!failed.has(id)) return false;
    passed.set(id, job);
    return true;
  };
  const some = part.replicates !== undefined || part.shard !== undefined;
  let left = 0;
  const take = (record: RunRecord): Reason | undefined => {
    const before = results.count;
    const reason = results.take(record);
    if (results.count > before && (!some || isIn(part, results.cellOf(record)!, record.replicate))) left--;
    return reason;
  };
  const place = ({ job: { cell, replicate }, line, numbers }: Made<Job>): void => {
    // A pool may hand over lines alone.
    if (!numbers) return void take(JSON.parse(line) as RunRecord);
    const before = results.count;
    results.place(cell, replicate, numbers, scienceOf(results.cell(cell).training.rule));
    if (results.count > before && isIn(part, cell, replicate)) left--;
  };
  let first = true;
  return {
    seed: spec.seed,
    record: spec.record,
    held: take,
    has(record) {
      const cell = results.cellOf(record);
      return cell !== undefined && record.seed === spec.seed && results.has(cell, record.replicate);
    },
    kept: results.kept,
    hasMade: ({ cell, replicate }) => results.has(cell, replicate),
    next() {
      // What is missing after the first round has failed, or is others' work.
      if (!first) return { jobs: [], count: 0 };
      first = false;
      left = missingCount(results, part);
      // With a precision there may be more runs than are missing now.
      const most = some ? left : Math.max(left, results.expected - results.count);
      return { jobs: missing(results, part), count: left, most };
    },
    task: ({ cell, replicate }) => ({ id: results.id(cell), cell: results.cell(cell), replicate }),
    take(jobs, made) {
      const wanted = new Map(jobs.map(({ cell }) => [cell, results.wanted(cell)]));
      for (const one of made) place(one);
      return [...wanted].flatMap(([cell, before]) => further(results, cell, before).filter((job) => !hasFailed(job)));
    },
    progress() {
      if (!some) return [results.count, results.expected];
      const { from, to } = part.replicates ?? { from: 0, to: spec.runs };
      const { at, of } = part.shard ?? { at: 0, of: 1 };
      const total = Math.ceil(Math.max(0, results.cellCount - at) / of) * (to - from);
      return [total - left, total];
    },
    shared: {
      chunks: () => chunks.list(hasFailed),
      chunkOf: (job) => chunks.of(job),
      news: take,
      failed(runs) {
        for (const run of runs) failed.add(run);
      },
      passed: () => [...passed].filter(([, job]) => !results.has(job.cell, job.replicate)).map(([run]) => run),
    },
  };
}
