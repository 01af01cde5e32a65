/** Contract: who carries out batches. Threads (node/), Web Workers and the caller's own thread (web/) keep it. */
import { messages, UserError } from '../errors.ts';
import { partsOf } from '../experiments/own.ts';
import type { Spec } from '../experiments/spec.ts';
import type { Batch, BatchResult } from './work.ts';

export interface Watched {
  /** stops the work: nothing more is handed out; threads finish what is in work, for ten seconds at the most */
  readonly signal?: AbortSignal | undefined;
  /** about once a second: the steps of a run in work, with threads of the one that has made most, and its cap */
  readonly working?: ((step: number, most: number) => void) | undefined;
}

/** What a program hands to `sweep`; nothing runs before `start`. */
export interface Pool {
  /** how many there may be, >= 1; no record depends on it */
  readonly workers: number;
  /** its workers have the caller's parts of one's own: his own thread does, others where they load his module */
  readonly ownParts?: boolean;
  /** its workers write the arrays that a spec asks for */
  readonly keepsArrays?: boolean;
  /** @param workers that there is work for, <= `this.workers` */
  start(workers: number, watched: Watched): Crew;
}

/** @throws UserError where a spec asks for parts of one's own that a pool's workers do not have, or for arrays */
export function refuseStrangers(spec: Spec, { ownParts, keepsArrays }: Pool): void {
  if (spec.record.arrays && !keepsArrays) throw new UserError(messages.poolWithoutFolder());
  const parts = partsOf(spec);
  if (parts.length > 0 && !ownParts) throw new UserError(messages.poolWithoutModule(parts));
}

/** A pool at work. */
export interface Crew {
  /** batches that may be under way at once: some in work, others waiting, so that no worker waits for the next one */
  readonly lanes: number;
  /**
   * Carries a batch out; the same batch gives the same lines everywhere.
   *
   * @param lane 0 .. lanes - 1, with nothing else under way
   * @throws when its worker dies, and when the signal comes
   */
  run(batch: Batch, lane: number): Promise<Done>;
  /** Ends every worker. */
  end(): Promise<void>;
}

export interface Done extends BatchResult {
  /** that the worker took, waiting not counted: the loop has no clock of its own */
  readonly milliseconds: number;
}
