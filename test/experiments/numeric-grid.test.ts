/** Large grids: cells made from the first one are those built from their values, and records find their place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellId, withoutDefaults, type Cell } from '../../src/experiments/cell.ts';
import { Grid } from '../../src/experiments/grid.ts';
import { NumericGrid } from '../../src/experiments/numeric-grid.ts';
import { Results } from '../../src/experiments/results.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cellAt, type Spec } from '../../src/experiments/spec.ts';
import { tableOf } from '../../src/experiments/table.ts';

const base = { data: { n: 5, d: 20, mu: 1, flip: 0.2 }, network: { m: 1 }, training: { maxSteps: 3 }, runs: 2 };
const count = (from: number, to: number, values: number): object => ({ from, to, count: values });
/** More than are laid out at once; defaults among the values of two axes. */
const LARGE: readonly object[] = [
  { ...base, axes: { 'data.d': { from: 10, to: 200, step: 1 }, 'data.mu': count(0.5, 5, 60) } },
  { ...base, axes: { 'data.sigmaP': count(0, 2, 101), 'training.eta': { from: 0.01, to: 2, step: 0.01 } } },
  {
    ...base,
    network: { m: 1, activation: 'leaky-relu' },
    axes: { 'network.leak': count(0.1, 0.9, 81), 'data.n': { from: 1, to: 140, step: 1 } },
  },
];
/** Grids in which a cell is more than its numbers. */
const OTHERS: readonly object[] = [
  {
    ...base,
    data: { ...base.data, draw: 'explicit' },
    axes: { 'data.noise': ['gaussian', 'rademacher'], 'data.mu': count(0.5, 5, 6000) },
    test: { estimator: 'points' },
  },
  {
    ...base,
    axes: { 'data.d': { from: 1, to: 120, step: 1 }, 'data.mu': count(0.5, 5, 100) },
    scale: { 'data.d': { n: 1 } },
  },
];
const specOf = (input: object): Spec => specFrom(input as never, 'test');

test('a cell of a numeric grid is the one that its values build, and has its place by its plain form', () => {
  for (const input of LARGE) {
    const spec = specOf(input);
    const numeric = NumericGrid.of(spec);
    assert.ok(numeric, JSON.stringify(input));
    const grid = new Grid(spec);
    assert.ok(grid.count > 10_000);
    for (let at = 0; at < grid.count; at += 97) {
      const built = cellAt(spec, at);
      const made: Cell = numeric.cell(at);
      assert.deepEqual(made, built);
      assert.equal(cellId(made), cellId(built));
      const form = JSON.parse(JSON.stringify(withoutDefaults(built))) as Record<string, Record<string, unknown>>;
      assert.equal(grid.at({ run: `${cellId(built)}-0`, cell: form }), at);
      assert.ok(numeric.holds(form));
      for (const change of [
        { ...form, data: { ...form['data'], flip: 0.3 } },
        { ...form, engine: 'direct' },
        { ...form, data: Object.fromEntries(Object.entries(form['data']!).reverse()) },
        { ...form, training: {} },
        { data: form['data'] },
      ])
        assert.ok(!numeric.holds(change), JSON.stringify(change));
    }
  }
});

test('where a choice or a law of scale tells cells apart too, nothing is taken for granted', () => {
  for (const input of OTHERS) {
    const spec = specOf(input);
    assert.equal(NumericGrid.of(spec), undefined);
    const grid = new Grid(spec);
    for (let at = 0; at < grid.count; at += 1013) {
      const cell = cellAt(spec, at);
      assert.equal(grid.at({ run: `${cellId(cell)}-0`, cell: withoutDefaults(cell) }), at);
    }
  }
});

test('the rows of a large grid, one at a time, are those of its frame', () => {
  const results = new Results(specOf(LARGE[0]!));
  for (let at = 5; at < results.cellCount; at += 700)
    for (const replicate of [1, 0]) results.add(runCell(results.cell(at), results.spec.seed, replicate));
  const { columns, rows } = results.table();
  assert.ok(results.count > 30);
  assert.deepEqual({ columns, rows: [...rows] }, tableOf(results.frame()));
});
