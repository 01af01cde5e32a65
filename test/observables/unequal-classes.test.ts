/** Bayes' rule between classes that are not equally likely: closed forms against the best rule that NumPy finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalCdf } from '../../src/core/special.ts';
import { twoSidedP } from '../../src/core/statistics.ts';
import { drawMixture } from '../../src/data/mixture.ts';
import { drawSignalNoise } from '../../src/data/signal-noise.ts';
import { drawXor } from '../../src/data/xor.ts';
import { bayesError, bayesErrorNoisy } from '../../src/observables/bayes.ts';
import { meanFlipOf } from '../../src/observables/class-errors.ts';
import { lawOf } from '../../src/data/sample.ts';
import { fixture } from '../helpers/fixtures.ts';
import { DATA, key } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { NEGATIVE_CONTROL, ROUNDING } from '../tolerances.ts';

interface Counted {
  readonly mean: number;
  readonly se: number;
  readonly nearerMean: number;
}
const NUMPY = (fixture('numpy/points.json') as { readonly bayes: readonly BayesCounted[] }).bayes;
interface BayesCounted {
  readonly strength: number;
  readonly positive: number;
  readonly p: number;
  readonly tilt: number;
  readonly clean: Counted;
  readonly noisy: Counted;
}

test('the least errors are those of the best rule that NumPy finds, and not those of equal classes', (t) => {
  const family: Record<string, number> = {};
  for (const { strength, positive, p, tilt, clean, noisy } of NUMPY) {
    const of = (share: number) =>
      drawMixture(
        {
          ...DATA,
          mu: 0.9 * strength,
          sigmaP: 0.9,
          projected: false,
          positive: share,
          flip: p,
          flipLaw: tilt === 0 ? ('probability' as const) : ('by-class' as const),
          flipTilt: tilt,
        },
        key(1),
      );
    const z = (error: number, counted: Counted): number => twoSidedP((error - counted.mean) / counted.se);
    const name = `${strength} ${positive} ${p} ${tilt}`;
    family[`${name} clean`] = z(bayesError(of(positive))!, clean);
    family[`${name} noisy`] = z(bayesErrorNoisy(of(positive))!, noisy);
    assert.ok(z(bayesError(of(0.5))!, clean) < NEGATIVE_CONTROL, name);
    assert.ok(z(bayesErrorNoisy(of(0.5))!, noisy) < NEGATIVE_CONTROL, name);
    // The nearer mean, the best rule of equal classes, is not the best here.
    assert.ok(clean.nearerMean > bayesError(of(positive))! + 0.005, name);
  }
  holdsInLaw(t, family);
});

test('edges: without a signal the likelier class; told labels; borders that are curves have no closed form', () => {
  const mixture = (more: object) =>
    drawMixture({ ...DATA, projected: false, positive: 0.2, flip: 0.1, ...more }, key(2));
  assert.ok(Math.abs(bayesError(mixture({ mu: 0 }))! - 0.2) <= ROUNDING);
  assert.ok(Math.abs(bayesErrorNoisy(mixture({ mu: 0 }))! - (0.1 + 0.8 * 0.2)) <= ROUNDING);
  const leaning = { flipLaw: 'by-class', flipTilt: -0.5 } as const;
  const one = mixture({ mu: 0, ...leaning });
  const mean = 0.2 * 0.05 + 0.8 * 0.15;
  assert.ok(Math.abs(meanFlipOf(lawOf(one)) - mean) <= ROUNDING);
  assert.ok(Math.abs(bayesErrorNoisy(one)! - (mean + Math.min(0.2 * 0.9, 0.8 * 0.7))) <= ROUNDING);
  assert.equal(bayesErrorNoisy(mixture({ flipLaw: 'by-margin', flipTilt: 0.5 })), undefined);
  // Where a patch tells the label: nothing is left but the flips.
  const patches = { ...DATA, patches: 4, signals: 3, positive: 0.2, flip: 0.1 };
  assert.equal(bayesError(drawSignalNoise(patches, key(3))), 0);
  assert.ok(Math.abs(bayesErrorNoisy(drawSignalNoise({ ...patches, ...leaning }, key(3)))! - mean) <= ROUNDING);
  assert.ok(Math.abs(bayesError(drawSignalNoise({ ...patches, mu: 0 }, key(3)))! - 0.2) <= ROUNDING);
  const xor = { ...DATA, cosine: 0, projected: false };
  const q = normalCdf(-DATA.mu / Math.SQRT2);
  assert.ok(Math.abs(bayesError(drawXor(xor, 1, key(4)))! - 2 * q * (1 - q)) <= ROUNDING);
  assert.equal(bayesError(drawXor({ ...xor, positive: 0.4 }, 1, key(4))), undefined);
  assert.equal(bayesError(drawXor({ ...xor, projected: true, positive: 0.4 }, 2, key(4))), 0);
});
