/** `benign theory`, as a user starts it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inFolder } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';
import { BY_HAND } from '../tolerances.ts';

const KOU = 'data: {n: 20, d: 1000, mu: 6, flip: 0.1}\nnetwork: {m: 10}\ntraining: {eta: 0.1, maxSteps: 200}\n';
const SHANG =
  'data: {n: 20, d: 1000, mu: 6}\nnetwork: {m: 10, outputScale: "1", output: trained-per-patch, v0: 0.05}\n';
const KARHADKAR =
  'data: {model: unit-norm-mixture, n: 100, d: 200, share: 0.05, flipLaw: exact, flips: 10}\nnetwork: {activation: leaky-relu, m: 32, outputScale: "1"}\ntraining: {loss: hinge, reduction: sum}\n';

const asked = (text: string, ...args: string[]) =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), text);
    const answer = warm(['theory', 'spec.yaml', ...args], folder);
    return {
      ...answer,
      files: existsSync(join(folder, 'out')) ? readdirSync(join(folder, 'out', 'figures')).sort() : [],
      left: readdirSync(folder),
      read: existsSync(join(folder, 'out')) ? readFileSync(join(folder, 'out', 'theory.json'), 'utf8') : '',
    };
  });

interface Report {
  firstCellOfAxes: string | null;
  setting: Record<string, number>;
  regimes: {
    id: string;
    provenance: string;
    regime: string;
    assumptions: { hold: number; of: number };
    critical: { symbol: string; benign: number[]; harmful: number[] };
  }[];
  statements: {
    id: string;
    asKnown: string;
    constants: Record<string, number>;
    fitted: string[];
    departures: string[];
    conditions: { id: string; holds: boolean }[];
  }[];
  elsewhere: { id: string; reason: string }[];
}
const report = async (text: string, ...args: string[]): Promise<Report> => {
  const { code, stdout, stderr } = await asked(text, '--json', ...args);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Report;
};

test('what is printed names regime, assumptions, critical value and where each statement is from', async () => {
  const { code, stdout, stderr, left } = await asked(KOU);
  assert.equal(code, 0, stderr);
  assert.deepEqual(left, ['spec.yaml'], 'without --out nothing is written');
  for (const line of [
    /kou-2023: undecided, by Theorem 4\.2 \(as commonly cited\); 4 of 8 assumptions hold/,
    /critical ‖μ‖: benign border 8\.409, harmful border 2\.378 \(here 6\)/,
    /no {2}d >= C n² log\(nm\/δ\) \(log T\*\)²: 1000 < 85350, missed by a factor 85\.35/,
    /C1 = 100 \(benign from .*\); C2 = 17\.9 \(the bound on the excess error is exp\(−S\/C2\); measured by us\)/,
    /yes m >= C log\(n\/δ\): 10 >= 5\.298, holds by a factor 1\.887/,
    /inferred: derived from what the paper states/,
    /as quoted in our sources/,
    /xu-gu-2023: data\.model is signal-noise here, not mixture or unit-norm-mixture/,
  ])
    assert.match(stdout, line);
  assert.doesNotMatch(stdout, /as the paper states/, 'nothing here was read');
  for (const [mu, regime] of [
    [2, 'harmful'],
    [6, 'undecided'],
    [40, 'benign'],
  ] as const)
    assert.match(
      (await asked(SHANG.replace('mu: 6', `mu: ${mu}`))).stdout,
      new RegExp(`shang-2024: ${regime}, by phase diagram \\(reconstructed: `),
    );
  assert.match(
    (await asked(KARHADKAR)).stdout,
    /karhadkar-2024: undecided, by Corollary 3\.2\.1 and Theorem 3\.4 \(as the paper states\)/,
  );
});

test('constants, delta and the chosen symbol move the answer', async () => {
  const plain = await report(KOU);
  const [kou] = plain.regimes;
  assert.deepEqual([kou!.id, kou!.regime, kou!.provenance], ['kou-2023/theorem-4.2', 'undecided', 'recalled']);
  assert.deepEqual(
    (await report(KOU, '--constants', 'C1=10')).regimes.map(({ regime }) => regime),
    ['benign'],
  );
  assert.deepEqual(
    (await report(KOU, '--constants', 'kou-2023.C3=30')).regimes.map(({ regime }) => regime),
    ['harmful'],
  );
  const { critical } = (await report(KOU, '--critical', 'd')).regimes[0]!;
  assert.equal(critical.symbol, 'd');
  assert.ok(
    Math.abs(critical.benign[0]! / 259.2 - 1) < BY_HAND && Math.abs(critical.harmful[0]! / 40500 - 1) < BY_HAND,
    JSON.stringify(critical),
  );
  // log(n/delta) is 3 at delta = 1 and 12.2 at 1e-4: the width no longer suffices
  const width = (one: Report): boolean =>
    one.statements.find(({ id }) => id === 'kou-2023/condition-4.1')!.conditions.find(({ id }) => id === 'width')!
      .holds;
  assert.deepEqual([width(plain), width(await report(KOU, '--delta', '1e-4'))], [true, false]);
  assert.ok(plain.elsewhere.length > 30 && plain.elsewhere.every(({ reason }) => reason !== ''));
});

test('another step rule: which assumptions the setting leaves, and no statement about plain descent speaks', async () => {
  await inFolder((folder) => {
    writeFileSync(
      join(folder, 'spec.yaml'),
      'data: {n: 20, d: 1000, mu: 5}\nnetwork: {m: 10}\ntraining: {rule: nesterov, batch: 5, weightDecay: 0.01}\n',
    );
    const { code, stdout } = warm(['theory', 'spec.yaml'], folder);
    assert.equal(code, 0);
    const [, departs = ''] = /\nkou-2023\n {2}this setting departs from its model: (.*)/.exec(stdout) ?? [];
    for (const left of [
      'training.rule is nesterov here, not descent',
      'training.batch is 5 here, not 0',
      'training.weightDecay is 0.01 here, not 0',
    ])
      assert.ok(departs.includes(left), departs);
  });
});

test('a spec with axes: its first cell, said so, or what --set fixes', async () => {
  const spec = `${KOU}axes: {data.d: [500, 2000]}\n`;
  const first = await asked(spec);
  assert.match(first.stderr, /the spec has axes: this is its first cell \(d = 500\); fix others with --set/);
  const fixed = await report(spec, '--set', 'd=2000');
  assert.deepEqual([fixed.setting['d'], fixed.firstCellOfAxes], [2000, null]);
});

test("departures from a paper's model are named", async () => {
  const { statements } = await report(KOU.replace('{m: 10}', '{m: 10, bias: true}'));
  assert.ok(
    statements
      .find(({ id }) => id === 'kou-2023/theorem-4.2')!
      .departures.includes('network.bias is true here, not false'),
  );
});

test('--out leaves the report and a map for each paper that predicts a regime', async () => {
  const files = ['pdf', 'png', 'svg', 'vl.json'];
  for (const [text, name] of [
    [KOU, 'kou-2023-theorem-4.2'],
    [SHANG, 'shang-2024-transition'],
    [KARHADKAR, 'karhadkar-2024-transition'],
  ] as const) {
    const answer = await asked(text, '--out', 'out');
    assert.equal(answer.code, 0, answer.stderr);
    assert.deepEqual(
      answer.files,
      files.map((end) => `${name}.${end}`),
    );
    assert.ok((JSON.parse(answer.read) as Report).regimes.length === 1);
  }
});

test('no signal, no flips: still numbers, and a map without the point', async () => {
  for (const text of [
    KOU.replace('mu: 6', 'mu: 0'),
    SHANG.replace('mu: 6', 'mu: 0'),
    KARHADKAR.replace('share: 0.05', 'share: 0').replace('flips: 10', 'flips: 0'),
  ]) {
    const answer = await asked(text, '--out', 'out', '--json');
    assert.equal(answer.code, 0, answer.stderr);
    assert.equal((JSON.parse(answer.stdout) as Report).regimes[0]!.regime, 'harmful');
    assert.equal(answer.files.length, 4);
  }
});

test('which constants were measured is said, unless others are given', async () => {
  const of = async (...args: string[]) =>
    (await report(KOU, ...args)).statements.find(({ id }) => id === 'kou-2023/theorem-4.2')!.fitted;
  assert.deepEqual(await of(), ['C2', 'C3']);
  assert.deepEqual(await of('--constants', 'C2=10'), ['C3']);
});
