import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanAndSe, twoSidedP } from '../../src/core/statistics.ts';
import { drawUnitNormMixture } from '../../src/data/mixture.ts';
import { maxMarginError, sampleMaxMargin } from '../../src/observables/max-margin.ts';
import { maxMarginLimit, type MaxMarginSetting } from '../../src/theory/max-margin-limit.ts';
import { DATA, key } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { MIN_MAX_GRID, NEGATIVE_CONTROL, ROUNDING } from '../tolerances.ts';

/**
 * ‖w‖^2/n over a grid of (signal part, noise part) of w, the expectation by the midpoint rule: the minimum that the
 * theorem is about, found the slow way.
 */
function byGrid(
  { aspect, strength, flip, share = 0 }: MaxMarginSetting,
  around: { r: number; u: number },
): { cost: number; r: number } {
  const STEP = 0.01;
  const weights = Array.from({ length: 1600 }, (_, k) => (k + 0.5) * STEP - 8).map((h) => ({
    h,
    weight: (STEP * Math.exp((-h * h) / 2)) / Math.sqrt(2 * Math.PI),
  }));
  let best = { cost: Infinity, r: NaN };
  for (let i = -40; i <= 40; i++) {
    for (let j = -40; j <= 40; j++) {
      const s = (1 / around.u) * (1 + i / 400);
      const a = (around.r / around.u) * (1 + j / 200);
      let needed = 0;
      for (const { h, weight } of weights)
        needed += weight * ((1 - flip) * Math.max(0, 1 - a - s * h) ** 2 + flip * Math.max(0, 1 + a - s * h) ** 2);
      const cost = (a * a) / strength + (aspect * s * s) / (1 - share);
      if (needed <= aspect * s * s && cost < best.cost) best = { cost, r: a / s };
    }
  }
  return best;
}

test('the minimum over all signals and noises, found on a grid', () => {
  for (const setting of [
    { aspect: 1, strength: 5, flip: 0.1 },
    { aspect: 3, strength: 2, flip: 0.2, share: 0.05 },
    { aspect: 0.7, strength: 20, flip: 0.05 },
  ]) {
    const limit = maxMarginLimit(setting)!;
    const grid = byGrid(setting, limit);
    assert.ok(
      Math.abs(Math.sqrt(grid.cost) / limit.norm - 1) <= MIN_MAX_GRID,
      `${Math.sqrt(grid.cost)} and ${limit.norm}`,
    );
    assert.ok(Math.abs(grid.r / limit.r - 1) <= 10 * MIN_MAX_GRID); // the minimum is flat in r
    const off = byGrid(setting, { ...limit, u: limit.u * 1.12 }); // a window that leaves it out
    assert.ok(Math.sqrt(off.cost) / limit.norm - 1 > MIN_MAX_GRID);
  }
});

test('runs at n = 120 agree, up to what 1/n adds', (t) => {
  const [n, runs, share] = [120, 60, 5 / 120];
  const family: Record<string, number> = {};
  for (const aspect of [1.5, 4]) {
    const limit = maxMarginLimit({ aspect, strength: n * share, flip: 0.1, share })!;
    const [errors, norms]: [number[], number[]] = [[], []];
    for (let replicate = 0; replicate < runs; replicate++) {
      const sample = drawUnitNormMixture(
        { ...DATA, n, d: n * aspect, share, flipLaw: 'exact', flips: n / 10 },
        key(901, replicate),
      );
      const solution = sampleMaxMargin(sample);
      if (solution.kind !== 'separable') assert.fail();
      errors.push(maxMarginError(sample, solution)!);
      norms.push(solution.norm / Math.sqrt(n));
    }
    const z = (values: number[], exact: number): number => {
      const { mean, se } = meanAndSe(values);
      return (mean - exact) / Math.sqrt(se ** 2 + (exact / n) ** 2); // corrections are of relative order 1/n
    };
    family[`error, d/n = ${aspect}`] = twoSidedP(z(errors, limit.error));
    family[`norm, d/n = ${aspect}`] = twoSidedP(z(norms, limit.norm));
    // negative control: twice as many flips, and half the signal
    for (const wrong of [
      { flip: 0.2, strength: 5 },
      { flip: 0.1, strength: 2.5 },
    ])
      assert.ok(twoSidedP(z(errors, maxMarginLimit({ aspect, share, ...wrong })!.error)) < NEGATIVE_CONTROL);
  }
  holdsInLaw(t, family);
});

test('ends: no signal, much signal, no flips, and where nothing separates', () => {
  const faint = maxMarginLimit({ aspect: 2, strength: 1e-12, flip: 0.1 })!;
  assert.ok(faint.error > 0.4999 && faint.error <= 0.5);
  const errors = [1, 5, 25, 1e3, 1e6].map((strength) => maxMarginLimit({ aspect: 2, strength, flip: 0.1 })!.error);
  errors.slice(1).forEach((error, i) => assert.ok(error <= errors[i]!));
  assert.ok(errors[4]! > 0.01 && Math.abs(errors[4]! / errors[3]! - 1) < 0.01); // gamma fixed: a limit of its own, which flips keep from 0
  assert.deepEqual(maxMarginLimit({ aspect: 0.4, strength: 4, flip: 0 }), {
    error: 0,
    norm: 0.5,
    r: Infinity,
    u: Infinity,
  });
  // as p -> 1/2 the signal is of no use and Cover's d/n = 1/2 is left
  assert.equal(maxMarginLimit({ aspect: 0.499, strength: 5, flip: 0.4999 }), null);
  assert.ok(maxMarginLimit({ aspect: 0.501, strength: 5, flip: 0.4999 }) !== null);
  assert.equal(maxMarginLimit({ aspect: 0.1, strength: 5, flip: 0.1 }), null);
  // w = v / sqrt(gamma) has margins of 1 without flips and noise: no norm beyond it
  assert.ok(maxMarginLimit({ aspect: 5, strength: 4, flip: 0 })!.norm <= 0.5 + ROUNDING);
});
