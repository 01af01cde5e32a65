import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normalCdf } from '../../src/core/special.ts';
import { binomialInterval, fitLine, meanAndSe, quantile, regress, twoSidedP } from '../../src/core/statistics.ts';
import { reach } from '../../src/core/verdict.ts';
import { normals } from '../helpers/problems.ts';
import { chiSquareP, holdsInLaw, ksAgainst } from '../helpers/statistics.ts';
import { FOUR_DIGITS, LINE_FIT, NEGATIVE_CONTROL, ROUNDING, REGRESSION_COVERAGE } from '../tolerances.ts';

test('mean and standard error: by hand, far from zero, for one value and for none', () => {
  assert.deepEqual(meanAndSe([1, 2, 3, 6]), { mean: 3, se: Math.sqrt(14 / 12) });
  assert.deepEqual(meanAndSe([1e9 + 1, 1e9 + 2, 1e9 + 3]), { mean: 1e9 + 2, se: Math.sqrt(1 / 3) });
  assert.deepEqual(meanAndSe([5]), { mean: 5, se: 0 });
  assert.throws(() => meanAndSe([]), RangeError);
});

test('quantiles interpolate between order statistics', () => {
  const values = [3, 1, 4, 1, 5];
  assert.deepEqual(
    [0, 0.25, 0.5, 0.625, 1].map((level) => quantile(values, level)),
    [1, 1, 3, 3.5, 5],
  );
  assert.deepEqual(values, [3, 1, 4, 1, 5]);
  assert.equal(quantile([-2, -10], 0.5), -6); // numbers, not words
  assert.throws(() => quantile([], 0.5), RangeError);
});

test('two-sided p-values', () => {
  assert.ok(Math.abs(twoSidedP(1.959963984540054) - 0.05) <= ROUNDING);
  assert.equal(twoSidedP(-3), twoSidedP(3));
  assert.equal(twoSidedP(0), 1);
});

test('a line through exact points is found, whatever their weights', () => {
  const number = fc.double({ min: -100, max: 100, noNaN: true });
  fc.assert(
    fc.property(
      number,
      number,
      fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 2, maxLength: 10 }),
      (intercept, slope, sd) => {
        const x = sd.map((_, i) => i);
        const fit = fitLine(
          x,
          x.map((one) => intercept + slope * one),
          sd,
        );
        assert.ok(Math.abs(fit.intercept - intercept) + Math.abs(fit.slope - slope) <= LINE_FIT);
      },
    ),
    { seed: 1 },
  );
  assert.throws(() => fitLine([1, 1], [0, 2], [1, 1]), RangeError);
});

test('equal weights give the textbook formulas', () => {
  const x = [0, 1, 2, 3, 4];
  const y = [1, 3, 2, 5, 4];
  const fit = fitLine(
    x,
    y,
    x.map(() => 2),
  );
  assert.ok(Math.abs(fit.slope - 0.8) + Math.abs(fit.intercept - 1.4) <= ROUNDING);
  assert.ok(Math.abs(fit.slopeSe - 2 / Math.sqrt(10)) <= ROUNDING);
  assert.ok(Math.abs(fit.interceptSe - 2 * Math.sqrt(1 / 5 + 4 / 10)) <= ROUNDING);
  assert.ok(Math.abs(fit.covariance + 2 * (4 / 10)) <= ROUNDING);
  // Residuals far beyond the stated deviations do not widen it: that line is to be rejected, not excused.
  const scattered = fitLine(
    x,
    y,
    x.map(() => 0.1),
  );
  assert.ok(Math.abs(scattered.slopeSe - 0.1 / Math.sqrt(10)) <= ROUNDING);
});

test('fitted slopes and intercepts scatter as their standard errors say', (t) => {
  const x = [1, 2, 4, 7];
  const sd = [0.5, 1, 0.2, 2];
  const count = 5000;
  const noise = normals(count * x.length, 7);
  const fits = Array.from({ length: count }, (_, at) =>
    fitLine(
      x,
      x.map((one, i) => 3 - 2 * one + sd[i] * noise[at * x.length + i]),
      sd,
    ),
  );
  const plain = fitLine(
    x,
    x.map((one) => 3 - 2 * one),
    sd,
  );
  const slopes = fits.map(({ slope }) => (slope + 2) / plain.slopeSe);
  const intercepts = fits.map(({ intercept }) => (intercept - 3) / plain.interceptSe);
  const at3 = fits.map(
    ({ slope, intercept }) =>
      (intercept + 3 * slope + 3) ** 2 / (plain.interceptSe ** 2 + 9 * plain.slopeSe ** 2 + 6 * plain.covariance),
  );
  holdsInLaw(t, {
    slope: ksAgainst(slopes, normalCdf),
    intercept: ksAgainst(intercepts, normalCdf),
    'value at 3': ksAgainst(at3, (value) => 1 - chiSquareP(value, 1)),
  });
  assert.ok(
    ksAgainst(
      slopes.map((z) => 1.15 * z),
      normalCdf,
    ) < NEGATIVE_CONTROL,
  );
});

test('Clopper-Pearson: tables, closed forms at the ends, and coverage', () => {
  // 5 of 10 and 1 of 20 as in tables; 0 of n: 1 - (0.025)^{1/n}
  for (const [k, n, low, high] of [
    [5, 10, 0.1871, 0.8129],
    [1, 20, 0.0013, 0.2487],
    [0, 30, 0, 0.1157],
  ] as const) {
    const ours = binomialInterval(k, n);
    assert.ok(
      Math.abs(ours[0] - low) <= FOUR_DIGITS && Math.abs(ours[1] - high) <= FOUR_DIGITS,
      `${k} of ${n}: ${ours.join(', ')}`,
    );
  }
  assert.ok(Math.abs(binomialInterval(0, 1000)[1] - (1 - 0.025 ** (1 / 1000))) <= ROUNDING);
  assert.equal(binomialInterval(7, 7)[1], 1);
  assert.throws(() => binomialInterval(0, 0), RangeError);
});

test('regression: exact points, and slopes with honest errors where the variance grows', () => {
  const x = [
    [0, 1],
    [1, 0],
    [2, 5],
    [3, 3],
    [4, 1],
    [5, 2],
  ];
  const exact = regress(
    x,
    x.map(([a, b]) => 3 - 2 * a! + 0.5 * b!),
  );
  assert.ok(Math.abs(exact.slopes[0]! + 2) <= LINE_FIT && Math.abs(exact.slopes[1]! - 0.5) <= LINE_FIT);
  const draws = normals(400 * 60, 11);
  const z = Array.from({ length: 400 }, (_, run) => {
    const rows = Array.from({ length: 60 }, (__, i) => [i / 60]);
    const { slopes, se } = regress(
      rows,
      rows.map(([a], i) => a! + a! * draws[run * 60 + i]!),
    );
    return (slopes[0]! - 1) / se[0]!;
  });
  const spread = Math.sqrt(z.reduce((sum, one) => sum + one * one, 0) / z.length);
  assert.ok(spread > 0.85 && spread < 1.2, `${spread}`);
  assert.throws(() => regress([[1], [2]], [1, 2]), RangeError);
});

test("few points of unequal variance: Student's t of the slope covers as it says", () => {
  const draws = normals(2000 * 8, 12);
  let covered = 0;
  for (let run = 0; run < 2000; run++) {
    const rows = Array.from({ length: 8 }, (_, i) => [i / 8]);
    const { slopes, se, freedom } = regress(
      rows,
      rows.map(([a], i) => a! * draws[run * 8 + i]!),
    );
    assert.equal(freedom, 6);
    if (Math.abs(slopes[0]!) <= reach(0.05, freedom) * se[0]!) covered++;
  }
  const [least, most] = REGRESSION_COVERAGE;
  assert.ok(covered / 2000 > least && covered / 2000 < most, `${covered} of 2000`);
  assert.ok(
    regress([[0], [0], [0], [1]], [1, 2, 4, 3]).se.every((one) => !Number.isFinite(one)),
    'a slope that one point decides',
  );
});
