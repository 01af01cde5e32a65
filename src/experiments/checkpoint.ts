/** Where a long run is kept while it is made, so that it can go on after whatever ended it, with the same bits. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { WASM } from '../core/kernel.wasm.ts';
import type { Keeper, TrainState } from '../dynamics/checkpoint.ts';
import type { ArraysState } from './arrays.ts';
import { SCIENCE } from './record.ts';
import type { RecordPlan } from './spec.ts';

/** Contract: what keeps the states of runs, by id. A folder does (sweeps/node/keep.ts). */
export interface Checkpoints {
  /** whether the run in work is to be kept now */
  due(): boolean;
  /** what was kept of a run; anything may have happened to it */
  load(run: string): unknown;
  /** Keeps plain data in the place of what was there. A failure is the keeper's own: the run goes on. */
  save(run: string, kept: object): void;
}

/** Of a series: what it has so far. */
export interface SeriesState {
  readonly times: readonly number[];
  readonly columns: readonly (readonly (number | null)[])[];
  readonly last: number;
}

/** A run on its way. */
export interface RunState {
  readonly series?: SeriesState;
  readonly arrays?: ArraysState;
}

/** A run on its way, as it is kept. */
interface Kept extends RunState {
  /** who can go on from it */
  readonly by: string;
  readonly train: TrainState;
}

/** To be raised when an engine in TypeScript, the training loop or a series keeps other arrays, or in another order. */
const STATE_VERSION = 1;
let kernel: string | undefined;

/** Who can go on: another kernel lays its memory out in another way, another plan has other series. */
function keyOf(run: string, seed: number, plan: RecordPlan): string {
  kernel ??= bytesToHex(sha256(utf8ToBytes(WASM))).slice(0, 16);
  return JSON.stringify([SCIENCE, STATE_VERSION, kernel, run, seed, plan]);
}

/**
 * The keeper of one run.
 *
 * @param now what else there is to keep
 */
export function keeperOf(
  checkpoints: Checkpoints,
  run: string,
  seed: number,
  plan: RecordPlan,
  now: () => RunState,
): Keeper & { readonly state?: RunState } {
  const found = checkpoints.load(run) as Partial<Kept> | undefined;
  const kept = found && found.by === keyOf(run, seed, plan) ? (found as Kept) : undefined;
  return {
    ...(kept && { from: kept.train, state: kept }),
    due: () => checkpoints.due(),
    keep: (train) => checkpoints.save(run, { by: keyOf(run, seed, plan), train, ...now() } satisfies Kept),
  };
}
