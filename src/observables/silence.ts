/**
 * Where a network says exactly 0: no filter is active and the patches without noise cancel. f = 0 is wrong for either
 * label, so that its mass is counted apart (model.md, label flips).
 */
import { neverSilent, type Activation } from '../network/activation.ts';
import { intervalProbability, type Stretch } from './line-errors.ts';
import type { FreshOutput, OutputAtom } from './fresh-output.ts';

/** P of the atoms of each group that only the noise can make speak; undefined when there is none. */
export function quietMass({ atoms, groups }: FreshOutput): Float64Array | undefined {
  const mass = new Float64Array(groups.length);
  for (const { probability, fixed, group } of atoms) if (fixed === 0) mass[group]! += probability;
  return mass.some((one) => one > 0) ? mass : undefined;
}

/**
 * P over t that low < t < high and no filter is active at height_r + t slope_r.
 *
 * @param stretch law of t, the normal one when not said
 */
function silentProbability(
  activation: Activation,
  slopes: Float64Array,
  heights: Float64Array,
  low = -Infinity,
  high = Infinity,
  stretch: Stretch = intervalProbability,
): number {
  const always = neverSilent(activation); // there is no silent side
  for (let r = 0; r < slopes.length; r++) {
    const slope = slopes[r]!;
    const height = heights[r]!;
    if (slope === 0 ? (always ? height !== 0 : height > 0) : always) return 0;
    if (slope < 0) low = Math.max(low, -height / slope);
    else if (slope > 0) high = Math.min(high, -height / slope);
  }
  return low < high ? stretch(low, high) : 0;
}

/** P over t and the atoms that f = 0, along the lines with these slopes. */
export class LineSilence {
  private readonly output: FreshOutput;
  private readonly slopes: Float64Array;
  private readonly mass: Float64Array | undefined;
  private readonly stretch: Stretch;
  private readonly shifted: Float64Array;

  constructor(output: FreshOutput, slopes: Float64Array, stretch: Stretch = intervalProbability) {
    this.output = output;
    this.slopes = slopes;
    this.mass = quietMass(output);
    this.stretch = stretch;
    this.shifted = new Float64Array(output.filters);
  }

  /** @param heights of length filters, without the shifts */
  probability(heights: Float64Array): number {
    if (!this.mass) return 0;
    let sum = 0;
    for (let group = 0; group < this.mass.length; group++) {
      if (this.mass[group] === 0) continue;
      sum += this.mass[group]! * this.inGroup(heights, group, -Infinity, Infinity);
    }
    return sum;
  }

  /** Of one atom, and of low < t < high alone. */
  ofAtom(heights: Float64Array, { fixed, group }: OutputAtom, low: number, high: number): number {
    return fixed === 0 ? this.inGroup(heights, group, low, high) : 0;
  }

  private inGroup(heights: Float64Array, group: number, low: number, high: number): number {
    const shift = this.output.groups[group]!;
    for (let r = 0; r < heights.length; r++) this.shifted[r] = heights[r]! + shift[r]!;
    return silentProbability(this.output.activation, this.slopes, this.shifted, low, high, this.stretch);
  }
}
