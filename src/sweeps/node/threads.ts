/** A pool of threads. */
import { Piscina } from 'piscina';
import { offered } from '../../data/content.ts';
import type { LabelledPoints } from '../../data/readers/labelled.ts';
import { messages, UserError } from '../../errors.ts';
import { declared } from '../../experiments/own.ts';
import type { Crew, Done, Pool, Watched } from '../pool.ts';
import { mostSteps, type Batch } from '../work.ts';
import type { KeepIn } from './keep.ts';

/** Milliseconds after which a run is said to be in work before its first step. */
const PATIENCE = 2000;
/** Milliseconds for what is in work when the signal comes: a batch takes 60, unless its runs are long. */
const GRACE = 10_000;

/** How a pool of threads goes about it. */
export interface ThreadOptions {
  /** milliseconds for what is in work when the signal comes, >= 0; default 10,000 */
  readonly grace?: number;
  /** where states of long runs are kept, and the arrays that a spec asks for; without it neither is kept */
  readonly keep?: KeepIn;
}

/**
 * A pool of threads of this process, in Node.
 *
 * @param count how many, >= 1
 * @param module address of the module whose lab has parts of one's own: each thread imports it before its first run
 * @throws UserError for a module that is no file: address
 */
export function threads(count: number, module?: URL | string, { grace = GRACE, keep }: ThreadOptions = {}): Pool {
  const address = module === undefined ? undefined : addressOf(module);
  return {
    workers: count,
    ownParts: address !== undefined,
    keepsArrays: keep !== undefined,
    start: (workers, watched) => new Threads(workers, watched, grace, address, keep),
  };
}

function addressOf(module: URL | string): string {
  const text = String(module);
  if (!text.startsWith('file:')) throw new UserError(messages.poolModule(text));
  return text;
}

/** What a thread knows from the start: parts of one's own, and the data sets of the caller's thread. */
export interface Known {
  readonly parts?: {
    readonly module: string;
    /** of the caller's thread: his parts, as he declares them */
    readonly declared: ReadonlyMap<string, string>;
  };
  /** by content; numbers in shared memory are not copied */
  readonly data: ReadonlyMap<string, LabelledPoints>;
}

/** What a thread is given. */
export interface Handed {
  readonly batch: Batch;
  readonly lane: number;
  /**
   * shared, one number a lane: where the steps of the run in work are told at `lane`; behind them 1 when it is to end
   */
  readonly steps: Float64Array;
  readonly keep?: KeepIn | undefined;
}

/** A thread that has not the caller's parts: why, in a sentence. */
export interface Refused {
  readonly refused: string;
}

/** Two lanes a thread: one batch in work and one that waits. */
class Threads implements Crew {
  readonly lanes: number;
  private readonly pool: Piscina;
  private readonly steps: Float64Array;
  private readonly keep: KeepIn | undefined;
  private readonly caps: number[] = [];
  /** when each lane began what it has in work; 0 where it has nothing */
  private readonly since: number[] = [];
  private readonly watch: NodeJS.Timeout;
  private readonly signal: AbortSignal | undefined;
  /** ends what is in work */
  private readonly drop = new AbortController();
  private readonly stop: () => void;
  private grace: NodeJS.Timeout | undefined;

  constructor(workers: number, { signal, working }: Watched, grace: number, module?: string, keep?: KeepIn) {
    this.lanes = 2 * workers;
    this.signal = signal;
    this.keep = keep;
    this.stop = () => {
      this.steps[this.lanes] = 1;
      this.grace = setTimeout(() => this.drop.abort(), grace);
    };
    signal?.addEventListener('abort', this.stop);
    this.steps = new Float64Array(new SharedArrayBuffer(8 * (this.lanes + 1)));
    this.pool = new Piscina({
      // The ending of this file's own name: .ts under a loader, .js once built.
      filename: new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href,
      minThreads: workers,
      maxThreads: workers,
      workerData: {
        ...(module !== undefined && { parts: { module, declared: declared() } }),
        data: offered(),
      } satisfies Known,
    });
    this.watch = setInterval(() => {
      const most = this.steps
        .subarray(0, this.lanes)
        .reduce((best, step, lane) => (step > this.steps[best]! ? lane : best), 0);
      if (this.steps[most]! > 0) return working?.(this.steps[most]!, this.caps[most] ?? 0);
      const waits = this.since.findIndex((since) => since > 0 && performance.now() - since > PATIENCE);
      if (waits >= 0) working?.(0, this.caps[waits]!);
    }, 1000);
    this.watch.unref();
  }

  async run(batch: Batch, lane: number): Promise<Done> {
    this.caps[lane] = mostSteps(batch);
    this.since[lane] = performance.now();
    const handed: Handed = { batch, lane, steps: this.steps, keep: this.keep };
    try {
      const done = (await this.pool.run(handed, { signal: this.drop.signal })) as Done | Refused;
      if ('refused' in done) throw new UserError(done.refused);
      return done;
    } finally {
      this.since[lane] = 0;
    }
  }

  async end(): Promise<void> {
    clearInterval(this.watch);
    clearTimeout(this.grace);
    this.signal?.removeEventListener('abort', this.stop);
    await this.pool.destroy();
  }
}
