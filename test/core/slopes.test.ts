/** Slopes through repeated runs: closed forms, published laws, coverage with the old way as negative control. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  combine,
  covarianceOf,
  fitSlope,
  independentPoints,
  jackknifePoints,
  replicatedPoints,
} from '../../src/core/slopes.ts';
import { meanAndSe } from '../../src/core/statistics.ts';
import { coverage, SCENARIOS } from '../../validation/slope-coverage.ts';
import { LINE_FIT, SLOPE_COVERAGE } from '../tolerances.ts';

const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) <= LINE_FIT, `${a} for ${b}`);

test('known standard errors: textbook slope, chi-square and its p', () => {
  const y = [1, 3, 2, 5, 4];
  const fit = fitSlope(
    independentPoints(
      [0, 1, 2, 3, 4],
      y.map((value) => ({ value, se: 1 })),
    ),
  );
  near(fit.slope.value, 0.8);
  near(fit.intercept.value, 1.4);
  near(fit.slope.se, 1 / Math.sqrt(10));
  // residuals -0.4 .8 -1 1.2 -.6; P(chi²_3 > 3.6) = 2 Q(sqrt 3.6) + sqrt(7.2/pi) e^-1.8
  near(fit.chiSquare!.value, 3.6);
  assert.equal(fit.chiSquare!.p.toFixed(4), '0.3080');
  assert.deepEqual(
    fit.local.map(({ slope }) => slope.value),
    [2, -1, 3, -1],
  );
  near(fit.local[0]!.slope.se, Math.SQRT2);
});

test('the jackknife of means is the covariance of means, also with groups of unequal numbers', () => {
  const data = [
    [1, 4, 2, 8],
    [3, 3, 9, 2],
  ];
  const covariance = covarianceOf(replicatedPoints([0, 1], data));
  data.forEach((values, i) => near(covariance[3 * i]!, meanAndSe(values).se ** 2));
  const [a, b] = data.map((values) => values.map((one) => one - meanAndSe(values).mean)) as [number[], number[]];
  near(covariance[1]!, a.reduce((sum, one, r) => sum + one * b[r]!, 0) / (4 * 3));
  const same = covarianceOf(
    jackknifePoints([0, 1], 4, (left) => data.map((values) => meanAndSe(values.filter((_, r) => r !== left)).mean)),
  );
  same.forEach((one, i) => near(one, covariance[i]!));
  // Seven replicates in four groups of two, two, two, one beside four in four.
  const uneven = replicatedPoints([0, 1], [[1, 4, 2, 8, 5, 7, 1], data[1]!]);
  assert.ok(covarianceOf(uneven)[0]! > 0 && uneven.freedom === 3);
});

test('what all sizes share does not enter a slope, and is no misfit', () => {
  const shared = Array.from({ length: 30 }, (_, r) => ((r * 7) % 30) / 30);
  const fit = fitSlope(
    replicatedPoints(
      [0, 1, 2],
      [0, 1, 2].map((i) => shared.map((value, r) => value + 2 * i + (((r * (11 + 2 * i)) % 30) - 14.5) * 1e-6)),
    ),
  );
  assert.ok(fit.slope.se < 1e-5 && Math.abs(fit.slope.value - 2) < 1e-5, JSON.stringify(fit.slope));
  // Replicates that are the same at every size leave nothing to test a line with.
  assert.equal(
    fitSlope(
      replicatedPoints(
        [0, 1, 2],
        [0, 1, 2].map((i) => shared.map((value) => value + 2 * i)),
      ),
    ).chiSquare,
    null,
  );
});

test('degrees of freedom: Welch and Satterthwaite of two means; fewer where one replicate makes the spread', () => {
  const points = independentPoints(
    [0, 1],
    [
      { value: 0, se: 3, freedom: 5 },
      { value: 1, se: 1, freedom: 20 },
    ],
  );
  near(combine(points, [-1, 1]).freedom!, 100 / (81 / 5 + 1 / 20));
  const heavy = replicatedPoints([0], [[...Array.from({ length: 39 }, () => 0), 1]]);
  assert.ok(combine(heavy, [1]).freedom! < 3);
});

test('too few distinct sizes or replicates are refused', () => {
  assert.throws(
    () =>
      fitSlope(
        independentPoints(
          [1, 1],
          [
            { value: 0, se: 1 },
            { value: 1, se: 1 },
          ],
        ),
      ),
    RangeError,
  );
  assert.throws(() => replicatedPoints([0, 1], [[1], [1, 2]]), RangeError);
  assert.throws(() => jackknifePoints([0, 1], 1, () => [0, 1]), RangeError);
});

test('intervals hold the slope and lines are rejected as often as stated, in six scenarios; the old way fails', () => {
  const { trials, seed, least, rejected } = SLOPE_COVERAGE;
  let [oldLow, oldRejected] = [1, 0];
  for (const scenario of SCENARIOS)
    for (const sizes of [3, 5, 8]) {
      const one = coverage(scenario, sizes, trials, seed);
      assert.ok(one.now >= least, JSON.stringify(one));
      assert.ok(one.rejected >= rejected[0] && one.rejected <= rejected[1], JSON.stringify(one));
      oldLow = Math.min(oldLow, one.before);
      oldRejected = Math.max(oldRejected, one.rejectedBefore);
    }
  assert.ok(oldLow < least && oldRejected > rejected[1], `${oldLow}, ${oldRejected}`);
});
