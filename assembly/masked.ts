/**
 * The plain algorithm where most factors are shared: ReLU units whose output weights are all w or -w, and samples that
 * are a common anchor (number 0) times +-1 in their first patch and an anchor of their own (number 1 + i) in their
 * second; or that have the second patch alone: then what would come from the first is +0 everywhere, and adding it
 * changes no bit.
 *
 * Then dC_rk = +-(e_i w) for every active unit, so the rows (e_i w) G_k are made once a step and each filter adds up
 * those of its active samples; and what is active is one bit. Same order of sums as in gram.ts, and same bits: a sign
 * commutes with rounding, and zeros that are left out or have the other sign change no sum that starts at +0.
 */
import { addTo, at8 } from './memory';
import { GENERAL, kindOf, NONE, settle, settleAll, SIMPLE } from './moving';
import { Masked } from './training';
import { widthOf } from './product';

// ---- forward ----

/** sigma(h), and NaN for h = -infinity as by definition: then the forward pass is made again, see `forward`. */
// @ts-ignore: decorator
@inline
function relu(h: v128): v128 {
  return f64x2.pmax(h, f64x2.mul(f64x2.splat(0), h));
}

// @ts-ignore: decorator
@inline
function positive(h: v128): u64 {
  return <u64>i64x2.bitmask(f64x2.gt(h, f64x2.splat(0)));
}

/** sigma(b + g) and sigma(b - g) of one filter: in all four orders for two samples, and what is active. */
// @ts-ignore: decorator
@inline
function commonPatch(product: usize, b: v128, masks: usize, R: i32, units: usize): void {
  const g = v128.load64_splat(product);
  const h = f64x2.add(f64x2.replace_lane(g, 1, -f64x2.extract_lane(g, 0)), b);
  const active = f64x2.gt(h, f64x2.splat(0));
  store<u64>(masks, i64x2.extract_lane(active, 0));
  store<u64>(at8(masks, R), i64x2.extract_lane(active, 1));
  const unit = relu(h);
  v128.store(units, i64x2.shuffle(unit, unit, 0, 0));
  v128.store(units, i64x2.shuffle(unit, unit, 1, 0), 16);
  v128.store(units, unit, 32);
  v128.store(units, i64x2.shuffle(unit, unit, 1, 1), 48);
}

/** Outputs and patterns at the present weights. Returns whether every output is finite. */
export function forwardMasked(s: Masked): bool {
  const n = s.n;
  const stride = <usize>((s.anchors + 1) & ~1) << 3;
  const R = (s.filters + 3) & ~3;
  const partial = s.partial; // of two samples: the even filters' sums, the odd ones'
  const both = s.commonUnits;
  memory.fill(partial, 0, <usize>((n + 1) & ~1) << 4);
  let p0 = s.products;
  for (let r = 0; r < s.filters; r += 2) {
    const p1 = p0 + stride;
    const biases = at8(s.biases, r);
    const weights = at8(s.weights, r);
    // Adding 0 first makes -0 the +0 that a sum from 0 would have given.
    const b0 = f64x2.add(v128.load64_splat(biases), f64x2.splat(0));
    const b1 = f64x2.add(v128.load64_splat(biases, 8), f64x2.splat(0));
    const a0 = v128.load64_splat(weights);
    const a1 = v128.load64_splat(weights, 8);
    const signal = at8(s.signalMasks, r);
    if (s.perSample == 2) {
      commonPatch(p0, b0, signal, R, both);
      commonPatch(p1, b1, signal + 8, R, both + 64);
    }
    let pattern = s.signPairs;
    let sum = partial;
    for (let first = 0; first < n; first += 64) {
      let m0: u64 = 0;
      let m1: u64 = 0;
      const last = at8(p0, min(n, first + 64));
      for (let p = at8(p0, first); p < last; p += 16) {
        const k0 = f64x2.add(v128.load(p, 8), b0);
        const k1 = f64x2.add(v128.load(p + stride, 8), b1);
        const common = both + <usize>load<i32>(pattern);
        m0 = (m0 >> 2) | (positive(k0) << 62);
        m1 = (m1 >> 2) | (positive(k1) << 62);
        v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(a0, f64x2.add(v128.load(common), relu(k0)))));
        v128.store(sum, f64x2.add(v128.load(sum, 16), f64x2.mul(a1, f64x2.add(v128.load(common, 64), relu(k1)))), 16);
        pattern += 4;
        sum += 32;
      }
      const masks = at8(s.masks, (first >> 6) * R + r);
      // The bits came in from above; a full word needs no shift.
      const unused = <u64>(-((min(n - first, 64) + 1) & ~1) & 63);
      store<u64>(masks, m0 >> unused);
      store<u64>(masks, m1 >> unused, 8);
    }
    p0 = p1 + stride;
  }
  let finite = f64x2.splat(0);
  let sum = partial;
  for (let i: usize = 0; i < <usize>n << 3; i += 16) {
    const f = f64x2.add(v128.load(sum), v128.load(sum, 16));
    v128.store(s.outputs + i, f);
    sum += 32;
  }
  if (n & 1) store<f64>(at8(s.outputs, n), 0); // what a sample that does not exist would say
  for (let i: usize = 0; i < <usize>n << 3; i += 16) {
    const f = v128.load(s.outputs + i);
    finite = f64x2.add(finite, f64x2.sub(f, f)); // NaN as soon as one output is not finite
  }
  return i64x2.all_true(f64x2.eq(finite, f64x2.splat(0)));
}

// ---- update ----

/**
 * e_i w, which of them are not 0, and dC_r0 of a filter of weight w by what its common patch does: nothing, +, -, both.
 */
function shareOut(s: Masked): void {
  const n = s.n;
  const size = f64x2.splat(Math.abs(load<f64>(s.weights)));
  const none = f64x2.splat(0);
  for (let first = 0; first < n; first += 64) {
    let live: u64 = 0;
    const last = at8(0, min(n, first + 64));
    for (let i = at8(0, first); i < last; i += 16) {
      const share = f64x2.mul(v128.load(s.error + i), size);
      v128.store(s.shares + i, share);
      live |= <u64>i64x2.bitmask(f64x2.ne(share, none)) << <u64>(i >> 3);
    }
    store<u64>(at8(s.live, first >> 6), live);
  }
  if (s.perSample == 1) return;
  let plus: f64 = 0;
  let minus: f64 = 0;
  let both: f64 = 0;
  for (let i = 0; i < n; i++) {
    const sign = load<f64>(at8(s.signs, i));
    const change = sign * load<f64>(at8(s.shares, i));
    both += change;
    if (sign > 0) plus += change;
    else minus += change;
  }
  store<f64>(s.common, 0);
  store<f64>(s.common, plus, 8);
  store<f64>(s.common, minus, 16);
  store<f64>(s.common, both, 24);
}

/** Adds what sample i changes in the biases of two filters: the common patch before the own one. */
// @ts-ignore: decorator
@inline
function addChanges(d: v128, e: v128, common: v128, mask: v128, bit: v128): v128 {
  return f64x2.add(f64x2.add(d, v128.and(e, common)), v128.and(e, i64x2.eq(v128.and(mask, bit), bit)));
}

/** Moves the biases of two filters by +-d. Returns whether they moved. */
// @ts-ignore: decorator
@inline
function moveBias(s: Masked, r: i32, d: v128): bool {
  const b = at8(s.biases, r);
  const pull = f64x2.mul(v128.load(at8(s.weightSigns, r)), d);
  const pulled = f64x2.ne(d, f64x2.splat(0));
  if (s.remembers) {
    const v = settle(false, s, b, s.biasesMemory, pull);
    return v128.any_true(v128.or(pulled, f64x2.ne(v, f64x2.splat(0))));
  }
  v128.store(b, f64x2.add(v128.load(b), pull));
  return v128.any_true(pulled);
}

/** db of four or eight filters, samples in order. Returns whether a bias moved. `eight` is a literal. */
// @ts-ignore: decorator
@inline
function moveBiasesAs(eight: bool, s: Masked, r: i32): bool {
  const R = (s.filters + 3) & ~3;
  const signal = at8(s.signalMasks, r);
  const minus = <usize>R << 3;
  let dA = f64x2.splat(0);
  let dB = f64x2.splat(0);
  let dC = f64x2.splat(0);
  let dD = f64x2.splat(0);
  for (let word = 0; word << 6 < s.n; word++) {
    const masks = at8(s.masks, word * R + r);
    const mA = v128.load(masks);
    const mB = v128.load(masks, 16);
    const mC = eight ? v128.load(masks, 32) : mA;
    const mD = eight ? v128.load(masks, 48) : mA;
    const shares = at8(s.shares, word << 6);
    const signs = at8(s.signs, word << 6);
    for (let left = load<u64>(at8(s.live, word)); left != 0; left &= left - 1) {
      const i = <usize>ctz(left) << 3;
      const bit = i64x2.splat(left & (0 - left));
      const e = v128.load64_splat(shares + i);
      const common = signal + (<usize>(load<i64>(signs + i) >> 63) & minus);
      dA = addChanges(dA, e, v128.load(common), mA, bit);
      dB = addChanges(dB, e, v128.load(common, 16), mB, bit);
      if (eight) {
        dC = addChanges(dC, e, v128.load(common, 32), mC, bit);
        dD = addChanges(dD, e, v128.load(common, 48), mD, bit);
      }
    }
  }
  const movedA = moveBias(s, r, dA);
  const movedB = moveBias(s, r + 2, dB);
  const movedC = eight ? moveBias(s, r + 4, dC) : false;
  const movedD = eight ? moveBias(s, r + 6, dD) : false;
  return movedA || movedB || movedC || movedD;
}

function moveBiases(s: Masked): bool {
  let moved = false;
  let r = 0;
  for (; r + 4 < s.filters; r += 8) if (moveBiasesAs(true, s, r)) moved = true;
  for (; r < s.filters; r += 4) if (moveBiasesAs(false, s, r)) moved = true;
  return moved;
}

/** dC_r0 of a filter of weight w. */
// @ts-ignore: decorator
@inline
function commonChange(s: Masked, r: i32, R: i32): f64 {
  const plus = load<u64>(at8(s.signalMasks, r)) & 8;
  const minus = load<u64>(at8(s.signalMasks, R + r)) & 16;
  return load<f64>(s.common + <usize>(plus | minus));
}

/** One filter, one tile of columns; the first tile also does C. The first three arguments are literals. */
// @ts-ignore: decorator
@inline
function tile(width: i32, first: bool, kind: i32, s: Masked, r: i32, R: i32, G: usize, P: usize): bool {
  const sign = load<f64>(at8(s.weightSigns, r));
  const common = commonChange(s, r, R);
  let moved = common != 0;
  let C: usize = 0;
  if (first) {
    C = at8(s.coefficients, (r & ~1) * s.anchors + (r & 1)) + (kind != NONE ? s.coefficientsMemory : 0);
    store<f64>(C, load<f64>(C) + sign * common);
    C += 16;
  }
  const d = f64x2.splat(common);
  let s0 = f64x2.mul(d, v128.load(G));
  let s1 = width > 1 ? f64x2.mul(d, v128.load(G, 16)) : d;
  let s2 = width > 2 ? f64x2.mul(d, v128.load(G, 32)) : d;
  let s3 = width > 3 ? f64x2.mul(d, v128.load(G, 48)) : d;
  let s4 = width > 4 ? f64x2.mul(d, v128.load(G, 64)) : d;
  let s5 = width > 5 ? f64x2.mul(d, v128.load(G, 80)) : d;
  let rows = s.rows;
  let shares = s.shares;
  let mask = at8(s.masks, r);
  const live = s.live;
  for (let word: usize = 0; word << 3 < <usize>s.n; word += 8) {
    let bits = load<u64>(mask) & load<u64>(live + word);
    moved = moved || bits != 0;
    for (; bits != 0; bits &= bits - 1) {
      const i = <usize>ctz(bits);
      const g = rows + i * (<usize>width << 4);
      s0 = f64x2.add(s0, v128.load(g));
      if (width > 1) s1 = f64x2.add(s1, v128.load(g, 16));
      if (width > 2) s2 = f64x2.add(s2, v128.load(g, 32));
      if (width > 3) s3 = f64x2.add(s3, v128.load(g, 48));
      if (width > 4) s4 = f64x2.add(s4, v128.load(g, 64));
      if (width > 5) s5 = f64x2.add(s5, v128.load(g, 80));
      if (first) {
        const c = C + (i << 4);
        store<f64>(c, load<f64>(c) + sign * load<f64>(shares + (i << 3)));
      }
    }
    rows += <usize>width << 10;
    shares += 512;
    C += 1024;
    mask += <usize>R << 3;
  }
  const signs = f64x2.splat(sign);
  if (kind != NONE) {
    const memory = s.productsMemory;
    settle(kind == SIMPLE, s, P, memory, f64x2.mul(signs, s0));
    if (width > 1) settle(kind == SIMPLE, s, P + 16, memory, f64x2.mul(signs, s1));
    if (width > 2) settle(kind == SIMPLE, s, P + 32, memory, f64x2.mul(signs, s2));
    if (width > 3) settle(kind == SIMPLE, s, P + 48, memory, f64x2.mul(signs, s3));
    if (width > 4) settle(kind == SIMPLE, s, P + 64, memory, f64x2.mul(signs, s4));
    if (width > 5) settle(kind == SIMPLE, s, P + 80, memory, f64x2.mul(signs, s5));
    return moved;
  }
  addTo(P, f64x2.mul(signs, s0));
  if (width > 1) addTo(P + 16, f64x2.mul(signs, s1));
  if (width > 2) addTo(P + 32, f64x2.mul(signs, s2));
  if (width > 3) addTo(P + 48, f64x2.mul(signs, s3));
  if (width > 4) addTo(P + 64, f64x2.mul(signs, s4));
  if (width > 5) addTo(P + 80, f64x2.mul(signs, s5));
  return moved;
}

/** The rows (e_i w) G_1+i of one tile, for every e_i that is not 0. `width` is a literal. */
// @ts-ignore: decorator
@inline
function makeRows(width: i32, s: Masked, G: usize): void {
  const bytes = <usize>width << 4;
  const rows = s.rows;
  for (let word = 0; word << 6 < s.n; word++) {
    for (let left = load<u64>(at8(s.live, word)); left != 0; left &= left - 1) {
      const i = (word << 6) + <i32>ctz(left);
      const e = v128.load64_splat(at8(s.shares, i));
      const from = G + <usize>(1 + i) * bytes;
      const to = rows + <usize>i * bytes;
      v128.store(to, f64x2.mul(e, v128.load(from)));
      if (width > 1) v128.store(to, f64x2.mul(e, v128.load(from, 16)), 16);
      if (width > 2) v128.store(to, f64x2.mul(e, v128.load(from, 32)), 32);
      if (width > 3) v128.store(to, f64x2.mul(e, v128.load(from, 48)), 48);
      if (width > 4) v128.store(to, f64x2.mul(e, v128.load(from, 64)), 64);
      if (width > 5) v128.store(to, f64x2.mul(e, v128.load(from, 80)), 80);
    }
  }
}

/** One tile of every filter. */
// @ts-ignore: decorator
@inline
function columnAs(width: i32, kind: i32, s: Masked, G: usize, first: i32): bool {
  const stride = <usize>((s.anchors + 1) & ~1) << 3;
  const R = (s.filters + 3) & ~3;
  let P = s.products + (<usize>first << 4);
  let moved = false;
  makeRows(width, s, G);
  if (first == 0) {
    for (let r = 0; r < s.filters; r++) {
      if (tile(width, true, kind, s, r, R, G, P)) moved = true;
      P += stride;
    }
  } else {
    for (let r = 0; r < s.filters; r++) {
      tile(width, false, kind, s, r, R, G, P);
      P += stride;
    }
  }
  return moved;
}

// @ts-ignore: decorator
@inline
function column(width: i32, s: Masked, G: usize, first: i32): bool {
  const kind = kindOf(s);
  return kind == NONE
    ? columnAs(width, NONE, s, G, first)
    : kind == SIMPLE
      ? columnAs(width, SIMPLE, s, G, first)
      : columnAs(width, GENERAL, s, G, first);
}

/** One step, after `forwardMasked` and `errors`. Returns whether anything moved. */
export function updateMasked(s: Masked): bool {
  shareOut(s);
  let moved = s.bias ? moveBiases(s) : false;
  const V = (s.anchors + 1) >> 1;
  let G = s.gram;
  for (let first = 0; first < V; ) {
    const width = widthOf(V - first);
    let some = false;
    if (width == 6) some = column(6, s, G, first);
    else if (width == 5) some = column(5, s, G, first);
    else if (width == 4) some = column(4, s, G, first);
    else if (width == 3) some = column(3, s, G, first);
    else if (width == 2) some = column(2, s, G, first);
    else some = column(1, s, G, first);
    if (some) moved = true;
    G += <usize>s.anchors * (<usize>width << 4);
    first += width;
  }
  const bytes = (<usize>((s.filters + 1) & ~1) * <usize>s.anchors) << 3;
  if (s.remembers && settleAll(s, s.coefficients, s.coefficientsMemory, bytes)) moved = true;
  return moved;
}
