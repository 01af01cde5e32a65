/** Gradient flow as the limit of descent: against closed forms, and what its records say of the limit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gram } from '../../src/dynamics/gram.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import { outputsApart, slidingShare, withHalvedSteps } from '../../src/dynamics/flow.ts';
import { outcomeSentence } from '../../src/errors.ts';
import type { Cell } from '../../src/experiments/cell.ts';
import { faultOf } from '../../src/experiments/record-check.ts';
import { drawProblem, runCell, streamKey } from '../../src/experiments/run.ts';
import { trainCell } from '../../src/experiments/train-cell.ts';
import { cells } from '../../src/experiments/spec.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { key, makeProblem, trained } from '../helpers/problems.ts';
import { FLOW_LIMIT } from '../tolerances.ts';

const SPEC = { data: { n: 10, d: 60, mu: 2, flip: 0.1 }, network: { m: 4, sigma0: 0.1 } };
const cellOf = (training: object, more: object = {}): Cell =>
  [
    ...cells(specFrom({ ...SPEC, ...more, training: { rule: 'flow', eta: 0.5, maxSteps: 40, ...training } }, 'test')),
  ][0]!;

test('the outputs come nearer to those of very small steps, at first order', () => {
  const cell = cellOf({ flowTolerance: 0.01 }, { coupling: 'common' });
  const record = runCell(cell, 4, 0, { series: ['trainLoss'], values: [], every: 10 });
  const { flowHalvings: halvings, flowDifference: difference } = record.values;
  assert.ok(halvings! >= 1 && difference! <= 0.01, JSON.stringify(record.values));
  assert.deepEqual(record.series!.step, [0, 10, 20, 30, 40]);
  assert.equal(record.steps, 40);
  assert.equal(faultOf(record), undefined);
  // 64 times finer than where it stopped
  const problem = drawProblem(cell, streamKey(cell, 4, 0));
  const at = (k: number): Float64Array => {
    const training = { ...cell.training, stop: 'steps' as const, maxSteps: 40 * 2 ** k };
    return trainCell({ ...cell, training }, withHalvedSteps(problem, k)).view.outputs.slice();
  };
  const limit = at(halvings! + 6);
  const off = outputsApart(at(halvings!), limit);
  assert.ok(off <= FLOW_LIMIT * difference!, `${off} against ${difference}`);
  assert.ok(outputsApart(at(0), limit) > off);
});

test('a smaller tolerance halves more often; one out of reach is unresolved, and says what to do', () => {
  const rough = runCell(cellOf({ flowTolerance: 0.1 }, { coupling: 'common' }), 4, 0);
  const fine = runCell(cellOf({ flowTolerance: 0.002 }, { coupling: 'common' }), 4, 0);
  assert.ok(fine.values.flowHalvings! > rough.values.flowHalvings!);
  const never = runCell(cellOf({ flowTolerance: 1e-300, maxSteps: 2 }), 4, 0);
  assert.equal(never.outcome, 'unresolved');
  assert.ok(never.values.testError !== undefined);
  assert.match(outcomeSentence(never.outcome, never.steps, cellOf({}).training), /^unresolved: .*flowTolerance/);
});

test('sliding pairs go to and fro whatever the step size, and a smooth activation has none', () => {
  const plain = makeProblem({ data: { n: 20, d: 200, mu: 1 }, network: { m: 5 }, stepPerSample: 0.02 }, key(3));
  const shares = [0, 2, 4].map((k) => {
    const problem = withHalvedSteps(plain, k);
    return slidingShare((one) => gramKernel.start(one), problem, trained(gram, problem, 200 * 2 ** k).view);
  });
  // pairs of a filter and a sample of the other sign, of both patches: a quarter to a half of the noise's
  for (const share of shares) assert.ok(share > 0.05 && share < 0.5, shares.join(', '));
  assert.ok(Math.max(...shares) - Math.min(...shares) <= 0.1 * Math.max(...shares), shares.join(', '));
  const view = trained(gram, plain, 200).view;
  assert.equal(
    slidingShare((one) => gram.start(one), plain, view),
    slidingShare((one) => gramKernel.start(one), plain, view),
  );
  const linear = makeProblem({ network: { activation: 'leaky-relu', leak: 1 }, stepPerSample: 1e-6 }, key(3));
  assert.equal(
    slidingShare((one) => gram.start(one), linear, trained(gram, linear, 5).view),
    0,
  );
});

test('what flow is not the limit of is refused', () => {
  for (const [training, says] of [
    [{ batch: 2 }, /flow is the limit of plain descent .* needs training\.batch: 0/],
    [{ labelNoise: 0.1 }, /needs no label noise/],
    [{ schedule: 'cosine' }, /needs training\.schedule: constant/],
  ] as const)
    assert.throws(() => cellOf(training), says);
  assert.throws(() => cellOf({}, { engine: 'gram-frozen' }), /engine: gram-frozen needs training\.rule: descent/);
});
