/**
 * Dense linear algebra in the kernel: the functions of linear-algebra.ts, bit by bit. What would need too much memory
 * is left to them.
 */
import { kernel, LARGEST } from './kernel.ts';
import * as reference from './linear-algebra.ts';
import { exponentOf, timesPower2 } from './scale.ts';

const even = (count: number): number => count + (count & 1);

/** From so many multiplications on, blocks that stay in the caches pay for their packing. */
const LARGE = 2 ** 21;

const four = (count: number): number => (count + 3) & ~3;

/**
 * A B or A Bᵀ in blocks; undefined when that is not worth while, or a number is not finite and a left-out zero would
 * show.
 */
function large(
  a: Float64Array,
  rows: number,
  inner: number,
  b: Float64Array,
  columns: number,
  transposed: boolean,
): Float64Array | undefined {
  if (rows * inner * columns < LARGE || !allFinite(a, rows * inner) || !allFinite(b, inner * columns)) return undefined;
  const host = kernel();
  host.freeScratch();
  const { exports } = host;
  const symmetric = transposed && a === b && rows === columns;
  const atA = host.take(8 * rows * inner);
  const atB = symmetric ? atA : host.take(8 * inner * columns);
  const scratch = host.take(exports.largeScratch(columns));
  const out = host.take(8 * four(rows) * four(columns));
  const { f64 } = host;
  f64.set(a.subarray(0, rows * inner), atA / 8);
  if (!symmetric) f64.set(b.subarray(0, inner * columns), atB / 8);
  exports.largeProduct(
    atA,
    rows,
    inner,
    atB,
    transposed ? 8 : 8 * columns,
    transposed ? 8 * inner : 8,
    columns,
    symmetric,
    false,
    scratch,
    out,
  );
  return gather(f64, out / 8, four(columns), rows, columns);
}

/** Are its first `length` numbers finite? */
export function allFinite(x: Float64Array, length = x.length): boolean {
  let none = 0;
  for (let i = 0; i < length; i++) none += x[i]! - x[i]!; // NaN as soon as one is not finite
  return none === 0;
}

/** A B for A (rows x inner) and B (inner x columns): rows x columns. */
export function product(a: Float64Array, rows: number, b: Float64Array, inner: number, columns: number): Float64Array {
  const stride = even(columns);
  if (rows * inner + (rows + inner) * stride > LARGEST) return reference.product(a, rows, b, inner, columns);
  const inBlocks = large(a, rows, inner, b, columns, false);
  if (inBlocks) return inBlocks;
  const host = kernel();
  host.freeScratch();
  const at = host.take(8 * rows * inner);
  const bt = host.take(8 * inner * stride);
  const out = host.take(8 * rows * stride);
  const { f64 } = host;
  f64.set(a.length === rows * inner ? a : a.subarray(0, rows * inner), at / 8);
  spread(f64, bt / 8, stride, b, inner, columns);
  host.exports.product(at, rows, inner, bt, stride, out);
  return gather(f64, out / 8, stride, rows, columns);
}

/** A Bᵀ for A (rows x columns) and B (others x columns): rows x others. */
export function productTransposed(
  a: Float64Array,
  rows: number,
  b: Float64Array,
  others: number,
  columns: number,
): Float64Array {
  const stride = even(others);
  if ((rows + others) * columns + (rows + columns) * stride > LARGEST)
    return reference.productTransposed(a, rows, b, others, columns);
  const inBlocks = large(a, rows, columns, b, others, true);
  if (inBlocks) return inBlocks;
  const host = kernel();
  host.freeScratch();
  const at = host.take(8 * rows * columns);
  const plain = host.take(8 * others * columns);
  const bt = host.take(8 * columns * stride);
  const out = host.take(8 * rows * stride);
  const { f64, exports } = host;
  f64.set(a.length === rows * columns ? a : a.subarray(0, rows * columns), at / 8);
  f64.set(b.length === others * columns ? b : b.subarray(0, others * columns), plain / 8);
  exports.transpose(plain, others, columns, bt, stride);
  exports.product(at, rows, columns, bt, stride, out);
  return gather(f64, out / 8, stride, rows, others);
}

/** The factor L of A = L Q, see linear-algebra.ts. */
export function factorLQ(a: Float64Array, rows: number, columns: number): { l: Float64Array; rank: number } {
  const stride = even(rows);
  if (columns * (rows + stride + 1) + stride > LARGEST) return reference.factorLQ(a, rows, columns);
  const host = kernel();
  host.freeScratch();
  const plain = host.take(8 * rows * columns);
  const work = host.take(8 * columns * stride);
  const x = host.take(8 * columns);
  const factors = host.take(8 * stride);
  const { f64, exports } = host;
  f64.set(a.length === rows * columns ? a : a.subarray(0, rows * columns), plain / 8);
  exports.transpose(plain, rows, columns, work, stride);
  exports.factorLQ(work, rows, columns, stride, x, factors);
  const rank = Math.min(rows, columns);
  const l = new Float64Array(rows * rank);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < Math.min(rank, i + 1); j++) l[i * rank + j] = f64[work / 8 + j * stride + i]!;
  return { l, rank };
}

/** Rows between 2^-400 and 2^400: their squares and sums of them stay in range. */
const MODERATE = 400;

/** As factorLQ, whatever the sizes of the rows: each is factored in units of its own, which changes no bit of L. */
export function factorRows(a: Float64Array, rows: number, columns: number): { l: Float64Array; rank: number } {
  const units = new Int32Array(rows);
  let same = true;
  for (let r = 0; r < rows; r++) {
    let largest = 0;
    for (let at = r * columns; at < (r + 1) * columns; at++) {
      const size = Math.abs(a[at]!);
      if (!(size <= largest)) largest = size; // NaN too, which then stays
      if (largest !== largest) break;
    }
    units[r] = exponentOf(largest);
    if (Math.abs(units[r]!) > MODERATE) same = false;
  }
  if (same) return factorLQ(a, rows, columns);
  const { l, rank } = factorLQ(
    a.map((x, at) => timesPower2(x, -units[Math.floor(at / columns)]!)),
    rows,
    columns,
  );
  return { l: l.map((x, at) => timesPower2(x, units[Math.floor(at / rank)]!)), rank };
}

/** Copies dense rows to rows of `stride`, padded with zeros. */
function spread(
  f64: Float64Array,
  at: number,
  stride: number,
  from: Float64Array,
  rows: number,
  columns: number,
): void {
  if (stride === columns) f64.set(from.length === rows * columns ? from : from.subarray(0, rows * columns), at);
  else {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) f64[at + i * stride + j] = from[i * columns + j]!;
      f64[at + i * stride + columns] = 0;
    }
  }
}

/** Rows that begin every `stride` numbers, one after the other. */
export function copyRows(
  f64: Float64Array,
  at: number,
  stride: number,
  rows: number,
  columns: number,
  out: Float64Array,
): void {
  // A view of a short row costs more than its numbers.
  if (columns > 128)
    for (let i = 0; i < rows; i++) out.set(f64.subarray(at + i * stride, at + i * stride + columns), i * columns);
  else {
    let to = 0;
    for (let i = 0; i < rows; i++) {
      const from = at + i * stride;
      for (let j = 0; j < columns; j++) out[to++] = f64[from + j]!;
    }
  }
}

function gather(f64: Float64Array, at: number, stride: number, rows: number, columns: number): Float64Array {
  if (stride === columns) return f64.slice(at, at + rows * columns);
  const out = new Float64Array(rows * columns);
  copyRows(f64, at, stride, rows, columns, out);
  return out;
}
