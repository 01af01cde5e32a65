/** Runs made into a store: what a sweep and a search for level sets have in common. */
import { runId } from '../experiments/cell.ts';
import type { PassedOver, Reason } from '../experiments/passed-over.ts';
import type { RunRecord } from '../experiments/record.ts';
import type { RecordPlan } from '../experiments/spec.ts';
import { Sharing, type Shareable } from './claims.ts';
import type { Pool, Watched } from './pool.ts';
import { outcomes, schedule, type Round, type Source } from './schedule.ts';
import type { Store } from './store.ts';
import type { BatchResult, RunTask } from './work.ts';

/** Who makes the runs, and what keeps and watches them. */
export interface RunOptions extends Watched {
  /** who makes the runs; the records do not depend on it */
  readonly pool: Pool;
  /** what is there already and where the records go */
  readonly store: Store;
  /** lines of the store that are no runs of the work */
  readonly passed?: ((passed: PassedOver) => void) | undefined;
  /** @param total where more may follow an estimate */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** What became of the runs that were missing. */
export interface RunReport {
  /** runs made now */
  readonly made: number;
  /** runs that threw, with the reason */
  readonly failed: readonly { readonly run: string; readonly why: string }[];
  /** the signal came before everything was done */
  readonly interrupted: boolean;
}

/** A run that was made. @typeParam J what the work calls a run */
export interface Made<J> {
  readonly job: J;
  /** stored already, without its end */
  readonly line: string;
  /** where the work names what is `kept` (`numbersOf`) */
  readonly numbers?: Float64Array | undefined;
}

/** Contract: runs that are wanted, kept by a sweep and by a search. @typeParam J what it calls a run */
export interface Wanted<J> {
  readonly seed: number;
  readonly record: RecordPlan;
  /** Takes a record of the store, or says why it is none of its own. */
  held(record: RunRecord): Reason | undefined;
  /** final values that it needs of each run; absent: it reads the lines */
  readonly kept?: RecordPlan['values'];
  /** Whether it has the run of a record already. */
  has?(record: RunRecord): boolean;
  /** The same of a run that was made. */
  hasMade?(job: J): boolean;
  /** What is missing now, where all that was handed out has come home. @param most runs there may be in all */
  next(): Round<J> & { readonly most?: number };
  task(job: J): RunTask;
  /** Takes what came of a batch. @returns runs that are wanted because of it */
  take(jobs: readonly J[], made: readonly Made<J>[], failed: readonly J[]): readonly J[];
  /** runs there are, and those that there will be as far as is known */
  progress(): readonly [done: number, total: number];
  /** how several processes share it; absent: each makes all that is missing */
  readonly shared?: Shareable<J>;
}

/**
 * Makes the runs that a store lacks.
 *
 * @throws UserError when the store is broken or full, or holds two copies of a run that differ; everything acknowledged
 *   is kept
 */
export async function makeRuns<J>(wanted: Wanted<J>, options: RunOptions): Promise<RunReport> {
  const { pool, store, progress, signal, working } = options;
  /** runs of which there is more than one copy */
  const copies = new Set<string>();
  const held = (record: RunRecord): Reason | undefined => {
    if (!store.compare || !wanted.has?.(record)) return wanted.held(record);
    copies.add(record.run);
    return undefined;
  };
  const compare = (): void => {
    if (copies.size > 0) store.compare?.(copies, wanted.seed);
    copies.clear();
  };
  const read = store.read(held);
  options.passed?.(read);
  compare();
  const first = wanted.next();
  progress?.(...wanted.progress());
  if (first.count === 0) return { made: 0, failed: [], interrupted: false };
  const workers = Math.min(pool.workers, first.most ?? Infinity);
  const writer = store.open({ workers, missing: first.count });
  const failed = new Map<string, string>();
  const { claims } = writer;
  const sharing = claims && wanted.shared && new Sharing({ ...wanted.shared, news: held }, claims);
  const idOf = (job: J): string => {
    const { id, replicate } = wanted.task(job);
    return runId(id, replicate);
  };
  const missing = (): number => {
    const [done, total] = wanted.progress();
    progress?.(done, total);
    return total - done;
  };
  let made = 0;
  const source: Source<J> = {
    seed: wanted.seed,
    record: wanted.record,
    kept: wanted.kept,
    next: () => wanted.next(),
    ...(sharing && { later: () => sharing.later(signal, missing) }),
    task: (job) => wanted.task(job),
    take(jobs: readonly J[], result: BatchResult) {
      writer.append(result.lines);
      if (result.states) writer.settled?.(result.states);
      const [those, without]: [Made<J>[], J[]] = [[], []];
      const width = wanted.kept ? 2 + wanted.kept.length : 0;
      for (const { job, line, why } of outcomes(jobs, result)) {
        if (line !== undefined) {
          // Another process may have made it too.
          if (wanted.hasMade?.(job)) copies.add(idOf(job));
          const at = those.length * width;
          those.push({ job, line, numbers: result.numbers?.subarray(at, at + width) });
        } else {
          failed.set(idOf(job), why);
          writer.failed?.(idOf(job), why);
          without.push(job);
        }
      }
      made += those.length;
      if (without.length > 0) wanted.shared?.failed(failed.keys());
      const more = wanted.take(jobs, those, without);
      sharing?.home(jobs, more);
      progress?.(...wanted.progress());
      return more;
    },
  };
  try {
    if (claims) wanted.shared?.failed(claims.failures().keys());
    const round = sharing ? { jobs: sharing.jobs(), count: first.count } : first;
    await schedule(source, round, pool.start(workers, { signal, working }), signal);
    // What failed before or elsewhere, and is still not there, has failed.
    if (claims && wanted.shared)
      for (const run of wanted.shared.passed()) failed.set(run, failed.get(run) ?? claims.failures().get(run) ?? '');
  } finally {
    writer.close({ made, failed: failed.size });
  }
  compare();
  const interrupted = signal?.aborted === true;
  if (!interrupted) progress?.(...wanted.progress());
  return { made, failed: [...failed].map(([run, why]) => ({ run, why })), interrupted };
}
