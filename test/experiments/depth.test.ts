/** Networks of three layers and more in cells, specs and records. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCell, canonicalCell, cellId, valueAt, type Value } from '../../src/experiments/cell.ts';
import { recordLine } from '../../src/experiments/record.ts';
import { drawProblem, runCell, streamKey } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { writeSpec } from '../../src/experiments/spec-write.ts';
import { cells } from '../../src/experiments/spec.ts';
import { WatchedRun } from '../../src/experiments/watched-run.ts';
import type { SymbolId } from '../../src/notation.ts';
import { dot } from '../helpers/problems.ts';

const BASE = {
  'data.n': 10,
  'data.d': 200,
  'data.mu': 4,
  'network.m': 4,
  'training.eta': 0.5,
  'training.maxSteps': 60,
};
const cellOf = (more: Readonly<Record<string, Value>> = {}) => buildCell(new Map(Object.entries({ ...BASE, ...more })));
const refused = (more: Readonly<Record<string, Value>>, words: RegExp): void =>
  assert.throws(() => cellOf(more), words);

test('what cannot be together is refused in a sentence', () => {
  const deep = { 'network.depth': 4 };
  refused({ ...deep, 'network.widths': '40' }, /network\.widths: must have 2 numbers, .* network\.depth: 4, got 40/);
  refused({ 'network.depth': 3, 'network.widths': '40,20' }, /must have 1 number, /);
  refused({ ...deep, 'network.hiddenInit': 'identity', 'network.width': 5 }, /identity needs .* 2m = 8 units/);
  refused({ ...deep, 'network.hiddenInit': 'identity', 'network.widths': '8,7' }, /identity needs/);
  refused({ ...deep, 'network.frozen': '2,5' }, /network\.frozen: layers must lie in \[1, 3\].*, got 2,5/);
  refused({ ...deep, 'network.frozen': '4' }, /layer 4 is the output layer, which network\.output: fixed/);
  refused({ ...deep, 'network.output': 'trained-per-patch' }, /network\.depth: 3 or more needs network\.output/);
  refused({ ...deep, 'network.v0Unit': 'v*' }, /network\.depth: 3 or more needs network\.v0Unit: absolute/);
  refused({ ...deep, 'test.estimator': 'auto' }, /network\.depth: 3 or more needs test\.estimator: points or lines/);
  refused(
    { ...deep, 'test.estimator': 'lines', 'network.activation': 'relu-power', 'network.power': 2 },
    /lines needs relu or leaky-relu at network\.depth: 3 or more; with relu-power set test\.estimator: points/,
  );
  refused(
    { ...deep, 'test.estimator': 'lines', 'network.activation': 'smoothed-leaky-relu' },
    /with smoothed-leaky-relu set test\.estimator: points/,
  );
  refused(
    { ...deep, 'test.estimator': 'lines', 'data.noise': 'rademacher', 'data.draw': 'explicit' },
    /test\.estimator: lines needs Gaussian noise; with data\.noise: rademacher set test\.estimator: points/,
  );
  refused(
    { ...deep, engine: 'gram-frozen' },
    /engine: gram-frozen needs network\.depth: 2; with network\.depth: 4 set/,
  );
  refused(
    { ...deep, 'training.rule': 'adam' },
    /training\.rule: adam .* needs data\.draw: explicit and engine: direct/,
  );
  for (const [key, value, needs] of [
    ['pool', 'last', ''],
    ['width', 5, ''],
    ['widths', '5', ''],
    ['frozen', '2', ''],
    ['hiddenInit', 'identity', ''],
    ['gain', 1, ''],
  ] as const)
    assert.throws(
      () => specFrom({ data: { n: 5, d: 9, mu: 1 }, network: { m: 2, [key]: value } }, 'test'),
      (error: Error) =>
        error.message.includes(`network.${key}: has no effect here, it needs network.depth: 3 or more${needs}`),
      key,
    );
});

test('layers may be written as numbers, and a spec is written as it was read', () => {
  const spec = specFrom(
    { data: { n: 5, d: 9, mu: 1 }, network: { m: 2, depth: 3, widths: 7, frozen: 2 }, axes: { 'network.m': [2, 3] } },
    'test',
  );
  const [cell] = cells(spec);
  assert.deepEqual([cell!.network.widths, cell!.network.frozen], ['7', '2']);
  assert.deepEqual(specFrom(writeSpec(spec), 'again'), spec);
  assert.throws(
    () => specFrom({ data: { n: 5, d: 9, mu: 1 }, network: { m: 2, depth: 3, frozen: 'all' } }, 'test'),
    /network\.frozen: must be one number a layer such as 2 or 1,3, or none/,
  );
});

test('a run is watched by its filters, whatever stands above them', () => {
  const cell = cellOf({ 'network.depth': 4, 'network.width': 3 });
  const run = new WatchedRun(cell, 1, 0, ['trainLoss', 'layerNorm4', 'ratio']);
  assert.deepEqual(run.ids, ['trainLoss', 'layerNorm4']);
  run.follow({ from: 60, to: 60, every: 60 }, ({ values, scene }) => {
    assert.ok(values().every(Number.isFinite));
    const { norms, cosines, active, margins } = scene();
    assert.deepEqual([norms.length, active.length, margins.length], [8, 80, 10]);
    assert.ok(cosines.every((x) => Math.abs(x) <= 1) && norms.every((x) => x > 0));
  });
});

test('depths on an axis, each with the estimator that it has', () => {
  const spec = specFrom({ data: { n: 5, d: 9, mu: 1 }, network: { m: 2 }, axes: { 'network.depth': [2, 3] } }, 'test');
  const all = [...cells(spec)];
  assert.deepEqual(
    all.map((cell) => valueAt(cell, 'test.estimator')),
    ['lines', 'points'],
  );
  assert.deepEqual([...cells(specFrom(writeSpec(spec), 'again'))].map(cellId), all.map(cellId));
  // The estimator is in the id: lines at depth may come, and would be another number.
  assert.match(canonicalCell(all[1]!), /"estimator":"points"/);
  assert.doesNotMatch(canonicalCell(all[0]!), /estimator|depth|width|pool"|gain|frozen|hidden/);
});

test('lines at depth, where a spec names them: their number counts, points do not', () => {
  const base = { data: { n: 5, d: 9, mu: 1 }, network: { m: 2, depth: 3 }, training: { maxSteps: 5 } };
  const spec = specFrom({ ...base, test: { estimator: 'lines', lines: 16 } }, 'test');
  const [cell] = cells(spec);
  assert.deepEqual(specFrom(writeSpec(spec), 'again'), spec);
  assert.match(canonicalCell(cell!), /"test":\{"estimator":"lines","lines":16\}/);
  const { values } = runCell(cellOf({ 'network.depth': 3, 'test.estimator': 'lines' }), 1, 0);
  assert.ok(values['testErrorClean']! > 0 && values['testErrorSe']! > 0, JSON.stringify(values));
  assert.throws(
    () => specFrom({ ...base, test: { estimator: 'lines', points: 9 } }, 'test'),
    /test\.points: has no effect here, it needs test\.estimator: points/,
  );
});

test('no draw moves: data, filters and biases are those of two layers, and each hidden layer has its own stream', () => {
  const more = { coupling: 'common', 'network.bias': true, 'network.init': 'pytorch-gaussian' };
  const problem = (extra: Readonly<Record<string, Value>>) => {
    const cell = cellOf({ ...more, ...extra });
    return drawProblem(cell, streamKey(cell, 3, 1));
  };
  const [two, three, four] = [2, 3, 4].map((depth) => problem({ 'network.depth': depth }));
  for (const deep of [three!, four!]) {
    assert.deepEqual(deep.sample, two!.sample);
    assert.deepEqual([deep.init.rows, deep.init.bias], [two!.init.rows, two!.init.bias]);
  }
  assert.deepEqual(three!.init.hidden![0], four!.init.hidden![0]);
  assert.notDeepEqual(four!.init.hidden![0]!.weights, four!.init.hidden![1]!.weights);
  const [wide] = problem({ 'network.depth': 3, 'network.width': 400, 'network.gain': 2 }).init.hidden!;
  const variance = dot(wide!.weights, wide!.weights) / wide!.weights.length;
  // 3,200 normals of variance 2^2/8: five standard errors
  assert.ok(Math.abs(variance / 0.5 - 1) < 5 * Math.sqrt(2 / 3200), String(variance));
});

test('d = 10^9 is one of many: steps and test error ask for no vector of that length', () => {
  const at = (d: number) => {
    const cell = cellOf({
      'data.d': d,
      'network.depth': 4,
      'network.output': 'trained',
      'network.sigma0Unit': '1/(sigmaP*sqrt(d))',
      'network.sigma0': 0.3,
      'training.etaUnit': 'n*m/(sigmaP^2*d)',
      'training.eta': 0.1,
      'test.points': 400,
    });
    const values: SymbolId[] = ['layerNorm1', 'layerNorm4', 'layerChange2', 'layerActive3', 'layerGap1'];
    return runCell(cell, 5, 0, { series: values, values, every: 20 });
  };
  const record = at(1e9);
  assert.notEqual(record.outcome, 'diverged');
  assert.ok(record.values['testError']! < 0.7 && record.values['testErrorSe']! >= 0);
  assert.ok(record.values['layerNorm1']! > 0.2);
  assert.equal(recordLine(at(1e9)), recordLine(record));
});
