/** Least squares of least norm against ml-matrix's singular values and against closed forms. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Matrix, pseudoInverse } from 'ml-matrix';
import { product, productTransposed, solvePositiveDefinite } from '../../src/core/linear-algebra.ts';
import { minimumNorm } from '../../src/core/minimum-norm.ts';
import { normals, worstDifference } from '../helpers/problems.ts';
import { FACTORISATION, LEAST_NORM } from '../tolerances.ts';

const largest = (values: Iterable<number>): number => Math.max(...Array.from(values, Math.abs), 1e-300);

test('of every shape and rank, A⁺ b as the singular values have it, and the rank', () => {
  const size = fc.integer({ min: 1, max: 14 });
  fc.assert(
    fc.property(
      size,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      size,
      (rows, columns, k, seed) => {
        const inner = Math.min(k, rows, columns);
        const a = product(normals(rows * inner, seed), rows, normals(inner * columns, seed + 100), inner, columns);
        const b = normals(rows, seed + 200);
        const { x, rank } = minimumNorm(a, rows, columns, b);
        const inverse = pseudoInverse(Matrix.from1DArray(rows, columns, a), 1e-10);
        const judge = inverse.mmul(Matrix.columnVector([...b])).to1DArray();
        assert.equal(rank, inner);
        // The condition number of a product of normal matrices has heavy tails.
        const condition = largest(inverse.to1DArray()) * largest(a);
        assert.ok(worstDifference(x, judge) <= LEAST_NORM * Math.max(1, condition) * largest(judge));
      },
    ),
    { seed: 11, numRuns: 300 },
  );
});

test('full row rank interpolates with Aᵀ(AAᵀ)⁻¹b; equal rows, zero rows and columns add no rank; zeros give zeros', () => {
  const [a, b] = [normals(5 * 9, 1), normals(5, 2)];
  const { x } = minimumNorm(a, 5, 9, b);
  const c = solvePositiveDefinite(productTransposed(a, 5, a, 5, 9), 5, b);
  assert.ok(worstDifference(x, product(c, 1, a, 5, 9)) <= FACTORISATION * largest(x));
  // Each row twice, with labels that contradict each other: their mean is fitted.
  const twice = Float64Array.from([...a, ...a, ...new Float64Array(9)]);
  const mean = minimumNorm(twice, 11, 9, Float64Array.from([...b.map((y) => y + 1), ...b.map((y) => y - 1), 7]));
  assert.equal(mean.rank, 5);
  assert.ok(worstDifference(mean.x, x) <= FACTORISATION * largest(x));
  assert.deepEqual(minimumNorm(new Float64Array(6), 2, 3, Float64Array.of(1, 2)), { x: new Float64Array(3), rank: 0 });
});
