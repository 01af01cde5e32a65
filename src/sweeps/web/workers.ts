/** A pool of a page's module workers. */
import { compiled } from '../../core/kernel.ts';
import { offered } from '../../data/content.ts';
import { messages, UserError } from '../../errors.ts';
import type { Crew, Done, Pool, Watched } from '../pool.ts';
import { mostSteps, type Batch } from '../work.ts';
import type { Order, Word } from './serve.ts';

/** A worker, as far as it is used here. */
export interface ModuleWorker {
  postMessage(order: Order): void;
  terminate(): void;
  addEventListener(kind: 'message', hear: (event: { readonly data: Word }) => void): void;
  addEventListener(kind: 'error', hear: (event: { readonly message?: string; preventDefault?(): void }) => void): void;
}

declare const Worker: new (script: URL, options: { readonly type: 'module' }) => ModuleWorker;

/** One of worker.ts. */
export const moduleWorker = (): ModuleWorker => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });

/**
 * @param count of workers, >= 1
 * @param make one; a page whose scripts lie elsewhere says how
 */
export const workers = (count: number, make = moduleWorker): Pool => ({
  workers: count,
  start: (most, watched) => new Workers(Array.from({ length: most }, make), watched),
});

interface UnderWay {
  readonly cap: number;
  readonly resolve: (done: Done) => void;
  readonly reject: (error: unknown) => void;
}

/** Two lanes a worker: one batch in work and one that waits. */
class Workers implements Crew {
  readonly lanes: number;
  private readonly all: readonly ModuleWorker[];
  private readonly underWay = new Map<number, UnderWay>();
  /** those that have the page's data sets */
  private readonly given = new Set<ModuleWorker>();
  /** why nothing can be done any more */
  private over: unknown;
  private readonly signal: AbortSignal | undefined;
  private readonly working: Watched['working'];

  constructor(all: readonly ModuleWorker[], { signal, working }: Watched) {
    this.lanes = 2 * all.length;
    this.all = all;
    this.signal = signal;
    this.working = working;
    for (const worker of all) {
      worker.addEventListener('message', ({ data }) => this.hear(data));
      worker.addEventListener('error', ({ message }) => this.stop(new UserError(messages.workerEnded(message ?? ''))));
    }
    signal?.addEventListener('abort', this.abort);
  }

  private readonly abort = (): void => this.stop(this.signal?.reason);

  run(batch: Batch, lane: number): Promise<Done> {
    return new Promise((resolve, reject) => {
      if (this.over !== undefined) return reject(this.over);
      this.underWay.set(lane, { cap: mostSteps(batch), resolve, reject });
      const worker = this.all[lane % this.all.length]!;
      worker.postMessage({ lane, batch, ...(!this.given.has(worker) && { data: offered(), kernel: compiled() }) });
      this.given.add(worker);
    });
  }

  private hear(word: Word): void {
    const one = this.underWay.get(word.lane);
    if (!one) return;
    if ('step' in word) return this.working?.(word.step, one.cap);
    this.underWay.delete(word.lane);
    one.resolve(word.done);
  }

  /** A dead worker answers nothing: what is under way fails, and all that comes. */
  private stop(why: unknown): void {
    this.over ??= why;
    for (const worker of this.all) worker.terminate();
    for (const { reject } of this.underWay.values()) reject(this.over);
    this.underWay.clear();
  }

  async end(): Promise<void> {
    this.signal?.removeEventListener('abort', this.abort);
    this.stop(new Error('the pool has ended'));
  }
}
