/** The plain algorithm in Gram space, two filters a vector: the order of arithmetic is that of src/dynamics/gram.ts. */
import { addTo, at16, at8 } from './memory';
import { GENERAL, kindOf, NONE, settle, SIMPLE } from './moving';
import { exp2, exp8, raised } from './special';
import { Loss, Plain } from './training';

/** h > 0 ? whenOn : whenOff, lane by lane. */
// @ts-ignore: decorator
@inline
export function gate(h: v128, whenOn: v128, whenOff: v128): v128 {
  return v128.bitselect(whenOn, whenOff, f64x2.gt(h, f64x2.splat(0)));
}

/** P_rk of the two filters whose rows start at `even` and `odd`. */
// @ts-ignore: decorator
@inline
function gather(even: usize, odd: usize, anchor: i32): v128 {
  return v128.load64_lane(at8(odd, anchor), v128.load64_splat(at8(even, anchor)), 1);
}

/** Sum over the terms of a patch of coefficient * P. */
// @ts-ignore: decorator
@inline
function project(s: Plain, q: i32, even: usize, odd: usize): v128 {
  let h = f64x2.splat(0);
  const end = load<i32>(s.termStart + (<usize>(q + 1) << 2));
  for (let t = load<i32>(s.termStart + (<usize>q << 2)); t < end; t++) {
    h = f64x2.add(h, f64x2.mul(v128.load64_splat(at8(s.termCoefficient, t)), gather(even, odd, load<i32>(s.termAnchor + (<usize>t << 2)))));
  }
  return h;
}

// Activations, a literal wherever one is asked for. h > 0 ? h : leak h, by definition; where that is the larger of the
// two, one instruction says so (see `forwardPlain` for h = -infinity); with leak 0; max(0, h)^power.
const PIECEWISE: i32 = 0;
const LARGER: i32 = 1;
const RELU: i32 = 2;
const POWER: i32 = 3;

/** The lanes of `value` where h > 0, and 0 elsewhere. */
// @ts-ignore: decorator
@inline
function positive(h: v128, value: v128): v128 {
  return v128.and(value, f64x2.gt(h, f64x2.splat(0)));
}

/** sigma(h). */
// @ts-ignore: decorator
@inline
function activate(activation: i32, h: v128, leak: v128, power: i32): v128 {
  if (activation == POWER) return positive(h, raised(h, power));
  const low = f64x2.mul(leak, h);
  return activation == LARGER ? f64x2.pmax(h, low) : gate(h, h, low);
}

/**
 * Pre-activations, and f_i in two partial sums. Returns whether every f_i is finite. The first four arguments are
 * literals: patches of one term, two of them, the activation, an output weight for each patch.
 */
// @ts-ignore: decorator
@inline
function forwardAs(single: bool, two: bool, activation: i32, perPatch: bool, s: Plain): bool {
  const n = s.n;
  const perSample = s.perSample;
  const Q = n * perSample;
  const leak = f64x2.splat(s.leak);
  const power = activation == POWER ? s.power : 0;
  const stride = <usize>((s.anchors + 1) & ~1) << 3;
  const weightStride = perPatch ? <usize>((s.filters + 3) & ~3) << 3 : 0;
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
    const firstWeight = at8(s.weights, r);
    const aA = v128.load(firstWeight);
    const aB = v128.load(firstWeight, 16);
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
        sA = f64x2.add(activate(activation, hA, leak, power), activate(activation, gA, leak, power));
        sB = f64x2.add(activate(activation, hB, leak, power), activate(activation, gB, leak, power));
      } else {
        sA = f64x2.splat(0);
        sB = f64x2.splat(0);
      }
      let weight = firstWeight;
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
        const valueA = activate(activation, hA, leak, power);
        const valueB = activate(activation, hB, leak, power);
        sA = f64x2.add(sA, perPatch ? f64x2.mul(v128.load(weight), valueA) : valueA);
        sB = f64x2.add(sB, perPatch ? f64x2.mul(v128.load(weight, 16), valueB) : valueB);
        if (perPatch) weight += weightStride;
      }
      v128.store(sum, f64x2.add(f64x2.add(v128.load(sum), perPatch ? sA : f64x2.mul(aA, sA)), perPatch ? sB : f64x2.mul(aB, sB)));
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

export function forwardByDefinition(s: Plain): bool {
  return forwardAs(false, false, PIECEWISE, false, s);
}

// @ts-ignore: decorator
@inline
function forwardWith(activation: i32, s: Plain): bool {
  return s.single ? (s.perSample == 2 ? forwardAs(true, true, activation, false, s) : forwardAs(true, false, activation, false, s)) : forwardAs(false, false, activation, false, s);
}

/** The forward pass at the present weights. Returns whether every output is finite. */
export function forwardPlain(s: Plain): bool {
  // By definition also where h = -infinity: the larger of h and 0 h = NaN is not NaN, as it should be.
  return (s.convex && forwardWith(LARGER, s)) || forwardByDefinition(s);
}

/** The same for max(0, h)^power. */
export function forwardPower(s: Plain): bool {
  return forwardWith(POWER, s);
}

/** The same with an output weight for each patch. */
export function forwardPerPatch(s: Plain): bool {
  return (s.convex && s.single && forwardAs(true, false, LARGER, true, s)) || forwardAs(false, false, PIECEWISE, true, s);
}

/**
 * e_i = (y_i slope(y_i f_i)) * (the step size * the sample's weight), two samples at a time. `weighed` is a literal.
 */
// @ts-ignore: decorator
@inline
function errorsAs(weighed: bool, s: Plain): void {
  const each = f64x2.splat(s.each);
  const one = f64x2.splat(1);
  const hinge = s.loss == Loss.HINGE;
  const labels = s.seen;
  const weights = s.weighed;
  let i = 0;
  for (; !hinge && i + 8 <= s.n; i += 8) {
    const y = at8(labels, i);
    const w = at8(weights, i);
    const outputs = at8(s.outputs, i);
    const error = at8(s.error, i);
    for (let at: usize = 0; at < 64; at += 16) v128.store(error + at, f64x2.mul(v128.load(y + at), v128.load(outputs + at)));
    exp8(error);
    for (let at: usize = 0; at < 64; at += 16) {
      const slope = f64x2.div(one, f64x2.add(one, v128.load(error + at)));
      const step = weighed ? f64x2.mul(each, v128.load(w + at)) : each;
      v128.store(error + at, f64x2.mul(f64x2.mul(v128.load(y + at), slope), step));
    }
  }
  for (; i < s.n; i += 2) {
    const y = v128.load(at8(labels, i));
    const z = f64x2.mul(y, v128.load(at8(s.outputs, i)));
    const slope = hinge ? v128.and(f64x2.lt(z, one), one) : f64x2.div(one, f64x2.add(one, exp2(z)));
    const step = weighed ? f64x2.mul(each, v128.load(at8(weights, i))) : each;
    v128.store(at8(s.error, i), f64x2.mul(f64x2.mul(y, slope), step));
  }
}

export function errors(s: Plain): void {
  if (s.weighed) errorsAs(true, s);
  else errorsAs(false, s);
}

/** e sigma'(h); `low` is e times the leak. */
// @ts-ignore: decorator
@inline
function changeOf(activation: i32, h: v128, e: v128, low: v128, power: i32): v128 {
  if (activation == POWER) return positive(h, f64x2.mul(e, f64x2.mul(f64x2.splat(<f64>power), raised(h, power - 1))));
  return activation == RELU ? positive(h, e) : gate(h, e, low);
}

/** The biases' own step, of four filters. Returns in which lanes it moved one. */
// @ts-ignore: decorator
@inline
export function stepBiases(s: Plain, r: i32, dbA: v128, dbB: v128): v128 {
  const none = f64x2.splat(0);
  if (!s.bias) return none;
  const b = at8(s.biases, r);
  const pulled = v128.or(f64x2.ne(dbA, none), f64x2.ne(dbB, none));
  if (s.remembers) {
    const A = f64x2.ne(settle(false, s, b, s.biasesMemory, dbA), none);
    return v128.or(pulled, v128.or(A, f64x2.ne(settle(false, s, b + 16, s.biasesMemory, dbB), none)));
  }
  addTo(b, dbA);
  addTo(b + 16, dbB);
  return pulled;
}

/**
 * Changes (e_i a_r) sigma'(h_rq) of four filters, their sums for the bias. Returns whether a bias moved. The first two
 * arguments are literals.
 */
// @ts-ignore: decorator
@inline
function changesAs(activation: i32, two: bool, s: Plain, r: i32): bool {
  const Q = s.n * s.perSample;
  const perSample = s.perSample;
  const leak = f64x2.splat(s.leak);
  const power = activation == POWER ? s.power : 0;
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
      const changeA = changeOf(activation, v128.load(HA), eA, lowA, power);
      const changeB = changeOf(activation, v128.load(HB), eB, lowB, power);
      const otherA = changeOf(activation, v128.load(HA, 16), eA, lowA, power);
      const otherB = changeOf(activation, v128.load(HB, 16), eB, lowB, power);
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
      const changeA = changeOf(activation, v128.load(HA), eA, lowA, power);
      const changeB = changeOf(activation, v128.load(HB), eB, lowB, power);
      v128.store(out, changeA);
      v128.store(out, changeB, 16);
      dbA = f64x2.add(dbA, changeA);
      dbB = f64x2.add(dbB, changeB);
      HA += 16;
      HB += 16;
      out += 32;
    }
  }
  return v128.any_true(stepBiases(s, r, dbA, dbB));
}

/** Writes (number, k) behind two lists; the bits of the result say which lists grow: those whose number is not 0. */
// @ts-ignore: decorator
@inline
function append(even: usize, odd: usize, k: v128, change: v128): i32 {
  v128.store(even, i64x2.shuffle(change, k, 0, 2));
  v128.store(odd, i64x2.shuffle(change, k, 1, 3));
  return i64x2.bitmask(f64x2.ne(change, f64x2.splat(0)));
}

/** `kind` is a literal. */
// @ts-ignore: decorator
@inline
function collectAs(kind: i32, s: Plain, r: i32): bool {
  const memory = s.coefficientsMemory;
  let some = f64x2.splat(0);
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
    if (kind != NONE) {
      some = v128.or(some, settle(kind == SIMPLE, s, CA, memory, dA));
      some = v128.or(some, settle(kind == SIMPLE, s, CA + beyond, memory, dB));
    } else {
      v128.store(CA, f64x2.add(v128.load(CA), dA));
      v128.store(CA + beyond, f64x2.add(v128.load(CA + beyond), dB));
    }
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
  return l0 + l1 + l2 + l3 != 4 * first + 6 * listStride || (kind != NONE && v128.any_true(i64x2.shl(some, 1)));
}

/** dC of four filters from the changes: moves C, and is listed for the product. Returns whether anything moved. */
export function collect(s: Plain, r: i32): bool {
  const kind = kindOf(s);
  return kind == NONE ? collectAs(NONE, s, r) : kind == SIMPLE ? collectAs(SIMPLE, s, r) : collectAs(GENERAL, s, r);
}

/** The changes of four filters, and their biases' own step. Returns whether a bias moved. */
export function changePlain(s: Plain, r: i32): bool {
  const two = s.perSample == 2;
  if (s.power) return two ? changesAs(POWER, true, s, r) : changesAs(POWER, false, s, r);
  if (s.relu) return two ? changesAs(RELU, true, s, r) : changesAs(RELU, false, s, r);
  return two ? changesAs(PIECEWISE, true, s, r) : changesAs(PIECEWISE, false, s, r);
}
