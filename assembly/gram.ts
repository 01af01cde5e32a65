/** The plain algorithm in Gram space, two filters a vector: the order of arithmetic is that of src/dynamics/gram.ts. */
import { addProduct } from './product';
import { exp2, softplusOfMinus } from './special';
import { Training } from './training';

// @ts-ignore: decorator
@inline
function at8(base: usize, index: i32): usize {
  return base + (<usize>index << 3);
}

// @ts-ignore: decorator
@inline
function at16(base: usize, index: i32): usize {
  return base + (<usize>index << 4);
}

/** h > 0 ? whenOn : whenOff, lane by lane. */
// @ts-ignore: decorator
@inline
function gate(h: v128, whenOn: v128, whenOff: v128): v128 {
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
function project(s: Training, q: i32, even: usize, odd: usize): v128 {
  let h = f64x2.splat(0);
  const end = load<i32>(s.termStart + (<usize>(q + 1) << 2));
  for (let t = load<i32>(s.termStart + (<usize>q << 2)); t < end; t++) {
    h = f64x2.add(h, f64x2.mul(v128.load64_splat(at8(s.termCoefficient, t)), gather(even, odd, load<i32>(s.termAnchor + (<usize>t << 2)))));
  }
  return h;
}

/** Pre-activations, and f_i in two partial sums. */
function forward(s: Training): void {
  const n = s.n;
  const perSample = s.perSample;
  const Q = n * perSample;
  const single = s.single != 0;
  const leak = f64x2.splat(s.leak);
  const stride = <usize>((s.anchors + 1) & ~1) << 3;
  memory.fill(s.partial, 0, <usize>n << 4);
  let H = s.preactivations;
  let row = s.products;
  for (let r = 0; r < s.filters; r += 4) {
    // Adding 0 first makes -0 the +0 that a sum from 0 would have given.
    const bA = f64x2.add(v128.load(at8(s.biases, r)), f64x2.splat(0));
    const bB = f64x2.add(v128.load(at8(s.biases, r + 2)), f64x2.splat(0));
    const aA = v128.load(at8(s.weights, r));
    const aB = v128.load(at8(s.weights, r + 2));
    const p0 = row;
    const p1 = row + stride;
    const p2 = row + 2 * stride;
    const p3 = row + 3 * stride;
    row += 4 * stride;
    const HA = H;
    const HB = H + (<usize>Q << 4);
    H += <usize>Q << 5;
    let q = 0;
    for (let i = 0; i < n; i++) {
      let sA = f64x2.splat(0);
      let sB = f64x2.splat(0);
      for (const end = q + perSample; q < end; q++) {
        let hA: v128;
        let hB: v128;
        if (single) {
          const anchor = load<i32>(s.termAnchor + (<usize>q << 2));
          const c = v128.load64_splat(at8(s.termCoefficient, q));
          hA = f64x2.mul(c, gather(p0, p1, anchor));
          hB = f64x2.mul(c, gather(p2, p3, anchor));
        } else {
          hA = project(s, q, p0, p1);
          hB = project(s, q, p2, p3);
        }
        hA = f64x2.add(hA, bA);
        hB = f64x2.add(hB, bB);
        v128.store(at16(HA, q), hA);
        v128.store(at16(HB, q), hB);
        sA = f64x2.add(sA, gate(hA, hA, f64x2.mul(leak, hA)));
        sB = f64x2.add(sB, gate(hB, hB, f64x2.mul(leak, hB)));
      }
      const sum = at16(s.partial, i);
      v128.store(sum, f64x2.add(f64x2.add(v128.load(sum), f64x2.mul(aA, sA)), f64x2.mul(aB, sB)));
    }
  }
  for (let i = 0; i < n; i++) {
    const sum = v128.load(at16(s.partial, i));
    store<f64>(at8(s.outputs, i), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  }
}

/** e_i = (y_i slope(y_i f_i)) * stepPerSample, two samples at a time. */
function errors(s: Training): void {
  const step = f64x2.splat(s.stepPerSample);
  const one = f64x2.splat(1);
  const hinge = s.loss == 1;
  for (let i = 0; i < s.n; i += 2) {
    const y = v128.load(at8(s.labels, i));
    const z = f64x2.mul(y, v128.load(at8(s.outputs, i)));
    const slope = hinge ? v128.and(f64x2.lt(z, one), one) : f64x2.div(one, f64x2.add(one, exp2(z)));
    v128.store(at8(s.error, i), f64x2.mul(f64x2.mul(y, slope), step));
  }
}

/** Writes dC_rk behind a filter's list, which grows only when it is not 0; returns the new length. */
// @ts-ignore: decorator
@inline
function append(s: Training, r: i32, count: i32, k: i32, change: f64): i32 {
  const at = r * s.anchors + count;
  store<f64>(at8(s.listValues, at), change);
  store<i32>(s.listAnchors + (<usize>at << 2), k);
  return count + i32(change != 0);
}

/** dC of four filters: changes of C and the bias, and the lists for the product. Returns whether anything moved. */
function change4(s: Training, r: i32): bool {
  const n = s.n;
  const K = s.anchors;
  const perSample = s.perSample;
  const leak = f64x2.splat(s.leak);
  const aA = v128.load(at8(s.weights, r));
  const aB = v128.load(at8(s.weights, r + 2));
  let H = s.preactivations + <usize>(r * n * perSample) * 8;
  const odd = <usize>(n * perSample) << 4;
  let out = s.changes;
  let dbA = f64x2.splat(0);
  let dbB = f64x2.splat(0);
  for (let i = 0; i < n; i++) {
    const e = v128.load64_splat(at8(s.error, i));
    const eA = f64x2.mul(e, aA);
    const eB = f64x2.mul(e, aB);
    const offA = f64x2.mul(eA, leak);
    const offB = f64x2.mul(eB, leak);
    for (let p = 0; p < perSample; p++) {
      const changeA = gate(v128.load(H), eA, offA);
      const changeB = gate(v128.load(H + odd), eB, offB);
      v128.store(out, changeA);
      v128.store(out, changeB, 16);
      dbA = f64x2.add(dbA, changeA);
      dbB = f64x2.add(dbB, changeB);
      H += 16;
      out += 32;
    }
  }
  let moved = false;
  if (s.bias) {
    const none = f64x2.splat(0);
    moved = v128.any_true(v128.or(f64x2.ne(dbA, none), f64x2.ne(dbB, none)));
    const b = at8(s.biases, r);
    v128.store(b, f64x2.add(v128.load(b), dbA));
    v128.store(b, f64x2.add(v128.load(b, 16), dbB), 16);
  }
  let c0 = 0;
  let c1 = 0;
  let c2 = 0;
  let c3 = 0;
  let CA = s.coefficients + <usize>(r * K) * 8;
  let CB = CA + (<usize>K << 4);
  let t = 0;
  for (let k = 0; k < K; k++) {
    let dA = f64x2.splat(0);
    let dB = f64x2.splat(0);
    for (const end = load<i32>(s.anchorStart + (<usize>(k + 1) << 2)); t < end; t++) {
      const change = s.changes + (<usize>load<i32>(s.anchorPatch + (<usize>t << 2)) << 5);
      const c = v128.load64_splat(at8(s.anchorCoefficient, t));
      dA = f64x2.add(dA, f64x2.mul(c, v128.load(change)));
      dB = f64x2.add(dB, f64x2.mul(c, v128.load(change, 16)));
    }
    v128.store(CA, f64x2.add(v128.load(CA), dA));
    v128.store(CB, f64x2.add(v128.load(CB), dB));
    CA += 16;
    CB += 16;
    c0 = append(s, r, c0, k, f64x2.extract_lane(dA, 0));
    c1 = append(s, r + 1, c1, k, f64x2.extract_lane(dA, 1));
    c2 = append(s, r + 2, c2, k, f64x2.extract_lane(dB, 0));
    c3 = append(s, r + 3, c3, k, f64x2.extract_lane(dB, 1));
  }
  const counts = s.listCounts + (<usize>r << 2);
  store<i32>(counts, c0);
  store<i32>(counts, c1, 4);
  store<i32>(counts, c2, 8);
  store<i32>(counts, c3, 12);
  return moved || (c0 | c1 | c2 | c3) != 0;
}

function update(s: Training): bool {
  errors(s);
  let moved = false;
  for (let r = 0; r < s.filters; r += 4) moved = change4(s, r) || moved;
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
const GOING = 0;
const NOT_FINITE = 1;
const MET = 2;
const STEP_LIMIT = 3;
const STILL = 4;

/** The stop rules of src/dynamics/train.ts at the present state. */
function check(s: Training): i32 {
  const n = s.n;
  let wrong = 0;
  let shortfall: f64 = 0;
  let finite: f64 = 0;
  for (let i = 0; i < n; i++) {
    const f = load<f64>(at8(s.outputs, i));
    finite += f - f; // NaN as soon as one output is not finite
    const margin = load<f64>(at8(s.labels, i)) * f;
    if (!(margin > 0)) {
      wrong++;
      shortfall -= margin;
    }
  }
  shortfall /= <f64>n;
  s.wrong = wrong;
  if (!(finite == 0) || !(shortfall - shortfall == 0)) return NOT_FINITE;
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
    forward(s);
    const ending = check(s);
    if (ending != GOING) return ending;
  }
  while (s.t < until) {
    if (!update(s)) return STILL;
    s.t += 1;
    forward(s);
    const ending = check(s);
    if (ending != GOING) return ending;
  }
  return GOING;
}
