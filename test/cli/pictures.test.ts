/** What pictures and tables of a folder say, as a user meets it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeFigures } from '../../src/cli/outputs.ts';
import { inFolder } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

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
    const whole = warm(['sweep', join(folder, 'spec.yaml'), '--out', 'out'], folder);
    assert.equal(whole.code, 0, whole.stderr);
    assert.match(whole.stderr, /no glyph for 漢 \(U\+6F22\): /);
    assert.doesNotMatch(warm(['table', 'out'], folder).stderr, /unfinished/);
    // As if it had been stopped.
    const kept = join(folder, 'out', 'spec.yaml');
    writeFileSync(kept, readFileSync(kept, 'utf8').replace('runs: 2', 'runs: 50'));
    for (const args of [
      ['table', 'out', '--json'],
      ['table', 'out', '--rows', 'runs'],
      ['figure', 'out'],
    ]) {
      const { code, stderr } = warm(args, folder);
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
    warm(['run', 'spec.yaml', '--out', 'out'], folder);
    const file = join(folder, 'out', 'figures', 'trajectories.svg');
    const first = readFileSync(file, 'utf8');
    assert.match(first, /run 1 of 2 \([0-9a-f]{16}-0\)/);
    warm(['figure', 'out'], folder);
    assert.equal(readFileSync(file, 'utf8'), first);
  });
});

test('a run whose every drawn error lies far below p keeps its verdict and its picture', async () => {
  await inFolder((folder) => {
    writeFileSync(
      join(folder, 'spec.yaml'),
      `data: {n: 20, d: 1000, mu: 12, flip: 0.1}
network: {m: 4}
training: {eta: 0.5, maxSteps: 50}
record: {series: [averagingError]}
runs: 1
`,
    );
    const { code, stdout, stderr } = warm(['run', 'spec.yaml', '--out', 'out'], folder);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /benign overfitting in this draw/);
    const [, height] = /<svg[^>]* height="(\d+)"/.exec(
      readFileSync(join(folder, 'out', 'figures', 'trajectories.svg'), 'utf8'),
    )!;
    assert.ok(Number(height) < 400, height); // one panel of 120 px under a title
  });
});

test('a picture that cannot be drawn is named, its old files go, and the others are drawn', async (t) => {
  await inFolder(async (folder) => {
    const simple = (name: string, height: number) => ({
      name,
      spec: { data: { values: [{ x: 1 }] }, mark: 'point', encoding: { x: { field: 'x' } }, height },
    });
    const said: string[] = [];
    t.mock.method(process.stderr, 'write', (text: string) => said.push(text) > 0);
    assert.deepEqual(await writeFigures(folder, [simple('one', 50)]), ['one']);
    assert.deepEqual(await writeFigures(folder, [simple('one', 1e6), simple('two', 50)]), ['two']);
    t.mock.restoreAll();
    assert.match(said.join(''), /^figures: one could not be drawn \(it would be \d+ × \d+ px, .*\); everything else/);
    for (const kind of ['svg', 'png', 'vl.json']) {
      assert.ok(!existsSync(join(folder, 'figures', `one.${kind}`)));
      assert.ok(existsSync(join(folder, 'figures', `two.${kind}`)));
    }
  });
});
