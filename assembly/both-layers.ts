/**
 * The plain algorithm with a trained output layer: filters and output weights move together. The order of arithmetic is
 * that of src/dynamics/gram.ts; fixed output layers go through assembly/gram.ts.
 */
import { activate, collect, errors, gate, gather, GOING, project, STILL, verdict } from './gram';
import { at16, at8, take } from './memory';
import { addProduct } from './product';
import { layOut, Training } from './training';

/** `weights` holds a_rs column by column: `outputColumns` times R f64, R padded as everywhere. */
@unmanaged
export class BothLayers extends Training {
  // number, in f64 slot 26
  /** etaOutput * (unit * unit) */
  outputRate: f64;
  // in i32 slots 54..
  /** output weights of a filter: 1, or one for each patch */
  outputColumns: i32;
  /** sums of e_i sigma(h) of four filters, outputColumns x 4 f64 */
  outputChange: usize;
}

/** Lays out the arrays behind a header whose sizes are set; returns the first free address. */
export function layOutBothLayers(s: BothLayers): usize {
  layOut(s);
  s.weights = take(<usize>s.outputColumns * outputStride(s));
  s.outputChange = take(<usize>s.outputColumns * 32);
  return take(0);
}

/** Bytes from one column of output weights to the next. */
// @ts-ignore: decorator
@inline
function outputStride(s: BothLayers): usize {
  return <usize>((s.filters + 3) & ~3) << 3;
}

/** Pre-activations, and f_i in two partial sums. Returns whether every f_i is finite. The first three arguments are literals. */
// @ts-ignore: decorator
@inline
function forwardAs(single: bool, convex: bool, shared: bool, s: BothLayers): bool {
  const n = s.n;
  const perSample = s.perSample;
  const Q = n * perSample;
  const leak = f64x2.splat(s.leak);
  const stride = <usize>((s.anchors + 1) & ~1) << 3;
  const weightStride = outputStride(s);
  const partial = s.partial;
  const endOfPartial = at16(partial, n);
  memory.fill(partial, 0, <usize>n << 4);
  let HA = s.preactivations;
  let p0 = s.products;
  for (let r = 0; r < s.filters; r += 4) {
    const bA = f64x2.add(v128.load(at8(s.biases, r)), f64x2.splat(0)); // -0 as in gram.ts
    const bB = f64x2.add(v128.load(at8(s.biases, r + 2)), f64x2.splat(0));
    const firstWeight = at8(s.weights, r);
    const aA = v128.load(firstWeight);
    const aB = v128.load(firstWeight, 16);
    const p1 = p0 + stride;
    const p2 = p1 + stride;
    const p3 = p2 + stride;
    let HB = at16(HA, Q);
    let anchors = s.termAnchor;
    let coefficients = s.termCoefficient;
    let q = 0;
    for (let sum = partial; sum < endOfPartial; sum += 16) {
      let sA = f64x2.splat(0);
      let sB = f64x2.splat(0);
      let weight = firstWeight;
      for (const end = q + perSample; q < end; q++) {
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
        const valueA = activate(convex, hA, leak);
        const valueB = activate(convex, hB, leak);
        sA = f64x2.add(sA, shared ? valueA : f64x2.mul(v128.load(weight), valueA));
        sB = f64x2.add(sB, shared ? valueB : f64x2.mul(v128.load(weight, 16), valueB));
        if (!shared) weight += weightStride;
      }
      v128.store(sum, f64x2.add(f64x2.add(v128.load(sum), shared ? f64x2.mul(aA, sA) : sA), shared ? f64x2.mul(aB, sB) : sB));
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

function forwardByDefinition(s: BothLayers): bool {
  return s.outputColumns == 1 ? forwardAs(false, false, true, s) : forwardAs(false, false, false, s);
}

/** The forward pass at the present weights. Returns whether every output is finite. */
export function forwardBothLayers(s: BothLayers): bool {
  if (s.convex && s.single && (s.outputColumns == 1 ? forwardAs(true, true, true, s) : forwardAs(true, true, false, s))) return true;
  // Also where h = -infinity, see gram.ts.
  return forwardByDefinition(s);
}

/**
 * Changes (e_i a_rs) sigma'(h_rq) of four filters and their sums for the bias; then the output weights' own step.
 * Returns whether a bias or an output weight moved. The first argument is a literal.
 */
// @ts-ignore: decorator
@inline
function changesAs(shared: bool, s: BothLayers, r: i32): bool {
  const Q = s.n * s.perSample;
  const perSample = s.perSample;
  const leak = f64x2.splat(s.leak);
  const weightStride = outputStride(s);
  const firstWeight = at8(s.weights, r);
  const sums = s.outputChange;
  memory.fill(sums, 0, <usize>s.outputColumns << 5);
  let HA = at8(s.preactivations, r * Q);
  let HB = at16(HA, Q);
  let out = s.changes;
  let dbA = f64x2.splat(0);
  let dbB = f64x2.splat(0);
  // Of a shared weight: the sums of e_i sigma(h) stay in registers.
  let daA = f64x2.splat(0);
  let daB = f64x2.splat(0);
  const aA = v128.load(firstWeight);
  const aB = v128.load(firstWeight, 16);
  let error = s.error;
  for (const last = at8(error, s.n); error < last; error += 8) {
    const e = v128.load64_splat(error);
    let eA = f64x2.mul(e, aA);
    let eB = f64x2.mul(e, aB);
    let weight = firstWeight;
    let sum = sums;
    for (let p = perSample; p > 0; p--) {
      if (!shared) {
        eA = f64x2.mul(e, v128.load(weight));
        eB = f64x2.mul(e, v128.load(weight, 16));
        weight += weightStride;
      }
      const hA = v128.load(HA);
      const hB = v128.load(HB);
      const changeA = gate(hA, eA, f64x2.mul(eA, leak));
      const changeB = gate(hB, eB, f64x2.mul(eB, leak));
      v128.store(out, changeA);
      v128.store(out, changeB, 16);
      dbA = f64x2.add(dbA, changeA);
      dbB = f64x2.add(dbB, changeB);
      const pushA = f64x2.mul(e, gate(hA, hA, f64x2.mul(leak, hA)));
      const pushB = f64x2.mul(e, gate(hB, hB, f64x2.mul(leak, hB)));
      if (shared) {
        daA = f64x2.add(daA, pushA);
        daB = f64x2.add(daB, pushB);
      } else {
        v128.store(sum, f64x2.add(v128.load(sum), pushA));
        v128.store(sum, f64x2.add(v128.load(sum, 16), pushB), 16);
        sum += 32;
      }
      HA += 16;
      HB += 16;
      out += 32;
    }
  }
  const none = f64x2.splat(0);
  let moved = f64x2.splat(0);
  if (s.bias) {
    const b = at8(s.biases, r);
    v128.store(b, f64x2.add(v128.load(b), dbA));
    v128.store(b, f64x2.add(v128.load(b, 16), dbB), 16);
    moved = v128.or(f64x2.ne(dbA, none), f64x2.ne(dbB, none));
  }
  if (shared) {
    v128.store(sums, daA);
    v128.store(sums, daB, 16);
  }
  const rate = f64x2.splat(s.outputRate);
  let weight = firstWeight;
  let sum = sums;
  for (let c = s.outputColumns; c > 0; c--) {
    const changeA = f64x2.mul(rate, v128.load(sum));
    const changeB = f64x2.mul(rate, v128.load(sum, 16));
    v128.store(weight, f64x2.add(v128.load(weight), changeA));
    v128.store(weight, f64x2.add(v128.load(weight, 16), changeB), 16);
    moved = v128.or(moved, v128.or(f64x2.ne(changeA, none), f64x2.ne(changeB, none)));
    weight += weightStride;
    sum += 32;
  }
  return v128.any_true(moved);
}

function changesShared(s: BothLayers, r: i32): bool {
  return changesAs(true, s, r);
}

function changesPerPatch(s: BothLayers, r: i32): bool {
  return changesAs(false, s, r);
}

/** One gradient step of both layers, after the forward pass. Returns whether anything moved. */
export function updateBothLayers(s: BothLayers): bool {
  errors(s);
  let moved = false;
  for (let r = 0; r < s.filters; r += 4) {
    if (s.outputColumns == 1 ? changesShared(s, r) : changesPerPatch(s, r)) moved = true;
    if (collect(s, r)) moved = true;
  }
  addProduct(s);
  return moved;
}

/** Trains until step `until` or the end, whichever comes first. On return the outputs are those of step s.t. */
export function advanceBothLayers(s: BothLayers, until: f64): i32 {
  if (!s.begun) {
    s.begun = 1;
    const ending = verdict(s, forwardBothLayers(s));
    if (ending != GOING) return ending;
  }
  while (s.t < until) {
    if (!updateBothLayers(s)) return STILL;
    s.t += 1;
    const ending = verdict(s, forwardBothLayers(s));
    if (ending != GOING) return ending;
  }
  return GOING;
}
