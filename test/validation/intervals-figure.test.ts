/** Rows of intervals: what stands in the figure, and that it can be drawn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalsFigure, type IntervalRow } from '../../validation/intervals-figure.ts';
import { renderSvg } from '../../src/figures/render.ts';

const rows: IntervalRow[] = ['n', 'd'].flatMap((panel) =>
  ['alpha_1', 'beta'].flatMap((label) =>
    ['small', 'large'].map((series, k) => ({
      panel,
      label,
      series,
      value: k,
      low: k - 0.25,
      high: k + 0.25,
      ...(label === 'beta' && { theory: 0.5 }),
    })),
  ),
);

test('a panel for each name, a row for each label, colour and shape for each series, a tick for the theory', async () => {
  const warnings: string[] = [];
  const drawn = await renderSvg(
    intervalsFigure(rows, { name: 'intervals', title: 'slopes', xLabel: 'slope', rule: 0 }),
    (sentence) => warnings.push(sentence),
  );
  assert.deepEqual(warnings, []);
  for (const word of ['>n<', '>d<', '>beta<', '>small<', '>large<', '>slope<']) assert.ok(drawn.includes(word), word);
  const { spec } = intervalsFigure(rows, { name: 'intervals', title: 'slopes', xLabel: 'slope' });
  const [first] = spec['hconcat'] as unknown as {
    layer: { mark: { type: string }; data: { values: { low: number; theory?: number }[] } }[];
  }[];
  assert.deepEqual(
    first!.layer.map(({ mark }) => mark.type),
    ['rule', 'point', 'tick'],
  );
  assert.deepEqual(
    first!.layer[0]!.data.values.map(({ low }) => low),
    [-0.25, 0.75, -0.25, 0.75],
  );
  assert.equal(first!.layer[2]!.data.values.length, 2);
});

test('no row, and more series than can be told apart, are refused', () => {
  assert.throws(() => intervalsFigure([], { name: 'x', title: 'x', xLabel: 'x' }), RangeError);
  assert.throws(
    () =>
      intervalsFigure(
        Array.from({ length: 8 }, (_, k) => ({ ...rows[0]!, series: String(k) })),
        { name: 'x', title: 'x', xLabel: 'x' },
      ),
    RangeError,
  );
});
