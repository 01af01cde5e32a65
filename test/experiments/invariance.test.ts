/** Runs do not care how samples and filters are numbered, how space is turned, or in what unit it is measured. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix, QrDecomposition } from 'ml-matrix';
import { Stream } from '../../src/core/random.ts';
import { lawOf, singleTermPatches } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { freshOutput } from '../../src/observables/fresh-output.ts';
import { inNetworkUnits } from '../helpers/outputs.ts';
import { anchorsOf, dot, key, makeProblem, normals, trained, worstDifference } from '../helpers/problems.ts';
import { ENGINES } from '../tolerances.ts';

const D = 12;
const base = (activation: 'relu' | 'leaky-relu', loss: Problem['loss']): Problem =>
  makeProblem(
    {
      data: { n: 8, d: D, flip: 0.25, projected: false, draw: 'explicit' },
      network: { activation, bias: true },
      init: { law: 'pytorch', sigma0: 0 },
      loss,
      stepPerSample: 0.02,
    },
    key(111),
  );

/** A random order of 0 ... count - 1. */
function shuffled(count: number, seed: number): number[] {
  const stream = new Stream(key(seed), 'test');
  return Array.from({ length: count }, (_, i) => ({ i, at: stream.uniform() }))
    .sort((a, b) => a.at - b.at)
    .map(({ i }) => i);
}
const reordered = (x: Float64Array, order: readonly number[], width = 1): Float64Array =>
  Float64Array.from(order.flatMap((i) => [...x.subarray(i * width, (i + 1) * width)]));

/** L Lᵀ and the signal's outputs: the law of a fresh output. */
function law(problem: Problem, view: ReturnType<typeof trained>['view']): { covariance: number[][]; fixed: number[] } {
  const { l, rank, filters, atoms } = inNetworkUnits(
    freshOutput(view, problem.network.activation, problem.sample.anchors, lawOf(problem.sample)),
  );
  const row = (r: number): Float64Array => l.subarray(r * rank, (r + 1) * rank);
  return {
    covariance: Array.from({ length: filters }, (_, r) =>
      Array.from({ length: filters }, (__, s) => dot(row(r), row(s))),
    ),
    fixed: atoms.map(({ fixed }) => fixed),
  };
}

for (const engine of [gram, direct]) {
  for (const [activation, loss] of [
    ['relu', 'logistic'],
    ['leaky-relu', 'hinge'],
  ] as const) {
    const plain = base(activation, loss);
    const { view } = trained(engine, plain, 300);

    test(`${engine.id}, ${activation}, ${loss}: the order of samples is a name`, () => {
      const order = shuffled(8, 1);
      const { sample } = plain;
      const anchors = anchorsOf(sample);
      const trueLabels = reordered(sample.trueLabels, order);
      const turned: Problem = {
        ...plain,
        sample: {
          ...sample,
          vectors: Float64Array.from([anchors[0], ...order.map((i) => anchors[1 + i])].flatMap((row) => [...row])),
          labels: reordered(sample.labels, order),
          trueLabels,
          patches: singleTermPatches(
            2,
            order.flatMap((_, i) => [0, 1 + i]),
            [...trueLabels].flatMap((y) => [y, 1]),
          ),
        },
      };
      const other = trained(engine, turned, 300).view;
      assert.ok(worstDifference(other.outputs, reordered(view.outputs, order)) <= ENGINES);
      assert.ok(worstDifference(other.weights().rows, view.weights().rows) <= ENGINES);
    });

    test(`${engine.id}, ${activation}, ${loss}: the order of filters is a name`, () => {
      const { network, init } = plain;
      const order = shuffled(network.filters, 2); // also across the classes
      const turned: Problem = {
        ...plain,
        network: {
          ...network,
          outputWeights: reordered(network.outputWeights, order),
          classes: reordered(network.classes, order),
        },
        init: { ...init, rows: reordered(init.rows, order, init.columns), bias: reordered(init.bias, order) },
      };
      const other = trained(engine, turned, 300).view;
      assert.ok(worstDifference(other.outputs, view.outputs) <= ENGINES);
      assert.ok(worstDifference(other.bias, reordered(view.bias, order)) <= ENGINES);
      const [a, b] = [law(plain, view), law(turned, other)];
      assert.ok(worstDifference(b.fixed, a.fixed) <= ENGINES);
      assert.ok(
        worstDifference(
          b.covariance.flat(),
          order.flatMap((r) => order.map((s) => a.covariance[r][s])),
        ) <= ENGINES,
      );
    });

    test(`${engine.id}, ${activation}, ${loss}: a rotation of data and weights changes no output`, () => {
      const rotation = new QrDecomposition(Matrix.from1DArray(D, D, normals(D * D, 3))).orthogonalMatrix;
      const rotate = (rows: Float64Array): Float64Array =>
        Float64Array.from(
          Matrix.from1DArray(rows.length / D, D, rows)
            .mmul(rotation)
            .to1DArray(),
        );
      const turned: Problem = {
        ...plain,
        sample: { ...plain.sample, vectors: rotate(plain.sample.vectors) },
        init: { ...plain.init, rows: rotate(plain.init.rows) },
      };
      assert.ok(worstDifference(turned.sample.vectors, plain.sample.vectors) > 0.1);
      const other = trained(engine, turned, 300).view;
      assert.ok(worstDifference(other.outputs, view.outputs) <= ENGINES);
      assert.ok(worstDifference(other.coefficients, view.coefficients) <= ENGINES);
      assert.ok(worstDifference(other.weights().rows, rotate(view.weights().rows)) <= ENGINES);
      const [a, b] = [law(plain, view), law(turned, other)];
      assert.ok(worstDifference(b.fixed, a.fixed) <= ENGINES);
      assert.ok(worstDifference(b.covariance.flat(), a.covariance.flat()) <= ENGINES);
    });
  }
}

test('scaling is exact: data times 2, weights over 2, steps over 4 give the same record to the bit', () => {
  const run = (scale: number) => {
    const spec = specFrom(
      {
        data: { n: 8, d: 50, mu: 2 * scale, sigmaP: scale, flip: 0.2 },
        network: { m: 3, sigma0: 0.1 / scale },
        training: { eta: 1 / scale ** 2, maxSteps: 50 },
        coupling: 'common',
      },
      'test',
    );
    const [cell] = cells(spec);
    const { outcome, values } = runCell(cell, 1, 0);
    return { outcome, values };
  };
  const once = run(1);
  assert.ok(once.values.testError! > 0.2);
  for (const scale of [2, 0.25, 1024]) assert.deepEqual(run(scale), once);
  assert.notDeepEqual(run(3).values, once.values); // 1/3 is rounded
});
