import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCell, type Value } from '../../src/experiments/cell.ts';
import type { RunRecord } from '../../src/experiments/record.ts';
import { runCell } from '../../src/experiments/run.ts';
import { runToPrecision, stopByPrecision } from '../../src/sweeps/precision.ts';

const RULE = { halfWidth: 0.1, confidence: 0.95, minRuns: 30, maxRuns: 400 };
const cell = buildCell(new Map<string, Value>(Object.entries({ 'data.n': 8, 'data.d': 100, 'data.mu': 3, 'network.m': 2, 'training.maxSteps': 5 })));

test('runs of a cell until the mean is known, the same ones as a sweep makes', () => {
  const records: RunRecord[] = [];
  const found = runToPrecision(cell, 1, { ...RULE, of: 'testErrorClean' }, (record) => records.push(record));
  assert.equal(found.why, 'precise');
  assert.equal(found.runs, records.length);
  assert.ok(found.runs >= 30 && found.interval.high - found.interval.low <= 0.2);
  assert.ok(found.interval.low <= found.mean! && found.mean! <= found.interval.high);
  assert.deepEqual(records[7], runCell(cell, 1, 7));
  assert.deepEqual(runToPrecision(cell, 1, { ...RULE, of: 'testErrorClean' }), found);
  // a stricter rule goes on from the same runs
  assert.ok(runToPrecision(cell, 1, { ...RULE, of: 'testErrorClean', halfWidth: 0.05 }).runs > found.runs);
});

test('zeros alone do not stop it before the minimum, nor before they exclude an error of twice the half-width', () => {
  assert.equal(stopByPrecision({ ...RULE, halfWidth: 0.5 }, () => 0).runs, 30);
  const strict = stopByPrecision({ ...RULE, minRuns: 1, halfWidth: 0.05 }, () => 0);
  assert.ok(strict.why === 'precise' && 0.9 ** strict.runs < 0.05, `${strict.runs}`);
});

test('runs without a value are counted and not used; the cap ends it', () => {
  const half = stopByPrecision({ ...RULE, maxRuns: 50, halfWidth: 0.001 }, (replicate) => (replicate % 2 ? undefined : 0.5));
  assert.deepEqual([half.why, half.runs, half.used, half.mean], ['max-runs', 50, 25, 0.5]);
  const none = stopByPrecision({ ...RULE, maxRuns: 40 }, () => undefined);
  assert.deepEqual([none.why, none.used, none.mean, none.interval], ['max-runs', 0, null, { low: 0, high: 1 }]);
  for (const bad of [{ halfWidth: 0 }, { minRuns: 0 }, { maxRuns: 10 }]) assert.throws(() => stopByPrecision({ ...RULE, ...bad }, () => 0), RangeError);
});
