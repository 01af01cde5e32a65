/**
 * A pool of module workers that outlive the work: a page hands out a new sweep with every move of a knob, and to start a
 * worker takes longer than many a sweep. One that dies is replaced, and what it had in work is made again.
 */
import { compiled } from '../../core/kernel.ts';
import { offered } from '../../data/content.ts';
import { messages, UserError } from '../../errors.ts';
import type { Crew, Done, Pool, Watched } from '../pool.ts';
import { mostSteps, type Batch } from '../work.ts';
import type { Word } from './serve.ts';
import type { ModuleWorker } from './workers.ts';

/** A batch that brings down so many workers, one after the other, is not tried again. */
const MOST_DEATHS = 3;
/** Milliseconds that a worker may take to end a batch that nobody wants any more. */
const GRACE = 300;
/** Milliseconds in which a new worker must say something: browsers fail to start one, now and then, without an error. */
const SILENT = 30_000;

export interface KeptOptions {
  /** told of a worker that died and was replaced */
  readonly died?: (why: string) => void;
  /** one of worker.ts */
  readonly make: () => ModuleWorker;
}

interface UnderWay {
  readonly batch: Batch;
  readonly watched: Watched;
  readonly resolve: (done: Done) => void;
  readonly reject: (error: unknown) => void;
  deaths: number;
}

/** One worker and what it has in work, which is one batch at most. */
class Place {
  private worker: ModuleWorker | undefined;
  private contents = 0;
  private now: UnderWay | undefined;
  private readonly waiting: UnderWay[] = [];
  private readonly options: KeptOptions;

  constructor(options: KeptOptions) {
    this.options = options;
  }

  run(batch: Batch, watched: Watched): Promise<Done> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ batch, watched, resolve, reject, deaths: 0 });
      this.next();
    });
  }

  /** What the signal ended: what waits is dropped, what is in work has a moment left. */
  drop(watched: Watched): void {
    const why = watched.signal?.reason;
    for (const one of this.waiting.splice(0)) {
      if (one.watched === watched) one.reject(why);
      else this.waiting.push(one);
    }
    const { now } = this;
    if (now?.watched !== watched) return;
    now.reject(why);
    setTimeout(() => {
      if (this.now === now) this.replace();
    }, GRACE);
  }

  end(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }

  private next(): void {
    if (this.now) return;
    const next = this.waiting.shift();
    if (!next) return;
    this.now = next;
    const data = offered();
    // Data sets that came since.
    const more = data.size > this.contents || !this.worker;
    this.worker ??= this.hire();
    this.contents = data.size;
    this.worker.postMessage({ lane: 0, batch: next.batch, ...(more && { data, kernel: compiled() }) });
  }

  private hire(): ModuleWorker {
    const worker = this.options.make();
    const alarm = setTimeout(() => this.worker === worker && this.bury(messages.workerSilent(SILENT / 1000)), SILENT);
    worker.addEventListener('message', ({ data }) => {
      clearTimeout(alarm);
      // One that was replaced may have said something before: it is no answer to what is in work now.
      if (this.worker === worker) this.hear(data);
    });
    worker.addEventListener('error', (event) => {
      // Else it would be an error of the worker that has hired this one too, and end it.
      event.preventDefault?.();
      clearTimeout(alarm);
      if (this.worker === worker) this.bury(event.message ?? '');
    });
    return worker;
  }

  private hear(word: Word): void {
    const { now } = this;
    if (!now) return;
    if ('step' in word) return now.watched.working?.(word.step, mostSteps(now.batch));
    this.now = undefined;
    now.resolve(word.done);
    this.next();
  }

  private bury(why: string): void {
    const { now } = this;
    this.options.died?.(why);
    if (now && ++now.deaths < MOST_DEATHS) this.waiting.unshift(now);
    else now?.reject(new UserError(messages.workerEnded(why)));
    this.replace();
  }

  private replace(): void {
    this.end();
    this.now = undefined;
    this.next();
  }
}

/**
 * @param count of workers, >= 1
 * @returns the pool, and what ends its workers
 */
export function keptWorkers(count: number, options: KeptOptions): Pool & { end(): void } {
  const places = Array.from({ length: count }, () => new Place(options));
  return {
    workers: count,
    start: (most, watched) => crewOf(places.slice(0, most), watched),
    end: () => places.forEach((place) => place.end()),
  };
}

/** Two lanes a worker: one batch in work and one that waits. */
function crewOf(places: readonly Place[], watched: Watched): Crew {
  const { signal } = watched;
  const drop = (): void => places.forEach((place) => place.drop(watched));
  signal?.addEventListener('abort', drop);
  return {
    lanes: 2 * places.length,
    run(batch, lane) {
      if (signal?.aborted) return Promise.reject(signal.reason as Error);
      return places[lane % places.length]!.run(batch, watched);
    },
    async end() {
      signal?.removeEventListener('abort', drop);
    },
  };
}
