/** A result folder knows what left it: it is drawn again as it was, and no other command writes over it. */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SCIENCE } from '../../src/experiments/record.ts';
import { inFolder } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

interface Versioned {
  readonly science: number;
  readonly versions: object;
}

const text = (...path: string[]): string => readFileSync(join(...path), 'utf8');

const SEARCH = `data: {n: 12}
network: {m: 4, sigma0Unit: 1/(sigmaP*sqrt(d))}
training: {eta: 1, etaUnit: n*m/(sigmaP^2*d), stop: loss, epsilon: 0.05, maxSteps: 3000}
test: {lines: 2, shifts: 4}
axes: {data.d: [100, 1000], data.mu: [0.5, 50]}
seed: 11
`;

test('a boundary folder: level sets drawn and listed again, a level joins, another search is refused', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 's.yaml'), SEARCH);
    const search = (...args: string[]) =>
      warm(['boundary', 's.yaml', '--along', 'mu', '--precision', '0.1', '--out', 'o', ...args], folder);
    assert.ok([0, 3, 4].includes(search('--over', 'd', '--level', '0.2').code!));
    const svg = text(folder, 'o/figures/level-sets.svg');
    rmSync(join(folder, 'o/figures'), { recursive: true });
    assert.equal(warm(['figure', 'o'], folder).stdout, 'o/figures/level-sets.png\n');
    assert.equal(text(folder, 'o/figures/level-sets.svg'), svg);
    assert.equal(warm(['table', 'o'], folder).stdout, text(folder, 'o/level-sets.csv'));
    const runs = warm(['table', 'o', '--rows', 'runs', '--json'], folder).stdout.trim().split('\n');
    const { runs: made, lookRuns } = JSON.parse(text(folder, 'o/report.json')) as { runs: number; lookRuns: number };
    assert.equal(runs.length, made + lookRuns);
    const first = JSON.parse(runs[0]!) as Record<string, number>;
    assert.deepEqual([first['d'], first['mu'], first['replicate']], [100, 0.5, 0]);
    assert.match(warm(['table', 'o', '--rows', 'cells'], folder).stderr, /lie on no grid; --rows runs lists them/);

    const more = search('--over', 'd', '--level', '0.3');
    assert.match(more.stderr, /^o: holds level 0.2 too, and keeps it/m);
    const both = warm(['table', 'o', '--json'], folder).stdout.trim().split('\n');
    assert.deepEqual(
      both.map((line) => (JSON.parse(line) as { level: number }).level),
      [0.2, 0.3, 0.2, 0.3],
    );
    const before = text(folder, 'o/report.json');
    for (const [args, sentence] of [
      [
        ['--over', 'd', '--of', 'testErrorClean'],
        /holds the level sets of testError along mu over d, not of testErrorClean/,
      ],
      [['--over', 'd', '--seed', '4'], /holds another spec \(seed is 11 there and 4 here\)/],
    ] as [string[], RegExp][]) {
      const { code, stderr } = search(...args);
      assert.deepEqual([code, sentence.test(stderr)], [1, true], stderr);
    }
    assert.equal(text(folder, 'o/report.json'), before);
    const call = text(folder, 'o/call.json');
    const capped = search('--over', 'd', '--precision', '0.05', '--max-runs', '10');
    assert.equal(capped.code, 4);
    assert.match(capped.stderr, /^o: holds level sets from \d+ runs and keeps them: --max-runs 10 ends/m);
    assert.match(capped.stdout, /^4 crossings sought: 4 found$/m);
    assert.equal(text(folder, 'o/call.json'), call);
    assert.equal(warm(['table', 'o', '--json'], folder).stdout.trim(), both.join('\n'));
    // What is kept is told again with the confidence that is asked for, the picture's bars too.
    search('--over', 'd', '--precision', '0.05', '--max-runs', '10', '--confidence', '0.8');
    assert.match(text(folder, 'o/figures/level-sets.vl.json'), /bars: 80 % intervals/);
    assert.equal(warm(['table', 'o'], folder).stdout, text(folder, 'o/level-sets.csv'));
    assert.match(warm(['verify', 'o'], folder).stderr, /holds what benign boundary left/);
    assert.match(warm(['doctor', 'o', '--sample', '1'], folder).stdout, /level-sets\.csv is the table/);
    const kept = text(folder, 'o/report.json');
    const swept = warm(['sweep', 's.yaml', '--out', 'o'], folder);
    assert.equal(swept.code, 1);
    assert.match(swept.stderr, /holds what benign boundary left, which benign sweep does not go on with/);
    assert.equal(text(folder, 'o/report.json'), kept);
  });
});

test('a verify folder and a variance folder tell again what their commands told', async () => {
  await inFolder((folder) => {
    writeFileSync(
      join(folder, 's.yaml'),
      'data: {n: 8, d: 200, mu: 3, flip: 0.2}\nnetwork: {m: 2}\ntraining: {maxSteps: 5}\nruns: 2\n',
    );
    warm(['verify', 's.yaml', '--lemma', 'kou-2023/decomposition', '--out', 'v'], folder);
    const svg = text(folder, 'v/figures/lemmas.svg');
    rmSync(join(folder, 'v/figures'), { recursive: true });
    assert.equal(warm(['figure', 'v', '--out', 'w'], folder).stdout, 'w/figures/lemmas.png\n');
    assert.equal(text(folder, 'w/figures/lemmas.svg'), svg);
    assert.match(warm(['table', 'v'], folder).stdout, /^lemma,.*\nkou-2023\/decomposition,exact,test,holds,2,/);

    const split = (blocks: number) =>
      warm(['variance', 's.yaml', '--blocks', String(blocks), '--out', 'x', '--workers', '2', '--json'], folder);
    assert.equal(split(4).code, 0);
    // Two of the lines are lost, and one is torn: six blocks are the same whichever way they came.
    const file = join(folder, 'x/blocks-testErrorClean.jsonl');
    writeFileSync(file, `${text(file).split('\n').slice(0, 2).join('\n')}\n`);
    appendFileSync(file, '{"block": 2, "sci');
    const gone = split(6);
    assert.match(gone.stderr, /2 of 6 blocks stored/);
    const whole = warm(['variance', 's.yaml', '--blocks', '6', '--out', 'y', '--workers', '1', '--json'], folder);
    assert.equal(gone.stdout, whole.stdout);
    const { science, versions } = JSON.parse(text(folder, 'x/variance-testErrorClean.json')) as Versioned;
    assert.deepEqual([science, Object.keys(versions)], [SCIENCE, ['benign-lab', 'node', 'v8', 'record']]);
    assert.equal(warm(['table', 'x'], folder).stdout, text(folder, 'x/variance-testErrorClean.csv'));
    assert.match(warm(['figure', 'x'], folder).stdout, /^nothing to draw: benign variance draws no picture/);

    // Fewer blocks lose none; another observable joins; what is missing is said; a changed number is found.
    const fewer = split(2);
    assert.match(fewer.stderr, /^x: holds 6 blocks of testErrorClean and goes on with them; for 2 choose another/m);
    assert.equal(fewer.stdout, whole.stdout);
    warm(['variance', 's.yaml', '--of', 'weightNorm', '--log', '--blocks', '3', '--out', 'x'], folder);
    const sound = warm(['doctor', 'x', '--all'], folder);
    assert.deepEqual(
      [sound.code, /9 blocks computed again .*: all of them/.test(sound.stdout)],
      [0, true],
      sound.stdout,
    );
    const changed = text(file).replace(/\[[^,]*,/, '[0.4321,');
    writeFileSync(file, changed);
    const found = warm(['doctor', 'x', '--all'], folder);
    assert.deepEqual(
      [found.code, /blocks-testErrorClean.jsonl:1: computed again/.test(found.stdout)],
      [3, true],
      found.stdout,
    );
    writeFileSync(file, `${changed.split('\n').slice(0, 2).join('\n')}\n`);
    const { stdout: rows, stderr } = warm(['table', 'x', '--json'], folder);
    assert.match(stderr, /^x: unfinished, 4 of 6 blocks of testErrorClean are missing/m);
    assert.deepEqual(
      new Set(
        rows
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { observable: string }).observable),
      ),
      new Set(['testErrorClean', 'ln(weightNorm)']),
    );
    assert.match(warm(['verify', 'x'], folder).stderr, /holds what benign variance left/);
  });
});
