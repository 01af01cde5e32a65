/** Networks of three layers and more: gradients, the two forms of the first layer, and what is known in closed form. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deepDirect, deepGram } from '../../src/dynamics/deep/engines.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import { frozenKernel } from '../../src/dynamics/frozen-kernel.ts';
import { adam } from '../../src/dynamics/steps/adam.ts';
import { gaussianLabels, turnedLabels } from '../../src/dynamics/steps/label-noise.ts';
import { momentum, nesterov } from '../../src/dynamics/steps/momentum.ts';
import { normalised } from '../../src/dynamics/steps/normalised.ts';
import { allSamples } from '../../src/dynamics/steps/puller.ts';
import { descent } from '../../src/dynamics/steps/rule.ts';
import { sam } from '../../src/dynamics/steps/sam.ts';
import { cosine, stepwise, warmUp } from '../../src/dynamics/steps/schedule.ts';
import { sign } from '../../src/dynamics/steps/sign.ts';
import { lossOf } from '../../src/network/loss.ts';
import { batches, deep, layersNow, stackOf, withLayers } from '../helpers/deep.ts';
import { key, makeProblem, trained, worstDifference } from '../helpers/problems.ts';
import { ENGINES, GRADIENT, NEAR_KINK } from '../tolerances.ts';

const N = 8;

// ---- gradients

function totalLoss(problem: Problem): number {
  const run = deepDirect.start(problem);
  run.forward();
  const { labels } = problem.sample;
  return run.view.outputs.reduce((sum, f, i) => sum + lossOf(problem.loss, labels[i]! * f), 0);
}

test('a step is minus the gradient, by central differences: depths, poolings, losses, activations', (t) => {
  let [worst, numbers] = [0, 0];
  const h = 1e-5;
  for (const depth of [3, 4])
    for (const pool of ['first', 'last'] as const)
      for (const loss of ['logistic', 'squared'] as const)
        for (const activation of ['relu', 'leaky-relu', 'relu-power'] as const) {
          const widths = depth === 3 ? '5' : '5,4';
          const problem = deep(
            { depth, widths, pool, activation, output: 'trained', pooling: numbers % 2 ? 'mean' : 'sum', bias: true },
            { loss, data: { draw: 'explicit', d: 9, mu: 1 } },
            10 + numbers,
          );
          const rate = 1e-3;
          const run = trained(deepDirect, { ...problem, stepPerSample: rate }, 1);
          const start = [
            problem.init.rows,
            ...problem.init.hidden!.map(({ weights }) => weights),
            problem.network.outputWeights,
          ];
          const now = [...stackOf(run).layers.map((layer) => layer.weights()), stackOf(run).outputWeights];
          const { outputUnit } = problem.network;
          for (let layer = 1; layer <= depth; layer++) {
            // By a = +-unit v a step of v moves a by the square of the unit times its own gradient.
            const each = layer === depth ? rate * outputUnit ** 2 : rate;
            for (let k = 0; k < start[layer - 1]!.length; k += 3) {
              const at = (by: number): number =>
                totalLoss(
                  withLayers(problem, {
                    [layer]: (w) => {
                      const other = w.slice();
                      other[k]! += by;
                      return other;
                    },
                  }),
                );
              const gradient = (at(h) - at(-h)) / (2 * h);
              const moved = (start[layer - 1]![k]! - now[layer - 1]![k]!) / each;
              worst = Math.max(worst, Math.abs(gradient - moved) / Math.max(1, Math.abs(gradient)));
              numbers++;
            }
          }
        }
  t.diagnostic(`${numbers} numbers, worst ${worst}`);
  assert.ok(numbers > 500);
  assert.ok(worst <= GRADIENT, String(worst));
});

// ---- the two forms of the first layer

const RULES = [
  descent,
  momentum(0.7),
  nesterov(0.6),
  normalised,
  sam({ radius: 0.2, unnormalised: false }),
  sam({ radius: 0.3, unnormalised: true }),
];
const PULLERS = [
  allSamples,
  batches(3, false),
  batches(4, true, turnedLabels(0.2, key(4))),
  gaussianLabels(1, 0.5, key(5)),
];
const DECAYS = [undefined, { lambda: 0.02, coupled: true }, { lambda: 0.05, coupled: false }];
const SCHEDULES = [undefined, warmUp(20), stepwise(30, 0.5), cosine(120)];
const FROZEN = ['none', '1', '2', '1,3'];

test('in the span and on the vectors: rules, pullers, decay, schedules, depths, poolings, losses, frozen layers', (t) => {
  let [runs, cut, worst] = [0, 0, 0];
  for (const rule of RULES)
    for (const puller of PULLERS)
      for (const decay of DECAYS)
        for (const pool of ['first', 'last'] as const) {
          const schedule = SCHEDULES[runs % SCHEDULES.length];
          // Unnormalised ways up are too long for a power.
          const power = runs % 7 === 6 && rule.ascent?.unnormalised !== true;
          const depth = power ? 3 : 3 + (runs % 3);
          const frozen = FROZEN[runs % 5]!;
          const problem: Problem = {
            ...deep(
              {
                activation: (['relu', 'leaky-relu', 'relu-power'] as const)[power ? 2 : runs % 2],
                output: runs % 4 === 3 ? 'fixed' : 'trained',
                bias: runs % 3 === 1,
                frozen: depth === 3 && frozen === '1,3' ? '1' : (frozen ?? 'none'),
                width: 5,
                depth,
                pool,
              },
              {
                loss: (['logistic', 'hinge', 'squared'] as const)[runs % 3],
                stepPerSample: power ? 2e-4 : runs % 3 === 2 ? 1e-3 : 5e-3,
                etaOutput: runs % 2 ? 1 : 0.5,
              },
              500 + runs,
            ),
            rule,
            puller,
            ...(decay && { decay }),
            ...(schedule && { schedule }),
          };
          const [judge, fast] = [deepDirect.start(problem), deepGram.start(problem)];
          for (let step = 0; step <= 120; step++) {
            judge.forward();
            fast.forward();
            const near = worstDifference(fast.view.outputs, judge.view.outputs);
            const kink = stackOf(judge).layers.some(({ preactivations }, at) =>
              preactivations.some(
                (x, q) => x > 0 !== stackOf(fast).layers[at]!.preactivations[q]! > 0 && Math.abs(x) <= NEAR_KINK,
              ),
            );
            if (kink) {
              cut++;
              break;
            }
            assert.ok(!Number.isNaN(near), `${rule.id}, run ${runs}, step ${step}`);
            worst = Math.max(worst, near);
            if (step % 40 === 0)
              for (const [at, layer] of layersNow(fast, problem).entries())
                worst = Math.max(worst, worstDifference(layer, layersNow(judge, problem)[at]!));
            assert.equal(fast.update(), judge.update());
          }
          runs++;
        }
  t.diagnostic(`${runs} runs, ${cut} cut short at a kink, worst difference ${worst}`);
  assert.ok(worst <= ENGINES, String(worst));
  assert.ok(cut <= runs / 20, `${cut} of ${runs}`);
});

test('what leaves the span runs on vectors, and the span refuses it', () => {
  for (const rule of [sign, adam({ beta1: 0.9, beta2: 0.99, adamEpsilon: 1e-8 })]) {
    const problem: Problem = {
      ...deep({ output: 'trained' }, { data: { draw: 'explicit' }, stepPerSample: 1e-3 / N }),
      rule,
    };
    const before = totalLoss(problem);
    const run = trained(deepDirect, problem, 60);
    const { labels } = problem.sample;
    const after = run.view.outputs.reduce((sum, f, i) => sum + lossOf('logistic', labels[i]! * f), 0);
    assert.ok(after < before, rule.id);
    assert.throws(() => deepGram.start(problem), /needs steps in the span.*direct takes this problem/);
  }
});

test('engines of two layers refuse hidden ones, and engines of hidden ones need them', () => {
  for (const engine of [direct, gram, gramKernel, frozenKernel])
    assert.throws(() => engine.start(deep({})), /RangeError: engine .* needs network\.depth: 2; gram takes this/);
  assert.throws(() => deepGram.start(makeProblem({}, key(1))), /network\.hidden: needed/);
  assert.throws(
    () => deepGram.start({ ...deep({}), init: { ...deep({}).init, hidden: [] } }),
    /init\.hidden: must be 1 layers, got 0/,
  );
});

test('a run goes on from a copy of its state with the same bits', () => {
  for (const engine of [deepDirect, deepGram])
    for (const rule of [descent, momentum(0.8)]) {
      const problem: Problem = {
        ...deep({ output: 'trained', bias: true, depth: 4 }),
        rule,
        puller: batches(3, false, turnedLabels(0.1, key(9))),
        decay: { lambda: 0.01, coupled: true },
      };
      const whole = trained(engine, problem, 50);
      const half = trained(engine, problem, 20);
      const rest = engine.start(problem);
      rest.resume!(half.state!(), 20);
      rest.forward();
      for (let t = 20; t < 50; t++) {
        rest.update();
        rest.forward();
      }
      assert.deepEqual(rest.view.outputs, whole.view.outputs);
      assert.deepEqual(layersNow(rest, problem), layersNow(whole, problem));
    }
});
