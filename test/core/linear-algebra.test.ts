import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Matrix, solve } from 'ml-matrix';
import { dotRows, factorLQ, product, productTransposed, solvePositiveDefinite } from '../../src/core/linear-algebra.ts';
import { normals, worstDifference } from '../helpers/problems.ts';
import { FACTORISATION, NEAR_PARALLEL, ROUNDING } from '../tolerances.ts';

const matrix = (a: Float64Array, rows: number, columns: number): Matrix => Matrix.from1DArray(rows, columns, a);

test('products agree with ml-matrix', () => {
  const [rows, inner, columns] = [5, 7, 3];
  const a = normals(rows * inner, 1);
  const b = normals(inner * columns, 2);
  const c = normals(columns * inner, 3);
  assert.ok(
    worstDifference(
      product(a, rows, b, inner, columns),
      matrix(a, rows, inner)
        .mmul(matrix(b, inner, columns))
        .to1DArray(),
    ) <= ROUNDING,
  );
  assert.ok(
    worstDifference(
      productTransposed(a, rows, c, columns, inner),
      matrix(a, rows, inner)
        .mmul(matrix(c, columns, inner).transpose())
        .to1DArray(),
    ) <= ROUNDING,
  );
  assert.equal(dotRows(Float64Array.of(9, 1, 2), 1, Float64Array.of(3, 4), 0, 2), 11);
});

test('Cholesky solves what ml-matrix solves, and refuses what is not positive definite', () => {
  const size = 12;
  const root = normals(size * (size + 5), 4);
  const a = productTransposed(root, size, root, size, size + 5);
  const b = normals(size, 5);
  assert.ok(
    worstDifference(
      solvePositiveDefinite(a, size, b),
      solve(matrix(a, size, size), Matrix.columnVector(b)).to1DArray(),
    ) <= FACTORISATION,
  );
  assert.throws(() => solvePositiveDefinite(Float64Array.of(1, 2, 2, 1), 2, Float64Array.of(1, 1)), RangeError);
  assert.throws(() => solvePositiveDefinite(Float64Array.of(NaN), 1, Float64Array.of(1)), RangeError);
});

function checkLQ(a: Float64Array, rows: number, columns: number): void {
  const { l, rank } = factorLQ(a, rows, columns);
  assert.equal(rank, Math.min(rows, columns));
  for (let i = 0; i < rows; i++)
    for (let j = i + 1; j < rank; j++) assert.equal(l[i * rank + j], 0, 'lower trapezoidal');
  const scale = Math.max(1, ...productTransposed(a, rows, a, rows, columns).map(Math.abs));
  const difference = worstDifference(
    productTransposed(l, rows, l, rows, rank).map((x) => x / scale),
    productTransposed(a, rows, a, rows, columns).map((x) => x / scale),
  );
  assert.ok(difference <= FACTORISATION, `L Lᵀ differs from A Aᵀ by ${difference}`);
}

test('L of the LQ factorisation reproduces A Aᵀ for any shape and rank', () => {
  checkLQ(normals(12 * 30, 6), 12, 30); // wide
  checkLQ(normals(30 * 12, 7), 30, 12); // tall: more filters than coordinates
  const repeated = normals(8 * 10, 8);
  repeated.copyWithin(20, 0, 10); // equal rows
  repeated.fill(0, 40, 50); // a zero row
  checkLQ(repeated, 8, 10);
  checkLQ(new Float64Array(6), 2, 3);
  const matrices = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
    .chain(([rows, columns]) =>
      fc.tuple(
        fc.constant(rows),
        fc.constant(columns),
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: rows * columns, maxLength: rows * columns }),
      ),
    );
  fc.assert(
    fc.property(matrices, ([rows, columns, entries]) => checkLQ(Float64Array.from(entries), rows, columns)),
    { seed: 1, numRuns: 500 },
  );
});

test('LQ does not square the condition number: rows that differ by 1e-9 keep their distance', () => {
  const distance = 1e-9;
  const a = Float64Array.of(1, 0, 0, 1, distance, 0); // A Aᵀ is singular in double precision
  const { l } = factorLQ(a, 2, 3);
  assert.ok(Math.abs(Math.abs(l[3]) / distance - 1) <= NEAR_PARALLEL);
  assert.throws(() => solvePositiveDefinite(productTransposed(a, 2, a, 2, 3), 2, Float64Array.of(1, 1)), RangeError);
});
