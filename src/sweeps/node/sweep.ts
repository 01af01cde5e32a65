/** Runs what a spec still lacks on threads, into the store of a result folder. */
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { hostname } from 'node:os';
import { runId } from '../../experiments/cell.ts';
import type { PassedOver } from '../../experiments/passed-over.ts';
import type { RunRecord } from '../../experiments/record.ts';
import type { Results } from '../../experiments/results.ts';
import { further, missing, missingCount, type Job } from '../plan.ts';
import { Crew } from './crew.ts';
import { Bell, runLanes } from './lanes.ts';
import { readRecords, RecordWriter } from './store.ts';
import type { BatchResult } from './worker.ts';

export interface SweepOptions {
  readonly folder: string;
  /** worker threads, >= 1; the records do not depend on it */
  readonly workers: number;
  readonly signal?: AbortSignal;
  /** @param total with a precision an estimate */
  readonly progress?: (done: number, total: number) => void;
  /** lines of the store that are no runs of the spec */
  readonly passed?: (passed: PassedOver) => void;
  /** once a second: the steps of the run in work that has made most, and its cap */
  readonly working?: (step: number, most: number) => void;
}

export interface SweepReport {
  /** runs made now */
  readonly made: number;
  /** runs that threw, with the first reason */
  readonly failed: readonly { readonly run: string; readonly why: string }[];
  /** the signal came before everything was done */
  readonly interrupted: boolean;
}

/** Milliseconds of work in one batch: long against a thread's hand-over (50 µs), short against a user's patience. */
const BATCH_MS = 60;

/**
 * Goes on where the folder's store is and fills `results`, old records included. With a precision a cell gets more runs
 * when all those before its look are there, until it ends; one of which a run failed waits for that run in the next
 * call.
 *
 * @throws UserError when the store is broken or the disk is full; everything acknowledged is kept
 */
export async function sweep(results: Results, options: SweepOptions): Promise<SweepReport> {
  options.passed?.(readRecords(options.folder, (record) => results.take(record)).passed);
  const left = missingCount(results);
  options.progress?.(results.count, results.expected);
  if (left === 0) return { made: 0, failed: [], interrupted: false };

  // More threads than runs would only start up; with a precision there may be more runs than are missing now.
  const workers = Math.min(options.workers, Math.max(left, results.expected - results.count));
  const writer = new RecordWriter(options.folder);
  const log = openSync(writer.file.replace(/jsonl$/, 'log'), 'wx');
  const note = (event: object): void =>
    appendFileSync(log, `${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);
  const failed: { run: string; why: string }[] = [];
  let made = 0;
  const crew = new Crew(workers, options);
  const queue = new Queue<Job>(crew.lanes);
  queue.refill(missing(results), left);
  const seed = results.spec.seed;
  const bell = new Bell();
  let inWork = 0;
  let broken = false;
  const work = async (batch: readonly Job[], lane: number): Promise<void> => {
    const started = performance.now();
    const jobs = batch.map(({ cell, replicate }) => ({
      id: results.ids[cell]!,
      cell: results.cells[cell]!,
      replicate,
    }));
    const cap = Math.max(...jobs.map(({ cell }) => cell.training.maxSteps));
    const output = await crew.run<BatchResult>('runs', { jobs, seed, record: results.spec.record }, lane, cap);
    queue.learn(batch.length, performance.now() - started);
    for (const { at, why } of output.failed) failed.push({ run: runId(jobs[at]!.id, jobs[at]!.replicate), why });
    writer.append(output.lines);
    const wanted = new Map(batch.map(({ cell }) => [cell, results.wanted(cell)]));
    for (const line of output.lines.split('\n').slice(0, -1)) {
      results.add(JSON.parse(line) as RunRecord);
      made++;
    }
    for (const [cell, before] of wanted) queue.add(further(results, cell, before));
    options.progress?.(results.count, results.expected);
  };
  const lane = async (_: () => boolean, place: number): Promise<void> => {
    while (!broken && !options.signal?.aborted) {
      const batch = queue.take();
      if (batch.length > 0) {
        inWork++;
        try {
          await work(batch, place);
        } catch (error) {
          broken = true; // before the bell: who wakes up must know
          throw error;
        } finally {
          inWork--;
          bell.ring();
        }
      } else if (inWork > 0) await bell.rung();
      else return;
    }
  };
  try {
    note({
      start: {
        host: hostname(),
        node: process.version,
        pid: process.pid,
        workers,
        missing: left,
      },
    });
    await runLanes(crew.lanes, lane);
  } catch (error) {
    if (!options.signal?.aborted) throw error;
  } finally {
    await crew.end();
    writer.close();
    try {
      note({ end: { made, failed: failed.length } });
    } catch {
      // The log is not the record: on a full disk it may be short.
    }
    closeSync(log);
  }
  return { made, failed, interrupted: options.signal?.aborted === true };
}

/** Hands out batches whose size follows the speed seen so far; which runs share a batch changes no record. */
export class Queue<J = Job> {
  private millisecondsPerJob = BATCH_MS;
  private jobs: Iterator<J, undefined> = [][Symbol.iterator]();
  private left = 0;
  /** that came after the others */
  private more: J[] = [];
  private readonly lanes: number;

  constructor(lanes: number) {
    this.lanes = lanes;
  }

  /** Further work at the speed known so far. @param count how many there are, roughly */
  refill(jobs: Iterable<J>, count: number): void {
    this.jobs = jobs[Symbol.iterator]() as Iterator<J, undefined>;
    this.left = count;
  }

  /** Work that comes after all the other. */
  add(jobs: readonly J[]): void {
    for (const job of jobs) this.more.push(job);
  }

  /** Empty when there is nothing to do now. */
  take(): J[] {
    // Smaller ones towards the end, so that the workers end together.
    const share = Math.ceil((Math.max(0, this.left) + this.more.length) / this.lanes);
    const size = Math.max(1, Math.min(2000, share, Math.floor(BATCH_MS / this.millisecondsPerJob)));
    const batch: J[] = [];
    while (batch.length < size) {
      const { value } = this.jobs.next();
      if (value === undefined) break;
      batch.push(value);
    }
    this.left -= batch.length;
    if (batch.length < size) batch.push(...this.more.splice(0, size - batch.length));
    return batch;
  }

  learn(jobs: number, milliseconds: number): void {
    // Two batches a worker are under way, so a batch waits about as long as it works.
    this.millisecondsPerJob += 0.3 * (milliseconds / (2 * jobs) - this.millisecondsPerJob);
  }
}
