/** Normal points from a randomly shifted lattice. */
import { latticeGenerator } from './lattice.ts';
import type { Stream } from './random.ts';
import { normalQuantile } from './special.ts';

/** The lattice's point 0 under a shift of 0 would be at -infinity. */
const LEAST = 5.551115123125783e-17;

/** `points` points in `dimensions` coordinates, each standard normal over the shift drawn from `stream`. */
export class ShiftedLattice {
  private readonly points: number;
  private readonly generator: readonly number[];
  private readonly shift: Float64Array;

  constructor(points: number, dimensions: number, stream: Stream) {
    this.points = points;
    this.generator = latticeGenerator(points, dimensions);
    this.shift = Float64Array.from({ length: dimensions }, () => stream.uniform());
  }

  /** Writes point i, i in [0, points). */
  normal(i: number, out: Float64Array): void {
    for (let k = 0; k < this.shift.length; k++) {
      const x = ((i * this.generator[k]!) % this.points) / this.points + this.shift[k]!;
      out[k] = normalQuantile(Math.max(x < 1 ? x : x - 1, LEAST));
    }
  }
}
