/**
 * Label-noise gradient descent: at each step every label in the loss derivative is turned with the same small
 * probability, anew and on its own (Huang, Han, Song, Chen, Wu, Zou, Suzuki 2025; the binary multiplier of their main
 * algorithm).
 */
import { Stream, type StreamKey } from '../core/random.ts';

export interface LabelNoise {
  /** of a turn, in (0, 1/2) */
  readonly probability: number;
  /** names the stream `train/labels` */
  readonly key: StreamKey;
}

/**
 * The labels that one step sees, from call to call: the same array every time, of the length of `labels`. One uniform a
 * sample and step, samples in order, so that the draws depend on no engine.
 */
export function stepLabels(labels: Float64Array, noise: LabelNoise | undefined): () => Float64Array {
  if (!noise) return () => labels;
  const { probability, key } = noise;
  const stream = new Stream(key, 'train/labels');
  const seen = labels.slice();
  return () => {
    for (let i = 0; i < seen.length; i++) seen[i] = stream.uniform() < probability ? -labels[i]! : labels[i]!;
    return seen;
  };
}
