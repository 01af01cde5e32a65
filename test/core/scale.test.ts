/** Exact scaling, and the statistics that rest on it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { factorRows } from '../../src/core/kernel-algebra.ts';
import { exponentOf, largestOf, timesPower2 } from '../../src/core/scale.ts';
import { binomialInterval, boundedInterval, meanAndSe } from '../../src/core/statistics.ts';

test('the exponent is that of the leading bit, and scaling is exact', () => {
  fc.assert(
    fc.property(fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true }), (x) => {
      const k = exponentOf(x);
      const unit = timesPower2(x, -k);
      assert.ok(unit >= 1 && unit < 2, `${x}: ${k}`);
      assert.equal(timesPower2(unit, k), x);
    }),
    { numRuns: 2000, seed: 1 },
  );
  assert.deepEqual([0, NaN, Infinity].map(exponentOf), [0, 0, 0]);
  assert.deepEqual([timesPower2(1, 1100), timesPower2(1, -1100)], [Infinity, 0]);
  assert.equal(largestOf([1, -3, 2]), 3);
  assert.ok(Number.isNaN(largestOf([1, NaN, 2])));
});

test('L does not know the units of its rows', () => {
  const numbers = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 15, maxLength: 15 });
  fc.assert(
    fc.property(numbers, fc.array(fc.integer({ min: -900, max: 900 }), { minLength: 3, maxLength: 3 }), (x, k) => {
      const a = Float64Array.from(x, (value) => Math.round(value * 1024) / 1024);
      const plain = factorRows(a, 3, 5);
      const scaled = factorRows(
        a.map((value, at) => timesPower2(value, k[Math.floor(at / 5)]!)),
        3,
        5,
      );
      const expected = plain.l.map((value, at) => timesPower2(value, k[Math.floor(at / 3)]!));
      scaled.l.forEach((value, at) => {
        // What rounding leaves of an exact 0 may be subnormal.
        if (Math.abs(expected[at]!) > 1e-290) assert.equal(value, expected[at]);
      });
    }),
    { numRuns: 300, seed: 2 },
  );
});

test('unequal tiny values have a standard error, in proportion to them', () => {
  const values = [3, 5, 4.5, 7];
  const plain = meanAndSe(values);
  for (const k of [-1000, -600, -300, 0, 300, 1000]) {
    const { mean, se } = meanAndSe(values.map((x) => timesPower2(x, k)));
    assert.deepEqual([mean, se], [timesPower2(plain.mean, k), timesPower2(plain.se, k)]);
  }
  assert.ok(meanAndSe([1e-178, 3e-178]).se > 0);
  assert.ok(meanAndSe([0, 5e-324]).se >= 0);
});

test("Clopper and Pearson's bounds cover the mean of values between 0 and 1, exactly worked out", () => {
  // Values 0, 1/2 and 1: two atoms that see the same noise, from always together to never.
  const trials = 12;
  for (const level of [0.9, 0.95]) {
    let least = 1;
    for (let both = 0; both <= 1.0001; both += 0.1) {
      for (let one = 0; one + both <= 1.0001; one += 0.1) {
        const law = [Math.max(0, 1 - one - both), one, both];
        let sums = [1];
        for (let t = 0; t < trials; t++) {
          const next = new Array<number>(sums.length + 2).fill(0);
          sums.forEach((p, s) => law.forEach((q, x) => (next[s + x]! += p * q)));
          sums = next;
        }
        const mean = one / 2 + both;
        const covered = sums.reduce((sum, p, s) => {
          const [low, high] = boundedInterval(s / 2, trials, level);
          return mean >= low - 1e-12 && mean <= high + 1e-12 ? sum + p : sum;
        }, 0);
        least = Math.min(least, covered);
      }
    }
    assert.ok(least >= level, `${least} at ${level}`);
  }
  assert.deepEqual(boundedInterval(3.0000000001, 1000), binomialInterval(3, 1000));
  const [low, high] = boundedInterval(0, 1000);
  assert.equal(low, 0);
  assert.ok(Math.abs(high - (1 - 0.025 ** (1 / 1000))) < 1e-12);
});

test('the bounds hold for as many trials as a table may have', () => {
  // 0 of 10^9: 1 - .025^(1/10^9); half of 10^8: the normal limit.
  assert.ok(Math.abs(binomialInterval(0, 1e9)[1] * 1e9 - 3.68888) < 1e-4);
  const [low, high] = binomialInterval(5e7, 1e8);
  const half = (1.959964 * 0.5) / 1e4;
  assert.ok(Math.abs(low - (0.5 - half)) < 1e-7 && Math.abs(high - (0.5 + half)) < 1e-7);
});
