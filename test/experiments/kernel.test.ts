/** Whole records, kernels on the way, against the same run made of reference parts alone. */
import assert from 'node:assert/strict';
import { inNetworkUnits } from '../helpers/outputs.ts';
import { test } from 'node:test';
import fc from 'fast-check';
import { gaussianRows } from '../../src/core/rows.ts';
import { factorLQ } from '../../src/core/linear-algebra.ts';
import { lawOf } from '../../src/data/sample.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { meanLoss, train } from '../../src/dynamics/train.ts';
import { buildCell, type Cell } from '../../src/experiments/cell.ts';
import { drawProblem, runCell, streamKey } from '../../src/experiments/run.ts';
import { freshOutput } from '../../src/observables/fresh-output.ts';
import { sampleLines } from '../../src/observables/lines.ts';

const cell = fc
  .record({
    'data.n': fc.integer({ min: 1, max: 24 }),
    'data.d': fc.constantFrom(2, 3, 10, 100, 1e6),
    'data.mu': fc.constantFrom(0, 1, 6),
    'data.sigmaP': fc.constantFrom(0.5, 1),
    'data.flip': fc.constantFrom(0, 0.1, 0.4),
    'data.projected': fc.boolean(),
    'network.m': fc.integer({ min: 1, max: 12 }),
    'network.activation': fc.constantFrom('relu', 'leaky-relu'),
    'network.bias': fc.boolean(),
    'network.init': fc.constantFrom('gaussian', 'pytorch-gaussian'),
    'network.outputScale': fc.constantFrom('1', '1/m'),
    'training.loss': fc.constantFrom('logistic', 'hinge'),
    'training.eta': fc.constantFrom(0.1, 2, 1e6),
    'training.stop': fc.constantFrom('steps', 'loss', 'zero-error', 'zero-loss'),
    'training.epsilon': fc.constantFrom(0.05, 0.5),
    'training.maxSteps': fc.constantFrom(5, 100),
    'test.lines': fc.constantFrom(1, 5, 8),
  })
  .map((values) => buildCell(new Map(Object.entries(values))));

/** The draws, from the reference. */
function checkDraws(
  cell: Cell,
  key: ReturnType<typeof streamKey>,
  { sample, network, init }: ReturnType<typeof drawProblem>,
): void {
  const { n, d, sigmaP, projected } = cell.data;
  const { used } = sample.frame;
  const noise = gaussianRows(
    { rows: n, columns: used, ambient: d, first: 1, scale: sigmaP, normals: 'data/noise', chis: 'data/chi' },
    key,
  );
  if (projected) for (let i = 0; i < n; i++) noise[i * used] = 0;
  assert.deepEqual(sample.vectors.slice(used), noise);
  const scale = cell.network.init === 'gaussian' ? cell.network.sigma0 : 1 / Math.sqrt(d) / Math.sqrt(3);
  assert.deepEqual(
    init.rows,
    gaussianRows(
      {
        rows: network.filters,
        columns: init.columns,
        ambient: d,
        first: used,
        scale,
        normals: 'init/weights',
        chis: 'init/chi',
      },
      key,
    ),
  );
}

test('records: every number is that of the reference', () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(cell, fc.integer({ min: 0, max: 1e6 }), (cell, seed) => {
      const record = runCell(cell, seed, 1);
      const key = streamKey(cell, seed, 1);
      const problem = drawProblem(cell, key);
      checkDraws(cell, key, problem);
      const { sample, network, loss } = problem;
      const run = gram.start(problem);
      const ending = train(run, sample, loss, cell.training);
      outcomes.add(ending.outcome);
      assert.deepEqual({ outcome: record.outcome, steps: record.steps }, ending);
      const mean = meanLoss(run.view, sample, loss);
      assert.deepEqual(record.values.trainLoss, Number.isFinite(mean) ? mean : undefined);
      if (ending.outcome === 'diverged') return;
      const output = freshOutput(run.view, network.activation, sample.anchors, lawOf(sample));
      const { columns, rows } = run.view.weights();
      const kept = Array.from({ length: columns }, (_, k) => k).filter(
        (k) => !lawOf(sample).noisy[0].projectedAxes.includes(k),
      );
      const reduced = Float64Array.from(
        { length: network.filters * kept.length },
        (_, at) => cell.data.sigmaP * rows[Math.floor(at / kept.length) * columns + kept[at % kept.length]!]!,
      );
      assert.deepEqual(inNetworkUnits(output).l, factorLQ(reduced, network.filters, kept.length).l);
      const { mean: error, se } = sampleLines(output, cell.test, key);
      assert.deepEqual([record.values.testErrorClean, record.values.testErrorCleanSe], [error, se]);
    }),
    { numRuns: 300, seed: 1 },
  );
  assert.ok(outcomes.size >= 4, [...outcomes].join());
});
