/**
 * Signal and noise patches with feature noise (Tang, Zhang, Cao, Zou 2025, Definition 3.1): the true label times the
 * signal mu e_1 in one patch; in the other noise less featureNoise times that signal. There the noise is sparse: s random
 * coordinates of those beside e_1 (`noise: sparse`, `projected`).
 *
 * Filters are shared over patches, so which patch carries the signal does not matter; the signal is put first.
 */
import type { StreamKey } from '../core/random.ts';
import { drawLabels } from './labels.ts';
import { drawNoise, rowProduct } from './noise.ts';
import type { Sample } from './sample.ts';
import type { SignalNoiseParameters } from './signal-noise.ts';

export interface FeatureNoiseParameters extends SignalNoiseParameters {
  /** alpha >= 0: the noise patch carries -alpha times the signal patch */
  readonly featureNoise: number;
}

/** Draws a training sample. Anchor 0 is the signal, along axis 0 of the frame, anchor 1 + i the noise of sample i. */
export function drawFeatureNoise(parameters: FeatureNoiseParameters, key: StreamKey): Sample {
  const { n, d, mu, sigmaP, featureNoise: alpha } = parameters;
  const noise = drawNoise(parameters, sigmaP, 1, key);
  const { used } = noise;
  const vectors = new Float64Array((n + 1) * used);
  vectors[0] = mu;
  vectors.set(noise.rows, used);
  const { trueLabels, labels } = drawLabels(n, parameters, key, (i, j) => rowProduct(noise, i, j));
  // The signal patch is one term, the noise patch two.
  const start = new Int32Array(2 * n + 1);
  const anchor = new Int32Array(3 * n);
  const coefficient = new Float64Array(3 * n).fill(1);
  for (let i = 0; i < n; i++) {
    [start[2 * i + 1], start[2 * i + 2]] = [3 * i + 1, 3 * i + 3];
    anchor[3 * i + 1] = 1 + i;
    coefficient[3 * i] = trueLabels[i]!;
    coefficient[3 * i + 2] = -alpha * trueLabels[i]!;
  }
  return {
    n,
    frame: { ambient: d, used },
    anchors: n + 1,
    vectors,
    patches: { perSample: 2, start, anchor, coefficient },
    labels,
    trueLabels,
    fresh: {
      kind: 'law',
      atoms: [1, -1].map((label) => ({
        probability: 0.5,
        label,
        patches: [[[0, label] as const], [[0, -alpha * label] as const]],
      })),
      noisy: [{ patch: 1, ...noise.fresh }],
      ...noise.other,
      flip: parameters.flip,
    },
    roles: { signal: [0], noisy: [1], noise: Array.from({ length: n }, (_, i) => 1 + i) },
  };
}
