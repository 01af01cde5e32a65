/** Networks as arrays: our runs out and back in, PyTorch's in, and what does not fit. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import type { NumericArray } from '../../src/data/readers/npy.ts';
import { readNpz, writeNpz } from '../../src/data/readers/npz.ts';
import type { Cell } from '../../src/experiments/cell.ts';
import type { Arrays } from '../../src/experiments/arrays.ts';
import { arraysOf } from '../../src/experiments/run-arrays.ts';
import { runCell, streamKey } from '../../src/experiments/run.ts';
import { cells } from '../../src/experiments/spec.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { measureArrays } from '../../src/experiments/trained.ts';
import { fixture } from '../helpers/fixtures.ts';
import { root } from '../helpers/benign.ts';
import { ENGINES, PLAIN_32 } from '../tolerances.ts';

const cellOf = (data: object = {}, network: object = {}): Cell =>
  [
    ...cells(
      specFrom(
        {
          data: { n: 8, d: 40, mu: 3, flip: 0.1, ...data },
          network: { m: 3, outputScale: '1/m', sigma0: 0.01, ...network },
          training: { eta: 0.5, maxSteps: 200 },
        },
        'test',
      ),
    ),
  ][0];
const there = (arrays: Arrays): Arrays => readNpz(writeNpz(arrays), 'arrays.npz');
const changed = (arrays: Arrays, name: string, change: (array: NumericArray) => NumericArray): Arrays =>
  new Map([...arrays, [name, change(arrays.get(name)!)]]);
const without = (arrays: Arrays, ...names: string[]): Arrays =>
  new Map([...arrays].filter(([name]) => !names.includes(name)));

for (const [what, cell] of [
  ['d-free, noise orthogonal to the signal', cellOf()],
  ['d-free, bias', cellOf({ projected: false }, { init: 'pytorch-gaussian', sigma0: undefined, bias: true })],
  ['explicit vectors', cellOf({ draw: 'explicit' })],
  ['flips by the length of the noise, of d coordinates', cellOf({ flipLaw: 'by-norm', flipTilt: 1, mu: 1 })],
  ['flips by class', cellOf({ flipLaw: 'by-class', flipTilt: 1, mu: 1 })],
] as const)
  test(`a run's arrays, measured, are the run: ${what}`, () => {
    const { values } = runCell(cell, 1, 2);
    const measured = measureArrays(cell, there(arraysOf(cell, 1, 2)), [], streamKey(cell, 1, 2));
    assert.deepEqual(Object.keys(measured.values), Object.keys(values));
    for (const [id, value] of Object.entries(values))
      assert.ok(
        Math.abs(measured.values[id as 'gamma']! - value) <= ENGINES * Math.max(1, Math.abs(value)),
        `${id}: ${measured.values[id as 'gamma']}, not ${value}`,
      );
    assert.ok(measured.outOfSpan! < ENGINES);
    assert.deepEqual(measured.without, []);
  });

test('whatever the direction of the signal and the side of its patch: the same numbers', () => {
  const cell = cellOf({ projected: false });
  const plain = there(arraysOf(cell, 1, 0));
  const stream = new Stream({ seed: 4, cell: [0, 0], replicate: 0 }, 'test');
  const columns = plain.get('mu')!.shape[0]!;
  // a reflection in a random direction, and the two patches of every second point swapped
  const u = Array.from({ length: columns }, () => stream.normal());
  const square = u.reduce((sum, x) => sum + x * x, 0);
  const turned = ({ shape, values }: NumericArray): NumericArray => {
    const out = values.slice();
    for (let row = 0; row < out.length; row += columns) {
      const along = u.reduce((sum, x, k) => sum + x * values[row + k]!, 0);
      u.forEach((x, k) => (out[row + k]! -= (2 * along * x) / square));
    }
    return { shape, values: out };
  };
  const swapped = ({ shape, values }: NumericArray): NumericArray => {
    const out = values.slice();
    for (let i = 0; i < shape[0]!; i += 2) {
      const [from, middle, to] = [2 * i * columns, (2 * i + 1) * columns, (2 * i + 2) * columns];
      out.set(values.subarray(middle, to), from);
      out.set(values.subarray(from, middle), middle);
    }
    return { shape, values: out };
  };
  let other = plain;
  for (const name of ['W', 'W0', 'X', 'mu']) other = changed(other, name, turned);
  other = changed(other, 'X', swapped);
  const [a, b] = [measureArrays(cell, plain, []), measureArrays(cell, other, [])];
  for (const [id, value] of Object.entries(a.values))
    assert.ok(Math.abs(b.values[id as 'gamma']! - value) <= ENGINES * Math.max(1, Math.abs(value)), id);
});

test('a network that PyTorch trained: its own loss, margins and plain Monte Carlo', () => {
  const file = join(root, 'test/fixtures/torch/measure.npz');
  const arrays = readNpz(readFileSync(file), file);
  const theirs = fixture('torch/measure.json') as Readonly<Record<string, number>>;
  const cell = cellOf({ projected: false });
  const { values, outOfSpan, without: missing } = measureArrays(cell, arrays, ['excess']);
  assert.deepEqual(missing, []);
  assert.ok(outOfSpan! < PLAIN_32);
  for (const id of ['trainLoss', 'marginMin', 'marginMax', 'flipped'] as const)
    assert.ok(Math.abs(values[id]! - theirs[id]!) <= PLAIN_32 * Math.max(1, theirs[id]!), id);
  // Four standard errors of both: 6e-5 of false alarm, and these numbers do not change.
  const se = Math.hypot(values.testErrorCleanSe!, theirs['testErrorCleanSe']!);
  assert.ok(Math.abs(values.testErrorClean! - theirs['testErrorClean']!) <= 4 * se);
  // Control: with the noise orthogonal to the signal the error is another one.
  const bare = without(arrays, 'X', 'y', 'y_true', 'W0');
  const other = measureArrays(cellOf({ projected: true }), bare, []).values.testErrorClean!;
  assert.ok(Math.abs(other - theirs['testErrorClean']!) > 10 * se);
});

test('what is missing is said, and nothing is said of it', () => {
  const cell = cellOf();
  const arrays = arraysOf(cell, 1, 0);
  const bare = measureArrays(cell, without(arrays, 'X', 'y', 'W0'), ['gamma', 'excess']);
  assert.deepEqual(Object.keys(bare.values), [
    'testError',
    'testErrorSe',
    'testErrorClean',
    'testErrorCleanSe',
    'excess',
  ]);
  assert.match(bare.without.join(), /training loss, margins, coefficients \(X and y/);
  const half = measureArrays(cell, without(arrays, 'W0'), []);
  assert.equal(half.values.gamma, undefined);
  assert.ok(half.values.trainLoss! > 0);
  assert.match(half.without.join(), /W0/);
  // Weight decay, say: the start is no longer there in full.
  const decayed = changed(arrays, 'W', ({ shape, values }) => ({
    shape,
    values: values.map((w, at) => w - 0.5 * arrays.get('W0')!.values[at]!),
  }));
  const out = measureArrays(cell, decayed, []);
  assert.ok(out.outOfSpan! > 0.001);
  assert.equal(out.values.gamma, undefined);
  assert.match(out.without.join(), /out of the span/);
});

test('arrays that do not fit are refused in one sentence', () => {
  const cell = cellOf({ projected: false });
  const arrays = arraysOf(cell, 1, 0);
  const set = (name: string, at: number, value: number): Arrays =>
    changed(arrays, name, ({ shape, values }) => ({ shape, values: values.map((x, k) => (k === at ? value : x)) }));
  const cases: readonly (readonly [Arrays, RegExp, Cell?])[] = [
    [without(arrays, 'W'), /^array W: is missing \(there are b, a, /],
    [
      changed(arrays, 'W', ({ values }) => ({ shape: [values.length], values })),
      /^array W: must have the shape \(6, any\)/,
    ],
    [
      changed(arrays, 'b', () => ({ shape: [5], values: new Float64Array(5) })),
      /^array b: must have the shape \(6\), got \(5\)/,
    ],
    [set('b', 0, 1), /^array b: has biases, but network.bias is false/],
    [set('W', 3, NaN), /^array W: number 3 is NaN/],
    [set('y', 1, 0), /^array y: label 1 is 0, must be 1 or -1/],
    [set('X', 0, 7), /^array X: point 0 has no patch that is mu or -mu/],
    [set('y_true', 0, -arrays.get('y_true')!.values[0]!), /^array y_true: label 0 is /],
    [set('mu', 0, 2), /^array mu: has the norm 2.00000, but data.mu is 3/],
    [arrays, /^array X: a noise has .* of its length along the signal/, cellOf()],
    [arrays, /^array X: the noise has a standard deviation of /, cellOf({ projected: false, sigmaP: 3 })],
    [arraysOf(cellOf(), 1, 0), /^array X: every noise is orthogonal to the signal/],
    [arrays, /^data.model: measure knows signal-noise, got mixture/, cellOf({ model: 'mixture', projected: false })],
  ];
  for (const [given, sentence, other] of cases)
    assert.throws(() => measureArrays(other ?? cell, given, []), { name: 'UserError', message: sentence });
});
