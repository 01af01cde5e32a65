/** Numbers that are to be the same at two places, run by run: one difference refutes, whatever the others are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Results } from '../../src/experiments/results.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { Claim } from '../../src/verification/check.ts';
import { claim } from '../../src/verification/claims.ts';
import { recordWith } from '../helpers/records.ts';

const spec = specFrom(
  {
    data: { d: 100, flip: 0 },
    network: { m: 2 },
    axes: { 'data.n': [10, 20], 'data.mu': [1, 2] },
    coupling: 'common',
    runs: 5,
  },
  'test',
);
const one: Claim = { kind: 'same', id: 'same', says: '', of: 'trainLoss', a: { n: 10 }, b: { n: 20 }, within: 1e-10 };

/** Losses of their own for each signal and replicate, the same for both n but where `other` says so. */
function judged(other: (n: number, mu: number, replicate: number) => number | undefined) {
  const results = new Results(spec);
  results.cells.forEach(({ data: { n, mu } }, at) => {
    for (let replicate = 0; replicate < 5; replicate++) {
      const trainLoss = other(n, mu, replicate) ?? mu + replicate / 7;
      results.add(recordWith(results, at, replicate, Number.isNaN(trainLoss) ? {} : { trainLoss }));
    }
  });
  return claim(results.frame(), one, 0.05);
}

test('the same up to the margin holds, and says what it can notice', () => {
  assert.equal(judged(() => undefined).verdict, 'holds');
  const close = judged((n, mu, replicate) => (n === 10 ? mu + replicate / 7 + 0.9e-10 : undefined));
  assert.equal(close.verdict, 'holds');
  assert.ok(close.power!.finds! > 0 && close.power!.finds! < 1);
});

test('one run that differs refutes it, on either side; so does one that has a number at one place only', () => {
  for (const side of [10, 20])
    for (const value of [1, NaN]) {
      const { verdict, says } = judged((n, mu, replicate) =>
        n === side && mu === 2 && replicate === 3 ? value : undefined,
      );
      assert.equal(verdict, 'fails', says);
      assert.match(says, /1 of 10 runs are exceptions/);
    }
});

test('two runs without a number say nothing', () => {
  const { verdict, says } = judged((_, mu) => (mu === 2 ? NaN : undefined));
  assert.equal(verdict, 'holds', says);
  assert.match(says, /none of 5 runs/);
  assert.equal(judged(() => NaN).verdict, 'undecided');
});
