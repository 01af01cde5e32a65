/** The ledger of confirmations: it only grows, its seeds are used once, and nothing is judged that was not registered. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ALPHA, spentOnLook } from '../../src/core/verdict.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { PAPERS } from '../../src/papers/index.ts';
import {
  alphaOf,
  complaints,
  HEADER,
  nextBlock,
  readLedger,
  RESERVED,
  reservedUses,
  rewritten,
  writeLedger,
  type Row,
} from '../../validation/confirmation/ledger.ts';
import { boundsAgree, boundText, definitionHash, type Study } from '../../validation/confirmation/study.ts';
import { CONFIRMATIONS } from '../../validation/confirmation-studies.ts';
import { git, LEDGER, register, run } from '../../validation/confirm.ts';
import { STUDIES } from '../../validation/transition/studies.ts';
import { inFolder, root } from '../helpers/benign.ts';

const real = (): Row[] => readLedger(readFileSync(join(root, LEDGER), 'utf8'));
const hashes = new Map(CONFIRMATIONS.map((study) => [study.id, definitionHash(study)]));
/** No history where there is no git, or only a part of it. */
const whole = (() => {
  try {
    return (
      git(root, 'rev-parse', '--is-shallow-repository') === 'false' && git(root, 'rev-parse', '--show-prefix') === ''
    );
  } catch {
    return false;
  }
})();

// ---- the real ledger ----

test('the ledger is in order, and its studies are the registered ones', () => {
  assert.deepEqual(complaints(real(), hashes), []);
});

test('the ledger was only ever added to, and its commits exist', { skip: !whole && 'no whole git history' }, () => {
  const commits = git(root, 'log', '--reverse', '--format=%H', '--', LEDGER)
    .split('\n')
    .filter((one) => one !== '');
  const versions = commits.map((commit) => readLedger(`${git(root, 'show', `${commit}:${LEDGER}`)}\n`));
  assert.deepEqual(rewritten([...versions, real()]), []);
  for (const { study, commit } of real())
    assert.equal(git(root, 'merge-base', commit, 'HEAD'), commit, `${study}: ${commit} is no ancestor`);
});

/** Texts that could name a seed. */
function texts(folder: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(ts|mjs|md|ya?ml|json|py)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    // This file makes wrong ones on purpose, and a ledger of its own.
    if (!path.endsWith(join('validation', 'confirmation.test.ts')))
      out.set(path.slice(root.length + 1), readFileSync(path, 'utf8'));
  }
  return out;
}

test('no spec, preset, study, test or page uses a reserved seed', () => {
  for (const folder of ['src', 'test', 'validation', 'examples', 'docs', 'bench', 'scripts'])
    assert.deepEqual(reservedUses(texts(folder)), [], folder);
  assert.deepEqual(reservedUses(new Map([['README.md', readFileSync(join(root, 'README.md'), 'utf8')]])), []);
  const specs = [
    ...PAPERS.flatMap(({ figures }) =>
      figures.flatMap(({ variants }) => variants.map(({ id, spec }) => specFrom(spec, id))),
    ),
    ...STUDIES.map(({ id, spec }) => specFrom(spec, id)),
  ];
  for (const { name, seed } of specs)
    assert.ok(!(seed >= RESERVED.first && seed <= RESERVED.last), `${name}: seed ${seed}`);
});

test('a reserved seed is found in every way to write one (negative control)', () => {
  for (const text of [
    'seed: 9000',
    'const SEED = 9123;',
    '"seed": 9999',
    '--seed 9001',
    'new Stream({ seed: 9010,',
    'seeds: [9020, 9021]',
    '--set seed=9042',
  ])
    assert.equal(reservedUses(new Map([['a', text]])).length, 1, text);
  for (const text of [
    'seed: 2023',
    'seed: 90000',
    'seed: 900',
    'd = 9000',
    'the seeds 9000 to 9999',
    'seeds 9000-9999',
  ])
    assert.equal(reservedUses(new Map([['a', text]])).length, 0, text);
});

// ---- its rules ----

const commit = 'a'.repeat(40);
const row = (at: number, more: Partial<Row> = {}): Row => ({
  first: RESERVED.first + 10 * at,
  study: `s${at}`,
  bound: '[0, 0.1]',
  spec: '0123456789abcdef',
  commit,
  result: null,
  ...more,
});
const result = (rows: readonly Row[], one: Row): Row => ({
  ...one,
  result: {
    ran: commit,
    science: 2,
    runs: 10,
    value: 0.05,
    low: 0,
    high: 0.2,
    alpha: alphaOf(rows, one),
    word: 'undecided',
  },
});

test('a ledger is read as it is written; rows of one commit share what a look may spend', () => {
  const rows = [row(0), row(1), row(2, { commit: 'b'.repeat(40) })];
  rows[0] = result(rows, rows[0]!);
  assert.deepEqual(readLedger(writeLedger(rows)), rows);
  assert.equal(alphaOf(rows, rows[1]!), spentOnLook(ALPHA, 1) / 2);
  assert.equal(alphaOf(rows, rows[2]!), spentOnLook(ALPHA, 2));
  assert.throws(() => readLedger(`${HEADER}9000-9009,x\n`));
  assert.throws(() => readLedger('seeds\n'));
  assert.equal(nextBlock([]), 9000);
  assert.throws(() => nextBlock([row(99)]), /used up/);
});

test('seeds used twice, left out, a changed study, a bad commit, a wrong alpha: each is refused', () => {
  const fine = [row(0), row(1)];
  assert.deepEqual(complaints(fine, new Map([['s0', '0123456789abcdef']])), []);
  const wrong = (rows: readonly Row[], known = new Map<string, string>()): string => {
    const found = complaints(rows, known);
    assert.ok(found.length > 0);
    return found.join('\n');
  };
  assert.match(wrong([row(0), row(0)]), /row 2 \(s0\): its seeds begin at 9000, the next unused ten at 9010/);
  assert.match(wrong([row(0), row(2)]), /begin at 9020, the next unused ten at 9010/);
  assert.match(wrong([row(0, { first: 9005 })]), /begin at 9005/);
  assert.match(wrong([row(0)], new Map([['s0', 'fedcba9876543210']])), /is not the one that was registered/);
  assert.match(wrong([row(0), row(1, { study: 's0', spec: 'fedcba9876543210' })]), /two definitions of one study/);
  assert.match(wrong([row(0, { commit: 'HEAD' })]), /is no commit/);
  const judged = result(fine, fine[0]!);
  assert.deepEqual(complaints([judged, fine[1]!], new Map()), []);
  assert.match(wrong([{ ...judged, result: { ...judged.result!, alpha: 0.05 } }, fine[1]!]), /judged at alpha 0\.05/);
});

test('a row or a result that was changed, dropped or never registered is found in the history', () => {
  const rows = [row(0), row(1)];
  const judged = [result(rows, rows[0]!), rows[1]!];
  assert.deepEqual(rewritten([[], rows, judged, [...judged, row(2)]]), []);
  const better = { ...judged[0]!, result: { ...judged[0]!.result!, word: 'holds' as const } };
  assert.match(rewritten([rows, judged, [better, rows[1]!]]).join(), /the result of row 1 \(s0\) was changed/);
  assert.match(rewritten([rows, [judged[0]!]]).join(), /row 2 \(s1\) is gone/);
  assert.match(rewritten([rows, judged, rows]).join(), /the result of row 1 \(s0\) was changed/);
  assert.match(
    rewritten([rows, [row(0, { bound: '[0, 0.2]' }), rows[1]!]]).join(),
    /was changed after it was registered/,
  );
  assert.match(rewritten([judged]).join(), /has a result and was never registered without one/);
});

test('a definition hash sees every part, and not the order of keys', () => {
  const [first] = CONFIRMATIONS as readonly [Study];
  const swapped = Object.fromEntries(Object.entries(first).reverse()) as unknown as Study;
  assert.equal(definitionHash(swapped), definitionHash(first));
  assert.notEqual(definitionHash({ ...first, bounds: { ...first.bounds, high: 0.3 } }), definitionHash(first));
  assert.notEqual(definitionHash({ ...first, says: `${first.says}!` }), definitionHash(first));
  assert.equal(new Set(CONFIRMATIONS.map(definitionHash)).size, CONFIRMATIONS.length);
  assert.equal(boundText({ low: -Infinity, high: 0.1 }), '[, 0.1]');
});

test('studies of checks name the bounds that they are judged by', () => {
  for (const study of CONFIRMATIONS) assert.ok(boundsAgree(study), study.id);
  const blocks = CONFIRMATIONS.find(({ id }) => id === 'kou-2023/blocks')!;
  assert.ok(!boundsAgree({ ...blocks, bounds: { low: 0, high: 0.02 } }));
  const claim = CONFIRMATIONS.find(({ kind }) => kind === 'claim')!;
  assert.ok(!boundsAgree({ ...claim, bounds: { low: 0.9, high: 1.05 } }));
});

// ---- the tool, on a repository of its own ----

/** Few settings, of short runs; their cells are no other study's. */
const small: Study = {
  kind: 'lemmas',
  id: 'small',
  says: 'what gradient flow keeps moves by the order of the step',
  bounds: { low: 0, high: 0.5 },
  because: 'a test of the tool',
  family: 'both-layers',
  lemmas: ['shang-2024/invariant'],
  settings: 3,
};
/** Its bound is one that no run keeps. */
const wrong: Study = { ...small, id: 'wrong', bounds: { low: 0.9, high: 1 } };
const level: Study = {
  kind: 'exponent',
  id: 'level',
  says: 'a level set moves with the dimension',
  bounds: { low: -1, high: 1 },
  because: 'a test of the tool',
  spec: {
    data: { n: 6, flip: 0 },
    network: { m: 2, sigma0: 0.1, sigma0Unit: '1/(sigmaP*sqrt(d))' },
    training: { eta: 1, etaUnit: 'n*m/(sigmaP^2*d)', maxSteps: 20 },
    test: { lines: 2, shifts: 2 },
    axes: { 'data.d': [100, 400], 'data.mu': [0.5, 20] },
  },
  along: 'data.mu',
  over: 'data.d',
  level: 0.2,
  precision: 0.2,
};
const studies = [small, wrong, level];

test('register, commit, run, commit: refused in any other order; failures stay; the next row takes the next seeds', async () => {
  await inFolder(async (folder) => {
    const commitAll = (message: string): void => {
      git(folder, 'add', '-A');
      git(folder, '-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '-q', '-m', message);
    };
    git(folder, 'init', '-q');
    mkdirSync(join(folder, 'validation'));
    writeFileSync(join(folder, '.gitignore'), '/out/\n');
    writeFileSync(join(folder, LEDGER), HEADER);
    writeFileSync(join(folder, 'code.txt'), 'code\n');
    commitAll('code');
    const ledger = (): Row[] => readLedger(readFileSync(join(folder, LEDGER), 'utf8'));

    assert.throws(() => register(folder, studies, ['none']), /none is no study; there are small, wrong, level/);
    assert.throws(() => register(folder, studies, []), /register takes ids/);
    writeFileSync(join(folder, 'code.txt'), 'other code\n');
    assert.throws(() => register(folder, studies, ['small']), /commit code\.txt first/);
    commitAll('other code');
    const head = git(folder, 'rev-parse', 'HEAD');
    register(folder, studies, ['small', 'wrong', 'level']);
    assert.deepEqual(
      ledger().map(({ first, study, commit: at, result: none }) => [first, study, at, none]),
      [
        [9000, 'small', head, null],
        [9010, 'wrong', head, null],
        [9020, 'level', head, null],
      ],
    );
    await assert.rejects(run(folder, studies), /validation\/confirmation\.csv is not/, 'not committed');
    commitAll('registered');
    await assert.rejects(
      run(folder, [{ ...small, bounds: { low: 0, high: 0.6 } }, wrong, level]),
      /row 1 \(small\): the study is not the one that was registered/,
    );
    await run(folder, studies);
    const words = ledger().map(({ result: one }) => one!.word);
    assert.deepEqual(words, ['holds', 'fails', 'holds']);
    const [first, , third] = ledger();
    assert.equal(first!.result!.alpha, spentOnLook(ALPHA, 1) / 3);
    assert.deepEqual([first!.result!.runs, first!.result!.value, first!.result!.low], [30, 0, 0]);
    assert.ok(third!.result!.low! < third!.result!.value! && third!.result!.value! < third!.result!.high!);
    assert.deepEqual(complaints(ledger(), new Map(studies.map((one) => [one.id, definitionHash(one)]))), []);
    commitAll('results');
    const before = readFileSync(join(folder, LEDGER), 'utf8');
    await run(folder, studies);
    assert.equal(readFileSync(join(folder, LEDGER), 'utf8'), before, 'nothing left to run');

    register(folder, studies, ['wrong']);
    assert.equal(ledger()[3]!.first, 9030, 'looked at again with new seeds; the failure stays');
    assert.equal(alphaOf(ledger(), ledger()[3]!), spentOnLook(ALPHA, 2));
    commitAll('registered again');
    // A commit of another history is no ancestor.
    const text = readFileSync(join(folder, LEDGER), 'utf8');
    const last = ledger()[3]!;
    writeFileSync(
      join(folder, LEDGER),
      text.replace(
        `9030-9039,wrong,"[0.9, 1]",${last.spec},${last.commit}`,
        `9030-9039,wrong,"[0.9, 1]",${last.spec},${'c'.repeat(40)}`,
      ),
    );
    commitAll('forged');
    await assert.rejects(run(folder, studies), /which is no ancestor of/);
    const versions = git(folder, 'log', '--reverse', '--format=%H', '--', LEDGER)
      .split('\n')
      .map((one) => readLedger(`${git(folder, 'show', `${one}:${LEDGER}`)}\n`));
    assert.match(rewritten(versions).join(), /row 4 \(wrong\) was changed after it was registered/);
    assert.deepEqual(rewritten(versions.slice(0, -1)), []);
  });
});
