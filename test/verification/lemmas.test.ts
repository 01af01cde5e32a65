/** Every lemma over random settings (validation/lemmas.ts has the full count), and each one broken where it must be. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCell } from '../../src/experiments/cell.ts';
import type { RunRecord } from '../../src/experiments/record.ts';
import { runCell } from '../../src/experiments/run.ts';
import { settingOf } from '../../src/experiments/table.ts';
import { STATEMENTS } from '../../src/theory/index.ts';
import { LEMMAS } from '../../src/verification/lemmas/index.ts';
import { summarise, type OneRun } from '../../src/verification/summary.ts';
import { check, needs } from '../../src/verification/verify.ts';
import { controlCell, FAMILIES, isOrder, type Family } from '../../validation/lemma-settings.ts';
import { controlOutcome, familyRuns } from '../../validation/lemmas.ts';

/** Settings of each family; the widest one is dear. */
const SETTINGS = 50;
const FEW: Partial<Record<Family, number>> = { wide: 10 };

test(`${LEMMAS.length} lemmas over ${SETTINGS} settings of each family: exact ones without exception, the others no more often than they may`, () => {
  const all: Record<string, OneRun[]> = {};
  for (const family of (Object.keys(FAMILIES) as Family[]).filter((one) => !isOrder(one))) {
    for (const [id, runs] of Object.entries(familyRuns(family, FEW[family] ?? SETTINGS)))
      (all[id] ??= []).push(...runs);
  }
  assert.ok(LEMMAS.length >= 12);
  for (const lemma of LEMMAS) {
    const summary = summarise(lemma, all[lemma.id] ?? []);
    assert.equal(summary.verdict, 'holds', `${lemma.id}: ${JSON.stringify(summary)}`);
    assert.ok(
      summary.met >= 0.9 * summary.runs,
      `${lemma.id}: only ${summary.met} of ${summary.runs} settings meet the assumptions`,
    );
    if (lemma.kind === 'exact') assert.equal(summary.violated, 0, lemma.id);
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

test('lemmas that no run can break are broken by a tampered record', () => {
  const untouched = LEMMAS.filter(({ id }) => !controlCell(id));
  assert.deepEqual(
    untouched.map(({ id }) => id),
    [
      'kou-2023/decomposition',
      'kou-2023/good-event/initial-signal',
      'xu-gu-2023/proposition-4.5',
      'karhadkar-2024/lemma-b.3',
      'karhadkar-2024/lemma-b.4',
      'karhadkar-2024/lemma-d.1',
      'karhadkar-2024/lemma-d.2',
      'karhadkar-2024/lemma-d.4',
    ],
  );
  const plan = { ...needs(untouched), every: 10 };
  const at = (mu: number) =>
    buildCell(
      new Map(
        Object.entries({
          'data.n': 10,
          'data.d': 2000,
          'data.mu': mu,
          'data.model': 'mixture',
          'network.m': 8,
          'network.outputScale': '1',
          'network.sigma0': 0.0001,
          'training.eta': 0.001,
        }),
      ),
    );
  const [weak, some, strong] = [1, 8, 30].map((mu) => runCell(at(mu), 1, 0, plan)) as [RunRecord, RunRecord, RunRecord];
  // The error of a weak signal under the bounds of a strong one; an error of 0 above a floor that is not; a residual
  // that is none; filters that see the signal.
  const swapped = {
    ...strong,
    values: {
      ...strong.values,
      testErrorClean: weak.values.testErrorClean!,
      testErrorCleanSe: weak.values.testErrorCleanSe!,
    },
    series: {
      ...strong.series!,
      decompositionResidual: strong.series!.decompositionResidual!.map(() => 1e-6),
      initialSignal: [1],
    },
  };
  const zero = { ...some, values: { ...some.values, testErrorClean: 0, testErrorCleanSe: 0 } };
  // Interpolators a tenth as long, noise parts ten times as long as they are.
  const hinge = buildCell(
    new Map(
      Object.entries({
        'data.n': 10,
        'data.d': 200,
        'data.share': 0.2,
        'data.model': 'unit-norm-mixture',
        'data.flipLaw': 'exact',
        'data.flips': 1,
        'network.m': 8,
        'network.activation': 'leaky-relu',
        'network.outputScale': '1',
        'network.sigma0': 0.0001,
        'training.loss': 'hinge',
        'training.reduction': 'sum',
        'training.eta': 0.01,
      }),
    ),
  );
  const fitted = runCell(hinge, 1, 0, plan);
  const times = (id: 'interpolatorSignal' | 'interpolatorNoise' | 'noisePart', factor: number) => ({
    [id]: fitted.series![id]!.map((x) => x! * factor),
  });
  const resized = {
    ...fitted,
    series: {
      ...fitted.series!,
      ...times('interpolatorSignal', 0.1),
      ...times('interpolatorNoise', 0.1),
      ...times('noisePart', 10),
    },
  };
  const interpolating = ['karhadkar-2024/lemma-b.3', 'karhadkar-2024/lemma-b.4', 'karhadkar-2024/lemma-d.1'];
  for (const lemma of untouched.filter(({ id }) => interpolating.includes(id))) {
    assert.equal(check(lemma, hinge, fitted).verdict, 'holds', lemma.id);
    assert.equal(check(lemma, hinge, resized).verdict, 'violated', lemma.id);
  }
  for (const lemma of untouched.filter(({ id }) => !interpolating.includes(id))) {
    const [mu, honest, tampered] =
      lemma.id === 'karhadkar-2024/lemma-d.4' ? ([8, some, zero] as const) : ([30, strong, swapped] as const);
    assert.equal(check(lemma, at(mu), honest).verdict, 'holds', lemma.id);
    assert.equal(check(lemma, at(mu), tampered).verdict, 'violated', lemma.id);
  }
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

test('a rate above what is allowed is a violation, one that may be chance is not', () => {
  const lemma = LEMMAS.find(({ id }) => id === 'kou-2023/coefficient-bounds/gamma')!;
  const cell = buildCell(new Map(Object.entries({ 'data.n': 10, 'data.d': 400, 'data.mu': 4, 'network.m': 6 })));
  const runs = (broken: number, of: number): OneRun[] =>
    Array.from({ length: of }, (_, i) => ({
      run: `r-${i}`,
      setting: settingOf(cell),
      outcome: {
        lemma: lemma.id,
        verdict: i < broken ? ('violated' as const) : ('holds' as const),
        least: 1,
        most: 1,
        step: 0,
        by: 1,
        unmet: [],
        missing: [],
      },
    }));
  assert.equal(summarise(lemma, runs(15, 100)).verdict, 'holds');
  assert.equal(summarise(lemma, runs(25, 100)).verdict, 'violated');
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
