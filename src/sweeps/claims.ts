/**
 * Contract: how several processes share the runs of one store. Claims save time and decide nothing: a run that is made
 * twice is the same twice, and what is stored is never taken back.
 */
import type { RunRecord } from '../experiments/record.ts';
import type { Reason } from '../experiments/passed-over.ts';
import type { Round } from './schedule.ts';

/** Runs that one process makes at a time. */
export interface Chunk<J> {
  /** the same for every process that makes the same grid */
  readonly name: string;
  /** those that are missing when they are asked for */
  jobs(): Iterable<J>;
}

/** Kept by a store that several processes may add to at once. */
export interface Claims {
  /** Whether this process may work on a chunk: false while another one does. */
  take(name: string): boolean;
  release(name: string): void;
  /** Says how many runs are in work, for whoever watches. */
  working(runs: number): void;
  /** Hands over what other processes have stored since the store was read. @throws UserError as `Store.read` does */
  news(see: (record: RunRecord, where: string) => Reason | undefined | void): void;
  /** Runs that failed here or elsewhere, with the reason, as far as they are noted. */
  failures(): ReadonlyMap<string, string>;
  /** A while, or until the signal comes. */
  wait(signal: AbortSignal | undefined): Promise<void>;
}

/** What of a work can be shared. */
export interface Shareable<J> {
  /** chunks of which something is missing, in the order of the work */
  chunks(): Iterable<Chunk<J>>;
  chunkOf(job: J): string;
  /** Takes a record that another process has made. */
  news(record: RunRecord, where: string): Reason | undefined | void;
  /** Runs that failed, here or elsewhere, are asked for no more. */
  failed(runs: Iterable<string>): void;
  /** Those of them that were missed. */
  passed(): string[];
}

/** The jobs of a process: those of the chunks that it could claim, each chunk given back once all of it is stored. */
export class Sharing<J> {
  private readonly of: Shareable<J>;
  private readonly claims: Claims;
  /** by chunk: runs that are out, and whether all of it has been handed out */
  private readonly open = new Map<string, { out: number; all: boolean }>();
  private inWork = 0;

  constructor(of: Shareable<J>, claims: Claims) {
    this.of = of;
    this.claims = claims;
  }

  /** Missing runs that nobody else works on. */
  *jobs(): Generator<J, undefined> {
    for (const chunk of this.of.chunks()) {
      if (this.open.has(chunk.name) || !this.claims.take(chunk.name)) continue;
      const state = { out: 0, all: false };
      this.open.set(chunk.name, state);
      // Whoever had it before may have stored some of it.
      this.read();
      for (const job of chunk.jobs()) {
        state.out++;
        this.claims.working(++this.inWork);
        yield job;
      }
      state.all = true;
      this.close(chunk.name);
    }
  }

  /** @param more runs that follow from these */
  home(jobs: readonly J[], more: readonly J[]): void {
    for (const job of jobs) this.count(job, -1);
    for (const job of more) this.count(job, 1);
    for (const name of new Set(jobs.map((job) => this.of.chunkOf(job)))) this.close(name);
  }

  /**
   * What comes when nothing is left that is nobody else's: what others give back. Nothing once all is there.
   *
   * @param missing how many runs are, roughly
   */
  async later(signal: AbortSignal | undefined, missing: () => number): Promise<Round<J>> {
    const none: Round<J> = { jobs: [], count: 0 };
    for (;;) {
      if (signal?.aborted) return none;
      this.read();
      const jobs = this.jobs();
      const first = jobs.next();
      if (!first.done) return { jobs: before(first.value, jobs), count: Math.max(1, missing()) };
      if (this.of.chunks()[Symbol.iterator]().next().done) return none;
      missing();
      await this.claims.wait(signal);
    }
  }

  private read(): void {
    this.claims.news((record, where) => this.of.news(record, where));
    this.of.failed(this.claims.failures().keys());
  }

  private count(job: J, by: number): void {
    this.open.get(this.of.chunkOf(job))!.out += by;
    this.claims.working((this.inWork += by));
  }

  private close(name: string): void {
    const state = this.open.get(name);
    if (!state?.all || state.out > 0) return;
    this.open.delete(name);
    this.claims.release(name);
  }
}

function* before<J>(first: J, rest: Iterable<J>): Generator<J> {
  yield first;
  yield* rest;
}
