/** Rows without their zeros: what they add to a sum is 0, so that products and sums keep every bit. */

/** The coordinates of a row that are not 0, and their places in it. */
export interface SparseRow {
  readonly at: Int32Array;
  readonly values: Float64Array;
}

/**
 * Rows of which fewer than half of the coordinates are not 0, without their zeros; undefined for the others. Sums keep
 * their order, and what is left out adds 0 to them: no bit changes, but that of -0 + 0, so that none is left out where
 * a weight starts at -0.
 */
export function sparseRows(
  rows: Float64Array,
  count: number,
  columns: number,
  weights: Float64Array,
): readonly (SparseRow | undefined)[] {
  const negativeZero = weights.some((w) => Object.is(w, -0));
  return Array.from({ length: count }, (_, q) => {
    const row = rows.subarray(q * columns, (q + 1) * columns);
    let filled = 0;
    for (let k = 0; k < columns; k++) if (row[k] !== 0) filled++;
    if (negativeZero || 2 * filled >= columns) return undefined;
    const [at, values] = [new Int32Array(filled), new Float64Array(filled)];
    for (let k = 0, next = 0; k < columns; k++)
      if (row[k] !== 0) {
        at[next] = k;
        values[next++] = row[k]!;
      }
    return { at, values };
  });
}

/**
 * Products with all rows of a matrix: out[r * stride + place] = sum over the row's coordinates k, in increasing order, of
 * a_rk * row[k]. Four at a time: one sum alone waits for each of its additions.
 *
 * @param a transposed, columns x count: what a coordinate meets lies together
 */
export function dotsSparse(
  a: Float64Array,
  count: number,
  { at, values }: SparseRow,
  out: Float64Array,
  place: number,
  stride: number,
): void {
  let r = 0;
  for (; r + 4 <= count; r += 4) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let k = 0; k < at.length; k++) {
      const from = at[k]! * count + r;
      const x = values[k]!;
      s0 += a[from]! * x;
      s1 += a[from + 1]! * x;
      s2 += a[from + 2]! * x;
      s3 += a[from + 3]! * x;
    }
    out[r * stride + place] = s0;
    out[(r + 1) * stride + place] = s1;
    out[(r + 2) * stride + place] = s2;
    out[(r + 3) * stride + place] = s3;
  }
  for (; r < count; r++) {
    let sum = 0;
    for (let k = 0; k < at.length; k++) sum += a[at[k]! * count + r]! * values[k]!;
    out[r * stride + place] = sum;
  }
}

/** @param out columns x rows */
export function transposeInto(out: Float64Array, a: Float64Array, rows: number, columns: number): void {
  for (let k = 0; k < columns; k++) for (let r = 0; r < rows; r++) out[k * rows + r] = a[r * columns + k]!;
}

/** Adds factor times the row to the numbers of `a` from `start` on. */
export function addSparse(a: Float64Array, start: number, factor: number, { at, values }: SparseRow): void {
  for (let k = 0; k < at.length; k++) a[start + at[k]!]! += factor * values[k]!;
}
