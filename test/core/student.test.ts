import assert from 'node:assert/strict';
import { test } from 'node:test';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { chiTail } from '../../src/core/chi-tail.ts';
import { chiTailQuantile, StudentLaw } from '../../src/core/student.ts';
import { NEGATIVE_CONTROL, ROUND_TRIP, STUDENT_TAIL } from '../tolerances.ts';

/** P(T > x) of 1, 2, 3 and 4 degrees of freedom, in forms without cancellation. */
const CLOSED: Readonly<Record<number, (x: number) => number>> = {
  1: (x) => Math.atan2(1, x) / Math.PI,
  2: (x) => 1 / (Math.sqrt(2 + x * x) * (Math.sqrt(2 + x * x) + x)),
  3: (x) => {
    // (theta - sin theta cos theta) / pi at tan theta = sqrt(3)/x; a series where that cancels.
    const theta = Math.atan2(Math.sqrt(3), x);
    if (theta > 0.1) return (theta - Math.sin(theta) * Math.cos(theta)) / Math.PI;
    let term = (2 * theta) ** 3 / 6;
    let sum = 0;
    for (let k = 3; Math.abs(term) > 1e-40; k += 2) {
      sum += term;
      term *= -((2 * theta) ** 2) / ((k + 1) * (k + 2));
    }
    return sum / (2 * Math.PI);
  },
  4: (x) => {
    const s = x / Math.sqrt(4 + x * x);
    const rest = 4 / ((4 + x * x) * (1 + s)); // 1 - s
    return (rest * rest * (2 + s)) / 4;
  },
};

test('tails of 1 to 4 degrees of freedom in closed form, from the centre to 1e150', () => {
  for (const [nu, exact] of Object.entries(CLOSED)) {
    const law = new StudentLaw(Number(nu));
    for (const x of [1e-8, 0.01, 0.3, 1, 1.7, 2.5, 4, 10, 100, 1e4, 1e8, ...(Number(nu) < 3 ? [1e140] : [])]) {
      assert.ok(Math.abs(law.tail(x) / exact(x) - 1) < STUDENT_TAIL, `nu ${nu}, x ${x}: ${law.tail(x)}, ${exact(x)}`);
      assert.ok(Math.abs(law.tail(-x) - (1 - exact(x))) < STUDENT_TAIL);
    }
    assert.deepEqual([law.tail(0), law.tail(Infinity), law.tail(-Infinity)], [0.5, 0, 1]);
  }
});

test("tails invert another program's quantiles; those of the next law do not (negative control)", () => {
  for (const nu of [5, 8, 23, 60, 240]) {
    for (const u of [0.4, 0.2, 0.05, 1e-3, 1e-6]) {
      const x = -tQuantile(u, nu);
      assert.ok(Math.abs(new StudentLaw(nu).tail(x) / u - 1) < ROUND_TRIP, `nu ${nu}, u ${u}`);
      assert.ok(Math.abs(new StudentLaw(nu + 1).tail(x) / u - 1) > NEGATIVE_CONTROL);
    }
  }
});

test('quantiles of the chi law invert its tail', () => {
  for (const nu of [3, 4, 5, 30, 1000])
    for (const u of [1e-12, 1e-4, 0.1, 0.5, 0.9, 0.9999, 1 - 1e-12])
      assert.ok(Math.abs(chiTail(nu, chiTailQuantile(nu, u)) / u - 1) < ROUND_TRIP, `nu ${nu}, u ${u}`);
});
