import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable } from '../../src/errors.ts';
import { figure, type JsonObject } from '../../src/figures/figure.ts';
import { levelLines, NOT_MONOTONE } from '../../src/figures/level-lines.ts';
import { seriesFigure, type Series } from '../../src/figures/series.ts';
import { renderSvg } from '../../src/figures/render.ts';
import { beyondScale, drawn, words } from './sweeps.ts';

const caption = {
  name: 'series',
  title: 'Errors',
  x: { label: 'S', log: false },
  y: { label: 'clean test error', log: true, floor: 1e-12 },
};
const line: Series = {
  label: 'Φ(−√S)',
  kind: 'line',
  points: [
    { x: 1, y: 0.1 },
    { x: 50, y: 1e-11 },
    { x: 100, y: 1e-20 },
  ],
};
const points: Series = {
  label: 'runs',
  kind: 'points',
  points: [
    { x: 1, y: 0.2, low: 0.1, high: 0.3 },
    { x: 2, y: 0.1, low: 0, high: 0.2 },
    { x: 3, y: 0 },
  ],
};

test('lines and marks with bars; on a log scale what lies below the floor is left out', async () => {
  const figure = seriesFigure([line, points], caption);
  const values = (figure.spec['layer'] as JsonObject[]).map(
    (layer) => (layer['data'] as { values: { x: number; low: number }[] }).values,
  );
  assert.deepEqual(
    values[1]!.map(({ x }) => x),
    [1, 50],
  );
  assert.deepEqual(
    values[2]!.map(({ low }) => low),
    [0.1, 8.33333e-12], // the foot of the plot, a little below its least value
  );
  const said = words(await drawn(figure));
  for (const word of ['runs', 'Φ(−√S)', 'clean test error', 'S']) assert.ok(said.includes(word), word);
});

test('what cannot be drawn is refused', () => {
  assert.throws(() => seriesFigure([{ ...line, points: [] }], caption), RangeError);
  assert.throws(
    () =>
      seriesFigure(
        Array.from({ length: 8 }, () => line),
        caption,
      ),
    RangeError,
  );
});

test('a bar that reaches below zero does not stretch a log scale', () => {
  const figure = seriesFigure(
    [
      {
        label: 'mean',
        kind: 'points',
        points: [
          { x: 1, y: 0.1, low: 0.05, high: 0.15 },
          { x: 2, y: 1e-3, low: -1e-3, high: 3e-3 },
        ],
      },
    ],
    { ...caption, y: { ...caption.y, floor: 1e-16 } },
  );
  const [layer] = (figure.spec['layer'] as JsonObject[]).slice(-1);
  const { y } = layer!['encoding'] as { y: { scale: { domain: [number, number] } } };
  assert.ok(y.scale.domain[0] >= 5e-5 && y.scale.domain[0] < 1e-3, String(y.scale.domain));
});

test('values that a log scale cannot show are counted under the title', async () => {
  const said = words(await drawn(seriesFigure([line, points], caption)));
  assert.ok(said.includes('2 values of 0 or below 10⁻¹² not drawn: no place on a log scale'), said.join(' | '));
});

test('a level that is crossed again is marked, and only there', async () => {
  const point = (x: number, again: boolean) => ({ x, y: x, low: x / 2, high: 2 * x, ...(again && { again }) });
  const of = (again: boolean) =>
    levelLines([{ label: 'error 0.2', points: [point(1, again), point(100, false)], theory: [] }], {
      name: 'sets',
      title: 'Sets',
      xLabel: 'd',
      yLabel: 'mu',
    });
  assert.deepEqual(beyondScale(of(true)), []);
  assert.ok(words(await renderSvg(of(true))).includes(NOT_MONOTONE));
  const marked = JSON.stringify(of(true).spec['layer']).match(/"again":"not monotone/g) ?? [];
  assert.equal(marked.length, 3); // in the data of bar, point and mark of that one row
  assert.ok(!words(await renderSvg(of(false))).includes(NOT_MONOTONE));
});

test('what turns the direction of a text, or its line, is not drawn', () => {
  const { spec } = figure({ name: 'x', title: 'a\u202eb\u2066c\u200f\u2028d', subtitle: 'e\u202df' }, 400, {});
  assert.deepEqual(spec['title'], { text: ['abc d'], subtitle: ['ef'] });
  assert.equal(printable('a\u202eb\u0007\nc'), 'a\\u202eb\\x07\nc');
});
