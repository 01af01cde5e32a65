/** Test errors do not change when the network is multiplied by a power of two: not by a bit, in any estimator. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrayTimesPower2 } from '../../src/core/scale.ts';
import { gram } from '../../src/dynamics/gram.ts';
import type { Problem, SpanView } from '../../src/dynamics/engine.ts';
import { linearised } from '../../src/dynamics/lazy.ts';
import { cells } from '../../src/experiments/spec.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { runCell } from '../../src/experiments/run.ts';
import type { Activation } from '../../src/network/activation.ts';
import { freshMargin } from '../../src/observables/certificates.ts';
import { lazyErrors } from '../../src/observables/lazy-error.ts';
import { linearError } from '../../src/observables/linear-classifier.ts';
import { marginRatios } from '../../src/observables/max-margin.ts';
import type { TestErrorParameters } from '../../src/observables/estimator.ts';
import { testError } from '../../src/observables/test-error.ts';
import { key, makeProblem, trained } from '../helpers/problems.ts';

/** Heights times 2^heights, output weights times 2^outputs. */
function scaledView(view: SpanView, heights: number, outputs: number): SpanView {
  const { rows, columns } = view.weights();
  return {
    weights: () => ({ rows: arrayTimesPower2(rows, heights), columns }),
    products: () => arrayTimesPower2(view.products(), heights),
    bias: arrayTimesPower2(view.bias, heights),
    outputWeights: arrayTimesPower2(view.outputWeights, outputs),
    outputs: arrayTimesPower2(view.outputs, heights + outputs),
  } as unknown as SpanView;
}

/** Beyond 1e154, where squares overflow, and as far down. */
const SCALES = [
  [1, 0],
  [0, -3],
  [520, 0],
  [1000, -700],
  [-520, 0],
  [-960, 40],
  [0, 900],
  [0, -900],
] as const;

const size: TestErrorParameters = { estimator: 'lines', lines: 8, shifts: 4, points: 400, precision: 0.3 };

for (const activation of ['relu', 'leaky-relu', 'relu-power', 'smoothed-leaky-relu'] as const) {
  test(`${activation}: clean and noisy errors, their standard errors and P(f = 0) keep their bits`, () => {
    let compared = 0;
    for (const bias of [false, true]) {
      for (const [mu, noise, draw] of [
        [1.5, 'gaussian', 'd-free'],
        [6, 'gaussian', 'd-free'],
        [1.5, 'student-t', 'd-free'],
        [1.5, 'uniform', 'explicit'],
      ] as const) {
        const problem = makeProblem(
          {
            data: { mu, noise, draw, flip: 0.2, projected: false },
            network: { activation, bias, m: 2, smoothing: 3 },
            init: { law: 'pytorch-gaussian', sigma0: 0 },
          },
          key(401),
        );
        const { view } = trained(gram, problem, 30);
        const errorOf = (seen: SpanView, sigma: Activation, estimator: TestErrorParameters['estimator']): object =>
          testError(seen, sigma, problem.sample.anchors, problem.sample.fresh, { ...size, estimator }, key(402));
        const estimators =
          activation === 'smoothed-leaky-relu' || noise === 'uniform'
            ? (['points'] as const)
            : noise === 'student-t'
              ? (['lines', 'points'] as const)
              : (['lines', 'points', 'auto'] as const);
        for (const estimator of estimators) {
          const plain = errorOf(view, problem.network.activation, estimator);
          for (const [heights, outputs] of SCALES) {
            const sigma =
              problem.network.activation.kind === 'smoothed-leaky'
                ? { ...problem.network.activation, smoothing: problem.network.activation.smoothing * 2 ** -heights }
                : problem.network.activation;
            assert.deepEqual(errorOf(scaledView(view, heights, outputs), sigma, estimator), plain);
            compared++;
          }
        }
      }
    }
    assert.ok(compared >= 64);
  });
}

test('the bounds of one network, its margins and linear rules know no unit either', () => {
  const problem = makeProblem({ data: { mu: 2 } }, key(403));
  const { view } = trained(gram, problem, 30);
  const bounds = (seen: SpanView): number[] => {
    const { concentration, alignment, floor } = freshMargin(seen, problem);
    return [concentration, alignment, floor];
  };
  const ratios = (seen: SpanView): number => marginRatios(seen, problem.sample, 1).normalizedMargin;
  for (const [heights, outputs] of SCALES) {
    const scaled = scaledView(view, heights, outputs);
    assert.deepEqual(bounds(scaled), bounds(view));
    if (outputs === 0) assert.equal(ratios(scaled), ratios(view));
  }
  const c = problem.sample.labels;
  for (const k of [600, 1000, -600, -1000])
    assert.equal(linearError(problem.sample, arrayTimesPower2(c, k)), linearError(problem.sample, c));
});

test('the linearised network beside a run of huge weights', () => {
  const lazy = (problem: Problem): object => {
    const run = linearised(problem);
    run.forward();
    return lazyErrors(trained(gram, problem, 0).view, run.view, problem, 200, key(404));
  };
  const problem = makeProblem({}, key(405));
  const { init } = problem;
  const huge: Problem = { ...problem, init: { ...init, rows: arrayTimesPower2(init.rows, 600) } };
  assert.deepEqual(lazy(huge), lazy(problem));
});

test('runs with margins of 1e100 to 1e300 agree; weights beyond the floating-point range end as diverged', () => {
  const run = (eta: number) => {
    const spec = specFrom(
      {
        data: { n: 6, d: 50, mu: 3, flip: 0.1 },
        network: { m: 4 },
        training: { maxSteps: 50, eta },
        coupling: 'common',
      },
      'spec',
    );
    return runCell([...cells(spec)][0]!, 1, 0);
  };
  const records = [1e100, 1e154, 1e155, 1e300].map(run);
  for (const { outcome, values } of records) {
    assert.equal(outcome, 'interpolated');
    assert.ok(Math.abs(values.testErrorClean! / records[0]!.values.testErrorClean! - 1) < 1e-12);
    assert.ok(values.testErrorCleanSe! > 0);
  }
  // f stays finite on the training sample, a filter that is not active there does not.
  const { outcome, values } = run(1e308);
  assert.equal(outcome, 'diverged');
  assert.equal(values.testError, undefined);
});
