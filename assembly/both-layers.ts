/**
 * The plain algorithm with a trained output layer: filters and output weights move together. The order of arithmetic is
 * that of src/dynamics/gram.ts; fixed output layers go through assembly/gram.ts.
 */
import { forwardPerPatch, forwardPlain, gate, stepBiases } from './gram';
import { addTo, at16, at8, take } from './memory';
import { settle } from './moving';
import { layOutPlain, Plain } from './training';

/** `weights` holds a_rs column by column: `outputColumns` times R f64, R padded as everywhere. */
@unmanaged
export class BothLayers extends Plain {
  /** etaOutput * (unit * unit) */
  outputRate: f64;
  /** step size of v on the whole loss */
  rateOutput: f64;
  /** of this step: what is kept of the output weights */
  outputKept: f64;
  /** output weights of a filter: 1, or one for each patch */
  outputColumns: i32;
  /** from an output weight to its velocity times beta, in bytes */
  weightsMemory: usize;
  /** sums of e_i sigma(h) of four filters, outputColumns x 4 f64 */
  outputChange: usize;
}

/** Lays out the arrays behind a header whose sizes are set; returns the first free address. */
export function layOutBothLayers(s: BothLayers): usize {
  layOutPlain(s, offsetof<BothLayers>());
  s.weights = take(<usize>s.outputColumns * outputStride(s));
  if (s.remembers) s.weightsMemory = take(<usize>s.outputColumns * outputStride(s)) - s.weights;
  s.outputChange = take(<usize>s.outputColumns * 32);
  return take(0);
}

/** Bytes from one column of output weights to the next. */
// @ts-ignore: decorator
@inline
function outputStride(s: BothLayers): usize {
  return <usize>((s.filters + 3) & ~3) << 3;
}

/** The forward pass at the present weights. Returns whether every output is finite. */
export function forwardBothLayers(s: BothLayers): bool {
  return s.outputColumns == 1 ? forwardPlain(s) : forwardPerPatch(s);
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
        addTo(sum, pushA);
        addTo(sum + 16, pushB);
        sum += 32;
      }
      HA += 16;
      HB += 16;
      out += 32;
    }
  }
  const none = f64x2.splat(0);
  let moved = stepBiases(s, r, dbA, dbB);
  if (shared) {
    v128.store(sums, daA);
    v128.store(sums, daB, 16);
  }
  const rate = f64x2.splat(s.outputRate);
  const kept = f64x2.splat(s.decays ? s.outputKept : 1);
  let weight = firstWeight;
  let sum = sums;
  for (let c = s.outputColumns; c > 0; c--) {
    const changeA = f64x2.mul(rate, v128.load(sum));
    const changeB = f64x2.mul(rate, v128.load(sum, 16));
    if (s.remembers) {
      const atKept = s.kept; // of these numbers another share is kept
      s.kept = s.decays ? s.outputKept : 1;
      moved = v128.or(moved, f64x2.ne(settle(false, s, weight, s.weightsMemory, changeA), none));
      moved = v128.or(moved, f64x2.ne(settle(false, s, weight + 16, s.weightsMemory, changeB), none));
      s.kept = atKept;
    } else {
      v128.store(weight, f64x2.add(f64x2.mul(kept, v128.load(weight)), changeA));
      v128.store(weight, f64x2.add(f64x2.mul(kept, v128.load(weight, 16)), changeB), 16);
    }
    moved = v128.or(moved, v128.or(f64x2.ne(changeA, none), f64x2.ne(changeB, none)));
    weight += weightStride;
    sum += 32;
  }
  return v128.any_true(moved);
}

/** The changes of four filters, and their biases' and output weights' own step. Returns whether one of these moved. */
export function changeBothLayers(s: BothLayers, r: i32): bool {
  return s.outputColumns == 1 ? changesAs(true, s, r) : changesAs(false, s, r);
}
