import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { meanAndSe } from '../../src/core/statistics.ts';
import { exponentialBound } from '../../src/verification/exponential-bound.ts';
import { key } from '../helpers/problems.ts';
import { COVERAGE_BOOTSTRAP, LINE_FIT } from '../tolerances.ts';

const S = Array.from({ length: 25 }, (_, i) => 0.5 + 8 * i);
const OPTIONS = { delta: 0.1, flip: 0.1, range: [1e-9, 1e-2], seed: 3 } as const;

/** log(2 error) = -S / c with c uniform on (5, 10) over draws: quantiles are known, c = 9.5 at 0.9 and 5.5 at 0.1. */
const uniformDraws = (draws: number, seed: number): number[][] => {
  const stream = new Stream(key(seed), 'test');
  return Array.from({ length: draws }, () => 5 + 5 * stream.uniform()).map((c) => S.map((s) => 0.5 * Math.exp(-s / c)));
};

test('constants of a known law, with intervals that cover them', () => {
  const truth = { c2: 9.5, c3: 5.5 * Math.log(0.5 / 0.125) };
  const DATASETS = 40;
  const covered = { c2: 0, c3: 0 };
  for (let seed = 0; seed < DATASETS; seed++) {
    const found = exponentialBound(S, uniformDraws(100, 500 + seed), OPTIONS);
    for (const id of ['c2', 'c3'] as const)
      if (found[id].interval![0] <= truth[id] && truth[id] <= found[id].interval![1]) covered[id]++;
    assert.equal(found.c1.value, S[0]); // (1 - 2p) / 2 < 1: the bound holds from the start
    assert.ok(found.everywhere.value! < found.c2.value!);
  }
  for (const [id, count] of Object.entries(covered))
    assert.ok(count >= COVERAGE_BOOTSTRAP * DATASETS, `${id}: ${count} of ${DATASETS}`);
});

test('one unlucky draw in twenty rules the mean and not the quantile (negative control)', () => {
  const draws = Array.from({ length: 100 }, (_, i) => S.map((s) => 0.5 * Math.exp(-s / (i % 20 === 0 ? 50 : 5))));
  const ofQuantile = exponentialBound(S, draws, OPTIONS).c2.value!;
  assert.ok(Math.abs(ofQuantile - 5) <= LINE_FIT);
  const means = S.map((_, cell) => meanAndSe(draws.map((draw) => draw[cell])).mean);
  const ofMeans = exponentialBound(
    S,
    draws.map(() => means),
    { ...OPTIONS, range: [1e-9, 1e-2] },
  ).c2.value!;
  assert.ok(Math.abs(ofMeans - 50) < 2, `${ofMeans}`);
});

test('C_1 is where a bound begins to hold, and what the runs do not show is null', () => {
  const late = S.map((s) => (s < 20 ? 0.9 : 0.5 * Math.exp(-s / 5)));
  const { c1, c2, c3 } = exponentialBound(
    S,
    Array.from({ length: 20 }, () => late),
    OPTIONS,
  );
  assert.ok(Math.abs(c2.value! - 5) <= LINE_FIT);
  assert.equal(
    c1.value,
    S.find((s) => s >= 20),
  );
  assert.ok(c3.value! > 16.5 && c3.value! < 24.5);
  const flat = exponentialBound(
    S,
    Array.from({ length: 20 }, () => S.map(() => 0.4)),
    OPTIONS,
  );
  assert.deepEqual([flat.c2.value, flat.c1.value, flat.c3.value, flat.c3.interval], [null, null, null, null]);
  assert.throws(() => exponentialBound(S, [late], OPTIONS), RangeError);
});
