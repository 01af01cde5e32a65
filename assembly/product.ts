/**
 * P += dC G, one filter at a time over its nonzero dC_rk: a sum over anchors in their order, with a row of partial
 * results in registers. Leaving a zero factor out changes no bit: the sums start at +0 and are never -0.
 */
import { Training } from './training';

/**
 * Columns are cut into tiles of `width` vectors, stored one after the other, each K rows of `width` vectors: a tile
 * that all filters share stays in the first-level cache.
 */
// @ts-ignore: decorator
@inline
function widthOf(left: i32): i32 {
  if (left >= 20) return 12;
  if (left >= 13) return 8;
  if (left == 11) return 11;
  if (left >= 12) return 12;
  if (left >= 8) return 8;
  if (left >= 4) return 4;
  return left >= 2 ? 2 : 1;
}

/** Copies the Gram matrix (K x K, row-major, at `from`) into tiles, and zeros into the padding. */
export function packGram(s: Training, from: usize): void {
  const K = s.anchors;
  const V = (K + 1) >> 1;
  let to = s.gram;
  for (let first = 0; first < V; ) {
    const width = widthOf(V - first);
    for (let k = 0; k < K; k++) {
      for (let l = 2 * first; l < 2 * (first + width); l++) {
        store<f64>(to, l < K ? load<f64>(from + (<usize>(k * K + l) << 3)) : 0);
        to += 8;
      }
    }
    first += width;
  }
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, sum: v128): void {
  v128.store(at, f64x2.add(v128.load(at), sum));
}

/** One filter, one tile. `width` is a literal at every call: what it excludes is not compiled. */
// @ts-ignore: decorator
@inline
function tile(width: i32, values: usize, anchors: usize, count: i32, G: usize, P: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  let s4 = f64x2.splat(0);
  let s5 = f64x2.splat(0);
  let s6 = f64x2.splat(0);
  let s7 = f64x2.splat(0);
  let s8 = f64x2.splat(0);
  let s9 = f64x2.splat(0);
  let s10 = f64x2.splat(0);
  let s11 = f64x2.splat(0);
  const end = anchors + (<usize>count << 2);
  while (anchors < end) {
    const c = v128.load64_splat(values);
    const g = G + <usize>load<i32>(anchors) * (<usize>width << 4);
    s0 = f64x2.add(s0, f64x2.mul(c, v128.load(g)));
    if (width > 1) s1 = f64x2.add(s1, f64x2.mul(c, v128.load(g, 16)));
    if (width > 2) s2 = f64x2.add(s2, f64x2.mul(c, v128.load(g, 32)));
    if (width > 3) s3 = f64x2.add(s3, f64x2.mul(c, v128.load(g, 48)));
    if (width > 4) s4 = f64x2.add(s4, f64x2.mul(c, v128.load(g, 64)));
    if (width > 5) s5 = f64x2.add(s5, f64x2.mul(c, v128.load(g, 80)));
    if (width > 6) s6 = f64x2.add(s6, f64x2.mul(c, v128.load(g, 96)));
    if (width > 7) s7 = f64x2.add(s7, f64x2.mul(c, v128.load(g, 112)));
    if (width > 8) s8 = f64x2.add(s8, f64x2.mul(c, v128.load(g, 128)));
    if (width > 9) s9 = f64x2.add(s9, f64x2.mul(c, v128.load(g, 144)));
    if (width > 10) s10 = f64x2.add(s10, f64x2.mul(c, v128.load(g, 160)));
    if (width > 11) s11 = f64x2.add(s11, f64x2.mul(c, v128.load(g, 176)));
    values += 8;
    anchors += 4;
  }
  addTo(P, s0);
  if (width > 1) addTo(P + 16, s1);
  if (width > 2) addTo(P + 32, s2);
  if (width > 3) addTo(P + 48, s3);
  if (width > 4) addTo(P + 64, s4);
  if (width > 5) addTo(P + 80, s5);
  if (width > 6) addTo(P + 96, s6);
  if (width > 7) addTo(P + 112, s7);
  if (width > 8) addTo(P + 128, s8);
  if (width > 9) addTo(P + 144, s9);
  if (width > 10) addTo(P + 160, s10);
  if (width > 11) addTo(P + 176, s11);
}

/** All filters. */
export function addProduct(s: Training): void {
  const K = s.anchors;
  const V = (K + 1) >> 1;
  const R = s.filters;
  const stride = <usize>V << 4;
  const listStride = <usize>K;
  let G = s.gram;
  for (let first = 0; first < V; ) {
    const width = widthOf(V - first);
    let P = s.products + (<usize>first << 4);
    let values = s.listValues;
    let anchors = s.listAnchors;
    for (let r = 0; r < R; r++) {
      const count = load<i32>(s.listCounts + (<usize>r << 2));
      if (count > 0) {
        if (width == 12) tile(12, values, anchors, count, G, P);
        else if (width == 11) tile(11, values, anchors, count, G, P);
        else if (width == 8) tile(8, values, anchors, count, G, P);
        else if (width == 4) tile(4, values, anchors, count, G, P);
        else if (width == 2) tile(2, values, anchors, count, G, P);
        else tile(1, values, anchors, count, G, P);
      }
      P += stride;
      values += listStride << 3;
      anchors += listStride << 2;
    }
    G += <usize>K * (<usize>width << 4);
    first += width;
  }
}
