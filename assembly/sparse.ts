/**
 * Sparse rows and the weights of all filters, two filters in each vector: the operations of src/dynamics/sparse-rows.ts in
 * the same order. Weights and pulls are transposed, columns x stride f64 with an even stride, so that what a coordinate
 * meets lies together. Row q has the coordinates start[q] .. start[q + 1] of `at` (i32) and `values` (f64).
 */
import { at4, at8 } from './memory';

/** Up to four vectors of products of one row. `width` is a literal at every call. */
// @ts-ignore: decorator
@inline
function tile(width: i32, a: usize, step: usize, at: usize, values: usize, terms: i32, out: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  for (let k = 0; k < terms; k++) {
    const x = v128.load64_splat(at8(values, k));
    const from = a + <usize>load<i32>(at4(at, k)) * step;
    s0 = f64x2.add(s0, f64x2.mul(v128.load(from), x));
    if (width > 1) {
      s1 = f64x2.add(s1, f64x2.mul(v128.load(from, 16), x));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(from, 32), x));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(from, 48), x));
    }
  }
  v128.store(out, s0);
  if (width > 1) {
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
  }
}

/** out (rows x stride): the products of every row with every filter. */
export function sparseProducts(
  a: usize,
  stride: i32,
  start: usize,
  at: usize,
  values: usize,
  rows: i32,
  out: usize,
): void {
  const step = <usize>stride << 3;
  for (let q = 0; q < rows; q++) {
    const first = load<i32>(at4(start, q));
    const terms = load<i32>(at4(start, q + 1)) - first;
    const places = at4(at, first);
    const numbers = at8(values, first);
    let j: usize = 0;
    for (; j + 64 <= step; j += 64) tile(4, a + j, step, places, numbers, terms, out + j);
    for (; j < step; j += 16) tile(1, a + j, step, places, numbers, terms, out + j);
    out += step;
  }
}

/** Adds changes[q] times row q to the pulls, for the rows `which` (i32) one after the other. */
export function sparsePulls(
  pulls: usize,
  stride: i32,
  start: usize,
  at: usize,
  values: usize,
  changes: usize,
  which: usize,
  count: i32,
): void {
  const step = <usize>stride << 3;
  for (let i = 0; i < count; i++) {
    const q = load<i32>(at4(which, i));
    const change = changes + <usize>q * step;
    for (let k = load<i32>(at4(start, q)), last = load<i32>(at4(start, q + 1)); k < last; k++) {
      const x = v128.load64_splat(at8(values, k));
      const to = pulls + <usize>load<i32>(at4(at, k)) * step;
      for (let j: usize = 0; j < step; j += 16)
        v128.store(to + j, f64x2.add(v128.load(to + j), f64x2.mul(v128.load(change + j), x)));
    }
  }
}
