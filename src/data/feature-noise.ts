/**
 * Signal and noise patches with feature noise (Tang, Zhang, Cao, Zou 2025, Definition 3.1): the true label times the
 * signal mu e_1 in one patch; in the other noise less featureNoise times that signal. There the noise is sparse: s random
 * coordinates of those beside e_1 (`noise: sparse`, `projected`).
 *
 * Filters are shared over patches, so which patch carries the signal does not matter; the signal is put first.
 */
import type { StreamKey } from '../core/random.ts';
import { classShare } from './labels.ts';
import { lawOf, type Sample } from './sample.ts';
import { drawSignalNoise, type SignalNoiseParameters } from './signal-noise.ts';

export interface FeatureNoiseParameters extends SignalNoiseParameters {
  /** alpha >= 0: the noise patch carries -alpha times the signal patch */
  readonly featureNoise: number;
}

/** Draws a training sample: that of `drawSignalNoise`, whose noise patches have the signal as a second term. */
export function drawFeatureNoise(parameters: FeatureNoiseParameters, key: StreamKey): Sample {
  const { n, featureNoise: alpha, positive = 0.5 } = parameters;
  const sample = drawSignalNoise({ ...parameters, patches: 2, signals: 1 }, key);
  const { trueLabels } = sample;
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
    ...sample,
    patches: { perSample: 2, start, anchor, coefficient },
    fresh: {
      ...lawOf(sample),
      atoms: [1, -1].map((label) => ({
        probability: classShare(positive, label),
        label,
        patches: [[[0, label] as const], [[0, -alpha * label] as const]],
      })),
    },
  };
}
