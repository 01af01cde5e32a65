/**
 * Local design points of a smooth output (activation max(0, h)^q): descent over directions. On the ray with direction w
 * the failures begin at a radius; at a local minimum of it the direction is that of the falling output, w = -grad G /
 * |grad G|.
 */
import { dotRows } from '../core/linear-algebra.ts';
import { activate, activationSlope } from '../network/activation.ts';
import type { FreshOutput, OutputAtom } from './fresh-output.ts';

/** Steps to scan a ray for the first failure, and halvings to place it. */
const SCAN = 64;
const HALVINGS = 30;
const MOST_TURNS = 60;
const SMALLEST_TURN = 1e-3;

export class RaySearch {
  private readonly output: FreshOutput;
  private readonly atom: OutputAtom;
  private readonly farthest: number;

  /** @param farthest radius beyond which nothing matters */
  constructor(output: FreshOutput, atom: OutputAtom, farthest: number) {
    this.output = output;
    this.atom = atom;
    this.farthest = farthest;
  }

  /** The point reached from the direction of `start`; undefined when its ray never fails, or the origin does. */
  from(start: Float64Array): { direction: Float64Array; beta: number } | undefined {
    let direction = unit(start);
    let beta = this.radius(direction);
    if (!(beta > 0 && beta < Infinity)) return undefined;
    let turn = 1;
    for (let i = 0; i < MOST_TURNS && turn > SMALLEST_TURN; i++) {
      const falling = this.falling(direction, beta);
      const next = unit(direction.map((x, k) => (1 - turn) * x + turn * falling[k]!));
      const nearer = this.radius(next);
      if (!(nearer < beta)) {
        turn /= 2;
        continue;
      }
      direction = next;
      beta = nearer;
      turn = Math.min(1, 1.5 * turn);
    }
    return { direction, beta };
  }

  /** Where the ray first fails; Infinity for nowhere in reach. */
  private radius(direction: Float64Array): number {
    const slopes = this.heights(direction);
    let low = 0;
    if (!(this.margin(slopes, 0) > 0)) return 0;
    for (let step = 1; step <= SCAN; step++) {
      let high = (this.farthest * step) / SCAN;
      if (this.margin(slopes, high) > 0) {
        low = high;
        continue;
      }
      for (let i = 0; i < HALVINGS; i++) {
        const middle = (low + high) / 2;
        if (this.margin(slopes, middle) > 0) low = middle;
        else high = middle;
      }
      return high;
    }
    return Infinity;
  }

  /** L w */
  private heights(direction: Float64Array): Float64Array {
    const { filters, rank, l } = this.output;
    return Float64Array.from({ length: filters }, (_, r) => dotRows(l, r * rank, direction, 0, rank));
  }

  private margin(slopes: Float64Array, radius: number): number {
    const { outputWeights, activation, groups } = this.output;
    const shift = groups[this.atom.group]!;
    let noise = 0;
    for (let r = 0; r < slopes.length; r++)
      noise += outputWeights[r]! * activate(activation, shift[r]! + radius * slopes[r]!);
    return this.atom.label * (this.atom.fixed + noise);
  }

  /** Unit vector against the gradient of the margin. */
  private falling(direction: Float64Array, radius: number): Float64Array {
    const { rank, l, outputWeights, activation, groups } = this.output;
    const shift = groups[this.atom.group]!;
    const down = new Float64Array(rank);
    this.heights(direction).forEach((slope, r) => {
      const weight = this.atom.label * outputWeights[r]! * activationSlope(activation, shift[r]! + radius * slope);
      for (let k = 0; k < rank; k++) down[k]! -= weight * l[r * rank + k]!;
    });
    return unit(down);
  }
}

function unit(x: Float64Array): Float64Array {
  const norm = Math.sqrt(dotRows(x, 0, x, 0, x.length));
  return norm > 0 ? x.map((value) => value / norm) : x;
}
