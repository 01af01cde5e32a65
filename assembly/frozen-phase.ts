/**
 * Steps on the patches' contributions alone while every sign holds, the dense steps between them, and what a change of
 * sign does to either: the order of arithmetic is that of src/dynamics/frozen-phase.ts and frozen.ts.
 */
import { Frozen, pitch } from './frozen-state';
import { at4, at8, get, set } from './memory';

/** g from the present pre-activations. */
export function contribute(w: Frozen): void {
  const row = pitch(w);
  const leak = f64x2.splat(w.leak);
  for (let at: usize = 0; at < row; at += 32) {
    let sum0 = f64x2.splat(0);
    let sum1 = f64x2.splat(0);
    let from = w.present + at;
    for (let r = 0; r < w.filters; r++) {
      const a = v128.load64_splat(at8(w.weights, r));
      const h0 = v128.load(from);
      const h1 = v128.load(from, 16);
      sum0 = f64x2.add(sum0, f64x2.mul(a, f64x2.pmax(h0, f64x2.mul(leak, h0))));
      sum1 = f64x2.add(sum1, f64x2.mul(a, f64x2.pmax(h1, f64x2.mul(leak, h1))));
      from += row;
    }
    v128.store(w.contributions + at, sum0);
    v128.store(w.contributions + at, sum1, 16);
  }
}

/** out = sum over the list of factor * the row at base + offset, from 0. */
export function combine(w: Frozen, end: usize, base: usize, out: usize): void {
  const list = w.list;
  for (const last = base + pitch(w); base < last; base += 64) {
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    for (let from = list; from < end; from += 16) {
      const factor = v128.load64_splat(from);
      const row = base + <usize>load<i32>(from, 8);
      s0 = f64x2.add(s0, f64x2.mul(factor, v128.load(row)));
      s1 = f64x2.add(s1, f64x2.mul(factor, v128.load(row, 16)));
      s2 = f64x2.add(s2, f64x2.mul(factor, v128.load(row, 32)));
      s3 = f64x2.add(s3, f64x2.mul(factor, v128.load(row, 48)));
    }
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    out += 64;
  }
}

/** The list of (a_r M_rq) e_q other than 0; returns its end. */
// @ts-ignore: decorator
@inline
export function append(to: usize, factor: f64, offset: usize): usize {
  store<f64>(to, factor);
  store<i32>(to, <i32>offset, 8);
  return factor != 0 ? to + 16 : to;
}

export function buildKernel(w: Frozen): void {
  const R = w.filters;
  const D = w.D;
  const row = pitch(w);
  const panel = <usize>D << 6;
  for (let p = 0; p < D; p++) {
    let end = w.list;
    for (let r = 0; r < R; r++) {
      const a = get(w.weights, r);
      end = append(end, a * a * get(w.slopes + <usize>r * row, p), <usize>r * row);
    }
    combine(w, end, w.slopes, w.row);
    const gamma = w.gamma + <usize>p * row;
    let to = w.kernel + (<usize>p << 6);
    for (let at: usize = 0; at < row; at += 64) {
      v128.store(to, f64x2.mul(v128.load(w.row + at), v128.load(gamma + at)));
      v128.store(to, f64x2.mul(v128.load(w.row + at, 16), v128.load(gamma + at, 16)), 16);
      v128.store(to, f64x2.mul(v128.load(w.row + at, 32), v128.load(gamma + at, 32)), 32);
      v128.store(to, f64x2.mul(v128.load(w.row + at, 48), v128.load(gamma + at, 48)), 48);
      to += panel;
    }
  }
  w.work += <f64>R * <f64>D * <f64>D / 2;
}

/** S += E. */
function addErrors(w: Frozen): void {
  const row = pitch(w);
  for (let at: usize = 0; at < row; at += 16) v128.store(w.sums + at, f64x2.add(v128.load(w.sums + at), v128.load(w.errors + at)));
}

export function step(w: Frozen): void {
  const D = <usize>w.D;
  const first = w.errors;
  const last = first + (D << 3);
  let from = w.kernel;
  let g = w.contributions;
  for (const end = g + pitch(w); g < end; g += 64) {
    let s0 = v128.load(g);
    let s1 = v128.load(g, 16);
    let s2 = v128.load(g, 32);
    let s3 = v128.load(g, 48);
    for (let error = first; error < last; error += 8) {
      const e = v128.load64_splat(error);
      s0 = f64x2.add(s0, f64x2.mul(v128.load(from), e));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(from, 16), e));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(from, 32), e));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(from, 48), e));
      from += 64;
    }
    v128.store(g, s0);
    v128.store(g, s1, 16);
    v128.store(g, s2, 32);
    v128.store(g, s3, 48);
  }
  addErrors(w);
  w.work += <f64>(w.D * w.D);
}

/** Every pre-activation, for dense steps. */
export function thaw(w: Frozen): void {
  for (let r = 0; r < w.filters; r++) for (let p = 0; p < w.D; p++) set(w.present + <usize>r * pitch(w), p, preactivation(w, r, p));
}

/** The same for the host, which looks at a run in a phase. */
export function thawFrozen(w: Frozen): void {
  if (w.inPhase) thaw(w);
}

export function denseStep(w: Frozen): void {
  const row = pitch(w);
  addErrors(w);
  for (let r = 0; r < w.filters; r++) {
    const a = get(w.weights, r);
    const slopes = w.slopes + <usize>r * row;
    const present = w.present + <usize>r * row;
    let end = w.list;
    for (let q = 0; q < w.D; q++) end = append(end, a * get(w.errors, q) * get(slopes, q), <usize>q * row);
    combine(w, end, w.gamma, w.row);
    const none = f64x2.splat(0);
    const one = f64x2.splat(1);
    for (let at: usize = 0; at < row; at += 16) {
      const h = f64x2.add(v128.load(present + at), v128.load(w.row + at));
      v128.store(present + at, h);
      const turned = i64x2.bitmask(v128.xor(f64x2.gt(h, none), f64x2.eq(v128.load(slopes + at), one)));
      if (turned == 0) continue;
      const p = <i32>(at >> 3);
      if (turned & 1) turn(w, r, p, f64x2.extract_lane(h, 0));
      if (turned & 2) turn(w, r, p + 1, f64x2.extract_lane(h, 1));
    }
  }
  contribute(w);
}

export function preactivation(w: Frozen, r: i32, p: i32): f64 {
  const row = pitch(w);
  const first = <usize>r * row;
  let gamma = w.gamma + <usize>p * row;
  let shifts = w.shifts + first;
  let slopes = w.slopes + first;
  let sums = w.sums;
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  for (const end = gamma + row; gamma < end; gamma += 64) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(gamma), f64x2.add(v128.load(shifts), f64x2.mul(v128.load(slopes), v128.load(sums)))));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(gamma, 16), f64x2.add(v128.load(shifts, 16), f64x2.mul(v128.load(slopes, 16), v128.load(sums, 16)))));
    s0 = f64x2.add(s0, f64x2.mul(v128.load(gamma, 32), f64x2.add(v128.load(shifts, 32), f64x2.mul(v128.load(slopes, 32), v128.load(sums, 32)))));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(gamma, 48), f64x2.add(v128.load(shifts, 48), f64x2.mul(v128.load(slopes, 48), v128.load(sums, 48)))));
    shifts += 64;
    slopes += 64;
    sums += 64;
  }
  const sum = f64x2.add(s0, s1);
  return get(w.atStart + first, p) + get(w.weights, r) * (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
}

/** Some patch with an error is one on which some filter has a slope. */
export function moves(w: Frozen): bool {
  for (let p = 0; p < w.D; p++) if (get(w.errors, p) != 0 && load<i32>(at4(w.live, p)) > 0) return true;
  return false;
}

/** Filter r has changed its sign on patch p and sees h there now: its slope, and c. Returns the slope's change. */
function turn(w: Frozen, r: i32, p: i32, h: f64): f64 {
  const at = <usize>r * pitch(w) + (<usize>p << 3);
  const before = load<f64>(w.slopes + at);
  const after: f64 = h > 0 ? 1 : w.leak;
  const change = after - before;
  store<f64>(w.slopes + at, after);
  store<f64>(w.shifts + at, load<f64>(w.shifts + at) - change * get(w.sums, p));
  const live = at4(w.live, p);
  store<i32>(live, load<i32>(live) + i32(before == 0) - i32(after == 0));
  return change;
}

/** The same in a frozen phase: g and K too. */
export function flip(w: Frozen, r: i32, p: i32, h: f64): void {
  const row = pitch(w);
  const slopes = w.slopes + <usize>r * row;
  const a = get(w.weights, r);
  const before = get(slopes, p);
  const change = turn(w, r, p, h);
  const after = get(slopes, p);
  set(w.contributions, p, get(w.contributions, p) + a * change * h);
  const factor = f64x2.splat(a * a * change);
  set(slopes, p, before + change / 2);
  const gamma = w.gamma + <usize>p * row;
  const panel = <usize>w.D << 6;
  const out = w.row;
  let across = w.kernel + (<usize>p << 6);
  for (let at: usize = 0; at < row; at += 64) {
    for (let k: usize = 0; k < 64; k += 16) {
      const share = f64x2.mul(factor, f64x2.mul(v128.load(gamma + at + k), v128.load(slopes + at + k)));
      v128.store(out + at + k, share);
      v128.store(across + k, f64x2.add(v128.load(across + k), share));
    }
    across += panel;
  }
  set(slopes, p, after);
  let down = w.kernel + <usize>(p >> 3) * panel + (<usize>(p & 7) << 3);
  for (let q = out, end = out + (<usize>w.D << 3); q < end; q += 8) {
    store<f64>(down, load<f64>(down) + load<f64>(q));
    down += 64;
  }
  w.work += <f64>(6 * w.D + 100);
}
