/** Carries out a search for level sets on threads, into the store of a result folder. */
import { runId } from '../../experiments/cell.ts';
import type { RunRecord } from '../../experiments/record.ts';
import type { Boundary, BoundaryJob } from '../boundary.ts';
import { Crew } from './crew.ts';
import { runLanes } from './lanes.ts';
import { readRecords, RecordWriter } from './store.ts';
import { Queue, type SweepOptions, type SweepReport } from './sweep.ts';
import type { BatchResult } from './worker.ts';

export interface SearchOptions extends Omit<SweepOptions, 'progress'> {
  readonly seed: number;
  /** runs there are, and a guess of how many there will be */
  readonly progress?: (made: number, expected: number) => void;
}

/**
 * Round by round, as the search asks; goes on where the folder's store is.
 *
 * @throws UserError when the store is broken or the disk is full; everything acknowledged is kept
 */
export async function searchBoundary(boundary: Boundary, options: SearchOptions): Promise<SweepReport> {
  const { folder, workers, seed, progress } = options;
  const { passed } = readRecords(folder, (record) => {
    if (record.seed !== seed) return 'seed';
    boundary.add(record);
  });
  options.passed?.(passed);
  let jobs = boundary.next();
  const count = (): number => boundary.runs + boundary.lookRuns;
  progress?.(count(), jobs.length === 0 ? count() : boundary.expected);
  if (jobs.length === 0) return { made: 0, failed: [], interrupted: false };
  const writer = new RecordWriter(folder);
  const failed: { run: string; why: string }[] = [];
  let made = 0;
  const crew = new Crew(workers, options);
  const queue = new Queue<BoundaryJob>(crew.lanes);
  /** runs before this round */
  let before = 0;
  let round = 0;
  const lane = async (stopped: () => boolean, place: number): Promise<void> => {
    for (let batch: BoundaryJob[]; !stopped() && !options.signal?.aborted && (batch = queue.take()).length > 0;) {
      const started = performance.now();
      const cap = Math.max(...batch.map(({ cell }) => cell.training.maxSteps));
      const record = { series: [], values: [], every: 1 };
      const output = await crew.run<BatchResult>('runs', { jobs: batch, seed, record }, place, cap);
      queue.learn(batch.length, performance.now() - started);
      for (const { at, why } of output.failed) {
        const { id, replicate } = batch[at]!;
        failed.push({ run: runId(id, replicate), why });
        boundary.fail(id, replicate);
      }
      writer.append(output.lines);
      for (const line of output.lines.split('\n').slice(0, -1)) {
        boundary.add(JSON.parse(line) as RunRecord);
        made++;
      }
      round += batch.length;
      progress?.(before + round, Math.max(before + round + 1, boundary.expected));
    }
  };
  try {
    for (; jobs.length > 0 && !options.signal?.aborted; jobs = boundary.next()) {
      [before, round] = [count(), 0];
      queue.refill(jobs, jobs.length);
      await runLanes(crew.lanes, lane);
    }
  } catch (error) {
    if (!options.signal?.aborted) throw error;
  } finally {
    await crew.end();
    writer.close();
  }
  const interrupted = options.signal?.aborted === true;
  if (!interrupted) progress?.(count(), count());
  return { made, failed, interrupted };
}
