/** What is left to run, pure: no clock, no disk. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Results } from '../experiments/results.ts';
import type { Chunk } from './claims.ts';

export interface Job {
  /** index of the cell in `results.cells` */
  readonly cell: number;
  readonly replicate: number;
}

/** Replicates `from` to `to`, the latter not included. */
export interface Replicates {
  readonly from: number;
  readonly to: number;
}

const all = ({ spec }: Results): Replicates => ({ from: 0, to: spec.runs });

/**
 * Every wanted run not yet in the results, one after the other as it is asked for, so that nothing grows with their
 * number; replicates outermost, so that a whole coarse map comes first.
 */
export function* missing(results: Results, { from, to } = all(results)): Generator<Job, undefined> {
  const { cellCount, spec } = results;
  // Without a precision all cells want the same.
  const wanted = spec.precision && Array.from({ length: cellCount }, (_, cell) => results.wanted(cell));
  const most = wanted ? wanted.reduce((a, b) => Math.max(a, b), 0) : to;
  for (let replicate = from; replicate < most; replicate++) {
    for (let cell = 0; cell < cellCount; cell++)
      if (replicate < (wanted?.[cell] ?? most) && !results.has(cell, replicate)) yield { cell, replicate };
  }
}

/** How many runs are wanted as far as is known now and are not there. */
export function missingCount(results: Results, only?: Replicates): number {
  const { cellCount, spec } = results;
  if (only && !spec.precision) {
    let count = 0;
    for (let cell = 0; cell < cellCount; cell++)
      for (let replicate = only.from; replicate < only.to; replicate++) if (!results.has(cell, replicate)) count++;
    return count;
  }
  if (!spec.precision) return cellCount * spec.runs - results.countWanted;
  let wanted = 0;
  for (let cell = 0; cell < cellCount; cell++) wanted += results.wanted(cell);
  return wanted - results.countWanted;
}

/** The runs that a cell wants beyond the first `before`: those up to its next look, once it has passed one. */
export function further(results: Results, cell: number, before: number): Job[] {
  const jobs: Job[] = [];
  for (let replicate = before; replicate < results.wanted(cell); replicate++)
    if (!results.has(cell, replicate)) jobs.push({ cell, replicate });
  return jobs;
}

/** Chunks of a work, at least: claims cost nothing beside it then, and no process waits long for another's last one. */
const CHUNKS = 400;
/** Runs of a chunk at the most. */
const LARGEST = 2000;

/**
 * The work in chunks that are the same for every process with this spec: without a precision stretches of the order of
 * `missing`, with one groups of cells, of which a cell's next run follows from those before.
 */
export class Chunks {
  private readonly results: Results;
  private readonly only: Replicates;
  private readonly size: number;
  private readonly key: string;

  constructor(results: Results, only: Replicates = all(results)) {
    const { cellCount, spec } = results;
    this.results = results;
    this.only = only;
    const length = spec.precision ? cellCount : cellCount * spec.runs;
    this.size = Math.max(1, Math.min(LARGEST, Math.ceil(length / CHUNKS)));
    const grid = JSON.stringify([spec.axes.map(({ path, values }) => [path, values]), spec.seed, this.size]);
    this.key = bytesToHex(sha256(utf8ToBytes(grid))).slice(0, 8);
  }

  /** @param passed runs that are asked for no more */
  *list(passed: (job: Job) => boolean): Generator<Chunk<Job>, undefined> {
    const { results, size, only } = this;
    const { cellCount, spec } = results;
    const [first, end] = spec.precision ? [0, cellCount] : [only.from * cellCount, only.to * cellCount];
    for (let start = first; start < end;) {
      const stop = Math.min(end, (Math.floor(start / size) + 1) * size);
      const [low, high] = [start, stop];
      const jobs = (): Generator<Job, undefined> =>
        spec.precision ? this.inCells(low, high, passed) : this.between(low, high, passed);
      if (!jobs().next().done) yield { name: this.name(start), jobs };
      start = stop;
    }
  }

  of({ cell, replicate }: Job): string {
    return this.name(this.results.spec.precision ? cell : replicate * this.results.cellCount + cell);
  }

  private name(place: number): string {
    return `${this.key}-${Math.floor(place / this.size)}`;
  }

  private *between(start: number, stop: number, passed: (job: Job) => boolean): Generator<Job, undefined> {
    const { results } = this;
    for (let place = start; place < stop; place++) {
      const job = { cell: place % results.cellCount, replicate: Math.floor(place / results.cellCount) };
      if (!results.has(job.cell, job.replicate) && !passed(job)) yield job;
    }
  }

  /** Of each cell the runs up to its next look; a cell that waits for a run that is passed over has none. */
  private *inCells(start: number, stop: number, passed: (job: Job) => boolean): Generator<Job, undefined> {
    const { results } = this;
    for (let cell = start; cell < stop; cell++)
      for (const job of further(results, cell, 0)) if (!passed(job)) yield job;
  }
}
