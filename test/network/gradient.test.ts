/** A step of the judge is minus the gradient of the loss, by central differences of a loss written from the formula. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patchVector } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import type { NetworkParameters } from '../../src/network/two-layer.ts';
import { trainedWeights } from '../../src/observables/layers.ts';
import { dot, key, makeProblem } from '../helpers/problems.ts';
import { GRADIENT, ROUNDING } from '../tolerances.ts';

const STEP = 1e-5;

/**
 * Sum of the losses and the outputs at given weights, biases and output weights v (2m x 1 or 2m x 2); `kink`: the
 * distance to the nearest point without a derivative.
 */
function objective(
  problem: Problem,
  parameters: NetworkParameters,
  weights: Float64Array,
  bias: Float64Array,
  v: Float64Array,
): { sum: number; outputs: number[]; kink: number } {
  const { sample, init } = problem;
  const { m } = parameters;
  const scale =
    { '1/m': 1 / m, '1/sqrt(m)': 1 / Math.sqrt(m), '1': 1 }[parameters.outputScale] /
    (parameters.pooling === 'mean' ? 2 : 1);
  const sigma = {
    relu: (h: number) => Math.max(0, h),
    'leaky-relu': (h: number) => (h > 0 ? h : parameters.leak * h),
    'relu-power': (h: number) => Math.max(0, h) ** parameters.power,
    // Frei, Chatterji, Bartlett 2022, with gamma and H
    'smoothed-leaky-relu': (h: number) => smoothedLeaky(h, parameters.leak, parameters.smoothing!),
  }[parameters.activation];
  let sum = 0;
  let kink = Infinity;
  const outputs = Array.from({ length: sample.n }, (_, i) => {
    let f = 0;
    for (let r = 0; r < 2 * m; r++) {
      for (const s of [0, 1]) {
        const h = dot(weights.subarray(r * init.columns, (r + 1) * init.columns), patchVector(sample, i, s)) + bias[r];
        kink = Math.min(kink, Math.abs(h));
        f += problem.network.classes[r] * scale * v[v.length > 2 * m ? 2 * r + s : r] * sigma(h);
      }
    }
    const margin = sample.labels[i] * f;
    if (problem.loss === 'hinge') kink = Math.min(kink, Math.abs(margin - 1));
    sum += problem.loss === 'hinge' ? Math.max(0, 1 - margin) : Math.log1p(Math.exp(-margin));
    return f;
  });
  return { sum, outputs, kink };
}

function smoothedLeaky(z: number, gamma: number, H: number): number {
  if (Math.abs(z) < 1 / H) return ((1 - gamma) * H * z * z) / 4 + ((1 + gamma) * z) / 2;
  return (z > 0 ? z : gamma * z) - (1 - gamma) / (4 * H);
}

test('outputs and steps against the formula and its central differences', (t) => {
  let checked = 0;
  let kinked = 0;
  let worst = 0;
  let seed = 0;
  for (const activation of ['relu', 'leaky-relu', 'relu-power', 'smoothed-leaky-relu'] as const)
    for (const loss of ['logistic', 'hinge'] as const)
      for (const pooling of ['sum', 'mean'] as const)
        for (const outputScale of ['1/m', '1/sqrt(m)', '1'] as const)
          for (const [bias, output] of [
            [false, 'fixed'],
            [true, 'fixed'],
            [false, 'trained'],
            [true, 'trained-per-patch'],
          ] as const) {
            seed++;
            const network: NetworkParameters = {
              activation,
              leak: 0.2,
              power: 2 + (seed % 2),
              smoothing: 0.7,
              m: 2,
              pooling,
              outputScale,
              bias,
              output,
              outputSigns: seed % 2 ? 'random' : 'half',
              v0: 0.8,
            };
            const data = { n: 5, d: 6, flip: 0.3, projected: seed % 3 > 0, mu: 1.5 };
            const problem = makeProblem(
              { data, network, init: { law: 'pytorch-gaussian', sigma0: 0 }, loss, stepPerSample: 1, etaOutput: 0.6 },
              key(seed),
            );
            const { init } = problem;
            const run = direct.start(problem);
            run.forward();
            const v = trainedWeights(problem.network.outputWeights, problem.network);
            assert.ok(
              v.every((one) => Math.abs(one - 0.8) <= ROUNDING) &&
                v.length === (output === 'trained-per-patch' ? 8 : 4),
            );
            const here = objective(problem, network, init.rows, init.bias, v);
            here.outputs.forEach((f, i) =>
              assert.ok(Math.abs(run.view.outputs[i] - f) <= ROUNDING * Math.max(1, Math.abs(f))),
            );
            if (here.kink < 10 * STEP) {
              kinked++;
              continue;
            }
            run.update();
            const after = run.view.weights().rows;
            const quotient = (shift: (by: number) => [Float64Array, Float64Array, Float64Array]): number =>
              (objective(problem, network, ...shift(STEP)).sum - objective(problem, network, ...shift(-STEP)).sum) /
              (2 * STEP);
            const nudged = (x: Float64Array, k: number, by: number): Float64Array =>
              x.map((value, at) => (at === k ? value + by : value));
            const compare = (ours: number, gradient: number): void => {
              worst = Math.max(worst, Math.abs(ours + gradient) / Math.max(1, Math.abs(gradient)));
              checked++;
            };
            init.rows.forEach((value, k) =>
              compare(
                after[k] - value,
                quotient((by) => [nudged(init.rows, k, by), init.bias, v]),
              ),
            );
            if (bias)
              init.bias.forEach((value, r) =>
                compare(
                  run.view.bias[r] - value,
                  quotient((by) => [init.rows, nudged(init.bias, r, by), v]),
                ),
              );
            else assert.deepEqual(run.view.bias, init.bias);
            const moved = trainedWeights(run.view.outputWeights, problem.network);
            if (output === 'fixed') assert.deepEqual(moved, v);
            else
              v.forEach((value, at) =>
                compare(
                  (moved[at] - value) / 0.6,
                  quotient((by) => [init.rows, init.bias, nudged(v, at, by)]),
                ),
              );
          }
  t.diagnostic(
    `${checked} derivatives, worst difference ${worst.toExponential(1)}; ${kinked} of ${seed} points too near a kink`,
  );
  assert.ok(worst <= GRADIENT);
  assert.ok(kinked <= seed / 10);
});
