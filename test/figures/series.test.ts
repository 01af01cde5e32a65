import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/figures/figure.ts';
import { seriesFigure, type Series } from '../../src/figures/series.ts';
import { drawn, words } from './sweeps.ts';

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
    [0.1, 1e-12],
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
