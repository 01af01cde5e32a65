/** The direction of lines, and coordinates along and across it. */
import { dotRows } from '../core/linear-algebra.ts';
import type { FreshOutput } from './fresh-output.ts';

/** An orthonormal frame whose first axis is u: a Householder reflection. */
export class LineFrame {
  private readonly u: Float64Array;
  private readonly reflector: Float64Array;
  private readonly scale: number;

  constructor(u: Float64Array) {
    this.u = u;
    this.reflector = u.slice();
    if (u.length > 0) this.reflector[0]! += u[0]! < 0 ? -1 : 1;
    this.scale = 2 / dotRows(this.reflector, 0, this.reflector, 0, u.length);
  }

  /** [coordinate along u, the others (length rank - 1)] */
  coordinates(x: Float64Array): [number, Float64Array] {
    const size = this.u.length;
    const factor = this.scale * dotRows(x, 0, this.reflector, 0, size);
    return [
      dotRows(x, 0, this.u, 0, size),
      Float64Array.from({ length: Math.max(0, size - 1) }, (_, k) => x[k + 1]! - factor * this.reflector[k + 1]!),
    ];
  }

  /** The point with these coordinates, y of length rank - 1. */
  point(along: number, y: Float64Array): Float64Array {
    const { u, reflector } = this;
    let inner = 0;
    for (let k = 0; k < y.length; k++) inner += reflector[k + 1]! * y[k]!;
    return u.map((x, k) => along * x - this.scale * inner * reflector[k]! + (k > 0 ? y[k - 1]! : 0));
  }
}

/** Unit vector u along Lᵀa, the gradient of the output's linear part, and the slopes L u. */
export function lineDirection({ filters, rank, l, outputWeights }: FreshOutput): {
  readonly u: Float64Array;
  readonly slopes: Float64Array;
} {
  const u = new Float64Array(rank);
  for (let r = 0; r < filters; r++)
    for (let k = 0; k < Math.min(rank, r + 1); k++) u[k]! += outputWeights[r]! * l[r * rank + k]!;
  const norm = Math.sqrt(u.reduce((sum, x) => sum + x * x, 0));
  if (norm > 0) for (let k = 0; k < rank; k++) u[k]! /= norm;
  else if (rank > 0) u[0] = 1; // no linear part (every weight zero, say): any direction serves
  const slopes = new Float64Array(filters);
  for (let r = 0; r < filters; r++)
    for (let k = 0; k < Math.min(rank, r + 1); k++) slopes[r]! += l[r * rank + k]! * u[k]!;
  return { u, slopes };
}
