/**
 * How often a word is wrong, where it is hardest: the truth lies on a bound, so that holds and fails are each said at
 * most with half of alpha, for few runs as for many; and what is far beyond a bound does not pass for want of runs.
 */
import assert from 'node:assert/strict';
import type { Frame } from '../../src/experiments/frame.ts';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { exp, normalTail } from '../../src/core/special.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/results.ts';
import type { Claim } from '../../src/verification/check.ts';
import { claim } from '../../src/verification/claims.ts';
import { SAID_WITH_ENOUGH, WRONG_WORDS } from '../tolerances.ts';
import { recordWith } from '../helpers/records.ts';

const SIZES = [10, 20, 40, 80, 160];
const SETS = 200;
const ALPHA = 0.1;
/** Spread of the logarithm of a run, and the part of its variance that cells share under common draws. */
const SPREAD = 0.3;
const SHARED = 0.6;

/** Loss 1/n on the average; an error that falls with the signal, the same for all n; fitted with probability .7. */
function made(common: boolean, runs: number, seed: number): Frame {
  const results = new Results(
    specFrom(
      {
        data: { d: 1000, flip: 0 },
        network: { m: 2 },
        axes: { 'data.n': SIZES, 'data.mu': { from: 0.5, to: 2, count: 6, scale: 'log' } },
        coupling: common ? 'common' : 'independent',
        runs,
      },
      'test',
    ),
  );
  const stream = new Stream({ seed, cell: [0, 0], replicate: 0 }, 'test');
  const shared = Array.from({ length: runs }, () => [stream.normal(), stream.normal(), stream.normal()] as const);
  results.cells.forEach(({ data: { n, mu } }, at) => {
    for (let replicate = 0; replicate < runs; replicate++) {
      const z = (k: 0 | 1 | 2): number =>
        common ? Math.sqrt(SHARED) * shared[replicate]![k] + Math.sqrt(1 - SHARED) * stream.normal() : stream.normal();
      const factor = (k: 0 | 1): number => exp(SPREAD * z(k) - (SPREAD * SPREAD) / 2);
      const values = {
        trainLoss: factor(0) / n,
        testErrorClean: normalTail(mu * mu) * factor(1),
        trainError: Number(z(2) > FITTED_BELOW),
      };
      results.add(recordWith(results, at, replicate, values));
    }
  });
  return results.frame();
}

/** Normal quantile of .7. */
const FITTED_BELOW = 0.5244005127080407;
const MU = 'mu';
const says = '';
const ON_BOUNDS: readonly Claim[] = [
  { kind: 'mean', id: 'mean', says, of: 'trainLoss', where: { n: 10 }, atMost: 0.1 },
  { kind: 'mean', id: 'mean of 0 and 1', says, of: 'trainError', atMost: 0.3 },
  { kind: 'paired', id: 'paired', says, of: 'testErrorClean', a: { n: 10 }, b: { n: 20 }, above: 0 },
  { kind: 'ratio', id: 'ratio', says, of: 'trainLoss', a: { n: 10 }, b: { n: 20 }, atMost: 2 },
  { kind: 'slope', id: 'slope', says, of: 'trainLoss', along: 'n', between: [-1, 0] },
  { kind: 'trend', id: 'trend', says, of: 'testErrorClean', along: 'n', direction: 'rises' },
  {
    kind: 'level-ratio',
    id: 'level-ratio',
    says,
    of: 'testErrorClean',
    along: MU,
    level: 0.1,
    a: { n: 10 },
    b: { n: 160 },
    atMost: 1,
  },
  { kind: 'every', id: 'share', says, of: 'trainError', atMost: 0, share: 0.7 },
];

for (const common of [false, true])
  for (const runs of [2, 5, 30])
    test(`truth on a bound, ${runs} runs a cell, ${common ? 'common' : 'independent'} draws: no word is said too often`, () => {
      const counts = new Map<string, { holds: number; fails: number }>();
      for (let seed = 1; seed <= SETS; seed++) {
        const results = made(common, runs, seed);
        for (const one of ON_BOUNDS) {
          const { verdict } = claim(results, one, ALPHA);
          const count = counts.get(one.id) ?? { holds: 0, fails: 0 };
          if (verdict === 'holds' || verdict === 'fails') count[verdict]++;
          counts.set(one.id, count);
        }
      }
      const rates = JSON.stringify(Object.fromEntries(counts));
      for (const [id, { holds, fails }] of counts) {
        assert.ok(Math.max(holds, fails) / SETS <= WRONG_WORDS, `${id}: ${rates}`);
      }
    });

test('fewer runs do not turn a word: beyond the bounds nothing passes, however few they are', () => {
  const wrong: readonly Claim[] = [
    { kind: 'mean', id: 'mean', says, of: 'trainLoss', where: { n: 10 }, atMost: 0.08 },
    { kind: 'ratio', id: 'ratio', says, of: 'trainLoss', a: { n: 10 }, b: { n: 20 }, atMost: 1.6 },
    { kind: 'slope', id: 'slope', says, of: 'trainLoss', along: 'n', between: [-0.9, 0] },
    { kind: 'trend', id: 'trend', says, of: 'trainLoss', along: 'n', direction: 'rises' },
    { kind: 'paired', id: 'paired', says, of: 'trainLoss', a: { n: 20 }, b: { n: 10 }, above: 0 },
  ];
  const passed = new Map<string, number>();
  const failed = new Map<string, number>();
  for (let seed = 1; seed <= 100; seed++)
    for (const runs of [2, 3, 8, 60]) {
      const results = made(true, runs, 1000 + seed);
      for (const one of wrong) {
        const { verdict } = claim(results, one, ALPHA);
        if (verdict === 'holds') passed.set(one.id, (passed.get(one.id) ?? 0) + 1);
        if (verdict === 'fails' && runs === 60) failed.set(one.id, (failed.get(one.id) ?? 0) + 1);
      }
    }
  // of 400 sets; on a bound 20 are allowed
  assert.ok(Math.max(0, ...passed.values()) <= 20, JSON.stringify([...passed]));
  for (const { id } of wrong) assert.ok(failed.get(id)! >= 90, `${id}: enough runs see it (${failed.get(id)} of 100)`);
});

test('with the runs that are needed a word is said nine times of ten', () => {
  const one: Claim = { kind: 'mean', id: 'm', says, of: 'trainLoss', where: { n: 10 }, atMost: 0.108 };
  let [said, sets] = [0, 0];
  for (let seed = 1; seed <= 300; seed++) {
    const { verdict, ours, power } = claim(made(false, 4, 5000 + seed), one, ALPHA);
    // the number is right where the estimate is
    if (verdict !== 'undecided' || Math.abs(ours! - 0.1) > 0.002) continue;
    sets++;
    if (claim(made(false, Math.ceil(power.runs! / 6), 9000 + seed), one, ALPHA).verdict === 'holds') said++;
  }
  assert.ok(sets > 40 && said / sets > SAID_WITH_ENOUGH, `${said} of ${sets}`);
});

test('an alternative is told apart where its number lies far enough beyond the bounds', () => {
  const one: Claim = {
    kind: 'mean',
    id: 'm',
    says,
    of: 'trainLoss',
    where: { n: 10 },
    published: { value: 0.1, within: 0.01, because: 'a test' },
    alternatives: { near: 0.115, far: 0.2 },
  };
  const tells = (runs: number) => claim(made(false, runs, 3), one, ALPHA).power.tells;
  assert.deepEqual(tells(30), { near: false, far: true });
  assert.deepEqual(tells(1000), { near: true, far: true });
});
