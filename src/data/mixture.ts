/**
 * Mixtures of two clusters without patches: x = y mu + xi, y the true label.
 *
 * Xu and Gu (AISTATS 2023, section 3) and Frei, Chatterji, Bartlett (COLT 2022): isotropic noise, not projected.
 * Karhadkar et al. (NeurIPS 2024, definition 2.1): x = sqrt(gamma) y v + sqrt(1 - gamma) n with n ~ N(0, (I - vv')/d),
 * so that |x| is about 1.
 */
import type { StreamKey } from '../core/random.ts';
import { classShare, type FlipParameters } from './labels.ts';
import { labelsBeside } from './leaning-flips.ts';
import { drawNoise, type NoiseParameters } from './noise.ts';
import { singleTermPatches, type Sample } from './sample.ts';

export interface MixtureParameters extends FlipParameters, NoiseParameters {
  /** norm of the signal, >= 0; at 0 its direction is e_1 all the same */
  readonly mu: number;
  /** noise standard deviation per coordinate, >= 0 */
  readonly sigmaP: number;
}

/**
 * Draws a training sample. Anchor 0 is the signal, along axis 0 of the frame; anchor 1 + i is the whole input x_i, so
 * that a patch has one term and the weights move in the span of the inputs alone.
 */
export function drawMixture(parameters: MixtureParameters, key: StreamKey): Sample {
  const { n, mu, sigmaP, positive = 0.5 } = parameters;
  const noise = drawNoise(parameters, sigmaP, 1, key);
  const { used } = noise;
  const { trueLabels, labels, flips } = labelsBeside(parameters, noise, key);
  const vectors = new Float64Array((n + 1) * used);
  vectors[0] = mu;
  vectors.set(noise.rows, used);
  for (let i = 0; i < n; i++) vectors[(1 + i) * used]! += trueLabels[i]! * mu;
  const inputs = Array.from({ length: n }, (_, i) => 1 + i);
  return {
    n,
    frame: noise.frame,
    anchors: n + 1,
    vectors,
    patches: singleTermPatches(
      1,
      inputs,
      inputs.map(() => 1),
    ),
    labels,
    trueLabels,
    fresh: {
      kind: 'law',
      atoms: [1, -1].map((label) => ({
        probability: classShare(positive, label),
        label,
        patches: [[[0, label] as const]],
      })),
      noisy: [{ patch: 0, ...noise.fresh }],
      ...noise.other,
      ...flips,
    },
    roles: { signal: [0], noisy: [0], noise: inputs, carried: Array.from(trueLabels, (y) => [0, y] as const) },
  };
}

export interface UnitNormMixtureParameters extends FlipParameters, NoiseParameters {
  /** gamma, the share of the signal in the squared norm of an input: in [0, 1) */
  readonly share: number;
}

/**
 * The mixture of Karhadkar et al., whose inputs have a norm of about 1: mu = sqrt(gamma), sigma_p = sqrt((1 -
 * gamma)/d).
 */
export function drawUnitNormMixture(parameters: UnitNormMixtureParameters, key: StreamKey): Sample {
  const { share, d } = parameters;
  return drawMixture({ ...parameters, mu: Math.sqrt(share), sigmaP: Math.sqrt((1 - share) / d) }, key);
}
