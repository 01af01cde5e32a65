import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreement } from '../../src/figures/agreement.ts';
import type { JsonObject } from '../../src/figures/figure.ts';
import { drawn, words } from './sweeps.ts';

const options = { name: 'agreement', title: 'Ours minus published', margin: 0.007, quantity: 'test error' };
const points = [145, 345].flatMap((d) =>
  [0.45, 1.45].map((x) => ({ x, d, ours: 0.304, published: 0.3, se: 0.001, beyond: d > 200 })),
);

test('differences with bars of 95 % in the band of the margin', async () => {
  const figure = agreement(points, options);
  const rows = (figure.spec['layer'] as JsonObject[]).map(
    (layer) => (layer['data'] as { values: JsonObject[] }).values,
  );
  assert.deepEqual(rows[0], [{ low: -0.007, high: 0.007 }]);
  assert.deepEqual(rows[3]![0], {
    x: 0.45,
    d: 145,
    difference: 0.004,
    low: 0.00204004, // 0.004 -+ 1.959964 * 0.001
    high: 0.00595996,
    verdict: 'not shown beyond',
  });
  const said = words(await drawn(figure));
  for (const word of [
    'test error: ours − published (95 % interval)',
    'margin ± 0.007 (grey)',
    'not shown beyond',
    'wholly beyond',
    '145',
    '345',
    '0.45',
    '1.45',
  ])
    assert.ok(said.includes(word), word);
});

test('nothing to compare is refused', () => assert.throws(() => agreement([], options), /no comparison/));
