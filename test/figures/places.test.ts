/** Level sets of a sweep as the control parameter on them: a law whose places are known, with noise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { normalQuantile, normalTail } from '../../src/core/special.ts';
import { cellId } from '../../src/experiments/cell.ts';
import type { Frame } from '../../src/experiments/frame.ts';
import type { RunRecord } from '../../src/experiments/record.ts';
import { Results } from '../../src/experiments/results.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { JsonObject } from '../../src/figures/figure.ts';
import { placesFigure } from '../../src/reproduction/places-figure.ts';
import { PLACES } from '../tolerances.ts';
import { drawn, words } from './sweeps.ts';

const S = { n: 1, mu: 4, sigmaP: -4, d: -1 } as const;
const MU = 'mu*n^0.25/d^0.25';
const LEVEL = 0.2;

/** error = Phi(-S^{1/2}); at d = `beside` always .4, so that nothing is crossed there */
function frame(beside = NaN): Frame {
  const spec = specFrom(
    {
      data: { flip: 0 },
      network: { m: 2 },
      scale: { 'data.mu': { d: 0.25, n: -0.25 } },
      axes: { 'data.n': [20, 80], 'data.d': [1e4, 1e6, 1e8], 'data.mu': { from: 0.5, to: 2, count: 7, scale: 'log' } },
      runs: 8,
    },
    'test',
  );
  const results = new Results(spec);
  const stream = new Stream({ seed: 2, cell: [0, 0], replicate: 0 }, 'test');
  for (const cell of results.cells) {
    const { n, d, mu } = cell.data;
    const mean = d === beside ? 0.4 : normalTail(Math.sqrt((n * mu ** 4) / d));
    for (let replicate = 0; replicate < spec.runs; replicate++)
      results.add({
        run: `${cellId(cell)}-${replicate}`,
        seed: spec.seed,
        replicate,
        outcome: 'interpolated',
        steps: 1,
        values: { testErrorClean: mean + 0.002 * stream.normal() },
      } as unknown as RunRecord);
  }
  return results.frame();
}

const options = {
  name: 'places',
  title: 'places',
  value: 'testErrorClean',
  along: MU,
  against: S,
  level: LEVEL,
  over: 'd',
} as const;

/** Points of all lines as drawn. */
const points = (spec: JsonObject): { x: number; y: number; low: number; high: number; line: string }[] =>
  (spec['layer'] as JsonObject[])
    .filter(({ mark }) => (mark as JsonObject)['type'] === 'point')
    .flatMap(({ data }) => (data as { values: [] }).values);

test('every line crosses at the S of the law, within its interval, and lies over its d', async () => {
  const figure = placesFigure(frame(), options);
  const expected = normalQuantile(LEVEL) ** 2;
  const found = points(figure.spec);
  assert.equal(found.length, 6);
  assert.deepEqual([...new Set(found.map(({ x }) => x))].sort(), [1e4, 1e6, 1e8]);
  for (const { y, low, high } of found) {
    assert.ok(Math.abs(Math.log(y / expected)) < PLACES, `${y} for ${expected}`);
    assert.ok(low < y && y < high);
  }
  const said = words(await drawn(figure));
  for (const word of ['n = 20', 'n = 80']) assert.ok(said.includes(word), `${word} in ${said.join(' | ')}`);
  assert.ok(said.join(' ').includes('where clean test error is 0.2'), said.join(' | '));
});

test('a line that does not cross is counted and not drawn; on other axes there is no picture', () => {
  const figure = placesFigure(frame(1e6), options);
  assert.equal(points(figure.spec).length, 4);
  assert.match(JSON.stringify(figure.spec), /2 lines do not surely cross the level/);
  const none = placesFigure(frame(), { ...options, level: 0.499 });
  assert.equal(points(none.spec).length, 0);
  assert.match(JSON.stringify(none.spec), /6 lines do not surely cross the level/);
  assert.throws(() => placesFigure(frame(), { ...options, over: 'm' }), /no axis m/);
});
