/** Gaussian vectors in an orthonormal frame adapted to them: the reference of the kernel's `gaussianRows`. */
import { Stream, type Purpose, type StreamKey } from './random.ts';

export interface RowLaw {
  readonly rows: number;
  /** coordinates of a row, at least min(ambient, first + rows) */
  readonly columns: number;
  /** the dimension d of the space */
  readonly ambient: number;
  /** axes that are taken before row 0; `ambient` for explicit vectors */
  readonly first: number;
  /** standard deviation of one coordinate */
  readonly scale: number;
  readonly normals: Purpose;
  readonly chis: Purpose;
}

/**
 * Independent N(0, scale^2 I) vectors of dimension d, in law: row i has normals on the first + i axes that are taken
 * before it, then the norm of the rest, chi(d - first - i), on an axis of its own (Bartlett 1933). When d runs out the
 * triangle is cut off.
 *
 * @returns rows x columns; zeros where a row has no coordinate
 */
export function gaussianRows(
  { rows, columns, ambient, first, scale, normals, chis }: RowLaw,
  key: StreamKey,
): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const stream = new Stream(key, normals, i);
    const dense = Math.min(ambient, first + i);
    for (let k = 0; k < dense; k++) out[i * columns + k] = scale * stream.normal();
    if (first + i < ambient) out[i * columns + dense] = scale * new Stream(key, chis, i).chi(ambient - first - i);
  }
  return out;
}
