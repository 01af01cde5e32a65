/** Patches, signals and shares of the classes, from the spec to the record: refusals, ids, closed forms, theory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanFlip } from '../../src/core/flip-laws.ts';
import { normalTail } from '../../src/core/special.ts';
import { meanAndSe } from '../../src/core/statistics.ts';
import { cellId, valueAt, type Cell } from '../../src/experiments/cell.ts';
import { DERIVED } from '../../src/experiments/derived.ts';
import { heardControl, heardIn, heardLaw } from '../../src/experiments/heard.ts';
import { isFault } from '../../src/experiments/record-check.ts';
import { readLine } from '../../src/experiments/record-read.ts';
import { recordLine, type RunRecord } from '../../src/experiments/record.ts';
import { measuredNames } from '../../src/experiments/cell-columns.ts';
import { runCell } from '../../src/experiments/run.ts';
import { unmetNeed } from '../../src/experiments/series.ts';
import { settingOf } from '../../src/experiments/setting.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { mismatches } from '../../src/theory/assess.ts';
import { STATEMENTS } from '../../src/theory/index.ts';
import { excessOfOneDraw } from '../../src/verification/excess.ts';
import { find } from '../helpers/statement.ts';
import { AVERAGING_FORM, MEAN_SE, ROUNDING, SCALED } from '../tolerances.ts';

const specOf = (data: object, more: object = {}) =>
  specFrom(
    {
      data: { n: 10, d: 60, mu: 2, ...data },
      network: { m: 3 },
      training: { eta: 1, maxSteps: 30 },
      ...more,
    },
    'test',
  );
const cellOf = (data: object, more: object = {}): Cell => [...cells(specOf(data, more))][0]!;

test('refused in a sentence: where they mean nothing, and where they have no room', () => {
  for (const [data, sentence] of [
    [{ model: 'mixture', patches: 3 }, /data\.patches: has no effect here, it needs data\.model: signal-noise/],
    [{ model: 'feature-noise', patches: 3 }, /data\.patches: has no effect here/],
    [{ model: 'xor', signals: 2 }, /data\.signals: has no effect here, it needs data\.model: signal-noise/],
    [{ patches: 1 }, /data\.patches: must be an integer in \[2, 1000\], got 1/],
    [{ signals: 1.5 }, /data\.signals: must be an integer in \[1, 1000\]/],
    [{ positive: 1 }, /data\.positive: must be in \(0, 1\), got 1/],
    [{ d: 5, signals: 5 }, /data\.signals: must be below data\.d = 5, .*, got 5/],
    [{ patches: 3, flip: 0.1, flipLaw: 'by-norm' }, /by-norm needs data\.patches: 2, .*, got 3/],
    [
      { signals: 3, spectrum: 'list', eigenvalues: '4x58,1x2' },
      /must be a group with 3 eigenvectors or more.*it has 2/,
    ],
  ] as const)
    assert.throws(() => cellOf(data), sentence);
  assert.throws(
    () => cellOf({ patches: 3, noise: 'student-t' }, { test: { estimator: 'lines' } }),
    /set test\.estimator: points/,
  );
  const sparse = { noise: 'sparse', draw: 'explicit', signals: 3, sparsity: 58 };
  assert.throws(() => cellOf(sparse, { test: { estimator: 'points' } }), /noise can have, 57, got 58/);
  cellOf({ signals: 2, spectrum: 'list', eigenvalues: '4x58,1x2' });
});

test('at their defaults they are in no id; observables that need one signal or one noise have none', () => {
  assert.equal(cellId(cellOf({ patches: 2, signals: 1, positive: 0.5 })), cellId(cellOf({})));
  for (const other of [{ patches: 3 }, { signals: 2 }, { positive: 0.4 }])
    assert.notEqual(cellId(cellOf(other)), cellId(cellOf({})));
  assert.match(unmetNeed('gammaMin', cellOf({ signals: 2 }))!, /data\.signals: 1/);
  assert.equal(unmetNeed('gammaMin', cellOf({ patches: 3 })), undefined);
  const record = {
    values: ['bayesError', 'bayesErrorNoisy', 'maxMarginError', 'minimumNormError'],
    series: [],
    every: 1,
  };
  const { values } = runCell(cellOf({ patches: 3, signals: 2, positive: 0.3, flip: 0.1 }), 1, 0, record as never);
  assert.equal(values.bayesError, 0);
  assert.ok(Math.abs(values.bayesErrorNoisy! - 0.1) <= ROUNDING);
  assert.ok(values.maxMarginError! > 0 && values.minimumNormError! > 0);
});

test('control parameters know P - 1: in power laws of a spec, in settings, in a column where it says something', () => {
  const spec = specOf(
    { mu: 3 },
    { axes: { 'data.patches': [2, 3, 5] }, scale: { 'data.mu': { noisyPatches: 0.5, d: 0.25, n: -0.25 } } },
  );
  const all = [...cells(spec)];
  for (const cell of all) {
    const { n, d, mu, sigmaP, noisyPatches } = settingOf(cell) as Record<string, number>;
    assert.equal(noisyPatches, cell.data.patches - 1);
    assert.ok(Math.abs((n! * mu! ** 4) / (noisyPatches! ** 2 * sigmaP! ** 4 * d!) / 81 - 1) < SCALED);
  }
  assert.ok(measuredNames(spec, all).includes('noisyPatches'));
  assert.ok(!measuredNames(spec, [cellOf({})]).includes('noisyPatches'));
  assert.equal(DERIVED.noisyPatches(cellOf({ model: 'mixture', projected: false })), null);
});

test('the averaging classifier errs as its closed form says, with several noises and with several signals', (t) => {
  const flips = { flipLaw: 'exact', flips: 2 };
  for (const [data, mu, draws, without] of [
    [{ patches: 5, ...flips, n: 20 }, 0.9 * 2, 16, { patches: 2 }],
    [{ signals: 4, ...flips, n: 400, flips: 40 }, 2.1, 3, { signals: 1 }],
    [{ patches: 3, signals: 2, positive: 0.2, ...flips, n: 100, flips: 10 }, 2, 6, { patches: 2 }],
  ] as const) {
    const d = 1e6;
    const cell = cellOf({ ...data, d, mu: mu * (d / data.n) ** 0.25 }, { training: { maxSteps: 0 } });
    const errors = Array.from(
      { length: draws },
      (_, replicate) =>
        runCell(cell, 91, replicate, { series: [], every: 1, values: ['averagingError'] }).values.averagingError!,
    );
    const form = normalTail(DERIVED.averagingArgument(cell)!);
    const wrong = normalTail(DERIVED.averagingArgument({ ...cell, data: { ...cell.data, ...without } })!);
    const { mean } = meanAndSe(errors);
    t.diagnostic(`${mean.toPrecision(4)} against ${form.toPrecision(4)} (as if not: ${wrong.toPrecision(4)})`);
    assert.ok(Math.abs(mean / form - 1) < AVERAGING_FORM);
    assert.ok(Math.abs(mean / wrong - 1) > 3 * AVERAGING_FORM, 'it is not seen');
  }
});

test('the mean flip probability is the floor: of settings, excesses and records', () => {
  const data = { model: 'mixture', projected: false, positive: 0.3, flip: 0.2, flipLaw: 'by-class', flipTilt: 0.75 };
  // An output that is never 0, which would be wrong for either label.
  const cell = cellOf(data, { network: { m: 3, activation: 'leaky-relu' } });
  // .3 of the labels are wrong with probability .35, .7 with .05.
  const mean = 0.3 * 0.35 + 0.7 * 0.05;
  assert.ok(Math.abs(meanFlip(cell.data) - mean) <= ROUNDING);
  assert.ok(Math.abs(settingOf(cell).flips! - 10 * mean) <= 10 * ROUNDING);
  for (const flipLaw of ['by-norm', 'by-margin', 'probability'])
    assert.equal(meanFlip({ ...cell.data, flipLaw } as Cell['data']), 0.2);
  const record = runCell(cell, 1, 0, { series: [], every: 1, values: ['excess', 'testErrorPlus', 'testErrorMinus'] });
  const { testError, testErrorClean, excess, testErrorPlus: plus, testErrorMinus: minus } = record.values;
  assert.ok(Math.abs(testError! - mean - excess!) <= ROUNDING);
  assert.ok(Math.abs(0.3 * plus! + 0.7 * minus! - testErrorClean!) <= ROUNDING);
  const sum = 0.3 * (0.35 + 0.3 * plus!) + 0.7 * (0.05 + 0.9 * minus!);
  assert.ok(Math.abs(testError! - sum) <= ROUNDING);
  assert.ok(Math.abs(excessOfOneDraw(cell, record.values).excess - excess!) <= ROUNDING);
  assert.ok(!isFault(readLine(recordLine(record))));
  // Negative control: with the mean of equally likely classes it could not be.
  const shifted: RunRecord = { ...record, values: { ...record.values, testError: testError! + 0.2 - mean } };
  assert.ok(isFault(readLine(recordLine(shifted))));
});

test('how often classes are heard has the law of its definition, and a control of mean zero', () => {
  const data = {
    n: 12,
    flip: 0.2,
    flipLaw: 'probability',
    flips: 3,
    adversary: 'largest-norm',
    positive: 0.3,
  } as const;
  for (const [share, law] of [
    [0.3, heardLaw(data)!],
    [0.7, heardLaw(data, 0.7)!],
  ] as const) {
    const moment = (power: number): number => law.reduce((sum, p, h) => sum + p * (h - 12) ** power, 0);
    assert.ok(Math.abs(moment(1) - 12 * share * 0.6) < ROUNDING * 100);
    assert.ok(Math.abs(moment(2) - moment(1) ** 2 - 12 * (share - (0.6 * share) ** 2)) < ROUNDING * 100);
  }
  const z = (control: NonNullable<ReturnType<typeof heardControl>>): number => {
    const drawn = Array.from({ length: 4000 }, (_, replicate) => heardIn(data, { seed: 5, cell: [1, 2], replicate }));
    const { mean, se } = meanAndSe(drawn.map(control));
    return Math.abs(mean / se);
  };
  assert.ok(z(heardControl(data, 0.2)!) < MEAN_SE);
  assert.ok(z(heardControl({ ...data, positive: 0.5 }, 0.2)!) > MEAN_SE);
  assert.equal(heardControl({ ...data, labels: 'balanced' }, 0.2), null);
});

test('theory names what leaves a paper: patches and signals of the two-patch models, shares of classes of all', () => {
  const departuresOf = (id: string, data: object): string[] =>
    mismatches(find(id).assumes, (path) => valueAt(cellOf(data), path));
  for (const id of ['kou-2023/theorem-4.2', 'cao-2022/condition-4.2', 'shang-2024/assumptions'])
    if (STATEMENTS.some((one) => one.id === id)) {
      assert.ok(departuresOf(id, { patches: 3 }).includes('data.patches is 3 here, not 2'), id);
      assert.ok(departuresOf(id, { signals: 2 }).includes('data.signals is 2 here, not 1'), id);
      assert.ok(departuresOf(id, { positive: 0.3 }).includes('data.positive is 0.3 here, not 0.5'), id);
    }
  for (const id of ['meng-2024/classic-regime', 'frei-2022/theorem', 'xu-gu-2023/theorem-3.1'])
    assert.ok(departuresOf(id, { positive: 0.3 }).includes('data.positive is 0.3 here, not 0.5'), id);
  // Every statement on drawn signals and noises of the patch model names both.
  for (const { id, about, assumes } of STATEMENTS) {
    const models = about['data.model'];
    if (!Array.isArray(models) || !models.includes('signal-noise') || Object.keys(assumes).length === 0) continue;
    for (const path of ['data.patches', 'data.signals', 'data.positive']) assert.ok(path in assumes, `${id} ${path}`);
  }
});
