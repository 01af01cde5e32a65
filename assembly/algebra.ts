/** Dense linear algebra: every sum in index order, as in src/core/linear-algebra.ts. Rows are padded to vectors of two. */

/** Copies A (rows x columns, dense) to its transpose (columns x rows, rows of `stride` f64 padded with zeros). */
export function transpose(from: usize, rows: i32, columns: i32, to: usize, stride: i32): void {
  for (let j = 0; j < columns; j++) {
    const row = to + (<usize>(j * stride) << 3);
    for (let i = 0; i < stride; i++) {
      store<f64>(row + (<usize>i << 3), i < rows ? load<f64>(from + (<usize>(i * columns + j) << 3)) : 0);
    }
  }
}

/** Up to four vectors of one row of A B. `width` is a literal at every call. */
// @ts-ignore: decorator
@inline
function rowTile(width: i32, a: usize, inner: i32, b: usize, step: usize, out: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  for (const end = a + (<usize>inner << 3); a < end; a += 8) {
    const x = v128.load64_splat(a);
    s0 = f64x2.add(s0, f64x2.mul(x, v128.load(b)));
    if (width > 1) {
      s1 = f64x2.add(s1, f64x2.mul(x, v128.load(b, 16)));
      s2 = f64x2.add(s2, f64x2.mul(x, v128.load(b, 32)));
      s3 = f64x2.add(s3, f64x2.mul(x, v128.load(b, 48)));
    }
    b += step;
  }
  v128.store(out, s0);
  if (width > 1) {
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
  }
}

/** out = A B: A (rows x inner, dense), B and out (rows of `stride` f64, an even number). */
export function product(a: usize, rows: i32, inner: i32, b: usize, stride: i32, out: usize): void {
  const step = <usize>stride << 3;
  for (let i = 0; i < rows; i++) {
    let j: usize = 0;
    for (; j + 64 <= step; j += 64) rowTile(4, a, inner, b + j, step, out + j);
    for (; j < step; j += 16) rowTile(1, a, inner, b + j, step, out + j);
    a += <usize>inner << 3;
    out += step;
  }
}

/** Reflects up to four pairs of rows: sums and updates of several keep the processor busy. `pairs` is a literal. */
// @ts-ignore: decorator
@inline
function reflect(pairs: i32, from: usize, step: usize, x: usize, tail: i32, scale: v128): void {
  const end = x + (<usize>tail << 3);
  let f0 = f64x2.splat(0);
  let f1 = f64x2.splat(0);
  let f2 = f64x2.splat(0);
  let f3 = f64x2.splat(0);
  let column = from;
  for (let at = x; at < end; at += 8) {
    const xj = v128.load64_splat(at);
    f0 = f64x2.add(f0, f64x2.mul(v128.load(column), xj));
    if (pairs > 1) f1 = f64x2.add(f1, f64x2.mul(v128.load(column, 16), xj));
    if (pairs > 2) f2 = f64x2.add(f2, f64x2.mul(v128.load(column, 32), xj));
    if (pairs > 3) f3 = f64x2.add(f3, f64x2.mul(v128.load(column, 48), xj));
    column += step;
  }
  f0 = f64x2.mul(f0, scale);
  f1 = f64x2.mul(f1, scale);
  f2 = f64x2.mul(f2, scale);
  f3 = f64x2.mul(f3, scale);
  column = from;
  for (let at = x; at < end; at += 8) {
    const xj = v128.load64_splat(at);
    v128.store(column, f64x2.sub(v128.load(column), f64x2.mul(f0, xj)));
    if (pairs > 1) v128.store(column, f64x2.sub(v128.load(column, 16), f64x2.mul(f1, xj)), 16);
    if (pairs > 2) v128.store(column, f64x2.sub(v128.load(column, 32), f64x2.mul(f2, xj)), 32);
    if (pairs > 3) v128.store(column, f64x2.sub(v128.load(column, 48), f64x2.mul(f3, xj)), 48);
    column += step;
  }
}

/**
 * Householder reflections of the rows of A, given by columns: `work` is Aᵀ (columns x stride, stride an even number at least
 * `rows`, padded with zeros). Leaves Lᵀ in its upper triangle. `x` and `factors`: scratch of columns and stride f64.
 */
export function factorLQ(work: usize, rows: i32, columns: i32, stride: i32, x: usize, factors: usize): void {
  const step = <usize>stride << 3;
  const rank = min(rows, columns);
  for (let k = 0; k < rank; k++) {
    const tail = columns - k;
    const first = work + <usize>k * step; // column k
    let square: f64 = 0;
    for (let j = 0; j < tail; j++) {
      const value = load<f64>(first + <usize>j * step + (<usize>k << 3));
      store<f64>(x + (<usize>j << 3), value);
      square += value * value;
    }
    const norm = Math.sqrt(square);
    if (norm == 0) continue;
    const head = load<f64>(x);
    const alpha = head > 0 ? -norm : norm;
    const scale = f64x2.splat(1 / (norm * (norm + Math.abs(head))));
    store<f64>(x, head - alpha);
    // From the pair of rows that holds row k + 1; what happens to row k or the padding is put right below.
    let at = <usize>((k + 1) & ~1) << 3;
    for (; at + 64 <= step; at += 64) reflect(4, first + at, step, x, tail, scale);
    for (; at + 32 <= step; at += 32) reflect(2, first + at, step, x, tail, scale);
    if (at < step) reflect(1, first + at, step, x, tail, scale);
    store<f64>(first + (<usize>k << 3), alpha);
    for (let j = 1; j < tail; j++) store<f64>(first + <usize>j * step + (<usize>k << 3), 0);
  }
}
