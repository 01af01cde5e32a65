/** Deaths of activations, by hand and over runs; sizes that theorems ask for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gram } from '../../src/dynamics/gram.ts';
import { train } from '../../src/dynamics/train.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { inputNorms, largestFilter } from '../../src/observables/sizes.ts';
import { largestLoss } from '../../src/observables/training.ts';
import { DeathWatch } from '../../src/observables/undying.ts';
import { explicitSample, key, makeProblem, trained } from '../helpers/problems.ts';
import { ROUNDING } from '../tolerances.ts';

const sample = explicitSample(
  [3, 0],
  [
    [0, 4],
    [0, 1],
  ],
  [1, -1],
);

test("deaths by hand: only units of the sample's own sign count, each time that they go", () => {
  const problem = makeProblem({}, key(1));
  const { view } = trained(gram, problem, 0);
  const state = (...preactivations: number[]) => ({
    ...view,
    outputWeights: Float64Array.of(1, -1),
    bias: Float64Array.of(0, 0),
    preactivations: Float64Array.from(preactivations),
  });
  const watch = new DeathWatch(sample);
  // filter +1 on patches (y = 1: 2, y = -1: 2), then filter -1
  watch.see(state(1, 1, 1, 1, 1, 1, 1, 1));
  assert.equal(watch.count, 0, 'the start has no step before it');
  watch.see(state(1, 0, -1, -1, -1, -1, 1, -1)); // + on y = 1 patch 1; - on y = -1 patch 1
  assert.equal(watch.count, 2);
  watch.see(state(1, 1, 1, 1, 1, 1, 1, 1));
  watch.see(state(1, -1, 1, 1, 1, 1, 1, 1)); // the same one again
  assert.equal(watch.count, 3);
});

test('one that sees all but one step counts no more than one that sees all', () => {
  const problem = makeProblem({ data: { n: 12, flip: 0.2 }, stepPerSample: 2 }, key(3));
  const [all, some] = [new DeathWatch(problem.sample), new DeathWatch(problem.sample)];
  train(gram.start(problem), problem.sample, 'logistic', { stop: 'steps', epsilon: 0, maxSteps: 60 }, (t, view) => {
    all.see(view);
    if (t % 2 === 0) some.see(view);
  });
  assert.ok(all.count > 0, 'too large a step kills');
  assert.ok(some.count <= all.count);
});

test('a record counts deaths over the whole run, asking changes nothing else, and a series grows to it', () => {
  const setting = {
    data: { model: 'mixture', n: 20, d: 5, mu: 2, flip: 0.2, projected: false },
    network: { m: 4, outputSigns: 'random' },
    training: { eta: 2, maxSteps: 40 },
  };
  const [cell] = cells(specFrom(setting, 'deaths'));
  const plain = runCell(cell!, 1, 0);
  const watched = runCell(cell!, 1, 0, { series: ['died'], values: ['died'], every: 7 });
  const { died, ...others } = watched.values;
  assert.deepEqual(others, plain.values);
  assert.ok(died! > 0);
  const column = watched.series!.died!;
  assert.deepEqual([column[0], column.at(-1)], [0, died]);
  assert.deepEqual(watched.series!.step, [0, 7, 14, 21, 28, 35, 40]);
});

test('sizes by hand', () => {
  const { smallest, largest } = inputNorms(sample); // patches (3, 0) and (0, 4); (-3, 0) and (0, 1)
  assert.equal(largest, 5);
  assert.ok(Math.abs(smallest - Math.sqrt(10)) <= ROUNDING);
  assert.equal(
    largestFilter({ rows: Float64Array.of(1, 0, 3, 4, 0, 2), columns: 2, bias: Float64Array.of(9, 9, 9) }),
    5,
  );
});

test('the largest loss is that of the smallest margin', () => {
  const { view } = trained(gram, makeProblem({}, key(1)), 0);
  const at = { ...view, outputs: Float64Array.of(2, 1) }; // margins 2, -1
  assert.equal(largestLoss(at, sample, 'hinge'), 2);
  assert.ok(Math.abs(largestLoss(at, sample, 'logistic') - Math.log(1 + Math.E)) <= ROUNDING);
});
