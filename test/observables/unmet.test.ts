/** Kinks that no line met: what lies beyond them is in the standard error. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { meanAndSe } from '../../src/core/statistics.ts';
import type { FreshOutput } from '../../src/observables/fresh-output.ts';
import { estimateByLines, plainSums, sampleLines } from '../../src/observables/lines.ts';
import { key } from '../helpers/problems.ts';

/** A common part z_1, z_2 with a margin of 6, and two dead filters along z_3 and -z_3 that would tear it down. */
const opposed = (weight: number): FreshOutput => ({
  activation: { kind: 'piecewise-linear', leak: 0 },
  outputWeights: Float64Array.of(1, -1, weight, weight),
  filters: 4,
  rank: 3,
  l: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, -1),
  atoms: [1, -1].map((label) => ({ probability: 0.5, label, fixed: label * 6, group: 0 })),
  groups: [Float64Array.of(0, 0, -3, -3)],
});

const KEYS = 200;
const covered = (
  truth: number,
  size: { lines: number; shifts: number },
  estimate: (at: number) => { mean: number; se: number },
): { cover: number; silent: number } => {
  let [cover, silent] = [0, 0];
  for (let at = 0; at < KEYS; at++) {
    const { mean, se } = estimate(at);
    if (Math.abs(mean - truth) <= tQuantile(0.975, size.shifts - 1) * se) cover++;
    if (se < 1e-6) silent++;
  }
  return { cover: cover / KEYS, silent };
};

test('two opposed dead filters, bias -3, weight -500: the standard error says what the lines have not met', (t) => {
  const output = opposed(-500);
  const truth = estimateByLines(output, { lines: 4096, shifts: 64 }, key(601)).mean;
  assert.ok(truth > 1.25e-3 && truth < 1.35e-3);
  for (const [lines, shifts] of [
    [32, 2],
    [8, 8],
    [64, 8],
  ] as const) {
    const size = { lines, shifts };
    const now = covered(truth, size, (at) => estimateByLines(output, size, key(602, at)));
    const before = covered(truth, size, (at) => meanAndSe(plainSums(output, size, [], key(602, at)).wrong));
    t.diagnostic(
      `${lines} x ${shifts}: coverage ${before.cover} before, ${now.cover} now; silent ${before.silent}, ${now.silent}`,
    );
    assert.ok(now.cover >= 0.95 && now.silent <= 2);
    assert.ok(before.cover < 0.85 && before.silent > KEYS / 5); // what was wrong is still seen by the test
  }
});

test('the value is that of the lines, and right on average over keys', (t) => {
  const output = opposed(-500);
  const size = { lines: 16, shifts: 4 };
  const truth = estimateByLines(output, { lines: 4096, shifts: 64 }, key(603)).mean;
  const values = Array.from({ length: 4000 }, (_, at) => estimateByLines(output, size, key(604, at)).mean);
  const { mean, se } = meanAndSe(values);
  t.diagnostic(`${mean} ± ${se} against ${truth}`);
  assert.ok(Math.abs(mean - truth) < 4 * se);
});

test('filters beyond their kinks that change nothing leave every bit', () => {
  // Weights so small that no label turns, or kinks that all lines meet.
  for (const output of [opposed(-1e-3), { ...opposed(-500), groups: [Float64Array.of(0, 0, 0, 0)] }]) {
    for (let at = 0; at < 50; at++) {
      const { mean, se } = estimateByLines(output, { lines: 8, shifts: 8 }, key(605, at));
      const plain = meanAndSe(plainSums(output, { lines: 8, shifts: 8 }, [], key(605, at)).wrong);
      assert.deepEqual({ mean, se }, plain);
    }
  }
});

test('kernel and plain program widen alike', () => {
  for (let at = 0; at < 20; at++)
    assert.deepEqual(
      estimateByLines(opposed(-500), { lines: 8, shifts: 4 }, key(606, at)),
      sampleLines(opposed(-500), { lines: 8, shifts: 4 }, key(606, at)),
    );
});
