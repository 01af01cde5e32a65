/** Dense row-major linear algebra on Float64Array, sums in index order. */

/** Inner product of row i of A and row j of B over the first `length` entries. */
export function dotRows(a: Float64Array, aStart: number, b: Float64Array, bStart: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[aStart + k]! * b[bStart + k]!;
  return sum;
}

/** A Bᵀ for A (rows x columns) and B (others x columns): a (rows x others) matrix. */
export function productTransposed(
  a: Float64Array,
  rows: number,
  b: Float64Array,
  others: number,
  columns: number,
): Float64Array {
  const out = new Float64Array(rows * others);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < others; j++) out[i * others + j] = dotRows(a, i * columns, b, j * columns, columns);
  return out;
}

/** A B for A (rows x inner) and B (inner x columns), sums over the inner index in order. */
export function product(a: Float64Array, rows: number, b: Float64Array, inner: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const x = a[i * inner + k]!;
      for (let j = 0; j < columns; j++) out[i * columns + j]! += x * b[k * columns + j]!;
    }
  }
  return out;
}

/**
 * Solves A x = b for a symmetric positive definite A (size x size) by Cholesky's method. Throws RangeError when A is
 * not.
 */
export function solvePositiveDefinite(a: Float64Array, size: number, b: Float64Array): Float64Array {
  const l = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const sum = a[i * size + j]! - dotRows(l, i * size, l, j * size, j);
      if (i === j) {
        if (!(sum > 0)) throw new RangeError('matrix is not positive definite');
        l[i * size + i] = Math.sqrt(sum);
      } else l[i * size + j] = sum / l[j * size + j]!;
    }
  }
  const x = b.slice();
  for (let i = 0; i < size; i++) x[i] = (x[i]! - dotRows(l, i * size, x, 0, i)) / l[i * size + i]!;
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < size; k++) sum -= l[k * size + i]! * x[k]!;
    x[i] = sum / l[i * size + i]!;
  }
  return x;
}

/**
 * The factor L of A = L Q (Q with orthonormal rows), by Householder reflections of the rows.
 * Unlike Cholesky of A Aᵀ it does not square the condition number and needs no full rank.
 *
 * @param a (rows x columns), not changed
 * @returns L (rows x rank), lower trapezoidal, rank = min(rows, columns); L Lᵀ = A Aᵀ
 */
export function factorLQ(a: Float64Array, rows: number, columns: number): { l: Float64Array; rank: number } {
  const rank = Math.min(rows, columns);
  const work = a.slice();
  for (let k = 0; k < rank; k++) {
    const start = k * columns;
    const norm = Math.sqrt(dotRows(work, start + k, work, start + k, columns - k));
    if (norm === 0) continue;
    const head = work[start + k]!;
    const alpha = head > 0 ? -norm : norm;
    // reflector u = x - alpha e_k, |u|^2 = 2 norm (norm + |head|)
    const scale = 1 / (norm * (norm + Math.abs(head)));
    work[start + k] = head - alpha;
    for (let i = k + 1; i < rows; i++) {
      const factor = dotRows(work, i * columns + k, work, start + k, columns - k) * scale;
      for (let j = k; j < columns; j++) work[i * columns + j]! -= factor * work[start + j]!;
    }
    work[start + k] = alpha;
    for (let j = k + 1; j < columns; j++) work[start + j] = 0;
  }
  const l = new Float64Array(rows * rank);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < Math.min(rank, i + 1); j++) l[i * rank + j] = work[i * columns + j]!;
  return { l, rank };
}

/**
 * Eigenvalues of a symmetric A (size x size), ascending, by Jacobi's cyclic rotations: each is right to a few roundings
 * of the largest. Only square roots and the four operations, so that every machine gives the same bits.
 */
export function symmetricEigenvalues(a: Float64Array, size: number): Float64Array {
  const work = a.slice();
  const at = (i: number, j: number): number => work[i * size + j]!;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let all = 0;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        all += at(i, j) * at(i, j);
        if (i !== j) off += at(i, j) * at(i, j);
      }
    }
    if (off <= 2 ** -104 * all) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (at(p, q) === 0) continue;
        const theta = (at(q, q) - at(p, p)) / (2 * at(p, q));
        // The smaller root of t^2 + 2 theta t - 1: the rotation by at most 45 degrees.
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < size; k++) {
          const [x, y] = [at(k, p), at(k, q)];
          work[k * size + p] = c * x - s * y;
          work[k * size + q] = s * x + c * y;
        }
        for (let k = 0; k < size; k++) {
          const [x, y] = [at(p, k), at(q, k)];
          work[p * size + k] = c * x - s * y;
          work[q * size + k] = s * x + c * y;
        }
      }
    }
  }
  return Float64Array.from({ length: size }, (_, i) => at(i, i)).sort();
}

/** Euclidean length of a vector whose squares may underflow or overflow; of one number its size, exactly. */
export function rootOfSquares(x: readonly number[]): number {
  const unit = x.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  if (unit === 0 || unit === Infinity) return unit;
  let squares = 0;
  for (const one of x) squares += (one / unit) * (one / unit);
  return unit * Math.sqrt(squares);
}

/** Whether one of them is no number. */
export function hasNaN(x: Float64Array): boolean {
  for (let i = 0; i < x.length; i++) if (x[i] !== x[i]) return true;
  return false;
}
