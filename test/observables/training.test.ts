import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gram } from '../../src/dynamics/gram.ts';
import { meanLoss } from '../../src/dynamics/train.ts';
import { derivativeRatio, margins, trainError } from '../../src/observables/training.ts';
import { explicitSample, key, makeProblem, trained } from '../helpers/problems.ts';
import { ROUNDING } from '../tolerances.ts';

const sample = explicitSample(
  [1, 0],
  [
    [0, 1],
    [0, 2],
    [0, 3],
    [0, 4],
  ],
  [1, 1, 1, 1],
  [1, -1, 1, -1],
);
const view = { ...trained(gram, makeProblem({}, key(1)), 0).view, outputs: Float64Array.of(2, -0.5, 0, 1) }; // margins 2, .5, 0, -1

test('observables of the training sample, by hand', () => {
  assert.equal(trainError(view, sample), 0.5); // f = 0 is an error
  assert.deepEqual(margins(view, sample), { smallest: -1, largest: 2 });
  assert.equal(meanLoss(view, sample, 'hinge'), (0 + 0.5 + 1 + 2) / 4);
  const logistic = [2, 0.5, 0, -1].map((z) => Math.log(1 + Math.exp(-z)));
  assert.ok(Math.abs(meanLoss(view, sample, 'logistic') - logistic.reduce((a, b) => a + b) / 4) <= ROUNDING);
});

test('the ratio of loss derivatives', () => {
  const expected = (1 + Math.exp(2)) / (1 + Math.exp(-1));
  assert.ok(Math.abs(derivativeRatio(view, sample, 'logistic') - expected) <= ROUNDING * expected);
  assert.equal(derivativeRatio(view, sample, 'hinge'), Infinity);
  const at = (outputs: number[]) => derivativeRatio({ ...view, outputs: Float64Array.from(outputs) }, sample, 'hinge');
  assert.equal(at([2, -2, 3, -1]), 1); // all 0
  assert.equal(at([0, 0, 0, 0]), 1);
});
