/**
 * Gaussian noises of covariance sigma^2 diag(lambda). Explicit vectors have a coordinate along each eigenvector. The
 * d-free draw has, in each group of equal eigenvalues, a triangle of its own (Bartlett 1933): inside a group the law is
 * rotation invariant, and groups are independent.
 */
import { freeIn, type FrameParts } from '../core/frame-parts.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { multiplicity, signalPlace, spectrumOf, type SpectrumParameters } from '../core/spectrum.ts';
import type { NoisyPatch } from './sample.ts';

interface SpectralParameters extends SpectrumParameters {
  readonly n: number;
  readonly d: number;
  readonly draw: 'd-free' | 'explicit';
}

/** Rows before anything is projected, and what a frame and a fresh point know of the spectrum. */
interface SpectralRows {
  readonly used: number;
  /** n x used */
  readonly rows: Float64Array;
  readonly spectrum: NoisyPatch['spectrum'] & object;
}

/**
 * @param signalAxes the frame's first axes, eigenvectors of the group `signalGroup`; the others follow group by group
 * @throws RangeError where the multiplicities do not add up to d, or too few eigenvectors of that group are there
 */
export function spectralRows(
  parameters: SpectralParameters,
  sigma: number,
  signalAxes: number,
  key: StreamKey,
): SpectralRows {
  const { n, d, draw } = parameters;
  const groups = spectrumOf(parameters, d);
  const home = signalPlace(parameters, groups.values.length);
  if (multiplicity(groups) !== d) throw new RangeError(`the multiplicities of the eigenvalues must add up to d = ${d}`);
  if (!(groups.counts[home]! >= signalAxes)) throw new RangeError(`signals need ${signalAxes} eigenvectors of a group`);
  const start: FrameParts = { dimensions: groups.counts, of: new Int32Array(signalAxes).fill(home) };
  /** axes of each group beside the signals' */
  const own = freeIn(start).map((free) => (draw === 'explicit' ? free : Math.min(free, n)));
  const used = own.reduce((sum, axes) => sum + axes, signalAxes);
  const of = new Int32Array(used).fill(home);
  let at = signalAxes;
  own.forEach((axes, group) => of.fill(group, at, (at += axes)));
  const roots = Float64Array.from(groups.values, Math.sqrt);

  const rows = new Float64Array(n * used);
  const free = freeIn(start);
  for (let i = 0; i < n; i++) {
    const normals = new Stream(key, 'data/noise', i);
    const chis = new Stream(key, 'data/chi', i);
    let to = i * used;
    for (let k = 0; k < signalAxes; k++) rows[to++] = sigma * roots[home]! * normals.normal();
    for (let group = 0; group < own.length; group++) {
      const scale = sigma * roots[group]!;
      const dense = draw === 'explicit' ? own[group]! : Math.min(own[group]!, i);
      for (let k = 0; k < dense; k++) rows[to + k] = scale * normals.normal();
      if (dense < own[group]!) rows[to + dense] = scale * chis.chi(free[group]! - i);
      to += own[group]!;
    }
  }
  return { used, rows, spectrum: { parts: { dimensions: groups.counts, of }, roots } };
}
