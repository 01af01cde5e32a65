import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfidenceSequence } from '../../src/core/confidence-sequence.ts';
import { Stream } from '../../src/core/random.ts';
import { key } from '../helpers/problems.ts';
import { NEGATIVE_CONTROL } from '../tolerances.ts';

const STREAMS = 400;
const LENGTH = 1500;
const ALPHA = 0.05;
/** Laws on [0, 1] with their means. */
const LAWS: Readonly<Record<string, { mean: number; draw: (stream: Stream) => number }>> = {
  'rare ones': { mean: 0.02, draw: (stream) => (stream.uniform() < 0.02 ? 1 : 0) },
  fair: { mean: 0.5, draw: (stream) => (stream.uniform() < 0.5 ? 1 : 0) },
  uniform: { mean: 0.5, draw: (stream) => stream.uniform() },
  'unlucky draws': { mean: 0.01 + 0.05 * 0.4, draw: (stream) => (stream.uniform() < 0.05 ? 0.41 : 0.01) },
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

test('the mean is inside at all times at once; an interval for a fixed number, peeked at, is not (negative control)', (t) => {
  let seed = 700;
  for (const [name, { mean, draw }] of Object.entries(LAWS)) {
    let missed = 0;
    let peeked = 0;
    for (let i = 0; i < STREAMS; i++) {
      const stream = new Stream(key(seed++), 'test');
      const sequence = new ConfidenceSequence(1 - ALPHA);
      let [sum, squares, outside] = [0, 0, false];
      for (let n = 1; n <= LENGTH; n++) {
        const x = draw(stream);
        sequence.add(x);
        sum += x;
        squares += x * x;
        const se = Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2) / (n - 1));
        if (n >= 10 && Math.abs(sum / n - mean) > 1.96 * se) outside = true;
      }
      const { low, high } = sequence.interval; // the intersection over all times
      if (!(low <= mean && mean <= high)) missed++;
      if (outside) peeked++;
    }
    t.diagnostic(`${name}: ${missed} of ${STREAMS} missed, ${peeked} of the peeked-at intervals`);
    assert.ok(missed <= ALPHA * STREAMS, `${name}: ${missed}`); // the theorem, which leaves room: measured 0 to 5
    assert.ok(tail(peeked) < NEGATIVE_CONTROL, `${name}: ${peeked}`);
  }
});

test('it narrows like 1/sqrt(t), and like 1/t where nothing varies', () => {
  const width = (draw: (stream: Stream) => number, length: number): number => {
    const stream = new Stream(key(690), 'test');
    const sequence = new ConfidenceSequence(0.95);
    for (let n = 0; n < length; n++) sequence.add(draw(stream));
    assert.equal(sequence.seen, length);
    return sequence.interval.high - sequence.interval.low;
  };
  const fair = width(LAWS['fair']!.draw, 4000);
  assert.ok(fair > (2 * 1.96 * 0.5) / Math.sqrt(4000) && fair < 2.5 * ((2 * 1.96 * 0.5) / Math.sqrt(4000)), `${fair}`);
  const zeros = width(() => 0, 1000) / width(() => 0, 4000);
  assert.ok(zeros > 3.4 && zeros < 4.1, `${zeros}`);
  // no honest interval for k zeros is shorter than what they exclude: (1 - p)^k = alpha
  assert.ok(width(() => 0, 100) > 1 - 0.05 ** (1 / 100));
});

test('what it cannot take', () => {
  assert.throws(() => new ConfidenceSequence(1), RangeError);
  assert.throws(() => new ConfidenceSequence(0.95).add(1.01), RangeError);
  assert.throws(() => new ConfidenceSequence(0.95).add(NaN), RangeError);
  assert.deepEqual(new ConfidenceSequence(0.95).interval, { low: 0, high: 1 });
});
