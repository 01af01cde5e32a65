/** Worker threads that say how far the longest run in work is. */
import { Piscina } from 'piscina';

export interface Watched {
  readonly signal?: AbortSignal | undefined;
  /** once a second: the steps of the run in work that has made most, and its cap */
  readonly working?: ((step: number, most: number) => void) | undefined;
}

/** Milliseconds after which a run is said to be in work before its first step. */
const PATIENCE = 2000;

/** Two lanes a worker: one batch in work and one that waits. */
export class Crew {
  readonly lanes: number;
  private readonly pool: Piscina;
  private readonly steps: Float64Array;
  private readonly caps: number[] = [];
  /** when each lane began what it has in work; 0 where it has nothing */
  private readonly since: number[] = [];
  private readonly watch: NodeJS.Timeout;
  private readonly signal: AbortSignal | undefined;

  constructor(workers: number, { signal, working }: Watched) {
    this.lanes = 2 * workers;
    this.signal = signal;
    this.steps = new Float64Array(new SharedArrayBuffer(8 * this.lanes));
    this.pool = new Piscina({
      // The ending of this file's own name: .ts under a loader, .js once built.
      filename: new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href,
      minThreads: workers,
      maxThreads: workers,
    });
    this.watch = setInterval(() => {
      const most = this.steps.reduce((best, step, lane) => (step > this.steps[best]! ? lane : best), 0);
      if (this.steps[most]! > 0) return working?.(this.steps[most]!, this.caps[most] ?? 0);
      const waits = this.since.findIndex((since) => since > 0 && performance.now() - since > PATIENCE);
      if (waits >= 0) working?.(0, this.caps[waits]!);
    }, 1000);
    this.watch.unref();
  }

  /** Hands a batch to a thread. @param what the worker's function @param cap steps of its longest run */
  async run<O>(what: 'runs' | 'blocks', batch: object, lane: number, cap: number): Promise<O> {
    this.caps[lane] = cap;
    this.since[lane] = performance.now();
    try {
      return (await this.pool.run(
        { ...batch, steps: this.steps, lane },
        { name: what, ...(this.signal && { signal: this.signal }) },
      )) as O;
    } finally {
      this.since[lane] = 0;
    }
  }

  async end(): Promise<void> {
    clearInterval(this.watch);
    await this.pool.destroy();
  }
}
