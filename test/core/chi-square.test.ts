/** The law of chi squared against finite sums and against another program, for few and for very many degrees of freedom. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import otherCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import { chiSquareCdf } from '../../src/core/chi-square.ts';
import { chiTail } from '../../src/core/chi-tail.ts';
import { CHI_SQUARE } from '../tolerances.ts';

const AROUND = Array.from({ length: 65 }, (_, i) => -8 + i / 4);

test('it is the finite sums, on both sides of where the expansion takes over', () => {
  for (const k of [1, 2, 3, 10, 399, 400, 401, 1000, 20_001])
    for (const z of AROUND) {
      const x = k + z * Math.sqrt(2 * k);
      const exact = x > 0 ? 1 - chiTail(k, Math.sqrt(x)) : 0;
      assert.ok(Math.abs(chiSquareCdf(k, x) - exact) <= CHI_SQUARE, `${k} ${z}`);
    }
});

test('it is another program’s, up to d = 10^9; without the correction it would not be (negative control)', () => {
  for (const k of [7, 399, 400, 5000, 1e5, 1e7, 1e9])
    for (const z of AROUND) {
      const x = Math.max(0, k + z * Math.sqrt(2 * k));
      assert.ok(Math.abs(chiSquareCdf(k, x) - otherCdf(x, k)) <= CHI_SQUARE, `${k} ${z}`);
    }
  const median = (k: number): number => chiSquareCdf(k, k);
  assert.ok(Math.abs(median(1e5) - 0.5) > 1e4 * CHI_SQUARE);
  assert.deepEqual(
    [chiSquareCdf(5, 0), chiSquareCdf(5, -1), chiSquareCdf(5, Infinity), chiSquareCdf(1e6, Infinity)],
    [0, 0, 1, 1],
  );
});
