/** A pool of threads. */
import { Piscina } from 'piscina';
import type { Crew, Done, Pool, Watched } from '../pool.ts';
import { mostSteps, type Batch } from '../work.ts';

/** Milliseconds after which a run is said to be in work before its first step. */
const PATIENCE = 2000;

/**
 * A pool of threads of this process, in Node.
 *
 * @param count how many, >= 1
 * @param module address of the module whose lab has parts of one's own: each thread imports it before its first run
 */
export const threads = (count: number, module?: URL | string): Pool => ({
  workers: count,
  ownParts: module !== undefined,
  start: (workers, watched) => new Threads(workers, watched, module),
});

/** What a thread is given. */
export interface Handed {
  readonly batch: Batch;
  readonly lane: number;
  /** shared, one number a lane: where the steps of the run in work are told at `lane` */
  readonly steps: Float64Array;
}

/** Two lanes a thread: one batch in work and one that waits. */
class Threads implements Crew {
  readonly lanes: number;
  private readonly pool: Piscina;
  private readonly steps: Float64Array;
  private readonly caps: number[] = [];
  /** when each lane began what it has in work; 0 where it has nothing */
  private readonly since: number[] = [];
  private readonly watch: NodeJS.Timeout;
  private readonly signal: AbortSignal | undefined;

  constructor(workers: number, { signal, working }: Watched, module?: URL | string) {
    this.lanes = 2 * workers;
    this.signal = signal;
    this.steps = new Float64Array(new SharedArrayBuffer(8 * this.lanes));
    this.pool = new Piscina({
      // The ending of this file's own name: .ts under a loader, .js once built.
      filename: new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href,
      minThreads: workers,
      maxThreads: workers,
      ...(module !== undefined && { workerData: String(module) }),
    });
    this.watch = setInterval(() => {
      const most = this.steps.reduce((best, step, lane) => (step > this.steps[best]! ? lane : best), 0);
      if (this.steps[most]! > 0) return working?.(this.steps[most]!, this.caps[most] ?? 0);
      const waits = this.since.findIndex((since) => since > 0 && performance.now() - since > PATIENCE);
      if (waits >= 0) working?.(0, this.caps[waits]!);
    }, 1000);
    this.watch.unref();
  }

  async run(batch: Batch, lane: number): Promise<Done> {
    this.caps[lane] = mostSteps(batch);
    this.since[lane] = performance.now();
    const handed: Handed = { batch, lane, steps: this.steps };
    try {
      return (await this.pool.run(handed, this.signal && { signal: this.signal })) as Done;
    } finally {
      this.since[lane] = 0;
    }
  }

  async end(): Promise<void> {
    clearInterval(this.watch);
    await this.pool.destroy();
  }
}
