/** Sums of rows of a matrix, in an order that is part of the record format. */

/**
 * out_{to + l} = sum over j in order of factor_j G[row_j + l]. Four rows go through the registers at a time, which
 * keeps the order of the sum: ((out + f0 g0) + f1 g1) + ...
 */
export function addRows(
  out: Float64Array,
  to: number,
  factors: Float64Array,
  G: Float64Array,
  rows: Int32Array,
  count: number,
  length: number,
): void {
  out.fill(0, to, to + length);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const f0 = factors[j]!;
    const f1 = factors[j + 1]!;
    const f2 = factors[j + 2]!;
    const f3 = factors[j + 3]!;
    const r0 = rows[j]!;
    const r1 = rows[j + 1]!;
    const r2 = rows[j + 2]!;
    const r3 = rows[j + 3]!;
    for (let l = 0; l < length; l++)
      out[to + l] = out[to + l]! + f0 * G[r0 + l]! + f1 * G[r1 + l]! + f2 * G[r2 + l]! + f3 * G[r3 + l]!;
  }
  for (; j < count; j++) {
    const factor = factors[j]!;
    const row = rows[j]!;
    for (let l = 0; l < length; l++) out[to + l]! += factor * G[row + l]!;
  }
}
