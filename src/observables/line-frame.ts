/** Coordinates along and across the lines of a bundle. */
import { dotRows } from '../core/linear-algebra.ts';

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
