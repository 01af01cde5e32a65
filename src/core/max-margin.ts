/**
 * The hard-margin linear classifier through the origin, from inner products alone:
 *
 *   w* = argmin ‖w‖  subject to  y_i <w, x_i> >= 1 for all i
 *      = sum_i alpha_i y_i x_i,  alpha >= 0 maximising  sum_i alpha_i - (1/2) alphaᵀ Q alpha,  Q_ij = y_i y_j <x_i,
 *      x_j>
 *
 * so that ‖w*‖^2 = sum_i alpha_i. Cyclic dual coordinate ascent first; where it is slow (small margins, n near d) or
 * cannot end (inseparable data), a finite active-set method takes over.
 */
import { GrowingCholesky } from './growing-cholesky.ts';
import { dotRows } from './linear-algebra.ts';

export type MaxMargin =
  | {
      readonly kind: 'separable';
      /** dual variables, length n, >= 0 */
      readonly alpha: Float64Array;
      /** ‖w*‖; the geometric margin is its inverse on either side */
      readonly norm: number;
      /**
       * relative width of what is certain of ‖w*‖: any alpha >= 0 bounds it by sum(alpha) / ‖w‖ <= ‖w*‖ <= ‖w‖ / (least
       * margin of w)
       */
      readonly gap: number;
      /** y_i <w*, x_i>, length n, >= 1 up to rounding */
      readonly margins: Float64Array;
      /** the worst violation of the optimality conditions, relative: see `violation` */
      readonly kkt: number;
      /** sweeps of coordinate ascent and cycles of the active-set method */
      readonly iterations: number;
    }
  | {
      /** no hyperplane through the origin separates, as far as the inner products can tell */
      readonly kind: 'inseparable';
      /** p >= 0 with sum 1 and sum_i p_i y_i x_i = 0 up to rounding: Gordan's certificate */
      readonly certificate: Float64Array;
      /** ‖sum_i p_i y_i x_i‖ / sum_i p_i ‖x_i‖: no classifier has a larger relative margin */
      readonly distance: number;
      readonly iterations: number;
    }
  /** the cap came first, or vectors of very different lengths (10^6 and more) leave ‖w*‖ to rounding */
  | { readonly kind: 'undecided'; readonly kkt: number; readonly iterations: number };

/** Wanted violation of the optimality conditions. */
const TOLERANCE = 1e-12;
/** The largest gap with which a norm is worth reporting. */
const LARGEST_GAP = 1e-6;
/** Sweeps of coordinate ascent before the active-set method: where it converges, it mostly has by then. */
const SWEEPS = 200;
/** How often margins, which coordinate ascent updates, are computed anew. */
const REFRESH = 20;
/** Rounding of a squared norm that is computed from inner products, per term and relative to the terms. */
const RESOLUTION = 16 * 2 ** -52;

/**
 * Solves the problem to a relative violation of 1e-12. Deterministic: coordinates in index order, ties to the lower
 * index.
 *
 * Inseparable means: some convex combination p of the y_i x_i has a squared norm pᵀQp <= 16 n 2^-52 (sum_i p_i
 * ‖x_i‖)^2, which is 0 within the rounding of the inner products. Any w has y_i <w, x_i> <= ‖w‖ ‖sum_i p_i y_i x_i‖ for
 * some i, so only sets whose margin is below 6e-8 sqrt(n) times their vectors' mean length can be called inseparable in
 * error.
 *
 * @param inner inner products <x_i, x_j>, n x n
 * @param labels y_i in {-1, +1}, length n >= 1
 * @param cycles cap on the cycles of the active-set method
 */
export function maxMargin(inner: Float64Array, labels: Float64Array, cycles = 20 * labels.length + 100): MaxMargin {
  const n = labels.length;
  const Q = inner.map((x, at) => x * labels[Math.floor(at / n)]! * labels[at % n]!);
  for (let i = 0; i < n; i++) {
    if (!(Q[i * n + i]! > 0)) return { kind: 'inseparable', certificate: unit(i, n), distance: 0, iterations: 0 };
  }
  const { alpha, sweeps } = coordinateAscent(Q, n);
  const state = violation(Q, alpha, n);
  return state.kkt <= TOLERANCE ? separable(alpha, state, sweeps) : activeSet(Q, alpha, n, sweeps, cycles);
}

const unit = (i: number, n: number): Float64Array => Float64Array.from({ length: n }, (_, k) => (k === i ? 1 : 0));

interface Violation {
  readonly margins: Float64Array;
  /** per condition */
  readonly off: Float64Array;
  /** the largest of them */
  readonly kkt: number;
}

/**
 * Margins Q alpha and the worst violation: |1 - margin| where alpha > 0, max(0, 1 - margin) where alpha = 0, each
 * relative to max(1, sum_j |Q_ij| alpha_j), the size of the terms that the margin is summed from.
 */
function violation(Q: Float64Array, alpha: Float64Array, n: number): Violation {
  const margins = new Float64Array(n);
  const off = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let margin = 0;
    let size = 0;
    for (let j = 0; j < n; j++) {
      const term = Q[i * n + j]! * alpha[j]!;
      margin += term;
      size += Math.abs(term);
    }
    margins[i] = margin;
    off[i] = (alpha[i]! > 0 ? Math.abs(1 - margin) : Math.max(0, 1 - margin)) / Math.max(1, size);
  }
  return { margins, off, kkt: off.reduce((most, x) => Math.max(most, x), 0) };
}

/** The answer for dual variables that meet the conditions. */
function separable(alpha: Float64Array, { margins, kkt }: Violation, iterations: number): MaxMargin {
  let sum = 0;
  let square = 0;
  let least = Infinity;
  margins.forEach((margin, i) => {
    sum += alpha[i]!;
    square += alpha[i]! * margin;
    least = Math.min(least, margin);
  });
  const gap = square / (least * sum) - 1;
  if (!(least > 0 && gap <= LARGEST_GAP)) return { kind: 'undecided', kkt, iterations };
  return { kind: 'separable', alpha, norm: Math.sqrt(square), gap, margins, kkt, iterations };
}

/** Sweeps of exact steps along one alpha_i at a time; stops at TOLERANCE or SWEEPS. */
function coordinateAscent(Q: Float64Array, n: number): { alpha: Float64Array; sweeps: number } {
  const alpha = new Float64Array(n);
  let margins: Float64Array = new Float64Array(n);
  for (let sweep = 1; ; sweep++) {
    let worst = 0;
    for (let i = 0; i < n; i++) {
      const next = Math.max(0, alpha[i]! + (1 - margins[i]!) / Q[i * n + i]!);
      const change = next - alpha[i]!;
      if (change === 0) continue;
      worst = Math.max(worst, Math.abs(change) * Q[i * n + i]!);
      alpha[i] = next;
      for (let j = 0; j < n; j++) margins[j]! += change * Q[i * n + j]!;
    }
    const still = worst <= TOLERANCE;
    if (!still && sweep % REFRESH !== 0) continue;
    const state = violation(Q, alpha, n);
    if (state.kkt <= TOLERANCE || still || sweep >= SWEEPS) return { alpha, sweeps: sweep };
    margins = state.margins;
  }
}

/**
 * The point nearest to the origin in the convex hull of the y_i x_i, p = sum_i u_i y_i x_i / sum_i u_i, whose inverse
 * length is ‖w*‖: Wolfe, Math. Programming 11 (1976); least-distance programming, Lawson and Hanson, Solving Least
 * Squares Problems (1974), ch. 23. u >= 0 minimises uᵀ(Q + c^2 11ᵀ)u / 2 - c^2 sum_i u_i, which is bounded for
 * inseparable data too, and whose faces stay nonsingular as long as their points are affinely independent. Every cycle
 * takes in the point of least margin.
 */
function activeSet(Q: Float64Array, start: Float64Array, n: number, sweeps: number, cycles: number): MaxMargin {
  // the start's own distance makes both parts of the objective count alike
  const total = start.reduce((sum, a) => sum + a, 0);
  const c2 = Math.max(squareNorm(Q, start, n) / (total * total), 2 ** -40 * Q[0]!);
  const factor = new GrowingCholesky(n, (i, j) => Q[i * n + j]! + c2);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => start[j]! - start[i]! || i - j);
  for (const i of order) if (start[i]! > 0) factor.push(i);
  const u = new Float64Array(n);
  for (const i of factor.members) u[i] = start[i]! / total;
  for (let cycle = 1; cycle <= cycles; cycle++) {
    descend(factor, u, c2);
    const certificate = gordan(Q, u, n);
    if (certificate) return { kind: 'inseparable', ...certificate, iterations: sweeps + cycle };
    if (takeIn(violation(Q, rescaled(Q, u, n), n), factor, u)) continue;
    const alpha = onFace(Q, u, n);
    const state = violation(Q, alpha, n);
    if (state.kkt <= TOLERANCE) return separable(alpha, state, sweeps + cycle);
    if (!takeIn(state, factor, u)) return { kind: 'undecided', kkt: state.kkt, iterations: sweeps + cycle };
  }
  return { kind: 'undecided', kkt: violation(Q, rescaled(Q, u, n), n).kkt, iterations: sweeps + cycles };
}

/** Makes the point of least margin outside the face a member; false when no point there falls short. */
function takeIn({ margins, off }: Violation, factor: GrowingCholesky, u: Float64Array): boolean {
  const short = Array.from(u.keys()).filter((i) => u[i] === 0 && off[i]! > TOLERANCE);
  return short.sort((i, j) => margins[i]! - margins[j]! || i - j).some((i) => factor.push(i));
}

function squareNorm(Q: Float64Array, u: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += u[i]! * dotRows(Q, i * n, u, 0, n);
  return sum;
}

/** Moves u to the minimum on its members' face, leaving members behind whose weight would turn negative on the way. */
function descend(factor: GrowingCholesky, u: Float64Array, c2: number): void {
  for (;;) {
    const { members } = factor;
    const z = factor.solve(new Float64Array(members.length).fill(c2));
    let step = 1;
    let blocking = -1;
    members.forEach((i, at) => {
      if (z[at]! > 0) return;
      const reach = u[i]! / (u[i]! - z[at]!);
      if (!(reach < step)) return;
      step = reach;
      blocking = i;
    });
    members.forEach((i, at) => (u[i] = step === 1 ? z[at]! : Math.max(0, u[i]! + step * (z[at]! - u[i]!))));
    if (blocking < 0) return;
    u[blocking] = 0;
    factor.keep((i) => u[i]! > 0);
    u.forEach((_, i) => {
      if (!factor.members.includes(i)) u[i] = 0;
    });
  }
}

/** The convex combination u / sum(u) when its norm is 0 within rounding. */
function gordan(Q: Float64Array, u: Float64Array, n: number): { certificate: Float64Array; distance: number } | null {
  let sum = 0;
  let length = 0;
  for (let i = 0; i < n; i++) {
    sum += u[i]!;
    length += u[i]! * Math.sqrt(Q[i * n + i]!);
  }
  const square = squareNorm(Q, u, n);
  if (square > RESOLUTION * n * length * length) return null;
  return { certificate: u.map((x) => x / sum), distance: Math.sqrt(Math.max(0, square)) / length };
}

/** u in the scale of alpha: the margins' weighted mean is 1. */
function rescaled(Q: Float64Array, u: Float64Array, n: number): Float64Array {
  const scale = u.reduce((sum, x) => sum + x, 0) / squareNorm(Q, u, n);
  return u.map((x) => x * scale);
}

/**
 * alpha with all margins on the support of u equal to 1 (Q alpha = 1 there); the rescaled u where rounding forbids it.
 */
function onFace(Q: Float64Array, u: Float64Array, n: number): Float64Array {
  const alpha = rescaled(Q, u, n);
  const face = new GrowingCholesky(n, (i, j) => Q[i * n + j]!);
  for (let i = 0; i < n; i++) if (u[i]! > 0 && !face.push(i)) return alpha;
  const exact = face.solve(new Float64Array(face.members.length).fill(1));
  if (!exact.every((x) => x > 0)) return alpha;
  face.members.forEach((i, at) => (alpha[i] = exact[at]!));
  return alpha;
}
