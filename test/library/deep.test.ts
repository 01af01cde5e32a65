/** A program trains a deep problem by hand, with nothing but what the package exports. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildNetwork,
  deepDirect,
  deepGram,
  drawInitialWeights,
  drawSignalNoise,
  gram,
  train,
  type Engine,
  type LayeredView,
  type Problem,
  type StackView,
} from '../../src/index.ts';
import { DATA, NETWORK, worstDifference } from '../helpers/problems.ts';
import { ENGINES } from '../tolerances.ts';

const key = { seed: 5, cell: [0, 0], replicate: 0 } as const;

function problemOf(depth: number): Problem {
  const sample = drawSignalNoise({ ...DATA, d: 60, mu: 3, draw: 'explicit' }, key);
  const network = buildNetwork({ ...NETWORK, m: 3, depth, width: 4, output: 'trained' }, sample.patches.perSample);
  const init = drawInitialWeights({ law: 'gaussian', sigma0: 0.1 }, network, sample.frame, key);
  return { sample, network, init, loss: 'logistic', stepPerSample: 0.05 };
}

function end(engine: Engine, problem: Problem): { outputs: Float64Array; stack: StackView } {
  const run = engine.start(problem);
  const ending = train(run, problem.sample, problem.loss, { stop: 'steps', maxSteps: 40, epsilon: 0.1 });
  assert.equal(ending.steps, 40);
  const { outputs, stack } = run.view as LayeredView;
  return { outputs, stack: stack! };
}

test('deepGram and deepDirect are the same network; engines of the other depth refuse it in a sentence', () => {
  const problem = problemOf(4);
  const [a, b] = [end(deepGram, problem), end(deepDirect, problem)];
  assert.ok(worstDifference(a.outputs, b.outputs) <= ENGINES);
  assert.deepEqual(
    a.stack.layers.map(({ weights, bias }) => [bias.length, weights().length / bias.length]),
    [
      [6, 60],
      [4, 6],
      [4, 4],
    ],
  );
  a.stack.layers.forEach(({ weights }, at) =>
    assert.ok(worstDifference(weights(), b.stack.layers[at]!.weights()) <= ENGINES, `layer ${at + 1}`),
  );
  assert.ok(worstDifference(a.stack.outputWeights, problem.network.outputWeights) > 1e3 * ENGINES);
  assert.throws(() => gram.start(problem), /^RangeError: engine gram: needs network\.depth: 2; /);
  for (const engine of [deepGram, deepDirect])
    assert.throws(
      () => engine.start(problemOf(2)),
      /^RangeError: network\.hidden: needed by an engine of deep networks/,
    );
});
