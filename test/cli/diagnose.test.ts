/** `benign diagnose`: one page from a file; it goes on where it was; other choices, and what is wrong, in a sentence. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeNpz } from '../../src/data/readers/npz.ts';
import { inFolder, root, storedLines } from '../helpers/benign.ts';
import { mixture } from '../helpers/mixture.ts';
import { warm } from '../helpers/warm.ts';

const DIGITS = join(root, 'examples', '12-images', 'digits-3-8.csv.gz');
const SMALL = ['--n', '16', '--m', '2', '--runs', '2', '--steps', '300', '--flips', '0.1,0.2'] as const;

test('a page, its numbers and pictures; the same command makes no run again, more runs are added, others are refused', () =>
  inFolder((folder) => {
    const run = (...more: readonly string[]) => warm(['diagnose', DIGITS, ...SMALL, '--out', 'out', ...more], folder);
    const made = run();
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /^network: .*\nmax-margin: .*\npicture: .*error-over-n\.png\nreport: {2}.*report\.md\n$/);
    const page = readFileSync(join(folder, 'out', 'report.md'), 'utf8');
    for (const heading of ['The data', 'What theory predicts', 'What was measured', 'Predicted and found', 'The rule'])
      assert.ok(page.includes(`\n## ${heading}\n`), heading);
    for (const [, file] of page.matchAll(/\]\((figures\/[\w-]+)\.svg\)/g))
      for (const kind of ['svg', 'png', 'csv']) assert.ok(existsSync(join(folder, 'out', `${file}.${kind}`)), file);
    assert.doesNotMatch(page, /NaN|undefined|Infinity|\n\n\n/);
    assert.equal(storedLines(join(folder, 'out')).length, 12); // n = 8, 16 at three p, two runs
    const report = JSON.parse(readFileSync(join(folder, 'out', 'report.json'), 'utf8')) as {
      data: { classes: string; points: number[] };
      command: string;
    };
    const formats = readFileSync(join(root, 'docs', 'formats.md'), 'utf8').split('## report.json of diagnose\n')[1]!;
    const described = [...formats.split('\n## ')[0]!.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
    assert.deepEqual(Object.keys(report), described);
    assert.deepEqual([report.data.classes, report.data.points], ['3/8', [183, 174]]);
    assert.match(
      report.command,
      /^benign diagnose .*digits-3-8\.csv\.gz --classes 3\/8 --n 16 --m 2 --flips 0\.1,0\.2 --runs 2/,
    );

    const again = JSON.parse(run('--json').stdout) as { runsNow: number; runs: number };
    assert.deepEqual([again.runsNow, again.runs], [0, 12]);
    const more = JSON.parse(run('--json', '--runs', '3').stdout) as { runsNow: number; runs: number };
    assert.deepEqual([more.runsNow, more.runs], [6, 18]);
    const other = run('--m', '3');
    assert.equal(other.code, 1);
    assert.match(
      other.stderr,
      /out: holds another spec \(network\.m is 2 there and 3 here.*\); choose another --out\n$/,
    );
    // It is an ordinary sweep of a data set.
    const table = warm(['table', 'out'], folder);
    assert.match(table.stdout, /^n,flip,runs,.*nearestMeanError/);
    assert.equal(warm(['doctor', 'out', '--all'], folder).code, 0);
  }));

test('files by the options that a spec has under files:', () =>
  inFolder((folder) => {
    const { values, labels } = mixture(60, 5, 2, 3);
    const rows = Array.from({ length: 60 }, (_, i) =>
      [['b', 'a'][labels[i]!], ...values.subarray(5 * i, 5 * i + 5)].join(';'),
    );
    writeFileSync(join(folder, 'plain.csv'), rows.join('\n'));
    const csv = ['plain.csv', '--label', '0', '--separator', ';', '--no-header', '--classes', 'a,b'];
    const arrays = new Map([
      ['X', { shape: [60, 5], values: values as Float64Array }],
      ['other', { shape: [60], values: labels.map((one) => 1 - one) }],
      ['y', { shape: [60], values: labels }],
    ]);
    writeFileSync(join(folder, 'set.npz'), writeNpz(arrays));
    const npz = ['set.npz', '--points-array', 'X', '--labels-array', 'y'];
    for (const [args, classes] of [
      [csv, 'a/b'],
      [npz, '0/1'],
    ] as const) {
      const { code, stderr, stdout } = warm(['diagnose', ...args, ...SMALL, '--json'], folder);
      assert.equal(code, 0, stderr);
      assert.equal((JSON.parse(stdout) as { data: { classes: string } }).data.classes, classes);
      assert.ok(existsSync(join(folder, 'out', `diagnose-${args[0]!.split('.')[0]}-${classes.replace('/', '-')}`)));
    }
    const told = warm(['diagnose', 'set.npz', ...SMALL], folder);
    assert.match(told.stderr, /set\.npz: which array is meant, it does not say; there are "X"/);
  }));

test('what is wrong is one sentence, and leaves no folder', () =>
  inFolder((folder) => {
    const lines = (y: (i: number) => unknown) =>
      ['a,b,y', ...Array.from({ length: 60 }, (_, i) => `${Math.sin(i)},${i % 7},${String(y(i))}`)].join('\n');
    writeFileSync(
      join(folder, 'set.csv'),
      lines((i) => i % 2),
    );
    writeFileSync(
      join(folder, 'one.csv'),
      lines(() => 4),
    );
    writeFileSync(join(folder, 'nan.csv'), lines((i) => i % 2).replace('\n0,0', '\n0,nan'));
    const cases: [string[], RegExp][] = [
      [['nosuch.csv'], /nosuch\.csv: cannot be read \(there is no such file\)/],
      [['one.csv'], /--classes: which two labels are meant must be said, there is 1: 4/],
      [['nan.csv'], /nan\.csv: line 2, column 2 \(b\): must be a number, got "nan"/],
      [['set.csv', '--label', 'nope'], /label: no column is called "nope"/],
      [['set.csv', '--n', '1000'], /--n: must be an even number of training points in \[16, 40\], .* got 1000/],
      [
        ['set.csv', '--flips', '0.1,0.5'],
        /--flips <LIST>' argument '0\.1,0\.5' is invalid\. must be numbers in \[0, 0\.5\)/,
      ],
      [['set.csv', '--set', 'n=5'], /--set: has no meaning for benign diagnose: its setting follows from the data/],
      [['set.csv', '--separator', ';;'], /separator: must be one character/],
    ];
    for (const [args, says] of cases) {
      const { code, stderr } = warm(['diagnose', ...args, '--out', 'out'], folder);
      assert.equal(code, 1, args.join(' '));
      assert.match(stderr, says);
      assert.ok(!existsSync(join(folder, 'out')), args.join(' '));
    }
    assert.match(warm(['diagnose', 'set.csv', '--out', '/proc/x'], folder).stderr, /\/proc\/x: cannot be written/);
  }));
