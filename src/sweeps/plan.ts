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

/** Every `of`-th cell, from cell `at` on: 0 <= at < of. */
export interface Shard {
  readonly at: number;
  readonly of: number;
}

/** What of a work is wanted; all of it where nothing is said. */
export interface Part {
  readonly replicates?: Replicates | undefined;
  readonly shard?: Shard | undefined;
}

export const isIn = ({ replicates, shard }: Part, cell: number, replicate: number): boolean =>
  (!replicates || (replicate >= replicates.from && replicate < replicates.to)) &&
  (!shard || cell % shard.of === shard.at);

const replicatesOf = ({ spec }: Results, { replicates }: Part): Replicates => replicates ?? { from: 0, to: spec.runs };

/** Places of the cells of a part. */
function* cellsOf({ cellCount }: Results, { shard = { at: 0, of: 1 } }: Part): Generator<number> {
  for (let cell = shard.at; cell < cellCount; cell += shard.of) yield cell;
}

/**
 * Every wanted run not yet in the results, one after the other as it is asked for, so that nothing grows with their
 * number; replicates outermost, so that a whole coarse map comes first.
 */
export function* missing(results: Results, part: Part = {}): Generator<Job, undefined> {
  const { cellCount, spec } = results;
  const { from, to } = replicatesOf(results, part);
  // Without a precision all cells want the same.
  const wanted = spec.precision && Array.from({ length: cellCount }, (_, cell) => results.wanted(cell));
  const most = wanted ? wanted.reduce((a, b) => Math.max(a, b), 0) : to;
  for (let replicate = from; replicate < most; replicate++) {
    for (const cell of cellsOf(results, part))
      if (replicate < (wanted?.[cell] ?? most) && !results.has(cell, replicate)) yield { cell, replicate };
  }
}

/** How many runs are wanted as far as is known now and are not there. */
export function missingCount(results: Results, part: Part = {}): number {
  const { cellCount, spec } = results;
  if (part.replicates || part.shard) {
    const { from, to } = replicatesOf(results, part);
    let count = 0;
    for (const cell of cellsOf(results, part)) {
      const end = spec.precision ? results.wanted(cell) : to;
      for (let replicate = from; replicate < end; replicate++) if (!results.has(cell, replicate)) count++;
    }
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
  private readonly part: Part;
  private readonly size: number;
  private readonly key: string;

  constructor(results: Results, part: Part = {}) {
    const { cellCount, spec } = results;
    this.results = results;
    this.part = part;
    const length = spec.precision ? cellCount : cellCount * spec.runs;
    this.size = Math.max(1, Math.min(LARGEST, Math.ceil(length / CHUNKS)));
    const grid = JSON.stringify([
      spec.axes.map(({ path, values }) => [path, values]),
      spec.seed,
      this.size,
      part.shard,
    ]);
    this.key = bytesToHex(sha256(utf8ToBytes(grid))).slice(0, 8);
  }

  /** @param passed runs that are asked for no more */
  *list(passed: (job: Job) => boolean): Generator<Chunk<Job>, undefined> {
    const { results, size, part } = this;
    const { cellCount, spec } = results;
    const { from, to } = replicatesOf(results, part);
    const [first, end] = spec.precision ? [0, cellCount] : [from * cellCount, to * cellCount];
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
      if (isIn(this.part, job.cell, job.replicate) && !results.has(job.cell, job.replicate) && !passed(job)) yield job;
    }
  }

  /** Of each cell the runs up to its next look; a cell that waits for a run that is passed over has none. */
  private *inCells(start: number, stop: number, passed: (job: Job) => boolean): Generator<Job, undefined> {
    const { results } = this;
    for (let cell = start; cell < stop; cell++)
      if (isIn(this.part, cell, 0)) for (const job of further(results, cell, 0)) if (!passed(job)) yield job;
  }
}
