/** Label noise and powers of the ReLU: the same draws and steps in every engine, the right share of turned labels. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem, Run } from '../../src/dynamics/engine.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { allSamples } from '../../src/dynamics/steps/puller.ts';
import { turnedLabels } from '../../src/dynamics/steps/label-noise.ts';
import { linearised } from '../../src/dynamics/lazy.ts';
import { train } from '../../src/dynamics/train.ts';
import { noisyLoss } from '../../src/observables/training.ts';
import { normalQuantile, sigmoidOfMinus } from '../../src/core/special.ts';
import { key, makeProblem, trained, worstDifference } from '../helpers/problems.ts';
import { ENGINES, FALSE_ALARM, ROUNDING, SMALL_STEPS } from '../tolerances.ts';

const noisy = (problem: Problem, probability: number, seed = 1): Problem => ({
  ...problem,
  puller: probability > 0 ? turnedLabels(probability, key(seed)) : allSamples,
});
const words = (x: Float64Array): BigUint64Array =>
  new BigUint64Array(x.map((one) => (Number.isNaN(one) ? NaN : one)).buffer);

/** Every bit at the end of a training run, with its ending. */
function end(run: Run, problem: Problem, maxSteps: number, every: number): unknown {
  const seen: unknown[] = [];
  const ending = train(
    run,
    problem.sample,
    problem.loss,
    { stop: 'steps', epsilon: 0.01, maxSteps },
    (t, view) => seen.push([t, words(view.outputs)]),
    every,
  );
  const { view } = run;
  return [
    ending,
    seen,
    ...[
      view.preactivations,
      view.coefficients,
      view.bias,
      view.products(),
      view.weights().rows,
      view.outputWeights,
    ].map(words),
  ];
}

test('kernel and reference agree in every bit, with label noise or without, for powers of the ReLU too', () => {
  fc.assert(
    fc.property(
      fc.record({
        activation: fc.constantFrom('relu' as const, 'leaky-relu' as const, 'relu-power' as const),
        power: fc.integer({ min: 2, max: 5 }),
        output: fc.constantFrom('fixed' as const, 'trained' as const, 'trained-per-patch' as const),
        loss: fc.constantFrom('logistic' as const, 'hinge' as const),
        bias: fc.boolean(),
        m: fc.integer({ min: 1, max: 7 }),
        n: fc.integer({ min: 1, max: 27 }),
        d: fc.constantFrom(2, 5, 40, 1000),
        probability: fc.constantFrom(0, 0.1, 0.49),
        stepPerSample: fc.constantFrom(1e-3, 0.05, 1, 1e6, 1e200),
        sigma0: fc.constantFrom(0.1, 3, 1e60),
        maxSteps: fc.constantFrom(0, 1, 7, 60),
        every: fc.constantFrom(1, 3, 1000),
        seed: fc.integer({ min: 0, max: 1e6 }),
      }),
      ({
        n,
        d,
        activation,
        power,
        output,
        bias,
        m,
        loss,
        sigma0,
        stepPerSample,
        probability,
        maxSteps,
        every,
        seed,
      }) => {
        const problem = noisy(
          makeProblem(
            {
              data: { n, d, flip: 0.2 },
              network: { activation, power, output, bias, m },
              init: { law: 'gaussian', sigma0 },
              loss,
              stepPerSample,
            },
            key(seed),
          ),
          probability,
          seed,
        );
        assert.deepEqual(
          end(gramKernel.start(problem), problem, maxSteps, every),
          end(gram.start(problem), problem, maxSteps, every),
        );
      },
    ),
    { numRuns: 600, seed: 3 },
  );
});

test('direct and Gram runs draw the same labels: they agree for 300 steps, and with other draws they do not (control)', () => {
  for (const activation of ['relu', 'relu-power'] as const) {
    const problem = noisy(
      makeProblem({ data: { n: 10, d: 60 }, network: { activation }, stepPerSample: 0.01 }, key(4)),
      0.2,
    );
    const ours = trained(gram, problem, 300).view;
    assert.ok(worstDifference(ours.outputs, trained(direct, problem, 300).view.outputs) <= ENGINES);
    assert.ok(worstDifference(ours.coefficients, trained(direct, problem, 300).view.coefficients) <= ENGINES);
    assert.ok(worstDifference(ours.outputs, trained(direct, noisy(problem, 0.2, 2), 300).view.outputs) > 100 * ENGINES);
    assert.ok(worstDifference(ours.outputs, trained(direct, noisy(problem, 0), 300).view.outputs) > 100 * ENGINES);
  }
});

test("the linearised run sees the same labels: its first step moves the outputs as the network's smallest steps do", () => {
  const problem = noisy(makeProblem({ data: { n: 6, d: 200 }, network: { m: 3 }, stepPerSample: 1e-7 }, key(6)), 0.4);
  const start = trained(gram, problem, 0).view.outputs.slice();
  const moved = (run: Run): Float64Array => {
    run.forward();
    for (let t = 0; t < 3; t++) {
      run.update();
      run.forward();
    }
    return run.view.outputs.map((f, i) => (f - start[i]!) * 1e7);
  };
  assert.ok(worstDifference(moved(linearised(problem)), moved(gram.start(problem))) <= SMALL_STEPS);
  assert.ok(worstDifference(moved(linearised(noisy(problem, 0))), moved(gram.start(problem))) > 0.1);
});

test('each label is turned with the probability asked for, on its own and anew', () => {
  const labels = Float64Array.from({ length: 50 }, (_, i) => (i % 3 ? 1 : -1));
  const p = 0.1;
  const next = turnedLabels(p, key(9)).start(labels);
  const steps = 4000;
  let turned = 0;
  let again = 0;
  let neighbours = 0;
  let before = labels.map(() => 0);
  for (let t = 0; t < steps; t++) {
    const now = next().labels.map((y, i) => (y === labels[i] ? 0 : 1));
    now.forEach((one, i) => {
      turned += one;
      again += one * before[i]!;
      if (i > 0) neighbours += one * now[i - 1]!;
    });
    before = now;
  }
  const z = (count: number, trials: number, chance: number): number =>
    Math.abs(count - trials * chance) / Math.sqrt(trials * chance * (1 - chance));
  const limit = normalQuantile(1 - FALSE_ALARM / 6); // three two-sided checks
  assert.ok(z(turned, 50 * steps, p) < limit);
  assert.ok(z(again, 50 * (steps - 1), p * p) < limit);
  assert.ok(z(neighbours, 49 * steps, p * p) < limit);
  assert.ok(z(turned, 50 * steps, p * 1.05) > limit); // control
  assert.equal(allSamples.start(labels)().labels, labels);
});

test('a step that moves nothing is not the end under label noise: another draw may move it', () => {
  const problem = makeProblem({ data: { n: 4, d: 40, mu: 10 }, loss: 'hinge', stepPerSample: 1 }, key(5));
  for (const engine of [gram, gramKernel, direct]) {
    const quiet = train(engine.start(problem), problem.sample, 'hinge', {
      stop: 'steps',
      epsilon: 0.01,
      maxSteps: 400,
    });
    const loud = train(engine.start(noisy(problem, 0.1)), problem.sample, 'hinge', {
      stop: 'steps',
      epsilon: 0.01,
      maxSteps: 400,
    });
    assert.ok(quiet.steps < 400);
    assert.equal(loud.steps, 400);
  }
});

test('the loss under label noise is that of turned labels on average: l(z) + p z for the logistic loss, least where the margin is log((1 - p)/p)', () => {
  const { view } = trained(gram, makeProblem({}, key(3)), 20);
  const { sample } = makeProblem({}, key(3));
  const mean = sample.labels.reduce((sum, y, i) => sum + y * view.outputs[i]!, 0) / sample.n;
  assert.ok(
    Math.abs(noisyLoss(view, sample, 'logistic', 0.1) - noisyLoss(view, sample, 'logistic', 0) - 0.1 * mean) <=
      ROUNDING,
  );
  const best = Math.log(9);
  assert.ok(Math.abs(0.9 * sigmoidOfMinus(best) - 0.1 * sigmoidOfMinus(-best)) <= ROUNDING);
});
