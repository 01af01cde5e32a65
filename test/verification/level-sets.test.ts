/** Level sets of a map whose answer is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fallingCrossing, fallingRegression } from '../../src/core/contours.ts';
import { Stream } from '../../src/core/random.ts';
import { cellId } from '../../src/experiments/cell.ts';
import type { RunRecord } from '../../src/experiments/record.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/results.ts';
import { normalTail } from '../../src/core/special.ts';
import { levelSets } from '../../src/verification/level-sets.ts';

test('pool adjacent violators: closed form', () => {
  assert.deepEqual(fallingRegression([3, 1, 2, 0], [1, 1, 1, 1]), [3, 1.5, 1.5, 0]);
  assert.deepEqual(fallingRegression([1, 4], [3, 1]), [1.75, 1.75]);
});

test('a straight line crosses where it should, with the error of least squares', () => {
  const x = [0, 1, 2, 3, 4, 5];
  const crossing = fallingCrossing(
    x,
    x.map((one) => 1 - 0.2 * one),
    x.map(() => 0.01),
    0.5,
    3,
  )!;
  assert.ok(Math.abs(crossing.x - 2.5) < 1e-12);
  assert.ok(Math.abs(crossing.se - 0.01 / 0.2 / Math.sqrt(6)) < 1e-12);
  assert.equal(
    fallingCrossing(
      x,
      x.map(() => 0.1),
      x.map(() => 0.01),
      0.5,
      3,
    ),
    null,
  );
});

test('the averaging classifier: exponent 1/4 and kappa within 4 standard errors, and not with a wrong exponent', () => {
  // error = p + (1 - 2p) Phi(-sqrt(S)), S = n mu^4/d: crosses 0.2 at a known kappa for every d
  const spec = specFrom(
    {
      data: { n: 20, flip: 0.1 },
      network: { m: 2 },
      axes: { 'data.d': { from: 100, to: 1000, step: 100 }, 'data.mu': { from: 0.1, to: 6, step: 0.1 } },
      runs: 5,
    },
    'test',
  );
  const results = new Results(spec);
  const noise = new Stream({ seed: 3, cell: [0, 0], replicate: 0 }, 'test');
  for (const cell of results.cells) {
    const { n, d, mu, flip } = cell.data;
    const clean = normalTail(Math.sqrt((n * mu ** 4) / d));
    for (let replicate = 0; replicate < 5; replicate++) {
      const record = {
        run: `${cellId(cell)}-${replicate}`,
        seed: 1,
        replicate,
        outcome: 'interpolated',
        steps: 1,
        values: { testError: flip + (1 - 2 * flip) * clean + 0.02 * noise.normal() },
      };
      results.add(record as unknown as RunRecord);
    }
  }
  const [set] = levelSets(results.frame(), [0.2]);
  assert.equal(set!.points.length, 10);
  const zOfSlope = (set!.slope!.value - 0.25) / set!.slope!.se;
  assert.ok(Math.abs(zOfSlope) < 4, `slope ${set!.slope!.value} ± ${set!.slope!.se}`);
  const kappa = 1.1503493803760079 ** 2; // Phi(-1.15035) = 1/8
  assert.ok(
    Math.abs(set!.kappa!.value - kappa) < 4 * set!.kappa!.se + 0.02 * kappa,
    `kappa ${set!.kappa!.value} ± ${set!.kappa!.se}, expected ${kappa}`,
  );
  assert.ok(Math.abs((set!.slope!.value - 0.35) / set!.slope!.se) > 4, 'a wrong exponent is seen');
});
