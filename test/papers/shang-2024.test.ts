/**
 * The Shang preset: its quick figures hold what they claim; the shared ablation does not pass for the per-patch
 * network.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shang2024 } from '../../src/papers/shang-2024.ts';
import { reciprocal } from '../../src/reproduction/sweep-figures.ts';
import { agreement } from '../../src/verification/agreement.ts';
import { quick, variantOf } from '../helpers/presets.ts';

for (const [figure, variant] of [
  ['heat-map', 'per-patch'],
  ['heat-map', 'shared'],
  ['ablation', 'output-layers'],
  ['layers', 'over-time'],
  ['invariant', 'step-size'],
  ['response', 'small-output'],
] as const) {
  test(`${figure}/${variant}: every claim holds on the quick grid`, () => {
    const { made } = quick(shang2024, figure, variant);
    assert.deepEqual(
      made.comparisons.filter(({ verdict }) => verdict === 'fails'),
      [],
    );
    assert.notEqual(made.verdict, 'fails');
    assert.ok(made.figures.length > 0);
  });
}

test('the shared ablation fails the claims of the per-patch network (negative control)', () => {
  const { results } = quick(shang2024, 'heat-map', 'shared');
  const failed = agreement(results, variantOf(shang2024, 'heat-map', 'per-patch').checks)
    .comparisons.filter(({ verdict }) => verdict === 'fails')
    .map(({ id }) => id);
  assert.ok(failed.includes('bent/0.25'));
});

test('an axis drawn by its reciprocal keeps its cells and names itself', () => {
  const { results, made } = quick(shang2024, 'heat-map', 'per-patch');
  const { spec, table } = reciprocal(results.spec, made.table, 'mu');
  const [axis] = spec.axes;
  const [original] = results.spec.axes;
  assert.deepEqual([axis!.name, axis!.glyph], ['1/mu', '1/‖μ‖']);
  (axis!.values as number[]).forEach((value, i) =>
    assert.ok(Math.abs(value * (original!.values[i] as number) - 1) < 1e-9),
  );
  const column = table.columns.indexOf('1/mu');
  assert.deepEqual(new Set(table.rows.map((row) => row[column])), new Set(axis!.values));
  assert.throws(() => reciprocal(results.spec, made.table, 'nu'), RangeError);
});

test('initial output weights in units of v* say so on their axis', () => {
  const { results } = quick(shang2024, 'heat-map', 'per-patch');
  assert.equal(results.spec.axes.find(({ id }) => id === 'v0')!.glyph, 'v_0 [v*]');
});
