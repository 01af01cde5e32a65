import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCell } from '../../src/experiments/run.ts';
import { OBSERVABLES, SERIES as ALL } from '../../src/experiments/series.ts';
import { cells } from '../../src/experiments/spec.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { JsonObject } from '../../src/figures/figure.ts';
import { whyNotDrawable } from '../../src/figures/node/drawable.ts';
import { quantityLabel } from '../../src/figures/quantity.ts';
import { hasTrajectories, trajectories } from '../../src/figures/trajectories.ts';
import { drawn, exploding, grid, words } from './sweeps.ts';

/** Those of gradient flow and of deeper layers are refused elsewhere. */
const SERIES = ALL.filter((id) => !OBSERVABLES[id].needs.some((need) => need === 'flow' || need.startsWith('layer-')));

const caption = { name: 'run', title: 'One run' };
const record = (changes: JsonObject, series: readonly string[]) => {
  const spec = specFrom(
    { ...grid, axes: {}, data: { n: 10, d: 100, mu: 5, flip: 0.1 }, record: { series }, ...changes },
    'test',
  );
  const [cell] = cells(spec);
  return runCell(cell!, 1, 0, spec.record);
};

/** Risks are of the squared loss. */
const OF_LOGISTIC = SERIES.filter((id) => id !== 'excessRisk' && id !== 'risk');

test('every observable that has numbers stands in some panel, over the same steps', async () => {
  const held = record({}, OF_LOGISTIC);
  const figure = trajectories(held, caption);
  const svg = await drawn(figure);
  const inPanels = (figure.spec['vconcat'] as { layer: { data: { values: { series?: string }[] } }[] }[]).flatMap(
    ({ layer }) => [...new Set(layer[0]!.data.values.map(({ series }) => series))],
  );
  assert.deepEqual(
    inPanels.sort(),
    OF_LOGISTIC.filter((id) => held.series![id]!.some((value) => value !== null))
      .map(quantityLabel)
      .sort(),
  );
  const said = words(svg);
  for (const word of [
    'training loss',
    'error',
    'training error',
    'test error',
    'clean test error',
    'min y f',
    'max y f',
    'γ',
    'ρ̄',
    'ρ̲',
    'Σγ/Σρ̄',
    'max ℓ′/min ℓ′',
    'active fraction',
    'p',
  ]) {
    assert.equal(said.filter((one) => one === word).length, 1, word);
  }
  assert.equal(
    said.filter((one) => one.includes('[steps]')).length,
    1,
    'one label for the steps, below the last panel',
  );
  assert.match(svg, /class="mark-rule[^>]*>(<[^>]*>)*?<line[^>]*stroke-dasharray="5,4"/);
});

test('only the series that the record holds; no rule at p = 0', async () => {
  const figure = trajectories(record({ data: { n: 10, d: 100, mu: 5 } }, ['trainError', 'gamma']), caption);
  const said = words(await drawn(figure));
  assert.equal((figure.spec['vconcat'] as JsonObject[]).length, 2);
  assert.ok(!said.includes('p') && !said.includes('training loss'));
});

test('p is drawn beside errors on noisy labels and lies in their scale, however small these are', async () => {
  const held = record({}, ['trainError']);
  const of = (series: Record<string, number[]>) =>
    trajectories({ ...held, series: { step: [0, 1, 2], ...series } }, caption);
  for (const tiny of [0.03, 1e-9, 1e-40, 5e-324]) {
    for (const id of ['trainError', 'testError']) {
      const figure = of({ [id]: [tiny, tiny / 2, 0] });
      assert.ok(words(await drawn(figure)).includes('p'), `${id} ${tiny}`);
      const [panel] = figure.spec['vconcat'] as { layer: { encoding: { y: { scale: JsonObject } } }[] }[];
      const [low, high] = panel!.layer[0]!.encoding.y.scale['domain'] as number[];
      assert.ok(low! <= 0.1 && high! >= 0.1, `${id} ${tiny}: ${low} to ${high}`);
    }
    // An error on clean labels has nothing to do with p: the scale is its own.
    assert.ok(!words(await drawn(of({ averagingError: [tiny, tiny / 2, 0] }))).includes('p'), String(tiny));
  }
});

test('numbers at the ends of floating point have finite places', async () => {
  const held = record({}, ['trainLoss']);
  for (const series of [
    { trainLoss: [1.7e308, 1, 5e-324] },
    { marginMin: [-1.7e308, 1.7e308, 1] },
    { marginMin: [-1e307, 1e307, 1] },
    { activeFraction: [5e-324, 0, -5e-324] },
  ]) {
    const svg = await drawn(trajectories({ ...held, series: { step: [0, 1, 2], ...series } }, caption));
    assert.equal(whyNotDrawable(svg), '', JSON.stringify(series));
  }
  for (const series of [{ marginMin: [1.7e308, 1e308, 1e308] }, { trainLoss: [0, 0, 0] }, { trainLoss: [null, null] }])
    assert.ok(!hasTrajectories({ ...held, series: { step: [0, 1, 2], ...series } }), JSON.stringify(series));
});

test('a run that left the floating-point range breaks its lines', async () => {
  const diverged = record(
    { ...exploding, axes: {}, data: { n: 10, d: 50, mu: 3 }, training: { eta: 1e6, maxSteps: 40 } } as JsonObject,
    ['trainLoss', 'marginMin', 'marginMax'],
  );
  assert.equal(diverged.outcome, 'diverged');
  await drawn(trajectories(diverged, caption));
});

test('a record without series is refused', () => {
  assert.throws(() => trajectories(record({}, []), caption), /holds no series/);
});

test('time is logarithmic where something is over early, and linear elsewhere', async () => {
  const over = (trainError: number[]): JsonObject => {
    const held = record({}, ['trainError']);
    const step = trainError.map((_, i) => i);
    const figure = trajectories({ ...held, series: { step, trainError } }, caption);
    const [panel] = figure.spec['vconcat'] as { layer: { encoding: { x: JsonObject } }[] }[];
    return panel!.layer[0]!.encoding.x;
  };
  const early = Array.from({ length: 101 }, (_, step) => (step < 5 ? 0.5 - step / 10 : 0));
  const steady = Array.from({ length: 101 }, (_, step) => 1 - step / 100);
  assert.equal((over(early)['scale'] as JsonObject)['type'], 'symlog');
  assert.match(JSON.stringify(over(early)), /symlog: linear up to the first entry/);
  assert.equal((over(steady)['scale'] as JsonObject)['type'], 'linear');
});
