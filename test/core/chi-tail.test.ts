import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chiTail } from '../../src/core/chi-tail.ts';
import { normalTail } from '../../src/core/special.ts';
import { CHI_TAIL } from '../tolerances.ts';

/** log of 2^(k/2-1) Gamma(k/2), the chi density's constant. */
function logConstant(k: number): number {
  let sum = k % 2 === 1 ? Math.log(Math.PI) / 2 : 0;
  for (let x = k / 2 - 1; x > 0; x--) sum += Math.log(x);
  return sum + (k / 2 - 1) * Math.LN2;
}

/** P(chi_k > r) by Simpson's rule on t = r + u, the density's value at r taken out. */
function byQuadrature(k: number, r: number): number {
  const steps = 200_000; // (37 width)^4 / 180 = 1e-13
  const width = 12 / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const u = i * width;
    sum +=
      (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp((k - 1) * Math.log1p(u / r) - r * u - (u * u) / 2);
  }
  return ((sum * width) / 3) * Math.exp((k - 1) * Math.log(r) - (r * r) / 2 - logConstant(k));
}

test('the chi tail against quadrature, relative, from the bulk to 1e-300', (t) => {
  let worst = 0;
  let least = 1;
  for (const k of [1, 2, 3, 4, 7, 20, 21, 128, 151]) {
    for (const beyond of [0.3, 2, 6, 15, 25]) {
      const r = Math.sqrt(k) - 0.5 + beyond;
      const expected = byQuadrature(k, r);
      worst = Math.max(worst, Math.abs(chiTail(k, r) / expected - 1));
      least = Math.min(least, expected);
    }
  }
  t.diagnostic(`worst ${worst.toExponential(1)}, down to ${least.toExponential(1)}`);
  assert.ok(worst < CHI_TAIL);
  assert.ok(least < 1e-140);
});

test('one and two degrees of freedom are closed forms; a thousand do not overflow', () => {
  for (const r of [0.1, 1, 5, 20, 37]) {
    assert.ok(Math.abs(chiTail(1, r) / (2 * normalTail(r)) - 1) < CHI_TAIL);
    assert.ok(Math.abs(chiTail(2, r) / Math.exp((-r * r) / 2) - 1) < CHI_TAIL);
  }
  for (const k of [1000, 2001, 10_000]) {
    const middle = chiTail(k, Math.sqrt(k - 2 / 3)); // the median, to 1/k
    assert.ok(Math.abs(middle - 0.5) < 0.01, `${k}: ${middle}`);
    assert.ok(chiTail(k, Math.sqrt(k) + 10) > 0 && chiTail(k, Math.sqrt(k) + 10) < 1e-40);
    assert.ok(chiTail(k, Math.sqrt(k) - 10) > 1 - 1e-10);
  }
});

test('edges: the whole law at and below 0, nothing at infinity or where it underflows', () => {
  assert.equal(chiTail(5, 0), 1);
  assert.equal(chiTail(5, -1), 1);
  assert.equal(chiTail(5, Infinity), 0);
  assert.equal(chiTail(4, 60), 0);
});
