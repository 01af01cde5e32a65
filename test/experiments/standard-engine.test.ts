/** The engine of a data set's cell: by n and d alone, in its record, and out of its id where the rule says it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentOf, offer } from '../../src/data/content.ts';
import { faultOf } from '../../src/experiments/record-check.ts';
import { cellOfRecord } from '../../src/experiments/record-cell.ts';
import { runCell } from '../../src/experiments/run.ts';
import { cells, type Spec } from '../../src/experiments/spec.ts';
import { parseSpec, specFrom, specToYaml } from '../../src/experiments/spec-text.ts';
import { canonicalCell, cellId, type Cell } from '../../src/experiments/cell.ts';
import { standardEngine } from '../../src/experiments/standard-engine.ts';
import type { LabelledPoints } from '../../src/data/readers/labelled.ts';
import { normals } from '../helpers/problems.ts';
import { ENGINES } from '../tolerances.ts';

const POINTS: LabelledPoints = {
  shape: [4],
  count: 90,
  dtype: 'f8',
  values: normals(90 * 4, 11),
  labels: Float64Array.from({ length: 90 }, (_, at) => at % 2),
};
const content = offer(POINTS, contentOf(POINTS));

const specOf = (more: Readonly<Record<string, unknown>> = {}): Spec =>
  specFrom(
    {
      data: { model: 'dataset', content, classes: '0/1', d: 4, heldOut: 20 },
      network: { m: 3 },
      training: { eta: 0.3, maxSteps: 60 },
      axes: { 'data.n': [11, 12, 13, 40] },
      coupling: 'common',
      ...more,
    },
    'spec',
  );
const cellsOf = (more: Readonly<Record<string, unknown>> = {}): Cell[] => [...cells(specOf(more))];

test('a spec that is written and read again has the same cells, also where it names what is standard elsewhere', () => {
  for (const more of [{}, { engine: 'gram' }, { engine: 'direct' }]) {
    const again = parseSpec(specToYaml(specOf(more), 'head'), 'spec');
    assert.deepEqual([...cells(again)].map(cellId), cellsOf(more).map(cellId));
  }
});

test('products up to n = 3 d, coordinates beyond; a cell that names the same engine is the same cell', () => {
  const standard = cellsOf();
  assert.deepEqual(
    standard.map(({ engine }) => engine),
    ['gram', 'gram', 'direct', 'direct'],
  );
  assert.deepEqual(
    [4000, 4001].map((n) => standardEngine({ model: 'dataset', n, d: 100_000 })),
    ['gram', 'direct'],
  );
  assert.equal(standardEngine({ model: 'signal-noise', n: 1e6, d: 2 }), 'gram');
  for (const engine of ['gram', 'direct'] as const)
    cellsOf({ engine }).forEach((cell, at) => {
      const same = standard[at]!.engine === engine;
      assert.equal(cell.engine, engine);
      assert.equal(cellId(cell) === cellId(standard[at]!), same);
      assert.equal(canonicalCell(cell).includes('engine'), !same);
    });
});

test('records say the engine, are read again as the same cell, and both engines agree', () => {
  for (const cell of [...cellsOf(), ...cellsOf({ engine: 'gram' }), ...cellsOf({ engine: 'direct' })]) {
    const record = runCell(cell, 1, 0);
    assert.equal(record.engine, cell.engine);
    assert.equal(faultOf(JSON.parse(JSON.stringify(record))), undefined);
    assert.deepEqual(cellOfRecord(record), cell);
    const other = runCell({ ...cell, engine: cell.engine === 'gram' ? 'direct' : 'gram' }, 1, 0);
    assert.ok(Math.abs(record.values['trainLoss']! - other.values['trainLoss']!) < ENGINES);
    // Negative control: the name of the other engine.
    assert.notEqual(faultOf({ ...JSON.parse(JSON.stringify(record)), engine: other.engine }), undefined);
  }
});
