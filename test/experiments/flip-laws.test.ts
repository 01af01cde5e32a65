/** Flips that lean, from the spec to the record: what is refused, ids, records, words, theory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareInterval } from '../../src/core/verdict.ts';
import { cellId, valueAt, type Cell } from '../../src/experiments/cell.ts';
import { DERIVED } from '../../src/experiments/derived.ts';
import { isFault } from '../../src/experiments/record-check.ts';
import { readLine } from '../../src/experiments/record-read.ts';
import { recordLine, type RunRecord } from '../../src/experiments/record.ts';
import { runCell } from '../../src/experiments/run.ts';
import { settingOf } from '../../src/experiments/setting.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { writeSpec } from '../../src/experiments/spec-write.ts';
import { cells } from '../../src/experiments/spec.ts';
import { mismatches } from '../../src/theory/assess.ts';
import { excessOfOneDraw } from '../../src/verification/excess.ts';
import { find } from '../helpers/statement.ts';
import { ROUNDING } from '../tolerances.ts';

const specOf = (data: object, more: object = {}) =>
  specFrom(
    {
      data: { model: 'mixture', projected: false, n: 10, d: 60, mu: 2, flip: 0.2, ...data },
      network: { m: 3 },
      training: { eta: 1, maxSteps: 30 },
      ...more,
    },
    'test',
  );
const cellOf = (data: object, more: object = {}): Cell => [...cells(specOf(data, more))][0]!;
const LAWS = ['by-class', 'by-norm', 'by-margin'] as const;

test('refused in a sentence: where nothing would be leant on, and labels more often wrong than right', () => {
  for (const flipLaw of LAWS) cellOf({ flipLaw });
  assert.throws(
    () => cellOf({ flipLaw: 'by-margin', model: 'signal-noise' }),
    /data\.flipLaw: by-margin needs data\.model: mixture or unit-norm-mixture, got signal-noise/,
  );
  assert.throws(() => cellOf({ flipLaw: 'by-margin', model: 'xor-mixture' }), /by-margin needs data\.model/);
  assert.throws(() => cellOf({ flipLaw: 'by-margin', projected: true }), /by-margin needs data\.projected: false/);
  cellOf({ flipLaw: 'by-class', noise: 'student-t' });
  assert.throws(() => cellOf({ flipLaw: 'by-norm', noise: 'student-t' }), /by-norm needs data\.noise: gaussian/);
  assert.throws(() => cellOf({ flipLaw: 'by-norm', sigmaP: 0 }), /by-norm needs data\.sigmaP > 0, got 0/);
  assert.throws(
    () => cellOf({ flipLaw: 'by-norm' }, { test: { estimator: 'lines' } }),
    /by-norm needs test\.estimator: points, got lines/,
  );
  assert.throws(
    () => cellOf({ flipLaw: 'by-class', flip: 0.3, flipTilt: -0.7 }),
    /data\.flip: must be below 0\.5\/\(1 \+ \|data\.flipTilt\|\) = 0\.2941.*got 0\.3/,
  );
  assert.throws(
    () => cellOf({ flipTilt: 0.3 }),
    /data\.flipTilt: has no effect here.*by-class or by-norm or by-margin/,
  );
  assert.throws(() => cellOf({ flipLaw: 'by-norm', flips: 3 }), /data\.flips: has no effect here/);
});

test('a tilt is no part of other cells; the estimator that noise needs is the default, and written out in ids', () => {
  const plain = cellOf({});
  assert.equal(plain.data.flipTilt, 0.5);
  for (const law of ['probability', 'by-class']) assert.equal(cellOf({ flipLaw: law }).test.estimator, 'lines');
  for (const flipLaw of ['by-norm', 'by-margin']) {
    const cell = cellOf({ flipLaw });
    assert.equal(cell.test.estimator, 'points');
    assert.equal(cellId(cellOf({ flipLaw }, { test: { estimator: 'points' } })), cellId(cell));
    const spec = specOf({ flipLaw });
    assert.deepEqual([...cells(specFrom(writeSpec(spec), 'again'))].map(cellId), [cellId(cell)]);
  }
  const axis = specOf({}, { axes: { 'data.flipLaw': ['probability', 'by-norm'] }, test: { estimator: 'points' } });
  assert.deepEqual([...cells(specFrom(writeSpec(axis), 'again'))].map(cellId), [...cells(axis)].map(cellId));
});

test('p is the mean: of the flips of a setting, of the floor, of what the excess is over', () => {
  for (const flipLaw of LAWS) {
    const cell = cellOf({ flipLaw });
    const setting = settingOf(cell);
    assert.deepEqual([setting.flips, setting.flip, setting.flipTilt], [2, 0.2, 0.5]);
    const record = runCell(cell, 1, 0, {
      series: [],
      every: 1,
      values: ['excess', 'testErrorPlus', 'testErrorMinus', 'bayesErrorNoisy'],
    });
    const { testError, excess, testErrorPlus, testErrorMinus, testErrorClean } = record.values;
    assert.ok(Math.abs(testError! - 0.2 - excess!) <= ROUNDING && excess! > 0);
    assert.ok(flipLaw !== 'by-class' || Math.abs((testErrorPlus! + testErrorMinus!) / 2 - testErrorClean!) <= ROUNDING);
    assert.equal(record.values.bayesErrorNoisy !== undefined, flipLaw !== 'by-norm');
  }
});

test('records are read back; an error that no flip probability of the law can give is found', () => {
  for (const flipLaw of LAWS) {
    const record = runCell(cellOf({ flipLaw }), 1, 0);
    assert.ok(!isFault(readLine(recordLine(record))), flipLaw);
    const clean = record.values.testErrorClean!;
    for (const share of [0.2 * 1.5, 0.2 * 0.5]) {
      const bound = 0.2 + (1 - 2 * share) * clean + (record.values.zeroOutput ?? 0) * (share > 0.2 ? 0.1 : 0.3);
      for (const [by, sound] of [
        [0.99, true],
        [1.01, false],
      ] as const) {
        const testError = 0.2 + 0.6 * clean + by * (bound - 0.2 - 0.6 * clean);
        const changed: RunRecord = { ...record, values: { ...record.values, testError } };
        assert.equal(!isFault(readLine(recordLine(changed))), sound, `${flipLaw} ${share} ${by}`);
      }
    }
  }
});

test('the word on one draw counts points that are worth what the least flip probability leaves', () => {
  const of = (data: object, testError: number, clean: number, estimator = 'points') =>
    excessOfOneDraw(
      cellOf(data, {
        network: { m: 3, activation: 'leaky-relu' },
        test: { estimator, ...(estimator === 'points' && { points: 1000 }) },
      }),
      {
        testError,
        testErrorSe: 0.01,
        testErrorClean: clean,
        testErrorCleanSe: 0.01,
      },
    );
  const byNorm = of({ flipLaw: 'by-norm' }, 0.2 + 0.8 * 0.05, 0.06);
  // The least flip probability is .1: each wrong point adds at most .8.
  const hits = shareInterval(50, 1000, 0.05);
  assert.ok(Math.abs(byNorm.interval.low - 0.8 * hits.low) <= ROUNDING);
  assert.ok(Math.abs(byNorm.interval.high - 0.8 * hits.high) <= ROUNDING);
  assert.equal(byNorm.word, 'holds');
  assert.equal(of({ flipLaw: 'by-class' }, 0.5, 0.4, 'lines').word, 'fails');
  // Negative control: p + (1 - 2p) e would call this draw harmless.
  assert.equal(of({ flipLaw: 'by-class' }, 0.45, 0.01, 'lines').word, 'fails');
});

test('theory says that flips that lean leave what was proved for flips by chance', () => {
  for (const [id, left] of [
    ['kou-2023/theorem-4.2', true],
    ['frei-2022/theorem', true],
    ['xu-gu-2023/theorem-3.1', true],
    ['xu-gu-2023/theorem-3.1-proof', false],
  ] as const)
    for (const flipLaw of LAWS) {
      const cell = cellOf({ flipLaw });
      const departures = mismatches(find(id).assumes, (path) => valueAt(cell, path));
      assert.equal(
        departures.some((one) => one.includes('data.flipLaw')),
        left,
        `${id} ${flipLaw}`,
      );
      // The identity of the two errors is not about them.
      const about = mismatches(find('kou-2023/noisy-and-clean-error').about, (path) => valueAt(cell, path));
      assert.ok(about.some((one) => one.includes('data.flipLaw')));
    }
});

test('the averaging classifier sees the mean of the flips, by class and by norm; by margin it has no such form', () => {
  const argument = (data: object): number | null => DERIVED.averagingArgument(cellOf({ n: 20, ...data }));
  const plain = argument({})!;
  assert.ok(Math.abs(plain / argument({ flipLaw: 'exact', flips: 4 })! - 1) <= ROUNDING);
  assert.notEqual(argument({ flip: 0 }), plain);
  for (const flipLaw of ['by-class', 'by-norm']) assert.equal(argument({ flipLaw }), plain, flipLaw);
  assert.equal(argument({ flipLaw: 'by-margin' }), null);
});
