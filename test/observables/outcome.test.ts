import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { endings, RIGHT } from '../../src/observables/outcome.ts';
import { ROUNDING } from '../tolerances.ts';

test('the three endings exclude each other, and clean samples left unfitted are none of them', () => {
  const none = { benign: 0, harmful: 0, nonOverfitting: 0 };
  assert.deepEqual(endings(0, 0, RIGHT), { ...none, benign: 1 });
  assert.deepEqual(endings(0, 0, RIGHT + 0.01), { ...none, harmful: 1 });
  assert.deepEqual(endings(0, 0.2, 0), { ...none, nonOverfitting: 1 });
  assert.deepEqual(endings(0, 1, 0.5), none);
  assert.deepEqual(endings(0.1, 0, 0), none);
  assert.deepEqual(endings(0, NaN, 0), { ...none, benign: 1 }); // no flipped sample
  assert.deepEqual(endings(NaN, 0, 0.4), { ...none, harmful: 1 }); // no clean one
});

test('records: the excess error is (1 - 2p) times the clean error, and an ending agrees with its parts', () => {
  const values = ['excess', 'benign', 'harmful', 'nonOverfitting', 'trainErrorClean', 'trainErrorFlipped'];
  for (const maxSteps of [0, 400]) {
    const spec = specFrom(
      {
        data: { n: 10, d: 400, mu: 3, flip: 0.3 },
        network: { m: 4 },
        training: { eta: 1, maxSteps },
        record: { values },
      },
      'spec',
    );
    const [cell] = cells(spec);
    const record = runCell(cell!, 3, 0, spec.record).values;
    assert.ok(Math.abs(record.excess! - 0.4 * record.testErrorClean!) <= ROUNDING);
    const { benign, harmful, nonOverfitting } = endings(
      record.trainErrorClean!,
      record.trainErrorFlipped!,
      record.testErrorClean!,
    );
    assert.deepEqual([record.benign, record.harmful, record.nonOverfitting], [benign, harmful, nonOverfitting]);
  }
});
