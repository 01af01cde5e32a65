/**
 * Steps under the hinge loss that touch only what changed, two patches a vector and eight a panel: the order of
 * arithmetic is that of src/dynamics/incremental.ts. The host is src/dynamics/incremental-kernel.ts.
 */
import { Increments } from './incremental-state';
import { at4, at8 } from './memory';
import { sumHolders, sumPatches } from './patches';

/** Empty lists, in arrays that hold 0. */
export function beginIncrements(w: Increments): void {
  clear(w);
  for (let r = 0; r < w.filters; r++) store<i32>(at4(w.turnEnds, r), <i32>(w.turned + (<usize>(r * w.D) << 2)));
}

/** No filter has a change. */
function clear(w: Increments): void {
  const stride = <usize>w.D << 4;
  let list = w.lists;
  let end = w.ends;
  for (let r = 0; r < w.filters; r++) {
    store<i32>(end, <i32>list);
    list += stride;
    end += 4;
  }
  memory.fill(w.fresh, 0, <usize>w.filters << 2);
}

/** Notes that the sign of filter r turned in these of a panel's eight columns. */
function note(w: Increments, r: i32, first: i32, mask: i32): void {
  const at = at4(w.turnEnds, r);
  let to = <usize>load<i32>(at);
  while (mask != 0) {
    store<i32>(to, first + ctz(mask));
    to += 4;
    mask &= mask - 1;
  }
  store<i32>(at, <i32>to);
}

// @ts-ignore: decorator
@inline
function turn(before: v128, after: v128): v128 {
  const none = f64x2.splat(0);
  return v128.xor(f64x2.gt(before, none), f64x2.gt(after, none));
}

/** a sigma(h), sigma(h) the larger of h and leak h. */
// @ts-ignore: decorator
@inline
function activated(weight: v128, leak: v128, h: v128): v128 {
  return f64x2.mul(weight, f64x2.pmax(h, f64x2.mul(leak, h)));
}

/** One panel: dh, h, the turns of sign, and g. */
function panel(w: Increments, index: i32): void {
  const R = w.filters;
  const G = w.gamma + ((<usize>index * <usize>w.D) << 6);
  const stride = <usize>w.D << 4;
  const leak = f64x2.splat(w.leak);
  let at = w.state + ((<usize>index * <usize>R) << 7);
  let list = w.lists;
  let ends = w.ends;
  let fresh = w.fresh;
  let weights = w.weights;
  let g0 = f64x2.splat(0);
  let g1 = f64x2.splat(0);
  let g2 = f64x2.splat(0);
  let g3 = f64x2.splat(0);
  for (let r = 0; r < R; r++) {
    let d0: v128;
    let d1: v128;
    let d2: v128;
    let d3: v128;
    if (load<i32>(fresh)) {
      d0 = f64x2.splat(0);
      d1 = f64x2.splat(0);
      d2 = f64x2.splat(0);
      d3 = f64x2.splat(0);
    } else {
      d0 = v128.load(at, 64);
      d1 = v128.load(at, 80);
      d2 = v128.load(at, 96);
      d3 = v128.load(at, 112);
    }
    const end = <usize>load<i32>(ends);
    for (let from = list; from < end; from += 16) {
      const delta = v128.load64_splat(from);
      const row = G + <usize>load<i32>(from, 8);
      d0 = f64x2.add(d0, f64x2.mul(delta, v128.load(row)));
      d1 = f64x2.add(d1, f64x2.mul(delta, v128.load(row, 16)));
      d2 = f64x2.add(d2, f64x2.mul(delta, v128.load(row, 32)));
      d3 = f64x2.add(d3, f64x2.mul(delta, v128.load(row, 48)));
    }
    v128.store(at, d0, 64);
    v128.store(at, d1, 80);
    v128.store(at, d2, 96);
    v128.store(at, d3, 112);
    const b0 = v128.load(at);
    const b1 = v128.load(at, 16);
    const b2 = v128.load(at, 32);
    const b3 = v128.load(at, 48);
    d0 = f64x2.add(b0, d0);
    d1 = f64x2.add(b1, d1);
    d2 = f64x2.add(b2, d2);
    d3 = f64x2.add(b3, d3);
    v128.store(at, d0);
    v128.store(at, d1, 16);
    v128.store(at, d2, 32);
    v128.store(at, d3, 48);
    const t0 = turn(b0, d0);
    const t1 = turn(b1, d1);
    const t2 = turn(b2, d2);
    const t3 = turn(b3, d3);
    if (v128.any_true(v128.or(v128.or(t0, t1), v128.or(t2, t3)))) {
      note(w, r, index << 3, i64x2.bitmask(t0) | (i64x2.bitmask(t1) << 2) | (i64x2.bitmask(t2) << 4) | (i64x2.bitmask(t3) << 6));
    }
    const weight = v128.load64_splat(weights);
    g0 = f64x2.add(g0, activated(weight, leak, d0));
    g1 = f64x2.add(g1, activated(weight, leak, d1));
    g2 = f64x2.add(g2, activated(weight, leak, d2));
    g3 = f64x2.add(g3, activated(weight, leak, d3));
    at += 128;
    list += stride;
    ends += 4;
    fresh += 4;
    weights += 8;
  }
  const g = w.g + (<usize>index << 6);
  v128.store(g, g0);
  v128.store(g, g1, 16);
  v128.store(g, g2, 32);
  v128.store(g, g3, 48);
}

/** Moves h by its increments and computes the outputs. Returns whether every one is finite. */
export function forwardIncrements(w: Increments): bool {
  for (let index = 0; index < w.panels; index++) panel(w, index);
  return sumPatches(w, w.patchOf, w.g);
}

/** z_rp at the present error and sign; `h` is where h_rp lies, `place` the entry [p][r]. */
// @ts-ignore: decorator
@inline
function renew(w: Increments, r: i32, offset: i32, error: f64, h: usize, place: usize): void {
  const before = load<f64>(w.z + place);
  const now = load<f64>(at8(w.weights, r)) * error * (load<f64>(h) > 0 ? 1 : w.leak);
  const change = now - before;
  if (change == 0) return;
  const since = load<f64>(w.updated + place);
  store<f64>(w.sums + place, load<f64>(w.sums + place) + before * (w.t - since));
  store<f64>(w.updated + place, w.t);
  store<f64>(w.z + place, now);
  if (before == 0 || now == 0) {
    const nonZero = at4(w.nonZero, r);
    store<i32>(nonZero, load<i32>(nonZero) + i32(before == 0) - i32(now == 0));
  }
  const end = at4(w.ends, r);
  const to = <usize>load<i32>(end);
  store<f64>(to, change);
  store<i32>(to, offset, 8);
  store<i32>(end, <i32>(to + 16));
}

/** Every filter's z on patch p. */
function renewPatch(w: Increments, p: i32, error: f64): void {
  const R = w.filters;
  let h = w.state + ((<usize>(p >> 3) * <usize>R) << 7) + (<usize>(p & 7) << 3);
  let place = (<usize>p * <usize>R) << 3;
  for (let r = 0; r < R; r++) {
    renew(w, r, p << 6, error, h, place);
    h += 128;
    place += 8;
  }
}

function updateErrors(w: Increments): void {
  const step = f64x2.splat(w.stepPerSample);
  const one = f64x2.splat(1);
  const perSample = w.perSample;
  let isStale = false;
  for (let i = 0; i < w.n; i += 2) {
    const y = v128.load(at8(w.labels, i));
    const error = v128.and(f64x2.lt(f64x2.mul(y, v128.load(at8(w.outputs, i))), one), f64x2.mul(y, step));
    const at = at8(w.error, i);
    const changed = i64x2.bitmask(f64x2.ne(error, v128.load(at)));
    if (changed == 0) continue;
    v128.store(at, error);
    isStale = true;
    if (changed & 1) markStale(w, i, perSample);
    if (changed & 2) markStale(w, i + 1, perSample);
  }
  if (!isStale) return;
  for (let p = 0; p < w.D; p++) {
    if (load<u8>(w.stale + <usize>p) == 0) continue;
    store<u8>(w.stale + <usize>p, 0);
    const sum = sumHolders(w, w.holderStart, w.holder, p);
    if (sum == load<f64>(at8(w.errors, p))) continue;
    store<f64>(at8(w.errors, p), sum);
    renewPatch(w, p, sum);
  }
}

function markStale(w: Increments, i: i32, perSample: i32): void {
  for (let q = i * perSample; q < (i + 1) * perSample; q++) store<u8>(w.stale + <usize>load<i32>(at4(w.patchOf, q)), 1);
}

/** Every z_rp other than 0 as a change from 0. */
function restart(w: Increments, r: i32): void {
  const R = w.filters;
  let to = w.lists + ((<usize>r * <usize>w.D) << 4);
  let z = at8(w.z, r);
  for (let p = 0; p < w.D; p++) {
    const value = load<f64>(z);
    if (value != 0) {
      store<f64>(to, value);
      store<i32>(to, p << 6, 8);
      to += 16;
    }
    z += <usize>R << 3;
  }
  store<i32>(at4(w.ends, r), <i32>to);
  store<i32>(at4(w.fresh, r), 1);
  store<i32>(at4(w.corrections, r), 0);
  w.scratch += 1;
}

/** What changes in z. Returns whether anything moves. */
export function updateIncrements(w: Increments): bool {
  const R = w.filters;
  const D = w.D;
  clear(w);
  updateErrors(w);
  for (let r = 0; r < R; r++) {
    const first = w.turned + ((<usize>r * <usize>D) << 2);
    const last = <usize>load<i32>(at4(w.turnEnds, r));
    for (let at = first; at < last; at += 4) {
      const p = load<i32>(at);
      const h = w.state + ((<usize>(p >> 3) * <usize>R + <usize>r) << 7) + (<usize>(p & 7) << 3);
      renew(w, r, p << 6, load<f64>(at8(w.errors, p)), h, (<usize>p * <usize>R + <usize>r) << 3);
    }
    store<i32>(at4(w.turnEnds, r), <i32>first);
  }
  let moved = false;
  for (let r = 0; r < R; r++) {
    const nonZero = load<i32>(at4(w.nonZero, r));
    if (nonZero > 0) moved = true;
    const first = w.lists + ((<usize>r * <usize>D) << 4);
    const count = <i32>((<usize>load<i32>(at4(w.ends, r)) - first) >> 4);
    if (count == 0) continue;
    w.touched += <f64>count;
    const corrections = at4(w.corrections, r);
    if (count < nonZero) store<i32>(corrections, load<i32>(corrections) + 1);
    if (count >= nonZero || load<i32>(corrections) >= w.refresh) restart(w, r);
    w.rows += <f64>((<usize>load<i32>(at4(w.ends, r)) - first) >> 4);
  }
  return moved;
}
