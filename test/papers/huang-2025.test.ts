/**
 * The Huang preset: gradient descent fits and fails, label noise learns; without it the claims about it fail (control).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { huang2025 } from '../../src/papers/huang-2025.ts';
import { agreement } from '../../src/verification/agreement.ts';
import { quick, variantOf } from '../helpers/presets.ts';

for (const [figure, variant, fails] of [
  ['descent', 'm-per-class', ['label-noise/loss']],
  ['descent', 'm-in-all', ['label-noise/loss']],
  ['heat-map', 'm-in-all', []],
] as const) {
  test(`${figure}/${variant}: ${fails.join() || 'nothing'} fails on the quick grid`, () => {
    assert.deepEqual(
      quick(huang2025, figure, variant)
        .made.comparisons.filter(({ verdict }) => verdict === 'fails')
        .map(({ id }) => id),
      fails,
    );
  });
}

test('what is claimed of label noise is not true of gradient descent (negative control)', () => {
  const { frame } = quick(huang2025, 'descent', 'm-in-all');
  const plain = variantOf(huang2025, 'descent', 'm-in-all').checks.flatMap((check) =>
    'where' in check && check.id.startsWith('label-noise/')
      ? [{ ...check, where: { ...check.where, labelNoise: 0 } }]
      : [],
  );
  assert.deepEqual(
    agreement(frame, plain).comparisons.filter(({ verdict }) => verdict === 'holds'),
    [],
  );
});
