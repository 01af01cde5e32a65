/**
 * The plain algorithm for the activation max(0, h)^power, output layer fixed. The order of arithmetic is that of
 * src/dynamics/gram.ts; powers are repeated products, as in src/network/activation.ts.
 */
import { collect, errors, gather, GOING, project, STILL, verdict } from './gram';
import { at16, at8 } from './memory';
import { addProduct } from './product';
import { Training } from './training';

/** h^k for k >= 1, of both lanes. */
// @ts-ignore: decorator
@inline
function raised(h: v128, k: i32): v128 {
  let value = h;
  for (let i = 1; i < k; i++) value = f64x2.mul(value, h);
  return value;
}

/** The lanes of `value` where h > 0, and 0 elsewhere. */
// @ts-ignore: decorator
@inline
function positive(h: v128, value: v128): v128 {
  return v128.and(value, f64x2.gt(h, f64x2.splat(0)));
}

/** Pre-activations, and f_i in two partial sums. Returns whether every f_i is finite. */
export function forwardPower(s: Training): bool {
  const n = s.n;
  const perSample = s.perSample;
  const Q = n * perSample;
  const power = s.power;
  const single = s.single != 0;
  const stride = <usize>((s.anchors + 1) & ~1) << 3;
  const partial = s.partial;
  const endOfPartial = at16(partial, n);
  memory.fill(partial, 0, <usize>n << 4);
  let H = s.preactivations;
  let even = s.products;
  for (let r = 0; r < s.filters; r += 2) {
    const b = f64x2.add(v128.load(at8(s.biases, r)), f64x2.splat(0)); // -0 as in gram.ts
    const a = v128.load(at8(s.weights, r));
    const odd = even + stride;
    let q = 0;
    for (let sum = partial; sum < endOfPartial; sum += 16) {
      let values = f64x2.splat(0);
      for (const end = q + perSample; q < end; q++) {
        let h = single ? f64x2.mul(v128.load64_splat(at8(s.termCoefficient, q)), gather(even, odd, load<i32>(s.termAnchor + (<usize>q << 2)))) : project(s, q, even, odd);
        h = f64x2.add(h, b);
        v128.store(H, h);
        H += 16;
        values = f64x2.add(values, positive(h, raised(h, power)));
      }
      v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(a, values)));
    }
    even = odd + stride;
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

/** Changes (e_i a_r) (power h^(power - 1)) of four filters, and the bias' own step. Returns whether a bias moved. */
function changesOf(s: Training, r: i32): bool {
  const perSample = s.perSample;
  const below = s.power - 1;
  const factor = f64x2.splat(<f64>s.power);
  const aA = v128.load(at8(s.weights, r));
  const aB = v128.load(at8(s.weights, r + 2));
  let HA = at8(s.preactivations, r * s.n * perSample);
  let HB = at16(HA, s.n * perSample);
  let out = s.changes;
  let dbA = f64x2.splat(0);
  let dbB = f64x2.splat(0);
  let error = s.error;
  for (const last = at8(error, s.n); error < last; error += 8) {
    const e = v128.load64_splat(error);
    const eA = f64x2.mul(e, aA);
    const eB = f64x2.mul(e, aB);
    for (let p = perSample; p > 0; p--) {
      const hA = v128.load(HA);
      const hB = v128.load(HB);
      const changeA = positive(hA, f64x2.mul(eA, f64x2.mul(factor, raised(hA, below))));
      const changeB = positive(hB, f64x2.mul(eB, f64x2.mul(factor, raised(hB, below))));
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

/** One gradient step, after `forwardPower`. Returns whether anything moved. */
export function updatePower(s: Training): bool {
  errors(s);
  let moved = false;
  for (let r = 0; r < s.filters; r += 4) {
    if (changesOf(s, r)) moved = true;
    if (collect(s, r)) moved = true;
  }
  addProduct(s);
  return moved;
}

/** Trains until step `until` or the end, whichever comes first. On return the outputs are those of step s.t. */
export function advancePower(s: Training, until: f64): i32 {
  if (!s.begun) {
    s.begun = 1;
    const ending = verdict(s, forwardPower(s));
    if (ending != GOING) return ending;
  }
  while (s.t < until) {
    if (!updatePower(s)) return STILL;
    s.t += 1;
    const ending = verdict(s, forwardPower(s));
    if (ending != GOING) return ending;
  }
  return GOING;
}
