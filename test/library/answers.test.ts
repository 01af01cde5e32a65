/** What a program gets from papers, theory, verify and reproduce: what the commands answer; one sentence for what is wrong. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  cells,
  here,
  lab,
  memory,
  papers,
  reproduce,
  theory,
  threads,
  UserError,
  verify,
  type Preset,
} from '../../src/index.ts';
import { benign, inFolder } from '../helpers/benign.ts';
import mine from '../helpers/own-parts.ts';

const INPUT = {
  name: 'answers',
  data: { n: 6, d: 400, mu: 5, flip: 0.1 },
  network: { m: 4, sigma0: 0.001 },
  training: { eta: 0.1, maxSteps: 30 },
  axes: { 'data.mu': [2, 5] },
  runs: 2,
};
const spec = lab.spec(INPUT);

/** As a program that reads JSON sees it. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What the command says of the spec, with `out` for its folder. */
async function commanded(of: string, ...args: readonly string[]): Promise<Record<string, unknown>> {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), JSON.stringify(INPUT));
    const { stdout, stderr } = benign([of, 'spec.yaml', ...args, '--json'], folder);
    assert.ok(stdout !== '', stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  });
}

test('the shelf: papers with figures and variants whose specs can be read', async () => {
  const shelf = await papers();
  assert.ok(shelf.length >= 12);
  assert.equal(new Set(shelf.map(({ id }) => id)).size, shelf.length);
  assert.deepEqual(structuredClone(shelf), shelf, 'plain data');
  for (const { figures } of shelf)
    for (const { variants } of figures) for (const { spec: input } of variants) assert.ok(lab.spec(input).runs >= 1);
});

test('theory says what the command says, of any cell of the spec', async () => {
  const report = await commanded('theory', '--delta', '0.05', '--constants', 'kou-2023.C1=3', '--critical', 'd');
  const told = await theory(lab, spec, { delta: 0.05, constants: { 'kou-2023.C1': 3 }, critical: 'd' });
  const of = (key: 'regimes' | 'statements'): unknown[] => told.papers.flatMap((one) => [...one[key]]);
  const inPapers = (all: unknown): unknown =>
    told.papers.flatMap(({ paper }) => (all as { paper: string }[]).filter((one) => one.paper === paper));
  assert.deepEqual(plain(of('statements')), inPapers(report['statements']));
  assert.deepEqual(plain(of('regimes')), inPapers(report['regimes']));
  assert.deepEqual(plain([told.setting, told.given, told.elsewhere]), [
    report['setting'],
    report['given'],
    report['elsewhere'],
  ]);
  assert.ok(of('regimes').length > 0 && told.figures.length > 0);
  assert.match(await told.figures[0]!.svg(), /^<svg /);

  const [, second] = cells(spec);
  assert.equal((await theory(lab, spec, { cell: second! })).setting.mu, 5);
  assert.equal((await theory(lab, spec)).setting.mu, 2);
});

test('what a setting leaves is each condition that does not hold, once, by the factor that is missing', async () => {
  const { papers: told } = await theory(lab, spec);
  const kou = told.find(({ paper }) => paper === 'kou-2023')!;
  assert.ok(kou.leaves.length > 0);
  for (const { id, formula, factor } of kou.leaves) {
    const statement = kou.statements.find((one) => id.startsWith(`${one.id}/`))!;
    const condition = statement.conditions.find((one) => `${statement.id}/${one.id}` === id)!;
    assert.equal(condition.holds, false);
    assert.equal(formula, condition.formula);
    const [lhs, rhs] = [condition.lhs!, condition.rhs!];
    if (factor !== null) assert.equal(factor, 1 / (condition.relation === '>=' ? lhs / rhs : rhs / lhs));
  }
  const unmet = kou.statements.flatMap(({ conditions }) => conditions.filter(({ holds }) => holds === false));
  assert.equal(new Set(kou.leaves.map(({ formula }) => formula)).size, new Set(unmet.map((one) => one.formula)).size);
});

test('verify says what the command says, whoever makes the runs, and makes none that the store has', async () => {
  const report = await commanded('verify', '--lemma', 'kou-2023', '--constant', 'C5=30', '--workers', '1');
  const [store, asked] = [memory(), { lemmas: ['kou-2023'], constants: { C5: 30 } }];
  const first = await verify(lab, spec, { pool: threads(2), store, ...asked });
  const { figure, ...data } = first;
  for (const key of [
    'verdict',
    'holds',
    'fails',
    'undecided',
    'alpha',
    'verdicts',
    'slopes',
    'lemmas',
    'runs',
  ] as const)
    assert.deepEqual(plain(data[key]), report[key], key);
  assert.deepEqual([first.made, first.failed, first.interrupted], [4, [], false]);
  assert.match(await figure!.svg(), /^<svg /);
  assert.deepEqual(structuredClone(data.lemmas), data.lemmas);
  const again = await verify(lab, spec, { pool: here(), store, ...asked });
  assert.equal(again.made, 0);
  assert.deepEqual(again.lemmas, first.lemmas);
});

test('reproduce says what the command says; a preset of one’s own with the parts of one’s lab', async () => {
  const made = await reproduce(lab, 'cao-2022/dimension', { pool: here(), store: memory(), quick: true, runs: 2 });
  const report = await inFolder((folder) => {
    const { stdout } = benign(['reproduce', 'cao-2022/dimension', '--quick', '--runs', '2', '--json'], folder);
    return JSON.parse(stdout) as Record<string, unknown>;
  });
  for (const key of ['paper', 'figure', 'variant', 'control', 'coarse', 'verdict', 'byBasis', 'untold'] as const)
    assert.deepEqual(plain(made[key]), report[key], key);
  for (const key of ['alpha', 'look', 'spent', 'verdicts', 'comparisons', 'levelSets', 'runs', 'deviations'] as const)
    assert.deepEqual(plain(made[key]), report[key], key);
  assert.deepEqual(
    made.figures.map(({ name }) => name),
    report['figures'],
  );
  assert.match(await made.figures[0]!.svg(), /^<svg /);

  const paper = (await papers()).find(({ id }) => id === 'cao-2022')!;
  const [figure, shown] = [paper.figures[0]!, paper.figures[0]!.variants[0]!];
  const own = (level: number, along = 'mu'): Preset => {
    const variant = {
      ...shown,
      spec: {
        data: { model: 'twin/signal-noise', n: 10, d: 100, flip: 0 },
        network: { m: 4 },
        training: { maxSteps: 20 },
        axes: { 'data.mu': [1, 30] },
        runs: 4,
      },
      quickAxes: { 'data.mu': [1, 30] },
      checks: [
        {
          kind: 'trend',
          id: 'falls',
          basis: 'test',
          because: 'the signal grows',
          of: 'testErrorClean',
          along: 'mu',
          direction: level > 0 ? 'falls' : 'rises',
          says: 'the error falls',
        },
      ],
    } as const;
    return { paper, figure: { ...figure, shows: [{ value: 'testErrorClean', along }] }, variant };
  };
  const mineSays = async (level: number): Promise<string> =>
    (await reproduce(mine, own(level), { pool: here(), store: memory() })).verdict;
  assert.deepEqual([await mineSays(1), await mineSays(-1)], ['holds', 'fails']);
  const store = memory();
  await assert.rejects(() => reproduce(mine, own(1, 'd'), { pool: here(), store }), /^RangeError: a curve needs/);
  assert.equal(store.lines.length, 0, 'before any run');
  await refused(() => reproduce(lab, own(1), { pool: here(), store: memory() }), /twin\/signal-noise.*no such part/);
});

test('parts of one’s own: theory and lemmas of a lab that has them, refused by one that has not', async () => {
  const own = mine.spec({
    data: { n: 6, d: 400, mu: 5, flip: 0.1 },
    network: { m: 4, sigma0: 0.001 },
    training: { eta: 0.1, maxSteps: 30 },
    record: { values: ['twin/spread'] },
  });
  assert.ok((await theory(mine, own)).papers.length > 0);
  const { lemmas } = await verify(mine, own, { pool: here(), store: memory(), lemmas: ['kou-2023/decomposition'] });
  assert.deepEqual(
    lemmas.map(({ verdict }) => verdict),
    ['holds'],
  );
  await refused(() => theory(lab, own), /twin\/spread.*no such part/);
  await refused(() => verify(lab, own, { pool: here(), store: memory() }), /twin\/spread.*no such part/);
});

async function refused(work: () => Promise<unknown>, sentence: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, sentence);
    assert.ok(!error.message.includes('\n') && !error.message.includes('--'), error.message);
    return true;
  });
}

test('what is wrong is one sentence, without an option of the command line', async () => {
  const run = { pool: here(), store: memory() };
  const [other] = cells(lab.spec({ data: { n: 6, d: 400, mu: 9 }, network: { m: 4 } }));
  await refused(() => theory(lab, spec, { delta: 1 }), /^theory delta: must be in \(0, 1\), got 1$/);
  await refused(() => theory(lab, spec, { constants: { D9: 1 } }), /^constants D9: no statement has such a constant, /);
  await refused(
    () => theory(lab, spec, { constants: { C1: -1 } }),
    /^constants C1: must be a finite number > 0, got -1$/,
  );
  await refused(() => theory(lab, spec, { critical: 'nu' }), /^critical nu: is no number of this setting, /);
  await refused(() => theory(lab, spec, { cell: other! }), /^cell: is none of the cells of the spec$/);
  await refused(
    () => verify(lab, spec, { ...run, lemmas: ['kuo-2023'] }),
    /^lemmas kuo-2023: unknown lemma, did you mean /,
  );
  await refused(
    () => verify(lab, spec, { ...run, constants: { Q: 1 } }),
    /^constants Q: no lemma here has a constant Q, /,
  );
  await refused(
    () => verify(lab, spec, { ...run, constants: { delta: 2 } }),
    /^constants delta: must be in \(0, 1\), got 2$/,
  );
  await refused(() => verify(lab, spec, { ...run, every: 0.5 }), /^every: must be an integer >= 1, got 0\.5$/);
  await refused(
    () => verify(lab, spec, { ...run, signal: AbortSignal.abort() }),
    /^no run of the spec is there yet: the work was interrupted/,
  );
  await refused(() => reproduce(lab, 'kuo-2023', run), /kuo-2023/);
  await refused(() => reproduce(lab, 'kou-2023/heat', run), /heat/);
  await refused(() => reproduce(lab, 'kou-2023', { ...run, variant: 'no' }), /no/);
  await refused(() => reproduce(lab, 'kou-2023', { ...run, look: 0 }), /^look: must be an integer >= 1, got 0$/);
  await refused(() => reproduce(lab, 'kou-2023', { ...run, runs: 0 }), /runs/);
  const paper = (await papers())[0]!;
  const [figure] = paper.figures;
  await refused(
    () => reproduce(lab, { paper, figure: figure!, variant: figure!.variants[0]! }, { ...run, variant: 'as-coded' }),
    /^variant as-coded: a preset of your own has its variant/,
  );
});
