/** `benign verify` as a user gives it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SCIENCE } from '../../src/experiments/record.ts';
import { inFolder } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

const SPEC = `data: {n: 10, d: 40000, mu: 8, flip: 0.1}
network: {m: 10, sigma0: 0.00005}
training: {eta: 0.00001, maxSteps: 60}
test: {lines: 2, shifts: 2}
runs: 3
`;

interface Report {
  readonly v: number;
  readonly runs: number;
  readonly verdict: string;
  readonly holds: number;
  readonly fails: number;
  readonly undecided: number;
  readonly alpha: number;
  readonly verdicts: number;
  readonly science: number;
  readonly versions: { readonly 'benign-lab': string };
  readonly lemmas: readonly {
    readonly lemma: string;
    readonly basis: string;
    readonly verdict: string;
    readonly why?: string;
    readonly met: number;
    readonly rate?: { readonly low: number; readonly high: number };
    readonly excluded?: number;
    readonly needed?: number | null;
  }[];
}

test('a spec: words, what few runs leave open, a figure, the same from its folder', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const made = warm(['verify', 'spec.yaml', '--out', 'out', '--json'], folder);
    assert.equal(made.code, 4, made.stderr);
    assert.match(made.stderr, /a lemma is undecided: exit code 4$/m);
    const report = JSON.parse(made.stdout) as Report;
    assert.deepEqual([report.v, report.runs, report.verdict, report.fails], [2, 3, 'undecided', 0]);
    assert.equal(report.verdicts, report.lemmas.filter(({ verdict }) => verdict !== 'not-applicable').length);
    assert.equal(report.holds + report.undecided, report.verdicts);
    const of = (id: string) => report.lemmas.find(({ lemma }) => lemma === id)!;
    const exact = of('kou-2023/decomposition');
    assert.deepEqual([exact.basis, exact.verdict], ['test', 'holds']);
    const left = 1 - Math.pow(report.alpha / report.verdicts, 1 / 3);
    assert.equal(exact.excluded!.toFixed(6), left.toFixed(6));
    const order = of('kou-2023/balanced-derivatives');
    assert.deepEqual([order.basis, order.verdict, order.rate!.low], ['guard', 'undecided', 0]);
    assert.equal(order.needed, Math.ceil(Math.log(report.alpha / report.verdicts / 2) / Math.log(0.9)));
    assert.deepEqual(
      ['kou-2023/growing-activation-sets/initial-filters', 'karhadkar-2024/theorem-3.1/norm-growth'].map((id) => [
        of(id).verdict,
        of(id).why,
      ]),
      [
        ['not-applicable', 'assumptions not met'],
        ['not-applicable', 'about other models'],
      ],
    );
    for (const ending of ['svg', 'png', 'vl.json'])
      assert.ok(existsSync(join(folder, 'out', 'figures', `lemmas.${ending}`)));
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'out', 'verify.json'), 'utf8')), report);
    assert.equal(report.science, SCIENCE);
    assert.match(report.versions['benign-lab'], /^\d+\.\d+\.\d+$/);
    const again = warm(['verify', 'out', '--json'], folder);
    assert.equal(again.code, 4, again.stderr);
    assert.deepEqual(JSON.parse(again.stdout), report);
    const text = warm(['verify', 'out'], folder).stdout;
    assert.match(
      text,
      /^holds {5}kou-2023\/decomposition \(.*\): .*\(0 of 3 runs violate it, a violation rate above [\d.]+ % is excluded; at most 1e-9, measured .*\)$/m,
    );
    assert.match(
      text,
      /^undecided kou-2023\/growing-activation-sets \(key technique 2, as [a-z ]+\): .*\(0 of 3 runs violate it, rate in \[0 %, [\d.]+ %\], allowed 10 %, about \d+ runs would tell; at most 0, measured 0\)$/m,
    );
    assert.match(
      text,
      /^- {9}kou-2023\/growing-activation-sets\/initial-filters: assumptions not met here: m ≥ 50 log\(2n\/δ\)$/m,
    );
    assert.match(
      text,
      new RegExp(
        `^${report.verdicts} verdicts together: .* each interval of coverage 1 - 0.05/${report.verdicts}$`,
        'm',
      ),
    );
    assert.doesNotMatch(text, /shang-2024/, 'lemmas about other models are only counted');
  });
});

test('an exact lemma is kept by every run: exit code 0; runs enough settle a rate', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    assert.equal(warm(['verify', 'spec.yaml', '--out', 'out', '--lemma', 'kou-2023/decomposition'], folder).code, 0);
    const more = warm(
      ['verify', 'spec.yaml', '--set', 'runs=36', '--out', 'more', '--lemma', 'kou-2023/balanced-derivatives'],
      folder,
    );
    assert.equal(more.code, 0, more.stdout);
    assert.match(more.stdout, /^holds .*0 of 36 runs violate it, rate in \[0 %, 9\.\d+ %\], allowed 10 %.*a guard/m);
  });
});

const ratio = ['--lemma', 'kou-2023/time-invariant-ratio', '--constant', 'high=0.001', '--constant', 'low=0.0001'];

test('a lemma that fails within its assumptions leaves with 3, and says where', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const answer = warm(['verify', 'spec.yaml', '--out', 'out', ...ratio], folder);
    assert.equal(answer.code, 3, answer.stdout);
    assert.match(
      answer.stdout,
      /^FAILS {5}kou-2023\/time-invariant-ratio \(key technique 1, as [a-z ]+\): .*\(run [0-9a-f]{16}-[0-2] at step 1 by [\d.]+; 3 of 3 runs violate it, rate in \[29\.2 %, 100 %\], allowed 10 %; /m,
    );
    assert.match(answer.stderr, /a lemma fails where its assumptions hold: exit code 3$/m);
  });
});

test('violated in the only run: not "holds", but undecided where a tenth of the runs may violate it', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const answer = warm(['verify', 'spec.yaml', '--set', 'runs=1', '--out', 'out', ...ratio], folder);
    assert.equal(answer.code, 4, answer.stdout);
    assert.match(
      answer.stdout,
      /^undecided .*1 of 1 runs violates it, rate in \[2\.5 %, 100 %\], .* about 2 runs would tell/m,
    );
  });
});

test('a folder without series: each lemma says what it lacks, and nothing counts as holding', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    assert.equal(warm(['sweep', 'spec.yaml', '--out', 'out'], folder).code, 0);
    const answer = warm(['verify', 'out', '--lemma', 'kou-2023'], folder);
    assert.equal(answer.code, 4, answer.stderr);
    assert.match(answer.stderr, /no lemma speaks here: nothing is tested: exit code 4$/m);
    assert.match(answer.stdout, /^- {9}kou-2023\/monotone-coefficients\/rho-bar: the records lack rhoBarDrop$/m);
    assert.match(answer.stdout, /0 lemmas hold, 0 fail, 0 undecided, 19 not applicable/);
  });
});

test('--outside: lemmas under another step rule are told, named as outside, and decide nothing', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC.replace('maxSteps: 60', 'maxSteps: 60, rule: momentum'));
    const silent = warm(['verify', 'spec.yaml', '--out', 'inside', '--json'], folder);
    assert.equal(silent.code, 4, silent.stderr);
    const monotone = 'kou-2023/monotone-coefficients';
    const of = (text: string) => (JSON.parse(text) as Report).lemmas.find(({ lemma }) => lemma.startsWith(monotone))!;
    assert.deepEqual([of(silent.stdout).verdict, of(silent.stdout).why], ['not-applicable', 'about other models']);
    const told = warm(['verify', 'spec.yaml', '--out', 'out', '--outside', '--json'], folder);
    assert.equal(told.code, 4, told.stderr);
    assert.match(
      told.stderr,
      /lemmas speak here outside their assumptions alone: told, not tested|a lemma is undecided/,
    );
    const one = of(told.stdout) as ReturnType<typeof of> & {
      readonly outside?: number;
      readonly unmet: Readonly<Record<string, number>>;
    };
    assert.notEqual(one.verdict, 'not-applicable');
    assert.equal(one.outside, 3);
    assert.equal(one.unmet['training.rule is momentum, not descent'], 3);
    const words = warm(['verify', 'out'], folder);
    assert.match(words.stdout, /about other models|not applicable/, 'without the option a folder says nothing of them');
    const again = warm(['verify', 'out', '--outside'], folder);
    assert.match(again.stdout, /OUTSIDE its assumptions in 3 runs: training\.rule is momentum, not descent/);
    assert.match(again.stdout, /0 fail, .* held against runs outside their assumptions/);
  });
});
