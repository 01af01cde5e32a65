/** Intervals of lengths: their coverage by simulation, and what they are without noise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spreadOf, squaredLength } from '../../src/core/norm.ts';
import { Stream } from '../../src/core/random.ts';
import { NORM_COVERAGE } from '../tolerances.ts';

const diagonal = (sd: readonly number[]): Float64Array =>
  Float64Array.from(sd.flatMap((one, i) => sd.map((_, k) => (i === k ? one * one : 0))));

test('without noise the length itself', () => {
  const none = { trace: 0, squares: 0, largest: 0 };
  assert.deepEqual(squaredLength(4, none, 0.05), { low: 4, high: 4 });
});

test('trace, squares and the largest eigenvalue of a covariance', () => {
  const { trace, squares, largest } = spreadOf(Float64Array.of(2, 1, 1, 2), 2);
  assert.deepEqual([trace, squares], [4, 10]);
  assert.ok(Math.abs(largest - 3) < Number.EPSILON * 10);
});

test('covers at least as often as it says, for equal and unequal errors, from no length to a long one', () => {
  const stream = new Stream({ seed: 7, cell: [0, 0], replicate: 0 }, 'test');
  for (const sd of [Array<number>(50).fill(1), Array.from({ length: 50 }, (_, i) => 0.1 + i / 20), [3, 0.1]])
    for (const size of [0, 0.5, 3]) {
      const truth = sd.map((one) => size * one);
      const square = truth.reduce((sum, one) => sum + one * one, 0);
      const spread = spreadOf(diagonal(sd), sd.length);
      let inside = 0;
      for (let draw = 0; draw < 2000; draw++) {
        const seen = truth.reduce((sum, one, i) => sum + (one + sd[i]! * stream.normal()) ** 2, 0);
        const { low, high } = squaredLength(seen, spread, 0.1);
        if (low <= square && square <= high) inside++;
      }
      assert.ok(inside / 2000 >= NORM_COVERAGE, `${sd.length} ${size}: ${inside} of 2000`);
    }
});

test('more noise, longer interval; few degrees of freedom, longer still', () => {
  const at = (sd: number, freedom?: number): number => {
    const { low, high } = squaredLength(100, spreadOf(diagonal(Array<number>(10).fill(sd)), 10), 0.01, freedom);
    return high - low;
  };
  assert.ok(at(0.1) < at(1) && at(1) < at(1, 5));
});
