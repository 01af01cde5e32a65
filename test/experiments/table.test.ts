import assert from 'node:assert/strict';
import { tableOf } from '../../src/experiments/table.ts';
import { test } from 'node:test';
import { boundedInterval } from '../../src/core/statistics.ts';
import type { RunRecord } from '../../src/experiments/record.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { numbers } from '../../src/experiments/frame.ts';
import { Results } from '../../src/experiments/results.ts';
import { runRows } from '../../src/experiments/run-columns.ts';
import { ROUNDING } from '../tolerances.ts';

const spec = specFrom(
  {
    data: { n: 6, d: 30, flip: 0.2 },
    network: { m: 2, activation: 'relu-power', power: 3, sigma0: 1 },
    training: { maxSteps: 10 },
    test: { estimator: 'points', points: 50 },
    axes: { 'data.mu': [1, 2], 'training.eta': [0.001, 800] },
    runs: 4,
  },
  'test',
);
const all: RunRecord[] = new Results(spec).cells.flatMap((cell) =>
  Array.from({ length: spec.runs }, (_, replicate) => runCell(cell, spec.seed, replicate)),
);

function filled(records: readonly RunRecord[]): Results {
  const results = new Results(spec);
  for (const record of records) results.add(record);
  return results;
}

test('the table does not depend on the order of the records', () => {
  const table = tableOf(filled(all).frame());
  assert.deepEqual(tableOf(filled([...all].reverse()).frame()), table);
  assert.deepEqual(tableOf(filled(all.map((_, i) => all[(7 * i) % all.length])).frame()), table);
  assert.deepEqual(
    table.rows.map((row) => row.slice(0, 3)),
    [
      [1, 0.001, 4],
      [1, 800, 4],
      [2, 0.001, 4],
      [2, 800, 4],
    ],
  );
});

test('duplicates and records of other specs are passed over', () => {
  const results = filled(all);
  assert.ok(results.complete);
  assert.equal(results.count, 16);
  for (const record of all) assert.equal(results.add(record), false);
  const fresh = new Results(spec);
  const [one] = all;
  assert.equal(fresh.add({ ...one, seed: one.seed + 1 }), false);
  assert.equal(fresh.add({ ...one, replicate: 4 }), false);
  assert.equal(fresh.add({ ...one, run: `0000000000000000-0` }), false);
  assert.equal(fresh.count, 0);
  assert.equal(fresh.add(one), true);
  assert.deepEqual([fresh.has(0, 0), fresh.has(0, 1), fresh.complete], [true, false, false]);
});

test('rows are means over the runs that did not diverge; a cell without such a run has null, not NaN', () => {
  const frame = filled(all).frame();
  const table = tableOf(frame);
  const column = (name: string) => numbers(frame, name);
  const diverged = column('diverged');
  assert.ok(
    diverged.some((count) => count === 4) && diverged.some((count) => count === 0),
    `diverged: ${diverged.join()}`,
  );
  table.rows.forEach((row, at) => {
    const runs = all.slice(4 * at, 4 * at + 4);
    assert.equal(diverged[at], runs.filter(({ outcome }) => outcome === 'diverged').length);
    for (const id of [
      'testError',
      'testErrorClean',
      'trainLoss',
      'trainError',
      'marginMin',
      'gamma',
      'rhoBar',
    ] as const) {
      const values = runs.filter(({ outcome }) => outcome !== 'diverged').map(({ values: final }) => final[id]!);
      const mean = column(id)[at];
      if (values.length === 0) assert.equal(mean, null);
      else
        assert.ok(
          Math.abs(mean! - values.reduce((a, b) => a + b) / values.length) <= ROUNDING * Math.max(1, Math.abs(mean!)),
        );
    }
    assert.equal(
      column('fitted')[at],
      runs.filter(({ outcome, values }) => outcome !== 'diverged' && values.trainError === 0).length / 4,
    );
    for (const field of row) assert.ok(typeof field !== 'number' || Number.isFinite(field));
  });
  // standard errors: sd / sqrt(runs), none for a single run
  const errors = all.slice(0, 4).map(({ values }) => values.testError!);
  const mean = errors.reduce((a, b) => a + b) / 4;
  assert.ok(
    Math.abs(column('testErrorSe')[0]! - Math.sqrt(errors.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 12)) <=
      ROUNDING,
  );
  assert.equal(numbers(filled(all.slice(0, 1)).frame(), 'testErrorSe')[0], null);
  // quantiles over runs: the median of four lies between the middle two, the 0.9-quantile 0.7 of the way from the third
  // to the fourth
  const clean = all
    .slice(0, 4)
    .map(({ values }) => values.testErrorClean!)
    .sort((a, b) => a - b) as [number, number, number, number];
  assert.ok(clean[0] < clean[1] && clean[2] < clean[3]);
  assert.ok(Math.abs(column('testErrorCleanMedian')[0]! - (clean[1] + clean[2]) / 2) <= ROUNDING);
  assert.ok(Math.abs(column('testErrorCleanQ90')[0]! - (clean[2] + 0.7 * (clean[3] - clean[2]))) <= ROUNDING);
  assert.deepEqual(table.columns.slice(-4), ['testErrorCleanMedian', 'testErrorCleanQ90', 'S', 'SNR']);
});

test('an empty table has rows of nulls', () => {
  const frame = new Results(spec).frame();
  assert.deepEqual(numbers(frame, 'runs'), [0, 0, 0, 0]);
  for (const name of ['testError', 'trainLoss', 'steps', 'fitted'])
    assert.deepEqual(numbers(frame, name), [null, null, null, null]);
  assert.throws(() => numbers(frame, 'nothing'), RangeError);
});

test('one row a run: as many fields as columns, null where a diverged run has no number', () => {
  const { columns, row: rowOf } = runRows(spec);
  for (const [at, record] of all.entries()) {
    const row = rowOf(Math.floor(at / 4), record);
    assert.equal(row.length, columns.length);
    const field = (name: string) => row[columns.indexOf(name)];
    assert.deepEqual([field('run'), field('outcome'), field('steps')], [record.run, record.outcome, record.steps]);
    assert.equal(field('testError'), record.outcome === 'diverged' ? null : record.values.testError);
    assert.equal(field('flipped'), record.values.flipped);
  }
});

test('points: bounds from the number of wrong ones, in both tables and in no record; none for other estimators', () => {
  const points = 400;
  const asked = specFrom(
    {
      data: { n: 6, d: 40 },
      network: { m: 3 },
      training: { maxSteps: 30, eta: 1 },
      test: { points },
      runs: 3,
      axes: { 'data.mu': [1, 9], 'test.estimator': ['points', 'lines'] },
    },
    'points',
  );
  const results = new Results(asked);
  const all = results.cells.flatMap((cell) => [0, 1, 2].map((replicate) => runCell(cell, asked.seed, replicate)));
  for (const record of all) {
    results.add(record);
    assert.ok(!('testErrorCleanLeast' in record.values));
  }
  const frame = results.frame();
  const [mean, least, most] = ['testErrorClean', 'testErrorCleanLeast', 'testErrorCleanMost'].map((id) =>
    numbers(frame, id),
  ) as [(number | null)[], (number | null)[], (number | null)[]];
  results.cells.forEach(({ test: { estimator } }, at) => {
    if (estimator === 'lines') assert.deepEqual([least[at], most[at]], [null, null]);
    else {
      assert.deepEqual([least[at], most[at]], boundedInterval(mean[at]! * 3 * points, 3 * points));
      assert.ok(least[at]! <= mean[at]! && mean[at]! < most[at]!);
    }
  });
  const none = mean.findIndex((error, at) => error === 0 && most[at] !== null); // mu = 9: no wrong point in 1,200
  assert.ok(none >= 0 && Math.abs(most[none]! - (1 - 0.025 ** (1 / 1200))) < 1e-9);
  const { columns, row: rowOf } = runRows(asked);
  const row = rowOf(0, all[0]);
  const [low, high] = boundedInterval(all[0].values.testErrorClean! * points, points);
  assert.equal(row[columns.indexOf('testErrorCleanLeast')], low);
  assert.equal(row[columns.indexOf('testErrorCleanMost')], high);
  assert.ok(
    !(
      'testErrorCleanMost' in
      new Results(specFrom({ data: { n: 6, d: 40, mu: 1 }, network: { m: 3 } }, 'lines')).frame().columns
    ),
  );
});
