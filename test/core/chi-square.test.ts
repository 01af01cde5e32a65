/** The law of chi squared against finite sums, another program and its limit, for few and for very many degrees. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import otherCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import { chiSquareCdf } from '../../src/core/chi-square.ts';
import { chiTail } from '../../src/core/chi-tail.ts';
import { exp, normalCdf } from '../../src/core/special.ts';
import { CHI_SQUARE } from '../tolerances.ts';

const AROUND = Array.from({ length: 33 }, (_, i) => -8 + i / 2);
const at = (k: number, z: number): number => Math.max(0, k + z * Math.sqrt(2 * k));
const near = (a: number, b: number, what: string): void =>
  assert.ok(Math.abs(a - b) <= CHI_SQUARE, `${what}: ${a} and ${b}`);

test('it is the finite sums, on both sides of where the expansion takes over', () => {
  for (const k of [1, 2, 3, 10, 399, 400, 401, 1000, 20_001, 1e6])
    for (const z of AROUND) near(chiSquareCdf(k, at(k, z)), 1 - chiTail(k, Math.sqrt(at(k, z))), `${k} ${z}`);
});

test('it is another program’s, whose own expansion is left out: near k = 5000 and x = k it is wrong by .02', () => {
  for (const k of [1, 7, 100, 400])
    for (const z of AROUND) near(chiSquareCdf(k, at(k, z)), otherCdf(at(k, z), k), `${k} ${z}`);
});

test('at k = 10^10 it is Edgeworth’s first term; the normal law alone is not (negative control)', () => {
  const k = 1e10;
  for (const z of AROUND) {
    const skew = (Math.sqrt(8 / k) / 6) * (z * z - 1) * exp((-z * z) / 2) * Math.sqrt(0.5 / Math.PI);
    near(chiSquareCdf(k, at(k, z)), normalCdf(z) - skew, String(z));
    if (z === 0) assert.ok(Math.abs(skew) > 1000 * CHI_SQUARE);
  }
  assert.deepEqual([chiSquareCdf(5, 0), chiSquareCdf(5, -1)], [0, 0]);
  assert.deepEqual([chiSquareCdf(5, Infinity), chiSquareCdf(1e6, Infinity), chiSquareCdf(1e6, 1)], [1, 1, 0]);
});
