/**
 * Steps on the outputs alone, two samples or patches a vector: the order of arithmetic is that of
 * src/dynamics/frozen-phase.ts and sign-watch.ts. The host begins and ends phases (src/dynamics/frozen-kernel.ts).
 */
import { GOING, STILL, verdict } from './gram';
import { exp2 } from './special';
import { Training } from './training';

/** A phase and its watch, behind the fields of Training of which it uses n, perSample, filters, leak, the stop rule, labels, outputs, error and weights. */
@unmanaged
export class Frozen extends Training {
  // numbers, in f64 slots 26..
  referenceSum: f64;
  clock: f64;
  next: f64;
  spread: f64;
  costOfSetting: f64;
  work: f64;
  workAtWindow: f64;
  /** what a window may cost */
  worth: f64;
  inVain: f64;
  sets: f64;
  looks: f64;
  flips: f64;
  frozenSteps: f64;
  /** a window has paid since the phase began */
  paid: f64;
  // in i32 slots 80..
  /** distinct patches */
  D: i32;
  stepsInWindow: i32;
  window: i32;
  summed: i32;
  // addresses: f64 unless said
  /** n rows of n, padded to even */
  kernel: usize;
  gamma: usize;
  slopes: usize;
  shifts: usize;
  sums: usize;
  patchSums: usize;
  /** i32 */
  live: usize;
  /** i32 */
  patchOf: usize;
  /** i32 */
  holderStart: usize;
  /** i32 */
  holder: usize;
  column: usize;
  atStart: usize;
  reference: usize;
  l: usize;
  nextOfRow: usize;
  margin: usize;
  since: usize;
  speed: usize;
  due: usize;
  g: usize;
  reach: usize;
  errors: usize;
  sizes: usize;
  /** i32 */
  changed: usize;
  value: usize;
  seen: usize;
}

/** What `advanceFrozen` returns when a window did not pay. */
const PHASE_OVER = 5;
const ROUNDING: f64 = 1e-9;
const SHARPEST: f64 = 1.0 / 256.0;
const WIDEST: f64 = 0.5;

// @ts-ignore: decorator
@inline
function at8(base: usize, index: i32): usize {
  return base + (<usize>index << 3);
}

// @ts-ignore: decorator
@inline
function at4(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

// @ts-ignore: decorator
@inline
function get(base: usize, index: i32): f64 {
  return load<f64>(at8(base, index));
}

// @ts-ignore: decorator
@inline
function set(base: usize, index: i32, value: f64): void {
  store<f64>(at8(base, index), value);
}

let top: usize = 0;

function take(bytes: usize): usize {
  const at = top;
  top = (top + bytes + 15) & ~15;
  return at;
}

/** Lays out the arrays behind a header whose sizes are set; returns the first free address. */
export function layOutFrozen(s: Frozen): usize {
  const n = <usize>((s.n + 1) & ~1);
  const D = <usize>s.D;
  const R = <usize>s.filters;
  const RD = R * D * 8;
  const Q = <usize>(s.n * s.perSample);
  top = changetype<usize>(s) + 512;
  s.labels = take(n * 8);
  s.outputs = take(n * 8);
  s.error = take(n * 8);
  s.weights = take(R * 8);
  s.kernel = take(n * <usize>s.n * 8);
  s.gamma = take(D * D * 8);
  s.slopes = take(RD);
  s.shifts = take(RD);
  s.sums = take(n * 8);
  s.patchSums = take(D * 8);
  s.live = take(D * 4);
  s.patchOf = take(Q * 4);
  s.holderStart = take((D + 1) * 4);
  s.holder = take(Q * 4);
  s.column = take(D * 8);
  s.atStart = take(RD);
  s.reference = take(n * 8);
  s.l = take(n * 8);
  s.nextOfRow = take(R * 8);
  s.margin = take(RD);
  s.since = take(RD);
  s.speed = take(RD);
  s.due = take(RD);
  s.g = take(RD);
  s.reach = take(D * 8);
  s.errors = take(D * 8);
  s.sizes = take(D * 8);
  s.changed = take(D * 4);
  s.value = take(D * 8);
  s.seen = take(n * 8);
  return top;
}

// ---- the phase ----

/** l_i and e_i. */
function derivatives(s: Frozen): void {
  const step = f64x2.splat(s.stepPerSample);
  const one = f64x2.splat(1);
  for (let i = 0; i < s.n; i += 2) {
    const y = v128.load(at8(s.labels, i));
    const size = f64x2.mul(f64x2.div(one, f64x2.add(one, exp2(f64x2.mul(y, v128.load(at8(s.outputs, i)))))), step);
    v128.store(at8(s.l, i), size);
    v128.store(at8(s.error, i), f64x2.mul(y, size));
  }
}

/** Some sample with an error has a patch on which some filter has a slope. */
function moves(s: Frozen): bool {
  for (let i = 0; i < s.n; i++) {
    if (get(s.error, i) == 0) continue;
    for (let q = i * s.perSample; q < (i + 1) * s.perSample; q++) if (load<i32>(at4(s.live, load<i32>(at4(s.patchOf, q)))) > 0) return true;
  }
  return false;
}

function step(s: Frozen): void {
  const n = s.n;
  const f = s.outputs;
  const e = s.error;
  const stride = <usize>((n + 1) & ~1) << 3;
  const length = stride;
  let row = s.kernel;
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    const e0 = v128.load64_splat(at8(e, j));
    const e1 = v128.load64_splat(at8(e, j + 1));
    const e2 = v128.load64_splat(at8(e, j + 2));
    const e3 = v128.load64_splat(at8(e, j + 3));
    const row1 = row + stride;
    const row2 = row1 + stride;
    const row3 = row2 + stride;
    for (let i: usize = 0; i < length; i += 16) {
      let sum = v128.load(f + i);
      sum = f64x2.add(sum, f64x2.mul(v128.load(row + i), e0));
      sum = f64x2.add(sum, f64x2.mul(v128.load(row1 + i), e1));
      sum = f64x2.add(sum, f64x2.mul(v128.load(row2 + i), e2));
      sum = f64x2.add(sum, f64x2.mul(v128.load(row3 + i), e3));
      v128.store(f + i, sum);
    }
    row = row3 + stride;
  }
  for (; j < n; j++) {
    const ej = v128.load64_splat(at8(e, j));
    for (let i: usize = 0; i < length; i += 16) v128.store(f + i, f64x2.add(v128.load(f + i), f64x2.mul(v128.load(row + i), ej)));
    row += stride;
  }
  for (let i: usize = 0; i < length; i += 16) v128.store(s.sums + i, f64x2.add(v128.load(s.sums + i), v128.load(e + i)));
  s.summed = 0;
  s.work += <f64>(n * n);
}

function sumPatches(s: Frozen): void {
  if (s.summed) return;
  for (let p = 0; p < s.D; p++) {
    let sum: f64 = 0;
    for (let at = load<i32>(at4(s.holderStart, p)); at < load<i32>(at4(s.holderStart, p + 1)); at++) sum += get(s.sums, load<i32>(at4(s.holder, at)));
    set(s.patchSums, p, sum);
  }
  s.summed = 1;
}

function preactivation(s: Frozen, r: i32, p: i32): f64 {
  sumPatches(s);
  const D = s.D;
  const row = r * D;
  const shifts = at8(s.shifts, row);
  const slopes = at8(s.slopes, row);
  const gamma = at8(s.gamma, p * D);
  let both = f64x2.splat(0);
  let q = 0;
  for (; q + 2 <= D; q += 2) {
    both = f64x2.add(both, f64x2.mul(v128.load(at8(gamma, q)), f64x2.add(v128.load(at8(shifts, q)), f64x2.mul(v128.load(at8(slopes, q)), v128.load(at8(s.patchSums, q))))));
  }
  let even = f64x2.extract_lane(both, 0);
  const odd = f64x2.extract_lane(both, 1);
  if (q < D) even += get(gamma, q) * (get(shifts, q) + get(slopes, q) * get(s.patchSums, q));
  return get(s.atStart, row + p) + get(s.weights, r) * (even + odd);
}

function flip(s: Frozen, r: i32, p: i32, h: f64): f64 {
  sumPatches(s);
  const n = s.n;
  const D = s.D;
  const stride = (n + 1) & ~1;
  const perSample = s.perSample;
  const slopes = at8(s.slopes, r * D);
  const shift = at8(s.shifts, r * D + p);
  const a = get(s.weights, r);
  const before = get(slopes, p);
  const after: f64 = h > 0 ? 1 : s.leak;
  const change = after - before;
  const jump = a * change * h;
  const first = load<i32>(at4(s.holderStart, p));
  const last = load<i32>(at4(s.holderStart, p + 1));
  for (let at = first; at < last; at++) {
    const f = at8(s.outputs, load<i32>(at4(s.holder, at)));
    store<f64>(f, load<f64>(f) + jump);
  }
  store<f64>(shift, load<f64>(shift) - change * get(s.patchSums, p));
  const factor = a * a * change;
  set(slopes, p, before + change / 2);
  const gamma = at8(s.gamma, p * D);
  const both = f64x2.splat(factor);
  let q = 0;
  for (; q + 2 <= D; q += 2) v128.store(at8(s.column, q), f64x2.mul(both, f64x2.mul(v128.load(at8(gamma, q)), v128.load(at8(slopes, q)))));
  if (q < D) set(s.column, q, factor * (get(gamma, q) * get(slopes, q)));
  set(slopes, p, after);
  if (before == 0) store<i32>(at4(s.live, p), load<i32>(at4(s.live, p)) + 1);
  if (after == 0) store<i32>(at4(s.live, p), load<i32>(at4(s.live, p)) - 1);
  let patch = s.patchOf;
  for (let j = 0; j < n; j++) {
    let sum: f64 = 0;
    for (let k = 0; k < perSample; k++) {
      sum += get(s.column, load<i32>(patch));
      patch += 4;
    }
    set(s.seen, j, sum);
  }
  const pitch = <usize>stride << 3;
  const pairs = <usize>(n & ~1) << 3;
  for (let at = first; at < last; at++) {
    const i = load<i32>(at4(s.holder, at));
    const across = at8(s.kernel, i * stride);
    let down = at8(s.kernel, i);
    // Row first, then column: K_ii gets its two shares one after the other, as in the reference.
    for (let j: usize = 0; j < pairs; j += 16) v128.store(across + j, f64x2.add(v128.load(across + j), v128.load(s.seen + j)));
    if (n & 1) set(across, n - 1, get(across, n - 1) + get(s.seen, n - 1));
    for (let j = 0; j < n; j++) {
      store<f64>(down, load<f64>(down) + get(s.seen, j));
      down += pitch;
    }
    s.work += <f64>(2 * n);
  }
  s.work += <f64>(D + n * perSample);
  return change;
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

function fits(s: Frozen, lambda: f64): bool {
  const width = s.spread * lambda;
  const share = f64x2.splat(lambda);
  const wide = f64x2.splat(width);
  let i = 0;
  for (; i + 2 <= s.n; i += 2) {
    const expected = v128.load(at8(s.reference, i));
    const off = f64x2.abs(f64x2.sub(v128.load(at8(s.l, i)), f64x2.mul(share, expected)));
    if (!i64x2.all_true(f64x2.le(off, f64x2.mul(wide, expected)))) return false;
  }
  if (i < s.n) {
    const expected = get(s.reference, i);
    if (!(Math.abs(get(s.l, i) - lambda * expected) <= width * expected)) return false;
  }
  return true;
}

function admit(s: Frozen): void {
  const lambda = sumOf(s.l, s.n) / s.referenceSum;
  s.work += <f64>s.n;
  if (!fits(s, lambda)) setWatch(s, 2 * s.spread);
  else if (<f64>(4 * s.n) * s.inVain > 2 * s.costOfSetting) setWatch(s, s.spread / 2);
  else {
    s.clock += lambda;
    return;
  }
  s.clock = 1;
}

// @ts-ignore: decorator
@inline
function whenDue(now: f64, margin: f64, speed: f64): f64 {
  return speed > 0 ? now + (margin * (1 - ROUNDING)) / speed : Infinity;
}

function look(s: Frozen): void {
  const D = s.D;
  const R = s.filters;
  const clock = s.clock;
  const looksBefore = s.looks;
  for (let r = 0; r < R; r++) {
    if (!(clock >= get(s.nextOfRow, r))) continue;
    const row = r * D;
    let count = 0;
    let first = Infinity;
    let firsts = f64x2.splat(Infinity);
    const now = f64x2.splat(clock);
    for (let p = 0; p < D; p++) {
      const at = row + p;
      // two whose time has not come
      if (p + 2 <= D) {
        const times = v128.load(at8(s.due, at));
        if (i64x2.all_true(f64x2.lt(now, times))) {
          firsts = f64x2.pmin(firsts, times);
          p++;
          continue;
        }
      }
      let time = get(s.due, at);
      if (clock >= time) {
        const h = preactivation(s, r, p);
        s.looks += 1;
        s.inVain += 1;
        const m = h > 0 ? h : -h;
        set(s.margin, at, m);
        set(s.since, at, clock);
        time = whenDue(clock, m, get(s.speed, at));
        set(s.due, at, time);
        if (h > 0 != (get(s.slopes, at) == 1)) {
          store<i32>(at4(s.changed, count), p);
          set(s.value, count++, h);
        }
      }
      if (time < first) first = time;
    }
    first = Math.min(first, Math.min(f64x2.extract_lane(firsts, 0), f64x2.extract_lane(firsts, 1)));
    set(s.nextOfRow, r, first);
    if (count == 0) continue;
    for (let k = 0; k < count; k++) {
      const p = load<i32>(at4(s.changed, k));
      turn(s, r, p, flip(s, r, p, get(s.value, k)));
    }
    predict(s, r);
    s.inVain -= <f64>count;
    s.flips += <f64>count;
  }
  s.work += <f64>R + <f64>(s.n * s.perSample) + <f64>(4 * D) * (s.looks - looksBefore);
  close(s);
}

function setWatch(s: Frozen, spread: f64): void {
  const D = s.D;
  const size = s.filters * D;
  if (s.sets > 0) s.spread = Math.min(WIDEST, Math.max(SHARPEST, spread));
  s.sets += 1;
  s.inVain = 0;
  const before = s.work;
  for (let at = 0; at < size; at++) set(s.margin, at, get(s.margin, at) - (s.clock - get(s.since, at)) * get(s.speed, at));
  memory.fill(s.since, 0, <usize>size << 3);
  s.clock = 0;
  memory.copy(s.reference, s.l, <usize>s.n << 3);
  s.referenceSum = sumOf(s.l, s.n);
  for (let q = 0; q < D; q++) {
    let error: f64 = 0;
    let total: f64 = 0;
    for (let at = load<i32>(at4(s.holderStart, q)); at < load<i32>(at4(s.holderStart, q + 1)); at++) {
      const i = load<i32>(at4(s.holder, at));
      error += get(s.labels, i) * get(s.l, i);
      total += get(s.l, i);
    }
    set(s.errors, q, error);
    set(s.sizes, q, total);
  }
  memory.fill(s.reach, 0, <usize>D << 3);
  for (let q = 0; q < D; q++) for (let p = 0; p < D; p++) set(s.reach, p, get(s.reach, p) + Math.abs(get(s.gamma, q * D + p)) * get(s.sizes, q));
  memory.fill(s.g, 0, <usize>size << 3);
  for (let r = 0; r < s.filters; r++) {
    for (let q = 0; q < D; q++) if (get(s.slopes, r * D + q) != 0) turn(s, r, q, get(s.slopes, r * D + q));
    predict(s, r);
  }
  close(s);
  s.costOfSetting = s.work - before;
}

function turn(s: Frozen, r: i32, q: i32, change: f64): void {
  const D = s.D;
  const factor = get(s.weights, r) * change * get(s.errors, q);
  const both = f64x2.splat(factor);
  const g = at8(s.g, r * D);
  const gamma = at8(s.gamma, q * D);
  let p = 0;
  for (; p + 2 <= D; p += 2) v128.store(at8(g, p), f64x2.add(v128.load(at8(g, p)), f64x2.mul(both, v128.load(at8(gamma, p)))));
  if (p < D) set(g, p, get(g, p) + factor * get(gamma, p));
  s.work += <f64>D;
}

function predict(s: Frozen, r: i32): void {
  const D = s.D;
  const clock = s.clock;
  const width = (s.spread + ROUNDING) * Math.abs(get(s.weights, r));
  const row = r * D;
  const now = f64x2.splat(clock);
  const wide = f64x2.splat(width);
  const one = f64x2.splat(1);
  const none = f64x2.splat(0);
  const never = f64x2.splat(Infinity);
  const less = f64x2.splat(1 - ROUNDING);
  let firsts = never;
  let p = 0;
  for (; p + 2 <= D; p += 2) {
    const at = <usize>(row + p) << 3;
    const m = f64x2.sub(v128.load(s.margin + at), f64x2.mul(f64x2.sub(now, v128.load(s.since + at)), v128.load(s.speed + at)));
    const g = v128.load(s.g + at);
    const towards = v128.bitselect(f64x2.neg(g), g, f64x2.eq(v128.load(s.slopes + at), one));
    const v = f64x2.add(towards, f64x2.mul(wide, v128.load(at8(s.reach, p))));
    const time = v128.bitselect(f64x2.add(now, f64x2.div(f64x2.mul(m, less), v)), never, f64x2.gt(v, none));
    v128.store(s.margin + at, m);
    v128.store(s.since + at, now);
    v128.store(s.speed + at, v);
    v128.store(s.due + at, time);
    firsts = f64x2.pmin(firsts, time);
  }
  let first = f64x2.extract_lane(firsts, 0);
  const second = f64x2.extract_lane(firsts, 1);
  if (second < first) first = second;
  if (p < D) {
    const at = row + p;
    const m = get(s.margin, at) - (clock - get(s.since, at)) * get(s.speed, at);
    const g = get(s.g, at);
    const v = (get(s.slopes, at) == 1 ? -g : g) + width * get(s.reach, p);
    const time = whenDue(clock, m, v);
    set(s.margin, at, m);
    set(s.since, at, clock);
    set(s.speed, at, v);
    set(s.due, at, time);
    if (time < first) first = time;
  }
  set(s.nextOfRow, r, first);
  s.work += <f64>(6 * D);
}

function close(s: Frozen): void {
  let first = Infinity;
  for (let r = 0; r < s.filters; r++) {
    const time = get(s.nextOfRow, r);
    if (time < first) first = time;
  }
  s.next = first;
}

// ---- the loop ----

/** The stop rule at the present outputs: for steps that the host has made. */
export function checkFrozen(s: Frozen): i32 {
  return verdict(s, finite(s));
}

function finite(s: Frozen): bool {
  let sum: f64 = 0;
  for (let i = 0; i < s.n; i++) sum += get(s.outputs, i) - get(s.outputs, i); // NaN as soon as one output is not finite
  return sum == 0;
}

/** Steps in a phase until step `until`, the run's end or the phase's, whichever comes first. */
export function advanceFrozen(s: Frozen, until: f64): i32 {
  while (s.t < until) {
    derivatives(s);
    admit(s);
    if (!moves(s)) return STILL;
    step(s);
    s.t += 1;
    s.frozenSteps += 1;
    if (s.clock >= s.next) look(s);
    let over = false;
    if (++s.stepsInWindow == s.window) {
      over = !(s.work - s.workAtWindow <= s.worth);
      s.stepsInWindow = 0;
      s.workAtWindow = s.work;
      if (!over) s.paid = 1;
    }
    // The host makes the outputs anew from the products when the phase ends, and looks at them itself.
    if (over) return PHASE_OVER;
    const ending = verdict(s, finite(s));
    if (ending != GOING) return ending;
  }
  return GOING;
}
