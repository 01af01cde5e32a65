/** The network's noise output along a line in the space of z, and the exact probability of its errors there. */
import type { FreshOutput, OutputAtom } from './fresh-output.ts';
import { SegmentErrors, type Stretch } from './line-errors.ts';

/** sum_r a_r sigma(height_r + shift_r + t slope_r) as a function of t, against every atom's signal. */
export class PiecewiseLine {
  private readonly heights: Float64Array;
  private readonly kinks: Float64Array;
  private readonly order: Int32Array;
  private readonly output: FreshOutput;
  private readonly slopes: Float64Array;
  private readonly leak: number;
  private readonly errors: SegmentErrors;

  /** @param stretch law of t, the normal one when not said */
  constructor(output: FreshOutput, slopes: Float64Array, leak: number, stretch?: Stretch) {
    this.output = output;
    this.errors = new SegmentErrors(stretch);
    this.slopes = slopes;
    this.leak = leak;
    this.heights = new Float64Array(output.filters);
    this.kinks = new Float64Array(output.filters);
    this.order = new Int32Array(output.filters);
  }

  /** P over t and the atoms that label * f <= 0; heights of length filters. */
  errorProbability(heights: Float64Array): number {
    let probability = 0;
    for (let group = 0; group < this.output.groups.length; group++) {
      const shift = this.output.groups[group]!;
      for (let r = 0; r < heights.length; r++) this.heights[r] = heights[r]! + shift[r]!;
      const finite = this.sortKinks();
      for (const atom of this.output.atoms)
        if (atom.group === group) probability += atom.probability * this.walk(atom, finite, -Infinity, Infinity);
    }
    return probability;
  }

  /** P over t that low < t < high and this atom's label * f <= 0. */
  atomErrorProbability(heights: Float64Array, atom: OutputAtom, low: number, high: number): number {
    const shift = this.output.groups[atom.group]!;
    for (let r = 0; r < heights.length; r++) this.heights[r] = heights[r]! + shift[r]!;
    return this.walk(atom, this.sortKinks(), low, high);
  }

  /** Orders the filters with a slope by their kinks (ties by index); returns how many there are. */
  private sortKinks(): number {
    const { kinks, order, slopes, heights } = this;
    let count = 0;
    for (let r = 0; r < slopes.length; r++) {
      if (slopes[r] === 0) continue;
      const kink = -heights[r]! / slopes[r]!;
      kinks[r] = kink;
      let at = count++;
      if (slopes.length > 64) order[at] = r;
      else {
        for (; at > 0 && kinks[order[at - 1]!]! > kink; at--) order[at] = order[at - 1]!;
        order[at] = r;
      }
    }
    if (slopes.length > 64) order.subarray(0, count).sort((i, j) => kinks[i]! - kinks[j]! || i - j);
    return count;
  }

  /** P(low < t < high, label * (fixed + noise(t)) <= 0): walks the segments from t = -infinity. */
  private walk({ label, fixed }: OutputAtom, finite: number, low: number, high: number): number {
    const { output, slopes, heights, kinks, order, leak, errors } = this;
    const a = output.outputWeights;
    // noise(t) = leak (A + B t) over all filters + (1 - leak) (A + B t) over the active ones
    let allHeight = 0;
    let allSlope = 0;
    let activeHeight = 0;
    let activeSlope = 0;
    let active = 0;
    for (let r = 0; r < slopes.length; r++) {
      allHeight += a[r]! * heights[r]!;
      allSlope += a[r]! * slopes[r]!;
      if (slopes[r]! < 0 || (slopes[r] === 0 && heights[r]! > 0)) {
        activeHeight += a[r]! * heights[r]!;
        activeSlope += a[r]! * slopes[r]!;
        active++;
      }
    }
    errors.begin(low, high);
    for (let at = 0; at <= finite; at++) {
      if (at > 0) {
        const r = order[at - 1]!;
        const sign = slopes[r]! > 0 ? 1 : -1;
        active += sign;
        activeHeight += sign * a[r]! * heights[r]!;
        activeSlope += sign * a[r]! * slopes[r]!;
        if (active === 0) activeHeight = activeSlope = 0; // constant by count, not by a rounded slope
      }
      const height = label * (fixed + leak * allHeight + (1 - leak) * activeHeight);
      const slope = label * (leak * allSlope + (1 - leak) * activeSlope);
      const start = at > 0 ? kinks[order[at - 1]!]! : -Infinity;
      errors.segment(start, at < finite ? kinks[order[at]!]! : Infinity, height, slope);
    }
    return errors.end();
  }
}
