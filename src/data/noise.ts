/**
 * The training noises: laws of mean 0 and covariance sigma^2 I, or sigma^2 diag(lambda) with a spectrum, with
 * coordinates along the signal removed where the model projects; of sparse noise the coordinates that are not 0 have
 * variance sigma^2.
 */
import { gaussianRows } from '../core/kernel-random.ts';
import { COORDINATE_LAWS, hasOwnCoordinates, subsetsOf, tScale, type NoiseLaw } from '../core/noise-laws.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import type { SpectrumParameters } from '../core/spectrum.ts';
import type { FreshLaw, NoisyPatch, OrthonormalFrame } from './sample.ts';
import { spectralRows } from './spectral-noise.ts';

/** The law of the training noises. */
export interface NoiseParameters extends Partial<SpectrumParameters> {
  /** number of vectors, >= 1 */
  readonly n: number;
  /** dimension, > the number of signal axes */
  readonly d: number;
  /**
   * gaussian; student-t: multivariate, one random scale a vector (Xu and Gu allow dependent coordinates); rademacher,
   * uniform: independent coordinates, explicit vectors only; sparse: Gaussian on a uniform support, explicit vectors
   * only
   */
  readonly noise: NoiseLaw;
  /** s of sparse noise: coordinates that are not 0, at most those that are not projected away */
  readonly sparsity?: number;
  /** degrees of freedom of student-t: integer > 2 */
  readonly nu: number;
  /** whether the noise is projected orthogonally to the signals */
  readonly projected: boolean;
  /** d-free: the vectors' law through Bartlett's decomposition; explicit: d coordinates each */
  readonly draw: 'd-free' | 'explicit';
}

/** The noises of a training sample, and what is known of a fresh one. */
export interface Noise {
  /** frame axes in use, the signals' first */
  readonly used: number;
  /** where they live */
  readonly frame: OrthonormalFrame;
  /** n x used */
  readonly rows: Float64Array;
  /** of a fresh point */
  readonly fresh: Omit<NoisyPatch, 'patch'>;
  /** its law, where it is not Gaussian */
  readonly other: Pick<FreshLaw, 'noise'>;
}

/**
 * Draws the noises of a sample in a frame whose first `signalAxes` axes span the signals. The d-free draw adapts the
 * other axes to the noises: row i has i normals there and then chi(d - signalAxes - i) (Bartlett 1933), and when d runs
 * out the triangle is cut off, so d below n needs no special case. With a spectrum each group of equal eigenvalues has
 * such a triangle of its own (spectral-noise.ts).
 *
 * @param sigma standard deviation of one coordinate, >= 0
 * @throws RangeError for independent coordinates that are not Gaussian in a frame adapted to the vectors: their law is
 *   not rotation invariant
 */
export function drawNoise(parameters: NoiseParameters, sigma: number, signalAxes: number, key: StreamKey): Noise {
  const { n, d, noise, nu, projected } = parameters;
  const explicit = parameters.draw === 'explicit';
  const { spectrum = 'flat' } = parameters;
  const shaped = spectrum === 'flat' ? undefined : spectralRows({ ...parameters, spectrum }, sigma, signalAxes, key);
  const used = shaped?.used ?? (explicit ? d : Math.min(d, signalAxes + n));
  const frame = { ambient: d, used, ...(shaped && { parts: shaped.spectrum.parts }) };
  const projectedAxes = projected ? Array.from({ length: signalAxes }, (_, k) => k) : [];
  const told: Pick<Noise, 'fresh' | 'other'> = {
    fresh: { sigma, projectedAxes, ...(shaped && { spectrum: shaped.spectrum }) },
    other:
      noise === 'gaussian'
        ? {}
        : { noise: { law: noise, nu, ...(noise === 'sparse' && { sparsity: supportOf(parameters) }) } },
  };
  let rows: Float64Array;
  if (!hasOwnCoordinates(noise)) {
    rows =
      shaped?.rows ??
      gaussianRows(
        {
          rows: n,
          columns: used,
          ambient: d,
          first: explicit ? d : signalAxes,
          scale: sigma,
          normals: 'data/noise',
          chis: 'data/chi',
        },
        key,
      );
    if (noise === 'student-t') {
      for (let i = 0; i < n; i++) {
        const factor = tScale(nu, new Stream(key, 'data/scale', i));
        for (let k = 0; k < used; k++) rows[i * used + k]! *= factor;
      }
    }
  } else {
    if (!explicit) throw new RangeError(`${noise} noise needs explicit vectors`);
    if (shaped) throw new RangeError(`${noise} noise has no spectrum`);
    rows = new Float64Array(n * d);
    if (noise === 'sparse') {
      const axes = Array.from({ length: d }, (_, k) => k).slice(projected ? signalAxes : 0);
      const support = subsetsOf(axes, supportOf(parameters));
      // a choice of coordinates, as one of rows is
      const supports = new Stream(key, 'data/rows');
      for (let i = 0; i < n; i++) {
        const stream = new Stream(key, 'data/noise', i);
        for (const k of support(supports)) rows[i * d + k] = sigma * stream.normal();
      }
      return { used, frame, rows, ...told };
    }
    const coordinate = COORDINATE_LAWS[noise];
    for (let i = 0; i < n; i++) {
      const stream = new Stream(key, 'data/noise', i);
      for (let k = 0; k < d; k++) rows[i * d + k] = sigma * coordinate(stream);
    }
  }
  // The coordinates along the signals are always drawn, so that projected and raw noise are paired.
  for (let i = 0; i < n; i++) for (const k of projectedAxes) rows[i * used + k] = 0;
  return { used, frame, rows, ...told };
}

/** s, which sparse noise has. @throws RangeError where it is absent */
function supportOf({ sparsity }: Pick<NoiseParameters, 'sparsity'>): number {
  if (sparsity === undefined) throw new RangeError('sparse noise needs a sparsity');
  return sparsity;
}

/** Inner product of rows i and j, n x used. */
export function rowProduct({ rows, used }: Pick<Noise, 'rows' | 'used'>, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < used; k++) sum += rows[i * used + k]! * rows[j * used + k]!;
  return sum;
}
