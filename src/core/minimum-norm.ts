/**
 * Least squares of least norm for matrices of any rank, by two factorisations with reflections, the rows of the first
 * one in the order of what they add (the complete orthogonal decomposition; Golub and Van Loan, Matrix Computations,
 * 5.5): no product A Aᵀ is formed, which would square the condition number just where it is large.
 */
import { dotRows, factorLQ } from './linear-algebra.ts';

/** What a row must add to those before it to count, over the norm of the longest. */
const RANK = 2 ** -40;

/**
 * The x of least norm among those with the least ‖A x - b‖: interpolating where A has full row rank, and the limit of
 * ridge regression as its penalty goes to 0.
 *
 * @param a (rows x columns), not changed
 * @param b length rows
 * @returns x (length columns), and the rank that was found: what a row adds counts from 2^-40 of the longest row on
 */
export function minimumNorm(
  a: Float64Array,
  rows: number,
  columns: number,
  b: Float64Array,
): { readonly x: Float64Array; readonly rank: number } {
  if (rows > columns + 1) return minimumNorm(...fewerRows(a, rows, columns, b));
  const work = a.slice();
  const { order, rank, scales, diagonal } = reflectRows(work, rows, columns);
  // A in this order = L Q, L (rows x rank) below the diagonal of `work` and on `diagonal`: |L z - b| is least.
  const l = new Float64Array(rows * rank);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < Math.min(i, rank); j++) l[i * rank + j] = work[order[i]! * columns + j]!;
    if (i < rank) l[i * rank + i] = diagonal[i]!;
  }
  const z = leastSquares(
    l,
    rows,
    rank,
    Float64Array.from(order, (row) => b[row]!),
  );
  const x = new Float64Array(columns);
  x.set(z);
  for (let k = rank - 1; k >= 0; k--) reflect(x, 0, work, order[k]! * columns, k, columns, scales[k]!);
  return { x, rank };
}

/** As many rows as A and b have columns, with the same solutions: those of Q [A b] for a Q with orthonormal rows. */
function fewerRows(
  a: Float64Array,
  rows: number,
  columns: number,
  b: Float64Array,
): [Float64Array, number, number, Float64Array] {
  const both = new Float64Array((columns + 1) * rows);
  for (let i = 0; i < rows; i++) for (let k = 0; k < columns; k++) both[k * rows + i] = a[i * columns + k]!;
  both.set(b, columns * rows);
  const { l, rank } = factorLQ(both, columns + 1, rows);
  const fewer = new Float64Array(rank * columns);
  for (let i = 0; i < rank; i++) for (let k = 0; k < columns; k++) fewer[i * columns + k] = l[k * rank + i]!;
  return [fewer, rank, columns, Float64Array.from({ length: rank }, (_, i) => l[columns * rank + i]!)];
}

/** v -= scale <u, v> u from coordinate k on; u and v begin at their starts. */
function reflect(
  v: Float64Array,
  vStart: number,
  u: Float64Array,
  uStart: number,
  k: number,
  length: number,
  scale: number,
): void {
  const factor = dotRows(u, uStart + k, v, vStart + k, length - k) * scale;
  for (let j = k; j < length; j++) v[vStart + j]! -= factor * u[uStart + j]!;
}

interface Reflected {
  /** rows in the order of what they add */
  readonly order: Uint32Array;
  readonly rank: number;
  /** of each reflection: 2 / ‖u‖² */
  readonly scales: Float64Array;
  /** of L, whose other entries stand before the places of the reflections */
  readonly diagonal: Float64Array;
}

/** Rows become those of L; the reflections u stand in them from the diagonal on. */
function reflectRows(work: Float64Array, rows: number, columns: number): Reflected {
  const most = Math.min(rows, columns);
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  const [scales, diagonal] = [new Float64Array(most), new Float64Array(most)];
  /** Squared norm of what a row adds; computed anew when so much has gone that rounding shows. */
  const left = Float64Array.from(order, (row) => dotRows(work, row * columns, work, row * columns, columns));
  const fresh = left.slice();
  let longest = 0;
  for (let k = 0; k < most; k++) {
    let at = k;
    for (let i = k + 1; i < rows; i++) if (left[order[i]!]! > left[order[at]!]!) at = i;
    [order[k], order[at]] = [order[at]!, order[k]!];
    const row = order[k]!;
    const start = row * columns;
    const norm = Math.sqrt(dotRows(work, start + k, work, start + k, columns - k));
    longest = Math.max(longest, norm);
    if (norm <= RANK * longest) return { order, rank: k, scales, diagonal };
    const head = work[start + k]!;
    diagonal[k] = head > 0 ? -norm : norm;
    work[start + k] = head - diagonal[k]!;
    scales[k] = 1 / (norm * (norm + Math.abs(head)));
    for (let i = k + 1; i < rows; i++) {
      const other = order[i]!;
      reflect(work, other * columns, work, start, k, columns, scales[k]!);
      const entry = work[other * columns + k]!;
      left[other]! -= entry * entry;
      if (left[other]! > 2 ** -20 * fresh[other]!) continue;
      const from = other * columns + k + 1;
      fresh[other] = left[other] = dotRows(work, from, work, from, columns - k - 1);
    }
  }
  return { order, rank: most, scales, diagonal };
}

/** z with the least ‖L z - b‖, L (rows x rank) of full column rank with zeros above the diagonal. */
function leastSquares(l: Float64Array, rows: number, rank: number, b: Float64Array): Float64Array {
  const z = b.slice(0, rank);
  if (rows === rank) {
    for (let i = 0; i < rank; i++) z[i] = (z[i]! - dotRows(l, i * rank, z, 0, i)) / l[i * rank + i]!;
    return z;
  }
  // Columns as rows, each with its number: reflections of them turn L into a triangle and b along with it.
  const columns = new Float64Array((rank + 1) * rows);
  for (let i = 0; i < rows; i++) for (let j = 0; j < rank; j++) columns[j * rows + i] = l[i * rank + j]!;
  columns.set(b, rank * rows);
  const diagonal = new Float64Array(rank);
  for (let k = 0; k < rank; k++) {
    const start = k * rows;
    const norm = Math.sqrt(dotRows(columns, start + k, columns, start + k, rows - k));
    const head = columns[start + k]!;
    diagonal[k] = head > 0 ? -norm : norm;
    columns[start + k] = head - diagonal[k]!;
    const scale = 1 / (norm * (norm + Math.abs(head)));
    for (let j = k + 1; j <= rank; j++) reflect(columns, j * rows, columns, start, k, rows, scale);
  }
  for (let i = rank - 1; i >= 0; i--) {
    let sum = columns[rank * rows + i]!;
    for (let j = i + 1; j < rank; j++) sum -= columns[j * rows + i]! * z[j]!;
    z[i] = sum / diagonal[i]!;
  }
  return z;
}
