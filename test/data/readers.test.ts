/** .npy and .npz: what NumPy wrote, round trips, and what is malformed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { parseNpy, writeNpy, type NumericArray } from '../../src/data/readers/npy.ts';
import { readNpz, writeNpz } from '../../src/data/readers/npz.ts';
import { UserError } from '../../src/errors.ts';
import { root } from '../helpers/benign.ts';

const kinds = readFileSync(join(root, 'test/fixtures/numpy/kinds.npz'));
const range = (count: number, step = 1): number[] => Array.from({ length: count }, (_, at) => at * step);

test('every type and order that NumPy 2.5.5 writes, packed', () => {
  const arrays = readNpz(kinds, 'kinds.npz');
  const plain = Object.fromEntries([...arrays].map(([name, { shape, values }]) => [name, [shape, [...values]]]));
  assert.deepEqual(plain, {
    f4: [[2, 3], range(6)],
    f8big: [[3, 2], range(6, 0.25)],
    fortran: [[2, 3, 4], range(24)],
    u1: [[2], [0, 255]],
    i8: [[2], [-3, 4]],
    i2big: [[2], [-300, 4]],
    b: [[2], [1, 0]],
    scalar: [[], [2.5]],
  });
});

test('what is written is read again, the same bytes every time, numbers from a multiple of 64 bytes on', () => {
  const arrays = new Map<string, NumericArray>([
    ['a', { shape: [2, 2], values: new Float64Array([0.1, -0, NaN, Infinity]) }],
    ['none', { shape: [0, 3], values: new Float64Array() }],
    ['one', { shape: [], values: new Float64Array([5e-324]) }],
  ]);
  const bytes = writeNpz(arrays);
  assert.deepEqual(readNpz(bytes, 'x'), arrays);
  assert.deepEqual(writeNpz(arrays), bytes);
  assert.equal((writeNpy(arrays.get('a')!).length - 8 * 4) % 64, 0);
  assert.throws(() => writeNpy({ shape: [3], values: new Float64Array(2) }), RangeError);
});

test('malformed arrays: one sentence with the byte', () => {
  const good = writeNpy({ shape: [2], values: new Float64Array([1, 2]) });
  const text = new TextDecoder('latin1').decode(good);
  const spelt = (from: string, to: string): Uint8Array =>
    Uint8Array.from(text.replace(from, to), (letter) => letter.charCodeAt(0));
  for (const [bytes, sentence] of [
    [new Uint8Array(), /^w: byte 0: it does not begin/],
    [new TextEncoder().encode('PK not an array'), /^w: byte 0: it does not begin/],
    [Uint8Array.from(good, (byte, at) => (at === 6 ? 9 : byte)), /^w: byte 6: format version 9/],
    [good.subarray(0, 40), /^w: byte 40: it ends within its header/],
    [good.subarray(0, -1), /bytes of numbers, but the shape \(2\) has 16/],
    [spelt("'<f8'", "'<c8'"), /numbers of a type that is not read: '<c8'; allowed: f4, f8/],
    [spelt("'<f8'", "'|O1'"), /is not read: '\|O1'/],
    [spelt("'fortran_order'", "'fortran_orden'"), /no shape or no order/],
    [spelt('(2,)', '(9,)'), /but the shape \(9\) has 72/],
  ] as const)
    assert.throws(() => parseNpy(bytes, 'w'), { name: 'UserError', message: sentence });
  assert.throws(
    () => readNpz(new TextEncoder().encode('no archive'), 'w.npz'),
    /^UserError: w\.npz: is no \.npz archive/,
  );
});

test('2,000 mutated files: numbers or one sentence, nothing else', () => {
  const stream = new Stream({ seed: 9, cell: [0, 0], replicate: 0 }, 'test');
  const plain = writeNpz(readNpz(kinds, 'kinds.npz'));
  let refused = 0;
  for (let turn = 0; turn < 2000; turn++) {
    const from = turn % 2 ? kinds : plain;
    let bytes = Uint8Array.from(from);
    for (let change = 0; change <= stream.integer(8); change++)
      bytes[stream.integer(bytes.length)] = stream.integer(256);
    if (stream.integer(4) === 0) bytes = bytes.subarray(0, stream.integer(bytes.length));
    try {
      for (const { shape, values } of readNpz(bytes, 'w').values())
        assert.equal(
          shape.reduce((product, size) => product * size, 1),
          values.length,
        );
    } catch (error) {
      assert.ok(error instanceof UserError, `turn ${turn}: ${String(error)}`);
      assert.ok(!error.message.includes('\n') && error.message.length < 400, error.message);
      refused++;
    }
  }
  assert.ok(refused > 500, `${refused} refused`);
});
