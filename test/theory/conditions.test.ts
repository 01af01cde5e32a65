/** Every condition has one home, which theory and lemmas read, and says how well its number is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as shang from '../../src/theory/conditions/shang-2024.ts';
import { STATEMENTS } from '../../src/theory/index.ts';
import { TRANSITION_LAWS } from '../../src/theory/transition-laws.ts';
import type { Condition, Statement } from '../../src/theory/statement.ts';
import { LEMMAS } from '../../src/verification/lemmas/index.ts';
import { find } from '../helpers/statement.ts';

const of = ({ conditions, bounds, regimes }: Statement): Condition[] => [
  ...conditions,
  ...bounds.flatMap(({ where }) => where ?? []),
  ...(regimes?.benign ? [regimes.benign] : []),
  ...(regimes?.harmful ? [regimes.harmful] : []),
];
const papers = [...new Set(STATEMENTS.map(({ paper }) => paper))];

test('one formula, one condition: no paper has the same one twice', () => {
  for (const paper of papers) {
    const known = new Map<string, Condition>();
    for (const statement of STATEMENTS.filter((one) => one.paper === paper))
      for (const condition of of(statement)) {
        assert.equal(known.get(condition.formula) ?? condition, condition, `${statement.id}: ${condition.formula}`);
        known.set(condition.formula, condition);
      }
  }
});

test('lemmas have no condition of their own: each is one of their paper on the shelf, the same object', () => {
  for (const { id, assumptions, series } of LEMMAS) {
    const paper = id.split('/')[0]!;
    const home = new Set([
      ...STATEMENTS.filter((one) => one.paper === paper).flatMap(of),
      ...(paper === 'shang-2024' ? (Object.values(shang) as Condition[]) : []),
    ]);
    for (const { condition, measured, formula } of assumptions) {
      assert.ok(home.has(condition), `${id}: ${formula}`);
      for (const symbol of measured) assert.ok(series.includes(symbol), `${id} reads ${symbol}`);
    }
  }
  // Negative control: a copy with another number is seen.
  const copy = { ...find('kou-2023/condition-4.1').conditions[0]! };
  assert.ok(!STATEMENTS.flatMap(of).includes(copy));
});

test('wrong labels: one number is used by theory and lemmas, the source’s stands beside it', () => {
  for (const [id, lemma, used, source, provenance] of [
    ['kou-2023/condition-4.1', 'kou-2023/balanced-derivatives', 'p <= 1/(4C)', 'p <= 1/C', 'secondhand'],
    ['xu-gu-2023/conditions', 'xu-gu-2023/lemma-4.3', 'k/n <= 1/(8C)', 'k/n <= 1/C', 'read'],
  ] as const) {
    const condition = find(id).conditions.find(({ formula }) => formula === used);
    assert.equal(condition?.provenance, 'ours');
    assert.deepEqual(
      condition.instead!.map((one) => [one.formula, one.provenance]),
      [[source, provenance]],
    );
    const { assumptions } = LEMMAS.find((one) => one.id === lemma)!;
    assert.ok(assumptions.some((one) => one.condition === condition));
  }
});

test('what nobody of this project read is nowhere said to be read; a law is known as well as its statement', () => {
  for (const statement of STATEMENTS.filter(({ paper }) =>
    ['kou-2023', 'cao-2022', 'meng-2024', 'george-2023', 'han-2025', 'shang-2024'].includes(paper),
  ))
    for (const { formula, provenance, instead = [] } of of(statement))
      assert.ok(![provenance, ...instead.map((one) => one.provenance)].includes('read'), `${statement.id}: ${formula}`);
  for (const [law, statement] of [
    ['kou-2023/theorem-4.2', 'kou-2023/theorem-4.2'],
    ['meng-2024', 'meng-2024/classic-regime'],
    ['cao-2022', 'cao-2022/transition'],
    ['xu-gu-2023/theorem-3.1', 'xu-gu-2023/theorem-3.1'],
    ['karhadkar-2024/benign', 'karhadkar-2024/theorem-3.2'],
  ] as const)
    assert.equal(TRANSITION_LAWS.find(({ id }) => id === law)!.provenance, find(statement).provenance, law);
});
