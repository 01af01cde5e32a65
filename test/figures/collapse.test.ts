/** Points over a parameter and over a control parameter. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { SpecInput } from '../../src/experiments/spec.ts';
import { numbers } from '../../src/experiments/frame.ts';
import { Results } from '../../src/experiments/results.ts';
import { collapseFigure, type CollapseLine } from '../../src/figures/collapse.ts';
import type { JsonObject } from '../../src/figures/figure.ts';
import { againstControl, productGlyph } from '../../src/reproduction/collapse-figure.ts';
import { DRAWN_DIGITS } from '../tolerances.ts';
import { drawn, words } from './sweeps.ts';

const S = { n: 1, mu: 4, sigmaP: -4, d: -1 } as const;
const caption = { name: 'collapse', title: 'The same points twice' };

function results(axes: object, run = true, more: SpecInput = {}): Results {
  const spec = specFrom(
    {
      data: { flip: 0.1, sigmaP: 2 },
      network: { m: 2 },
      training: { maxSteps: 3 },
      test: { lines: 2, shifts: 2 },
      axes,
      runs: 3,
      ...more,
    },
    'test',
  );
  const all = new Results(spec);
  if (run)
    for (const cell of all.cells)
      for (let replicate = 0; replicate < spec.runs; replicate++)
        all.add(runCell(cell, spec.seed, replicate, spec.record));
  return all;
}

const values = (
  panel: JsonObject,
  layer: number,
): { x: number; y: number; low: number; colour: string; sign: string }[] =>
  ((panel['layer'] as JsonObject[])[layer]!['data'] as { values: [] }).values;

test('the right panel has n‖μ‖⁴/(σ_p⁴ d) of the cells, the left one ‖μ‖; colours and signs for the other axes, the closed form beside them', async () => {
  const all = results({ 'data.n': [10, 20], 'data.d': [100, 10000], 'data.mu': [2, 4, 6] });
  const figure = againstControl(all.frame(), {
    ...caption,
    value: 'testErrorClean',
    log: false,
    along: 'mu',
    against: S,
    prediction: 'averaging-classifier',
  });
  const [left, right] = figure.spec['concat'] as [JsonObject, JsonObject];
  const [points, moved] = [values(left, 0), values(right, 1)];
  assert.equal(points.length, 12);
  all.cells.forEach(({ data }, at) => {
    const expected = (data.n * data.mu ** 4) / (2 ** 4 * data.d);
    assert.ok(
      points.some(
        ({ x, y }, i) =>
          x === data.mu &&
          Math.abs(moved[i]!.x / expected - 1) < DRAWN_DIGITS &&
          Math.abs(y - numbers(all.frame(), 'testErrorClean')[at]!) < DRAWN_DIGITS,
      ),
    );
  });
  const said = words(await drawn(figure));
  for (const word of [
    'n = 10',
    'n = 20',
    'd = 100',
    'd = 10⁴',
    'n ‖μ‖⁴ / (σₚ⁴ d)',
    'clean test error (mean, 95 % interval)',
    'averaging classifier: Φ(−(1 − 2k/n) √S), S = n‖μ‖⁴/(σₚ⁴ d)',
  ])
    assert.ok(said.includes(word), `${word} in ${said.join(' | ')}`);
  const curve = values(right, 0);
  assert.ok(curve.every(({ y }, i) => i === 0 || y <= curve[i - 1]!.y) && curve[0]!.y < 0.5);
});

test('missing means are counted, not drawn; a sweep without a run is an empty figure', async () => {
  const all = results({ 'data.n': [10], 'data.d': [100, 1000], 'data.mu': [2, 4, 6] }, false);
  const figure = againstControl(all.frame(), {
    ...caption,
    value: 'testErrorClean',
    log: true,
    along: 'mu',
    against: S,
  });
  assert.ok(words(await drawn(figure)).some((word) => word.includes('6 of 6 points have no mean')));
});

test('a log scale goes down four decades at most', async () => {
  const line = (ys: readonly number[]): CollapseLine => ({
    colour: 'n = 1',
    sign: '',
    points: ys.map((y, i) => ({ x: [i + 1, 10 ** i] as const, y, half: y / 2 })),
  });
  const figure = collapseFigure([line([0.4, 1e-3, 1e-200, 0])], {
    ...caption,
    xLabels: ['a', 'b'],
    yLabel: 'error',
    log: true,
  });
  const [panel] = figure.spec['concat'] as [JsonObject];
  const { scale } = ((panel['layer'] as JsonObject[])[0]!['encoding'] as { y: { scale: { domain: number[] } } }).y;
  assert.deepEqual(
    scale.domain,
    [0.4e-4 / 1.6, 0.4 * 1.6].map((end) => Number(end.toPrecision(6))),
  );
  await drawn(figure);
});

test('products of powers in glyphs; what cannot be drawn is refused', () => {
  assert.equal(productGlyph(S), 'n ‖μ‖^{4} / (σ_p^{4} d)');
  assert.equal(productGlyph({ d: -1 }), '1 / d');
  assert.equal(productGlyph({ mu: 1 }), '‖μ‖');
  const three = results({ 'data.n': [10, 12], 'data.d': [100, 200], 'network.m': [1, 2], 'data.mu': [2, 4, 6] }, false);
  const options = { ...caption, value: 'testErrorClean', log: false, along: 'mu', against: S } as const;
  assert.throws(() => againstControl(three.frame(), options), /two axes at most, here in 3/);
  assert.throws(() => againstControl(three.frame(), { ...options, along: 'eta' }), /no axis eta/);
  const two = results({ 'data.n': [10, 12], 'data.mu': [2, 4, 6] }, false, { data: { d: 100, flip: 0.1 } });
  assert.throws(() => againstControl(two.frame(), { ...options, prediction: 'none' }), /no prediction none/);
});
