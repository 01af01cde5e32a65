/** When a cell ends: a function of its values, replicates in order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fewestValues } from '../../src/core/confidence-sequence.ts';
import { Stream } from '../../src/core/random.ts';
import { nextLook, PreciseCell, type PrecisionRule } from '../../src/experiments/precision.ts';
import { key } from '../helpers/problems.ts';
import { BISECTED, FALSE_ALARM, NEGATIVE_CONTROL } from '../tolerances.ts';

const RULE: PrecisionRule = { of: 'testErrorClean', halfWidth: 0.1, confidence: 0.95, minRuns: 20 };
const WHOLE = { low: 0, high: 1 };

/** The cell after all the runs that it wants. */
function ended(
  rule: PrecisionRule,
  maxRuns: number,
  value: (replicate: number) => number | undefined,
  range = WHOLE,
): PreciseCell {
  const cell = new PreciseCell(rule, maxRuns, range);
  while (!cell.ended) cell.take(value(cell.taken));
  return cell;
}

test('the looks: the minimum, then a tenth more each time, and the cap', () => {
  const looks = [20];
  while (looks.at(-1)! < 60) looks.push(nextLook(looks.at(-1)!, 60));
  assert.deepEqual(looks, [20, 22, 25, 28, 31, 35, 39, 43, 48, 53, 59, 60]);
  assert.equal(nextLook(1, 60), 2);
});

test('the end is a function of the values: it comes at a look, the first at which the rule holds, and what comes later does not matter', () => {
  const values = fc.array(
    fc.oneof(
      fc.constant(undefined),
      fc.constant(0),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 0.1, noNaN: true }),
    ),
    { minLength: 150, maxLength: 150 },
  );
  fc.assert(
    fc.property(
      values,
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0.02, max: 0.45, noNaN: true }),
      (all, minRuns, halfWidth) => {
        const rule = { ...RULE, minRuns, halfWidth };
        const cell = ended(rule, 150, (replicate) => all[replicate]);
        const whole = { taken: cell.taken, ended: cell.ended, interval: cell.interval };
        const again = ended(rule, 150, (replicate) => (replicate < cell.taken ? all[replicate] : 1));
        assert.deepEqual({ taken: again.taken, ended: again.ended, interval: again.interval }, whole);
        // one value at a time or up to each look, it wants the same
        const looks = new Set([minRuns]);
        for (let look = minRuns; look < 150; looks.add(look)) look = nextLook(look, 150);
        assert.ok(looks.has(cell.taken));
        const used = all.slice(0, cell.taken).filter((value) => value !== undefined).length;
        const { low, high } = cell.interval;
        if (cell.ended === 'precise') assert.ok(used >= minRuns && high - low <= 2 * halfWidth);
        else assert.ok(cell.taken === 150 && (used < minRuns || high - low > 2 * halfWidth));
        const half = new PreciseCell(rule, 150, WHOLE);
        while (!half.ended) {
          const { wanted, taken } = half;
          assert.ok(wanted > taken && half.expected >= wanted && half.expected <= 150);
          for (let replicate = taken; replicate < wanted; replicate++) {
            assert.equal(half.ended, null, 'no end between two looks');
            half.take(all[replicate]);
          }
        }
        assert.deepEqual([half.taken, half.wanted, half.expected], [cell.taken, cell.taken, cell.taken]);
      },
    ),
    { seed: 12, numRuns: 200 },
  );
});

test('zeros alone do not end it before the minimum, nor before they exclude an error of twice the half-width', () => {
  assert.equal(ended({ ...RULE, halfWidth: 0.4 }, 400, () => 0).taken, 20);
  const strict = ended({ ...RULE, minRuns: 1, halfWidth: 0.05 }, 400, () => 0);
  assert.ok(strict.ended === 'precise' && 0.9 ** strict.taken < 0.05, `${strict.taken}`);
  assert.ok(strict.taken >= fewestValues(0.95, 0.05));
  assert.ok(strict.interval.low === 0 && strict.interval.high > 0.05 && strict.interval.high <= 0.1);
});

test('runs without a value are made and not seen; the cap ends a cell that has none', () => {
  const half = ended({ ...RULE, halfWidth: 0.4 }, 100, (replicate) => (replicate % 2 ? undefined : 0));
  assert.ok(half.ended === 'precise' && half.taken >= 39 && half.taken <= 43, `${half.taken}`);
  const none = ended(RULE, 40, () => undefined);
  assert.deepEqual([none.ended, none.taken, none.interval], ['max-runs', 40, { low: 0, high: 1 }]);
  assert.throws(() => none.take(0), RangeError);
});

test('errors against flipped labels: the interval is that of the clean ones, carried over, and stays above the floor', () => {
  const p = 0.1;
  const clean = (replicate: number): number => (replicate % 7 === 0 ? 0.2 : 0.01);
  const one = ended({ ...RULE, halfWidth: 0.05 }, 400, clean);
  const other = ended(
    { ...RULE, of: 'testError', halfWidth: 0.05 * (1 - 2 * p) },
    400,
    (replicate) => p + (1 - 2 * p) * clean(replicate),
    { low: p, high: 1 - p },
  );
  assert.equal(other.taken, one.taken);
  for (const end of ['low', 'high'] as const)
    assert.ok(Math.abs(other.interval[end] - p - (1 - 2 * p) * one.interval[end]) < BISECTED);
  assert.ok(other.interval.low >= p);
});

test('a rule that cannot hold is refused', () => {
  for (const [rule, maxRuns] of [
    [{ ...RULE, minRuns: 0 }, 400],
    [RULE, 10],
    [{ ...RULE, halfWidth: 0 }, 400],
    [{ ...RULE, confidence: 1 }, 400],
  ] as const)
    assert.throws(() => new PreciseCell(rule, maxRuns, WHOLE), RangeError);
});

/** Cells whose mean is known: errors of a few sizes, rare large ones, and a spread like that of a transition. */
const CELLS: readonly { mean: number; draw: (stream: Stream) => number }[] = [
  { mean: 0.03, draw: (stream) => (stream.uniform() < 0.06 ? 0.5 : 0) },
  { mean: 0.1, draw: (stream) => 0.2 * stream.uniform() },
  { mean: 0.25, draw: (stream) => 0.5 * stream.uniform() },
  { mean: 0.3, draw: (stream) => (stream.uniform() < 0.5 ? 0.1 : 0.5) },
];

test('the interval of an ended cell holds the mean as often as stated; mean ± 1.96 SE looked at after every run does not (negative control)', (t) => {
  const COUNT = 500;
  const rule = { ...RULE, minRuns: 10, halfWidth: 0.05, confidence: 0.9 };
  let missed = 0;
  let peeked = 0;
  let made = 0;
  for (let i = 0; i < COUNT; i++) {
    const { mean, draw } = CELLS[i % CELLS.length]!;
    const stream = new Stream(key(5000 + i), 'test');
    const cell = ended(rule, 2000, () => draw(stream));
    assert.equal(cell.ended, 'precise');
    made += cell.taken;
    if (!(cell.interval.low <= mean && mean <= cell.interval.high)) missed++;
    // stops when the usual 90 % interval is as narrow, from the second run on
    const other = new Stream(key(5000 + i), 'test');
    let [n, sum, squares, half] = [0, 0, 0, Infinity];
    while (n < 2 || half > rule.halfWidth) {
      const x = draw(other);
      n++;
      sum += x;
      squares += x * x;
      half = 1.645 * Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2) / (n - 1));
    }
    if (Math.abs(sum / n - mean) > half) peeked++;
  }
  t.diagnostic(
    `${missed} of ${COUNT} missed (at most ${(1 - rule.confidence) * COUNT} expected), ${peeked} by the usual interval; ${made / COUNT} runs a cell`,
  );
  assert.ok(tail(missed, COUNT, 1 - rule.confidence) > FALSE_ALARM);
  assert.ok(tail(peeked, COUNT, 1 - rule.confidence) < NEGATIVE_CONTROL);
});

/** Probability of `count` or more of n at probability p. */
function tail(count: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let below = 0;
  for (let k = 0; k < count; k++) {
    below += term;
    term *= ((n - k) / (k + 1)) * (p / (1 - p));
  }
  return 1 - below;
}
