/** Makes stored runs again on threads, for whoever compares. */
import { Piscina } from 'piscina';
import type { RecordPlan } from '../../experiments/spec.ts';
import type { BoundaryJob } from '../boundary.ts';
import { runLanes } from './lanes.ts';
import { Queue } from './sweep.ts';
import type { Batch, BatchResult } from './worker.ts';

export interface RecomputeOptions {
  readonly seed: number;
  readonly record: RecordPlan;
  /** >= 1 */
  readonly workers: number;
  readonly signal: AbortSignal;
  /** the line of a run without its end, or why it could not be made; in any order */
  readonly made: (job: number, line: string | undefined, why: string) => void;
}

/** @param jobs by place, which `made` is told */
export async function recompute(jobs: readonly BoundaryJob[], options: RecomputeOptions): Promise<void> {
  const { seed, record, signal, made } = options;
  const workers = Math.min(options.workers, jobs.length);
  if (workers === 0) return;
  const pool = new Piscina<Batch, BatchResult>({
    filename: new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
  });
  const queue = new Queue<number>(2 * workers);
  queue.refill(jobs.keys(), jobs.length);
  const lane = async (stopped: () => boolean): Promise<void> => {
    for (let batch: number[]; !stopped() && !signal.aborted && (batch = queue.take()).length > 0;) {
      const started = performance.now();
      const output = await pool.run({ jobs: batch.map((job) => jobs[job]!), seed, record }, { signal });
      queue.learn(batch.length, performance.now() - started);
      const why = new Map(output.failed.map((one) => [one.at, one.why]));
      const lines = output.lines.split('\n')[Symbol.iterator]();
      batch.forEach((job, at) => {
        const failed = why.get(at);
        made(job, failed === undefined ? (lines.next().value as string) : undefined, failed ?? '');
      });
    }
  };
  try {
    await runLanes(2 * workers, lane);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await pool.destroy();
  }
}
