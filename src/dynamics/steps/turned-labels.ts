/**
 * Label-noise gradient descent: at each step every label in the loss derivative is turned with the same small
 * probability, anew and on its own (Huang, Han, Song, Chen, Wu, Zou, Suzuki 2025; the binary multiplier of their main
 * algorithm).
 */
import { Stream, type StreamKey } from '../../core/random.ts';
import type { Puller } from './puller.ts';

/**
 * Every sample, towards labels turned by noise. One uniform a sample and step, samples in order, so that the draws
 * depend on no engine.
 *
 * @param probability of a turn, in (0, 1/2)
 * @param key names the stream `train/labels`
 */
export const turnedLabels = (probability: number, key: StreamKey): Puller => ({
  turned: probability,
  redraws: true,
  start(labels) {
    const stream = new Stream(key, 'train/labels');
    const seen = labels.slice();
    return () => {
      for (let i = 0; i < seen.length; i++) seen[i] = stream.uniform() < probability ? -labels[i]! : labels[i]!;
      return seen;
    };
  },
});
