/**
 * The signal-noise patch model of Kou, Chen, Chen, Gu (ICML 2023, section 3): two patches, the
 * true label times the signal mu e_1 in one and Gaussian noise in the other. Two generalisations of ours: more patches,
 * each with a noise of its own, and more signals, of which a point shows one.
 *
 * Filters are shared over patches, so which patch carries the signal does not matter; the signal
 * is put first.
 */
import { Stream, type StreamKey } from '../core/random.ts';
import { classShare, type FlipParameters } from './labels.ts';
import { labelsBeside } from './leaning-flips.ts';
import { drawNoise, type NoiseParameters } from './noise.ts';
import { singleTermPatches, type Sample } from './sample.ts';

/** The signal-noise model's numbers. */
export interface SignalNoiseParameters extends FlipParameters, NoiseParameters {
  /** norm of each signal, >= 0; at 0 its direction is an axis all the same */
  readonly mu: number;
  /** noise standard deviation per coordinate, >= 0 */
  readonly sigmaP: number;
  /** P >= 2, patches of a point: one with the signal, the others with independent noises of one law; absent: 2 */
  readonly patches?: number;
  /** K >= 1, orthogonal signals, below d; a point shows one of them, each equally likely; absent: 1 */
  readonly signals?: number;
}

/**
 * Draws a training sample. Anchor k is the k-th signal, along axis k of the frame, anchor K + i (P - 1) + p the p-th
 * noise of sample i.
 */
export function drawSignalNoise(parameters: SignalNoiseParameters, key: StreamKey): Sample {
  const { n, mu, sigmaP, positive = 0.5, patches: P = 2, signals: K = 1 } = parameters;
  const each = P - 1;
  const noise = drawNoise({ ...parameters, n: n * each }, sigmaP, K, key);
  const { used } = noise;
  const anchors = K + n * each;
  const vectors = new Float64Array(anchors * used);
  for (let k = 0; k < K; k++) vectors[k * used + k] = mu;
  vectors.set(noise.rows, K * used);
  const { trueLabels, labels, flips } = labelsBeside(parameters, noise, key, each);
  const shown = new Stream(key, 'data/clusters');
  const anchor = new Int32Array(P * n);
  const coefficient = new Float64Array(P * n).fill(1);
  for (let i = 0; i < n; i++) {
    anchor[P * i] = K > 1 ? Math.floor(K * shown.uniform()) : 0;
    coefficient[P * i] = trueLabels[i]!;
    for (let p = 0; p < each; p++) anchor[P * i + 1 + p] = K + i * each + p;
  }
  const noisy = Array.from({ length: each }, (_, p) => 1 + p);
  const signals = Array.from({ length: K }, (_, k) => k);
  return {
    n,
    frame: noise.frame,
    anchors,
    vectors,
    patches: singleTermPatches(P, anchor, coefficient),
    labels,
    trueLabels,
    fresh: {
      kind: 'law',
      atoms: [1, -1].flatMap((label) =>
        signals.map((k) => ({
          probability: classShare(positive, label) / K,
          label,
          patches: [[[k, label] as const], ...noisy.map(() => [])],
        })),
      ),
      noisy: noisy.map((patch) => ({ patch, ...noise.fresh })),
      ...noise.other,
      ...flips,
    },
    roles: { signal: signals, noisy, noise: Array.from({ length: n * each }, (_, j) => K + j) },
  };
}
