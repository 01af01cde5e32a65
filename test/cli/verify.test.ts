/** `benign verify` as a user gives it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { benign, inFolder } from '../helpers/benign.ts';

const SPEC = `data: {n: 10, d: 40000, mu: 8, flip: 0.1}
network: {m: 10, sigma0: 0.00005}
training: {eta: 0.00001, maxSteps: 60}
test: {lines: 2, shifts: 2}
runs: 2
`;

interface Report {
  readonly runs: number;
  readonly holds: number;
  readonly violated: number;
  readonly lemmas: readonly {
    readonly lemma: string;
    readonly verdict: string;
    readonly met: number;
    readonly missing: readonly string[];
  }[];
}

test('a spec: lemmas that hold, those that do not apply, a figure, the same from its folder', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const made = benign(['verify', 'spec.yaml', '--out', 'out', '--json'], folder);
    assert.equal(made.code, 0, made.stderr);
    const report = JSON.parse(made.stdout) as Report;
    assert.deepEqual([report.runs, report.violated], [2, 0]);
    const verdict = (id: string) => report.lemmas.find(({ lemma }) => lemma === id)!.verdict;
    assert.equal(verdict('kou-2023/balanced-derivatives'), 'holds');
    assert.equal(verdict('kou-2023/growing-activation-sets/initial-filters'), 'assumptions not met');
    assert.equal(verdict('karhadkar-2024/theorem-3.1/norm-growth'), 'assumptions not met');
    for (const ending of ['svg', 'png', 'vl.json'])
      assert.ok(existsSync(join(folder, 'out', 'figures', `lemmas.${ending}`)));
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'out', 'verify.json'), 'utf8')), report);
    const again = benign(['verify', 'out', '--json'], folder);
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(JSON.parse(again.stdout), report);
    const text = benign(['verify', 'out'], folder).stdout;
    assert.match(
      text,
      /^holds    kou-2023\/growing-activation-sets \(key technique 2, as commonly cited\): .*\(at most 0, measured 0; 2 of 2 runs\)$/m,
    );
    assert.match(
      text,
      /^- {8}kou-2023\/growing-activation-sets\/initial-filters: assumptions not met here: m ≥ 50 log\(2n\/δ\)$/m,
    );
    assert.doesNotMatch(text, /shang-2024/, 'lemmas about other models are only counted');
  });
});

test('a violation within the assumptions leaves with 3, and says where', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const answer = benign(
      [
        'verify',
        'spec.yaml',
        '--out',
        'out',
        '--lemma',
        'kou-2023/time-invariant-ratio',
        '--constant',
        'high=0.001',
        '--constant',
        'low=0.0001',
      ],
      folder,
    );
    assert.equal(answer.code, 3, answer.stdout);
    assert.match(
      answer.stdout,
      /^VIOLATED kou-2023\/time-invariant-ratio \(key technique 1, as commonly cited\): .*\(run [0-9a-f]{16}-[01] at step 1 by [\d.]+; 2 of 2 runs, rate in \[/m,
    );
    assert.match(answer.stderr, /exit code 3$/m);
  });
});

test('a folder without series: each lemma says what it lacks', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    assert.equal(benign(['sweep', 'spec.yaml', '--out', 'out'], folder).code, 0);
    const answer = benign(['verify', 'out', '--lemma', 'kou-2023'], folder);
    assert.equal(answer.code, 0, answer.stderr);
    assert.match(answer.stdout, /^- {8}kou-2023\/monotone-coefficients\/rho-bar: the records lack rhoBarDrop$/m);
    assert.match(answer.stdout, /0 lemmas hold, 0 violated/);
  });
});
