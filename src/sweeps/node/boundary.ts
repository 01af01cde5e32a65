/** Carries out a search for level sets on threads, into the store of a result folder. */
import { Piscina } from 'piscina';
import { runId } from '../../experiments/cell.ts';
import type { RunRecord } from '../../experiments/record.ts';
import type { Boundary, BoundaryJob } from '../boundary.ts';
import { runLanes } from './lanes.ts';
import { readRecords, RecordWriter } from './store.ts';
import { Queue, type SweepOptions, type SweepReport } from './sweep.ts';
import type { Batch, BatchResult } from './worker.ts';

export interface SearchOptions extends Omit<SweepOptions, 'progress'> {
  readonly seed: number;
  /** after every round: runs there are, and those that are wanted next */
  readonly progress?: (made: number, wanted: number) => void;
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
  if (jobs.length === 0) return { made: 0, failed: [], interrupted: false };
  const writer = new RecordWriter(folder);
  const failed: { run: string; why: string }[] = [];
  let made = 0;
  const pool = new Piscina<Batch, BatchResult>({
    filename: new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
  });
  const queue = new Queue<BoundaryJob>(2 * workers);
  const lane = async (stopped: () => boolean): Promise<void> => {
    for (let batch: BoundaryJob[]; !stopped() && !options.signal?.aborted && (batch = queue.take()).length > 0;) {
      const started = performance.now();
      const output = await pool.run(
        { jobs: batch, seed, record: { series: [], values: [], every: 1 } },
        options.signal ? { signal: options.signal } : {},
      );
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
    }
  };
  try {
    for (; jobs.length > 0 && !options.signal?.aborted; jobs = boundary.next()) {
      progress?.(boundary.runs, jobs.length);
      queue.refill(jobs, jobs.length);
      await runLanes(2 * workers, lane);
    }
  } catch (error) {
    if (!options.signal?.aborted) throw error;
  } finally {
    await pool.destroy();
    writer.close();
  }
  return { made, failed, interrupted: options.signal?.aborted === true };
}
