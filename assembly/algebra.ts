/**
 * Dense linear algebra: every sum in index order, as in src/core/linear-algebra.ts. Rows are padded to vectors of two.
 */

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

// ---- large products ----

/** How many products a block adds to each sum: tiles of A and B of 8 KB lie in the first-level cache. */
const DEPTH: i32 = 256;
/** Rows of A in a block, 128 KB. */
const ROWS: i32 = 64;

/**
 * Copies four neighbouring lines (those that exist, then zeros), `depth` numbers of each, to [number][line]. Numbers of
 * a line are `step` bytes apart, lines `lineStep`. Returns how many numbers there are up to the last that is not 0 in a
 * line.
 */
function pack(from: usize, lines: i32, lineStep: usize, depth: i32, step: usize, to: usize): i32 {
  let used = 0;
  for (let k = 0; k < depth; k++) {
    let some = false;
    for (let line = 0; line < 4; line++) {
      const x: f64 = line < lines ? load<f64>(from + <usize>line * lineStep) : 0;
      store<f64>(to + (<usize>line << 3), x);
      some = some || x != 0;
    }
    if (some) used = k + 1;
    from += step;
    to += 32;
  }
  return used;
}

/** Four rows by four columns: goes on with the sums at `out`. */
function squareTile(a: usize, b: usize, depth: i32, out: usize, step: usize): void {
  const out1 = out + step;
  const out2 = out1 + step;
  const out3 = out2 + step;
  let s00 = v128.load(out);
  let s01 = v128.load(out, 16);
  let s10 = v128.load(out1);
  let s11 = v128.load(out1, 16);
  let s20 = v128.load(out2);
  let s21 = v128.load(out2, 16);
  let s30 = v128.load(out3);
  let s31 = v128.load(out3, 16);
  for (const end = a + (<usize>depth << 5); a < end; a += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load64_splat(a);
    s00 = f64x2.add(s00, f64x2.mul(a0, b0));
    s01 = f64x2.add(s01, f64x2.mul(a0, b1));
    const a1 = v128.load64_splat(a, 8);
    s10 = f64x2.add(s10, f64x2.mul(a1, b0));
    s11 = f64x2.add(s11, f64x2.mul(a1, b1));
    const a2 = v128.load64_splat(a, 16);
    s20 = f64x2.add(s20, f64x2.mul(a2, b0));
    s21 = f64x2.add(s21, f64x2.mul(a2, b1));
    const a3 = v128.load64_splat(a, 24);
    s30 = f64x2.add(s30, f64x2.mul(a3, b0));
    s31 = f64x2.add(s31, f64x2.mul(a3, b1));
    b += 32;
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out1, s10);
  v128.store(out1, s11, 16);
  v128.store(out2, s20);
  v128.store(out2, s21, 16);
  v128.store(out3, s30);
  v128.store(out3, s31, 16);
}

/** Bytes of scratch that `largeProduct` needs for so many columns. */
export function largeScratch(columns: i32): i32 {
  const panels = (columns + 3) >> 2;
  return (panels * 4 + ROWS) * DEPTH * 8 + panels * 4;
}

/**
 * out = A B for finite A (rows x inner, dense) and B, number (k, j) of which lies at b + k kStep + j jStep (bytes);
 * out: rows and columns padded to multiples of four. Trailing zeros of a block's lines are left out: no sum is -0, so
 * no bit changes. `symmetric`: B = A^T, only what is on or above the diagonal is computed and then mirrored.
 * `continued`: goes on with the sums that lie in `out`, none of them -0.
 */
export function largeProduct(a: usize, rows: i32, inner: i32, b: usize, kStep: usize, jStep: usize, columns: i32, symmetric: bool, continued: bool, scratch: usize, out: usize): void {
  const panels = (columns + 3) >> 2;
  const step = <usize>panels << 5;
  const aStep = <usize>inner << 3;
  const panelBytes = <usize>DEPTH << 5;
  const packedA = scratch + <usize>panels * panelBytes;
  const usedB = packedA + <usize>(ROWS >> 2) * panelBytes;
  if (!continued) memory.fill(out, 0, <usize>((rows + 3) & ~3) * step);
  for (let k = 0; k < inner; k += DEPTH) {
    const depth = min(DEPTH, inner - k);
    for (let panel = 0; panel < panels; panel++) {
      const from = b + <usize>k * kStep + <usize>(panel << 2) * jStep;
      store<i32>(usedB + (<usize>panel << 2), pack(from, columns - (panel << 2), jStep, depth, kStep, scratch + <usize>panel * panelBytes));
    }
    for (let first = 0; first < rows; first += ROWS) {
      const last = min(rows, first + ROWS);
      let used = 0; // the most of any four rows
      for (let i = first; i < last; i += 4) {
        used = max(used, pack(a + <usize>i * aStep + (<usize>k << 3), rows - i, aStep, depth, 8, packedA + <usize>((i - first) >> 2) * panelBytes));
      }
      for (let panel = symmetric ? first >> 2 : 0; panel < panels; panel++) {
        const length = min(used, load<i32>(usedB + (<usize>panel << 2)));
        if (length == 0) continue;
        const end = symmetric ? min(last, (panel << 2) + 4) : last;
        for (let i = first; i < end; i += 4) {
          squareTile(packedA + <usize>((i - first) >> 2) * panelBytes, scratch + <usize>panel * panelBytes, length, out + <usize>i * step + (<usize>panel << 5), step);
        }
      }
    }
  }
  if (!symmetric) return;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) store<f64>(out + <usize>i * step + (<usize>j << 3), load<f64>(out + <usize>j * step + (<usize>i << 3)));
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
 * Householder reflections of the rows of A, given by columns: `work` is Aᵀ (columns x stride, stride an even number at
 * least `rows`, padded with zeros). Leaves Lᵀ in its upper triangle. `x` and `factors`: scratch of columns and stride
 * f64.
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
