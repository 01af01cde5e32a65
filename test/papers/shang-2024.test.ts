/**
 * The Shang preset: its quick figures hold what they claim; the shared ablation does not pass for the per-patch
 * network.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shang2024 } from '../../src/papers/shang-2024.ts';
import { criticalSignal, signalRatio, thresholdOutput } from '../../src/theory/shang-law.ts';
import { reciprocal } from '../../src/reproduction/sweep-figures.ts';
import { agreement } from '../../src/verification/agreement.ts';
import { quick, variantOf } from '../helpers/presets.ts';
import { THREE_DIGITS } from '../tolerances.ts';

for (const [figure, variant] of [
  ['heat-map', 'per-patch'],
  ['heat-map', 'shared'],
  ['ablation', 'output-layers'],
  ['layers', 'over-time'],
  ['invariant', 'step-size'],
  ['response', 'small-output'],
  ['regimes', 'd-1e12'],
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
  const { frame } = quick(shang2024, 'heat-map', 'shared');
  const failed = agreement(frame, variantOf(shang2024, 'heat-map', 'per-patch').checks)
    .comparisons.filter(({ verdict }) => verdict === 'fails')
    .map(({ id }) => id);
  assert.ok(failed.includes('bent/0.25'));
});

test('from v* down to 1e-11 v* the law of small starts holds, and that of another dimension fails (negative control)', () => {
  const { frame, made } = quick(shang2024, 'regimes', 'd-1e12');
  assert.deepEqual(
    made.comparisons.filter(({ verdict }) => verdict !== 'holds'),
    [],
  );
  const failed = agreement(frame, variantOf(shang2024, 'regimes', 'd-1e9').checks)
    .comparisons.filter(({ verdict }) => verdict === 'fails')
    .map(({ id }) => id);
  for (const v0 of [0.01, 1e-6, 1e-11])
    for (const id of [`half-harmful/${v0}`, `mean/${v0}`]) assert.ok(failed.includes(id), failed.join());
});

test('the places of the regimes are those of the law on the shelf', () => {
  const shelf = (d: number, u: number): number => {
    const sizes = { n: 20, m: 10, d, sigmaP: 1 };
    const here = { ...sizes, v0: u * thresholdOutput(sizes) };
    return signalRatio({ ...here, mu: criticalSignal(here, 6.4) });
  };
  for (const d of [1e6, 1e9, 1e12])
    for (const u of [1e-2, 1e-6, 1e-11]) {
      const id = `half-harmful/${u}`;
      const check = variantOf(shang2024, 'regimes', `d-1e${Math.log10(d)}`).checks.find((one) => one.id === id)!;
      assert.equal(check.kind, 'level-ratio');
      const { atLeast, atMost } = check as { atLeast: number; atMost: number };
      const ratio = shelf(d, u) / shelf(d, 1);
      assert.ok(Math.abs(Math.sqrt(atLeast * atMost) / ratio - 1) < THREE_DIGITS, `${d} ${u} ${ratio}`);
    }
});

test('a map with a law: one line through the plot, measured places with bars beside it', () => {
  const { made } = quick(shang2024, 'regimes', 'd-1e12');
  for (const { spec } of made.figures) {
    const text = JSON.stringify(spec);
    assert.ok(text.includes('law, reconstructed') && text.includes('measured: 0.'), text.slice(0, 200));
  }
});

test('an axis drawn by its reciprocal keeps its cells and names itself', () => {
  const { frame } = quick(shang2024, 'heat-map', 'per-patch');
  const { spec, columns } = reciprocal(frame, 'mu');
  const [axis] = spec.axes;
  const [original] = frame.spec.axes;
  assert.deepEqual([axis!.name, axis!.glyph], ['1/mu', '1/‖μ‖']);
  (axis!.values as number[]).forEach((value, i) =>
    assert.ok(Math.abs(value * (original!.values[i] as number) - 1) < 1e-9),
  );
  assert.deepEqual(new Set(columns['1/mu']), new Set(axis!.values));
  assert.ok(!('mu' in columns));
  assert.throws(() => reciprocal(frame, 'nu'), RangeError);
});

test('initial output weights in units of v* say so on their axis', () => {
  const { frame } = quick(shang2024, 'heat-map', 'per-patch');
  assert.equal(frame.spec.axes.find(({ id }) => id === 'v0')!.glyph, 'v_0 [v*]');
});
