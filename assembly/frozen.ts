/**
 * Steps on the patches' contributions alone, and the dense steps between them, two samples or patches a vector: the order
 * of arithmetic is that of src/dynamics/frozen.ts, frozen-phase.ts and sign-watch.ts. The host is src/dynamics/frozen-kernel.ts.
 */
import { at4, at8, get, set, take } from './memory';
import { sumHolders, sumPatches } from './patches';
import { exp4 } from './special';
import { beginLayOut, Training } from './training';

/** Bytes between the header of Training, of which n, perSample, filters, leak, the stop rule, labels, outputs, error and weights are used, and this one. */
const BEHIND: usize = 256;
const HEADERS: usize = 768;

/** The other part of the header. R filters; D distinct patches, rows of arrays over them padded with zeros to panels of eight. */
@unmanaged
class Frozen {
  // in i32 slots 0..7
  D: i32;
  panels: i32;
  window: i32;
  inPhase: i32;
  /** dense steps to make before the next phase */
  pause: i32;
  nextPause: i32;
  stepsInWindow: i32;
  firstPause: i32;
  // in f64 slots 4..
  /** what a window may cost */
  worth: f64;
  work: f64;
  workAtWindow: f64;
  longestPause: f64;
  referenceSum: f64;
  clock: f64;
  next: f64;
  spread: f64;
  costOfSetting: f64;
  inVain: f64;
  // counters
  frozen: f64;
  plain: f64;
  phases: f64;
  flips: f64;
  sets: f64;
  looks: f64;
  // addresses, in i32 slots 40..: f64 unless said
  /** row-major */
  gamma: usize;
  /** K, [panel][row q][8 columns] */
  kernel: usize;
  atStart: usize;
  present: usize;
  slopes: usize;
  shifts: usize;
  sums: usize;
  contributions: usize;
  /** E_p of the step to be made */
  errors: usize;
  /** i32 */
  live: usize;
  /** i32 */
  patchOf: usize;
  /** i32 */
  holderStart: usize;
  /** i32 */
  holder: usize;
  /** one sample that holds each patch, i32 */
  firstHolder: usize;
  /** patches with more than one, i32, and where the list ends */
  shared: usize;
  endOfShared: usize;
  /** one row */
  row: usize;
  /** factors other than 0 with the offset of their row, 16 bytes each */
  list: usize;
  l: usize;
  reference: usize;
  nextOfRow: usize;
  since: usize;
  margin: usize;
  speed: usize;
  due: usize;
  drift: usize;
  slack: usize;
  /** u8 */
  loose: usize;
  reach: usize;
  reachOff: usize;
  referenceErrors: usize;
  referenceSizes: usize;
  /** filters whose time is up, i32 */
  dueFilters: usize;
  /** pre-activations to look at: i32 filter, i32 offset in the arrays */
  looked: usize;
  /** those with a new sign: the same, and f64 h */
  turned: usize;
}

const ROUNDING: f64 = 1e-9;
const SHARPEST: f64 = 1.0 / 256.0;
const WIDEST: f64 = 0.5;
const FEW: f64 = 0.5;
const MANY: f64 = 2;
const TOO_MANY: f64 = 4;

// @ts-ignore: decorator
@inline
function frozenOf(s: Training): Frozen {
  return changetype<Frozen>(changetype<usize>(s) + BEHIND);
}

/** Bytes of a row over the patches. */
// @ts-ignore: decorator
@inline
function pitch(w: Frozen): usize {
  return <usize>w.panels << 6;
}

/** Lays out the arrays behind headers whose sizes are set; returns the first free address. */
export function layOutFrozen(s: Training): usize {
  const w = frozenOf(s);
  const n = <usize>((s.n + 3) & ~3);
  const D = <usize>w.D;
  const R = <usize>s.filters;
  const Q = <usize>(s.n * s.perSample);
  w.panels = (w.D + 7) >> 3;
  const row = pitch(w);
  beginLayOut(s, HEADERS);
  w.gamma = take(D * row);
  w.kernel = take(D * row);
  w.atStart = take(R * row);
  w.present = take(R * row);
  w.slopes = take(R * row);
  w.shifts = take(R * row);
  w.sums = take(row);
  w.contributions = take(row);
  w.errors = take(row);
  w.live = take(D * 4);
  w.patchOf = take(Q * 4);
  w.holderStart = take((D + 1) * 4);
  w.holder = take(Q * 4);
  w.firstHolder = take(D * 4);
  w.shared = take(D * 4);
  w.row = take(row);
  w.list = take((R > D ? R : D) * 16);
  w.l = take(n * 8);
  w.reference = take(n * 8);
  w.nextOfRow = take((R + 1) * 8);
  w.since = take(R * 8);
  w.margin = take(R * row);
  w.speed = take(R * row);
  w.due = take(R * row);
  w.drift = take(R * row);
  w.slack = take(R * row);
  w.loose = take(R * D);
  w.reach = take(row);
  w.reachOff = take(row);
  w.referenceErrors = take(row);
  w.referenceSizes = take(row);
  w.dueFilters = take((R + 2) * 4);
  w.looked = take((R * D + 1) * 8);
  w.turned = take((R * D + 1) * 16);
  return take(0);
}

/** Slopes and contributions at the run's start, in arrays that hold 0. */
export function beginFrozen(s: Training): void {
  const w = frozenOf(s);
  const row = pitch(w);
  set(w.nextOfRow, s.filters, Infinity); // the odd one's neighbour
  memory.copy(w.present, w.atStart, <usize>s.filters * row);
  for (let r = 0; r < s.filters; r++) {
    const first = <usize>r * row;
    for (let p = 0; p < w.D; p++) {
      const slope: f64 = get(w.atStart + first, p) > 0 ? 1 : s.leak;
      set(w.slopes + first, p, slope);
      if (slope != 0) store<i32>(at4(w.live, p), load<i32>(at4(w.live, p)) + 1);
    }
  }
  w.endOfShared = w.shared;
  for (let p = 0; p < w.D; p++) {
    const first = load<i32>(at4(w.holderStart, p));
    store<i32>(at4(w.firstHolder, p), load<i32>(at4(w.holder, first)));
    if (load<i32>(at4(w.holderStart, p + 1)) == first + 1) continue;
    store<i32>(w.endOfShared, p);
    w.endOfShared += 4;
  }
  contribute(s, w);
}

// ---- the phase ----

/** g from the present pre-activations. */
function contribute(s: Training, w: Frozen): void {
  const row = pitch(w);
  const leak = f64x2.splat(s.leak);
  for (let at: usize = 0; at < row; at += 32) {
    let sum0 = f64x2.splat(0);
    let sum1 = f64x2.splat(0);
    let from = w.present + at;
    for (let r = 0; r < s.filters; r++) {
      const a = v128.load64_splat(at8(s.weights, r));
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
function combine(w: Frozen, end: usize, base: usize, out: usize): void {
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
function append(to: usize, factor: f64, offset: usize): usize {
  store<f64>(to, factor);
  store<i32>(to, <i32>offset, 8);
  return factor != 0 ? to + 16 : to;
}

function buildKernel(s: Training, w: Frozen): void {
  const R = s.filters;
  const D = w.D;
  const row = pitch(w);
  const panel = <usize>D << 6;
  for (let p = 0; p < D; p++) {
    let end = w.list;
    for (let r = 0; r < R; r++) {
      const a = get(s.weights, r);
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

function step(w: Frozen): void {
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
function thaw(s: Training, w: Frozen): void {
  for (let r = 0; r < s.filters; r++) for (let p = 0; p < w.D; p++) set(w.present + <usize>r * pitch(w), p, preactivation(s, w, r, p));
}

/** The same for the host, which looks at a run in a phase. */
export function thawFrozen(s: Training): void {
  const w = frozenOf(s);
  if (w.inPhase) thaw(s, w);
}

function denseStep(s: Training, w: Frozen): void {
  const row = pitch(w);
  addErrors(w);
  for (let r = 0; r < s.filters; r++) {
    const a = get(s.weights, r);
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
      if (turned & 1) turn(s, w, r, p, f64x2.extract_lane(h, 0));
      if (turned & 2) turn(s, w, r, p + 1, f64x2.extract_lane(h, 1));
    }
  }
  contribute(s, w);
}

function preactivation(s: Training, w: Frozen, r: i32, p: i32): f64 {
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
  return get(w.atStart + first, p) + get(s.weights, r) * (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
}

/** Some patch with an error is one on which some filter has a slope. */
function moves(w: Frozen): bool {
  for (let p = 0; p < w.D; p++) if (get(w.errors, p) != 0 && load<i32>(at4(w.live, p)) > 0) return true;
  return false;
}

/** Filter r has changed its sign on patch p and sees h there now: its slope, and c. Returns the slope's change. */
function turn(s: Training, w: Frozen, r: i32, p: i32, h: f64): f64 {
  const at = <usize>r * pitch(w) + (<usize>p << 3);
  const before = load<f64>(w.slopes + at);
  const after: f64 = h > 0 ? 1 : s.leak;
  const change = after - before;
  store<f64>(w.slopes + at, after);
  store<f64>(w.shifts + at, load<f64>(w.shifts + at) - change * get(w.sums, p));
  const live = at4(w.live, p);
  store<i32>(live, load<i32>(live) + i32(before == 0) - i32(after == 0));
  return change;
}

/** The same in a frozen phase: g and K too. */
function flip(s: Training, w: Frozen, r: i32, p: i32, h: f64): void {
  const row = pitch(w);
  const slopes = w.slopes + <usize>r * row;
  const a = get(s.weights, r);
  const before = get(slopes, p);
  const change = turn(s, w, r, p, h);
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

// ---- the watch ----

function sumOf(x: usize, n: i32): f64 {
  let both = f64x2.splat(0);
  let i = 0;
  for (; i + 2 <= n; i += 2) both = f64x2.add(both, v128.load(at8(x, i)));
  let even = f64x2.extract_lane(both, 0);
  const odd = f64x2.extract_lane(both, 1);
  if (i < n) even += get(x, i);
  return even + odd;
}

function beginWatch(s: Training, w: Frozen): void {
  const size = <usize>s.filters * pitch(w);
  for (let at: usize = 0; at < size; at += 16) v128.store(w.margin + at, f64x2.abs(v128.load(w.present + at)));
  memory.fill(w.since, 0, <usize>s.filters << 3);
  memory.fill(w.speed, 0, size);
  w.clock = 0;
  w.referenceSum = NaN;
}

function admit(s: Training, w: Frozen): void {
  const lambda = sumOf(w.l, s.n) / w.referenceSum;
  w.work += <f64>s.n;
  const inVain = (<f64>(4 * w.D + 60) * w.inVain) / w.costOfSetting;
  if (!fits(s, w, lambda)) setWatch(s, w, inVain < FEW ? 2 * w.spread : inVain > MANY ? w.spread / 2 : w.spread);
  else if (inVain > TOO_MANY) setWatch(s, w, w.spread / 2);
  else {
    w.clock += lambda;
    return;
  }
  w.clock = 1;
}

function fits(s: Training, w: Frozen, lambda: f64): bool {
  const width = w.spread * lambda;
  const share = f64x2.splat(lambda);
  const wide = f64x2.splat(width);
  let i = 0;
  for (; i + 2 <= s.n; i += 2) {
    const expected = v128.load(at8(w.reference, i));
    const off = f64x2.abs(f64x2.sub(v128.load(at8(w.l, i)), f64x2.mul(share, expected)));
    if (!i64x2.all_true(f64x2.le(off, f64x2.mul(wide, expected)))) return false;
  }
  if (i < s.n) {
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

/** Lists the pre-activations whose time is up; returns the list's end. What is left of a filter's times gives its next one. */
function collect(s: Training, w: Frozen): usize {
  const row = pitch(w);
  const now = f64x2.splat(w.clock);
  const never = f64x2.splat(Infinity);
  // Which filters are due is as good as random: no branch asks.
  const filters = w.dueFilters;
  let end = filters;
  for (let r = 0; r < s.filters; r += 2) {
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
function look(s: Training, w: Frozen): void {
  const row = pitch(w);
  const clock = w.clock;
  const last = collect(s, w);
  // Looks read nothing that another filter's change of sign writes: all looks come first.
  let end = w.turned;
  for (let from = w.looked; from < last; from += 8) {
    const r = load<i32>(from);
    const at = <usize>load<i32>(from, 4);
    const h = preactivation(s, w, r, <i32>((at - <usize>r * row) >> 3));
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
  for (let from = w.turned; from < end; ) from = makeTurns(s, w, from, end);
  close(s, w);
}

/** The changes of sign of the filter at the head of a list; returns where the next filter's begin. */
function makeTurns(s: Training, w: Frozen, from: usize, end: usize): usize {
  const r = load<i32>(from);
  const first = from;
  let isNew = false;
  for (; from < end && load<i32>(from) == r; from += 16) {
    const p = placeOf(w, from);
    const loose = w.loose + <usize>(r * w.D + p);
    if (load<u8>(loose) == 0) {
      store<u8>(loose, 1);
      loosen(s, w, r, p);
      isNew = true;
    }
    flip(s, w, r, p, load<f64>(from, 8));
  }
  if (isNew) predict(s, w, r);
  else for (let at = first; at < from; at += 16) retime(s, w, r, placeOf(w, at), load<f64>(at, 8));
  return from;
}

/** The patch of an entry of that list. */
// @ts-ignore: decorator
@inline
function placeOf(w: Frozen, entry: usize): i32 {
  return <i32>((<usize>load<i32>(entry, 4) - <usize>load<i32>(entry) * pitch(w)) >> 3);
}

function setWatch(s: Training, w: Frozen, spread: f64): void {
  const R = s.filters;
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
  memory.copy(w.reference, w.l, <usize>s.n << 3);
  w.referenceSum = sumOf(w.l, s.n);
  for (let q = 0; q < D; q++) {
    let error: f64 = 0;
    let total: f64 = 0;
    for (let at = load<i32>(at4(w.holderStart, q)); at < load<i32>(at4(w.holderStart, q + 1)); at++) {
      const i = load<i32>(at4(w.holder, at));
      error += get(s.labels, i) * get(w.l, i);
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
  for (let p = 0; p < D; p++) set(w.reachOff, p, get(w.reach, p) - (1 - s.leak) * (Math.abs(get(w.gamma + <usize>p * row, p)) * get(w.referenceSizes, p)));
  memory.fill(w.slack, 0, size);
  memory.fill(w.loose, 0, <usize>(R * D));
  for (let r = 0; r < R; r++) {
    const a = get(s.weights, r);
    const slopes = w.slopes + <usize>r * row;
    let end = w.list;
    for (let q = 0; q < D; q++) end = append(end, a * get(slopes, q) * get(w.referenceErrors, q), <usize>q * row);
    combine(w, end, w.gamma, w.drift + <usize>r * row);
    predict(s, w, r);
  }
  w.work += <f64>R * <f64>D * <f64>D / 2;
  close(s, w);
  w.costOfSetting = w.work - before;
}

/** Filter r's slope on patch q, which is about to change, may from now on be either. */
function loosen(s: Training, w: Frozen, r: i32, q: i32): void {
  const row = pitch(w);
  const first = <usize>r * row;
  const step = get(s.weights, r) * ((1 + s.leak) / 2 - get(w.slopes + first, q)) * get(w.referenceErrors, q);
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

function predict(s: Training, w: Frozen, r: i32): void {
  const row = pitch(w);
  const first = <usize>r * row;
  const run = f64x2.splat(w.clock - get(w.since, r));
  const now = f64x2.splat(w.clock);
  const wide = f64x2.splat((w.spread + ROUNDING) * Math.abs(get(s.weights, r)));
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
function retime(s: Training, w: Frozen, r: i32, p: i32, h: f64): void {
  const at = <usize>r * pitch(w) + (<usize>p << 3);
  const m = h > 0 ? h : -h;
  const g = load<f64>(w.drift + at);
  const width = (w.spread + ROUNDING) * Math.abs(get(s.weights, r));
  const isOn = load<f64>(w.slopes + at) == 1;
  const v = (isOn ? -g : g) + load<f64>(w.slack + at) + width * get(isOn ? w.reach : w.reachOff, p);
  const time = whenDue(w.clock, m, v);
  store<f64>(w.margin + at, m + (w.clock - get(w.since, r)) * v);
  store<f64>(w.speed + at, v);
  store<f64>(w.due + at, time);
  if (time < get(w.nextOfRow, r)) set(w.nextOfRow, r, time);
}

function close(s: Training, w: Frozen): void {
  let firsts = f64x2.splat(Infinity);
  for (let r = 0; r < s.filters; r += 2) firsts = f64x2.pmin(firsts, v128.load(at8(w.nextOfRow, r)));
  w.next = smaller(firsts);
  w.work += <f64>s.filters;
}

// ---- the loop ----

/** f from g. Returns whether every output is finite. */
export function forwardFrozen(s: Training): bool {
  const w = frozenOf(s);
  return sumPatches(s, w.patchOf, w.contributions);
}

/** l_i, e_i and E_p. */
function derivatives(s: Training, w: Frozen): void {
  const step = f64x2.splat(s.stepPerSample);
  const one = f64x2.splat(1);
  for (let i = 0; i < s.n; i += 4) {
    const y0 = v128.load(at8(s.labels, i));
    const y1 = v128.load(at8(s.labels, i), 16);
    const l = at8(w.l, i);
    const e = at8(s.error, i);
    exp4(f64x2.mul(y0, v128.load(at8(s.outputs, i))), f64x2.mul(y1, v128.load(at8(s.outputs, i), 16)), l);
    const size0 = f64x2.mul(f64x2.div(one, f64x2.add(one, v128.load(l))), step);
    const size1 = f64x2.mul(f64x2.div(one, f64x2.add(one, v128.load(l, 16))), step);
    v128.store(l, size0);
    v128.store(l, size1, 16);
    v128.store(e, f64x2.mul(y0, size0));
    v128.store(e, f64x2.mul(y1, size1), 16);
  }
  // Most patches have one holder, and no branch asks which.
  let first = w.firstHolder;
  for (let to = w.errors, end = at8(to, w.D); to < end; to += 8) {
    store<f64>(to, 0 + get(s.error, load<i32>(first)));
    first += 4;
  }
  for (let shared = w.shared; shared < w.endOfShared; shared += 4) {
    const p = load<i32>(shared);
    set(w.errors, p, sumHolders(s, w.holderStart, w.holder, p));
  }
}

function beginPhase(s: Training, w: Frozen): void {
  w.stepsInWindow = 0;
  w.workAtWindow = w.work;
  buildKernel(s, w);
  beginWatch(s, w);
  w.inPhase = 1;
  w.pause = 0;
  w.phases += 1;
}

/** Ends the phase when its last window cost too much. */
function weigh(s: Training, w: Frozen): void {
  const pays = w.work - w.workAtWindow <= w.worth;
  w.stepsInWindow = 0;
  w.workAtWindow = w.work;
  if (pays) {
    w.nextPause = w.firstPause;
    return;
  }
  w.inPhase = 0;
  thaw(s, w);
  w.pause = w.nextPause;
  w.nextPause = min(<i32>w.longestPause, 2 * w.nextPause);
}

/** One gradient step. Returns false when nothing moves. */
export function updateFrozen(s: Training): bool {
  const w = frozenOf(s);
  if (!w.inPhase && w.pause-- == 0) beginPhase(s, w);
  derivatives(s, w);
  if (w.inPhase) admit(s, w);
  if (!moves(w)) return false;
  if (!w.inPhase) {
    denseStep(s, w);
    w.plain += 1;
    return true;
  }
  step(w);
  w.frozen += 1;
  if (w.clock >= w.next) look(s, w);
  if (++w.stepsInWindow == w.window) weigh(s, w);
  return true;
}
