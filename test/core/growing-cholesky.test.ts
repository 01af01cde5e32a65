import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrowingCholesky } from '../../src/core/growing-cholesky.ts';
import { productTransposed, solvePositiveDefinite } from '../../src/core/linear-algebra.ts';
import { normals, worstDifference } from '../helpers/problems.ts';
import { FACTORISATION } from '../tolerances.ts';

const SIZE = 12;

test('members come and go, and the solution is that of the submatrix', () => {
  const x = normals(SIZE * 20, 91);
  const A = productTransposed(x, SIZE, x, SIZE, 20);
  const factor = new GrowingCholesky(SIZE, (i, j) => A[i * SIZE + j]);
  const check = (expected: number[]): void => {
    assert.deepEqual(factor.members, expected);
    const sub = Float64Array.from(expected.flatMap((i) => expected.map((j) => A[i * SIZE + j])));
    const b = normals(expected.length, 92);
    assert.ok(worstDifference(factor.solve(b), solvePositiveDefinite(sub, expected.length, b)) <= FACTORISATION);
  };
  for (const j of [7, 2, 11, 0, 5]) assert.ok(factor.push(j));
  check([7, 2, 11, 0, 5]);
  factor.keep((member) => member !== 2 && member !== 0);
  check([7, 11, 5]);
  assert.ok(factor.push(3));
  factor.keep(() => true);
  check([7, 11, 5, 3]);
  factor.keep((member) => member !== 7);
  check([11, 5, 3]);
});

test('a member that depends on the others is refused', () => {
  const x = normals(SIZE * 3, 93); // rank 3
  const A = productTransposed(x, SIZE, x, SIZE, 3);
  const factor = new GrowingCholesky(SIZE, (i, j) => A[i * SIZE + j]);
  for (let j = 0; j < SIZE; j++) assert.equal(factor.push(j), j < 3);
  assert.deepEqual(factor.members, [0, 1, 2]);
});
