/** Every lemma over random settings (validation/lemmas.ts has the full count), and each one broken where it must be. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCell } from '../../src/experiments/cell.ts';
import type { RunRecord } from '../../src/experiments/record.ts';
import { runCell } from '../../src/experiments/run.ts';
import { settingOf } from '../../src/experiments/setting.ts';
import { STATEMENTS } from '../../src/theory/index.ts';
import { LEMMAS } from '../../src/verification/lemmas/index.ts';
import { summarise, type OneRun } from '../../src/verification/summary.ts';
import { check, needs } from '../../src/verification/verify.ts';
import { FAMILIES, isOrder, type Family } from '../../validation/lemma-settings.ts';
import { controlOutcome, familyRuns } from '../../validation/lemmas.ts';
import { planted } from '../../validation/planted.ts';

/** Of the honest runs that faults are planted in. */
const PLANTED_SEED = 1;
/** Runs that all say the same with which a rate of .1 is told: log(.025)/log(.9) = 35.01. */
const ENOUGH = 36;

/** Settings of each family; the widest one is dear. */
const SETTINGS = 50;
const FEW: Partial<Record<Family, number>> = { wide: 10 };

test(`${LEMMAS.length} lemmas over ${SETTINGS} settings of each family: what allows no exception has none, nothing fails`, () => {
  const all: Record<string, OneRun[]> = {};
  for (const family of (Object.keys(FAMILIES) as Family[]).filter((one) => !isOrder(one))) {
    for (const [id, runs] of Object.entries(familyRuns(family, FEW[family] ?? SETTINGS)))
      (all[id] ??= []).push(...runs);
  }
  assert.ok(LEMMAS.length >= 12);
  const { lemmas, verdicts } = summarise(LEMMAS.map((lemma) => ({ lemma, runs: all[lemma.id] ?? [] })));
  assert.equal(verdicts, LEMMAS.length);
  // 50 settings are too few for `holds` where a rate of .1 is allowed: the record has 1,000.
  for (const [at, lemma] of LEMMAS.entries()) {
    const summary = lemmas[at]!;
    assert.equal(summary.verdict, summary.delta === 0 ? 'holds' : 'undecided', JSON.stringify(summary));
    assert.ok(
      summary.met >= 0.9 * summary.runs,
      `${lemma.id}: only ${summary.met} of ${summary.runs} settings meet the assumptions`,
    );
  }
});

test('every lemma breaks outside its assumptions (negative control)', () => {
  for (const { id } of LEMMAS) {
    const outcome = controlOutcome(id);
    if (!outcome) continue;
    assert.equal(outcome.bound, 'broken', id);
    assert.ok(outcome.by! > 0 && outcome.unmet.length > 0, id);
    assert.equal(outcome.verdict, 'assumptions not met', id);
  }
});

test('every lemma on the shelf fails on a planted input: a run that keeps it, with one column made wrong', (context) => {
  const pages = LEMMAS.map((lemma) => {
    const found = planted(lemma, PLANTED_SEED);
    assert.ok(found, `${lemma.id} notices no fault: a check that cannot fail`);
    const { name, cell, honest, faulty } = found;
    const word = (record: RunRecord): string => {
      const run = { run: record.run, setting: settingOf(cell), outcome: check(lemma, cell, record) };
      return summarise([{ lemma, runs: Array.from({ length: ENOUGH }, () => run) }]).lemmas[0]!.verdict;
    };
    assert.equal(word(honest), 'holds', lemma.id);
    assert.equal(word(faulty), 'fails', `${lemma.id}: ${name}`);
    return `${lemma.id}: ${name}`;
  });
  context.diagnostic(pages.join('\n'));
});

test('a noisy estimate neither keeps nor breaks a bound: more noise makes no run pass', () => {
  const lemma = LEMMAS.find(({ id }) => id === 'karhadkar-2024/lemma-d.4')!;
  const { cell, honest, faulty } = planted(lemma, PLANTED_SEED)!;
  const noisy = (record: RunRecord) =>
    check(lemma, cell, { ...record, values: { ...record.values, testErrorCleanSe: record.values.testErrorClean! } });
  assert.deepEqual([noisy(honest).verdict, noisy(honest).bound], ['unclear', 'unclear']);
  assert.notEqual(noisy(faulty).verdict, 'holds');
});

test('a lemma that nothing can break is found out (negative control)', () => {
  const lemma = LEMMAS.find(({ id }) => id === 'kou-2023/balanced-derivatives')!;
  assert.equal(planted({ ...lemma, limits: () => ({}) }, PLANTED_SEED), undefined);
});

test('every lemma is of a statement on the theory shelf, with its provenance', () => {
  for (const { id, provenance, source } of LEMMAS) {
    const statement = STATEMENTS.find((one) => id === one.id || id.startsWith(`${one.id}/`));
    assert.ok(statement, `${id} is of no statement`);
    // One word for one text; a check of ours on top of it, with constants of ours, is inferred.
    assert.ok(
      provenance === 'inferred' || provenance === statement.provenance,
      `${id}: ${provenance}, its statement ${statement.provenance}`,
    );
    assert.ok(source.length > 0);
  }
  assert.equal(
    STATEMENTS.find((one) => 'kou-2023/lemma-9/part'.startsWith(`${one.id}/`)),
    undefined,
  );
});

test('a verdict names the step, the excess, the assumptions that fail, the series that lack', () => {
  const cell = buildCell(
    new Map(
      Object.entries({
        'data.n': 10,
        'data.d': 400,
        'data.mu': 4,
        'network.m': 6,
        'training.eta': 30,
        'training.maxSteps': 20,
      }),
    ),
  );
  const lemma = LEMMAS.find(({ id }) => id === 'kou-2023/balanced-derivatives')!;
  const record = runCell(cell, 1, 0, { series: ['derivativeRatio'], values: [], every: 1 });
  const outcome = check(lemma, cell, record);
  const column = record.series!.derivativeRatio!;
  const first = column.findIndex((x) => x !== null && x > 20);
  assert.equal(outcome.step, first);
  assert.equal(outcome.by, Math.max(...column.filter((x) => x !== null)) - 20);
  assert.ok(outcome.unmet.some((formula) => formula.startsWith('η ≤ ')));
  const { series, ...bare } = record;
  assert.ok(series);
  assert.deepEqual(check(lemma, cell, bare), {
    lemma: lemma.id,
    verdict: 'no series',
    unmet: [],
    missing: ['derivativeRatio'],
  });
});

test('words for rates: beyond what is allowed, within it, in between; one run; none', () => {
  const cell = buildCell(new Map(Object.entries({ 'data.n': 10, 'data.d': 400, 'data.mu': 4, 'network.m': 6 })));
  const runs = (broken: number, of: number, unclear = 0): OneRun[] =>
    Array.from({ length: of }, (_, i) => ({
      run: `r-${i}`,
      setting: settingOf(cell),
      outcome: {
        lemma: '',
        verdict: i < broken ? ('violated' as const) : i < broken + unclear ? ('unclear' as const) : ('holds' as const),
        least: 1,
        most: 1,
        step: 0,
        by: 1,
        unmet: [],
        missing: [],
      },
    }));
  const of = (id: string) => LEMMAS.find((one) => one.id === id)!;
  const lemma = of('kou-2023/coefficient-bounds/gamma');
  const one = (...counts: Parameters<typeof runs>) => summarise([{ lemma, runs: runs(...counts) }]).lemmas[0]!;
  // Clopper and Pearson: 15 of 100 [.0865, .2353], 25 of 100 [.1688, .3466], 3 of 100 [.0062, .0852].
  assert.deepEqual(
    [one(15, 100), one(25, 100), one(3, 100)].map(({ verdict }) => verdict),
    ['undecided', 'fails', 'holds'],
  );
  assert.equal(one(25, 100).rate!.low.toFixed(4), '0.1688');
  // (1.95996 + 1.28155)² .15 .85/.05² = 535.9.
  assert.equal(one(15, 100).needed, 536);
  assert.equal(one(10, 100).needed, null, 'just the allowed rate');
  // No violation: log(.025)/log(.9); all violate: log(.025)/log(.1).
  assert.deepEqual([one(0, 20).needed, one(1, 1).needed], [36, 2]);
  assert.deepEqual([one(0, 36).verdict, one(0, 35).verdict, one(1, 1).verdict], ['holds', 'undecided', 'undecided']);
  assert.equal(one(0, 40).excluded!.toFixed(4), (1 - Math.pow(0.05, 1 / 40)).toFixed(4));
  const none = one(0, 0);
  assert.deepEqual([none.verdict, none.rate], ['not-applicable', undefined]);

  const exact = of('kou-2023/decomposition');
  const of1 = (...counts: Parameters<typeof runs>) => summarise([{ lemma: exact, runs: runs(...counts) }]).lemmas[0]!;
  assert.deepEqual([of1(1, 1).verdict, of1(1, 1000).verdict, of1(0, 1).verdict], ['fails', 'fails', 'holds']);
  assert.equal(of1(0, 1).excluded!.toFixed(2), '0.95');
  assert.deepEqual([of1(0, 10, 1).verdict, of1(0, 10, 1).needed], ['undecided', null], 'more runs do not help');
});

test('many lemmas on a page: each gets its part of alpha, and those that do not speak get none', () => {
  const cell = buildCell(new Map(Object.entries({ 'data.n': 10, 'data.d': 400, 'data.mu': 4, 'network.m': 6 })));
  const lemma = LEMMAS.find(({ id }) => id === 'kou-2023/coefficient-bounds/gamma')!;
  const runs = (verdict: 'holds' | 'assumptions not met', cells = 1): OneRun[] =>
    Array.from({ length: 40 }, (_, i) => ({
      run: `${i % cells}-${Math.floor(i / cells)}`,
      setting: settingOf(cell),
      outcome: { lemma: lemma.id, verdict, least: 1, most: 1, unmet: [], missing: [] },
    }));
  const page = (count: number, cells = 1, shared = false) =>
    summarise(
      [
        ...Array.from({ length: count }, () => ({ lemma, runs: runs('holds', cells) })),
        { lemma, runs: runs('assumptions not met') },
      ],
      shared,
    );
  assert.deepEqual([page(1).verdicts, page(1).lemmas[0]!.verdict], [1, 'holds']);
  assert.deepEqual([page(3).verdicts, page(3).lemmas[0]!.verdict], [3, 'undecided']);
  assert.equal(page(3).lemmas[0]!.excluded!.toFixed(6), (1 - Math.pow(0.05 / 3, 1 / 40)).toFixed(6));
  assert.equal(page(3).lemmas[3]!.verdict, 'not-applicable');
  // Ten replicates in four cells that share their draws are ten draws, not forty.
  const shared = page(1, 4, true).lemmas[0]!;
  assert.deepEqual([shared.met, shared.draws, shared.verdict], [40, 10, 'undecided']);
});

test('sizes in natural units, whatever the spec is written in', () => {
  const scaled = buildCell(
    new Map(
      Object.entries({
        'data.n': 10,
        'data.d': 400,
        'data.mu': 4,
        'network.m': 5,
        'network.sigma0': 0.1,
        'network.sigma0Unit': '1/(sigmaP*sqrt(d))',
        'training.etaUnit': 'n*m/(sigmaP^2*d)',
        'training.eta': 2,
      }),
    ),
  );
  assert.equal(settingOf(scaled).sigma0, 0.1 / 20);
  assert.equal(settingOf(scaled).eta, (2 * 10 * 5) / 400);
  const summed = buildCell(
    new Map(
      Object.entries({
        'data.model': 'unit-norm-mixture',
        'data.n': 10,
        'data.d': 400,
        'data.share': 0.19,
        'network.m': 5,
        'training.reduction': 'sum',
        'training.eta': 0.01,
      }),
    ),
  );
  assert.equal(settingOf(summed).eta, 0.01);
  assert.equal(settingOf(summed).mu, Math.sqrt(0.19));
  assert.equal(settingOf(summed).sigmaP, Math.sqrt(0.81 / 400));
});

test('T1 does not depend on how often the run is looked at; without a pair that began active there is nothing to learn', () => {
  const lemma = LEMMAS.find(({ id }) => id === 'kou-2023/first-stage/time')!;
  const cell = buildCell(
    new Map(
      Object.entries({
        'data.n': 8,
        'data.d': 40000,
        'data.mu': 8,
        'network.m': 8,
        'network.sigma0': 0.00005,
        'training.eta': 0.00015,
        'training.maxSteps': 1500,
        'test.lines': 1,
        'test.shifts': 2,
      }),
    ),
  );
  const measured = [1, 7, 500].map(
    (every) => check(lemma, cell, runCell(cell, 1, 0, { ...needs([lemma]), every })).most,
  );
  assert.ok(measured[0]! > 5 && measured[0]! < 12, String(measured[0]));
  assert.deepEqual(measured, [measured[0], measured[0], measured[0]]);
  const record = runCell(cell, 1, 0, { ...needs([lemma]), every: 500 });
  const none = {
    ...record,
    series: {
      ...record.series!,
      learntStep: record.series!.learntStep!.map(() => null),
      rhoBarLearnt: record.series!.rhoBarLearnt!.map(() => null),
    },
  };
  assert.equal(check(lemma, cell, none).bound, undefined);
});

test('a bound that is no number, or says nothing, is no verdict; unprojected noise is another lemma', () => {
  const values = {
    'data.model': 'unit-norm-mixture',
    'data.n': 20,
    'data.d': 15,
    'data.share': 0.2,
    'network.m': 4,
    'network.activation': 'leaky-relu',
    'network.outputScale': '1',
    'network.sigma0': 0.0001,
    'training.loss': 'hinge',
    'training.reduction': 'sum',
    'training.eta': 0.001,
    'training.maxSteps': 50,
    'test.lines': 1,
    'test.shifts': 2,
  } as const;
  const ids = ['karhadkar-2024/lemma-4.1/least', 'karhadkar-2024/lemma-d.1'];
  const lemmas = LEMMAS.filter(({ id }) => ids.includes(id));
  const at = (more: object, constants = {}) => {
    const cell = buildCell(new Map(Object.entries({ ...values, ...more })));
    const record = runCell(cell, 1, 0, { ...needs(lemmas), every: 10 });
    return lemmas.map((lemma) => check(lemma, cell, record, constants).verdict);
  };
  assert.deepEqual(at({}), ['assumptions not met', 'assumptions not met'], 'fewer dimensions than samples');
  assert.deepEqual(at({ 'data.d': 200 }), ['holds', 'holds']);
  assert.deepEqual(at({ 'data.d': 200, 'data.projected': false }), ['assumptions not met', 'assumptions not met']);
  assert.notEqual(at({ 'data.d': 200 }, { delta: 3 })[0], 'holds');
});
