/** What pictures and tables of a folder say, as a user meets it. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { benign, inFolder } from '../helpers/benign.ts';

const SPEC = `name: 漢 curve
data: {n: 10, d: 100}
network: {m: 4}
training: {maxSteps: 5}
test: {lines: 2, shifts: 2}
axes: {data.mu: [1, 2, 4]}
runs: 2
`;

test('missing runs are said by picture and table; missing glyphs are named; no file of the machine is inside', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const whole = benign(['sweep', join(folder, 'spec.yaml'), '--out', 'out'], folder);
    assert.equal(whole.code, 0, whole.stderr);
    assert.match(whole.stderr, /no glyph for 漢 \(U\+6F22\): /);
    assert.doesNotMatch(benign(['table', 'out'], folder).stderr, /unfinished/);
    // As if it had been stopped.
    const kept = join(folder, 'out', 'spec.yaml');
    writeFileSync(kept, readFileSync(kept, 'utf8').replace('runs: 2', 'runs: 50'));
    for (const args of [
      ['table', 'out', '--json'],
      ['table', 'out', '--rows', 'runs'],
      ['figure', 'out'],
    ]) {
      const { code, stderr } = benign(args, folder);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^out: unfinished: 6 of 150 runs are there: 2 of 50 runs a cell/m, args.join(' '));
    }
    for (const kind of ['svg', 'png', 'vl.json']) {
      const file = readFileSync(join(folder, 'out', 'figures', `test-error.${kind}`), 'utf8');
      assert.ok(file.includes('runs: 50') && !file.includes(folder), kind);
    }
    assert.match(readFileSync(join(folder, 'out', 'figures', 'test-error.svg'), 'utf8'), />[^<]*2 of 50 runs a cell/);
  });
});

test('a trajectory says which run it is', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC.replace(/axes: .*/, '').replace('d: 100', 'd: 100, mu: 4'));
    benign(['run', 'spec.yaml', '--out', 'out'], folder);
    const file = join(folder, 'out', 'figures', 'trajectories.svg');
    const first = readFileSync(file, 'utf8');
    assert.match(first, /run 1 of 2 \([0-9a-f]{16}-0\)/);
    benign(['figure', 'out'], folder);
    assert.equal(readFileSync(file, 'utf8'), first);
  });
});
