/** Every standard observable beside parts of one's own: a number or none, never a run that fails. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell } from '../../src/experiments/cell.ts';
import { runCell, streamKey } from '../../src/experiments/run.ts';
import { observablesOf } from '../../src/experiments/series.ts';
import { settingOf } from '../../src/experiments/setting.ts';
import { cells } from '../../src/experiments/spec.ts';
import { valueAt } from '../../src/experiments/cell.ts';
import { assess, dataModel, drawSignalNoise, type Sample } from '../../src/index.ts';
import { notAbout } from '../../src/verification/verify.ts';
import { LEMMAS } from '../../src/verification/lemmas/index.ts';
import twins from '../helpers/own-parts.ts';

type Draw = Parameters<typeof drawSignalNoise>;
const bare = ({ roles: _roles, ...sample }: Sample): Sample => sample;
const heldOut = (sample: Sample): Sample => {
  const { used } = sample.frame;
  const rows = Float64Array.from({ length: 4 * sample.patches.perSample * used }, (_, at) => Math.sin(at));
  return { ...sample, fresh: { kind: 'points', rows, count: 4, columns: used, labels: Float64Array.of(1, -1, 1, -1) } };
};
const model = (
  id: `own/${string}`,
  change: (sample: Sample) => Sample,
  lacks: NonNullable<Parameters<typeof dataModel>[0]['lacks']> = [],
) => dataModel({ id, lacks, draw: (...args: Draw) => change(drawSignalNoise(...args)) });

const mine = twins.with(
  model('own/bare', bare, ['signal-role']),
  model('own/held-out', heldOut, ['fresh-law', 'one-noisy-patch']),
  // It says that nothing is lacking, and all of it is.
  model('own/careless', (sample) => bare(heldOut(sample))),
);

const cellOf = (rooms: Readonly<Record<'data' | 'network' | 'training', object>>): Cell =>
  [
    ...cells(
      mine.spec({
        data: { n: 6, mu: 2, d: 20, flip: 0.2, ...rooms.data },
        network: { m: 3, ...rooms.network },
        training: { eta: 0.1, maxSteps: 12, stop: 'steps', ...rooms.training },
        test: { estimator: 'points', points: 50 },
      }),
    ),
  ][0]!;

const none = { data: {}, network: {}, training: {} };
const SETTINGS = {
  'own/bare': { ...none, data: { model: 'own/bare' } },
  'own/held-out': { ...none, data: { model: 'own/held-out' } },
  'own/careless': { ...none, data: { model: 'own/careless' } },
  'mine/swollen': { ...none, network: { activation: 'mine/swollen' } },
  'mine/swollen, both layers': { ...none, network: { activation: 'mine/swollen', output: 'trained' } },
  'mine/bent': { ...none, training: { loss: 'mine/bent' } },
  'twin/heavy-ball': { ...none, training: { rule: 'twin/heavy-ball' } },
};

const numbersOf = (cell: Cell, key = streamKey(cell, 1, 0)) => {
  const ids = observablesOf(cell).filter((id) => !id.includes('/'));
  return { ids, ...runCell(cell, 1, 0, { series: ids, values: [], every: 6 }, key) };
};

test('no observable ends a run, and most have a number', () => {
  for (const [name, rooms] of Object.entries(SETTINGS)) {
    const { ids, series, outcome } = numbersOf(cellOf(rooms));
    assert.notEqual(outcome, 'diverged', name);
    const told = ids.filter((id) => series![id]!.some((value) => value !== null));
    assert.ok(told.length > (name === 'own/careless' ? 30 : 50), `${name}: ${told.length} of ${ids.length}`);
  }
});

test('those that a ReLU of one’s own has are those of the ReLU, bit for bit', () => {
  const standard = cellOf(none);
  const own = numbersOf(cellOf({ ...none, network: { activation: 'twin/relu' } }), streamKey(standard, 1, 0));
  const { series } = numbersOf(standard);
  assert.ok(own.ids.length > 70);
  for (const id of own.ids) assert.deepEqual(own.series![id], series![id], id);
});

test('papers do not speak of an own data model, and name every other departure', () => {
  const told = (cell: Cell): readonly { departures: readonly string[] }[] =>
    assess(settingOf(cell), (path) => valueAt(cell, path), {}).told;
  const lemmas = (cell: Cell): string[] =>
    LEMMAS.filter((lemma) => notAbout(lemma, cell).length === 0).map(({ id }) => id);
  const standard = cellOf(none);
  assert.ok(told(standard).some(({ departures }) => departures.length === 0));
  assert.ok(lemmas(standard).length > 5);
  const own = cellOf({ ...none, data: { model: 'twin/signal-noise' } });
  assert.deepEqual(told(own), []);
  assert.deepEqual(lemmas(own), ['kou-2023/decomposition']);
  for (const rooms of [
    { ...none, network: { activation: 'twin/relu' } },
    { ...none, training: { loss: 'twin/logistic' } },
    { ...none, training: { rule: 'twin/heavy-ball' } },
  ])
    for (const data of [{}, { model: 'mixture' }, { model: 'xor' }])
      assert.ok(told(cellOf({ ...rooms, data })).every(({ departures }) => departures.length > 0));
});
