/**
 * P += dC G, one filter at a time over its nonzero dC_rk: a sum over anchors in their order, with a row of partial
 * results in registers. Leaving a zero factor out changes no bit: the sums start at +0 and are never -0.
 */
import { addTo } from './memory';
import { settleAll } from './moving';
import { BLOCK, Plain } from './training';

/**
 * Columns are cut into tiles of at most 6 vectors, stored one after the other, each K rows of `width` vectors. A tile
 * that all filters share stays in the first-level cache; more than 6 sums do not stay in registers, because V8 issues
 * all loads of a row before its sums.
 */
// @ts-ignore: decorator
@inline
export function widthOf(left: i32): i32 {
  return left > 6 && left < 12 ? (left + 1) >> 1 : min(left, 6);
}

/**
 * Copies the Gram matrix (K x K, row-major, at `from`) into tiles, and zeros into the padding. Anchors that are orthogonal
 * to all of a tile, at its beginning and its end, are left out of its product where it has `ranges`.
 */
export function packGram(s: Plain, from: usize): void {
  const K = s.anchors;
  const V = (K + 1) >> 1;
  let to = s.gram;
  let range = s.ranges;
  let leftOut = 0;
  let all = 0;
  for (let first = 0; first < V; ) {
    const width = widthOf(V - first);
    let begin = K;
    let end = 0;
    for (let k = 0; k < K; k++) {
      let some = false;
      for (let l = 2 * first; l < 2 * (first + width); l++) {
        const g = l < K ? load<f64>(from + (<usize>(k * K + l) << 3)) : 0;
        some = some || g != 0;
        store<f64>(to, g);
        to += 8;
      }
      if (!some) continue;
      begin = min(begin, k);
      end = k + 1;
    }
    if (range) {
      store<i32>(range, begin);
      store<i32>(range, end, 4);
      range += 8;
      leftOut += begin < end ? begin + K - end : K;
      all += K;
    }
    first += width;
  }
  if (4 * leftOut < all) s.ranges = 0; // the lists' parts cost more to find
}

/**
 * One filter, one tile: adds the sums to `out`, or goes on with those (`part`) that lie there. `part` and `width` are
 * literals at every call: what they exclude is not compiled.
 */
// @ts-ignore: decorator
@inline
function tile(part: bool, width: i32, list: usize, end: usize, G: usize, out: usize): void {
  const none = f64x2.splat(0);
  let s0 = part ? v128.load(out) : none;
  let s1 = part && width > 1 ? v128.load(out, 16) : none;
  let s2 = part && width > 2 ? v128.load(out, 32) : none;
  let s3 = part && width > 3 ? v128.load(out, 48) : none;
  let s4 = part && width > 4 ? v128.load(out, 64) : none;
  let s5 = part && width > 5 ? v128.load(out, 80) : none;
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
  if (part) {
    v128.store(out, s0);
    if (width > 1) v128.store(out, s1, 16);
    if (width > 2) v128.store(out, s2, 32);
    if (width > 3) v128.store(out, s3, 48);
    if (width > 4) v128.store(out, s4, 64);
    if (width > 5) v128.store(out, s5, 80);
    return;
  }
  addTo(out, s0);
  if (width > 1) addTo(out + 16, s1);
  if (width > 2) addTo(out + 32, s2);
  if (width > 3) addTo(out + 48, s3);
  if (width > 4) addTo(out + 64, s4);
  if (width > 5) addTo(out + 80, s5);
}

/** One tile of every filter. */
// @ts-ignore: decorator
@inline
function column(width: i32, s: Plain, G: usize, P: usize): void {
  const stride = <usize>((s.anchors + 1) >> 1) << 4;
  const listStride = <usize>(s.anchors + 1) << 4;
  let list = s.lists;
  let ends = s.listEnds;
  for (const last = ends + (<usize>s.filters << 2); ends < last; ends += 4) {
    const end = <usize>load<i32>(ends);
    if (end != list) tile(false, width, list, end, G, P);
    P += stride;
    list += listStride;
  }
}

/** One tile of every filter, some anchors: from `from` to `to` in its list, a pair of addresses in `cuts`. */
// @ts-ignore: decorator
@inline
function block(part: bool, width: i32, s: Plain, G: usize, sums: usize, cuts: usize): void {
  const stride = <usize>((s.anchors + 1) >> 1) << 4;
  for (const last = cuts + (<usize>s.filters << 3); cuts < last; cuts += 8) {
    const from = <usize>load<i32>(cuts);
    const to = <usize>load<i32>(cuts, 4);
    if (to != from) tile(part, width, from, to, G, sums);
    sums += stride;
  }
}

/** The first entry of an ordered list at or after `from` whose anchor is at least k, or `end`. */
function cut(from: usize, end: usize, k: i32): usize {
  let count = (end - from) >> 4;
  while (count > 0) {
    const half = count >> 1;
    const middle = from + (half << 4);
    if (load<i32>(middle, 8) < k) {
      from = middle + 16;
      count -= half + 1;
    } else count = half;
  }
  return from;
}

/** Whether every listed dC_rk is: a zero product that is left out would show. */
function finite(s: Plain): bool {
  let none: f64 = 0;
  let list = s.lists;
  for (let r: usize = 0; r < <usize>s.filters; r++) {
    for (let at = list, end = <usize>load<i32>(s.listEnds + (r << 2)); at < end; at += 16) none += load<f64>(at) * 0;
    list += <usize>(s.anchors + 1) << 4;
  }
  return none == 0; // NaN is not
}

/** All filters, each tile with the anchors that are not orthogonal to it. */
function addProductByRanges(s: Plain): void {
  const products = target(s);
  const V = (s.anchors + 1) >> 1;
  const cuts = s.ranges + (<usize>V << 3);
  let G = s.gram;
  let range = s.ranges;
  let begin = -1;
  let end = -1;
  for (let first = 0; first < V; ) {
    const width = widthOf(V - first);
    const P = products + (<usize>first << 4);
    if (load<i32>(range) != begin || load<i32>(range, 4) != end) {
      begin = load<i32>(range);
      end = load<i32>(range, 4);
      let list = s.lists;
      for (let r: usize = 0; r < <usize>s.filters; r++) {
        const last = <usize>load<i32>(s.listEnds + (r << 2));
        const from = cut(list, last, begin);
        store<usize>(cuts + (r << 3), from);
        store<usize>(cuts + (r << 3), max(from, cut(from, last, end)), 4);
        list += <usize>(s.anchors + 1) << 4;
      }
    }
    if (width == 6) block(false, 6, s, G, P, cuts);
    else if (width == 5) block(false, 5, s, G, P, cuts);
    else if (width == 4) block(false, 4, s, G, P, cuts);
    else if (width == 3) block(false, 3, s, G, P, cuts);
    else if (width == 2) block(false, 2, s, G, P, cuts);
    else block(false, 1, s, G, P, cuts);
    G += <usize>s.anchors * (<usize>width << 4);
    range += 8;
    first += width;
  }
}

/**
 * All filters, block by block over the anchors: a block of a tile stays in the first-level cache while all filters use
 * it, and a block of their lists in the second-level cache for all tiles. The sums wait in memory meanwhile.
 */
function addProductByBlocks(s: Plain): void {
  const K = s.anchors;
  const V = (K + 1) >> 1;
  const size = (<usize>s.filters * <usize>V) << 4;
  const cuts = s.sums + ((<usize>((s.filters + 3) & ~3) * <usize>V) << 4);
  memory.fill(s.sums, 0, size);
  for (let k = 0; k < K; k += BLOCK) {
    let list = s.lists;
    for (let r: usize = 0; r < <usize>s.filters; r++) {
      const from = k == 0 ? list : <usize>load<i32>(cuts + (r << 3), 4);
      store<usize>(cuts + (r << 3), from);
      store<usize>(cuts + (r << 3), cut(from, <usize>load<i32>(s.listEnds + (r << 2)), k + BLOCK), 4);
      list += <usize>(K + 1) << 4;
    }
    let G = s.gram;
    for (let first = 0; first < V; ) {
      const width = widthOf(V - first);
      const sums = s.sums + (<usize>first << 4);
      if (width == 6) block(true, 6, s, G, sums, cuts);
      else if (width == 5) block(true, 5, s, G, sums, cuts);
      else if (width == 4) block(true, 4, s, G, sums, cuts);
      else if (width == 3) block(true, 3, s, G, sums, cuts);
      else if (width == 2) block(true, 2, s, G, sums, cuts);
      else block(true, 1, s, G, sums, cuts);
      G += <usize>K * (<usize>width << 4);
      first += width;
    }
  }
  // P is never -0, so a sum of no terms changes no bit.
  const to = target(s);
  for (let at: usize = 0; at < size; at += 16) addTo(to + at, v128.load(s.sums + at));
}

/** Where sums are added: to the products, or to what is stored of their velocities. */
// @ts-ignore: decorator
@inline
function target(s: Plain): usize {
  return s.products + (s.remembers ? s.productsMemory : 0);
}

/** All filters. */
export function addProduct(s: Plain): void {
  addSums(s);
  if (s.remembers) settleAll(s, s.products, s.productsMemory, <usize>s.filters * ((<usize>(s.anchors + 1) >> 1) << 4));
}

function addSums(s: Plain): void {
  if (s.sums) {
    addProductByBlocks(s);
    return;
  }
  if (s.ranges && finite(s)) {
    addProductByRanges(s);
    return;
  }
  const products = target(s);
  const V = (s.anchors + 1) >> 1;
  let G = s.gram;
  for (let first = 0; first < V; ) {
    const width = widthOf(V - first);
    const P = products + (<usize>first << 4);
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
