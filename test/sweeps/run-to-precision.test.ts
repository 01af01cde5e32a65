import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCell, type Value } from '../../src/experiments/cell.ts';
import type { RunRecord } from '../../src/experiments/record.ts';
import { runCell } from '../../src/experiments/run.ts';
import { runToPrecision } from '../../src/sweeps/run-to-precision.ts';

const RULE = { of: 'testErrorClean', halfWidth: 0.1, confidence: 0.95, minRuns: 20, maxRuns: 400 } as const;
const cell = buildCell(
  new Map<string, Value>(
    Object.entries({ 'data.n': 8, 'data.d': 100, 'data.mu': 3, 'network.m': 2, 'training.maxSteps': 5 }),
  ),
);

test('runs of a cell until the mean is known, the same ones as a sweep makes', () => {
  const records: RunRecord[] = [];
  const found = runToPrecision(cell, 1, RULE, (record) => records.push(record));
  assert.equal(found.why, 'precise');
  assert.equal(found.runs, records.length);
  assert.ok(found.runs >= 20 && found.interval.high - found.interval.low <= 0.2);
  assert.ok(found.interval.low <= found.mean! && found.mean! <= found.interval.high);
  assert.deepEqual(records[7], runCell(cell, 1, 7));
  assert.deepEqual(runToPrecision(cell, 1, RULE), found);
  // a stricter rule goes on from the same runs
  assert.ok(runToPrecision(cell, 1, { ...RULE, halfWidth: 0.05 }).runs > found.runs);
});
