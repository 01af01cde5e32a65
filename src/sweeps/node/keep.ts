/**
 * What a folder keeps of its runs beside their records: states of long ones on their way in `checkpoints/`, arrays in
 * `arrays/`. A file is there whole or not at all. Which state of a run is there, and whether one is, changes no record.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { deserialize, serialize } from 'node:v8';
import type { NumericArray } from '../../data/readers/npy.ts';
import { writeNpz } from '../../data/readers/npz.ts';
import type { Checkpoints } from '../../experiments/checkpoint.ts';
import type { Keeping } from '../../experiments/run.ts';

export const CHECKPOINTS = 'checkpoints';
export const ARRAY_FILES = 'arrays';

/** Where threads keep what goes beside records. */
export interface KeepIn {
  /** path of the result folder */
  readonly folder: string;
  /** between two states of a run, >= 0; 0: none is kept, and one that is there is gone on from */
  readonly seconds: number;
}

const fileOf = (folder: string, run: string): string => join(folder, CHECKPOINTS, `${run}.state`);

/** Keeps for one thread, while it does one batch. */
export class FolderKeeping implements Keeping, Checkpoints {
  readonly checkpoints: Checkpoints = this;
  /** runs of the batch in work of which a state was kept or found */
  kept: string[] = [];
  private readonly folder: string;
  private readonly milliseconds: number;
  private readonly hurry: () => boolean;
  /** runs of which a state was there when the batch began: one look at the disk for all of them */
  private readonly found: ReadonlySet<string>;
  private last = 0;
  private hurried = false;

  /** @param hurry whether the work is about to be ended: then a state is kept at once, and no other */
  constructor({ folder, seconds }: KeepIn, hurry: () => boolean) {
    this.folder = folder;
    this.milliseconds = 1000 * seconds;
    this.hurry = hurry;
    this.found = new Set(underWayIn(folder));
  }

  begin(): void {
    this.last = performance.now();
  }

  due(): boolean {
    if (this.milliseconds === 0) return false; // what an earlier call has kept is taken all the same
    if (!this.hurried && this.hurry()) return (this.hurried = true);
    return performance.now() - this.last >= this.milliseconds;
  }

  load(run: string): unknown {
    if (!this.found.has(run)) return undefined;
    this.kept.push(run);
    try {
      return deserialize(readFileSync(fileOf(this.folder, run)));
    } catch {
      return undefined; // of another Node, torn, or gone meanwhile: the run begins anew
    }
  }

  save(run: string, state: object): void {
    try {
      this.write(fileOf(this.folder, run), serialize(state));
      if (!this.kept.includes(run)) this.kept.push(run);
    } catch {
      // On a full disk the run goes on without: it is made again should it be ended.
    }
    this.last = performance.now(); // the writing itself is no part of the interval
  }

  /** @throws Error where the file cannot be written: the run fails with that reason */
  readonly arrays = (run: string, arrays: ReadonlyMap<string, NumericArray>): void =>
    this.write(join(this.folder, ARRAY_FILES, `${run}.npz`), writeNpz(arrays));

  private write(file: string, bytes: Uint8Array): void {
    const directory = join(file, '..');
    const draft = `${file}.${process.pid}-${threadId}`;
    mkdirSync(directory, { recursive: true });
    try {
      writeFileSync(draft, bytes);
      renameSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
  }
}

/** Forgets the states of runs whose records are there. */
export function forget(folder: string, runs: readonly string[]): void {
  for (const run of runs) rmSync(fileOf(folder, run), { force: true });
  try {
    // A kill in the midst of a writing leaves its draft.
    for (const name of readdirSync(join(folder, CHECKPOINTS)))
      if (runs.some((run) => name.startsWith(`${run}.state.`)))
        rmSync(join(folder, CHECKPOINTS, name), { force: true });
    rmdirSync(join(folder, CHECKPOINTS));
  } catch {
    // Others are in it, or it was never there.
  }
}

/** Runs of which a folder keeps a state. */
export function underWayIn(folder: string): string[] {
  try {
    return readdirSync(join(folder, CHECKPOINTS)).flatMap((name) => /^(.*)\.state$/.exec(name)?.[1] ?? []);
  } catch {
    return [];
  }
}
