/**
 * A deep network along a line in the space of z. Where the heights of one layer are linear in t, those of the next one
 * are linear between the kinks of the first: pieces are cut layer by layer, each within a piece of the layer below, up
 * to those on which the output is linear. At a kink one unit changes, and with it one term of each unit above it.
 */
import type { OutputAtom } from './fresh-output.ts';
import type { DeepOutput, Rise } from './deep-output.ts';
import { LineErrors, SegmentErrors } from './line-errors.ts';
import type { Along, LineLaw, Met } from './line.ts';

/** No normal probability is left beyond this distance (`normalTail` is 0 there). */
const NORMAL_END = 39;
/** Beyond so many kinks the array's own sort is faster. */
const MANY = 64;

/** One layer on one piece: its heights are height + slope t; of the output there is one. */
interface Level {
  readonly height: Float64Array;
  readonly slope: Float64Array;
  readonly kinks: Float64Array;
  readonly order: Int32Array;
  /** those that give something to the layer above: u where it is active, ~u where it is not */
  readonly units: Int32Array;
}

export class DeepLine implements Along {
  private readonly deep: DeepOutput;
  private readonly levels: readonly Level[];
  private readonly end: number;
  private readonly errors: SegmentErrors;
  private readonly zeros: LineErrors;
  private atom = 0;

  /** @param law of t, the standard normal one when not said */
  constructor(deep: DeepOutput, slopes: Float64Array, law?: LineLaw) {
    this.deep = deep;
    this.errors = new SegmentErrors(law?.stretch);
    this.zeros = new LineErrors(law?.stretch);
    this.end = law?.end ?? NORMAL_END;
    const level = (slope: Float64Array): Level => ({
      height: new Float64Array(slope.length),
      slope,
      kinks: new Float64Array(slope.length),
      order: new Int32Array(slope.length),
      units: new Int32Array(slope.length),
    });
    this.levels = [level(slopes), ...deep.bases[0]!.map(({ length }) => level(new Float64Array(length)))];
  }

  whole(heights: Float64Array): Met {
    let wrong = 0;
    let zero = 0;
    for (const atom of this.deep.heights.atoms) {
      const met = this.part(heights, atom, -Infinity, Infinity);
      wrong += atom.probability * met.wrong;
      zero += atom.probability * met.zero;
    }
    return { wrong, zero };
  }

  part(heights: Float64Array, atom: OutputAtom, low: number, high: number): Met {
    const { atoms, groups } = this.deep.heights;
    const shift = groups[atom.group]!;
    const { height } = this.levels[0]!;
    for (let r = 0; r < height.length; r++) height[r] = heights[r]! + shift[r]!;
    this.atom = atoms.indexOf(atom);
    this.errors.begin(low, high);
    this.zeros.begin(low, high);
    this.cut(0, -this.end, this.end, atom.label);
    return { wrong: this.errors.end(), zero: this.zeros.end() };
  }

  /** The pieces of a layer between two points between which its heights are linear. */
  private cut(at: number, from: number, to: number, label: number): void {
    const { leak, rises, bases } = this.deep;
    const { height, slope, kinks, order, units } = this.levels[at]!;
    const above = this.levels[at + 1]!;
    const rise = rises[at]!;
    const base = bases[this.atom]![at]!;
    above.height.set(base);
    above.slope.fill(0);
    let count = 0;
    let active = 0;
    let moving = 0; // of the active ones
    for (let first = 0; first < height.length; first += rise.below) {
      let heard = 0;
      for (let u = first; u < first + rise.below; u++) {
        const h = height[u]!;
        const s = slope[u]!;
        let on = h > 0;
        if (s !== 0) {
          const kink = -h / s;
          on = kink > from ? s < 0 : s > 0;
          if (kink > from && kink < to) {
            kinks[u] = kink;
            order[count++] = u;
          }
          if (on) moving++;
        }
        if (on) active++;
        if (on || leak !== 0) units[heard++] = on ? u : ~u;
      }
      addAll(rise, units, heard, leak, first, height, slope, above);
    }
    sort(order, kinks, count);
    let start = from;
    for (let k = 0; k <= count; k++) {
      const end = k < count ? kinks[order[k]!]! : to;
      if (start < end) {
        if (at + 1 < rises.length) this.cut(at + 1, start, end, label);
        else this.segment(start, end, label);
      }
      if (k === count) break;
      start = end;
      const u = order[k]!;
      const sign = slope[u]! > 0 ? 1 : -1;
      active += sign;
      moving += sign;
      add(rise, u, sign * (1 - leak), height, slope, above);
      // Constant by count, not by a rounded slope.
      if (leak === 0 && active === 0) above.height.set(base);
      if (leak === 0 && moving === 0) above.slope.fill(0);
    }
  }

  private segment(start: number, end: number, label: number): void {
    const { height, slope } = this.levels.at(-1)!;
    this.errors.segment(start, end, label * height[0]!, label * slope[0]!);
    if (height[0] === 0 && slope[0] === 0) this.zeros.add(start, end);
  }
}

/** Adds what unit u gives to the units above, its height and slope times the factor. */
function add(
  { below, units, weights, pools }: Rise,
  u: number,
  factor: number,
  height: Float64Array,
  slope: Float64Array,
  { height: heights, slope: slopes }: Level,
): void {
  const h = factor * height[u]!;
  const s = factor * slope[u]!;
  const inPatch = u % below;
  const row = inPatch * units;
  const to = pools ? 0 : ((u - inPatch) / below) * units;
  for (let j = 0; j < units; j++) {
    const w = weights[row + j]!;
    heights[to + j]! += h * w;
    slopes[to + j]! += s * w;
  }
}

/** The same for units of one patch, which begins at `first`: four at a time, which is what takes the time. */
function addAll(
  rise: Rise,
  list: Int32Array,
  count: number,
  leak: number,
  first: number,
  height: Float64Array,
  slope: Float64Array,
  above: Level,
): void {
  const { units, weights } = rise;
  const { height: heights, slope: slopes } = above;
  const to = rise.pools ? 0 : (first / rise.below) * units;
  let k = 0;
  for (; k + 4 <= count; k += 4) {
    const a = list[k]!;
    const b = list[k + 1]!;
    const c = list[k + 2]!;
    const d = list[k + 3]!;
    const ua = a < 0 ? ~a : a;
    const ub = b < 0 ? ~b : b;
    const uc = c < 0 ? ~c : c;
    const ud = d < 0 ? ~d : d;
    const fa = a < 0 ? leak : 1;
    const fb = b < 0 ? leak : 1;
    const fc = c < 0 ? leak : 1;
    const fd = d < 0 ? leak : 1;
    const ha = fa * height[ua]!;
    const hb = fb * height[ub]!;
    const hc = fc * height[uc]!;
    const hd = fd * height[ud]!;
    const sa = fa * slope[ua]!;
    const sb = fb * slope[ub]!;
    const sc = fc * slope[uc]!;
    const sd = fd * slope[ud]!;
    const ra = (ua - first) * units;
    const rb = (ub - first) * units;
    const rc = (uc - first) * units;
    const rd = (ud - first) * units;
    for (let j = 0; j < units; j++) {
      const wa = weights[ra + j]!;
      const wb = weights[rb + j]!;
      const wc = weights[rc + j]!;
      const wd = weights[rd + j]!;
      heights[to + j]! += ha * wa + hb * wb + (hc * wc + hd * wd);
      slopes[to + j]! += sa * wa + sb * wb + (sc * wc + sd * wd);
    }
  }
  for (; k < count; k++) {
    const u = list[k]!;
    add(rise, u < 0 ? ~u : u, u < 0 ? leak : 1, height, slope, above);
  }
}

/** The first `count` places by their kinks, ties by index. */
function sort(order: Int32Array, kinks: Float64Array, count: number): void {
  if (count > MANY) {
    order.subarray(0, count).sort((i, j) => kinks[i]! - kinks[j]! || i - j);
    return;
  }
  for (let k = 1; k < count; k++) {
    const u = order[k]!;
    let place = k;
    for (; place > 0 && kinks[order[place - 1]!]! > kinks[u]!; place--) order[place] = order[place - 1]!;
    order[place] = u;
  }
}
