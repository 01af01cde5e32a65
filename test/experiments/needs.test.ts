/** A setting without what an observable needs: refused with both names, whichever observable and need it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OBSERVABLES, SERIES } from '../../src/experiments/series.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { Need } from '../../src/observables/observable.ts';

const WITHOUT: Readonly<Partial<Record<Need, { readonly setting: object; readonly says: string }>>> = {
  'fixed-output': { setting: { network: { m: 3, output: 'trained' } }, says: 'a fixed output layer' },
  'piecewise-linear': {
    setting: { network: { m: 3, activation: 'relu-power' } },
    says: 'a piecewise linear activation',
  },
  'one-signal': { setting: { data: { n: 6, d: 40, mu: 2, model: 'xor' } }, says: 'one signal' },
  'gaussian-noise': { setting: { data: { n: 6, d: 40, mu: 2, noise: 'student-t' } }, says: 'Gaussian noise' },
};

for (const [need, { setting, says }] of Object.entries(WITHOUT))
  test(`without ${says}: exactly the observables that need it are refused`, () => {
    for (const id of SERIES) {
      const spec = { data: { n: 6, d: 40, mu: 2 }, network: { m: 3 }, ...setting, record: { series: [id] } };
      if (OBSERVABLES[id].needs.includes(need as Need))
        assert.throws(
          () => specFrom(spec, 'test'),
          (error: Error) => error.message.includes(`record: ${id} needs ${says}`),
          id,
        );
      else assert.doesNotThrow(() => specFrom(spec, 'test'), id);
    }
  });

test('what Gaussian formulas give is not kept under another noise', () => {
  for (const id of ['averagingError', 'maxMarginError', 'bayesError', 'lazyError', 'meanMargin'] as const)
    assert.ok(OBSERVABLES[id].needs.includes('gaussian-noise'), id);
});
