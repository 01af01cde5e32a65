/**
 * The noise output of a network with activation max(0, h)^q along a line, and the exact probability of its
 * errors there.
 *
 * Between two kinks the output is a polynomial of degree q. A filter that is active there and has height `left` at the
 * segment's start and `right` at its end (both >= 0) has the Bernstein coefficients left^(q-k) right^k, k = 0..q: sums
 * over filters without cancellation. Signs and roots follow by variation diminution: no sign change among the
 * coefficients, no root; one, exactly one; more, the segment is halved (Lane, Riesenfeld, BIT 21 (1981) 112-117).
 */
import type { FreshOutput, OutputAtom } from './fresh-output.ts';
import { LineErrors, type Stretch } from './line-errors.ts';

/** No normal probability is left beyond this distance (`normalTail` is 0 there). */
const NORMAL_END = 39;
/** Halvings of a segment: what still has two roots in 2^-48 of it has a double one, whose two sides are alike. */
const MOST_HALVINGS = 48;
const MOST_NEWTON = 100;
const LAST_BIT = 1.1102230246251565e-16;

/** As `PiecewiseLine`: sum_r a_r max(0, height_r + shift_r + t slope_r)^power against every atom's signal. */
export class PolynomialLine {
  private readonly output: FreshOutput;
  private readonly slopes: Float64Array;
  private readonly power: number;
  private readonly heights: Float64Array;
  /** height^0 to height^power of each filter at one end of a segment, and at the other */
  private left: Float64Array;
  private right: Float64Array;
  /** Bernstein coefficients of the noise on each segment, at most filters + 1 times power + 1 */
  private readonly coefficients: Float64Array;
  /** of label * f on one segment */
  private readonly margin: Float64Array;
  /** ends of the segments */
  private readonly ends: Float64Array;
  private readonly errors: LineErrors;
  private readonly end: number;

  /** @param stretch law of t, the normal one when not said @param end distance beyond which t never comes */
  constructor(output: FreshOutput, slopes: Float64Array, power: number, stretch?: Stretch, end = NORMAL_END) {
    const { filters } = output;
    this.errors = new LineErrors(stretch);
    this.end = end;
    this.output = output;
    this.slopes = slopes;
    this.power = power;
    this.heights = new Float64Array(filters);
    this.left = new Float64Array(filters * (power + 1));
    this.right = new Float64Array(filters * (power + 1));
    this.coefficients = new Float64Array((filters + 1) * (power + 1));
    this.margin = new Float64Array(power + 1);
    this.ends = new Float64Array(filters + 2);
  }

  /** P over t and the atoms that label * f <= 0; heights of length filters. */
  errorProbability(heights: Float64Array): number {
    let probability = 0;
    for (let group = 0; group < this.output.groups.length; group++) {
      const segments = this.cut(heights, group);
      for (const atom of this.output.atoms)
        if (atom.group === group) probability += atom.probability * this.walk(atom, segments, -Infinity, Infinity);
    }
    return probability;
  }

  /** P over t that low < t < high and this atom's label * f <= 0. */
  atomErrorProbability(heights: Float64Array, atom: OutputAtom, low: number, high: number): number {
    return this.walk(atom, this.cut(heights, atom.group), low, high);
  }

  /** Fills segments and coefficients; returns how many segments there are between -end and end. */
  private cut(given: Float64Array, group: number): number {
    const { slopes, heights, ends, coefficients, power, output } = this;
    const shift = output.groups[group]!;
    const { end } = this;
    let inner = 0;
    ends[0] = -end;
    for (let r = 0; r < slopes.length; r++) {
      heights[r] = given[r]! + shift[r]!;
      const kink = -heights[r]! / slopes[r]!;
      if (!(kink > -end && kink < end)) continue; // out of reach, or no slope
      let at = ++inner;
      for (; at > 1 && ends[at - 1]! > kink; at--) ends[at] = ends[at - 1]!;
      ends[at] = kink;
    }
    const segments = inner + 1;
    ends[segments] = end;
    coefficients.fill(0, 0, segments * (power + 1));
    for (let at = 0; at <= segments; at++) {
      [this.left, this.right] = [this.right, this.left];
      this.raise(ends[at]!);
      if (at > 0) this.addUp((at - 1) * (power + 1), (ends[at - 1]! + ends[at]!) / 2);
    }
    return segments;
  }

  /** The powers of the heights at t. */
  private raise(t: number): void {
    const { heights, slopes, right, power } = this;
    for (let r = 0; r < slopes.length; r++) {
      const height = Math.max(0, heights[r]! + slopes[r]! * t);
      let value = 1;
      for (let k = r * (power + 1); k <= r * (power + 1) + power; k++) {
        right[k] = value;
        value *= height;
      }
    }
  }

  /** The coefficients of one segment, given its middle: filters in their order. */
  private addUp(first: number, middle: number): void {
    const { coefficients, heights, slopes, left, right, power, output } = this;
    for (let r = 0; r < slopes.length; r++) {
      if (!(heights[r]! + slopes[r]! * middle > 0)) continue;
      const a = output.outputWeights[r]!;
      const own = r * (power + 1);
      for (let k = 0; k <= power; k++) coefficients[first + k]! += a * left[own + power - k]! * right[own + k]!;
    }
  }

  private walk({ label, fixed }: OutputAtom, segments: number, low: number, high: number): number {
    const { coefficients, ends, errors, power, margin } = this;
    errors.begin(low, high);
    for (let at = 0; at < segments; at++) {
      for (let k = 0; k <= power; k++) margin[k] = label * (fixed + coefficients[at * (power + 1) + k]!);
      this.search(margin, ends[at]!, ends[at + 1]!, MOST_HALVINGS);
    }
    return errors.end();
  }

  /** Adds the part of (start, end) where the polynomial with these Bernstein coefficients is <= 0. */
  private search(margin: Float64Array, start: number, end: number, halvings: number): void {
    if (!(start < end)) return;
    const changes = signChanges(margin);
    if (changes > 1 && halvings > 0) {
      const [before, after] = halves(margin);
      const middle = (start + end) / 2;
      this.search(before, start, middle, halvings - 1);
      this.search(after, middle, end, halvings - 1);
    } else if (changes === 1) {
      const root = start + crossing(margin) * (end - start);
      if (firstSign(margin) > 0) this.errors.add(root, end);
      else this.errors.add(start, root);
    } else if (!(firstSign(margin) > 0)) this.errors.add(start, end); // 0 throughout is an error
  }
}

/** Of the sequence without its zeros. Numbers out of range count as none. */
function signChanges(values: Float64Array): number {
  let changes = 0;
  let last = 0;
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!;
    if (!Number.isFinite(value)) return 0;
    if (value === 0) continue;
    if (value > 0 ? last < 0 : last > 0) changes++;
    last = value;
  }
  return changes;
}

/** Sign of the first coefficient that is not 0: of the polynomial right after its start. */
function firstSign(values: Float64Array): number {
  for (let k = 0; k < values.length; k++) if (values[k] !== 0) return Math.sign(values[k]!);
  return 0;
}

/** The polynomial's coefficients on both halves of its interval (de Casteljau). */
function halves(values: Float64Array): [Float64Array, Float64Array] {
  const after = values.slice();
  const before = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) {
    before[k] = after[0]!;
    for (let i = 0; i < values.length - 1 - k; i++) after[i] = (after[i]! + after[i + 1]!) / 2;
  }
  return [before, after];
}

/**
 * The one root in [0, 1] of a polynomial whose coefficients change sign once: Newton's method, kept within its bracket
 * by bisection.
 */
function crossing(values: Float64Array): number {
  const sign = firstSign(values);
  const degree = values.length - 1;
  const work = new Float64Array(values.length);
  let low = 0;
  let high = 1;
  let x = 0.5;
  for (let i = 0; i < MOST_NEWTON; i++) {
    work.set(values);
    for (let size = degree; size > 1; size--)
      for (let k = 0; k < size; k++) work[k] = (1 - x) * work[k]! + x * work[k + 1]!;
    const slope = degree * (work[1]! - work[0]!);
    const value = (1 - x) * work[0]! + x * work[1]!;
    if (value === 0) return x;
    if (value * sign > 0) low = x;
    else high = x;
    let next = x - value / slope;
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (Math.abs(next - x) <= LAST_BIT) return next;
    x = next;
  }
  return x;
}
