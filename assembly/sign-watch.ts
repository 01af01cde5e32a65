/**
 * Which pre-activations must be looked at after a step: the order of arithmetic is that of src/dynamics/sign-watch.ts.
 */
import { append, combine, flip, preactivation } from './frozen-phase';
import { Frozen, pitch } from './frozen-state';
import { at4, at8, get, set } from './memory';

const ROUNDING: f64 = 1e-9;
const SHARPEST: f64 = 1.0 / 256.0;
const WIDEST: f64 = 0.5;
const FEW: f64 = 0.5;
const MANY: f64 = 2;
const TOO_MANY: f64 = 4;

function sumOf(x: usize, n: i32): f64 {
  let both = f64x2.splat(0);
  let i = 0;
  for (; i + 2 <= n; i += 2) both = f64x2.add(both, v128.load(at8(x, i)));
  let even = f64x2.extract_lane(both, 0);
  const odd = f64x2.extract_lane(both, 1);
  if (i < n) even += get(x, i);
  return even + odd;
}

export function beginWatch(w: Frozen): void {
  const size = <usize>w.filters * pitch(w);
  for (let at: usize = 0; at < size; at += 16) v128.store(w.margin + at, f64x2.abs(v128.load(w.present + at)));
  memory.fill(w.since, 0, <usize>w.filters << 3);
  memory.fill(w.speed, 0, size);
  w.clock = 0;
  w.referenceSum = NaN;
}

export function admit(w: Frozen): void {
  const lambda = sumOf(w.l, w.n) / w.referenceSum;
  w.work += <f64>w.n;
  const inVain = (<f64>(4 * w.D + 60) * w.inVain) / w.costOfSetting;
  if (!fits(w, lambda)) setWatch(w, inVain < FEW ? 2 * w.spread : inVain > MANY ? w.spread / 2 : w.spread);
  else if (inVain > TOO_MANY) setWatch(w, w.spread / 2);
  else {
    w.clock += lambda;
    return;
  }
  w.clock = 1;
}

function fits(w: Frozen, lambda: f64): bool {
  const width = w.spread * lambda;
  const share = f64x2.splat(lambda);
  const wide = f64x2.splat(width);
  let i = 0;
  for (; i + 2 <= w.n; i += 2) {
    const expected = v128.load(at8(w.reference, i));
    const off = f64x2.abs(f64x2.sub(v128.load(at8(w.l, i)), f64x2.mul(share, expected)));
    if (!i64x2.all_true(f64x2.le(off, f64x2.mul(wide, expected)))) return false;
  }
  if (i < w.n) {
    const expected = get(w.reference, i);
    if (!(Math.abs(get(w.l, i) - lambda * expected) <= width * expected)) return false;
  }
  return true;
}

/** The smaller of two times, of which none is NaN: cheaper than f64.min. */
// @ts-ignore: decorator
@inline
function smaller(times: v128): f64 {
  return f64x2.extract_lane(f64x2.pmin(times, i64x2.shuffle(times, times, 1, 0)), 0);
}

// @ts-ignore: decorator
@inline
function whenDue(now: f64, margin: f64, speed: f64): f64 {
  return speed > 0 ? now + (margin * (1 - ROUNDING)) / speed : Infinity;
}

/**
 * Lists the pre-activations whose time is up; returns the list's end. What is left of a filter's times gives its next
 * one.
 */
function collect(w: Frozen): usize {
  const row = pitch(w);
  const now = f64x2.splat(w.clock);
  const never = f64x2.splat(Infinity);
  // Which filters are due is as good as random: no branch asks.
  const filters = w.dueFilters;
  let end = filters;
  for (let r = 0; r < w.filters; r += 2) {
    const up = i64x2.bitmask(f64x2.ge(now, v128.load(at8(w.nextOfRow, r))));
    store<i32>(end, r);
    end += <usize>(up & 1) << 2;
    store<i32>(end, r + 1);
    end += <usize>(up & 2) << 1;
  }
  let to = w.looked;
  for (let filter = filters; filter < end; filter += 4) {
    const r = load<i32>(filter);
    let due = w.due + <usize>r * row;
    let firsts = never;
    let at = <i32>(<usize>r * row);
    for (const last = due + row; due < last; at += 512) {
      // 64 patches at a time: the loop over those that are up ends once, and where cannot be foreseen.
      let ups: u64 = 0;
      for (let shift: u64 = 0; shift < 64 && due < last; shift += 8) {
        const t0 = v128.load(due);
        const t1 = v128.load(due, 16);
        const t2 = v128.load(due, 32);
        const t3 = v128.load(due, 48);
        const u0 = f64x2.ge(now, t0);
        const u1 = f64x2.ge(now, t1);
        const u2 = f64x2.ge(now, t2);
        const u3 = f64x2.ge(now, t3);
        const n0 = f64x2.pmin(v128.bitselect(never, t0, u0), v128.bitselect(never, t1, u1));
        const n1 = f64x2.pmin(v128.bitselect(never, t2, u2), v128.bitselect(never, t3, u3));
        firsts = f64x2.pmin(firsts, f64x2.pmin(n0, n1));
        ups |= <u64>(i64x2.bitmask(u0) | (i64x2.bitmask(u1) << 2) | (i64x2.bitmask(u2) << 4) | (i64x2.bitmask(u3) << 6)) << shift;
        due += 64;
      }
      while (ups != 0) {
        store<i32>(to, r);
        store<i32>(to, at + (<i32>ctz(ups) << 3), 4);
        to += 8;
        ups &= ups - 1;
      }
    }
    set(w.nextOfRow, r, smaller(firsts));
  }
  w.work += <f64>((<i32>(end - filters) >> 2) * w.D);
  return to;
}

/** Looks at every pre-activation whose time is up, and makes the changes of sign. */
export function look(w: Frozen): void {
  const row = pitch(w);
  const clock = w.clock;
  const last = collect(w);
  // Looks read nothing that another filter's change of sign writes: all looks come first.
  let end = w.turned;
  for (let from = w.looked; from < last; from += 8) {
    const r = load<i32>(from);
    const at = <usize>load<i32>(from, 4);
    const h = preactivation(w, r, <i32>((at - <usize>r * row) >> 3));
    const m = Math.abs(h);
    const speed = load<f64>(w.speed + at);
    const time = whenDue(clock, m, speed);
    store<f64>(w.margin + at, m + (clock - get(w.since, r)) * speed);
    store<f64>(w.due + at, time);
    set(w.nextOfRow, r, f64x2.extract_lane(f64x2.pmin(f64x2.splat(get(w.nextOfRow, r)), f64x2.splat(time)), 0)); // no branch
    store<i32>(end, r);
    store<i32>(end, <i32>at, 4);
    store<f64>(end, h, 8);
    end += <usize>((h > 0) != (load<f64>(w.slopes + at) == 1)) << 4;
  }
  const looks = <i32>((last - w.looked) >> 3);
  const flips = <i32>((end - w.turned) >> 4);
  w.looks += <f64>looks;
  w.inVain += <f64>(looks - flips);
  w.flips += <f64>flips;
  w.work += <f64>(looks * (4 * w.D + 60));
  for (let from = w.turned; from < end; ) from = makeTurns(w, from, end);
  close(w);
}

/** The changes of sign of the filter at the head of a list; returns where the next filter's begin. */
function makeTurns(w: Frozen, from: usize, end: usize): usize {
  const r = load<i32>(from);
  const first = from;
  let isNew = false;
  for (; from < end && load<i32>(from) == r; from += 16) {
    const p = placeOf(w, from);
    const loose = w.loose + <usize>(r * w.D + p);
    if (load<u8>(loose) == 0) {
      store<u8>(loose, 1);
      loosen(w, r, p);
      isNew = true;
    }
    flip(w, r, p, load<f64>(from, 8));
  }
  if (isNew) predict(w, r);
  else for (let at = first; at < from; at += 16) retime(w, r, placeOf(w, at), load<f64>(at, 8));
  return from;
}

/** The patch of an entry of that list. */
// @ts-ignore: decorator
@inline
function placeOf(w: Frozen, entry: usize): i32 {
  return <i32>((<usize>load<i32>(entry, 4) - <usize>load<i32>(entry) * pitch(w)) >> 3);
}

function setWatch(w: Frozen, spread: f64): void {
  const R = w.filters;
  const D = w.D;
  const row = pitch(w);
  const size = <usize>R * row;
  if (w.sets > 0) w.spread = Math.min(WIDEST, Math.max(SHARPEST, spread));
  w.sets += 1;
  w.inVain = 0;
  const before = w.work;
  for (let r = 0; r < R; r++) {
    const run = f64x2.splat(w.clock - get(w.since, r));
    const last = <usize>(r + 1) * row;
    for (let at = <usize>r * row; at < last; at += 16) v128.store(w.margin + at, f64x2.sub(v128.load(w.margin + at), f64x2.mul(run, v128.load(w.speed + at))));
  }
  memory.fill(w.since, 0, <usize>R << 3);
  w.clock = 0;
  memory.copy(w.reference, w.l, <usize>w.n << 3);
  w.referenceSum = sumOf(w.l, w.n);
  for (let q = 0; q < D; q++) {
    let error: f64 = 0;
    let total: f64 = 0;
    for (let at = load<i32>(at4(w.holderStart, q)); at < load<i32>(at4(w.holderStart, q + 1)); at++) {
      const i = load<i32>(at4(w.holder, at));
      error += get(w.labels, i) * get(w.l, i);
      total += get(w.l, i);
    }
    set(w.referenceErrors, q, error);
    set(w.referenceSizes, q, total);
  }
  memory.fill(w.reach, 0, row);
  for (let q = 0; q < D; q++) {
    const total = f64x2.splat(get(w.referenceSizes, q));
    const gamma = w.gamma + <usize>q * row;
    for (let at: usize = 0; at < row; at += 16) v128.store(w.reach + at, f64x2.add(v128.load(w.reach + at), f64x2.mul(f64x2.abs(v128.load(gamma + at)), total)));
  }
  for (let p = 0; p < D; p++) set(w.reachOff, p, get(w.reach, p) - (1 - w.leak) * (Math.abs(get(w.gamma + <usize>p * row, p)) * get(w.referenceSizes, p)));
  memory.fill(w.slack, 0, size);
  memory.fill(w.loose, 0, <usize>(R * D));
  for (let r = 0; r < R; r++) {
    const a = get(w.weights, r);
    const slopes = w.slopes + <usize>r * row;
    let end = w.list;
    for (let q = 0; q < D; q++) end = append(end, a * get(slopes, q) * get(w.referenceErrors, q), <usize>q * row);
    combine(w, end, w.gamma, w.drift + <usize>r * row);
    predict(w, r);
  }
  w.work += <f64>R * <f64>D * <f64>D / 2;
  close(w);
  w.costOfSetting = w.work - before;
}

/** Filter r's slope on patch q, which is about to change, may from now on be either. */
function loosen(w: Frozen, r: i32, q: i32): void {
  const row = pitch(w);
  const first = <usize>r * row;
  const step = get(w.weights, r) * ((1 + w.leak) / 2 - get(w.slopes + first, q)) * get(w.referenceErrors, q);
  const factor = f64x2.splat(step);
  const size = f64x2.splat(Math.abs(step));
  const gamma = w.gamma + <usize>q * row;
  for (let p: usize = 0; p < row; p += 16) {
    const at = first + p;
    const change = v128.load(gamma + p);
    v128.store(w.drift + at, f64x2.add(v128.load(w.drift + at), f64x2.mul(factor, change)));
    v128.store(w.slack + at, f64x2.add(v128.load(w.slack + at), f64x2.mul(size, f64x2.abs(change))));
  }
  w.work += <f64>(2 * w.D);
}

function predict(w: Frozen, r: i32): void {
  const row = pitch(w);
  const first = <usize>r * row;
  const run = f64x2.splat(w.clock - get(w.since, r));
  const now = f64x2.splat(w.clock);
  const wide = f64x2.splat((w.spread + ROUNDING) * Math.abs(get(w.weights, r)));
  const one = f64x2.splat(1);
  const none = f64x2.splat(0);
  const never = f64x2.splat(Infinity);
  const less = f64x2.splat(1 - ROUNDING);
  let firsts = never;
  for (let p: usize = 0; p < row; p += 16) {
    const at = first + p;
    const m = f64x2.sub(v128.load(w.margin + at), f64x2.mul(run, v128.load(w.speed + at)));
    const g = v128.load(w.drift + at);
    const isOn = f64x2.eq(v128.load(w.slopes + at), one);
    const towards = v128.bitselect(f64x2.neg(g), g, isOn);
    const reach = v128.bitselect(v128.load(w.reach + p), v128.load(w.reachOff + p), isOn);
    const v = f64x2.add(f64x2.add(towards, v128.load(w.slack + at)), f64x2.mul(wide, reach));
    const time = v128.bitselect(f64x2.add(now, f64x2.div(f64x2.mul(m, less), v)), never, f64x2.gt(v, none));
    v128.store(w.margin + at, m);
    v128.store(w.speed + at, v);
    v128.store(w.due + at, time);
    firsts = f64x2.pmin(firsts, time);
  }
  set(w.since, r, w.clock);
  set(w.nextOfRow, r, smaller(firsts));
  w.work += <f64>(12 * w.D);
}

/** The same for one pre-activation, h now, whose filter keeps its speeds. */
function retime(w: Frozen, r: i32, p: i32, h: f64): void {
  const at = <usize>r * pitch(w) + (<usize>p << 3);
  const m = h > 0 ? h : -h;
  const g = load<f64>(w.drift + at);
  const width = (w.spread + ROUNDING) * Math.abs(get(w.weights, r));
  const isOn = load<f64>(w.slopes + at) == 1;
  const v = (isOn ? -g : g) + load<f64>(w.slack + at) + width * get(isOn ? w.reach : w.reachOff, p);
  const time = whenDue(w.clock, m, v);
  store<f64>(w.margin + at, m + (w.clock - get(w.since, r)) * v);
  store<f64>(w.speed + at, v);
  store<f64>(w.due + at, time);
  if (time < get(w.nextOfRow, r)) set(w.nextOfRow, r, time);
}

function close(w: Frozen): void {
  let firsts = f64x2.splat(Infinity);
  for (let r = 0; r < w.filters; r += 2) firsts = f64x2.pmin(firsts, v128.load(at8(w.nextOfRow, r)));
  w.next = smaller(firsts);
  w.work += <f64>w.filters;
}
