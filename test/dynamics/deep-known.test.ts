/** What is known in closed form of networks of three layers and more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deepDirect, deepGram } from '../../src/dynamics/deep/engines.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import { meanAndSe } from '../../src/core/statistics.ts';
import { turnedLabels } from '../../src/dynamics/steps/label-noise.ts';
import { momentum } from '../../src/dynamics/steps/momentum.ts';
import { allSamples } from '../../src/dynamics/steps/puller.ts';
import { descent } from '../../src/dynamics/steps/rule.ts';
import { lossSlope } from '../../src/network/loss.ts';
import { batches, deep, layersNow, withLayers } from '../helpers/deep.ts';
import { explicitSample, key, makeProblem, trained, worstDifference } from '../helpers/problems.ts';
import { ENGINES, LAYER_IDENTITY, RECURSION, ROUNDING } from '../tolerances.ts';

const squareOfGap = (x: Float64Array, y: Float64Array): number => x.reduce((sum, a, k) => sum + (a - y[k]!) ** 2, 0);
const square = (x: Float64Array): number => x.reduce((sum, a) => sum + a * a, 0);

test('frozen identity layers give the two-layer run: ReLU, both poolings, whatever is trained', (t) => {
  let worst = 0;
  let parted = 0;
  for (const pool of ['first', 'last'] as const)
    for (const depth of [3, 5])
      for (const loss of ['logistic', 'hinge'] as const)
        for (const output of ['fixed', 'trained'] as const)
          for (const rule of [descent, momentum(0.8)]) {
            const common = { m: 3, output, bias: true, pooling: 'mean' } as const;
            const setup = { loss, stepPerSample: 0.02, init: { law: 'gaussian', sigma0: 0.2 } } as const;
            const shallow: Problem = { ...makeProblem({ network: common, ...setup }, key(7)), rule };
            const frozen = Array.from({ length: depth - 2 }, (_, at) => at + 2).join(',');
            const identity = (activation: 'relu' | 'leaky-relu'): Problem => ({
              ...makeProblem(
                {
                  network: { ...common, activation, depth, pool, frozen, hiddenInit: 'identity' },
                  ...setup,
                  init: { ...setup.init, hidden: { law: 'identity', gain: 1 } },
                },
                key(7),
              ),
              rule,
            });
            const [two, more, leaky] = [
              gramKernel.start(shallow),
              deepGram.start(identity('relu')),
              deepGram.start(identity('leaky-relu')),
            ];
            let apart = 0;
            for (let step = 0; step < 300; step++) {
              for (const run of [two, more, leaky]) run.forward();
              apart = Math.max(apart, worstDifference(leaky.view.outputs, two.view.outputs));
              worst = Math.max(worst, worstDifference(more.view.outputs, two.view.outputs));
              for (const run of [two, more, leaky]) run.update();
            }
            if (apart > 1e6 * ENGINES) parted++;
          }
  t.diagnostic(`worst ${worst}`);
  assert.ok(worst <= ENGINES, String(worst));
  assert.equal(parted, 32, 'a leaky ReLU is not idempotent: its runs must part');
});

/** Steps in which the layers' products with their own movements are equal, relative to the largest square. */
function identityGap(problem: Problem, degree: number, engine = deepGram): number {
  const run = engine.start(problem);
  let worst = 0;
  let before = layersNow(run, problem);
  for (let t = 0; t < 60; t++) {
    run.forward();
    run.update();
    const now = layersNow(run, problem);
    // eta^2 |G|^2 is the square of the movement.
    const change = now.map((w, at) => square(w) - square(before[at]!) - squareOfGap(w, before[at]!));
    const size = Math.max(1, ...now.map(square));
    for (let l = 0; l + 1 < now.length; l++)
      worst = Math.max(worst, Math.abs(change[l]! - degree * change[l + 1]!) / size);
    before = now;
  }
  return worst;
}

test('|W_l|^2 - |W_(l+1)|^2 moves by eta^2 (|G_l|^2 - |G_(l+1)|^2) in every step', (t) => {
  let worst = 0;
  for (const depth of [3, 5])
    for (const pool of ['first', 'last'] as const)
      for (const activation of ['relu', 'leaky-relu'] as const)
        for (const loss of ['logistic', 'hinge', 'squared'] as const)
          for (const puller of [allSamples, batches(3, false, turnedLabels(0.2, key(4)))])
            for (const engine of [deepGram, deepDirect]) {
              const problem: Problem = {
                ...deep({ depth, pool, activation, output: 'trained', width: 5 }, { loss, stepPerSample: 0.01 }),
                puller,
              };
              worst = Math.max(worst, identityGap(problem, 1, engine));
            }
  const power = deep({ activation: 'relu-power', power: 2, output: 'trained' }, { stepPerSample: 0.01 });
  const ofPower = identityGap(power, 2);
  t.diagnostic(`worst ${worst}, for squared ReLUs ${ofPower}`);
  assert.ok(worst <= LAYER_IDENTITY, String(worst));
  assert.ok(ofPower <= LAYER_IDENTITY, String(ofPower));
});

test('where it does not hold it is not found: biases, another degree, momentum', () => {
  const setup = { stepPerSample: 0.01 };
  assert.ok(identityGap(deep({ output: 'trained', bias: true, depth: 4 }, setup), 1) > 1e3 * LAYER_IDENTITY);
  assert.ok(identityGap(deep({ output: 'trained' }, setup), 2) > 1e3 * LAYER_IDENTITY);
  assert.ok(identityGap({ ...deep({ output: 'trained' }, setup), rule: momentum(0.9) }, 1) > 1e3 * LAYER_IDENTITY);
});

test('outputs are homogeneous in each layer', () => {
  const problem = deep({ depth: 4, activation: 'leaky-relu' });
  const outputs = (one: Problem): Float64Array => trained(deepGram, one, 0).view.outputs.slice();
  const f = outputs(problem);
  const times = (c: number) => (w: Float64Array) => w.map((x) => c * x);
  for (const layer of [1, 2, 3, 4])
    assert.deepEqual(
      outputs(withLayers(problem, { [layer]: times(4) })),
      f.map((x) => 4 * x),
    );
  assert.ok(worstDifference(outputs(withLayers(problem, { 1: times(3), 3: times(1 / 3) })), f) <= ROUNDING);
});

test('a deep linear network of rank one follows its scalar recursion', (t) => {
  let worst = 0;
  for (const depth of [3, 4, 6])
    for (const loss of ['logistic', 'squared'] as const) {
      const m = 2;
      const k = 2 * m;
      const sample = explicitSample([1.5, 0, 0], [[0, 0, 0]], [1]);
      const problem0 = makeProblem(
        {
          network: { m, depth, outputScale: '1', output: 'trained', v0: 0.9 / Math.sqrt(k) },
          loss,
          stepPerSample: 0.05,
        },
        key(1),
      );
      // W_l = c_l u u', u the signs over sqrt(k), W_1 = c_1 u e_1'; a = c_L u.
      const c = Array.from({ length: depth }, (_, l) => (l === depth - 1 ? 0.9 : 0.7 + 0.1 * l));
      const u = problem0.network.classes.map((j) => j / Math.sqrt(k));
      const problem: Problem = {
        ...problem0,
        sample,
        network: { ...problem0.network, activation: { kind: 'piecewise-linear', leak: 1 } },
        init: {
          columns: 3,
          rows: Float64Array.from({ length: 3 * k }, (_, at) => (at % 3 === 0 ? c[0]! * u[at / 3]! : 0)),
          bias: new Float64Array(k),
          hidden: c.slice(1, -1).map((cl) => ({
            weights: Float64Array.from({ length: k * k }, (_, at) => cl * u[Math.floor(at / k)]! * u[at % k]!),
            bias: new Float64Array(k),
          })),
        },
      };
      const run = deepGram.start(problem);
      const product = (without = -1): number => c.reduce((all, x, l) => (l === without ? all : all * x), 1);
      for (let step = 0; step < 200; step++) {
        run.forward();
        const f = 1.5 * product();
        worst = Math.max(worst, Math.abs(run.view.outputs[0]! - f));
        const e = 0.05 * lossSlope(loss, f);
        const moves = c.map((_, l) => e * 1.5 * product(l));
        moves.forEach((move, l) => (c[l]! += move));
        run.update();
      }
      assert.ok(c[0]! > 0.71);
    }
  t.diagnostic(`worst ${worst}`);
  assert.ok(worst <= RECURSION, String(worst));
});

test('outputs at the training points as points are the training outputs', () => {
  for (const pool of ['first', 'last'] as const) {
    const problem = deep({ depth: 4, pool, bias: true }, { data: { draw: 'explicit', d: 9 } });
    const run = trained(deepGram, problem, 20);
    const { n, patches, frame, vectors } = problem.sample;
    const rows = new Float64Array(n * patches.perSample * frame.used);
    for (let q = 0; q < n * patches.perSample; q++)
      for (let term = patches.start[q]!; term < patches.start[q + 1]!; term++)
        for (let k = 0; k < frame.used; k++)
          rows[q * frame.used + k]! += patches.coefficient[term]! * vectors[patches.anchor[term]! * frame.used + k]!;
    const there = run.view.outputsAt({ rows, count: n, columns: frame.used });
    assert.ok(worstDifference(there, run.view.outputs) <= ROUNDING);
  }
});

test('mean square of the start’s output in closed form: the same from three layers on with gain √2', (t) => {
  const [m, sigma0] = [10, 0.2];
  /** f² over its mean over the weights, averaged over samples and 2,000 draws, and the standard error. */
  const overMean = (depth: number, gain: number): { readonly mean: number; readonly se: number } =>
    meanAndSe(
      Array.from({ length: 2000 }, (_, replicate) => {
        const network = { m, depth };
        const init = { law: 'gaussian', sigma0, hidden: { law: 'gaussian', gain } } as const;
        const problem = makeProblem({ network, init }, key(31 + depth, replicate));
        const run = (depth === 2 ? gramKernel : deepGram).start(problem);
        run.forward();
        const { vectors, frame, n } = problem.sample;
        const length = (row: number): number =>
          Math.sqrt(square(vectors.slice(row * frame.used, (row + 1) * frame.used)));
        // A filter's response to a patch of length s is N(0, (sigma0 s)²), and signs cancel the means: Var([h]_+) =
        // (1 - 1/pi)/2 E h². The hidden layers see (a² + b²)/2 + ab/pi, the mean square of the pooled patches.
        const a = sigma0 * length(0);
        let sum = 0;
        for (let i = 0; i < n; i++) {
          const b = sigma0 * length(1 + i);
          const pooled = (a * a + b * b) / 2 + (depth === 2 ? 0 : (a * b) / Math.PI);
          sum += run.view.outputs[i]! ** 2 / ((2 / m) * (1 - 1 / Math.PI) * pooled);
        }
        run.end?.();
        return sum / n;
      }),
    );
  const z = (depth: number, gain = Math.SQRT2): number => {
    const { mean, se } = overMean(depth, gain);
    return (mean - 1) / se;
  };
  const found = [2, 3, 4, 5].map((depth) => z(depth));
  t.diagnostic(`z ${found.map((one) => one.toFixed(2)).join(', ')}`);
  // False alarm: 4 x 2 Phi(-5) = 2e-6 for normal means.
  for (const one of found) assert.ok(Math.abs(one) < 5, String(one));
  assert.ok(z(3, 1) < -5, 'half as much with gain 1');
});
