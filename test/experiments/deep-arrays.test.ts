/** Deep networks as arrays: a forward pass written here gives their outputs, and measured they are the run. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NumericArray } from '../../src/data/readers/npy.ts';
import { readNpz, writeNpz } from '../../src/data/readers/npz.ts';
import { arrayBytes, type Arrays } from '../../src/experiments/arrays.ts';
import type { Cell } from '../../src/experiments/cell.ts';
import { recordLine } from '../../src/experiments/record.ts';
import { arraysOf } from '../../src/experiments/run-arrays.ts';
import { runCell, streamKey } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { measureArrays } from '../../src/experiments/trained.ts';
import type { SymbolId } from '../../src/notation.ts';
import { inFolder } from '../helpers/benign.ts';
import { worstDifference } from '../helpers/problems.ts';
import { ENGINES, FORWARD_PASS } from '../tolerances.ts';

type Room = Readonly<Record<string, unknown>>;
const specOf = (network: Room, { data = {}, training = {}, ...more }: Readonly<Record<string, Room | string>> = {}) =>
  specFrom(
    {
      data: { n: 8, d: 40, mu: 3, flip: 0.1, ...(data as Room) },
      network: { m: 3, depth: 3, ...network },
      training: { eta: 0.3, maxSteps: 60, stop: 'steps', ...(training as Room) },
      ...more,
    },
    'test',
  );
const cellOf = (...rooms: Parameters<typeof specOf>): Cell => [...cells(specOf(...rooms))][0];
const there = (arrays: Arrays): Arrays => readNpz(writeNpz(arrays), 'arrays.npz');

const BIASED = { bias: true, init: 'pytorch-gaussian' };
const NETWORKS: readonly Room[] = [
  {},
  { pool: 'last', pooling: 'mean', width: 4, ...BIASED },
  { depth: 4, widths: '5,4', pooling: 'mean', output: 'trained', activation: 'leaky-relu', ...BIASED },
  { depth: 5, widths: '4,3,5', pool: 'last', output: 'trained', frozen: '2', ...BIASED },
];

/** f of the training sample by the arrays alone, the network's formula written down once more. */
function outputsBy(arrays: Arrays, { network }: Cell, when: (name: string) => string = (name) => name): number[] {
  const at = (name: string): NumericArray => arrays.get(when(name))!;
  const leak = network.activation === 'leaky-relu' ? network.leak : 0;
  const sigma = (h: number): number => (h > 0 ? h : leak * h);
  const layer = (name: string, x: readonly number[]): number[] => {
    const { shape, values } = at(`W${name}`);
    const [units, inputs] = shape as [number, number];
    assert.equal(inputs, x.length);
    return Array.from({ length: units }, (_, u) =>
      sigma(x.reduce((sum, one, k) => sum + values[u * inputs + k]! * one, at(`b${name}`).values[u]!)),
    );
  };
  const upper = Array.from({ length: network.depth - 2 }, (_, k) => String(k + 2));
  const pooled = (some: readonly number[][]): number[] =>
    some[0]!.map(
      (_, u) => some.reduce((sum, one) => sum + one[u]!, 0) / (network.pooling === 'mean' ? some.length : 1),
    );
  const up = (x: number[]): number[] => upper.reduce((below, name) => layer(name, below), x);
  const { shape, values } = arrays.get('X')!;
  const [n, patches, columns] = shape as [number, number, number];
  return Array.from({ length: n }, (_, i) => {
    const first = Array.from({ length: patches }, (__, s) => {
      const from = (i * patches + s) * columns;
      return layer('', [...values.subarray(from, from + columns)]);
    });
    const last = network.pool === 'first' ? up(pooled(first)) : pooled(first.map(up));
    return last.reduce((sum, one, u) => sum + at('a').values[u]! * one, 0);
  });
}

for (const network of NETWORKS)
  for (const engine of ['gram', 'direct'])
    test(`the arrays are the network: ${JSON.stringify(network)}, ${engine}`, () => {
      const cell = cellOf(network, { engine, ...(engine === 'direct' && { data: { draw: 'explicit' } }) });
      const arrays = there(arraysOf(cell, 1, 2, 20));
      const { depth, output } = cell.network;
      const layers = Array.from({ length: depth - 2 }, (_, k) => k + 2);
      const trained = output === 'trained';
      assert.deepEqual(
        [...arrays.keys()].filter((name) => !name.endsWith('_t')),
        [
          ['W', 'b', ...layers.flatMap((l) => [`W${l}`, `b${l}`]), 'a'],
          ['W0', 'b0', ...layers.flatMap((l) => [`W${l}_0`, `b${l}_0`]), ...(trained ? ['a0'] : [])],
          ['X', 'y', 'y_true', 'outputs', 'anchors', 'step', 'mu'],
        ].flat(),
      );
      const outputs = arrays.get('outputs')!.values;
      const found = Float64Array.from(outputsBy(arrays, cell));
      assert.ok(worstDifference(found, outputs) <= FORWARD_PASS, String(worstDifference(found, outputs)));
      // Control: the start is another network, and so is one without its biases or with one layer left behind.
      const moved = layers.find((l) => !cell.network.frozen.includes(String(l)))!;
      for (const [name, start] of [
        ['W', 'W0'],
        [`W${moved}`, `W${moved}_0`],
        ...(trained ? [['a', 'a0'] as const] : []),
        ...(cell.network.bias ? [[`b${moved}`, `b${moved}_0`] as const] : []),
      ] as const) {
        const other = Float64Array.from(outputsBy(new Map([...arrays, [name, arrays.get(start)!]]), cell));
        assert.ok(worstDifference(other, outputs) > 1e6 * FORWARD_PASS, name);
      }
      // Over time: the first state is the start, the last one the end; margins at each are those of the pass.
      const T = arrays.get('step')!.shape[0]!;
      assert.deepEqual([...arrays.get('step')!.values], [0, 20, 40, 60]);
      const state = (t: number): Arrays =>
        new Map(
          [...arrays]
            .filter(([name]) => name.endsWith('_t'))
            .map(([name, { shape, values }]) => {
              const size = values.length / T;
              return [name.slice(0, -2), { shape: shape.slice(1), values: values.slice(t * size, (t + 1) * size) }];
            }),
        );
      for (const l of [1, ...layers])
        for (const letter of ['W', 'b']) {
          const name = l === 1 ? letter : `${letter}${l}`;
          assert.deepEqual(state(0).get(name), arrays.get(l === 1 ? `${letter}0` : `${name}_0`), name);
          assert.deepEqual(state(T - 1).get(name), arrays.get(name), name);
        }
      for (let t = 0; t < T; t++) {
        const now = new Map([...state(t), ['X', arrays.get('X')!]]);
        const f = outputsBy(now, cell);
        const margins = Float64Array.from(f, (one, i) => arrays.get('y')!.values[i]! * one);
        assert.ok(worstDifference(margins, now.get('margins')!.values) <= FORWARD_PASS, `state ${t}`);
      }
    });

test('beside a record: weights and margins over time, and no bit of the record moves', () => {
  for (const network of NETWORKS) {
    const spec = specOf(network, { record: { arrays: ['weights', 'margins'], arraysEvery: 25 } });
    const [cell] = [...cells(spec)];
    let kept: Arrays | undefined;
    const keeping = { arrays: (_: string, all: Arrays): void => void (kept = all) };
    const line = recordLine(runCell(cell, 1, 2, spec.record, undefined, keeping));
    assert.equal(line, recordLine(runCell(cell, 1, 2)));
    const whole = arraysOf(cell, 1, 2, 25);
    assert.deepEqual(
      [...kept!.keys()],
      [...whole.keys()].filter((name) => name === 'step' || name.endsWith('_t')),
    );
    for (const [name, array] of kept!) assert.deepEqual(array, whole.get(name), name);
    // What a dry run counts, with room for anchors that the model does not have.
    const bytes = [...kept!].reduce((sum, [name, { values }]) => sum + (name === 'step' ? 0 : 8 * values.length), 0);
    const counted = arrayBytes(cell, spec.record.arrays!);
    assert.ok(counted >= bytes && counted <= 1.6 * bytes, `${counted}, not ${bytes}`);
  }
});

test('coefficients are of two layers: refused by name', () => {
  const record = { arrays: ['coefficients', 'weights'] };
  assert.throws(() => specOf({}, { record }), /^UserError: .*record\.arrays: coefficients .* got network\.depth: 3; w/);
  assert.throws(() => specOf({}, { record, axes: { 'network.depth': [2, 4] } }), /got network\.depth: 4/);
  specOf({ depth: 2 }, { record });
});

const NORMS = (depth: number): SymbolId[] =>
  Array.from({ length: depth }, (_, k) => [`layerNorm${k + 1}`, `layerChange${k + 1}`]).flat() as SymbolId[];

for (const network of NETWORKS)
  for (const estimator of ['points', 'lines'])
    test(`measured, they are the run: ${JSON.stringify(network)}, ${estimator}`, () => {
      const cell = cellOf(network, { test: { estimator, ...(estimator === 'points' && { points: 500 }) } });
      const values = [...NORMS(cell.network.depth), 'layerGap1', 'layerActive1', 'layerActive2'] as SymbolId[];
      const run = runCell(cell, 1, 2, { series: [], values, every: 1 });
      const measured = measureArrays(cell, there(arraysOf(cell, 1, 2)), values, streamKey(cell, 1, 2));
      assert.deepEqual(Object.keys(measured.values), Object.keys(run.values));
      for (const [id, value] of Object.entries(run.values) as [SymbolId, number][]) {
        const off = Math.abs(measured.values[id]! - value);
        assert.ok(off <= ENGINES * Math.max(1, Math.abs(value)), `${id}: ${measured.values[id]}, not ${value}`);
      }
      assert.ok(measured.outOfSpan! < ENGINES);
      assert.deepEqual(measured.without, []);
    });

test('what is missing or does not fit is said in one sentence', () => {
  const cell = cellOf({ depth: 4, widths: '5,4', output: 'trained' }, { test: { points: 200 } });
  const arrays = arraysOf(cell, 1, 0);
  const without = (...names: string[]): Arrays => new Map([...arrays].filter(([name]) => !names.includes(name)));
  const shaped = (name: string, ...shape: number[]): Arrays =>
    new Map([...arrays, [name, { shape, values: new Float64Array(shape.reduce((all, one) => all * one, 1)) }]]);
  const bad = (name: string, at: number, value: number): Arrays => {
    const { shape, values } = arrays.get(name)!;
    return new Map([...arrays, [name, { shape, values: values.map((x, k) => (k === at ? value : x)) }]]);
  };
  const cases: readonly (readonly [Arrays, RegExp])[] = [
    [without('W3'), /^array W3: is missing \(there are W, b, W2, /],
    [shaped('W2', 6, 5), /^array W2: must have the shape \(5, 6\), got \(6, 5\)$/],
    [shaped('W3_0', 4), /^array W3_0: must have the shape \(4, 5\), got \(4\)$/],
    [shaped('b3', 5), /^array b3: must have the shape \(4\), got \(5\)$/],
    [shaped('a', 6), /^array a: must have the shape \(4\), got \(6\)$/],
    [bad('b2', 1, 0.5), /^array b2: has biases, but network\.bias is false$/],
    [bad('W3', 7, Infinity), /^array W3: number 7 is Infinity, must be finite$/],
  ];
  for (const [given, message] of cases)
    assert.throws(() => measureArrays(cell, given, []), { name: 'UserError', message });

  // Nothing is said of what is not known.
  const some = NORMS(4);
  const unknown = measureArrays(cell, without('W0', 'W3_0', 'a0'), [...some, 'startMax']);
  assert.equal(unknown.values.startMax, undefined);
  assert.deepEqual(
    some.filter((id) => id in unknown.values),
    ['layerNorm1', 'layerNorm2', 'layerChange2', 'layerNorm3', 'layerNorm4'],
  );
  assert.equal(unknown.outOfSpan, null);
  assert.deepEqual(unknown.without, [
    'layerChange1 (W0: the weights before the first step)',
    'layerChange3 (W3_0: the weights before the first step)',
    'layerChange4 (a0: the output weights before the first step)',
  ]);
  const bare = measureArrays(cell, without('X', 'y'), some);
  assert.deepEqual(
    Object.keys(bare.values).filter((id) => !id.startsWith('testError')),
    some.filter((id) => id.startsWith('layerNorm')),
  );
  assert.deepEqual(bare.without, ['training loss, margins (X and y: the training points and their labels)']);
});

test('a trained output of two layers: its change is measured from a0, and not said without', () => {
  const cell = cellOf({ depth: 2, output: 'trained' });
  const { values } = runCell(cell, 1, 0);
  const arrays = there(arraysOf(cell, 1, 0));
  const measured = measureArrays(cell, arrays, [], streamKey(cell, 1, 0)).values;
  assert.ok(values.vChange! > 0.01);
  for (const id of ['vChange', 'balanceDrift', 'layerRatio'] as const)
    assert.ok(Math.abs(measured[id]! - values[id]!) <= ENGINES, id);
  const unknown = measureArrays(cell, new Map([...arrays].filter(([name]) => name !== 'a0')), []);
  assert.equal(unknown.values.vChange ?? unknown.values.balanceDrift, undefined);
  assert.deepEqual(unknown.without, ['vChange, balanceDrift (a0: the output weights before the first step)']);
  assert.equal(arraysOf(cellOf({ depth: 2 }), 1, 0).get('a0'), undefined);
});

/** Debian's, the first on the path, or the one that BENIGN_PYTHON names. */
const PYTHON = [process.env['BENIGN_PYTHON'] ?? '/usr/bin/python3', 'python3'].find(
  (one) => spawnSync(one, ['-c', 'import numpy']).status === 0,
);
const FORWARD = `import sys, numpy as np
a, depth, pool, mean, leak = np.load(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4] == "mean", float(sys.argv[5])
x, f = a["X"], lambda h: np.where(h > 0, h, leak * h)
for layer in range(1, depth):
    name = "" if layer == 1 else str(layer)
    x = f(x @ a["W" + name].T + a["b" + name])
    if layer == (1 if pool == "first" else depth - 1):
        x = x.mean(1) if mean else x.sum(1)
print(np.abs(x @ a["a"] - a["outputs"]).max(), np.abs(a["W2_t"][-1] - a["W2"]).max(), a["W2_0"].shape == a["W2"].shape)
`;

test('NumPy reads them', { skip: !PYTHON && 'no Python with NumPy; BENIGN_PYTHON names one' }, () =>
  inFolder((folder) => {
    for (const room of NETWORKS) {
      const cell = cellOf(room);
      const file = join(folder, 'network.npz');
      writeFileSync(file, writeNpz(arraysOf(cell, 1, 2, 20)));
      const { depth, pool, pooling, activation, leak } = cell.network;
      const slope = activation === 'relu' ? 0 : leak;
      const { stdout, stderr } = spawnSync(PYTHON!, ['-c', FORWARD, file, `${depth}`, pool, pooling, `${slope}`], {
        encoding: 'utf8',
      });
      const [outputs, last, shapes] = stdout.trim().split(' ');
      assert.ok(Number(outputs) <= FORWARD_PASS, `${outputs} ${stderr}`);
      assert.deepEqual([last, shapes], ['0.0', 'True']);
    }
  }),
);
