/**
 * XOR clusters: the signals +u and -u carry the label +1, +v and -v the label -1, so that no linear classifier beats
 * chance.
 *
 * Two patches (Meng, Zou, Cao, ICML 2024; as commonly cited: u = a + b, v = a - b with a and b orthogonal, noise
 * orthogonal to both) or one vector (Xu, Wang, Frei, Vardi, Hu, ICLR 2024: orthogonal u and v, isotropic noise).
 */
import { Stream, type StreamKey } from '../core/random.ts';
import { classShare, type FlipParameters } from './labels.ts';
import { labelsBeside } from './leaning-flips.ts';
import { drawNoise, type NoiseParameters } from './noise.ts';
import { singleTermPatches, type FreshAtom, type Sample } from './sample.ts';

export interface XorParameters extends FlipParameters, NoiseParameters {
  /** norm of u and of v, >= 0 */
  readonly mu: number;
  /** noise standard deviation per coordinate, >= 0 */
  readonly sigmaP: number;
  /** cosine of the angle between u and v, in [0, 1) */
  readonly cosine: number;
}

/**
 * Draws a training sample: the true label picks u or v, a fair coin its sign. Anchors 0 and 1 are u and v, in the plane
 * of the frame's first two axes; anchor 2 + i is the noise of sample i (two patches) or its whole input (one patch).
 *
 * @param patches 2: signal and noise apart; 1: their sum
 */
export function drawXor(parameters: XorParameters, patches: 1 | 2, key: StreamKey): Sample {
  const { n, mu, sigmaP, cosine, positive = 0.5 } = parameters;
  const noise = drawNoise(parameters, sigmaP, 2, key);
  const { used } = noise;
  const { trueLabels, labels, flips } = labelsBeside(parameters, noise, key);
  const signs = new Stream(key, 'data/clusters');
  const signal = Array.from(trueLabels, (y) => [y > 0 ? 0 : 1, signs.uniform() < 0.5 ? 1 : -1] as const);
  const vectors = new Float64Array((n + 2) * used);
  vectors[0] = mu;
  vectors[used] = mu * cosine;
  vectors[used + 1] = mu * Math.sqrt(1 - cosine * cosine);
  vectors.set(noise.rows, 2 * used);
  const own = Array.from({ length: n }, (_, i) => 2 + i);
  if (patches === 1) {
    signal.forEach(([k, c], i) => {
      for (let a = 0; a < 2; a++) vectors[(2 + i) * used + a]! += c * vectors[k * used + a]!;
    });
  }
  const atoms = [
    [0, 1],
    [0, -1],
    [1, 1],
    [1, -1],
  ].map(([k, c]): FreshAtom => {
    const term = [[k!, c!] as const];
    const label = k === 0 ? 1 : -1;
    return {
      probability: classShare(positive, label) / 2,
      label,
      patches: patches === 2 ? [term, []] : [term],
    };
  });
  return {
    n,
    frame: noise.frame,
    anchors: n + 2,
    vectors,
    patches:
      patches === 1
        ? singleTermPatches(
            1,
            own,
            own.map(() => 1),
          )
        : singleTermPatches(
            2,
            own.flatMap((k, i) => [signal[i]![0], k]),
            signal.flatMap(([, c]) => [c, 1]),
          ),
    labels,
    trueLabels,
    fresh: {
      kind: 'law',
      atoms,
      noisy: [{ patch: patches - 1, ...noise.fresh }],
      ...noise.other,
      ...flips,
    },
    roles: { signal: [0, 1], noisy: [patches - 1], noise: own, ...(patches === 1 && { carried: signal }) },
  };
}
