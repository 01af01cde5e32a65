/**
 * The signal-noise patch model of Kou, Chen, Chen, Gu (ICML 2023, section 3): two patches, the
 * true label times the signal mu e_1 in one and Gaussian noise in the other.
 *
 * Filters are shared over patches, so which patch carries the signal does not matter; the signal
 * is put first.
 */
import type { StreamKey } from '../core/random.ts';
import type { FlipParameters } from './labels.ts';
import { labelsBeside } from './leaning-flips.ts';
import { drawNoise, type NoiseParameters } from './noise.ts';
import { singleTermPatches, type Sample } from './sample.ts';

/** The signal-noise model's numbers. */
export interface SignalNoiseParameters extends FlipParameters, NoiseParameters {
  /** norm of the signal, >= 0; at 0 its direction is e_1 all the same */
  readonly mu: number;
  /** noise standard deviation per coordinate, >= 0 */
  readonly sigmaP: number;
}

/** Draws a training sample. Anchor 0 is the signal, along axis 0 of the frame, anchor 1 + i the noise of sample i. */
export function drawSignalNoise(parameters: SignalNoiseParameters, key: StreamKey): Sample {
  const { n, mu, sigmaP } = parameters;
  const noise = drawNoise(parameters, sigmaP, 1, key);
  const { used } = noise;
  const vectors = new Float64Array((n + 1) * used);
  vectors[0] = mu;
  vectors.set(noise.rows, used);
  const { trueLabels, labels, flips } = labelsBeside(parameters, noise, key);
  const anchor = new Int32Array(2 * n);
  const coefficient = new Float64Array(2 * n).fill(1);
  for (let i = 0; i < n; i++) {
    anchor[2 * i + 1] = 1 + i;
    coefficient[2 * i] = trueLabels[i]!;
  }
  return {
    n,
    frame: noise.frame,
    anchors: n + 1,
    vectors,
    patches: singleTermPatches(2, anchor, coefficient),
    labels,
    trueLabels,
    fresh: {
      kind: 'law',
      atoms: [1, -1].map((label) => ({ probability: 0.5, label, patches: [[[0, label] as const], []] })),
      noisy: [{ patch: 1, ...noise.fresh }],
      ...noise.other,
      ...flips,
    },
    roles: { signal: [0], noisy: [1], noise: Array.from({ length: n }, (_, i) => 1 + i) },
  };
}
