/** Readers of labelled points: what NumPy and Python wrote, real files, and what is malformed. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { openLabelled } from '../../src/data/node/open.ts';
import { parseCsv, type CsvChoice } from '../../src/data/readers/csv.ts';
import { readLabelled } from '../../src/data/readers/format.ts';
import { gunzip } from '../../src/data/readers/gzip.ts';
import { parseIdx } from '../../src/data/readers/idx.ts';
import { parseNpy, writeNpy } from '../../src/data/readers/npy.ts';
import { writeNpz } from '../../src/data/readers/npz.ts';
import { bytesOf, fuzz, WRITTEN } from '../../validation/readers.ts';
import { inFolder } from '../helpers/benign.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const written = (name: string): Uint8Array => bytesOf(WRITTEN[name]!);
const refusedWith = (sentence: RegExp) => ({ name: 'UserError', message: sentence });

test('arrays of all types, both orders of bytes and of indices', () => {
  const arrays = Object.entries(WRITTEN).filter(([name]) => /\.npy$|idx\d$/.test(name));
  assert.equal(arrays.length, 44 + 7);
  for (const [name, { shape, dtype, values }] of arrays) {
    const found = (name.endsWith('.npy') ? parseNpy : parseIdx)(written(name), name);
    assert.deepEqual([found.shape, found.dtype, [...found.values]], [shape, dtype, values], name);
    assert.equal(found.values instanceof Uint8Array, dtype === 'u1' || dtype === 'b1', name);
  }
});

test('labelled points of every format, told by the content', () => {
  for (const name of ['plain.npz', 'packed.npz', 'comma.csv', 'semicolon.csv', 'tab.csv', 'savetxt.csv.gz']) {
    const { shape, values, labels } = WRITTEN[name]!;
    const found = readLabelled([{ name, bytes: written(name) }]);
    assert.deepEqual([found.shape, [...found.values], [...found.labels]], [shape, values, labels], name);
    assert.equal(found.count, labels!.length);
  }
  const labels = { name: 'l', bytes: written('labels-idx1') };
  for (const name of ['u1-idx3', 'u1-idx3.gz', 'f4-idx3', 'i8-F.npy']) {
    const found = readLabelled([{ name, bytes: written(name) }], labels);
    assert.deepEqual([found.shape, [...found.values]], [WRITTEN[name]!.shape!.slice(1), WRITTEN[name]!.values]);
    assert.deepEqual([...found.labels], [7, 0, 9]);
  }
});

test('batches of CIFAR-10, one behind the other', () => {
  const { labels, sums, first } = WRITTEN['data_batch_1.bin.gz']!;
  const packed = { name: 'data_batch_1.bin.gz', bytes: written('data_batch_1.bin.gz') };
  const plain = { name: 'x', bytes: gunzip(packed.bytes, 'x') };
  const found = readLabelled([packed, plain]);
  assert.deepEqual([found.shape, found.count, [...found.labels]], [[3, 32, 32], 4, [...labels!, ...labels!]]);
  for (let i = 0; i < found.count; i++) {
    const image = Float64Array.from(found.values.subarray(3072 * i, 3072 * (i + 1)));
    assert.equal(
      image.reduce((sum, x) => sum + x, 0),
      sums![i % 2],
    );
    assert.deepEqual([...image.subarray(0, 8)], first![i % 2]);
  }
  const wrong = Uint8Array.from(plain.bytes, (byte, at) => (at === 3073 ? 10 : byte));
  assert.throws(
    () => readLabelled([{ name: 'w', bytes: wrong }], undefined, { format: 'cifar-10' }),
    refusedWith(/^w: byte 3073: label 10, allowed: 0 to 9$/),
  );
  assert.throws(
    () => readLabelled([{ name: 'w', bytes: plain.bytes.subarray(1) }], undefined, { format: 'cifar-10' }),
    refusedWith(/^w: byte 6145: a batch of CIFAR-10 has 3073 bytes for each image/),
  );
});

test('tables: columns by name and place, words as labels, the first line of scikit-learn', () => {
  const read = (content: string, choice?: CsvChoice) => {
    const { values, labels, classNames } = parseCsv(text(content), 't', choice);
    return [[...values], [...labels], classNames];
  };
  assert.deepEqual(read('\uFEFFlabel,a\r\n3,1e1\r\n\r\n4,-.5\r\n'), [[10, -0.5], [3, 4], undefined]);
  assert.deepEqual(read('a,class,b\n1,dog,2\n3,"cat, ""big""",4'), [
    [1, 2, 3, 4],
    [1, 0],
    ['cat, "big"', 'dog'],
  ]);
  assert.deepEqual(read('1,2,3\n4,5,6', { label: 0 }), [[2, 3, 5, 6], [1, 4], undefined]);
  assert.deepEqual(read('u,v\n1,2', { label: 'u' }), [[2], [1], undefined]);
  assert.deepEqual(read('1 2\n3 4', { separator: ' ' }), [[1, 3], [2, 4], undefined]);
  assert.deepEqual(read('0,1\n2,3', { header: true }), [[2], [3], undefined]);
  assert.deepEqual(read('2,2,a,b,c\n1,2,0\n3,4,1'), [[1, 2, 3, 4], [0, 1], undefined]);
  assert.deepEqual(read('2,2,a\n1,2,b'), [
    [2, 2, 1, 2],
    [0, 1],
    ['a', 'b'],
  ]);
  assert.deepEqual(read('150,1\n7,0'), [[150, 7], [1, 0], undefined]);
});

test('malformed tables: one sentence with line and column', () => {
  for (const [content, choice, sentence] of [
    ['a,label\n1,2\nx,3', {}, /^t: line 3, column 1 \(a\): must be a number, got "x"$/],
    ['1,2\n3,', { label: 0 }, /^t: line 2, column 2: must be a number, got ""$/],
    ['1,b,0\n', {}, /^t: line 1, column 2: must be a number, got "b"; does the first row name the columns\?$/],
    ['1,2\n3,4,5', {}, /^t: line 2: 3 columns, the first has 2$/],
    ['1,2\n"3,4', {}, /^t: line 2, column 1: a quote is not closed$/],
    ['1,2\n"3"4,4', {}, /^t: line 2, column 1: a quote is closed, and more follows/],
    ['1,2\n3"4,4', {}, /^t: line 2, column 1: a quote within a cell/],
    ['1,2\n1,NaN\n', {}, /^t: point 2: its label "NaN" is no number, and others are$/],
    ['1,1e999\n2,3', { label: 0 }, /^t: line 1, column 2: must be a number, got "1e999"/],
    ['1\n2', {}, /one column, and a label and numbers need two/],
    ['a,b', {}, /^t: no rows with numbers$/],
    ['', {}, /^t: no rows with numbers$/],
    ['3,2,a,b\n1,2,0\n', {}, /^t: line 1: says that 3 rows follow, and 1 do$/],
    ['1,2\n3,4', { label: 'q' }, /^t: label: no column is called "q", since the first row names none$/],
    ['a,a\n3,4', { label: 'a' }, /^t: label: two columns are called "a"$/],
    ['1,2\n3,4', { label: 2 }, /^t: label: must be a column, an integer in \[0, 2\), got 2$/],
    ['1,2\n3,4', { separator: ',,' }, /^t: separator: must be one character/],
    ['a,y\n1,c\n2,', {}, /^t: point 2: has no label$/],
  ] as const)
    assert.throws(() => parseCsv(text(content), 't', choice), refusedWith(sentence), content);
});

test('malformed IDX, gzip and archives: one sentence with the byte, and nothing is allocated for a claim', () => {
  const good = written('u1-idx3');
  const changed = (at: number, ...to: number[]): Uint8Array => Uint8Array.from(good, (byte, k) => to[k - at] ?? byte);
  for (const [bytes, sentence] of [
    [good.subarray(0, 3), /^w: byte 0: an IDX file begins with/],
    [changed(2, 10), /^w: byte 2: type 10, allowed: 8, 9, 11/],
    [good.subarray(0, 11), /^w: byte 11: it ends within the sizes of its 3 dimensions/],
    [good.subarray(0, -1), /^w: byte 16: 11 bytes of numbers, but the shape \(3, 2, 2\) has 12$/],
    [changed(4, 255, 255, 255, 255), /but the shape \(4294967295, 2, 2\) has 17179869180$/],
    [changed(3, 255), /it ends within the sizes of its 255/],
  ] as const)
    assert.throws(() => parseIdx(bytes, 'w'), refusedWith(sentence));
  const packed = written('u1-idx3.gz');
  for (const [bytes, sentence] of [
    [packed.subarray(0, 12), /^w: byte 12: the gzip file ends within its header$/],
    [Uint8Array.from(packed, (byte, at) => (at >= packed.length - 4 ? 255 : byte)), /claims 4294967295 bytes unpacked/],
    [packed.subarray(0, -1), /^w: byte \d+: the gzip file/],
    [Uint8Array.from(packed, (byte, at) => (at === packed.length - 8 ? byte ^ 1 : byte)), /has another checksum/],
    [Uint8Array.from([...packed, ...packed]), /the gzip file has another checksum: it is damaged, or several/],
  ] as const)
    assert.throws(() => readLabelled([{ name: 'w', bytes }]), refusedWith(sentence));
  const archive = written('plain.npz');
  const damaged = Uint8Array.from(archive, (byte, at) => (at === 200 ? byte ^ 1 : byte));
  assert.throws(
    () => readLabelled([{ name: 'w', bytes: damaged }]),
    refusedWith(/^w: array X: its checksum is another: the file is damaged$/),
  );
});

test('points and labels that do not fit together, and what is of no format', () => {
  const f8 = (shape: number[], ...values: number[]) => writeNpy({ shape, values: new Float64Array(values) });
  const read = (points: Uint8Array, labels?: Uint8Array) =>
    readLabelled([{ name: 'p', bytes: points }], labels && { name: 'l', bytes: labels });
  assert.deepEqual([...read(f8([2], 5, 6), f8([2, 1], 1, 0)).labels], [1, 0]);
  for (const [points, labels, sentence] of [
    [f8([2, 1], 1, 2), undefined, /^p: has points without labels/],
    [f8([2, 1], 1, 2), f8([3], 1, 2, 3), /^l: 3 labels, and p has 2 points$/],
    [f8([2, 1], 1, 2), f8([2, 2], 1, 2, 3, 4), /^l: labels must have the shape \(2\), got \(2, 2\)$/],
    [f8([2, 1], 1, NaN), f8([2], 1, 2), /^p: number 1 is NaN, must be finite$/],
    [f8([2, 1], 1, 2), f8([2], Infinity, 2), /^l: number 0 is Infinity, must be finite$/],
    [f8([0, 5]), f8([0]), /^p: no points: its shape is \(0, 5\)$/],
    [text('1,2'), f8([1], 1), /^p: has its labels in it/],
    [new Uint8Array(), undefined, /^p: the file is empty$/],
    [Uint8Array.from([0, 1, 2, 3, 4]), undefined, /^p: is of no format that is read: its first bytes are 0, 1, 2, 3;/],
  ] as const)
    assert.throws(() => read(points, labels), refusedWith(sentence));
  const X = { shape: [2, 1], values: new Float64Array(2) };
  const y = { shape: [2], values: new Float64Array(2) };
  const two = writeNpz(
    new Map([
      ['X', X],
      ['y', y],
      ['z', y],
    ]),
  );
  assert.throws(
    () => read(two),
    refusedWith(/^p: which array is meant, it does not say; there are "X" \(2, 1\), "y" \(2\), "z" \(2\)$/),
  );
  assert.equal(readLabelled([{ name: 'p', bytes: two }], undefined, { labelsArray: 'z' }).count, 2);
  assert.throws(
    () => readLabelled([{ name: 'p', bytes: two }], undefined, { labelsArray: 'q' }),
    refusedWith(/^p: has no array "q"; there are/),
  );
});

test('files and folders by their path', async () => {
  await inFolder((folder) => {
    const at = (...names: string[]): string => join(folder, ...names);
    const put = (name: string, bytes: Uint8Array): void => writeFileSync(at(name), bytes);
    put('train-images-idx3-ubyte', written('u1-idx3'));
    put('train-labels-idx1-ubyte.gz', gzipSync(written('labels-idx1')));
    const opened = openLabelled(at('train-images-idx3-ubyte'));
    assert.deepEqual([...opened.points.labels], [7, 0, 9]);
    assert.deepEqual(opened.files, [at('train-images-idx3-ubyte'), at('train-labels-idx1-ubyte.gz')]);
    put('x.npy', written('f4-C.npy'));
    assert.throws(() => openLabelled(at('x.npy')), refusedWith(/has points without labels/));
    assert.equal(openLabelled(at('x.npy'), at('train-labels-idx1-ubyte.gz')).points.count, 3);
    assert.throws(
      () => openLabelled(at('none.npy')),
      refusedWith(/none\.npy: cannot be read \(there is no such file\)$/),
    );
    assert.throws(() => openLabelled(folder), refusedWith(/has no batch of CIFAR-10 \(data_batch_1\.bin/));
    assert.throws(() => openLabelled('/dev/null'), refusedWith(/is no regular file$/));
    mkdirSync(at('cifar'));
    const batch = gunzipSync(written('data_batch_1.bin.gz'));
    for (const name of ['data_batch_10.bin', 'data_batch_2.bin', 'test_batch.bin', 'batches.meta.txt', 'readme.html'])
      put(join('cifar', name), name === 'data_batch_2.bin' ? batch.subarray(0, 3073) : batch);
    const all = openLabelled(at('cifar'));
    assert.deepEqual(
      all.files,
      ['data_batch_2.bin', 'data_batch_10.bin', 'test_batch.bin'].map((name) => at('cifar', name)),
    );
    assert.deepEqual([...all.points.labels], [3, 3, 9, 3, 9]);
    copyFileSync(at('x.npy'), at('cifar', 'data_batch_1.bin'));
    assert.throws(() => openLabelled(at('cifar')), refusedWith(/data_batch_1\.bin: byte \d+: a batch of CIFAR-10/));
  });
});

/** Debian's dataset-fashion-mnist, or another folder with its four files. */
const FASHION = process.env['BENIGN_FASHION_MNIST'] ?? '/usr/share/datasets/fashion-mnist';
const noFashion =
  !existsSync(FASHION) && `there is no ${FASHION} (Debian: dataset-fashion-mnist); BENIGN_FASHION_MNIST names another`;

test('Fashion-MNIST as it is packed, by sums that Python took', { skip: noFashion }, () => {
  const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const { points } = openLabelled(join(FASHION, 't10k-images-idx3-ubyte.gz'));
  assert.deepEqual([points.shape, points.count, points.dtype], [[28, 28], 10_000, 'u1']);
  assert.equal(sum(points.values as Uint8Array), 'c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a');
  assert.equal(sum(Uint8Array.from(points.labels)), '3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9');
});

test('2,000 mutated files: numbers or one sentence, nothing else', () => {
  const found = fuzz(2000, 16);
  const sum = (of: (one: (typeof found)[number]) => number): number => found.reduce((all, one) => all + of(one), 0);
  assert.equal(
    sum(({ files }) => files),
    2000,
  );
  assert.deepEqual(found.map(({ format }) => format).sort(), ['bin', 'csv', 'gzip', 'idx', 'npy', 'npz']);
  assert.ok(sum(({ refused }) => refused) > 500 && sum(({ read }) => read) > 100);
});
