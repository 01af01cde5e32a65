import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanAndSe } from '../../src/core/statistics.ts';
import { buildCell, type Value } from '../../src/experiments/cell.ts';
import { drawProblem, runCell, streamKey } from '../../src/experiments/run.ts';
import { varianceSplit, type Source, type VarianceSplit } from '../../src/experiments/variance-split.ts';
import { ROUNDING, VARIANCE_SHARE } from '../tolerances.ts';

const cellOf = (more: Record<string, Value>) =>
  buildCell(
    new Map<string, Value>(
      Object.entries({ 'data.n': 12, 'data.d': 400, 'data.mu': 3, 'network.m': 3, 'training.maxSteps': 10, ...more }),
    ),
  );
const share = ({ components }: VarianceSplit, ...of: Source[]): number =>
  components.find((one) => one.of.join() === of.join())!.share;

test('streams are apart: flips move nothing else, an initialisation moves no data', () => {
  const cell = cellOf({ 'data.flip': 0.3 });
  const key = streamKey(cell, 1, 0);
  const [a, b, c] = [
    drawProblem(cell, key),
    drawProblem(cell, { ...key, flips: 1 }),
    drawProblem(cell, key, { ...key, replicate: 1 }),
  ];
  assert.deepEqual(a.sample.vectors, b.sample.vectors);
  assert.deepEqual(a.sample.trueLabels, b.sample.trueLabels);
  assert.deepEqual(a.init, b.init);
  assert.notDeepEqual(a.sample.labels, b.sample.labels);
  assert.deepEqual(a.sample, c.sample);
  assert.notDeepEqual(a.init, c.init);
  assert.deepEqual(drawProblem(cell, { ...key, flips: key.replicate }), a);
  assert.deepEqual(
    drawProblem(cell, { ...key, replicate: 5, flips: 1 }).sample.labels.map(
      (y, i) => y * drawProblem(cell, { ...key, replicate: 5 }).sample.trueLabels[i]!,
    ),
    b.sample.labels.map((y, i) => y * b.sample.trueLabels[i]!),
  );
});

test('observables with one source have all their variance there', () => {
  // the averaging classifier knows no network; at probability p its error is that of the number of flips, and of the
  // noises' norms
  const averaging = varianceSplit(cellOf({ 'data.flip': 0.2, 'data.d': 1e6, 'data.mu': 20 }), 1, 150, 'averagingError');
  assert.ok(Math.abs(averaging.components.reduce((sum, one) => sum + one.share, 0) - 1) <= ROUNDING);
  assert.ok(Math.abs(share(averaging, 'flips') - 1) <= VARIANCE_SHARE, `${share(averaging, 'flips')}`);
  for (const of of [['init'], ['data', 'init'], ['flips', 'init'], ['data', 'flips', 'init']] as Source[][])
    assert.ok(Math.abs(share(averaging, ...of)) <= ROUNDING, of.join());
  // before the first step nothing but the start is seen
  const start = varianceSplit(cellOf({ 'training.maxSteps': 0, 'network.sigma0': 1 }), 1, 20, 'weightNorm');
  assert.ok(Math.abs(share(start, 'init') - 1) <= ROUNDING);
  // an exact number of flips that is 0 is no source
  const none = varianceSplit(cellOf({}), 1, 10, 'marginMin');
  for (const of of [['flips'], ['data', 'flips'], ['flips', 'init'], ['data', 'flips', 'init']] as Source[][])
    assert.ok(Math.abs(share(none, ...of)) <= ROUNDING, of.join());
  assert.equal(none.blocks, 10);
});

test('the total is the variance of plain runs', (t) => {
  const cell = cellOf({ 'data.flip': 0.2 });
  const { total } = varianceSplit(cell, 2, 400, 'testErrorClean');
  const errors = Array.from({ length: 1000 }, (_, replicate) => runCell(cell, 3, replicate).values.testErrorClean!);
  const plain = meanAndSe(errors).se ** 2 * errors.length;
  t.diagnostic(`${total} and ${plain}`);
  assert.ok(Math.abs(total / plain - 1) < 3 * VARIANCE_SHARE);
});
