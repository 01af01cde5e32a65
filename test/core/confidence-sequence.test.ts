import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfidenceSequence, fewestValues } from '../../src/core/confidence-sequence.ts';
import { Stream } from '../../src/core/random.ts';
import { key } from '../helpers/problems.ts';
import { BISECTED, NEGATIVE_CONTROL } from '../tolerances.ts';

const STREAMS = 400;
const LENGTH = 1500;
const ALPHA = 0.05;
/** A look when the number of values has grown by a tenth. */
const nextLook = (n: number): number => Math.max(n + 1, Math.ceil(1.1 * n));
/** Laws on [0, 1] with their means. */
const LAWS: Readonly<Record<string, { mean: number; draw: (stream: Stream) => number }>> = {
  'rare ones': { mean: 0.02, draw: (stream) => (stream.uniform() < 0.02 ? 1 : 0) },
  fair: { mean: 0.5, draw: (stream) => (stream.uniform() < 0.5 ? 1 : 0) },
  uniform: { mean: 0.5, draw: (stream) => stream.uniform() },
  'unlucky draws': { mean: 0.01 + 0.05 * 0.4, draw: (stream) => (stream.uniform() < 0.05 ? 0.41 : 0.01) },
  mirrored: { mean: 0.97, draw: (stream) => (stream.uniform() < 0.05 ? 0.59 : 0.99) },
};

/** Probability of `count` or more misses of STREAMS at level ALPHA. */
function tail(count: number): number {
  let term = (1 - ALPHA) ** STREAMS;
  let below = 0;
  for (let k = 0; k < count; k++) {
    below += term;
    term *= ((STREAMS - k) / (k + 1)) * (ALPHA / (1 - ALPHA));
  }
  return 1 - below;
}

/** K+ and K- at one m by the recursion itself, value by value: the largest capital of either gambler over all times. */
function richest(values: readonly number[], m: number, aim: number): number {
  let [up, down, most] = [1, 1, 1];
  for (const [at, x] of values.entries()) {
    const before = values.slice(0, at);
    let [sum, squares] = [0.5, 0.25];
    before.forEach((one, i) => {
      sum += one;
      squares += (one - sum / (i + 2)) ** 2;
    });
    const bet = aim / (squares / (at + 1) + aim * aim);
    up *= 1 + Math.min(bet, 0.9 / m) * (x - m);
    down *= 1 - Math.min(bet, 0.9 / (1 - m)) * (x - m);
    most = Math.max(most, up, down);
  }
  return most;
}

test('an m is out exactly where one of the two gamblers came to own 2/alpha', () => {
  for (const [index, { draw }] of Object.values(LAWS).entries()) {
    const stream = new Stream(key(650 + index), 'test');
    const values = Array.from({ length: 60 }, () => draw(stream));
    const sequence = new ConfidenceSequence(1 - ALPHA, 0.1);
    for (const x of values) {
      sequence.add(x);
      sequence.look();
    }
    const { low, high } = sequence.interval;
    assert.ok(low < high);
    for (const [end, outwards] of [
      [low, -BISECTED],
      [high, BISECTED],
    ] as const) {
      if (end === 0 || end === 1) continue;
      assert.ok(richest(values, end + outwards, 0.1) >= 2 / ALPHA, `${end}`);
      assert.ok(richest(values, end - outwards, 0.1) < 2 / ALPHA, `${end}`);
    }
  }
});

test('the mean is inside at every look, whatever was aimed at; an interval for a fixed number, peeked at, is not (negative control)', (t) => {
  let seed = 700;
  for (const [name, { mean, draw }] of Object.entries(LAWS)) {
    for (const aim of [0.01, 0.1]) {
      let missed = 0;
      let peeked = 0;
      for (let i = 0; i < STREAMS; i++) {
        const stream = new Stream(key(seed++), 'test');
        const sequence = new ConfidenceSequence(1 - ALPHA, aim);
        let [sum, squares, outside, look] = [0, 0, false, 1];
        for (let n = 1; n <= LENGTH; n++) {
          const x = draw(stream);
          sequence.add(x);
          if (n === look) {
            sequence.look();
            look = nextLook(n);
          }
          sum += x;
          squares += x * x;
          const se = Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2) / (n - 1));
          if (n >= 10 && Math.abs(sum / n - mean) > 1.96 * se) outside = true;
        }
        const { low, high } = sequence.interval; // the intersection over all looks
        if (!(low <= mean && mean <= high)) missed++;
        if (outside) peeked++;
      }
      t.diagnostic(`${name}, aim ${aim}: ${missed} of ${STREAMS} missed, ${peeked} of the peeked-at intervals`);
      assert.ok(missed <= ALPHA * STREAMS, `${name}: ${missed}`); // the theorem, which leaves room: see the diagnostics
      assert.ok(tail(peeked) < NEGATIVE_CONTROL, `${name}: ${peeked}`);
    }
  }
});

/** Values until the interval is no wider than 2 h, with a look at every tenth more. */
function needed(draw: (stream: Stream) => number, h: number, confidence = 0.95): number {
  const stream = new Stream(key(690), 'test');
  const sequence = new ConfidenceSequence(confidence, h);
  for (let look = 10; ; look = nextLook(look)) {
    while (sequence.seen < look) sequence.add(draw(stream));
    const { low, high } = sequence.look();
    if (high - low <= 2 * h) return look;
  }
}

test('what it takes to narrow to what was aimed at: of order 1/h^2, and 1/h where nothing varies', () => {
  const fair = needed(LAWS['fair']!.draw, 0.02);
  const fixed = ((1.96 * 0.5) / 0.02) ** 2; // for a number fixed beforehand, under the normal law
  assert.ok(fair > fixed && fair < 2 * fixed, `${fair} against ${fixed}`);
  const [coarse, fine] = [needed(() => 0, 0.02), needed(() => 0, 0.002)];
  assert.ok(fine / coarse > 8 && fine / coarse < 12, `${coarse} and ${fine}`);
  for (const h of [0.3, 0.1, 0.02, 0.005]) {
    for (const x of [0, 0.03, 0.5, 0.8, 1]) {
      const count = needed(() => x, h);
      assert.ok(count >= fewestValues(0.95, h), `${x}, ${h}`);
      // no honest interval for equal values is shorter than what they exclude: a share q of ones (or zeros) gone
      // unseen, (1 - q)^k = alpha
      assert.ok((1 - 2 * h) ** count < 0.05, `${x}, ${h}`);
    }
  }
});

test('looking again changes nothing, and looks only narrow', () => {
  const sequence = new ConfidenceSequence(0.95, 0.05);
  const stream = new Stream(key(691), 'test');
  let before = sequence.look();
  for (let n = 0; n < 100; n++) {
    sequence.add(stream.uniform());
    const now = sequence.look();
    assert.ok(now.low >= before.low && now.high <= before.high);
    assert.deepEqual(sequence.look(), now);
    before = now;
  }
});

test('what it cannot take', () => {
  assert.throws(() => new ConfidenceSequence(1, 0.1), RangeError);
  assert.throws(() => new ConfidenceSequence(0.95, 0.5), RangeError);
  assert.throws(() => new ConfidenceSequence(0.95, 0.1).add(1.01), RangeError);
  assert.throws(() => new ConfidenceSequence(0.95, 0.1).add(NaN), RangeError);
  assert.deepEqual(new ConfidenceSequence(0.95, 0.1).interval, { low: 0, high: 1 });
});
