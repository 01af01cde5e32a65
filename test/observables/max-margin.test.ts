import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gram } from '../../src/dynamics/gram.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { train } from '../../src/dynamics/train.ts';
import { buildNetwork, drawInitialWeights } from '../../src/network/two-layer.ts';
import { marginRatios, sampleMaxMargin } from '../../src/observables/max-margin.ts';
import { antipodal, onePatchSample } from '../helpers/one-patch.ts';
import { anchorsOf, dot, explicitSample, key, makeProblem, NETWORK, trained } from '../helpers/problems.ts';
import { FACTORISATION, ROUNDING } from '../tolerances.ts';

test('two patches are one long input: orthogonal noises share the signal', () => {
  // Q = ‖mu‖^2 11ᵀ + diag(‖xi_i‖^2) for true labels
  const squares = [1, 4, 9];
  const { kind, ...rest } = sampleMaxMargin(
    explicitSample(
      [0, 0, 0, 2],
      [
        [1, 0, 0, 0],
        [0, 2, 0, 0],
        [0, 0, 3, 0],
      ],
      [1, -1, 1],
    ),
  );
  const inverse = squares.reduce((sum, s) => sum + 1 / s, 0);
  assert.equal(kind, 'separable');
  assert.ok('norm' in rest && Math.abs(rest.norm ** 2 - inverse / (1 + 4 * inverse)) <= FACTORISATION); // Sherman-Morrison: 1ᵀQ^-1 1
});

test('ratios by hand, and the same for another way to write the same network', () => {
  const problem = makeProblem({ network: { m: 2, outputScale: '1' } }, key(350));
  const { view } = trained(gram, problem, 5);
  const { rows } = view.weights();
  const norm = Math.sqrt(rows.reduce((sum, w) => sum + w * w, 0));
  const ratios = marginRatios(view, problem.sample, 3);
  const least = Math.min(...view.outputs.map((f, i) => f * problem.sample.labels[i]));
  assert.ok(Math.abs(ratios.weightNorm - norm) <= ROUNDING * norm);
  assert.ok(Math.abs(ratios.normalizedMargin - least / norm) <= ROUNDING);
  assert.ok(Math.abs(ratios.marginFactor - (norm * 2) / 3) <= ROUNDING * norm);
  const half = {
    ...view,
    outputWeights: view.outputWeights.map((a) => a / 2),
    weights: () => ({ ...view.weights(), rows: rows.map((w) => 2 * w) }),
  };
  assert.ok(Math.abs(marginRatios(half, problem.sample, 3).marginFactor - ratios.marginFactor) <= ROUNDING * norm);
});

test('gradient descent is approximately margin maximising (Karhadkar et al. 2024, theorem 3.1): M-hat <= 6 / leak, and >= 1 for a linear network', (t) => {
  const [n, d, gamma, m] = [50, 100, 0.1, 32];
  const seen: string[] = [];
  const means = [1, 0.5, 0.1].map((leak) => {
    const factors: number[] = [];
    for (let seed = 0; seed < 3; seed++) {
      const sample = onePatchSample(
        { n, d, atoms: antipodal(Math.sqrt(gamma)), sigma: Math.sqrt((1 - gamma) / d), projected: true, flips: 5 },
        360 + seed,
      );
      const network = {
        ...buildNetwork({ ...NETWORK, m, outputScale: '1' }, 1),
        activation: { kind: 'piecewise-linear', leak } as const,
      };
      const init = drawInitialWeights(
        { law: 'gaussian', sigma0: Math.sqrt(leak) / m / Math.sqrt(d) / 2 },
        network,
        sample.frame,
        key(360 + seed),
      );
      const longest = Math.max(
        ...anchorsOf(sample)
          .slice(2)
          .map((noise) => gamma + dot(noise, noise)),
      );
      const problem: Problem = { sample, network, init, loss: 'hinge', stepPerSample: 1 / (m * n * longest) };
      const run = gram.start(problem);
      const ending = train(run, sample, 'hinge', { stop: 'zero-loss', epsilon: 1, maxSteps: 20_000 });
      assert.equal(ending.outcome, 'interpolated');
      const solution = sampleMaxMargin(sample);
      if (solution.kind !== 'separable') assert.fail(solution.kind);
      const ratios = marginRatios(run.view, sample, solution.norm);
      assert.ok(ratios.normalizedMargin * ratios.weightNorm >= 1); // zero hinge loss
      assert.ok(ratios.weightNorm <= (Math.sqrt(18) * solution.norm) / (leak * Math.sqrt(m)));
      assert.ok(ending.steps <= (4 * solution.norm ** 2) / (problem.stepPerSample * leak * leak * m));
      factors.push(ratios.marginFactor);
    }
    seen.push(`leak ${leak}: ${factors.map((factor) => factor.toFixed(2)).join(' ')}`);
    if (leak === 1) assert.ok(factors.every((factor) => factor >= 1)); // sum_r a_r w_r separates with margin 1
    return factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
  });
  t.diagnostic(seen.join(', '));
  assert.ok(means[0] < means[1] && means[1] < means[2]);
});
