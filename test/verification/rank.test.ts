/** One published run among ours: its rank, the interval of one run more, and how often it fails by chance. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import type { Frame } from '../../src/experiments/frame.ts';
import { Results } from '../../src/experiments/results.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { claim } from '../../src/verification/claims.ts';
import { placeAmong, rankInterval } from '../../src/verification/rank.ts';
import { key } from '../helpers/problems.ts';
import { holdsInLaw, pearsonP } from '../helpers/statistics.ts';
import { recordWith } from '../helpers/records.ts';

const spec = (runs: number) =>
  specFrom({ data: { n: 20, d: 100 }, network: { m: 2 }, axes: { 'data.mu': [1, 2] }, runs }, 'test');

function frameOf(values: readonly number[]): Frame {
  const results = new Results(spec(values.length));
  results.cells.forEach((_, at) =>
    values.forEach((testErrorClean, replicate) => results.add(recordWith(results, at, replicate, { testErrorClean }))),
  );
  return results.frame();
}
const claimed = (values: readonly number[], published: number, alpha: number, where = { mu: 1 }) =>
  claim(frameOf(values), { kind: 'rank', id: 'one', says: 'it', of: 'testErrorClean', published, where }, alpha);

const ranks = (runs: number): number[] => Array.from({ length: runs }, (_, i) => (i + 1) / 100);

test('39 runs: beyond all of them p is .05 and it fails at that level; within them, or at another one, nothing is said', () => {
  const fails = claimed(ranks(39), 0.5, 0.05);
  assert.equal(fails.verdict, 'fails');
  assert.deepEqual(fails.interval, { low: 0.01, high: 0.39 });
  assert.match(fails.says, /39 of our 39 are at most as large, 0 at least, two-sided rank p = 0.050/);
  for (const [published, alpha] of [
    [0.5, 0.049],
    [0.39, 0.05],
    [0.2, 0.05],
  ] as const) {
    const { verdict } = claimed(ranks(39), published, alpha);
    assert.equal(verdict, 'undecided', `${published} at ${alpha}`);
  }
  const few = claimed(ranks(39), 0.5, 0.01);
  assert.equal(few.interval, null);
  assert.equal(few.power.runs, 199);
  assert.match(few.says, /fewer than 199 runs/);
  assert.equal(claimed(ranks(39), 0.2, 0.05).power.runs, null);
});

test('ties never make it fail, and runs that are all the published number do not make it hold', () => {
  assert.equal(placeAmong(new Float64Array(3), 0).p, 1);
  assert.equal(
    claimed(
      Array.from({ length: 200 }, () => 0),
      0,
      0.05,
    ).verdict,
    'undecided',
  );
});

test('it speaks of the runs of one cell', () => {
  const frame = frameOf(ranks(39));
  const asked = { kind: 'rank', id: 'one', says: 'it', of: 'testErrorClean', published: 0.5 } as const;
  assert.match(claim(frame, asked, 0.05).says, /one cell is needed, there are 2/);
  assert.equal(claim(frame, { ...asked, where: { mu: 3 } }, 0.05).verdict, 'not-applicable');
});

test('one run more lies beyond the interval with probability 2 k/(N + 1), two modes or not', (t) => {
  // Two modes, as the errors of Adam have them.
  const stream = new Stream(key(3), 'test');
  const draw = (): number => (stream.uniform() < 0.2 ? 0.45 : 0.95) + 0.02 * stream.normal();
  const sets = 4000;
  let beyond = 0;
  for (let set = 0; set < sets; set++) {
    const runs = Float64Array.from({ length: 39 }, draw).sort();
    const { low, high } = rankInterval(runs, 0.1)!;
    const value = draw();
    if (value < low || value > high) beyond++;
    assert.equal(value < low || value > high, placeAmong(runs, value).p <= 0.1);
  }
  holdsInLaw(t, {
    'k = 2 of 39': pearsonP([beyond, sets - beyond], [0.1 * sets, 0.9 * sets]),
  });
});
