/** Makes stored runs again on threads, for whoever compares. */
import type { RecordPlan } from '../../experiments/spec.ts';
import type { BoundaryJob } from '../boundary.ts';
import { Crew } from './crew.ts';
import { runLanes } from './lanes.ts';
import { Queue } from './sweep.ts';
import type { BatchResult } from './worker.ts';

export interface RecomputeOptions {
  readonly seed: number;
  readonly record: RecordPlan;
  /** >= 1 */
  readonly workers: number;
  readonly signal: AbortSignal;
  /** once a second: the steps of the run in work that has made most, and its cap */
  readonly working: (step: number, most: number) => void;
  /** the line of a run without its end, or why it could not be made; in any order */
  readonly made: (job: number, line: string | undefined, why: string) => void;
}

/** @param jobs by place, which `made` is told */
export async function recompute(jobs: readonly BoundaryJob[], options: RecomputeOptions): Promise<void> {
  const { seed, record, signal, made } = options;
  const workers = Math.min(options.workers, jobs.length);
  if (workers === 0) return;
  const crew = new Crew(workers, { signal, working: options.working });
  const queue = new Queue<number>(crew.lanes);
  queue.refill(jobs.keys(), jobs.length);
  const lane = async (stopped: () => boolean, place: number): Promise<void> => {
    for (let batch: number[]; !stopped() && !signal.aborted && (batch = queue.take()).length > 0;) {
      const started = performance.now();
      const work = batch.map((job) => jobs[job]!);
      const cap = Math.max(...work.map(({ cell }) => cell.training.maxSteps));
      const output = await crew.run<BatchResult>('runs', { jobs: work, seed, record }, place, cap);
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
    await runLanes(crew.lanes, lane);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await crew.end();
  }
}
