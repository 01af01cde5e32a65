/**
 * The products of a pass through the layers. Four columns go through the registers at a time, which keeps the order of
 * every sum.
 */

/** A matrix as a list of vectors of one length: its rows, or its columns. */
export interface Vectors {
  readonly entries: Float64Array;
  /** of one vector */
  readonly length: number;
  /** places between two vectors, and between two entries of one */
  readonly step: number;
  readonly stride: number;
}

export const rowsIn = (entries: Float64Array, length: number): Vectors => ({
  entries,
  length,
  step: length,
  stride: 1,
});

export const columnsIn = (entries: Float64Array, rows: number, columns: number): Vectors => ({
  entries,
  length: rows,
  step: 1,
  stride: columns,
});

/**
 * out_jc = (sum over even u of a_ju b_uc) + (sum over odd u of a_ju b_uc) + bias_j
 *
 * @param count of the vectors
 * @param b length of a vector x columns
 */
export function product(
  { entries: a, length, step, stride }: Vectors,
  count: number,
  b: Float64Array,
  columns: number,
  out: Float64Array,
  bias?: Float64Array,
): void {
  for (let j = 0; j < count; j++) {
    const offset = bias ? bias[j]! : 0;
    const first = j * step;
    const to = j * columns;
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      let [e0, e1, e2, e3, o0, o1, o2, o3] = [0, 0, 0, 0, 0, 0, 0, 0];
      let at = first;
      let from = c;
      let u = 0;
      for (; u + 1 < length; u += 2) {
        const even = a[at]!;
        const odd = a[at + stride]!;
        const next = from + columns;
        e0 += even * b[from]!;
        e1 += even * b[from + 1]!;
        e2 += even * b[from + 2]!;
        e3 += even * b[from + 3]!;
        o0 += odd * b[next]!;
        o1 += odd * b[next + 1]!;
        o2 += odd * b[next + 2]!;
        o3 += odd * b[next + 3]!;
        at += 2 * stride;
        from = next + columns;
      }
      if (u < length) {
        const even = a[at]!;
        e0 += even * b[from]!;
        e1 += even * b[from + 1]!;
        e2 += even * b[from + 2]!;
        e3 += even * b[from + 3]!;
      }
      out[to + c] = e0 + o0 + offset;
      out[to + c + 1] = e1 + o1 + offset;
      out[to + c + 2] = e2 + o2 + offset;
      out[to + c + 3] = e3 + o3 + offset;
    }
    for (; c < columns; c++) {
      let [even, odd] = [0, 0];
      for (let u = 0; u < length; u++) {
        const term = a[first + u * stride]! * b[u * columns + c]!;
        if (u & 1) odd += term;
        else even += term;
      }
      out[to + c] = even + odd + offset;
    }
  }
}

/** out_ju = sum over c in order of g_jc x_uc. @param g rows x columns @param x others x columns */
export function outerProduct(
  g: Float64Array,
  rows: number,
  x: Float64Array,
  others: number,
  columns: number,
  out: Float64Array,
): void {
  for (let j = 0; j < rows; j++) {
    const row = j * columns;
    let u = 0;
    for (; u + 4 <= others; u += 4) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      const x0 = u * columns;
      const x1 = x0 + columns;
      const x2 = x1 + columns;
      const x3 = x2 + columns;
      for (let c = 0; c < columns; c++) {
        const factor = g[row + c]!;
        s0 += factor * x[x0 + c]!;
        s1 += factor * x[x1 + c]!;
        s2 += factor * x[x2 + c]!;
        s3 += factor * x[x3 + c]!;
      }
      const to = j * others + u;
      out[to] = s0;
      out[to + 1] = s1;
      out[to + 2] = s2;
      out[to + 3] = s3;
    }
    for (; u < others; u++) {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += g[row + c]! * x[u * columns + c]!;
      out[j * others + u] = sum;
    }
  }
}
