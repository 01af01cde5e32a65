import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lawOf } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { activate } from '../../src/network/activation.ts';
import { freshOutput } from '../../src/observables/fresh-output.ts';
import { layers, trainedWeights } from '../../src/observables/layers.ts';
import { inNetworkUnits } from '../helpers/outputs.ts';
import { anchorsOf, dot, key, makeProblem, trained, worstDifference, type Setup } from '../helpers/problems.ts';
import { BALANCE_DRIFT, ENGINES, RECONSTRUCTED_ERROR, RECONSTRUCTED_LAYERS, ROUNDING } from '../tolerances.ts';

const TRAINED = ['trained', 'trained-per-patch'] as const;

/** The largest drift over filters after `steps` steps of a total length that does not depend on them. */
function drift(setup: Setup, steps: number): number {
  const problem = makeProblem({ ...setup, stepPerSample: (setup.stepPerSample ?? 0.4) / steps }, key(601));
  return layers(trained(gram, problem, steps).view, problem).balanceDrift;
}

test('gradient flow keeps the balance of the layers: after a fixed time its drift is of first order in the step', (t) => {
  const cases: Setup[] = TRAINED.flatMap((output) => [
    { network: { output, v0: 0.5 } },
    {
      network: { output, v0: 0.5, activation: 'leaky-relu', bias: true, pooling: 'mean', outputScale: '1' },
      loss: 'hinge',
      init: { law: 'pytorch-gaussian', sigma0: 0 },
    },
    {
      network: { output, v0: 0.5, activation: 'relu-power', power: 3, outputScale: '1/sqrt(m)' },
      init: { law: 'gaussian', sigma0: 0.2 },
    },
    { network: { output, v0: 0.5, outputSigns: 'random' }, etaOutput: 0.5 },
  ]);
  for (const setup of cases) {
    const drifts = [400, 800, 1600].map((steps) => drift({ data: { flip: 0.2 }, ...setup }, steps));
    const ratios = drifts.slice(1).map((one, i) => drifts[i] / one);
    t.diagnostic(
      `${JSON.stringify(setup.network)}: ${drifts.map((one) => one.toExponential(2)).join(', ')}; ratios ${ratios.map((one) => one.toFixed(3)).join(', ')}`,
    );
    for (const ratio of ratios)
      assert.ok(Math.abs(ratio - 2) <= 2 * BALANCE_DRIFT, `halving the step divides the drift by ${ratio}`);
  }
  // negative controls: an activation that is not homogeneous, and an output layer that does not move
  for (const network of [{ output: 'trained', activation: 'smoothed-leaky-relu' }, { output: 'fixed' }] as const) {
    const [coarse, fine] = [400, 800].map((steps) => drift({ network }, steps));
    assert.ok(Math.abs(coarse / fine - 1) <= BALANCE_DRIFT);
  }
});

test('the layers in numbers: against the vectors themselves, for both engines', () => {
  for (const output of ['fixed', ...TRAINED] as const) {
    const problem = makeProblem(
      {
        data: { flip: 0.2 },
        network: { output, outputSigns: 'random', v0: 0.3, pooling: 'mean', bias: true },
        init: { law: 'pytorch-gaussian', sigma0: 0 },
      },
      key(602),
    );
    const { sample, network, init } = problem;
    const start = layers(trained(gram, problem, 0).view, problem);
    assert.ok(Math.abs(start.vSignal - 0.3) <= ROUNDING && Math.abs(start.vNoise - 0.3) <= ROUNDING);
    assert.deepEqual([start.balanceDrift, start.vChange, start.wChange], [0, 0, 0]);
    for (const engine of [gram, direct]) {
      const { view } = trained(engine, problem, 200);
      const { rows, columns } = view.weights();
      const unit = 1 / 4 / 2; // 1/m over two patches
      const perPatch = output === 'trained-per-patch';
      const v = Array.from({ length: 8 }, (_, r) =>
        [0, 1].map((s) => view.outputWeights[perPatch ? 2 * r + s : r] / (network.classes[r] * unit)),
      );
      const w = Array.from({ length: 8 }, (_, r) => rows.slice(r * columns, (r + 1) * columns));
      const w0 = Array.from({ length: 8 }, (_, r) => init.rows.slice(r * columns, (r + 1) * columns));
      const mean = (values: number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
      const squareV = (r: number): number => v[r][0] ** 2 + (perPatch ? v[r][1] ** 2 : 0);
      const xi = anchorsOf(sample).slice(1);
      const responses = v.flatMap(([, v2], r) =>
        xi.flatMap((x, i) =>
          sample.labels[i] === network.classes[r] && dot(w[r], x) + view.bias[r] > 0 ? [dot(w[r], x) / v2] : [],
        ),
      );
      const now = layers(view, problem);
      const expected = {
        vSignal: mean(v.map(([v1]) => Math.abs(v1))),
        vNoise: mean(v.map(([, v2]) => Math.abs(v2))),
        wNorm: mean(w.map((one) => Math.sqrt(dot(one, one)))),
        layerRatio: mean(w.map((one, r) => Math.sqrt(dot(one, one) / squareV(r)))),
        balanceDrift: Math.max(
          ...w.map((one, r) =>
            Math.abs(
              dot(one, one) +
                view.bias[r] ** 2 -
                squareV(r) -
                (dot(w0[r], w0[r]) + init.bias[r] ** 2 - 0.09 * (perPatch ? 2 : 1)),
            ),
          ),
        ),
        vChange: Math.sqrt(
          v.flatMap((pair) => (perPatch ? pair : pair.slice(1))).reduce((sum, x) => sum + (x - 0.3) ** 2, 0) /
            (0.09 * (perPatch ? 16 : 8)),
        ),
        wChange: Math.sqrt(rows.reduce((sum, x, at) => sum + (x - init.rows[at]) ** 2, 0) / dot(init.rows, init.rows)),
        noiseResponse: mean(responses),
      };
      assert.deepEqual(Object.keys(now), Object.keys(expected));
      assert.ok(
        worstDifference(Object.values(now), Object.values(expected)) <= ENGINES,
        JSON.stringify({ now, expected }),
      );
      assert.equal(now.vChange > 1e-3, output !== 'fixed');
      assert.ok(responses.length > 5);
    }
  }
});

/**
 * The output on the training points, put together from the law of a fresh point and the responses to the training
 * noises.
 */
function outputsByFreshLaw({ sample, network }: Problem, view: ReturnType<typeof trained>['view']): number[] {
  const fresh = inNetworkUnits(freshOutput(view, network.activation, sample.anchors, lawOf(sample)));
  const products = view.products();
  return Array.from({ length: sample.n }, (_, i) => {
    const { fixed, group } = fresh.atoms.find(({ label }) => label === sample.trueLabels[i])!;
    return fresh.outputWeights.reduce(
      (sum, a, r) =>
        sum +
        a *
          activate(network.activation, products[r * sample.anchors + sample.roles!.noise[i]] + fresh.groups[group][r]),
      fixed,
    );
  });
}

test('a fresh point meets the output weights of its patches', () => {
  for (const output of ['fixed', ...TRAINED] as const) {
    for (const activation of ['relu', 'smoothed-leaky-relu'] as const) {
      const problem = makeProblem(
        {
          data: { projected: false },
          network: { output, activation, bias: true, v0: 0.4 },
          init: { law: 'pytorch-gaussian', sigma0: 0 },
        },
        key(603),
      );
      for (const engine of [gram, direct]) {
        const { view } = trained(engine, problem, 300);
        assert.ok(worstDifference(outputsByFreshLaw(problem, view), view.outputs) <= ENGINES);
        if (output !== 'trained-per-patch') continue;
        // negative control: the two patches' weights swapped
        const swapped = view.outputWeights.map((_, at, all) => all[at ^ 1]);
        assert.ok(
          worstDifference(outputsByFreshLaw(problem, { ...view, outputWeights: swapped }), view.outputs) > 1e-2,
        );
      }
    }
  }
});

test('a trained layer has the output weights of its view, and the initial ones stay', () => {
  const problem = makeProblem({ network: { output: 'trained-per-patch', v0: 0.2 } }, key(604));
  const before = problem.network.outputWeights.slice();
  const { view } = trained(gram, problem, 50);
  assert.deepEqual(problem.network.outputWeights, before);
  assert.ok(trainedWeights(view.outputWeights, problem.network).some((v) => Math.abs(v - 0.2) > 1e-3));
});

test('both layers trained, n = 20, d = 1,000, m = 10: errors and layers of an independent simulation', (t) => {
  // NumPy, three seeds, logistic, stop at loss 0.05, |mu| = 2 (fixed and shared: .19 to .24, free of v0)
  const simulated = [
    { output: 'trained', v0: 0.01, error: 0.24, v: [0.18, 0.18], w: 0.18 },
    { output: 'trained', v0: 1.5, error: 0.2, v: [1.5, 1.5], w: 0.04 },
    { output: 'trained-per-patch', v0: 0.01, error: 0.48, v: [0.014, 0.18], w: 0.18 },
    { output: 'trained-per-patch', v0: 0.1, error: 0.34, v: [0.1, 0.2], w: 0.17 },
    { output: 'trained-per-patch', v0: 1.5, error: 0.2, v: [1.5, 1.5], w: 0.04 },
  ] as const;
  for (const { output, v0, error, v, w } of simulated) {
    const [cell] = cells(
      specFrom(
        {
          data: { n: 20, d: 1000, mu: 2 },
          network: { m: 10, outputScale: '1', sigma0: 0.001, output, v0 },
          training: {
            stop: 'loss',
            epsilon: 0.05,
            eta: 0.5,
            etaUnit: 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)',
            maxSteps: 5000,
          },
        },
        'test',
      ),
    );
    const records = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((replicate) => runCell(cell, 1, replicate));
    const mean = (id: 'testErrorClean' | 'vSignal' | 'vNoise' | 'wNorm'): number =>
      records.reduce((sum, { values }) => sum + values[id]! / records.length, 0);
    t.diagnostic(
      `${output}, v0 = ${v0}: error ${mean('testErrorClean').toFixed(3)}, v ${mean('vSignal').toFixed(3)} and ${mean('vNoise').toFixed(3)}, |w| ${mean('wNorm').toFixed(3)}`,
    );
    assert.ok(records.every(({ outcome }) => outcome === 'interpolated'));
    assert.ok(Math.abs(mean('testErrorClean') - error) <= RECONSTRUCTED_ERROR);
    for (const [id, value] of [
      ['vSignal', v[0]],
      ['vNoise', v[1]],
      ['wNorm', w],
    ] as const)
      assert.ok(Math.abs(mean(id) - value) <= RECONSTRUCTED_LAYERS * value, `${id}: ${mean(id)}`);
  }
});
