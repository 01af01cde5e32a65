/** Rows in the kernel: products, pulls and whole runs of the direct engine, to the bits of the plain program. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { productTransposed } from '../../src/core/linear-algebra.ts';
import { Stream } from '../../src/core/random.ts';
import { drawFeatureNoise } from '../../src/data/feature-noise.ts';
import { denseKernel } from '../../src/dynamics/dense-kernel.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem, Run } from '../../src/dynamics/engine.ts';
import { sparseKernel } from '../../src/dynamics/sparse-kernel.ts';
import { addSparse, dotsSparse, sparseRows, transposeInto } from '../../src/dynamics/sparse-rows.ts';
import { inBatches } from '../../src/dynamics/steps/batches.ts';
import { allSamples } from '../../src/dynamics/steps/puller.ts';
import { RULES } from '../../src/experiments/rules.ts';
import { buildNetwork, drawInitialWeights } from '../../src/network/two-layer.ts';
import { DATA, key, NETWORK, normals } from '../helpers/problems.ts';

const [ROWS, COLUMNS] = [70, 120];

/** Rows with one number to 59, among them one without. */
function inputs(): Float64Array {
  const stream = new Stream(key(1), 'test');
  const rows = new Float64Array(ROWS * COLUMNS);
  for (let q = 0; q < ROWS; q++)
    for (let k = 0; k < (q * 59) / (ROWS - 1); k++) rows[q * COLUMNS + stream.integer(COLUMNS)] = stream.normal();
  return rows;
}

for (const filters of [1, 7, 40, 43])
  test(`${filters} filters: products and pulls are those of the plain program`, () => {
    const weights = normals(filters * COLUMNS, 2);
    const sparse = sparseRows(inputs(), ROWS, COLUMNS, weights);
    const repeated = Array.from({ length: 50 }, () => sparse).flat();
    const count = repeated.length;
    const fast = sparseKernel(repeated, filters, COLUMNS)!;
    const [ours, plain] = [0, 0].map(() => new Float64Array(filters * count)) as [Float64Array, Float64Array];
    fast.products(weights, ours);
    const transposed = new Float64Array(filters * COLUMNS);
    transposeInto(transposed, weights, filters, COLUMNS);
    repeated.forEach((row, q) => dotsSparse(transposed, filters, row!, plain, q, count));
    assert.deepEqual(ours, plain);
    assert.notEqual(ours[count - 1], 0);

    const changes = new Float64Array(count * fast.rowStep);
    const which = [69, 3, 140, 12];
    const stream = new Stream(key(3), 'test');
    for (const q of which)
      for (let r = 0; r < filters; r++) changes[q * fast.rowStep + r] = r % 3 === 0 ? 0 : stream.normal();
    const [pulls, reference] = [weights.slice(), weights.slice()];
    fast.addPulls(pulls, changes, which);
    for (const q of which)
      for (let r = 0; r < filters; r++) addSparse(reference, r * COLUMNS, changes[q * fast.rowStep + r]!, repeated[q]!);
    assert.deepEqual(pulls, reference);
    // Negative control: in another order sums round otherwise.
    const other = weights.slice();
    fast.addPulls(other, changes, which.toReversed());
    if (filters > 1) assert.notDeepEqual(other, reference);
    fast.end();
  });

test('not for small work, for a dense row, for numbers that are not finite, or where a weight starts at -0', () => {
  const rows = inputs();
  const weights = normals(40 * COLUMNS, 2);
  const many = (of: Float64Array, start = weights) => {
    const sparse = sparseRows(of, ROWS, COLUMNS, start);
    return sparseKernel(Array.from({ length: 50 }, () => sparse).flat(), 40, COLUMNS);
  };
  assert.ok(many(rows));
  assert.equal(sparseKernel(sparseRows(rows, ROWS, COLUMNS, weights).slice(0, 20), 1, COLUMNS), undefined);
  const changed = (at: number, value: number): Float64Array => rows.map((x, k) => (k === at ? value : x));
  const first = rows.findIndex((x) => x !== 0);
  assert.equal(many(changed(first, Infinity)), undefined);
  assert.equal(many(rows.map((x, k) => (k < COLUMNS ? 1 : x))), undefined);
  assert.equal(many(rows, weights.with(3, -0)), undefined);
});

for (const [filters, count, columns] of [
  [1, 70, 800],
  [7, 301, 120],
  [40, 70, 121],
] as const)
  test(`${filters} filters on ${count} dense rows: products and pulls are those of the plain program`, () => {
    const weights = normals(filters * columns, 2);
    const rows = normals(count * columns, 3);
    const fast = denseKernel(rows, count, weights, filters, columns)!;
    const ours = new Float64Array(filters * count);
    assert.ok(fast.products(weights, ours));
    assert.deepEqual(ours, productTransposed(weights, filters, rows, count, columns));

    const stream = new Stream(key(4), 'test');
    for (const which of [Array.from({ length: count }, (_, q) => q), [2, 5, 6, 69]]) {
      const changes = new Float64Array(fast.size);
      for (const q of which)
        for (let r = 0; r < filters; r++) changes[q + r * count] = r % 3 === 1 ? 0 : stream.normal();
      const [pulls, reference] = [weights.slice(), weights.slice()];
      assert.ok(fast.addPulls(pulls, changes, which));
      const along = (q: number, to: Float64Array): void => {
        for (let r = 0; r < filters; r++)
          for (let k = 0; k < columns; k++) to[r * columns + k]! += changes[q + r * count]! * rows[q * columns + k]!;
      };
      for (const q of which) along(q, reference);
      assert.deepEqual(pulls, reference);
      // Negative control: in another order sums round otherwise.
      const other = weights.slice();
      for (const q of which.toReversed()) along(q, other);
      assert.notDeepEqual(other, reference);
    }
    assert.equal(fast.products(weights.with(0, Infinity), ours), false);
    fast.end();
  });

test('dense rows: not for small work, numbers that are not finite, or where a weight starts at -0', () => {
  const [weights, rows] = [normals(40 * 120, 2), normals(70 * 120, 3)];
  assert.ok(denseKernel(rows, 70, weights, 40, 120));
  assert.equal(denseKernel(rows, 70, weights, 1, 120), undefined);
  assert.equal(denseKernel(rows.with(7, NaN), 70, weights, 40, 120), undefined);
  assert.equal(denseKernel(rows, 70, weights.with(3, -0), 40, 120), undefined);
});

/** A problem whose patches are sparse, or one in two of which has no 0. */
function problemOf(patches: 'sparse' | 'dense', rule: 'descent' | 'batches' | 'adam'): Problem {
  const noise = patches === 'sparse' ? 'sparse' : 'gaussian';
  const sample = drawFeatureNoise(
    { ...DATA, n: 60, d: 200, noise, sparsity: 30, draw: 'explicit', featureNoise: 0.2 },
    key(5),
  );
  const network = buildNetwork({ ...NETWORK, activation: 'relu-power', power: 3, m: 15, bias: true }, 2);
  const init = drawInitialWeights({ law: 'gaussian', sigma0: 0.1 }, network, sample.frame, key(6));
  return {
    sample,
    network,
    init,
    loss: 'logistic',
    stepPerSample: 0.01 / 60,
    stepSize: 0.01,
    ...(rule === 'batches' && {
      puller: inBatches(allSamples, { n: 60, batch: 7, replacement: false, reduction: 'mean' }, key(7)),
    }),
    ...(rule === 'adam' && {
      rule: RULES.adam.make({
        momentum: 0,
        radius: 0,
        ascent: 'normalised',
        beta1: 0.9,
        beta2: 0.999,
        adamEpsilon: 1e-8,
        flowTolerance: 1,
      }),
      decay: { lambda: 0.01, coupled: true },
    }),
  };
}

const STEPS = 60;
const stepped = (run: Run, steps: number): Run => {
  for (let t = 0; t < steps; t++) {
    run.update();
    run.forward();
  }
  return run;
};

for (const [patches, rule] of [
  ['sparse', 'descent'],
  ['sparse', 'adam'],
  ['dense', 'descent'],
  ['dense', 'batches'],
  ['dense', 'adam'],
] as const)
  test(`${rule}: a run on ${patches} rows has the bits of one that leaves out nothing, beside another run and after it`, () => {
    const problem = problemOf(patches, rule);
    // A filter that starts at -0 and is 0 for ever takes the plain road: bits of the others must not tell.
    const { columns } = problem.init;
    const more = {
      ...problem.network,
      filters: 31,
      outputWeights: Float64Array.from([...problem.network.outputWeights, 0]),
    };
    const network = { ...more, classes: Float64Array.from([...problem.network.classes, 1]) };
    const rows = new Float64Array(31 * columns).fill(-0);
    rows.set(problem.init.rows);
    const plainly: Problem = { ...problem, network, init: { ...problem.init, rows, bias: new Float64Array(31) } };
    const [fast, plain, beside] = [problem, plainly, problem].map((one) => direct.start(one)) as [Run, Run, Run];
    for (const run of [fast, plain, beside]) run.forward();
    // In turns: each brings its block of the kernel's memory back.
    for (let t = 0; t < STEPS; t++) for (const run of [fast, plain, beside]) stepped(run, 1);
    assert.deepEqual(fast.view.outputs, plain.view.outputs);
    assert.deepEqual(beside.view.outputs, fast.view.outputs);
    assert.deepEqual(fast.view.weights().rows, plain.view.weights().rows.slice(0, 30 * columns));
    assert.notDeepEqual(fast.view.weights().rows, problem.init.rows);
    fast.end!();
    assert.deepEqual(stepped(beside, 5).view.outputs, stepped(plain, 5).view.outputs);
  });
