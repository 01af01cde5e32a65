/** `benign compare` and `benign plan`, as a user calls them. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runsToTell } from '../../src/verification/compare.ts';
import { inFolder } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

const SPEC = `data: {n: 6, mu: 2, flip: 0.1}
network: {m: 2}
training: {eta: 1, maxSteps: 20}
axes: {data.d: [50, 200]}
runs: 6
`;

test('benign compare: a table, words with exit codes, files and a picture', () =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, SPEC);
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    assert.equal(warm(['sweep', file, '--out', a]).code, 0);
    assert.equal(warm(['sweep', file, '--set', 'm=8', '--set', 'mu=6', '--out', b]).code, 0);
    const said = warm(['compare', a, b]);
    assert.equal(said.code, 0, said.stderr);
    for (const word of ['they differ in data.mu (2 and 6), network.m (2 and 8)', 'd = 50: A ', 'in 2 pairs of cells'])
      assert.ok(said.stdout.includes(word), said.stdout);
    const out = join(folder, 'compared');
    const { code, stdout } = warm(['compare', a, b, '--within', '0.001', '--out', out, '--json']);
    const { word, cells, finds, sentence } = JSON.parse(stdout) as {
      word: string;
      cells: { difference: { value: number; interval: { low: number; high: number } } }[];
      finds: number;
      sentence: string;
    };
    assert.equal(code, { holds: 0, fails: 3, undecided: 4 }[word]);
    assert.notEqual(word, 'holds'); // six runs do not tell a thousandth
    assert.ok(sentence.startsWith(word) && finds > 0.001);
    const [head, ...rows] = readFileSync(join(out, 'compare.csv'), 'utf8').trim().split('\n');
    assert.equal(head, 'd,A,B,difference,differenceSe,differenceLow,differenceHigh,runsA,runsB,paired');
    assert.deepEqual(
      rows.map((row) => Number(row.split(',')[3])),
      cells.map(({ difference }) => difference.value),
    );
    const drawn = readdirSync(join(out, 'figures'));
    for (const kind of ['png', 'svg', 'vl.json']) assert.ok(drawn.includes(`compare.${kind}`), drawn.join());
    const same = warm(['compare', a, a, '--within', '0.001']);
    assert.equal(same.code, 0);
    assert.match(same.stdout, /difference 0\.00 in every run/);
  }));

test('what compare refuses', () =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, SPEC);
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    warm(['sweep', file, '--out', a]);
    warm(['sweep', file, '--set', 'd=70', '--out', b]);
    const out = join(folder, 'out');
    for (const [args, sentence] of [
      [[a, b], 'no cell of one has the coordinates of a cell of the other (data.d of 2 values; no axes)'],
      [[a, join(folder, 'nothing')], 'holds no results'],
      [[a, a, '--of', 'gama'], '--of must be an observable, got "gama", did you mean gamma?'],
      [[a, a, '--within', '-1'], 'must be in (0, Infinity)'],
      [[a, a, '--seed', '1'], 'no meaning for benign compare'],
    ] as [string[], string][]) {
      const { code, stdout, stderr } = warm(['compare', ...args, '--out', out]);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.ok(stderr.includes(sentence), stderr);
      assert.ok(!existsSync(out));
    }
  }));

test('benign plan: runs of the widest spread of a pilot, for all cells at once', () =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, SPEC);
    const args = ['plan', file, '--difference', '0.1', '--pilot', '5'];
    const { code, stdout } = warm([...args, '--json']);
    assert.equal(code, 0);
    const { pilot, runs, bytes, seconds } = JSON.parse(stdout) as {
      pilot: { runs: number; sd: { seen: number; most: number }; needs: { seen: number; most: number } }[];
      runs: { seen: number; most: number };
      bytes: number;
      seconds: number;
    };
    assert.deepEqual(
      pilot.map((one) => one.runs),
      [5, 5],
    );
    for (const { sd, needs } of pilot) {
      assert.ok(sd.most > sd.seen);
      assert.deepEqual(needs, {
        seen: runsToTell(sd.seen, 0.1, 0.025),
        most: runsToTell(sd.most, 0.1, 0.025),
      });
    }
    assert.equal(runs.seen, Math.max(...pilot.map(({ needs }) => needs.seen)));
    assert.ok(bytes > 100 * runs.seen && seconds > 0);
    assert.ok(warm(args).stdout.includes(`runs a cell and setting: ${runs.seen}, and up to ${runs.most}`));
    for (const [more, sentence] of [
      [['--pilot', '1'], '--pilot: must be an integer >= 2, got 1'],
      [['--of', 'nothing'], '--of must be an observable'],
      [['--out', folder], 'no meaning for benign plan'],
    ] as [string[], string][]) {
      const refused = warm([...args, ...more]);
      assert.equal(refused.code, 1);
      assert.ok(refused.stderr.includes(sentence), refused.stderr);
    }
  }));
