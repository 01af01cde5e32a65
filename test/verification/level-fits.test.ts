/** Power laws through level sets, and what the theorems say about them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transitionExponent, TRANSITION_LAWS, logControl } from '../../src/theory/transition-laws.ts';
import { fitConstant, fitLevel } from '../../src/verification/level-fits.ts';
import { LINE_FIT } from '../tolerances.ts';

const law = (id: string): (typeof TRANSITION_LAWS)[number] => TRANSITION_LAWS.find((one) => one.id === id)!;

test('an exact power law is found, with its local slopes', () => {
  const { exponent, centre, local } = fitLevel(
    [10, 100, 1000].map((over) => ({ over, logAlong: Math.log(3 * over ** 0.25), se: 0.01 })),
    0.95,
  );
  assert.ok(Math.abs(exponent!.value - 0.25) < LINE_FIT && exponent!.low < 0.25 && exponent!.high > 0.25);
  assert.ok(Math.abs(centre!.over - 100) < LINE_FIT && Math.abs(centre!.along.value - 3 * 100 ** 0.25) < LINE_FIT);
  assert.deepEqual(
    local.map(({ from, to }) => [from, to]),
    [
      [10, 100],
      [100, 1000],
    ],
  );
  assert.equal(
    fitLevel(
      [
        { over: 1, logAlong: 0, se: 0.1 },
        { over: 2, logAlong: 1, se: 0.1 },
      ],
      0.95,
    ).exponent,
    null,
  );
});

test('scatter beyond the standard errors widens a constant', () => {
  const tight = fitConstant(
    [0, 0.01, -0.01].map((value) => ({ value, se: 0.1 })),
    0.95,
  )!;
  const loose = fitConstant(
    [0, 1, -1].map((value) => ({ value, se: 0.1 })),
    0.95,
  )!;
  assert.ok(loose.se > 5 * tight.se);
  assert.ok(Math.abs(tight.value - 1) < 0.01);
});

test('exponents of the theorems', () => {
  const kou = law('kou-2023/theorem-4.2');
  assert.equal(transitionExponent(kou, {}, 'mu', 'd'), 0.25);
  assert.equal(transitionExponent(kou, {}, 'mu', 'n'), -0.25);
  assert.equal(transitionExponent(kou, {}, 'mu', 'sigmaP'), 1);
  assert.ok(transitionExponent(kou, {}, 'mu', 'm') === 0 || Object.is(transitionExponent(kou, {}, 'mu', 'm'), -0));
  assert.equal(transitionExponent(kou, {}, 'leak', 'n'), null);
  assert.equal(transitionExponent(law('cao-2022'), { power: 3 }, 'mu', 'd'), 0.5);
  // d = factor * n: S no longer knows n.
  assert.ok(Math.abs(transitionExponent(kou, {}, 'mu', 'n', { d: { n: 1 } })!) === 0);
  assert.ok(Math.abs(logControl(kou, { n: 20, d: 1000, mu: 5, sigmaP: 1 }) - Math.log(12.5)) < LINE_FIT);
});
