/**
 * The loop that every kind of work goes through: batches onto a pool's lanes, what comes home back to its source, until
 * the source wants no more, something fails or the signal comes.
 */
import { UserError } from '../errors.ts';
import type { RecordPlan } from '../experiments/spec.ts';
import { Queue } from './batches.ts';
import type { Crew, Pool, Watched } from './pool.ts';
import type { BatchResult, Task } from './work.ts';

/** Contract: where work comes from and where its results go. @typeParam J what the source calls one piece of it */
export interface Source<J> {
  readonly seed: number;
  readonly record: RecordPlan;
  /** final values that are handed over beside the lines of runs; absent: none */
  readonly kept?: RecordPlan['values'] | undefined;
  /** What is missing; asked again once all of it, and what followed from it, has come home. */
  next(): Round<J>;
  /** What may still come when `next` has nothing: of work that is shared, what others leave. */
  later?(): Promise<Round<J>>;
  task(job: J): Task;
  /**
   * Takes what came of a batch, in the order of its jobs, and gives those that follow from it: they come after all others
   * of the round.
   *
   * @throws to stop the work
   */
  take(jobs: readonly J[], result: BatchResult): readonly J[];
}

/** Work that may be done in any order. */
export interface Round<J> {
  readonly jobs: Iterable<J>;
  /** roughly; 0: there is no work left */
  readonly count: number;
}

/** Carries out a source's work; resolves without it when the signal came. @param first what `next` gave */
export async function schedule<J>(
  source: Source<J>,
  first: Round<J>,
  crew: Crew,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { seed, record, kept } = source;
  const queue = new Queue<J>(crew.lanes);
  queue.refill(first.jobs, first.count);
  const bell = new Bell();
  let inWork = 0;
  let over = false;
  const stopped = (): boolean => over || signal?.aborted === true;
  const work = async (jobs: readonly J[], lane: number): Promise<void> => {
    const done = await crew.run({ tasks: jobs.map((job) => source.task(job)), seed, record, kept }, lane);
    queue.learn(jobs.length, done.milliseconds);
    queue.add(source.take(jobs, done));
  };
  const lane = async (place: number): Promise<void> => {
    try {
      while (!stopped()) {
        const jobs = queue.take();
        if (jobs.length > 0) {
          inWork++;
          await work(jobs, place);
          inWork--;
          bell.ring();
        } else if (inWork > 0) await bell.rung();
        else {
          let round = source.next();
          if (round.count === 0 && source.later) {
            inWork++; // the other lanes wait
            round = await source.later();
            inWork--;
          }
          if (round.count === 0) over = true;
          else queue.refill(round.jobs, round.count);
          bell.ring();
        }
      }
    } catch (error) {
      over = true; // before the bell: who wakes up must know
      throw error;
    } finally {
      bell.ring();
    }
  };
  try {
    // A pool that is ended under a batch throws on its own: what is in work comes home before the first failure is thrown.
    const endings = await Promise.allSettled(Array.from({ length: crew.lanes }, (_, place) => lane(place)));
    for (const ending of endings) if (ending.status === 'rejected') throw ending.reason;
  } catch (error) {
    // A worker that was stopped says so; a store that took nothing is told whatever else came.
    if (!signal?.aborted || error instanceof UserError) throw error;
  } finally {
    await crew.end();
  }
}

/** Lanes without work wait for it to ring: what another brings home may ask for more. */
class Bell {
  private waiting: (() => void)[] = [];

  rung(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  ring(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** The jobs of a batch with their lines, without the end, or why there is none. */
export function* outcomes<J>(
  jobs: readonly J[],
  { lines, failed }: BatchResult,
): Generator<{ readonly job: J; readonly line: string | undefined; readonly why: string }> {
  const reasons = new Map(failed.map(({ at, why }) => [at, why]));
  const made = lines.split('\n')[Symbol.iterator]();
  for (const [at, job] of jobs.entries()) {
    const why = reasons.get(at);
    yield { job, line: why === undefined ? (made.next().value as string) : undefined, why: why ?? '' };
  }
}

export interface TaskOptions extends Watched {
  readonly pool: Pool;
  readonly seed: number;
  readonly record: RecordPlan;
  /** the line of a task without its end, or why it could not be made; in any order. @param at its place */
  readonly made: (at: number, line: string | undefined, why: string) => void;
}

/** Carries out a list of tasks, for whoever takes their lines. */
export async function carryOut(tasks: readonly Task[], options: TaskOptions): Promise<void> {
  const { pool, seed, record, made, ...watched } = options;
  if (tasks.length === 0) return;
  const source: Source<number> = {
    seed,
    record,
    next: () => ({ jobs: [], count: 0 }),
    task: (at) => tasks[at]!,
    take(places, result) {
      for (const { job, line, why } of outcomes(places, result)) made(job, line, why);
      return [];
    },
  };
  const crew = pool.start(Math.min(pool.workers, tasks.length), watched);
  await schedule(source, { jobs: tasks.keys(), count: tasks.length }, crew, watched.signal);
}
