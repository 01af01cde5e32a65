/**
 * The products of a pass down the layers, and of the pulls (src/dynamics/deep/products.ts): a vector has two units of a
 * column, or two weights of a row (their layout is that of deep-rise.ts).
 */

// What becomes of a sum: it is stored, or added to what is there.
const STORE: i32 = 0;
const ADD: i32 = 1;

/** Puts a sum where it belongs; returns which lanes of it are not 0, where they are asked for. `into` is a literal. */
// @ts-ignore: decorator
@inline
function put(into: i32, sum: v128, out: usize): v128 {
  if (into == STORE) {
    v128.store(out, sum);
    return sum;
  }
  v128.store(out, f64x2.add(v128.load(out), sum));
  return f64x2.ne(sum, f64x2.splat(0));
}

/** Four rows of sums or one, two vectors wide or one. The first three arguments are literals. */
// @ts-ignore: decorator
@inline
function sumTile(into: i32, four: bool, two: bool, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, count: i32, out: usize, outStep: usize): v128 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  let t0 = f64x2.splat(0);
  let t1 = f64x2.splat(0);
  let t2 = f64x2.splat(0);
  let t3 = f64x2.splat(0);
  let a1 = four ? a + aRow : 0;
  let a2 = four ? a1 + aRow : 0;
  let a3 = four ? a2 + aRow : 0;
  for (let k = count; k > 0; k--) {
    const u = v128.load(b);
    const v = two ? v128.load(b, 16) : u;
    const x0 = v128.load64_splat(a);
    s0 = f64x2.add(s0, f64x2.mul(x0, u));
    if (two) t0 = f64x2.add(t0, f64x2.mul(x0, v));
    a += aStep;
    b += bStep;
    if (four) {
      const x1 = v128.load64_splat(a1);
      s1 = f64x2.add(s1, f64x2.mul(x1, u));
      if (two) t1 = f64x2.add(t1, f64x2.mul(x1, v));
      const x2 = v128.load64_splat(a2);
      s2 = f64x2.add(s2, f64x2.mul(x2, u));
      if (two) t2 = f64x2.add(t2, f64x2.mul(x2, v));
      const x3 = v128.load64_splat(a3);
      s3 = f64x2.add(s3, f64x2.mul(x3, u));
      if (two) t3 = f64x2.add(t3, f64x2.mul(x3, v));
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
    }
  }
  let some = put(into, s0, out);
  if (two) some = v128.or(some, put(into, t0, out + 16));
  if (four) {
    out += outStep;
    some = v128.or(some, put(into, s1, out));
    if (two) some = v128.or(some, put(into, t1, out + 16));
    out += outStep;
    some = v128.or(some, put(into, s2, out));
    if (two) some = v128.or(some, put(into, t2, out + 16));
    out += outStep;
    some = v128.or(some, put(into, s3, out));
    if (two) some = v128.or(some, put(into, t3, out + 16));
  }
  return some;
}

/** A column of tiles. The first two arguments are literals. */
// @ts-ignore: decorator
@inline
function sumPanel(into: i32, two: bool, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, count: i32, rows: i32, out: usize, outStep: usize): v128 {
  let some = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    some = v128.or(some, sumTile(into, true, two, a, aRow, aStep, b, bStep, count, out, outStep));
    a += aRow << 2;
    out += outStep << 2;
  }
  for (; i < rows; i++) {
    some = v128.or(some, sumTile(into, false, two, a, aRow, aStep, b, bStep, count, out, outStep));
    a += aRow;
    out += outStep;
  }
  return some;
}

// @ts-ignore: decorator
@inline
function sumAs(into: i32, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, count: i32, rows: i32, width: i32, out: usize, outStep: usize): bool {
  let some = f64x2.splat(0);
  let vectors = (width + 1) >> 1;
  for (; vectors >= 2; vectors -= 2) {
    some = v128.or(some, sumPanel(into, true, a, aRow, aStep, b, bStep, count, rows, out, outStep));
    b += 32;
    out += 32;
  }
  if (vectors) some = v128.or(some, sumPanel(into, false, a, aRow, aStep, b, bStep, count, rows, out, outStep));
  return v128.any_true(some);
}

/** out_iv = sum over k in order of a_ik b_kv, `count` of them: a_ik at a + i aRow + k aStep, b_kv at b + k bStep + 8 v. */
function sums(a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, count: i32, rows: i32, width: i32, out: usize, outStep: usize): void {
  sumAs(STORE, a, aRow, aStep, b, bStep, count, rows, width, out, outStep);
}

/** Adds them to what is there instead. Returns whether one of them is not 0. */
export function addSums(a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, count: i32, rows: i32, width: i32, out: usize, outStep: usize): bool {
  return sumAs(ADD, a, aRow, aStep, b, bStep, count, rows, width, out, outStep);
}

/** out_cu = (sum over even j of w_ju d_cj) + (sum over odd j of w_ju d_cj). @param d columns x units @param w units x width */
export function fall(d: usize, dStep: usize, columns: i32, w: usize, wStep: usize, units: i32, width: i32, out: usize, outStep: usize): void {
  sums(d, dStep, 16, w, wStep << 1, (units + 1) >> 1, columns, width, out, outStep);
  addSums(d + 8, dStep, 16, w + wStep, wStep << 1, units >> 1, columns, width, out, outStep);
}

/** Five vectors of a row of sums or one, over a list of (f64 factor, address). The first two arguments are literals. */
// @ts-ignore: decorator
@inline
function listTile(into: i32, five: bool, list: usize, end: usize, shift: usize, out: usize): v128 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  let s4 = f64x2.splat(0);
  while (list < end) {
    const x = v128.load64_splat(list);
    const b = load<usize>(list, 8) + shift;
    s0 = f64x2.add(s0, f64x2.mul(x, v128.load(b)));
    if (five) {
      s1 = f64x2.add(s1, f64x2.mul(x, v128.load(b, 16)));
      s2 = f64x2.add(s2, f64x2.mul(x, v128.load(b, 32)));
      s3 = f64x2.add(s3, f64x2.mul(x, v128.load(b, 48)));
      s4 = f64x2.add(s4, f64x2.mul(x, v128.load(b, 64)));
    }
    list += 16;
  }
  let some = put(into, s0, out);
  if (five) {
    some = v128.or(some, put(into, s1, out + 16));
    some = v128.or(some, put(into, s2, out + 32));
    some = v128.or(some, put(into, s3, out + 48));
    some = v128.or(some, put(into, s4, out + 64));
  }
  return some;
}

// @ts-ignore: decorator
@inline
function listAs(into: i32, list: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, count: i32, rows: i32, width: i32, out: usize, outStep: usize): bool {
  let some = f64x2.splat(0);
  for (let i = 0; i < rows; i++) {
    let end = list;
    let from = a;
    let row = b;
    for (let k = count; k > 0; k--) {
      const x = load<f64>(from);
      store<f64>(end, x);
      store<usize>(end, row, 8);
      end += <usize>i32(x != 0) << 4;
      from += aStep;
      row += bStep;
    }
    let shift: usize = 0;
    let vectors = (width + 1) >> 1;
    for (; vectors >= 5; vectors -= 5) {
      some = v128.or(some, listTile(into, true, list, end, shift, out + shift));
      shift += 80;
    }
    for (; vectors > 0; vectors--) {
      some = v128.or(some, listTile(into, false, list, end, shift, out + shift));
      shift += 16;
    }
    a += aRow;
    out += outStep;
  }
  return v128.any_true(some);
}

/**
 * `addSums` where many factors are 0, which are left out: for finite b the sums, which start at +0, keep every bit.
 *
 * @param list room for count + 1 entries of 16 bytes
 */
export function addListed(list: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, count: i32, rows: i32, width: i32, out: usize, outStep: usize): bool {
  return listAs(ADD, list, a, aRow, aStep, b, bStep, count, rows, width, out, outStep);
}

/** `fall` likewise, for finite w. */
export function fallListed(list: usize, d: usize, dStep: usize, columns: i32, w: usize, wStep: usize, units: i32, width: i32, out: usize, outStep: usize): void {
  listAs(STORE, list, d, dStep, 16, w, wStep << 1, (units + 1) >> 1, columns, width, out, outStep);
  listAs(ADD, list, d + 8, dStep, 16, w + wStep, wStep << 1, units >> 1, columns, width, out, outStep);
}
