import assert from 'node:assert/strict';
import { test } from 'node:test';
import erfc from '@stdlib/math-base-special-erfc';
import stdlibQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { Stream } from '../../src/core/random.ts';
import {
  exp,
  log,
  log1p,
  normalCdf,
  normalQuantile,
  normalTail,
  sigmoidOfMinus,
  softplusOfMinus,
} from '../../src/core/special.ts';
import { key } from '../helpers/problems.ts';
import { QUANTILE_ULPS, ROUND_TRIP_ULPS, TAIL_CENTRE, TAIL_ULPS, ULPS } from '../tolerances.ts';

const EPSILON = 2 ** -52;
const ulp = (x: number): number => Math.max(Number.MIN_VALUE, 2 ** (Math.floor(Math.log2(Math.abs(x))) - 52));

/** One point at random in each of `count` equal parts of [low, high]. */
function spread(low: number, high: number, count = 50_000): number[] {
  const stream = new Stream(key(1), 'test');
  return Array.from({ length: count }, (_, i) => low + ((high - low) * (i + stream.uniform())) / count);
}
const powers = (low: number, high: number): number[] => spread(low, high).map((e) => 2 ** e);

function within(
  ulps: number,
  ours: (x: number) => number,
  judge: (x: number) => number,
  points: readonly number[],
): void {
  for (const x of points) {
    const error = Math.abs(ours(x) - judge(x)) / ulp(judge(x));
    assert.ok(error <= ulps, `at ${x}: ${ours(x)} instead of ${judge(x)}, ${error} ulp`);
  }
}

test('exp and log are right to about an ulp, subnormal numbers included', () => {
  within(ULPS.exp, exp, Math.exp, [...spread(-745, 709.7), ...spread(-1, 1), ...powers(-60, 0)]);
  within(ULPS.log, log, Math.log, [
    ...powers(-1074, 1023.9),
    ...spread(0.5, 2),
    1 + EPSILON,
    1 - EPSILON / 2,
    Number.MIN_VALUE,
    Number.MAX_VALUE,
  ]);
});

test('log1p, softplus and sigmoid are right to a few ulp from one end to the other', () => {
  within(ULPS.log1p, log1p, Math.log1p, [...spread(0, 1), ...powers(-1070, 0)]);
  within(ULPS.softplus, softplusOfMinus, (z) => (z >= 0 ? Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)) - z), [
    ...spread(-800, 740),
    ...spread(-5, 5),
  ]);
  within(ULPS.sigmoid, sigmoidOfMinus, (z) => 1 / (1 + Math.exp(z)), [...spread(-740, 708), ...spread(-5, 5)]);
});

test('edges: zeros, infinities, NaN', () => {
  assert.deepEqual([NaN, Infinity, -Infinity, 0, -0, 710, -746].map(exp), [NaN, Infinity, 0, 1, 1, Infinity, 0]);
  assert.equal(exp(-745.1), Number.MIN_VALUE);
  assert.deepEqual([NaN, Infinity, 0, -0, -1, 1].map(log), [NaN, Infinity, -Infinity, -Infinity, NaN, 0]);
  assert.deepEqual([0, Number.MIN_VALUE, 1e-300].map(log1p), [0, Number.MIN_VALUE, 1e-300]);
  assert.deepEqual([Infinity, -Infinity, -1e300, 1e300, NaN].map(softplusOfMinus), [0, Infinity, 1e300, 0, NaN]);
  assert.deepEqual([Infinity, -Infinity, 0, NaN].map(sigmoidOfMinus), [0, 1, 0.5, NaN]);
  assert.deepEqual([Infinity, -Infinity, 0, -0, 39, -39, NaN].map(normalTail), [0, 1, 0.5, 0.5, 0, 1, NaN]);
  assert.equal(normalQuantile(0.5), 0);
});

test('the normal tail keeps its relative accuracy to x = 38', () => {
  for (const x of spread(-38, 38, 200_000)) {
    const judge = 0.5 * erfc(x / Math.SQRT2);
    const error = Math.abs(normalTail(x) - judge);
    const allowed = TAIL_ULPS * EPSILON * (1 + Math.max(0, x) ** 2) * judge + 2 * Number.MIN_VALUE;
    assert.ok(error <= allowed, `at ${x}: ${normalTail(x)} instead of ${judge}`);
    if (x <= 7) assert.ok(error <= TAIL_CENTRE * judge, `at ${x}: relative error ${error / judge}`);
    assert.equal(normalCdf(x), normalTail(-x));
  }
});

test('the normal quantile agrees with stdlib’s and inverts the tail', () => {
  const density = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  for (const u of spread(0, 1)) {
    const judge = stdlibQuantile(u, 0, 1);
    assert.ok(
      Math.abs(normalQuantile(u) - judge) <= QUANTILE_ULPS * EPSILON * (1 / density(judge) + Math.abs(judge)),
      `at ${u}: ${normalQuantile(u)} instead of ${judge}`,
    );
  }
  for (const u of [...powers(-1020, -1), ...spread(0, 1)]) {
    const x = normalQuantile(u);
    const back = 0.5 * erfc(-x / Math.SQRT2); // another program's distribution function
    assert.ok(Math.abs(back - u) <= ROUND_TRIP_ULPS * EPSILON * (1 + x * x) * u, `at ${u}: ${x}, back ${back}`);
  }
  for (const u of spread(0, 0.5, 1000))
    assert.ok(
      Math.abs(normalQuantile(1 - u) + normalQuantile(u)) <= (QUANTILE_ULPS * EPSILON) / density(normalQuantile(u)),
    );
});
