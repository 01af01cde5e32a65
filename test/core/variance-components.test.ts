import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { LEAST_BLOCKS, varianceComponents } from '../../src/core/variance-components.ts';
import { key } from '../helpers/problems.ts';
import { ROUNDING, VARIANCE_SHARE } from '../tolerances.ts';

/** f = a x + b y + c z + e x y + g x y z of standard normals: variances a^2, b^2, c^2, e^2, g^2. */
const COEFFICIENTS = { 1: 3, 2: 2, 4: 1, 3: 1.5, 7: 0.5 } as const;

function blocks(count: number, seed: number, wrong = false): number[][] {
  const stream = new Stream(key(seed), 'test');
  return Array.from({ length: count }, () => {
    const draws = Array.from({ length: 3 }, () => [stream.normal(), stream.normal()]);
    return Array.from({ length: 8 }, (_, place) => {
      // negative control: sources that are drawn anew for every run
      const [x, y, z] = draws.map((two, bit) => (wrong ? stream.normal() : two[(place >> bit) & 1]!)) as [
        number,
        number,
        number,
      ];
      return (
        10 +
        COEFFICIENTS[1] * x +
        COEFFICIENTS[2] * y +
        COEFFICIENTS[4] * z +
        COEFFICIENTS[3] * x * y +
        COEFFICIENTS[7] * x * y * z
      );
    });
  });
}

test('known components, shares that sum to 1, intervals that cover', () => {
  const total = Object.values(COEFFICIENTS).reduce((sum, c) => sum + c * c, 0);
  const found = varianceComponents(blocks(4000, 601));
  assert.ok(Math.abs(found.reduce((sum, { share }) => sum + share, 0) - 1) <= ROUNDING);
  for (const { sources, share, interval } of found) {
    const [low, high] = interval!;
    const truth = (COEFFICIENTS[sources as 1] ?? 0) ** 2 / total;
    assert.ok(Math.abs(share - truth) <= VARIANCE_SHARE, `${sources}: ${share} for ${truth}`);
    assert.ok(low <= share && share <= high && high - low < 4 * VARIANCE_SHARE);
  }
  const independent = varianceComponents(blocks(4000, 601, true));
  for (const { sources, share } of independent)
    assert.ok(Math.abs(share - (sources === 7 ? 1 : 0)) <= VARIANCE_SHARE, `negative control ${sources}: ${share}`);
});

test('an interval from 20 blocks on, within what a share can be; none from fewer', () => {
  const drawn = blocks(LEAST_BLOCKS, 700);
  for (const { share, interval } of varianceComponents(drawn)) {
    const [low, high] = interval!;
    assert.ok(low <= share && share <= high && low >= Math.min(0, share) && high <= Math.max(1, share));
  }
  for (const few of [2, LEAST_BLOCKS - 1])
    assert.ok(varianceComponents(drawn.slice(0, few)).every(({ interval }) => interval === null));
});

test('no interval where a single block tells everything', () => {
  const drawn = blocks(LEAST_BLOCKS, 601).map((block, at) => (at === 0 ? block : block.map(() => 0)));
  for (const { share, interval } of varianceComponents(drawn)) assert.ok(Number.isFinite(share) && interval === null);
});

test('one source in closed form, and blocks that are none', () => {
  const [only] = varianceComponents([
    [1, 3],
    [0, 0],
    [5, 4],
  ]);
  assert.ok(Math.abs(only!.variance - (2 + 0 + 0.5) / 3) <= ROUNDING); // mean of (difference)^2 / 2
  assert.equal(only!.share, 1);
  for (const bad of [
    [[1, 2]],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [
      [1, 2],
      [1, 2, 3, 4],
    ],
  ])
    assert.throws(() => varianceComponents(bad), RangeError);
});
