/** A setting without what an observable needs: refused with both names, whichever observable and need it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OBSERVABLES, SERIES } from '../../src/experiments/series.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { Need } from '../../src/observables/observable.ts';

/** @param also needs that the setting does not meet either */
const WITHOUT: Readonly<
  Partial<Record<Need, { readonly setting: object; readonly says: string; readonly also?: readonly Need[] }>>
> = {
  'fixed-output': { setting: { network: { m: 3, output: 'trained' } }, says: 'a fixed output layer' },
  'piecewise-linear': {
    setting: { network: { m: 3, activation: 'relu-power' } },
    says: 'a piecewise linear activation',
  },
  'one-signal': { setting: { data: { n: 6, d: 40, mu: 2, model: 'xor' } }, says: 'one signal' },
  'gaussian-noise': { setting: { data: { n: 6, d: 40, mu: 2, noise: 'student-t' } }, says: 'Gaussian noise' },
  'turned-labels': { setting: { training: { labelNoiseLaw: 'gaussian' } }, says: 'labels that are turned or not' },
  'linear-steps': { setting: { training: { rule: 'sam' } }, says: 'steps that are linear in the gradient' },
  'whole-start': {
    setting: { training: { weightDecay: 0.1 } },
    says: 'a start that does not decay',
    also: ['linear-steps'],
  },
  'every-step': { setting: { training: { rule: 'flow' } }, says: 'steps of its own', also: ['linear-steps'] },
  'squared-loss': { setting: {}, says: 'the squared loss' },
  'class-labels': {
    setting: { data: { n: 6, d: 40, mu: 2, sigmaY: 0.5 }, training: { loss: 'squared' } },
    says: 'labels that are classes',
  },
  'no-bias': {
    setting: { network: { m: 3, bias: true }, training: { loss: 'squared' } },
    says: 'filters without bias',
  },
  'pure-noise': {
    setting: { data: { n: 6, d: 40, mu: 2, model: 'feature-noise' }, training: { loss: 'squared' } },
    says: 'noisy patches without signal',
  },
};
const SQUARED = { loss: 'squared' };

for (const [need, { setting, says, also = [] }] of Object.entries(WITHOUT))
  test(`without ${says}: exactly the observables that need it are refused`, () => {
    for (const id of SERIES) {
      const { needs } = OBSERVABLES[id];
      // Those of gradient flow and of deeper layers are refused for what these settings are.
      const squared = need !== 'squared-loss' && needs.includes('squared-loss');
      if (
        needs.includes('flow') ||
        needs.some((one) => one.startsWith('layer-')) ||
        also.some((one) => needs.includes(one))
      )
        continue;
      const chosen: { training?: object } = setting;
      const spec = {
        data: { n: 6, d: 40, mu: 2 },
        network: { m: 3 },
        ...setting,
        ...(squared && { training: { ...SQUARED, ...chosen.training } }),
        record: { series: [id] },
      };
      if (needs.includes(need as Need))
        assert.throws(
          () => specFrom(spec, 'test'),
          (error: Error) => error.message.includes(`record: ${id} needs ${says}`),
          id,
        );
      else assert.doesNotThrow(() => specFrom(spec, 'test'), id);
    }
  });

test('at depth what is about two layers is refused, and a layer that is not there everywhere', () => {
  const spec = (depth: number, id: (typeof SERIES)[number]) => ({
    data: { n: 6, d: 40, mu: 2 },
    network: { m: 3, depth },
    ...(OBSERVABLES[id].needs.includes('squared-loss') && { training: SQUARED }),
    record: { series: [id] },
  });
  const wants = (needs: readonly Need[]): number =>
    Math.max(2, ...needs.flatMap((one) => (one.startsWith('layer-') ? [Number(one.slice(6))] : [])));
  let refused = 0;
  for (const id of SERIES) {
    const { needs } = OBSERVABLES[id];
    if (needs.includes('flow')) continue;
    for (const depth of [2, 3, 5]) {
      const ofTwo = needs.some((one) => one === 'depth-2' || one === 'two-layer' || one === 'span');
      const says =
        depth > 2 && ofTwo ? 'network.depth: 2' : depth < wants(needs) ? `network.depth: ${wants(needs)} or more` : '';
      if (says) {
        refused++;
        assert.throws(
          () => specFrom(spec(depth, id), 'test'),
          (error: Error) => error.message.includes(`record: ${id} needs`) && error.message.includes(says),
          `${id} at ${depth}`,
        );
      } else assert.doesNotThrow(() => specFrom(spec(depth, id), 'test'), `${id} at ${depth}`);
    }
  }
  assert.ok(refused > 100);
});

test('what a run of gradient flow says is refused elsewhere', () => {
  const spec = { data: { n: 6, d: 40, mu: 2 }, network: { m: 3 }, record: { values: ['slidingShare'] } };
  assert.throws(() => specFrom(spec, 'test'), /slidingShare needs training\.rule: flow/);
  specFrom({ ...spec, training: { rule: 'flow' } }, 'test');
});

test('what Gaussian formulas give is not kept under another noise', () => {
  for (const id of ['averagingError', 'maxMarginError', 'bayesError', 'lazyError', 'meanMargin'] as const)
    assert.ok(OBSERVABLES[id].needs.includes('gaussian-noise'), id);
});
