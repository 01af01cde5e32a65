/** Runs held against the bounds of a statement: who is inside, who keeps them, and what a claim makes of it. */
import assert from 'node:assert/strict';
import type { Frame } from '../../src/experiments/frame.ts';
import { test } from 'node:test';
import { RECORD_VERSION, SCIENCE, type RunRecord } from '../../src/experiments/record.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/results.ts';
import type { SymbolId } from '../../src/notation.ts';
import { claim } from '../../src/verification/claims.ts';
import type { Claim } from '../../src/verification/check.ts';
import { SUM_OF_SQUARES } from '../tolerances.ts';

const SPEC = {
  data: { model: 'unit-norm-mixture', n: 10, d: 20, share: 0.2 },
  network: { activation: 'leaky-relu', leak: 0.25, m: 4, outputScale: '1' },
  training: { loss: 'hinge', reduction: 'sum', eta: 0.01, stop: 'zero-loss' },
  record: { values: ['weightNorm', 'maxMarginNorm', 'inputMin', 'inputMax', 'startMax'] },
};
/**
 * ‖w*‖ = 4: at most 4 * 16/(.01 * .0625 * 4) = 25,600 steps and sqrt(18) * 4/(.25 * 2) = 33.94; eta <= 1/(40 max²);
 * ‖w(0)‖ <= .5/(4 min).
 */
const GOOD = { trainLoss: 0, maxMarginNorm: 4, weightNorm: 33.9, inputMin: 1, inputMax: 1.5, startMax: 0.12 };

function results(
  runs: readonly (Partial<Record<SymbolId, number>> & { steps?: number })[],
  spec: object = SPEC,
): Frame {
  const all = new Results(specFrom({ ...spec, runs: runs.length }, 'test'));
  runs.forEach(({ steps = 25600, ...values }, replicate) => {
    const record: RunRecord = {
      v: RECORD_VERSION,
      run: `${all.ids[0]}-${replicate}`,
      cell: {},
      seed: 1,
      replicate,
      engine: 'gram',
      science: SCIENCE,
      outcome: 'interpolated',
      steps,
      values: { ...GOOD, ...values },
    };
    assert.ok(all.add(record));
  });
  return all.frame();
}

const CLAIM: Claim = {
  kind: 'statement',
  id: 'bounds',
  statement: 'karhadkar-2024/theorem-3.1-explicit',
  says: 'bounds',
};

test('runs just within the bounds are good, just beyond are not', () => {
  const good = claim(results([{}, { weightNorm: 1 }]), CLAIM, 0.01);
  assert.deepEqual([good.verdict, good.ours], ['holds', 1]);
  assert.match(good.says, /2 of 2 runs meet the conditions, steps: 1\.0 of its bound, norm: 1\.0 of its bound/);
  assert.match(good.says, /none of 2 runs is an exception: a rate above 0\.90 is excluded/);
  for (const bad of [{ steps: 25601 }, { weightNorm: 34 }, { trainLoss: 1e-9 }]) {
    const verdict = claim(results([{}, bad]), CLAIM, 0.01);
    assert.deepEqual([verdict.verdict, verdict.ours], ['fails', 0.5], JSON.stringify(bad));
  }
});

test('a share of the runs, and other constants', () => {
  const mixed = results([{}, { weightNorm: 34 }]);
  assert.equal(claim(mixed, { ...CLAIM, share: 0.5 }, 0.01).verdict, 'undecided', 'two runs say little of a share');
  assert.equal(claim(mixed, { ...CLAIM, constants: { C_W: 5 } }, 0.01).verdict, 'holds');
  assert.equal(claim(results([{}]), { ...CLAIM, constants: { C_W: 4 } }, 0.01).verdict, 'fails');
  const many = (bad: number): Frame =>
    results(Array.from({ length: 200 }, (_, i) => (i < bad ? { weightNorm: 34 } : {})));
  assert.deepEqual(
    [2, 20, 60].map((bad) => claim(many(bad), { ...CLAIM, share: 0.9 }, 0.01).verdict),
    ['holds', 'undecided', 'fails'],
  );
});

test('runs outside the conditions do not speak; when none is inside the claim is not applicable', () => {
  const { says, verdict } = claim(
    results([{}, { startMax: 0.13, weightNorm: 99 }, { inputMax: 1.6, weightNorm: 99 }]),
    CLAIM,
    0.01,
  );
  assert.equal(verdict, 'holds');
  assert.match(says, /1 of 3 runs meet/);
  const silent = (of: Frame): void => assert.equal(claim(of, CLAIM, 0.01).verdict, 'not-applicable');
  silent(results([{ startMax: 0.13 }]));
  silent(results([{ inputMax: NaN }]));
  silent(results([{}], { ...SPEC, network: { ...SPEC.network, outputSigns: 'negative' } }));
});

test('an unknown statement is refused', () => {
  assert.throws(() => claim(results([{}]), { ...CLAIM, statement: 'no/such' }, 0.01), RangeError);
});

test('a published mean of few trials counts their spread, and a reading error, in quadrature', () => {
  const all = results([{ weightNorm: 1 }, { weightNorm: 3 }, { weightNorm: 5 }, { weightNorm: 7 }]); // mean 4, sd sqrt(20/3)
  const sd = Math.sqrt(20 / 3);
  const { se, power } = claim(
    all,
    {
      kind: 'mean',
      id: 'm',
      says: 'm',
      of: 'weightNorm',
      published: { value: 0, se: 0.5, trials: 10, within: 1, because: 'a test' },
    },
    0.01,
  );
  assert.ok(Math.abs(se! - Math.sqrt(sd ** 2 / 4 + 0.5 ** 2 + sd ** 2 / 10)) < SUM_OF_SQUARES);
  assert.ok(power.finds! > 0);
});
