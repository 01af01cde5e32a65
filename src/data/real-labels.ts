/**
 * Real labels: a training point's observed label is y + sigma_y eps, y its true label and eps standard normal,
 * independent of all else. As y² = 1, its squared loss (y + sigma_y eps - f)² is (t - y f)² with the target
 * t = 1 + sigma_y y eps, and y eps is standard normal as well.
 */
import { Stream, type StreamKey } from '../core/random.ts';
import { lawOf, type Sample } from './sample.ts';

/**
 * The sample with real labels, of which one with a law of fresh points; the sample itself at sigma_y = 0.
 *
 * @param sigmaY standard deviation of a label about the true one, >= 0
 * @param key names the stream `data/targets`
 */
export function withRealLabels(sample: Sample, sigmaY: number, key: StreamKey): Sample {
  if (sigmaY === 0) return sample;
  const stream = new Stream(key, 'data/targets');
  const targets = Float64Array.from({ length: sample.n }, () => 1 + sigmaY * stream.normal());
  return { ...sample, targets, fresh: { ...lawOf(sample), labelDeviation: sigmaY } };
}
