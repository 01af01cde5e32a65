/** A step of the judge is minus the gradient of the loss, by central differences of a loss written from the formula. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patchVector } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import type { NetworkParameters } from '../../src/network/two-layer.ts';
import { dot, key, makeProblem } from '../helpers/problems.ts';
import { GRADIENT, ROUNDING } from '../tolerances.ts';

const STEP = 1e-5;

/** Sum of the losses and the outputs at given weights and biases; `kink`: the distance to the nearest point without a derivative. */
function objective(problem: Problem, parameters: NetworkParameters, weights: Float64Array, bias: Float64Array): { sum: number; outputs: number[]; kink: number } {
  const { sample, init } = problem;
  const { m } = parameters;
  const scale = { '1/m': 1 / m, '1/sqrt(m)': 1 / Math.sqrt(m), '1': 1 }[parameters.outputScale] / (parameters.pooling === 'mean' ? 2 : 1);
  const sigma = {
    relu: (h: number) => Math.max(0, h),
    'leaky-relu': (h: number) => (h > 0 ? h : parameters.leak * h),
    'relu-power': (h: number) => Math.max(0, h) ** parameters.power,
  }[parameters.activation];
  let sum = 0;
  let kink = Infinity;
  const outputs = Array.from({ length: sample.n }, (_, i) => {
    let f = 0;
    for (let r = 0; r < 2 * m; r++) {
      for (const s of [0, 1]) {
        const h = dot(weights.subarray(r * init.columns, (r + 1) * init.columns), patchVector(sample, i, s)) + bias[r];
        kink = Math.min(kink, Math.abs(h));
        f += (r < m ? scale : -scale) * sigma(h);
      }
    }
    const margin = sample.labels[i] * f;
    if (problem.loss === 'hinge') kink = Math.min(kink, Math.abs(margin - 1));
    sum += problem.loss === 'hinge' ? Math.max(0, 1 - margin) : Math.log1p(Math.exp(-margin));
    return f;
  });
  return { sum, outputs, kink };
}

test('outputs and steps against the formula and its central differences', (t) => {
  let checked = 0;
  let kinked = 0;
  let worst = 0;
  let seed = 0;
  for (const activation of ['relu', 'leaky-relu', 'relu-power'] as const)
    for (const loss of ['logistic', 'hinge'] as const)
      for (const pooling of ['sum', 'mean'] as const)
        for (const outputScale of ['1/m', '1/sqrt(m)', '1'] as const)
          for (const bias of [false, true]) {
            seed++;
            const network: NetworkParameters = { activation, leak: 0.2, power: 2 + (seed % 2), m: 2, pooling, outputScale, bias };
            const data = { n: 5, d: 6, flip: 0.3, projected: seed % 3 > 0, mu: 1.5 };
            const problem = makeProblem({ data, network, init: { law: 'pytorch-gaussian', sigma0: 0 }, loss, stepPerSample: 1 }, key(seed));
            const { init } = problem;
            const run = direct.start(problem);
            run.forward();
            const here = objective(problem, network, init.rows, init.bias);
            here.outputs.forEach((f, i) => assert.ok(Math.abs(run.view.outputs[i] - f) <= ROUNDING * Math.max(1, Math.abs(f))));
            if (here.kink < 10 * STEP) {
              kinked++;
              continue;
            }
            run.update();
            const after = run.view.weights().rows;
            const quotient = (shift: (by: number) => [Float64Array, Float64Array]): number =>
              (objective(problem, network, ...shift(STEP)).sum - objective(problem, network, ...shift(-STEP)).sum) / (2 * STEP);
            const nudged = (x: Float64Array, k: number, by: number): Float64Array => x.map((value, at) => (at === k ? value + by : value));
            const compare = (ours: number, gradient: number): void => {
              worst = Math.max(worst, Math.abs(ours + gradient) / Math.max(1, Math.abs(gradient)));
              checked++;
            };
            init.rows.forEach((value, k) => compare(after[k] - value, quotient((by) => [nudged(init.rows, k, by), init.bias])));
            if (bias) init.bias.forEach((value, r) => compare(run.view.bias[r] - value, quotient((by) => [init.rows, nudged(init.bias, r, by)])));
            else assert.deepEqual(run.view.bias, init.bias);
          }
  t.diagnostic(`${checked} derivatives, worst difference ${worst.toExponential(1)}; ${kinked} of ${seed} points too near a kink`);
  assert.ok(worst <= GRADIENT);
  assert.ok(kinked <= seed / 10);
});
