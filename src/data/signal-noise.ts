/**
 * The signal-noise patch model of Kou, Chen, Chen, Gu (ICML 2023, section 3): two patches, the
 * true label times the signal mu e_1 in one and Gaussian noise in the other.
 *
 * Filters are shared over patches, so which patch carries the signal does not matter; the signal
 * is put first.
 */
import { gaussianRows } from '../core/kernel-random.ts';
import type { StreamKey } from '../core/random.ts';
import { drawLabels, type FlipParameters } from './labels.ts';
import { singleTermPatches, type Sample } from './sample.ts';

export interface SignalNoiseParameters extends FlipParameters {
  /** number of training points, >= 1 */
  readonly n: number;
  /** dimension of one patch, >= 2 */
  readonly d: number;
  /** norm of the signal, >= 0 */
  readonly mu: number;
  /** noise standard deviation per coordinate, >= 0 */
  readonly sigmaP: number;
  /** whether the noise is projected orthogonally to the signal; at mu = 0 the direction is e_1 */
  readonly projected: boolean;
  /** d-free: the vectors' law through Bartlett's decomposition; explicit: d coordinates each */
  readonly draw: 'd-free' | 'explicit';
}

/**
 * Draws a training sample.
 *
 * Anchor 0 is the signal, anchor 1 + i the noise of sample i. Axis 0 of the frame is e_1, the
 * signal's direction. The d-free draw adapts the other axes to the noises: row i has i normals and
 * then chi(d - 1 - i) (Bartlett 1933), and when d runs out the triangle is cut off, so d below n
 * needs no special case.
 */
export function drawSignalNoise(parameters: SignalNoiseParameters, key: StreamKey): Sample {
  const { n, d, mu, sigmaP, projected } = parameters;
  const used = parameters.draw === 'explicit' ? d : Math.min(d, 1 + n);
  const vectors = new Float64Array((n + 1) * used);
  vectors[0] = mu;
  const noise = gaussianRows({ rows: n, columns: used, ambient: d, first: parameters.draw === 'explicit' ? d : 1, scale: sigmaP, normals: 'data/noise', chis: 'data/chi' }, key);
  vectors.set(noise, used);
  // The coordinate along the signal is always drawn, so that projected and raw noise are paired.
  if (projected) for (let i = 0; i < n; i++) vectors[(1 + i) * used] = 0;
  const { trueLabels, labels } = drawLabels(n, parameters, key, (i, j) => {
    let sum = 0;
    for (let k = 0; k < used; k++) sum += vectors[(1 + i) * used + k]! * vectors[(1 + j) * used + k]!;
    return sum;
  });
  const anchor = new Int32Array(2 * n);
  const coefficient = new Float64Array(2 * n).fill(1);
  for (let i = 0; i < n; i++) {
    anchor[2 * i + 1] = 1 + i;
    coefficient[2 * i] = trueLabels[i]!;
  }
  return {
    n,
    frame: { ambient: d, used },
    anchors: n + 1,
    vectors,
    patches: singleTermPatches(2, anchor, coefficient),
    labels,
    trueLabels,
    fresh: {
      atoms: [1, -1].map((label) => ({ probability: 0.5, label, fixed: [[[0, label] as const]], offset: [] })),
      sigma: sigmaP,
      projectedAxes: projected ? [0] : [],
      flip: parameters.flip,
    },
    roles: { signal: [0], noise: Array.from({ length: n }, (_, i) => 1 + i) },
  };
}
