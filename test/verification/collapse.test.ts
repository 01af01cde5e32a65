/** Collapse and drift of level sets, on curves whose answer is known: the averaging classifier's, with noise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { normalTail } from '../../src/core/special.ts';
import { cellId } from '../../src/experiments/cell.ts';
import type { RunRecord } from '../../src/experiments/record.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/table.ts';
import type { Claim } from '../../src/verification/check.ts';
import { claim } from '../../src/verification/claims.ts';
import { levelPlaces } from '../../src/verification/collapse.ts';
import { LINE_FIT } from '../tolerances.ts';

const S = { n: 1, mu: 4, sigmaP: -4, d: -1 } as const;
const SHAPES = {
  'data.n': [20, 40, 80],
  'data.d': [1e4, 1e6, 1e8],
  'data.mu': { from: 0.5, to: 2, count: 9, scale: 'log' },
};
const MU = 'mu*n^0.25/d^0.25';

/**
 * error = Phi(-(S (n/20)^drift)^{1/2}): log S at a level falls by `drift` for e times the n. @param noise standard
 * deviation of a run
 */
function made(noise: number, drift = 0, seed = 3): Results {
  const spec = specFrom(
    { data: { flip: 0 }, network: { m: 2 }, scale: { 'data.mu': { d: 0.25, n: -0.25 } }, axes: SHAPES, runs: 20 },
    'test',
  );
  const results = new Results(spec);
  const stream = new Stream({ seed, cell: [0, 0], replicate: 0 }, 'test');
  for (const cell of results.cells) {
    const { n, d, mu } = cell.data;
    const mean = normalTail(Math.sqrt(((n * mu ** 4) / d) * (n / 20) ** drift));
    for (let replicate = 0; replicate < spec.runs; replicate++) {
      results.add({
        run: `${cellId(cell)}-${replicate}`,
        seed: spec.seed,
        replicate,
        outcome: 'interpolated',
        steps: 1,
        values: { testErrorClean: mean + noise * stream.normal() },
      } as unknown as RunRecord);
    }
  }
  return results;
}

const at = { of: 'testErrorClean', along: MU, level: 0.2, says: '' } as const;
const collapse = (
  over: string,
  against: Readonly<Record<string, number>>,
  bounds: object = { atMost: 0.05 },
): Claim => ({ kind: 'collapse', id: 'c', ...at, over, against, ...bounds });
const drift = (over: string, between: readonly [number, number]): Claim => ({
  kind: 'level-slope',
  id: 's',
  ...at,
  over,
  against: S,
  between,
});

test('curves that collapse leave no spread, and a wrong control parameter leaves all of it', () => {
  const exact = made(0);
  for (const over of ['n', 'd']) assert.ok(claim(exact, collapse(over, S), false).ours! < LINE_FIT, over);
  // ‖μ‖* ~ (d/n)^{1/4}: n‖μ‖²/d at the level goes as (n/d)^{1/2}, its square root as far as ‖μ‖* itself.
  const snr = claim(exact, collapse('d', { n: 1, mu: 2, sigmaP: -2, d: -1 }, { atLeast: 0.9 }), false);
  assert.ok(Math.abs(snr.ours! - 1) < LINE_FIT && snr.ok);
  assert.equal(
    claim(exact, collapse('d', { n: 1, mu: 2, sigmaP: -2, d: -1 }), false).ok,
    false,
    'the wrong power is seen (negative control)',
  );
  assert.ok(Math.abs(claim(exact, collapse('d', { mu: 1 }), false).ours! - 1) < LINE_FIT, 'without rescaling: 1');
});

test('noise stays within its standard errors, over 40 seeds; a drift is measured, and seen where it is not allowed', () => {
  let outside = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const noisy = made(0.02, 0, seed);
    const found = claim(noisy, drift('d', [-0.1, 0.1]), false);
    assert.ok(claim(noisy, collapse('d', S), false).ok && found.ok, `seed ${seed}`);
    if (Math.abs(found.ours! / found.se!) > 1.96) outside++;
  }
  // 2 of 40 are expected beyond the 95 % interval; 9 or more come once in 5,000.
  assert.ok(outside <= 8, `${outside} of 40 beyond the 95 % interval`);
  const drifting = made(0.02, 0.2);
  const found = claim(drifting, drift('n', [-0.3, -0.1]), false);
  assert.ok(found.ok && Math.abs(found.ours! + 0.2) < 4 * found.se!, `${found.ours} ± ${found.se}`);
  assert.equal(claim(drifting, drift('n', [-0.05, 0.05]), false).ok, false);
  assert.equal(claim(drifting, drift('d', [-0.05, 0.05]), false).ok, true, 'groups of n keep their own level');
  assert.equal(claim(drifting, collapse('n', S), false).ok, false);
});

test('a full run needs 2 SE to spare, a coarse one is held to within them', () => {
  const noisy = made(0.02);
  const { ours, se } = claim(noisy, collapse('d', S), false);
  const bound = { atMost: ours! + se! };
  assert.deepEqual(
    [false, true].map((coarse) => claim(noisy, collapse('d', S, bound), coarse).ok),
    [false, true],
  );
  assert.deepEqual(
    [false, true].map((coarse) => claim(noisy, collapse('d', S, { atMost: ours! - 3 * se! }), coarse).ok),
    [false, false],
  );
});

test('what cannot be judged does not hold', () => {
  const exact = made(0);
  assert.equal(claim(exact, { ...collapse('d', S), level: 0.49 } as Claim, true).ok, false);
  assert.equal(claim(new Results(exact.spec), collapse('d', S), true).ok, false);
  assert.throws(() => levelPlaces(exact, { ...at, against: S, over: 'm' }), /no axis m/);
});
