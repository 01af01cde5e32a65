/**
 * Design points: the points of failure nearest to the origin, where a Gaussian's rare errors lie.
 *
 * An atom fails where G(z) = c + sum_r b_r sigma(h_r) <= 0, h = L z + s, b = label * a. Filters with b > 0 make G
 * convex, the others concave. With the pattern of the concave ones frozen the failures form a convex set, and the
 * distance from the origin to it is a smooth problem in the slopes theta_r of the convex ones (its dual):
 *
 *   beta = max over theta in [leak, 1]^P of c(theta) / |v(theta)|,  v = -sum_r b_r theta_r L_r,  c(theta) = c + sum_r
 *   b_r theta_r s_r,
 *
 * reached at z* = beta v / |v|. Coordinate ascent solves it in closed form, one slope at a time, where a gradient
 * iteration (HL-RF: Hasofer, Lind 1974; Rackwitz, Fiessler 1978) would jump between the sides of a kink: at z* many
 * filters sit exactly on theirs. Freezing again at z* can only come nearer (convex-concave procedure: Yuille,
 * Rangarajan, Neural Comput. 15, 2003), until the pattern stays. Several starting patterns find several points.
 * For the activation max(0, h)^q: ray-search.ts.
 */
import { dotRows } from '../core/linear-algebra.ts';
import type { Stream } from '../core/random.ts';
import type { FreshOutput, OutputAtom } from './fresh-output.ts';
import { RaySearch } from './ray-search.ts';

export interface DesignPoint {
  /** unit vector from the origin to the point, length rank */
  readonly direction: Float64Array;
  /** distance from the origin, > 0 */
  readonly beta: number;
}

/** Beyond this distance the normal tail underflows. */
const FARTHEST = 38;
/** Sweeps of the coordinate ascent: more would move a proposal's direction by nothing that matters. */
const SWEEPS = 60;
/** Starting patterns from random directions. */
const RANDOM_STARTS = 16;
/** Points nearer to each other than this (in standard deviations) share one proposal. */
const SEPARATION = 1.5;
/**
 * Points whose density is below that of the nearest one by more than this (a logarithm: 1e-4) are left to its lines.
 */
const LOG_LEAST_DENSITY = -9.2;
const MOST_POINTS = 6;
/** With powers every filter that pulls down has a point of its own. */
const MOST_BRANCHES = 32;

/** At most so many points of one atom are returned. */
export const mostPoints = ({ activation, atoms }: FreshOutput): number =>
  activation.kind === 'power' ? Math.max(MOST_POINTS, Math.floor(MOST_BRANCHES / atoms.length)) : MOST_POINTS;

/**
 * The design points of an atom, nearest first; none when the origin itself fails or no failure is in reach. They only
 * guide the sampling: a point that is missed costs precision, not correctness.
 *
 * @param stream gives random starting directions
 */
export function designPoints(output: FreshOutput, atom: OutputAtom, stream: Stream): DesignPoint[] {
  const { filters, rank, l, outputWeights } = output;
  const b = Float64Array.from(outputWeights, (a) => atom.label * a);
  const concave = [...b.keys()].filter((r) => b[r]! < 0);
  if (rank === 0 || concave.length === 0) return [];
  if (output.activation.kind === 'power') return separate(alongRays(output, atom, concave, stream), mostPoints(output));
  const search = new Search(output, atom, b);
  const starts: ((r: number) => boolean)[] = [() => true];
  if (concave.length <= 2 * RANDOM_STARTS) for (const alone of concave) starts.push((r) => r === alone);
  const z = new Float64Array(rank);
  for (let i = 0; i < RANDOM_STARTS && concave.length > 1; i++) {
    for (let k = 0; k < rank; k++) z[k] = stream.normal();
    const heights = Float64Array.from({ length: filters }, (_, r) => dotRows(l, r * rank, z, 0, Math.min(rank, r + 1)));
    starts.push(
      (r) => heights[r]! > 0,
      (r) => heights[r]! < 0,
    );
  }
  const seen = new Set<string>();
  const found: DesignPoint[] = [];
  for (const start of starts) {
    const point = search.from(start, seen);
    if (point) found.push(point);
  }
  return separate(found, mostPoints(output));
}

/** The points reached from the directions of the filters that pull down, of their sum, and of random ones. */
function alongRays(output: FreshOutput, atom: OutputAtom, pulling: readonly number[], stream: Stream): DesignPoint[] {
  const { rank, l } = output;
  const search = new RaySearch(output, atom, FARTHEST);
  const rows = pulling.map((r) => l.slice(r * rank, (r + 1) * rank));
  const sum = Float64Array.from({ length: rank }, (_, k) => rows.reduce((total, row) => total + row[k]!, 0));
  const random = Array.from({ length: RANDOM_STARTS }, () =>
    Float64Array.from({ length: rank }, () => stream.normal()),
  );
  return [sum, ...rows.slice(0, 2 * RANDOM_STARTS), ...random].flatMap((start) => search.from(start) ?? []);
}

/** The nearest ones that are apart from each other and matter. */
function separate(found: DesignPoint[], most: number): DesignPoint[] {
  const kept: DesignPoint[] = [];
  for (const point of found.sort((p, q) => p.beta - q.beta)) {
    if (kept.length === most) break;
    const least = kept[0] ?? point;
    if (point.beta * point.beta - least.beta * least.beta > -2 * LOG_LEAST_DENSITY) break;
    if (kept.every((other) => distance(point, other) > SEPARATION)) kept.push(point);
  }
  return kept;
}

function distance(p: DesignPoint, q: DesignPoint): number {
  const cosine = dotRows(p.direction, 0, q.direction, 0, p.direction.length);
  return Math.sqrt(Math.max(0, p.beta * p.beta + q.beta * q.beta - 2 * p.beta * q.beta * cosine));
}

class Search {
  private readonly output: FreshOutput;
  private readonly b: Float64Array;
  private readonly constant: number;
  private readonly shift: Float64Array;
  private readonly leak: number;
  /** L Lᵀ, filters x filters */
  private readonly products: Float64Array;
  private readonly theta: Float64Array;
  /** <v, L_r> */
  private readonly along: Float64Array;

  constructor(output: FreshOutput, atom: OutputAtom, b: Float64Array) {
    const { filters, rank, l, activation } = output;
    this.output = output;
    this.b = b;
    this.constant = atom.label * atom.fixed;
    this.shift = output.groups[atom.group]!;
    this.leak = activation.kind === 'piecewise-linear' ? activation.leak : 0;
    this.products = new Float64Array(filters * filters);
    for (let r = 0; r < filters; r++)
      for (let s = 0; s < filters; s++) this.products[r * filters + s] = dotRows(l, r * rank, l, s * rank, rank);
    this.theta = new Float64Array(filters);
    this.along = new Float64Array(filters);
  }

  /**
   * The local design point reached from a pattern of the concave filters; undefined for none, or when a pattern on the
   * way is in `seen`.
   */
  from(active: (r: number) => boolean, seen: Set<string>): DesignPoint | undefined {
    const { b, theta, leak, along, shift, products } = this;
    const { filters } = this.output;
    for (let r = 0; r < filters; r++) theta[r] = b[r]! > 0 || active(r) ? 1 : leak;
    for (;;) {
      const pattern = theta.filter((_, r) => b[r]! < 0).join();
      if (seen.has(pattern)) return undefined;
      seen.add(pattern);
      const [c, square] = this.ascend();
      if (!(c > 0) || !(square > 0) || !(c * c < FARTHEST * FARTHEST * square)) return undefined;
      let settled = true;
      for (let r = 0; r < filters; r++) {
        if (!(b[r]! < 0)) continue;
        // A filter on its kink counts as active: beyond it lies more failure, never less.
        const height = (c / square) * along[r]! + shift[r]!;
        const slope = height > -1e-9 * (c / Math.sqrt(square)) * Math.sqrt(products[r * filters + r]!) ? 1 : leak;
        if (slope !== theta[r]) settled = false;
        theta[r] = slope;
      }
      if (settled) return { direction: this.direction(square), beta: c / Math.sqrt(square) };
    }
  }

  /** Maximises c / |v| over the slopes of the convex filters; returns c and |v|^2. */
  private ascend(): [c: number, square: number] {
    const { b, theta, along, shift, products, leak } = this;
    const { filters } = this.output;
    let c = this.constant;
    for (let r = 0; r < filters; r++) {
      c += b[r]! * theta[r]! * shift[r]!;
      let sum = 0;
      for (let s = 0; s < filters; s++) sum -= products[r * filters + s]! * b[s]! * theta[s]!;
      along[r] = sum;
    }
    let square = this.square();
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      let moved = 0;
      for (let r = 0; r < filters; r++) {
        if (!(b[r]! > 0) || leak === 1) continue;
        // With this slope at 0: c0 + c1 theta over the root of q0 + 2 q1 theta + q2 theta^2.
        const own = b[r]! * products[r * filters + r]!;
        const old = theta[r]!;
        const c1 = b[r]! * shift[r]!;
        const c0 = c - c1 * old;
        const q1 = -b[r]! * (along[r]! + own * old);
        const q2 = b[r]! * own;
        const q0 = square - 2 * q1 * old - q2 * old * old;
        const constant = c1 * q0 - c0 * q1; // the derivative has the sign of constant + linear * theta
        const linear = c1 * q1 - c0 * q2;
        const value = (at: number): number =>
          (c0 + c1 * at) / Math.sqrt(Math.max(Number.MIN_VALUE, q0 + 2 * q1 * at + q2 * at * at));
        const best = linear < 0 ? Math.min(1, Math.max(leak, -constant / linear)) : value(1) > value(leak) ? 1 : leak;
        const change = best - old;
        if (change === 0) continue;
        theta[r] = best;
        c = c0 + c1 * best;
        for (let s = 0; s < filters; s++) along[s]! -= products[r * filters + s]! * b[r]! * change;
        square = q0 + 2 * q1 * best + q2 * best * best;
        moved = Math.max(moved, Math.abs(change));
      }
      if (moved < 1e-10) break;
      square = this.square();
    }
    return [c, this.square()];
  }

  /** |v|^2 from the products, free of the increments' rounding */
  private square(): number {
    let sum = 0;
    for (let r = 0; r < this.b.length; r++) sum -= this.b[r]! * this.theta[r]! * this.along[r]!;
    return sum;
  }

  private direction(square: number): Float64Array {
    const { filters, rank, l } = this.output;
    const v = new Float64Array(rank);
    for (let r = 0; r < filters; r++)
      for (let k = 0; k < rank; k++) v[k]! -= (this.b[r]! * this.theta[r]! * l[r * rank + k]!) / Math.sqrt(square);
    const norm = Math.sqrt(dotRows(v, 0, v, 0, rank));
    return v.map((x) => x / norm);
  }
}
