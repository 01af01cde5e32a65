/**
 * Label-noise gradient descent (Huang, Han, Song, Chen, Wu, Zou, Suzuki 2025): at each step every label in the loss is
 * multiplied by a random factor, anew and on its own. The factor is inside the loss, l(eps y f), so that the pull is
 * eps y l'(eps y f). Their main algorithm's factors are -1 with a small probability and else 1; their appendix G.3 has
 * Gaussian and uniform ones.
 */
import { Stream, type StreamKey } from '../../core/random.ts';
import type { Puller } from './puller.ts';

/**
 * Every sample, towards labels with factors of one law. The draws of a step go through the samples in order, whoever
 * pulls of them, so that they depend on no engine and no batch.
 *
 * @param draw one factor
 * @param turned probability of the factor -1 where it is -1 or 1, else NaN
 * @param key names the stream `train/labels`
 */
const withFactors = (
  draw: (stream: Stream) => number,
  { turned, largest }: Pick<Puller, 'turned' | 'largest'>,
  key: StreamKey,
): Puller => ({
  turned,
  redraws: true,
  weighs: false,
  largest: Math.max(1, largest),
  start(labels) {
    const stream = new Stream(key, 'train/labels');
    const pull = { labels: labels.slice() };
    return () => {
      for (let i = 0; i < labels.length; i++) pull.labels[i] = draw(stream) * labels[i]!;
      return pull;
    };
  },
});

/** Factors -1 with a probability in (0, 1/2), else 1. */
export const turnedLabels = (probability: number, key: StreamKey): Puller =>
  withFactors((stream) => (stream.uniform() < probability ? -1 : 1), { turned: probability, largest: 1 }, key);

/** No normal number of a stream is farther from 0: the ziggurat's tail takes logarithms of numbers >= 2^-53. */
const FARTHEST = 40;

/** Factors from N(mean, sd^2). */
export const gaussianLabels = (mean: number, sd: number, key: StreamKey): Puller =>
  withFactors((stream) => mean + sd * stream.normal(), { turned: NaN, largest: Math.abs(mean) + FARTHEST * sd }, key);

/** Factors from the uniform law on [low, high]. */
export const uniformLabels = (low: number, high: number, key: StreamKey): Puller =>
  withFactors(
    (stream) => low + (high - low) * stream.uniform(),
    { turned: NaN, largest: Math.max(Math.abs(low), Math.abs(high)) },
    key,
  );
