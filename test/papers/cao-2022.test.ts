/** The Cao preset: powers of the ReLU follow n SNR^q, the ReLU itself does not (control). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cao2022 } from '../../src/papers/cao-2022.ts';
import { quick } from '../helpers/presets.ts';

for (const [figure, variant, fails] of [
  ['samples', 'power-3', []],
  ['samples', 'power-4', []],
  ['dimension', 'power-3', []],
  ['dimension', 'relu', ['free-of-d']],
] as const) {
  test(`${figure}/${variant}: fails ${fails.join(', ') || 'nothing'} on the quick grid`, () => {
    assert.deepEqual(
      quick(cao2022, figure, variant)
        .made.comparisons.filter(({ verdict }) => verdict === 'fails')
        .map(({ id }) => id),
      fails,
    );
  });
}
