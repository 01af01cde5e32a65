/**
 * Stochastic gradient descent: some of the samples pull in each step. Their weights make the mean of the batch, or its
 * sum, of what the step size per sample makes of all: under the mean loss n over the size of the batch, under the sum
 * 1.
 */
import { Stream, type StreamKey } from '../../core/random.ts';
import { shuffle } from '../../core/shuffle.ts';
import type { Puller } from './puller.ts';

export interface BatchParameters {
  /** samples in all */
  readonly n: number;
  /** B: samples in a batch, an integer >= 1; at most n without replacement */
  readonly batch: number;
  /**
   * false: each epoch goes through the samples once, in an order of its own, and its last batch is the smaller one
   * where B does not divide n; true: B independent draws a step, a sample counting as often as it was drawn
   */
  readonly replacement: boolean;
  readonly reduction: 'mean' | 'sum';
}

/**
 * The samples of one batch after the other, towards the labels of another puller. Sums go through the samples in index
 * order: one batch of all is descent, bit for bit.
 *
 * @param key names the stream `train/batches`: without replacement n - 1 uniforms an epoch (Fisher, Yates), with it B a
 *   step
 */
export const inBatches = (
  { turned, redraws, largest, start }: Puller,
  asked: BatchParameters,
  key: StreamKey,
): Puller => ({
  turned,
  redraws: redraws || asked.replacement || asked.batch < asked.n,
  weighs: true,
  // One sample may be drawn every time.
  largest: largest * (asked.reduction === 'mean' ? asked.n : asked.replacement ? asked.batch : 1),
  start(labels) {
    const next = start(labels);
    const weights = new Float64Array(asked.n);
    const draw = (asked.replacement ? drawn : shuffled)(asked, weights, key);
    return () => {
      draw();
      return { labels: next().labels, weights };
    };
  },
});

function drawn({ n, batch, reduction }: BatchParameters, weights: Float64Array, key: StreamKey): () => void {
  const stream = new Stream(key, 'train/batches');
  const weight = reduction === 'mean' ? n / batch : 1;
  return () => {
    weights.fill(0);
    for (let b = 0; b < batch; b++) weights[stream.integer(n)]! += 1;
    if (weight !== 1) for (let i = 0; i < n; i++) weights[i]! *= weight;
  };
}

function shuffled({ n, batch, reduction }: BatchParameters, weights: Float64Array, key: StreamKey): () => void {
  const stream = new Stream(key, 'train/batches');
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let at = n;
  return () => {
    if (at >= n) {
      shuffle(order, stream);
      at = 0;
    }
    const end = Math.min(at + batch, n);
    weights.fill(0);
    const weight = reduction === 'mean' ? n / (end - at) : 1;
    for (; at < end; at++) weights[order[at]!] = weight;
  };
}
