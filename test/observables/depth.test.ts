/** What is seen of the layers of a network, and its test error whatever stands above the filters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { normalTail } from '../../src/core/special.ts';
import { patchRows } from '../../src/data/sample.ts';
import { deepDirect, deepGram } from '../../src/dynamics/deep/engines.ts';
import type { LayeredView } from '../../src/dynamics/engine.ts';
import { buildCell, type Value } from '../../src/experiments/cell.ts';
import { Measurement, runContext } from '../../src/experiments/measurement.ts';
import { drawProblem, runCell, streamKey } from '../../src/experiments/run.ts';
import type { SymbolId } from '../../src/notation.ts';
import { deepTestError } from '../../src/observables/deep-error.ts';
import { SMALL_CELL, stackOf } from '../helpers/deep.ts';
import { dot, key, makeProblem, trained } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { ROUNDING } from '../tolerances.ts';

const BASE = { ...SMALL_CELL, 'test.points': 3000, coupling: 'common' };
const POINTS = { estimator: 'points', lines: 8, shifts: 8, points: 1000, precision: 0.05 } as const;
const cellOf = (more: Readonly<Record<string, Value>>) => buildCell(new Map(Object.entries({ ...BASE, ...more })));
const close = (a: number | undefined, b: number | undefined, what: string): void =>
  assert.ok(Math.abs(a! - b!) <= ROUNDING * Math.max(1, Math.abs(b!)), `${what}: ${a} and ${b}`);

test('above frozen identity layers the test error is that of two layers, under every noise and with a bias', () => {
  for (const noise of ['gaussian', 'student-t', 'rademacher', 'sparse'])
    for (const bias of [false, true]) {
      const explicit = noise === 'rademacher' || noise === 'sparse';
      const common = {
        'data.noise': noise,
        'network.bias': bias,
        ...(explicit && { 'data.draw': 'explicit' }),
        ...(noise === 'sparse' && { 'data.sparsity': 8 }),
      };
      const two = runCell(cellOf(common), 1, 0);
      const identity = { 'network.depth': 4, 'network.hiddenInit': 'identity', 'network.frozen': '2,3' };
      for (const pool of ['first', 'last']) {
        const deep = runCell(cellOf({ ...common, ...identity, 'network.pool': pool }), 1, 0);
        assert.deepEqual([deep.outcome, deep.steps], [two.outcome, two.steps]);
        assert.ok(two.values['testErrorClean']! > 0 && two.values['testErrorSe']! > 0, noise);
        for (const id of ['testError', 'testErrorSe', 'testErrorClean', 'trainLoss', 'marginMin'] as const)
          close(deep.values[id], two.values[id], `${noise} ${id}`);
      }
    }
});

test('the test error free of d is that of fresh points, coordinate by coordinate', (t) => {
  const family: Record<string, number> = {};
  for (const pool of ['first', 'last'] as const) {
    const problem = makeProblem(
      {
        data: { n: 10, d: 30, mu: 1.2, draw: 'explicit', projected: false },
        network: { m: 4, depth: 3, pool, output: 'trained' },
        init: { law: 'gaussian', sigma0: 0.2, hidden: { law: 'gaussian', gain: 1.4 } },
        stepPerSample: 0.03,
      },
      key(11),
    );
    const run = trained(deepGram, problem, 80);
    const view = run.view as LayeredView;
    const points = 20_000;
    const { clean, cleanSe } = deepTestError(view, stackOf(run), problem, { ...POINTS, points }, key(12));
    const stream = new Stream(key(13), 'data/own');
    const d = 30;
    const rows = new Float64Array(points * 2 * d);
    const mu = problem.sample.vectors.subarray(0, d);
    const labels = Float64Array.from({ length: points }, () => (stream.uniform() < 0.5 ? 1 : -1));
    for (let i = 0; i < points; i++)
      for (let k = 0; k < d; k++) {
        rows[2 * i * d + k] = labels[i]! * mu[k]!;
        rows[(2 * i + 1) * d + k] = stream.normal();
      }
    const f = view.outputsAt({ rows, count: points, columns: d });
    const error = f.reduce((wrong, x, i) => wrong + (labels[i]! * x > 0 ? 0 : 1), 0) / points;
    const z = (clean - error) / Math.hypot(cleanSe, Math.sqrt((error * (1 - error)) / points));
    t.diagnostic(`pooled ${pool}: ${clean} and ${error}, z = ${z}`);
    assert.ok(error > 0.02 && error < 0.45);
    family[`pooled ${pool}`] = 2 * normalTail(Math.abs(z));
  }
  holdsInLaw(t, family);
});

test('norms, gaps, changes and active shares are those of the matrices', () => {
  const cell = cellOf({
    'network.depth': 4,
    'network.widths': '5,4',
    'network.output': 'trained',
    'network.pool': 'last',
  });
  const problem = drawProblem(cell, key(3));
  for (const engine of [deepGram, deepDirect]) {
    const run = trained(engine, problem, 30);
    const { layers, outputWeights } = stackOf(run);
    const measured = new Measurement(runContext(cell, problem, key(3)), run.view);
    const of = (id: string): number => measured.of(id as SymbolId);
    const now = [...layers.map(({ weights }) => weights()), outputWeights.map((a) => a / problem.network.outputUnit)];
    const { init, network } = problem;
    const start = [
      init.rows,
      ...init.hidden!.map(({ weights }) => weights),
      network.outputWeights.map((a) => a / network.outputUnit),
    ];
    for (let l = 1; l <= 4; l++) {
      const [w, w0] = [now[l - 1]!, start[l - 1]!];
      const moved = w.map((x, k) => x - w0[k]!);
      close(of(`layerNorm${l}`), Math.sqrt(dot(w, w)), `norm ${l}`);
      close(of(`layerChange${l}`), Math.sqrt(dot(moved, moved) / dot(w0, w0)), `change ${l}`);
      if (l === 4) continue;
      close(of(`layerGap${l}`), dot(w, w) - dot(now[l]!, now[l]!), `gap ${l}`);
      const h = layers[l - 1]!.preactivations;
      close(of(`layerActive${l}`), h.filter((x) => x > 0).length / h.length, `active ${l}`);
    }
    for (const id of ['layerNorm5', 'layerGap4', 'layerActive4', 'ratio', 'movement', 'initialOutput'])
      assert.ok(Number.isNaN(of(id)), id);
    // The filters' products with the patches are the first pre-activations.
    const filters = layers[0]!.weights();
    const [R, Q] = [6, 24];
    const columns = filters.length / R;
    const inputs = patchRows(problem.sample);
    const used = inputs.length / Q;
    for (let r = 0; r < R; r++)
      close(
        layers[0]!.preactivations[r * Q + 7],
        dot(filters.slice(r * columns, r * columns + used), inputs.slice(7 * used, 8 * used)),
        `filter ${r}`,
      );
  }
});

test('two layers have the same observables, under the names that they have there', () => {
  const values: SymbolId[] = [
    ...(['layerNorm1', 'layerNorm2', 'layerGap1', 'layerChange1', 'layerChange2', 'layerActive1'] as const),
    ...(['weightNorm', 'wChange', 'vChange', 'activeFraction'] as const),
  ];
  const cell = cellOf({ 'network.output': 'trained', 'network.v0': 0.3 });
  const { values: of } = runCell(cell, 1, 0, { series: [], values, every: 1 }, streamKey(cell, 1, 0));
  close(of['layerNorm1'], of['weightNorm'], 'norm');
  close(of['layerGap1'], of['layerNorm1']! ** 2 - of['layerNorm2']! ** 2, 'gap');
  close(of['layerChange1'], of['wChange'], 'change of the filters');
  close(of['layerChange2'], of['vChange'], 'change of the output');
  close(of['layerActive1'], of['activeFraction'], 'active');
});
