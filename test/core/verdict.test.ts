import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { meanAndSe } from '../../src/core/statistics.ts';
import {
  ALPHA,
  POWER,
  detectable,
  growth,
  intervalOf,
  rateNotExcluded,
  reach,
  runsForShare,
  shareInterval,
  spentOnLook,
  together,
  wordOf,
} from '../../src/core/verdict.ts';
import { POWER_RATE, WORD_RATE } from '../tolerances.ts';

const bounds = { low: -1, high: 1 };

test('an interval inside its bounds holds, one wholly beyond fails, any other leaves it undecided', () => {
  assert.equal(wordOf({ low: -1, high: 1 }, bounds), 'holds');
  assert.equal(wordOf({ low: 1.1, high: 2 }, bounds), 'fails');
  assert.equal(wordOf({ low: -3, high: -1.1 }, bounds), 'fails');
  assert.equal(wordOf({ low: 0.5, high: 1.1 }, bounds), 'undecided');
  assert.equal(wordOf({ low: -2, high: 2 }, bounds), 'undecided');
  assert.equal(wordOf({ low: 5, high: 6 }, { low: 1, high: Infinity }), 'holds');
});

test('more noise never makes a check pass, nor fail', () => {
  for (const value of [-1.2, -0.9, 0, 0.4, 0.99, 1, 1.01, 3]) {
    let before = wordOf(intervalOf({ value, se: 0 }, ALPHA), bounds);
    for (let se = 0.01; se < 10; se *= 1.3) {
      const now = wordOf(intervalOf({ value, se }, ALPHA), bounds);
      assert.ok(now === before || now === 'undecided', `${value} ± ${se}: ${before} became ${now}`);
      before = now;
    }
    assert.equal(before, 'undecided');
  }
});

test('claims together: failure, then doubt; none is doubt', () => {
  assert.equal(together(['holds', 'undecided', 'fails']), 'fails');
  assert.equal(together(['holds', 'undecided']), 'undecided');
  assert.equal(together(['holds', 'holds']), 'holds');
  assert.equal(together([]), 'undecided');
});

test('published quantiles: 1.960 and t of 2 degrees of freedom 4.303; Clopper-Pearson of 0 of 20', () => {
  assert.equal(reach(0.05).toFixed(3), '1.960');
  assert.equal(reach(0.05, 2).toFixed(3), '4.303');
  assert.equal(shareInterval(0, 20, 0.05).high.toFixed(4), '0.1684');
  assert.equal(rateNotExcluded(20, 0.05).toFixed(4), '0.1391');
});

test('with the runs that growth names the word is said nine times in ten', () => {
  const truth = { value: 0.8, se: 0.2 };
  const factor = growth(truth, bounds, ALPHA);
  const se = 0.2 / Math.sqrt(factor);
  const stream = new Stream({ seed: 11, cell: [0, 0], replicate: 0 }, 'test');
  let said = 0;
  const draws = 4000;
  for (let draw = 0; draw < draws; draw++)
    if (wordOf(intervalOf({ value: 0.8 + se * stream.normal(), se }, ALPHA), bounds) === 'holds') said++;
  assert.ok(Math.abs(said / draws - POWER) < WORD_RATE, `${said} of ${draws}`);
});

test('a deviation of the detectable size is found nine times in ten', () => {
  const se = 0.3;
  const stream = new Stream({ seed: 12, cell: [0, 0], replicate: 0 }, 'test');
  const at = 1 + detectable({ value: 0, se }, ALPHA);
  let found = 0;
  const draws = 4000;
  for (let draw = 0; draw < draws; draw++)
    if (wordOf(intervalOf({ value: at + se * stream.normal(), se }, ALPHA), bounds) === 'fails') found++;
  assert.ok(Math.abs(found / draws - POWER) < WORD_RATE, `${found} of ${draws}`);
});

test('small samples: the interval of a normal mean covers as it says', () => {
  const stream = new Stream({ seed: 13, cell: [0, 0], replicate: 0 }, 'test');
  let covered = 0;
  const draws = 4000;
  for (let draw = 0; draw < draws; draw++) {
    const { mean, se } = meanAndSe(Array.from({ length: 4 }, () => stream.normal()));
    const { low, high } = intervalOf({ value: mean, se, freedom: 3 }, ALPHA);
    if (low <= 0 && 0 <= high) covered++;
  }
  assert.ok(Math.abs(covered / draws - (1 - ALPHA)) < WORD_RATE, `${covered} of ${draws}`);
});

test('all looks together spend at most alpha', () => {
  let sum = 0;
  for (let look = 1; look <= 100000; look++) sum += spentOnLook(ALPHA, look);
  assert.ok(sum < ALPHA && sum > 0.99999 * ALPHA);
});

test('with the runs that runsForShare names the word on a rate is said nine times in ten, and seldom with half of them', () => {
  const stream = new Stream({ seed: 14, cell: [0, 0], replicate: 0 }, 'test');
  const share = (runs: number, rate: number): number => {
    let said = 0;
    for (let draw = 0; draw < 1000; draw++) {
      let count = 0;
      for (let run = 0; run < runs; run++) if (stream.uniform() < rate) count++;
      if (wordOf(shareInterval(count, runs, ALPHA), { low: 0, high: 0.1 }) !== 'undecided') said++;
    }
    return said / 1000;
  };
  for (const [good, runs] of [
    [1, 80],
    [15, 100],
    [3, 10],
  ] as const) {
    const needed = runsForShare(good, runs, 0.1, ALPHA);
    // Counts are whole numbers: the word may be said more often.
    assert.ok(share(needed, good / runs) > POWER_RATE, `${good} of ${runs}`);
    assert.ok(share(Math.ceil(needed / 2), good / runs) < POWER_RATE, `${good} of ${runs}`);
  }
  assert.equal(runsForShare(1, 10, 0.1, ALPHA), Infinity);
});
