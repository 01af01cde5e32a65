/**
 * The n x d matrix N of the training noises: its singular values, and the interpolators that Karhadkar et al. 2024
 * build from it.
 */
import { productTransposed } from '../core/kernel-algebra.ts';
import { dotRows, solvePositiveDefinite, symmetricEigenvalues } from '../core/linear-algebra.ts';
import { lawOf, noiseRows, rolesOf, type Sample } from '../data/sample.ts';
import { fieldsOf, oncePerRun, type RunContext } from './observable.ts';

export interface NoiseMatrix {
  /**
   * least and largest of the n singular values of N over sigma_p d^{1/2}: near 1 -+ (n/d)^{1/2} (Lemma 4.1); the least
   * is 0 where d < n
   */
  readonly noiseSingularMin: number;
  readonly noiseSingularMax: number;
  /**
   * norm of mu/|mu|^2 + 2 N^+ u, u_i = y_i on the flipped samples and 0 elsewhere (Lemma B.3), and of N^+ y (Lemma
   * B.4). Both classify with every margin 1. NaN for more than one patch or signal, for noise that is not orthogonal to
   * the signal, and where the noises depend on each other
   */
  readonly interpolatorSignal: number;
  readonly interpolatorNoise: number;
}

/** Of a sample of n points with one noisy patch: O(n^3), by the eigenvalues of the Gram matrix of its noise vectors. */
export function noiseMatrix(sample: Sample): NoiseMatrix {
  const {
    n,
    frame: { used, ambient },
    labels,
    trueLabels,
    patches,
    vectors,
  } = sample;
  const roles = rolesOf(sample);
  const noise = noiseRows(sample);
  const gram = productTransposed(noise, n, noise, n, used);
  const eigenvalues = symmetricEigenvalues(gram, n);
  const { sigma, projectedAxes } = lawOf(sample).noisy[0]!;
  const unit = sigma * Math.sqrt(ambient);
  const singular = (square: number): number => Math.sqrt(Math.max(0, square)) / unit;
  const signal = roles.signal[0]! * used;
  const orthogonal = patches.perSample === 1 && roles.signal.length === 1 && projectedAxes.length > 0;
  /** |N^+ u|^2 */
  const squared = (u: Float64Array): number => dotRows(u, 0, solvePositiveDefinite(gram, n, u), 0, n);
  // Below this share of the largest eigenvalue the least one is rounding.
  const regular = eigenvalues[0]! > n * 2 ** -50 * eigenvalues[n - 1]!;
  const defined = orthogonal && regular;
  return {
    noiseSingularMin: singular(eigenvalues[0]!),
    noiseSingularMax: singular(eigenvalues[n - 1]!),
    interpolatorSignal: defined
      ? Math.sqrt(
          1 / dotRows(vectors, signal, vectors, signal, used) +
            4 * squared(labels.map((y, i) => (y === trueLabels[i] ? 0 : y))),
        )
      : NaN,
    interpolatorNoise: defined ? Math.sqrt(squared(labels)) : NaN,
  };
}

const noiseMatrixOf = oncePerRun(({ problem }: RunContext) => noiseMatrix(problem.sample));

export const NOISE_MATRIX = fieldsOf(
  ['noiseSingularMin', 'noiseSingularMax', 'interpolatorSignal', 'interpolatorNoise'],
  ['signal-role', 'fresh-law', 'one-noisy-patch'],
  ({ run }) => noiseMatrixOf(run),
);
