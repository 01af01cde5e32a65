/**
 * The shelf as a whole: ids, provenance, paths, constants, and that every formula can be evaluated where it should be.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PARAMETERS, SYMBOLS, type SymbolId } from '../../src/notation.ts';
import { assess, constantNames, constantsOf, judge, predict, tell } from '../../src/theory/assess.ts';
import { STATEMENTS } from '../../src/theory/index.ts';
import { PROVENANCE, type Statement } from '../../src/theory/statement.ts';
import { find } from '../helpers/statement.ts';

test('ids are PAPER/NAME, no two alike, and every statement stands on statements of the shelf', () => {
  const ids = STATEMENTS.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, paper, under } of STATEMENTS) {
    assert.ok(id.startsWith(`${paper}/`) && /^[a-z0-9./-]+$/.test(id), id);
    for (const other of under) assert.ok(ids.includes(other), `${id} stands on ${other}`);
  }
  for (const id of [
    'kou-2023/theorem-4.2',
    'xu-gu-2023/lemma-4.3',
    'xu-gu-2023/lemma-c.1',
    'karhadkar-2024/lemma-b.3',
    'shang-2024/invariant',
  ])
    assert.ok(ids.includes(id), id);
});

test('choices are those of the notation table', () => {
  for (const { id, about, assumes } of STATEMENTS) {
    for (const [path, allowed] of Object.entries({ ...about, ...assumes })) {
      const entry = PARAMETERS.get(path)?.entry;
      assert.ok(entry, `${id} ${path}`);
      if (!Array.isArray(allowed)) assert.equal(entry.kind, 'number', `${id} ${path}: numbers above or below`);
      else
        for (const value of allowed as readonly unknown[])
          assert.ok(
            entry.kind === 'choice'
              ? (entry.choices as readonly unknown[]).includes(value)
              : entry.kind === 'number' && typeof value === 'number',
            `${id} ${path} ${String(value)}`,
          );
    }
  }
});

/** Every number that a spec can set or a run can give. */
const everything = Object.fromEntries((Object.keys(SYMBOLS) as SymbolId[]).map((id) => [id, 0.4]));
const plausible = {
  ...everything,
  n: 20,
  d: 1000,
  m: 10,
  mu: 6,
  sigmaP: 1,
  flips: 2,
  power: 3,
  maxSteps: 200,
  step: 100,
  smoothing: 1,
  maxMarginNorm: 5,
};

test('every side and bound is a number where setting and constants are known, and uses no constant that its statement does not name', () => {
  let count = 0;
  const each = (statement: Statement, see: (value: number, what: string) => void): void => {
    const constants = constantsOf(statement, {});
    const conditions = [
      ...statement.conditions,
      ...statement.bounds.flatMap(({ where }) => where ?? []),
      statement.regimes?.benign ?? [],
      statement.regimes?.harmful ?? [],
    ].flat();
    for (const one of conditions)
      for (const side of [one.lhs, one.rhs]) see(side(plausible, constants), `${statement.id} ${one.id}`);
    for (const one of statement.bounds) see(one.value(plausible, constants), `${statement.id} ${one.id}`);
  };
  for (const statement of STATEMENTS) {
    each(statement, (value, what) => {
      count++;
      assert.ok(!Number.isNaN(value), what);
    });
  }
  assert.ok(count > 150, `${count} formulas`);
  // Negative control: without its constant a bound is no number.
  const { bounds } = find('xu-gu-2023/lemma-c.1');
  assert.ok(Number.isNaN(bounds[0]!.value(plausible, {})));
});

test("what was not read is not printed as the paper's word", () => {
  assert.equal(PROVENANCE.recalled, 'as commonly cited');
  assert.match(PROVENANCE.reconstructed, /^reconstructed/);
  assert.match(PROVENANCE.inferred, /^inferred/);
  for (const { id, paper, provenance } of STATEMENTS) {
    if (paper === 'shang-2024') assert.equal(provenance, 'reconstructed', id);
    if (['kou-2023', 'cao-2022', 'meng-2024', 'george-2023', 'han-2025'].includes(paper))
      assert.notEqual(provenance, 'read', id);
  }
  assert.equal(find('xu-gu-2023/theorem-3.1').provenance, 'read');
  assert.equal(find('karhadkar-2024/theorem-3.1-explicit').provenance, 'inferred');
});

const kou = {
  'network.depth': 2,
  'data.model': 'signal-noise',
  'network.activation': 'relu',
  'network.output': 'fixed',
  'training.loss': 'logistic',
} as const;
const chosen = (values: Readonly<Record<string, string | number | boolean>>) => (path: string) => values[path];

test('a statement speaks only of its own model, loss and activation, and departures are named', () => {
  const papers = (values: Readonly<Record<string, string | number | boolean>>): string[] => [
    ...new Set(assess(plausible, chosen(values), {}).told.map(({ statement }) => statement.paper)),
  ];
  assert.deepEqual(papers(kou), ['kou-2023', 'han-2025']);
  assert.deepEqual(papers({ ...kou, 'network.depth': 3 }), []);
  assert.deepEqual(papers({ ...kou, 'network.output': 'trained-per-patch' }), ['shang-2024']);
  assert.deepEqual(papers({ ...kou, 'network.activation': 'relu-power', 'network.power': 3 }), ['cao-2022']);
  assert.deepEqual(papers({ ...kou, 'network.activation': 'relu-power', 'network.power': 2 }), ['huang-2025']);
  assert.deepEqual(papers({ ...kou, 'data.model': 'mixture' }), ['xu-gu-2023']);
  assert.deepEqual(papers({ ...kou, 'data.model': 'mixture', 'network.activation': 'smoothed-leaky-relu' }), [
    'frei-2022',
  ]);
  assert.deepEqual(papers({ ...kou, 'data.model': 'xor' }), ['meng-2024']);
  assert.deepEqual(papers({ ...kou, 'data.model': 'mixture', 'training.loss': 'hinge' }), ['george-2023']);
  assert.deepEqual(
    papers({ ...kou, 'data.model': 'unit-norm-mixture', 'network.activation': 'leaky-relu', 'training.loss': 'hinge' }),
    ['karhadkar-2024', 'george-2023'],
  );
  const { untold } = assess(plausible, chosen(kou), {});
  assert.equal(
    untold.find(({ statement }) => statement.id === 'cao-2022/transition')!.reason,
    'network.activation is relu here, not relu-power',
  );
  const told = tell(
    find('kou-2023/theorem-4.2'),
    plausible,
    chosen({ ...kou, 'data.projected': false, 'data.noise': 'gaussian' }),
    {},
  );
  assert.ok(told.departures.includes('data.projected is false here, not true'));
  assert.ok(!told.departures.some((one) => one.startsWith('data.noise')));
});

test('constants: the narrowest name counts, and every name is known', () => {
  const theorem = find('kou-2023/theorem-4.2');
  assert.equal(constantsOf(theorem, {})['C1'], 100);
  assert.equal(constantsOf(theorem, { C1: 7 })['C1'], 7);
  assert.equal(constantsOf(theorem, { C1: 7, 'kou-2023.C1': 8 })['C1'], 8);
  assert.equal(constantsOf(theorem, { C1: 7, 'kou-2023.C1': 8, 'kou-2023/theorem-4.2.C1': 9 })['C1'], 9);
  assert.equal(constantsOf(theorem, { 'cao-2022.C1': 8 })['C1'], 100);
  for (const name of ['delta', 'kou-2023.C1', 'kou-2023/theorem-4.2.C1']) assert.ok(constantNames().includes(name));
});

test('the regime follows the two borders; a missing side decides nothing', () => {
  const { regimes } = find('kou-2023/theorem-4.2');
  const regime = (mu: number): string => predict(regimes!, { ...plausible, mu }, { C1: 100, C3: 1 }).regime;
  assert.deepEqual([1, 5, 20].map(regime), ['harmful', 'undecided', 'benign']);
  assert.equal(
    predict(regimes!, { ...plausible, mu: 5 }, { C1: 1, C3: 100 }).regime,
    'undecided',
    'both sides claim it',
  );
  const one = find('xu-gu-2023/theorem-3.1').regimes!;
  assert.equal(predict(one, { ...plausible, mu: 0.1 }, { C: 1, delta: 0.1 }).regime, 'undecided');
  const unknown = judge(regimes!.benign!, { n: 20 }, { C1: 1 });
  assert.equal(unknown.holds, null);
});
