/** A data set of one's own on the command line: files beside a spec, moved files, changed ones, and the same bits. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { writeNpz } from '../../src/data/readers/npz.ts';
import { benign, inFolder, storedLines } from '../helpers/benign.ts';
import { IMAGES } from '../helpers/data-set.ts';

const archive = (values: Float64Array = IMAGES.values as Float64Array): Uint8Array =>
  writeNpz(
    new Map([
      ['X', { shape: [80, 3, 3, 3], values }],
      ['y', { shape: [80], values: IMAGES.labels }],
    ]),
  );
const table = (): string =>
  Array.from({ length: 80 }, (_, i) =>
    [...IMAGES.values.subarray(27 * i, 27 * i + 27), ['cat', 'dog'][IMAGES.labels[i]!]].join(),
  ).join('\n');
const spec = (files: string, classes = '0/1', more = ''): string => `files: {points: ${files}}
data: {model: dataset, classes: ${classes}, flip: 0.1, heldOut: 20${more}}
network: {m: 3}
training: {eta: 0.5, maxSteps: 60}
axes: {data.n: [10, 20]}
runs: 4
`;
const sorted = (folder: string): string[] => storedLines(folder).sort();

test('files beside a spec; the same records for any workers; a copy elsewhere, packed; other content is refused', () =>
  inFolder((folder) => {
    const [file, out] = [join(folder, 'spec.yaml'), join(folder, 'out')];
    writeFileSync(file, spec('points.npz'));
    const none = benign(['sweep', file, '--out', out]);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /spec\.yaml:1:8 files: .*points\.npz: cannot be read \(there is no such file\)\n$/);
    writeFileSync(join(folder, 'points.npz'), archive());
    const made = benign(['sweep', file, '--out', out, '--workers', '2']);
    assert.equal(made.code, 0, made.stderr);
    const records = sorted(out);
    assert.equal(records.length, 8);
    const { cell, values } = JSON.parse(records[0]!) as { cell: { data: object }; values: Record<string, number> };
    assert.ok(!JSON.stringify(cell).includes('points'), 'a record names the content alone');
    assert.ok(Math.abs(values['testError']! - (0.1 + 0.8 * values['testErrorClean']!)) < 1e-12);
    assert.match(readFileSync(join(out, 'spec.yaml'), 'utf8'), /content: [0-9a-f]{64}\n/);
    const again = benign(['doctor', out, '--all']);
    assert.equal(again.code, 0, again.stdout + again.stderr);

    // Moved, and another format of the same numbers: the archive's content is that of its arrays.
    mkdirSync(join(folder, 'elsewhere'));
    renameSync(join(folder, 'points.npz'), join(folder, 'elsewhere', 'renamed.npz'));
    const lost = benign(['doctor', out]);
    assert.equal(lost.code, 1);
    assert.match(lost.stderr, /points\.npz: cannot be read/);
    const found = benign(['doctor', out, '--all', '--data', join(folder, 'elsewhere')]);
    assert.equal(found.code, 0, found.stdout + found.stderr);
    const taken = benign(['sweep', file, '--out', join(folder, 'taken'), '--data', join(folder, 'elsewhere')]);
    assert.equal(taken.code, 0, taken.stderr);
    assert.deepEqual(sorted(join(folder, 'taken')), records);
    const moved = join(folder, 'moved.yaml');
    writeFileSync(moved, spec('elsewhere/renamed.npz'));
    assert.equal(benign(['sweep', moved, '--out', join(folder, 'moved'), '--workers', '1']).code, 0);
    assert.deepEqual(sorted(join(folder, 'moved')), records);

    const other = Float64Array.from(IMAGES.values);
    other[0]! += 1;
    writeFileSync(join(folder, 'points.npz'), archive(other));
    const changed = benign(['doctor', out]);
    assert.equal(changed.code, 1);
    assert.match(changed.stderr, /points\.npz: holds the content [0-9a-f]{12}\.\.\. now, and the runs were made of/);
    const grown = benign(['sweep', file, '--out', out, '--set', 'runs=5']);
    assert.equal(grown.code, 1);
    assert.match(grown.stderr, /data\.content is/);
    assert.deepEqual(sorted(out), records);
  }));

test('a table with words for labels, packed; what does not fit is said', () =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(join(folder, 'pets.csv.gz'), gzipSync(table()));
    writeFileSync(file, spec('pets.csv.gz', 'cat/dog'));
    const made = benign(['run', file, '--set', 'n=10', '--out', join(folder, 'run'), '--json']);
    assert.ok([0, 4].includes(made.code!), made.stderr);
    for (const [text, sentence] of [
      [spec('pets.csv.gz', 'cat/cow'), 'data.classes: no point has the label "cow"; there are cat, dog'],
      [spec('pets.csv.gz', 'cat'), 'data.classes: must be two classes such as 0/1'],
      [spec('pets.csv.gz', 'cat/dog', ', layout: squares'), 'data.layout: squares is for images'],
      [spec('pets.csv.gz', 'cat/dog', ', d: 5'), 'data.d: must be 27'],
      [spec('pets.csv.gz', 'cat/dog', ', mu: 3'), 'data.mu: has no effect here'],
      [spec('pets.csv.gz', 'cat/dog', ', sigmaP: 3'), 'data.sigmaP: has no effect here'],
      [
        spec('pets.csv.gz', 'cat/dog').replace('model: dataset', 'model: mixture, d: 5, mu: 1'),
        'files: has no effect here',
      ],
      [spec('pets.csv.gz', 'cat/dog').replace('points:', 'picture:'), 'files'],
      [spec('pets.csv.gz', 'cat/dog') + 'record: {values: [ratio]}\n', 'ratio'],
    ] as const) {
      writeFileSync(file, text);
      const { code, stdout, stderr } = benign(['run', file, '--set', 'n=10', '--out', join(folder, 'bad')]);
      assert.equal(code, 1, text);
      assert.ok(stderr.includes(sentence), `${sentence}\n${stderr}${stdout}`);
    }
  }));

test('one run of a data set: the series that it has, in a spec that is read again; an interval of the held-out count', () =>
  inFolder((folder) => {
    const [file, out] = [join(folder, 'spec.yaml'), join(folder, 'out')];
    writeFileSync(join(folder, 'points.npz'), archive());
    writeFileSync(
      file,
      spec('points.npz')
        .replace(/axes.*\n/, '')
        .replace('0/1,', '0/1, n: 10,')
        .replace('runs: 4', 'runs: 1'),
    );
    const ran = benign(['run', file, '--out', out]);
    assert.ok(ran.code === 0 || ran.code === 4, ran.stderr);
    const stored = readFileSync(join(out, 'spec.yaml'), 'utf8');
    assert.match(stored, /testErrorClean/);
    assert.doesNotMatch(stored, /gamma|rhoBar/);
    assert.equal(benign(['run', file, '--out', out]).stdout, ran.stdout);
    assert.equal(benign(['table', out]).code, 0);
  }));
