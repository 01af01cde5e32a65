/** The plain algorithm in Gram space, two filters a vector: the order of arithmetic is that of src/dynamics/gram.ts. */
import { forwardMasked, updateMasked } from './masked';
import { at16, at8 } from './memory';
import { addProduct } from './product';
import { exp2, exp8, softplusOfMinus } from './special';
import { Masked, Training } from './training';

/** h > 0 ? whenOn : whenOff, lane by lane. */
// @ts-ignore: decorator
@inline
export function gate(h: v128, whenOn: v128, whenOff: v128): v128 {
  return v128.bitselect(whenOn, whenOff, f64x2.gt(h, f64x2.splat(0)));
}

/** P_rk of the two filters whose rows start at `even` and `odd`. */
// @ts-ignore: decorator
@inline
export function gather(even: usize, odd: usize, anchor: i32): v128 {
  return v128.load64_lane(at8(odd, anchor), v128.load64_splat(at8(even, anchor)), 1);
}

/** Sum over the terms of a patch of coefficient * P. */
// @ts-ignore: decorator
@inline
export function project(s: Training, q: i32, even: usize, odd: usize): v128 {
  let h = f64x2.splat(0);
  const end = load<i32>(s.termStart + (<usize>(q + 1) << 2));
  for (let t = load<i32>(s.termStart + (<usize>q << 2)); t < end; t++) {
    h = f64x2.add(h, f64x2.mul(v128.load64_splat(at8(s.termCoefficient, t)), gather(even, odd, load<i32>(s.termAnchor + (<usize>t << 2)))));
  }
  return h;
}

/** sigma(h) = h > 0 ? h : leak h. Where that is the larger of the two, one instruction says so; see `forward` for h = -infinity. */
// @ts-ignore: decorator
@inline
export function activate(convex: bool, h: v128, leak: v128): v128 {
  const low = f64x2.mul(leak, h);
  return convex ? f64x2.pmax(h, low) : gate(h, h, low);
}

/** Pre-activations, and f_i in two partial sums. Returns whether every f_i is finite. The first three arguments are literals. */
// @ts-ignore: decorator
@inline
function forwardAs(single: bool, convex: bool, two: bool, s: Training): bool {
  const n = s.n;
  const perSample = s.perSample;
  const Q = n * perSample;
  const leak = f64x2.splat(s.leak);
  const stride = <usize>((s.anchors + 1) & ~1) << 3;
  const partial = s.partial;
  const endOfPartial = at16(partial, n);
  const firstAnchor = s.termAnchor;
  const firstCoefficient = s.termCoefficient;
  memory.fill(partial, 0, <usize>n << 4);
  let HA = s.preactivations;
  let p0 = s.products;
  for (let r = 0; r < s.filters; r += 4) {
    // Adding 0 first makes -0 the +0 that a sum from 0 would have given.
    const bA = f64x2.add(v128.load(at8(s.biases, r)), f64x2.splat(0));
    const bB = f64x2.add(v128.load(at8(s.biases, r + 2)), f64x2.splat(0));
    const aA = v128.load(at8(s.weights, r));
    const aB = v128.load(at8(s.weights, r + 2));
    const p1 = p0 + stride;
    const p2 = p1 + stride;
    const p3 = p2 + stride;
    let HB = at16(HA, Q);
    let anchors = firstAnchor;
    let coefficients = firstCoefficient;
    let q = 0;
    for (let sum = partial; sum < endOfPartial; sum += 16) {
      let sA: v128;
      let sB: v128;
      if (two) {
        // Two patches of one term each, the usual form: no inner loop.
        const c = v128.load64_splat(coefficients);
        const d = v128.load64_splat(coefficients, 8);
        const anchor = load<i32>(anchors);
        const other = load<i32>(anchors, 4);
        const hA = f64x2.add(f64x2.mul(c, gather(p0, p1, anchor)), bA);
        const hB = f64x2.add(f64x2.mul(c, gather(p2, p3, anchor)), bB);
        const gA = f64x2.add(f64x2.mul(d, gather(p0, p1, other)), bA);
        const gB = f64x2.add(f64x2.mul(d, gather(p2, p3, other)), bB);
        v128.store(HA, hA);
        v128.store(HA, gA, 16);
        v128.store(HB, hB);
        v128.store(HB, gB, 16);
        HA += 32;
        HB += 32;
        anchors += 8;
        coefficients += 16;
        sA = f64x2.add(activate(convex, hA, leak), activate(convex, gA, leak));
        sB = f64x2.add(activate(convex, hB, leak), activate(convex, gB, leak));
      } else {
        sA = f64x2.splat(0);
        sB = f64x2.splat(0);
      }
      for (const end = two ? q : q + perSample; q < end; q++) {
        let hA: v128;
        let hB: v128;
        if (single) {
          const anchor = load<i32>(anchors);
          const c = v128.load64_splat(coefficients);
          anchors += 4;
          coefficients += 8;
          hA = f64x2.mul(c, gather(p0, p1, anchor));
          hB = f64x2.mul(c, gather(p2, p3, anchor));
        } else {
          hA = project(s, q, p0, p1);
          hB = project(s, q, p2, p3);
        }
        hA = f64x2.add(hA, bA);
        hB = f64x2.add(hB, bB);
        v128.store(HA, hA);
        v128.store(HB, hB);
        HA += 16;
        HB += 16;
        sA = f64x2.add(sA, activate(convex, hA, leak));
        sB = f64x2.add(sB, activate(convex, hB, leak));
      }
      v128.store(sum, f64x2.add(f64x2.add(v128.load(sum), f64x2.mul(aA, sA)), f64x2.mul(aB, sB)));
    }
    HA = HB;
    p0 = p3 + stride;
  }
  let finite: f64 = 0;
  for (let i = 0; i < n; i++) {
    const sum = v128.load(at16(partial, i));
    const f = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    finite += f - f; // NaN as soon as one output is not finite
    store<f64>(at8(s.outputs, i), f);
  }
  return finite == 0;
}

export function forwardByDefinition(s: Training): bool {
  return forwardAs(false, false, false, s);
}

/** The forward pass at the present weights. Returns whether every output is finite. */
export function forward(s: Training): bool {
  if (s.masked) {
    if (forwardMasked(changetype<Masked>(s))) return true;
  } else if (s.convex && (s.single ? (s.perSample == 2 ? forwardAs(true, true, true, s) : forwardAs(true, true, false, s)) : forwardAs(false, true, false, s))) return true;
  // Also where h = -infinity: the larger of h and 0 h = NaN is not NaN, as it should be.
  return forwardByDefinition(s);
}

/** e_i = (y_i slope(y_i f_i)) * stepPerSample, two samples at a time. */
export function errors(s: Training): void {
  const step = f64x2.splat(s.stepPerSample);
  const one = f64x2.splat(1);
  const hinge = s.loss == 1;
  let i = 0;
  for (; !hinge && i + 8 <= s.n; i += 8) {
    const labels = at8(s.labels, i);
    const outputs = at8(s.outputs, i);
    const error = at8(s.error, i);
    for (let at: usize = 0; at < 64; at += 16) v128.store(error + at, f64x2.mul(v128.load(labels + at), v128.load(outputs + at)));
    exp8(error);
    for (let at: usize = 0; at < 64; at += 16) {
      const slope = f64x2.div(one, f64x2.add(one, v128.load(error + at)));
      v128.store(error + at, f64x2.mul(f64x2.mul(v128.load(labels + at), slope), step));
    }
  }
  for (; i < s.n; i += 2) {
    const y = v128.load(at8(s.labels, i));
    const z = f64x2.mul(y, v128.load(at8(s.outputs, i)));
    const slope = hinge ? v128.and(f64x2.lt(z, one), one) : f64x2.div(one, f64x2.add(one, exp2(z)));
    v128.store(at8(s.error, i), f64x2.mul(f64x2.mul(y, slope), step));
  }
}

/** What an inactive unit passes on. */
// @ts-ignore: decorator
@inline
function changeOf(relu: bool, h: v128, e: v128, low: v128): v128 {
  return relu ? v128.and(e, f64x2.gt(h, f64x2.splat(0))) : gate(h, e, low);
}

/** Changes (e_i a_r) sigma'(h_rq) of four filters, their sums for the bias. Returns whether a bias moved. The first two arguments are literals. */
// @ts-ignore: decorator
@inline
function changesAs(relu: bool, two: bool, s: Training, r: i32): bool {
  const Q = s.n * s.perSample;
  const perSample = s.perSample;
  const leak = f64x2.splat(s.leak);
  const aA = v128.load(at8(s.weights, r));
  const aB = v128.load(at8(s.weights, r + 2));
  let HA = at8(s.preactivations, r * Q);
  let HB = at16(HA, Q);
  let out = s.changes;
  let dbA = f64x2.splat(0);
  let dbB = f64x2.splat(0);
  let error = s.error;
  for (const last = at8(error, s.n); error < last; error += 8) {
    const e = v128.load64_splat(error);
    const eA = f64x2.mul(e, aA);
    const eB = f64x2.mul(e, aB);
    const lowA = f64x2.mul(eA, leak);
    const lowB = f64x2.mul(eB, leak);
    if (two) {
      const changeA = changeOf(relu, v128.load(HA), eA, lowA);
      const changeB = changeOf(relu, v128.load(HB), eB, lowB);
      const otherA = changeOf(relu, v128.load(HA, 16), eA, lowA);
      const otherB = changeOf(relu, v128.load(HB, 16), eB, lowB);
      v128.store(out, changeA);
      v128.store(out, changeB, 16);
      v128.store(out, otherA, 32);
      v128.store(out, otherB, 48);
      dbA = f64x2.add(f64x2.add(dbA, changeA), otherA);
      dbB = f64x2.add(f64x2.add(dbB, changeB), otherB);
      HA += 32;
      HB += 32;
      out += 64;
    }
    for (let p = two ? 0 : perSample; p > 0; p--) {
      const changeA = changeOf(relu, v128.load(HA), eA, lowA);
      const changeB = changeOf(relu, v128.load(HB), eB, lowB);
      v128.store(out, changeA);
      v128.store(out, changeB, 16);
      dbA = f64x2.add(dbA, changeA);
      dbB = f64x2.add(dbB, changeB);
      HA += 16;
      HB += 16;
      out += 32;
    }
  }
  if (!s.bias) return false;
  const none = f64x2.splat(0);
  const b = at8(s.biases, r);
  v128.store(b, f64x2.add(v128.load(b), dbA));
  v128.store(b, f64x2.add(v128.load(b, 16), dbB), 16);
  return v128.any_true(v128.or(f64x2.ne(dbA, none), f64x2.ne(dbB, none)));
}

/** Writes (number, k) behind two lists; the bits of the result say which lists grow: those whose number is not 0. */
// @ts-ignore: decorator
@inline
function append(even: usize, odd: usize, k: v128, change: v128): i32 {
  v128.store(even, i64x2.shuffle(change, k, 0, 2));
  v128.store(odd, i64x2.shuffle(change, k, 1, 3));
  return i64x2.bitmask(f64x2.ne(change, f64x2.splat(0)));
}

/** dC of four filters from the changes: added to C, and listed for the product. Returns whether there is any. */
export function collect(s: Training, r: i32): bool {
  const K = s.anchors;
  const changes = s.changes;
  const listStride = <usize>(K + 1) << 4;
  const first = s.lists + <usize>r * listStride;
  let l0 = first;
  let l1 = first + listStride;
  let l2 = l1 + listStride;
  let l3 = l2 + listStride;
  let CA = at8(s.coefficients, r * K);
  const beyond = <usize>K << 4;
  let start = s.anchorStart;
  const firstPatch = s.anchorPatch;
  let patch = firstPatch;
  let coefficient = s.anchorCoefficient;
  let index = i64x2.splat(0);
  for (let k = 0; k < K; k++) {
    let dA = f64x2.splat(0);
    let dB = f64x2.splat(0);
    start += 4;
    const end = firstPatch + (<usize>load<i32>(start) << 2);
    if (patch < end) {
      // Most anchors have one term. Starting with it instead of 0 may give -0 for +0: neither changes anything below.
      const first = changes + <usize>load<i32>(patch);
      const c = v128.load64_splat(coefficient);
      dA = f64x2.mul(c, v128.load(first));
      dB = f64x2.mul(c, v128.load(first, 16));
      patch += 4;
      coefficient += 8;
      if (patch < end) {
        do {
          const change = changes + <usize>load<i32>(patch);
          const c = v128.load64_splat(coefficient);
          dA = f64x2.add(dA, f64x2.mul(c, v128.load(change)));
          dB = f64x2.add(dB, f64x2.mul(c, v128.load(change, 16)));
          patch += 4;
          coefficient += 8;
        } while (patch < end);
      }
    }
    v128.store(CA, f64x2.add(v128.load(CA), dA));
    v128.store(CA + beyond, f64x2.add(v128.load(CA + beyond), dB));
    CA += 16;
    const grownA = append(l0, l1, index, dA);
    const grownB = append(l2, l3, index, dB);
    index = i64x2.add(index, i64x2.splat(1));
    l0 += (grownA & 1) << 4;
    l1 += (grownA & 2) << 3;
    l2 += (grownB & 1) << 4;
    l3 += (grownB & 2) << 3;
  }
  const ends = s.listEnds + (<usize>r << 2);
  store<usize>(ends, l0);
  store<usize>(ends, l1, 4);
  store<usize>(ends, l2, 8);
  store<usize>(ends, l3, 12);
  return l0 + l1 + l2 + l3 != 4 * first + 6 * listStride;
}

export function change4(s: Training, r: i32): bool {
  const two = s.perSample == 2;
  return s.relu ? (two ? changesAs(true, true, s, r) : changesAs(true, false, s, r)) : two ? changesAs(false, true, s, r) : changesAs(false, false, s, r);
}

/** One gradient step, after `forward`. Returns whether anything moved. */
export function update(s: Training): bool {
  errors(s);
  if (s.masked) return updateMasked(changetype<Masked>(s));
  let moved = false;
  for (let r = 0; r < s.filters; r += 4) {
    if (change4(s, r)) moved = true;
    if (collect(s, r)) moved = true;
  }
  addProduct(s);
  return moved;
}

function meanLoss(s: Training): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < s.n; i++) {
    const z = load<f64>(at8(s.labels, i)) * load<f64>(at8(s.outputs, i));
    sum += s.loss == 1 ? (z < 1 ? 1 - z : 0) : softplusOfMinus(z);
  }
  return sum / <f64>s.n;
}

// Why a chunk ended; src/dynamics/gram-kernel.ts has the same list.
export const GOING = 0;
const NOT_FINITE = 1;
const MET = 2;
const STEP_LIMIT = 3;
export const STILL = 4;

/** A forward pass, then the stop rules. */
function look(s: Training): i32 {
  return verdict(s, forward(s));
}

/** The stop rules of src/dynamics/train.ts at the present outputs, all of which are finite or not. */
export function verdict(s: Training, finite: bool): i32 {
  const n = s.n;
  let wrong = 0;
  let shortfall: f64 = 0;
  for (let i = 0; i < n; i++) {
    const margin = load<f64>(at8(s.labels, i)) * load<f64>(at8(s.outputs, i));
    if (!(margin > 0)) {
      wrong++;
      shortfall -= margin;
    }
  }
  shortfall /= <f64>n;
  s.wrong = wrong;
  if (!finite || !(shortfall - shortfall == 0)) return NOT_FINITE;
  if (s.t == 0) s.threshold = s.divergenceFactor * Math.max(1, meanLoss(s));
  if (!(shortfall > s.threshold)) s.blownUpSince = -1;
  else if (s.blownUpSince < 0) s.blownUpSince = s.t;
  const rule = s.rule;
  const met =
    rule == 0 ? s.t == s.maxSteps
    : rule == 1 ? meanLoss(s) <= s.epsilon
    : rule == 2 ? wrong == 0
    : wrong == 0 && meanLoss(s) == 0;
  return met ? MET : s.t == s.maxSteps ? STEP_LIMIT : GOING;
}

/** Trains until step `until` or the end, whichever comes first. On return the outputs are those of step s.t. */
export function advance(s: Training, until: f64): i32 {
  if (!s.begun) {
    s.begun = 1;
    const ending = look(s);
    if (ending != GOING) return ending;
  }
  while (s.t < until) {
    if (!update(s)) return STILL;
    s.t += 1;
    const ending = look(s);
    if (ending != GOING) return ending;
  }
  return GOING;
}
