/** Real labels under the squared loss: against a NumPy program, engine against engine, and what they leave as it was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withRealLabels } from '../../src/data/real-labels.ts';
import { observedLabels, type Sample } from '../../src/data/sample.ts';
import { deepDirect, deepGram } from '../../src/dynamics/deep/engines.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem, Run } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { linearised } from '../../src/dynamics/lazy.ts';
import { turnedLabels } from '../../src/dynamics/steps/label-noise.ts';
import { meanLoss, train } from '../../src/dynamics/train.ts';
import { trainedWeights } from '../../src/observables/layers.ts';
import { largestLoss, trainError } from '../../src/observables/training.ts';
import { deep } from '../helpers/deep.ts';
import { explicitSample, key, makeProblem, trained, worstDifference } from '../helpers/problems.ts';
import { header, problemOf, runs } from '../helpers/regression.ts';
import { ENGINES, MEAN_SE, NEAR_KINK, TORCH } from '../tolerances.ts';

for (const engine of [direct, gram])
  for (const numpy of runs)
    test(`${engine.id} and NumPy: ${numpy.name}`, (t) => {
      assert.ok(numpy.nearestKink > NEAR_KINK, 'no pre-activation may go two ways by rounding');
      const problem = problemOf(numpy);
      const run = engine.start(problem);
      const losses: number[] = [];
      const rule = { stop: 'steps', epsilon: 1, maxSteps: header.steps } as const;
      train(
        run,
        problem.sample,
        'squared',
        rule,
        (_, view) => losses.push(meanLoss(view, problem.sample, 'squared')),
        header.every,
      );
      const differences = {
        labels: worstDifference(observedLabels(problem.sample), numpy.labels),
        losses: worstDifference(losses, numpy.losses),
        outputs: worstDifference(run.view.outputs, numpy.outputs),
        weights: worstDifference(run.view.weights().rows, numpy.end.weight.flat()),
        v: worstDifference(
          trainedWeights(run.view.outputWeights, problem.network),
          numpy.output === 'fixed' ? new Float64Array(2 * header.m).fill(1) : numpy.end.v.flat(),
        ),
      };
      t.diagnostic(JSON.stringify(differences));
      for (const [what, difference] of Object.entries(differences))
        assert.ok(difference <= TORCH, `${what} differ by ${difference}`);
      assert.ok(losses.at(-1)! < 0.01 * losses[0]!); // it learned the labels
    });

const SETUP = { loss: 'squared', stepPerSample: 0.02 } as const;
const real = (problem: Problem, sigmaY = 0.7): Problem => ({
  ...problem,
  sample: withRealLabels(problem.sample, sigmaY, key(7)),
});
/** Targets that say nothing. */
const ones = (problem: Problem): Problem => ({
  ...problem,
  sample: { ...problem.sample, targets: new Float64Array(problem.sample.n).fill(1) },
});

test('targets of 1 are no targets, bit for bit, in every engine; other ones are', () => {
  const two = makeProblem(SETUP, key(1));
  const three = deep({}, SETUP);
  const engines: Record<string, [(problem: Problem) => Run, Problem]> = {
    direct: [direct.start, two],
    gram: [gram.start, two],
    linearised: [linearised, two],
    'deep direct': [deepDirect.start, three],
    'deep gram': [deepGram.start, three],
  };
  for (const [name, [start, problem]] of Object.entries(engines)) {
    const outputs = (one: Problem): Float64Array => trained({ ...gram, start }, one, 60).view.outputs.slice();
    assert.deepEqual(outputs(ones(problem)), outputs(problem), name);
    assert.ok(worstDifference(outputs(real(problem)), outputs(problem)) > 0.1, name);
  }
  assert.equal(withRealLabels(two.sample, 0, key(7)), two.sample);
});

test('engines agree on real labels; a linear network is its own linearisation', () => {
  for (const network of [{}, { activation: 'leaky-relu', leak: 0.2, output: 'trained' }] as const) {
    const problem = real(makeProblem({ ...SETUP, network }, key(2)));
    const [a, b] = [direct, gram].map((engine) => trained(engine, problem, 300).view);
    assert.ok(worstDifference(a!.outputs, b!.outputs) <= ENGINES);
  }
  const problem = real(deep({}, SETUP));
  const [a, b] = [deepDirect, deepGram].map((engine) => trained(engine, problem, 100).view);
  assert.ok(worstDifference(a!.outputs, b!.outputs) <= ENGINES);
  const linear = real(makeProblem({ ...SETUP, network: { activation: 'leaky-relu', leak: 1 } }, key(3)));
  const lazy = trained({ ...gram, start: linearised }, linear, 100).view;
  assert.ok(worstDifference(lazy.outputs, trained(gram, linear, 100).view.outputs) <= ENGINES);
});

test('labels are the true ones and sigma_y times standard normals', () => {
  const sample = makeProblem({ data: { n: 4000, d: 2 }, network: { m: 1 } }, key(4)).sample;
  const labels = observedLabels(withRealLabels(sample, 0.5, key(4)));
  const noise = labels.map((label, i) => (label - sample.trueLabels[i]!) / 0.5);
  const mean = (of: (x: number) => number): number => noise.reduce((sum, x) => sum + of(x), 0) / noise.length;
  assert.ok(Math.abs(mean((x) => x)) < MEAN_SE / Math.sqrt(4000));
  assert.ok(Math.abs(mean((x) => x * x) - 1) < MEAN_SE * Math.sqrt(2 / 4000));
});

test('fitted by the loss and not by a sign', () => {
  // The labels of the true classes 1 and -1 lie on the other side and at 3.
  const drawn = explicitSample(
    [1, 0, 0],
    [
      [0, 2, 0],
      [0, 0, 2],
    ],
    [1, -1],
  );
  const sample: Sample = { ...drawn, targets: Float64Array.of(-0.5, 3) };
  const problem = { ...makeProblem(SETUP, key(5)), sample };
  const { network } = problem;
  const init = { columns: 3, rows: new Float64Array(3 * network.filters).fill(0.1), bias: problem.init.bias };
  const ran = (epsilon: number, stop: 'loss' | 'steps', maxSteps: number) => {
    const run = gram.start({ ...problem, init });
    return { ...train(run, sample, 'squared', { stop, epsilon, maxSteps }), view: run.view };
  };
  const fitted = ran(1e-6, 'loss', 10_000);
  assert.equal(fitted.outcome, 'interpolated');
  assert.ok(Math.abs(fitted.view.outputs[0]! + 0.5) < 0.01 && Math.abs(fitted.view.outputs[1]! + 3) < 0.01);
  assert.equal(trainError(fitted.view, sample), 0);
  assert.equal(trainError(fitted.view, { ...sample, targets: Float64Array.of(1, 1) }), 0.5);
  const loss = meanLoss(fitted.view, sample, 'squared');
  assert.ok(
    largestLoss(fitted.view, sample, 'squared') >= loss && largestLoss(fitted.view, sample, 'squared') <= 2 * loss,
  );
  assert.equal(ran(1e-6, 'steps', fitted.steps).outcome, 'interpolated');
  assert.equal(ran(1e-6, 'steps', fitted.steps - 1).outcome, 'step-limit');
  // Equal inputs with two labels cannot be fitted, of one class or not.
  const twice = explicitSample(
    [1, 0, 0],
    [
      [0, 2, 0],
      [0, 2, 0],
    ],
    [1, 1],
  );
  const run = gram.start({ ...problem, init, sample: { ...twice, targets: Float64Array.of(1, 2) } });
  const rule = { stop: 'loss', epsilon: 1e-3, maxSteps: 50 } as const;
  assert.equal(train(run, { ...twice, targets: Float64Array.of(1, 2) }, 'squared', rule).outcome, 'cannot-interpolate');
});

test('what targets need is refused otherwise', () => {
  const problem = real(makeProblem(SETUP, key(6)));
  const refused = (change: Partial<Problem>, says: RegExp): void =>
    void assert.throws(() => gram.start({ ...problem, ...change }), { name: 'RangeError', message: says });
  refused({ loss: 'logistic' }, /^loss: must be squared where the sample has targets, got logistic$/);
  refused({ puller: turnedLabels(0.1, key(1)) }, /^puller\.turned: must be 0 where the sample has targets, got 0\.1$/);
  const of = (change: Partial<Sample>): Partial<Problem> => ({ sample: { ...problem.sample, ...change } });
  refused(of({ targets: new Float64Array(2) }), /^sample\.targets: must be of length 8/);
  refused(of({ targets: new Float64Array(8).fill(NaN) }), /^sample\.targets: must be numbers, got NaN$/);
  refused(of({ labels: problem.sample.labels.map((y) => -y) }), /^sample\.labels\[0\]: must be the true label/);
});
