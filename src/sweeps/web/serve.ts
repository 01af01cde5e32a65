/** What a page's worker does with the batches that come through a channel: the lines that they give go back. */
import { useCompiled } from '../../core/kernel.ts';
import { offer } from '../../data/content.ts';
import type { LabelledPoints } from '../../data/readers/labelled.ts';
import type { Done } from '../pool.ts';
import { work, type Batch } from '../work.ts';
import { everySecond } from './clock.ts';

/** What a worker is told. */
export interface Order {
  readonly lane: number;
  readonly batch: Batch;
  /** data sets of the page, by content: with a worker's first order */
  readonly data?: ReadonlyMap<string, LabelledPoints>;
  /** with a worker's first order: the kernel, which the page has compiled */
  readonly kernel?: object;
}

/** What it says: how far the run in work is, or what came of a batch. */
export type Word = { readonly lane: number } & ({ readonly step: number } | { readonly done: Done });

/** A worker's own channel, or a port that was handed to it. */
export interface Channel {
  postMessage(word: Word): void;
  addEventListener(kind: 'message', hear: (event: { readonly data: Order }) => void): void;
}

export function serve(channel: Channel): void {
  channel.addEventListener('message', ({ data: { lane, batch, data, kernel } }) => {
    if (kernel) useCompiled(kernel);
    for (const [content, points] of data ?? []) offer(points, content);
    const started = performance.now();
    const made = work(
      batch,
      everySecond((step) => channel.postMessage({ lane, step })),
    );
    channel.postMessage({ lane, done: { ...made, milliseconds: performance.now() - started } });
  });
}
