/** Bad input gets one clear sentence, exit code 1 and no trace of anything half-written. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { benign, inFolder, storedLines } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

const GOOD = `data:
  n: 20
  d: 100
  mu: 5
  flip: 0.1
network: {m: 10}
runs: 2
`;

/** What is wrong, the command's arguments, and what its one sentence must say. SPEC stands for a spec file. */
const CASES: readonly (readonly [string, readonly string[], RegExp, string?])[] = [
  ['no such command', ['reprduce', 'kou-2023'], /^benign: unknown command reprduce, did you mean reproduce\?$/],
  ['no such command with --help', ['nosuch', '--help'], /^benign: unknown command nosuch/],
  ['unknown option', ['reproduce', 'kou-2023', '--wrkers', '2'], /unknown option '--wrkers'\n.*--workers/],
  ['missing argument', ['reproduce'], /missing required argument 'PAPER/],
  ['unknown paper', ['reproduce', 'kuo-2023'], /^benign: unknown paper "kuo-2023", did you mean kou-2023\?$/],
  ['unknown figure', ['reproduce', 'kou-2023/heatmap'], /kou-2023 has no figure "heatmap", did you mean heat-map\?$/],
  [
    'unknown variant',
    ['reproduce', 'kou-2023', '--variant', 'as-ploted'],
    /has no variant "as-ploted", did you mean as-plotted\?$/,
  ],
  ['runs 0', ['reproduce', 'kou-2023', '--runs', '0'], /--runs <R>.* must be an integer in \[1, 1000000000\], got 0/],
  [
    'workers x',
    ['reproduce', 'kou-2023', '--workers', 'x'],
    /--workers <N>.* must be an integer in \[1, 1024\], got x/,
  ],
  ['no such file', ['run', 'nosuch.yaml'], /^benign: nosuch\.yaml: cannot be read \(there is no such file\)$/],
  ['a folder', ['run', '.'], /cannot be read \(it is a folder\)$/],
  [
    'p = 0.7',
    ['run', 'SPEC'],
    /^benign: spec\.yaml:5:9 data\.flip: must be in \[0, 0\.5\), got 0\.7$/,
    GOOD.replace('0.1', '0.7'),
  ],
  [
    'negative d',
    ['run', 'SPEC'],
    /spec\.yaml:3:6 data\.d: must be an integer in \[2, 1000000000000\], got -3$/,
    GOOD.replace('100', '-3'),
  ],
  [
    'n = 0',
    ['run', 'SPEC'],
    /spec\.yaml:2:6 data\.n: must be an integer in \[1, 100000\], got 0$/,
    GOOD.replace('n: 20', 'n: 0'),
  ],
  [
    'wrong type',
    ['run', 'SPEC'],
    /spec\.yaml:4:7 data\.mu: must be a number >= 0, got the text "strong"$/,
    GOOD.replace('mu: 5', 'mu: strong'),
  ],
  [
    'not a number',
    ['run', 'SPEC'],
    /data\.mu: must be a finite number >= 0, got NaN$/,
    GOOD.replace('mu: 5', 'mu: .nan'),
  ],
  [
    'unknown key',
    ['run', 'SPEC'],
    /spec\.yaml:5:3 data\.flp: unknown key, did you mean flip\?$/,
    GOOD.replace('flip', 'flp'),
  ],
  [
    'unknown section',
    ['run', 'SPEC'],
    /spec\.yaml:6:1 netwrk: unknown key, did you mean network\?$/,
    GOOD.replace('network', 'netwrk'),
  ],
  [
    'unknown axis',
    ['sweep', 'SPEC', '--out', 'out'],
    /axes\.data\.dd: unknown key, did you mean data\.d\?$/,
    `${GOOD}axes: {data.dd: [1, 2]}\n`,
  ],
  [
    'axis by symbol',
    ['sweep', 'SPEC', '--out', 'out'],
    /axes\.d: unknown key, did you mean data\.d\?$/,
    `${GOOD}axes: {d: [10, 20]}\n`,
  ],
  [
    'axis value out of range',
    ['sweep', 'SPEC', '--out', 'out'],
    /spec\.yaml:8:23 axes\.data\.flip: must be in \[0, 0\.5\), got 0\.5$/,
    `${GOOD}axes: {data.flip: [0, 0.5]}\n`,
  ],
  [
    'axis value twice',
    ['sweep', 'SPEC', '--out', 'out'],
    /the value 3 occurs twice$/,
    `${GOOD}axes: {data.mu: [3, 3]}\n`,
  ],
  [
    'missing value',
    ['run', 'SPEC'],
    /data\.d: is missing \(dimension of one patch; an integer in/,
    GOOD.replace('  d: 100\n', ''),
  ],
  ['half a file', ['run', 'SPEC'], /spec\.yaml:\d+:\d+ is not valid YAML: /, 'data: {n: 20, d: 100\nnetwork'],
  ['empty file', ['run', 'SPEC'], /spec\.yaml: is empty/, ''],
  ['a list', ['run', 'SPEC'], /must be a mapping/, '- 1\n'],
  [
    'flips beyond n',
    ['run', 'SPEC'],
    /data\.flips: must be in \[0, n = 20\], got 21$/,
    GOOD.replace('flip: 0.1', 'flips: 21\n  flipLaw: exact'),
  ],
  [
    'uniform weights without vectors',
    ['run', 'SPEC'],
    /network\.init: pytorch .*draw: explicit/,
    GOOD.replace('{m: 10}', '{m: 10, init: pytorch}'),
  ],
  [
    'a setting without effect',
    ['run', 'SPEC'],
    /spec\.yaml:5:3 data\.flips: has no effect here, it needs data\.flipLaw: exact or adversarial; set that, or leave data\.flips out$/,
    GOOD.replace('flip: 0.1', 'flips: 3'),
  ],
  [
    'a folder that cannot be made',
    ['run', 'SPEC', '--out', '/proc/nosuch/x'],
    /^benign: \/proc\/nosuch\/x: cannot be written \(there is no such folder\)$/,
    GOOD,
  ],
  [
    'a folder below a file',
    ['run', 'SPEC', '--out', 'spec.yaml/x'],
    /^benign: spec\.yaml\/x: cannot be written \(a part of the path is a file\)$/,
    GOOD,
  ],
  [
    'too many vectors',
    ['run', 'SPEC'],
    /would need \d+\.\d GB/,
    GOOD.replace('d: 100', 'd: 1000000000\n  draw: explicit'),
  ],
  ['--set without =', ['run', 'SPEC', '--set', 'd'], /--set d: must have the form key=value/, GOOD],
  ['--set unknown', ['run', 'SPEC', '--set', 'data.dd=3'], /unknown parameter data\.dd, did you mean data\.d\?$/, GOOD],
  [
    '--set out of range',
    ['run', 'SPEC', '--set', 'flip=0.7'],
    /--set data\.flip=0\.7: data\.flip: must be in \[0, 0\.5\), got 0\.7$/,
    GOOD,
  ],
  [
    'run with axes',
    ['run', 'SPEC'],
    /a single run has no axes; the spec has data\.mu/,
    `${GOOD}axes: {data.mu: [1, 2]}\n`,
  ],
  [
    'replay of a foreign run',
    ['run', 'SPEC', '--replay', '0123456789abcdef-0'],
    /--replay 0123456789abcdef-0: is not a run of this spec/,
    GOOD,
  ],
  ['boundary without --over', ['boundary', 'SPEC', '--along', 'mu'], /required option '--over <SYMBOL>'/, GOOD],
  [
    'boundary along nothing',
    ['boundary', 'SPEC', '--along', 'mou', '--over', 'd'],
    /^benign: --along mou: unknown parameter, did you mean mu\?$/,
    GOOD,
  ],
  [
    'boundary without the axis',
    ['boundary', 'SPEC', '--along', 'mu', '--over', 'd'],
    /^benign: --along: the spec needs an axis data\.mu; its axes are none$/,
    GOOD,
  ],
  [
    'boundary along one value',
    ['boundary', 'SPEC', '--along', 'mu', '--over', 'd'],
    /axes\.data\.mu: the search along it needs two positive numbers or more/,
    `${GOOD}axes: {data.d: [10, 20], data.mu: [3]}\n`,
  ],
  [
    'boundary along what it is over',
    ['boundary', 'SPEC', '--along', 'mu', '--over', 'mu'],
    /--along and --over are both data\.mu/,
    `${GOOD}axes: {data.mu: [3, 4]}\n`,
  ],
  [
    'boundary at a level below the floor',
    ['boundary', 'SPEC', '--along', 'mu', '--over', 'd', '--level', '0.1'],
    /--level 0\.1: must lie between the floor 0\.1 of testError and 0\.5$/,
    `${GOOD}axes: {data.d: [10, 20], data.mu: [3, 4]}\n`,
  ],
  [
    'boundary at no level',
    ['boundary', 'SPEC', '--along', 'mu', '--over', 'd', '--level', '0.7'],
    /--level <L>.* must be in \(0, 0\.5\), got 0\.7/,
    GOOD,
  ],
  [
    'boundary of common draws',
    ['boundary', 'SPEC', '--along', 'mu', '--over', 'd'],
    /coupling: common gives all cells the same draws/,
    `${GOOD}coupling: common\naxes: {data.d: [10, 20], data.mu: [3, 4]}\n`,
  ],
  [
    'boundary with a precision of the spec',
    ['boundary', 'SPEC', '--along', 'mu', '--over', 'd'],
    /^benign: precision: benign boundary chooses its runs by its own --precision; leave the key out$/,
    `${GOOD.replace('runs: 2', 'runs: 500')}precision: {halfWidth: 0.1}\naxes: {data.d: [10, 20], data.mu: [3, 4]}\n`,
  ],
  [
    'precision without a half-width',
    ['sweep', 'SPEC', '--out', 'out'],
    /^benign: spec\.yaml:8:12 precision\.halfWidth: is missing \(wanted half-width of the interval for the mean; in \(0, 0\.5\)\)$/,
    `${GOOD}precision: {minRuns: 2}\n`,
  ],
  [
    'precision of another observable',
    ['sweep', 'SPEC', '--out', 'out'],
    /spec\.yaml:8:17 precision\.of: must be one of testError, testErrorClean, trainError, got "trainLoss"$/,
    `${GOOD}precision: {of: trainLoss, halfWidth: 0.1}\n`,
  ],
  [
    'precision: half-width 0',
    ['sweep', 'SPEC', '--out', 'out'],
    /spec\.yaml:8:24 precision\.halfWidth: must be in \(0, 0\.5\), got 0$/,
    `${GOOD}precision: {halfWidth: 0}\n`,
  ],
  [
    'precision: confidence 1',
    ['sweep', 'SPEC', '--out', 'out'],
    /spec\.yaml:8:41 precision\.confidence: must be in \(0, 1\), got 1$/,
    `${GOOD}precision: {halfWidth: 0.1, confidence: 1}\n`,
  ],
  [
    'precision: a cap below the minimum',
    ['sweep', 'SPEC', '--out', 'out'],
    /spec\.yaml:8:\d+ precision\.minRuns: must be at most runs, the cap of a cell, which is 2; got 20$/,
    `${GOOD}precision: {halfWidth: 0.1}\n`,
  ],
  [
    'precision that the cap cannot reach',
    ['sweep', 'SPEC', '--out', 'out'],
    /spec\.yaml:8:24 precision\.halfWidth: 0\.001 takes \d{4} runs or more even where all errors are equal; runs, the cap of a cell, is 100$/,
    `${GOOD.replace('runs: 2', 'runs: 100')}precision: {halfWidth: 0.001}\n`,
  ],
  [
    'precision: unknown key',
    ['sweep', 'SPEC', '--out', 'out'],
    /spec\.yaml:8:13 precision\.halfwidth: unknown key, did you mean halfWidth\?$/,
    `${GOOD}precision: {halfwidth: 0.1}\n`,
  ],
  [
    'precision as an axis',
    ['sweep', 'SPEC', '--out', 'out'],
    /axes\.precision\.halfWidth: unknown key, /,
    `${GOOD}axes: {precision.halfWidth: [0.1, 0.2]}\n`,
  ],
  [
    'theory: no such file',
    ['theory', 'nosuch.yaml'],
    /^benign: nosuch\.yaml: cannot be read \(there is no such file\)$/,
  ],
  [
    'theory: bad spec',
    ['theory', 'SPEC'],
    /spec\.yaml:5:9 data\.flip: must be in \[0, 0\.5\), got 0\.7$/,
    GOOD.replace('0.1', '0.7'),
  ],
  ['theory: delta 0', ['theory', 'SPEC', '--delta', '0'], /^benign: --delta: must be in \(0, 1\), got "0"$/, GOOD],
  ['theory: delta x', ['theory', 'SPEC', '--delta', 'x'], /^benign: --delta: must be in \(0, 1\), got "x"$/, GOOD],
  [
    'theory: delta as a constant',
    ['theory', 'SPEC', '--constants', 'delta=2'],
    /^benign: --constants delta: must be in \(0, 1\), got "2"$/,
    GOOD,
  ],
  [
    'theory: constant without a value',
    ['theory', 'SPEC', '--constants', 'C1'],
    /^benign: --constants C1: must have the form NAME=VALUE with a value > 0/,
    GOOD,
  ],
  [
    'theory: negative constant',
    ['theory', 'SPEC', '--constants', 'C1=-1'],
    /^benign: --constants C1=-1: must have the form NAME=VALUE with a value > 0/,
    GOOD,
  ],
  [
    'theory: constant twice equal',
    ['theory', 'SPEC', '--constants', 'C1=1=2'],
    /^benign: --constants C1=1=2: must have the form/,
    GOOD,
  ],
  [
    'theory: unknown constant',
    ['theory', 'SPEC', '--constants', 'C=1,kapa1=2'],
    /^benign: --constants kapa1: no statement has such a constant, did you mean kappa1\?$/,
    GOOD,
  ],
  [
    'theory: unknown critical symbol',
    ['theory', 'SPEC', '--critical', 'nu'],
    /^benign: --critical nu: is no number of this setting, did you mean n\?$/,
    GOOD,
  ],
  [
    'theory: out below a file',
    ['theory', 'SPEC', '--out', 'spec.yaml/x'],
    /^benign: spec\.yaml\/x: cannot be written \(a part of the path is a file\)$/,
    GOOD,
  ],
  ['table of nothing', ['table', 'nosuch'], /nosuch: holds no results/],
  ['figure of nothing', ['figure', 'nosuch'], /nosuch: holds no results/],
  ['verify of nothing', ['verify', 'nosuch.yaml'], /nosuch\.yaml: cannot be read/],
  ['verify of a folder without results', ['verify', '.'], /^benign: \.: holds no results/],
  [
    'verify: unknown lemma',
    ['verify', 'SPEC', '--lemma', 'kou-2023/balanced-derivativesn'],
    /--lemma .*: unknown lemma, did you mean kou-2023\/balanced-derivatives\?$/,
    GOOD,
  ],
  [
    'verify: no lemma for these cells',
    ['verify', 'SPEC', '--lemma', 'karhadkar-2024/theorem-3.1/norm-growth'],
    /no lemma is about these cells \(karhadkar-2024\/theorem-3.1\/norm-growth: data\.model is signal-noise, not unit-norm-mixture\)$/,
    GOOD,
  ],
  [
    'verify: unknown constant',
    ['verify', 'SPEC', '--constant', 'D=3'],
    /--constant D=3: no lemma here has a constant D, /,
    GOOD,
  ],
  [
    'verify: constant without value',
    ['verify', 'SPEC', '--constant', 'C'],
    /--constant C: must have the form NAME=VALUE/,
    GOOD,
  ],
  [
    'verify: a folder with --every',
    ['verify', '.', '--every', '3'],
    /is a result folder, whose records are taken as they are/,
  ],
  ['verify: every 0', ['verify', 'SPEC', '--every', '0'], /must be an integer >= 1, got 0/, GOOD],
  [
    'what only steps show as a final value',
    ['run', 'SPEC'],
    /record\.values\.0: must be an observable of the last state, got "rhoBarDrop", which only the steps show: name it under record\.series$/,
    `${GOOD}record: {values: [rhoBarDrop]}\n`,
  ],
  ['bad table option', ['table', '.', '--rows', 'cols'], /Allowed choices are cells, runs/],
  [
    'against: no file',
    ['reproduce', 'kou-2023', '--against', 'nosuch.csv', '--out', 'out'],
    /nosuch\.csv: cannot be read/,
  ],
  [
    'against: wrong shape',
    ['reproduce', 'kou-2023', '--against', 'SPEC', '--out', 'out'],
    /must be a table of 100 x 100 numbers, got/,
    '1,2\n3,4\n',
  ],
];

for (const [name, args, sentence, text] of CASES) {
  test(`bad input: ${name}`, async () => {
    await inFolder((folder) => {
      if (text !== undefined) writeFileSync(join(folder, 'spec.yaml'), text);
      const answer = warm(
        args.map((arg) => (arg === 'SPEC' ? 'spec.yaml' : arg)),
        folder,
      );
      assert.equal(answer.code, 1, `exit code ${answer.code}: ${answer.stdout}${answer.stderr}`);
      assert.match(answer.stderr.trimEnd(), sentence);
      assert.equal(answer.stdout, '');
      assert.doesNotMatch(answer.stderr, /\n {4}at |node:internal/, 'no stack trace');
      assert.deepEqual(readdirSync(folder), text === undefined ? [] : ['spec.yaml'], 'nothing half-written');
    });
  });
}

test('an output folder that holds another spec, or something else, is refused and left as it is', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, `${GOOD}axes: {data.mu: [1, 2]}\n`);
    const out = join(folder, 'out');
    assert.equal(warm(['sweep', file, '--out', out]).code, 0);
    const before = storedLines(out);
    writeFileSync(file, `${GOOD}axes: {data.mu: [1, 3]}\n`);
    const other = warm(['sweep', file, '--out', out]);
    assert.equal(other.code, 1);
    assert.match(
      other.stderr,
      /holds another spec \(axes\.data\.mu is \[1,2\] there and \[1,3\] here\); choose another --out/,
    );
    assert.deepEqual(storedLines(out), before);
    const foreign = join(folder, 'foreign');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'thesis.tex'), 'x');
    const answer = warm(['sweep', file, '--out', foreign]);
    assert.equal(answer.code, 1);
    assert.match(answer.stderr, /is not empty and holds no spec\.yaml/);
    assert.deepEqual(readdirSync(foreign), ['thesis.tex']);
  });
});

test('a full disk is said, keeps every acknowledged row, and the same command goes on when there is room', async (context) => {
  await inFolder((folder) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      context.skip('mounting a small file system needs root');
      return;
    }
    try {
      const file = join(folder, 'spec.yaml');
      writeFileSync(file, `${GOOD.replace('runs: 2', 'runs: 300')}axes: {data.mu: [1, 2]}\n`);
      const out = join(disk, 'out');
      const full = benign(['sweep', file, '--out', out]);
      assert.equal(full.code, 1, full.stderr);
      assert.match(
        full.stderr,
        /could not be written \(.*full\); everything acknowledged so far is kept: free some space/,
      );
      assert.doesNotMatch(full.stderr, /\n {4}at /);
      const part = join(out, 'records', 'part-0001.jsonl');
      const lines = readFileSync(part, 'utf8').split('\n');
      assert.equal(lines.pop(), '', 'no torn line is left');
      assert.ok(lines.length > 20);
      execFileSync('mount', ['-o', 'remount,size=16m', disk]);
      const again = benign(['sweep', file, '--out', out, '--json']);
      assert.equal(again.code, 0, again.stderr);
      const stored = storedLines(out);
      assert.equal(stored.length, 600);
      for (const line of lines) assert.ok(stored.includes(line));
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

test('a run made to diverge is a recorded outcome and shows on the map', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(
      file,
      `data: {n: 20, d: 100, mu: 5, flip: 0.1}
network: {m: 4, activation: relu-power, sigma0: 0.1}
training: {loss: hinge, maxSteps: 50}
test: {estimator: points}
axes: {training.eta: [0.01, 1e9], data.mu: [1, 5]}
runs: 2
`,
    );
    const out = join(folder, 'out');
    const answer = warm(['sweep', file, '--out', out, '--json']);
    assert.equal(answer.code, 0, answer.stderr);
    assert.ok(storedLines(out).some((line) => (JSON.parse(line) as { outcome: string }).outcome === 'diverged'));
    const table = readFileSync(join(out, 'table.csv'), 'utf8');
    assert.doesNotMatch(table, /NaN|Infinity|null/);
    assert.match(table, /^1000000000,1,2,,,/m);
    const map = readFileSync(join(out, 'figures', 'test-error.svg'), 'utf8');
    assert.doesNotMatch(map, /NaN|Infinity/);
    assert.match(map, /diverged/);
    for (const line of storedLines(out)) assert.doesNotMatch(line, /NaN|Infinity|1e999/);
    assert.ok(existsSync(join(out, 'table.parquet')));
  });
});

test('everything that is wrong with --set is said at once, a parameter set twice too; an empty path is none', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, 'data: {n: 4, d: 20, mu: 1}\nnetwork: {m: 2}\nruns: 1\n');
    const sets = ['etaa=3', 'data.mux=3', 'eta=1', 'training.eta=2', 'nothing'].flatMap((one) => ['--set', one]);
    const { code, stderr } = warm(['run', file, ...sets, '--out', join(folder, 'out')]);
    assert.equal(code, 1);
    const lines = stderr.trim().split('\n');
    const begin = [
      /etaa=3: unknown parameter etaa/,
      /data\.mux=3: unknown/,
      /training\.eta=2: sets training\.eta/,
      /nothing/,
    ];
    assert.equal(lines.length, begin.length, stderr);
    begin.forEach((one, at) => assert.match(lines[at]!, one));
    assert.match(warm(['run', file, '--out', '']).stderr, /--out.*must be a path, got nothing/);
    assert.ok(!existsSync(join(folder, 'out')));
  });
});
