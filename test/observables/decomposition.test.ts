import assert from 'node:assert/strict';
import { test } from 'node:test';
import { direct } from '../../src/dynamics/direct.ts';
import { gram } from '../../src/dynamics/gram.ts';
import {
  activeFraction,
  coefficients,
  decompositionResidual,
  summariseCoefficients,
} from '../../src/observables/decomposition.ts';
import { anchorsOf, dot, key, makeProblem, trained, worstDifference, type Setup } from '../helpers/problems.ts';
import { DECOMPOSITION, ROUNDING } from '../tolerances.ts';

/** One setup for each way in which the decomposition could break. */
function* setups(): Generator<{ name: string; setup: Setup }> {
  for (const activation of ['relu', 'leaky-relu', 'relu-power'] as const)
    for (const bias of [false, true])
      for (const projected of [false, true])
        for (const d of [40, 6]) {
          yield {
            name: `${activation}${bias ? ', bias' : ''}${projected ? ', projected' : ''}, d = ${d}`,
            setup: {
              data: { d, projected, flip: 0.25, draw: d === 40 ? 'd-free' : 'explicit' },
              network: { activation, bias },
              init: bias ? { law: 'pytorch-gaussian', sigma0: 0 } : { law: 'gaussian', sigma0: 0.1 },
              stepPerSample: activation === 'relu-power' ? 0.001 : 0.02,
            },
          };
        }
}

test('weights are rebuilt from the coefficients: gradient steps on vectors against the recursion', (t) => {
  let worst = 0;
  for (const { name, setup } of setups()) {
    const problem = makeProblem(setup, key(61));
    const { sample, network, init } = problem;
    const { view } = trained(direct, problem, 500);
    const residual = decompositionResidual(view, sample, network, init);
    assert.ok(residual <= DECOMPOSITION, `${name}: ${residual}`);
    worst = Math.max(worst, residual);
    // and in the papers' own form, from gamma and rho: w(0) + j gamma mu / |mu|^2 + sum_i rho_i xi_i / |xi_i|^2
    const { gamma, rho } = coefficients(view, sample, network);
    const [mu, ...xi] = anchorsOf(sample);
    const { columns } = init;
    const rebuilt = init.rows.map((w0, at) => {
      const [r, k] = [Math.floor(at / columns), at % columns];
      const noise = xi.reduce((sum, x, i) => sum + (rho[r * sample.n + i] * (x[k] ?? 0)) / dot(x, x), 0);
      return w0 + (network.classes[r] * gamma[r] * (mu[k] ?? 0)) / dot(mu, mu) + noise;
    });
    assert.ok(worstDifference(rebuilt, view.weights().rows) <= DECOMPOSITION, name);
    // negative control: one coefficient off in the fifth digit
    const off = view.coefficients.slice();
    off[3] += 1e-5;
    assert.ok(decompositionResidual({ ...view, coefficients: off }, sample, network, init) > 100 * DECOMPOSITION);
  }
  t.diagnostic(`worst residual ${worst.toExponential(1)}`);
});

test('the coefficients obey the recursion of Kou et al., start at 0, and rho never turns back', () => {
  for (const loss of ['logistic', 'hinge'] as const) {
    for (const { name, setup } of setups()) {
      const problem = makeProblem({ ...setup, loss }, key(62));
      const { sample, network, stepPerSample } = problem;
      const { n, labels, trueLabels } = sample;
      const { filters: R, activation } = network;
      assert.ok(activation.kind !== 'own');
      const slope = (h: number): number =>
        activation.kind === 'power'
          ? activation.power * Math.max(0, h) ** (activation.power - 1)
          : h > 0
            ? 1
            : activation.leak;
      const run = gram.start(problem);
      run.forward();
      let { gamma, rho } = coefficients(run.view, sample, network);
      assert.ok(
        [...gamma, ...rho].every((c) => c === 0),
        name,
      );
      const [mu, ...xi] = anchorsOf(sample);
      for (let t = 0; t < 300; t++) {
        // papers.md 1.4, with |a_r| for 1/m and eta/n for the step
        const derivative = labels.map((y, i) =>
          loss === 'logistic' ? -1 / (1 + Math.exp(y * run.view.outputs[i])) : y * run.view.outputs[i] < 1 ? -1 : 0,
        );
        const h = run.view.preactivations;
        const nextGamma = gamma.map((g, r) => {
          let sum = 0;
          for (let i = 0; i < n; i++) sum += derivative[i] * slope(h[r * 2 * n + 2 * i]) * labels[i] * trueLabels[i];
          return g - stepPerSample * Math.abs(network.outputWeights[r]) * dot(mu, mu) * sum;
        });
        const nextRho = rho.map((one, at) => {
          const [r, i] = [Math.floor(at / n), at % n];
          return (
            one -
            stepPerSample *
              network.outputWeights[r] *
              labels[i] *
              dot(xi[i], xi[i]) *
              derivative[i] *
              slope(h[r * 2 * n + 2 * i + 1])
          );
        });
        run.update();
        run.forward();
        const now = coefficients(run.view, sample, network);
        assert.ok(
          worstDifference(now.gamma, nextGamma) <= ROUNDING && worstDifference(now.rho, nextRho) <= ROUNDING,
          `${name}, step ${t}`,
        );
        for (let r = 0; r < R; r++) {
          for (let i = 0; i < n; i++) {
            const change = now.rho[r * n + i] - rho[r * n + i];
            assert.ok(labels[i] === network.classes[r] ? change >= 0 : change <= 0, `${name}: rho turned back`);
          }
        }
        ({ gamma, rho } = now);
      }
    }
  }
});

test('with projected noise gamma is what the weights say: j <w - w(0), mu>', () => {
  const problem = makeProblem({ data: { flip: 0.2 } }, key(63));
  const { sample, network, init } = problem;
  const { view } = trained(gram, problem, 200);
  const { gamma } = coefficients(view, sample, network);
  const { rows, columns } = view.weights();
  const fromWeights = gamma.map((_, r) => network.classes[r] * (rows[r * columns] - init.rows[r * columns]) * 2); // mu = 2 e_1
  assert.ok(worstDifference(gamma, fromWeights) <= ROUNDING);
  assert.ok(gamma.some((g) => g > 0.1));
});

test('the summary: means over classes, the ratio of sums, 0 while nothing has moved', () => {
  const problem = makeProblem({ data: { n: 2, flipLaw: 'exact', flips: 0 }, network: { m: 1 } }, key(64));
  const { network } = problem;
  const sample = { ...problem.sample, labels: Float64Array.of(1, -1) };
  const summary = summariseCoefficients(
    { gamma: Float64Array.of(3, 5), rho: Float64Array.of(10, -1, -2, 6) },
    sample,
    network,
  );
  assert.deepEqual(summary, { gamma: 4, rhoBar: 8, rhoUnder: -1.5, ratio: 0.5 });
  assert.deepEqual(summariseCoefficients({ gamma: new Float64Array(2), rho: new Float64Array(4) }, sample, network), {
    gamma: 0,
    rhoBar: 0,
    rhoUnder: 0,
    ratio: 0,
  });
  // one class only
  const alike = summariseCoefficients(
    { gamma: Float64Array.of(1, 1), rho: Float64Array.of(1, 3, -5, -7) },
    { ...sample, labels: Float64Array.of(1, 1) },
    network,
  );
  assert.deepEqual(alike, { gamma: 1, rhoBar: 2, rhoUnder: -6, ratio: 0.5 });
});

test('the active fraction counts positive pre-activations', () => {
  const { view } = trained(gram, makeProblem({}, key(65)), 1);
  assert.equal(activeFraction({ ...view, preactivations: Float64Array.of(1, 0, -1, 2) }), 0.5);
});
