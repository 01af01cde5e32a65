/**
 * P += dC G, one filter at a time over its nonzero dC_rk: a sum over anchors in their order, with a row of partial
 * results in registers. Leaving a zero factor out changes no bit: the sums start at +0 and are never -0.
 */
import { Training } from './training';

/**
 * Columns are cut into tiles of at most 6 vectors, stored one after the other, each K rows of `width` vectors. A tile that
 * all filters share stays in the first-level cache; more than 6 sums do not stay in registers, because V8 issues all
 * loads of a row before its sums.
 */
// @ts-ignore: decorator
@inline
export function widthOf(left: i32): i32 {
  return left > 6 && left < 12 ? (left + 1) >> 1 : min(left, 6);
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
function tile(width: i32, list: usize, end: usize, G: usize, P: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  let s4 = f64x2.splat(0);
  let s5 = f64x2.splat(0);
  while (list < end) {
    const c = v128.load64_splat(list);
    const g = G + <usize>load<i32>(list, 8) * (<usize>width << 4);
    s0 = f64x2.add(s0, f64x2.mul(c, v128.load(g)));
    if (width > 1) s1 = f64x2.add(s1, f64x2.mul(c, v128.load(g, 16)));
    if (width > 2) s2 = f64x2.add(s2, f64x2.mul(c, v128.load(g, 32)));
    if (width > 3) s3 = f64x2.add(s3, f64x2.mul(c, v128.load(g, 48)));
    if (width > 4) s4 = f64x2.add(s4, f64x2.mul(c, v128.load(g, 64)));
    if (width > 5) s5 = f64x2.add(s5, f64x2.mul(c, v128.load(g, 80)));
    list += 16;
  }
  addTo(P, s0);
  if (width > 1) addTo(P + 16, s1);
  if (width > 2) addTo(P + 32, s2);
  if (width > 3) addTo(P + 48, s3);
  if (width > 4) addTo(P + 64, s4);
  if (width > 5) addTo(P + 80, s5);
}

/** One tile of every filter. */
// @ts-ignore: decorator
@inline
function column(width: i32, s: Training, G: usize, P: usize): void {
  const stride = <usize>((s.anchors + 1) >> 1) << 4;
  const listStride = <usize>(s.anchors + 1) << 4;
  let list = s.lists;
  let ends = s.listEnds;
  for (const last = ends + (<usize>s.filters << 2); ends < last; ends += 4) {
    const end = <usize>load<i32>(ends);
    if (end != list) tile(width, list, end, G, P);
    P += stride;
    list += listStride;
  }
}

/** All filters. */
export function addProduct(s: Training): void {
  const V = (s.anchors + 1) >> 1;
  let G = s.gram;
  for (let first = 0; first < V; ) {
    const width = widthOf(V - first);
    const P = s.products + (<usize>first << 4);
    if (width == 6) column(6, s, G, P);
    else if (width == 5) column(5, s, G, P);
    else if (width == 4) column(4, s, G, P);
    else if (width == 3) column(3, s, G, P);
    else if (width == 2) column(2, s, G, P);
    else column(1, s, G, P);
    G += <usize>s.anchors * (<usize>width << 4);
    first += width;
  }
}
