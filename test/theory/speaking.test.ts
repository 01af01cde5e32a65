/** Every statement speaks somewhere and is silent elsewhere, and each of its bounds can be broken. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Setting, SymbolId } from '../../src/notation.ts';
import { tell, type Evaluated, type Told } from '../../src/theory/assess.ts';
import { STATEMENTS } from '../../src/theory/index.ts';
import { lower, type Statement } from '../../src/theory/statement.ts';
import { conditionsOf, speaks, SPEAKING } from '../helpers/speaking.ts';
import { find } from '../helpers/statement.ts';

const toldOf = ({ id }: Statement): { name: string; setting: Setting; told: Told }[] =>
  SPEAKING.flatMap((named) => {
    const told = named.told.find(({ statement }) => statement.id === id);
    return told && speaks(told, named) ? [{ ...named, told }] : [];
  });
const inForce = ({ value, where }: Evaluated): boolean =>
  Number.isFinite(value) && (where === undefined || where.holds === true);

test('every statement speaks in one named setting at least: conditions met, every bound in force, every side predicted', () => {
  for (const statement of STATEMENTS) {
    const places = toldOf(statement);
    const near = SPEAKING.flatMap((named) =>
      named.told
        .filter((told) => told.statement.id === statement.id)
        .map(
          (told) =>
            `${named.name}: ${[...told.departures, ...conditionsOf(told, named).flatMap(({ holds, formula }) => (holds ? [] : [formula]))].join('; ')}`,
        ),
    );
    assert.ok(places.length > 0, `${statement.id} is silent everywhere: ${near.join(' | ')}`);
    for (const { id } of statement.bounds)
      assert.ok(
        places.some(({ told }) => inForce(told.bounds.find((one) => one.id === id)!)),
        `${statement.id} ${id}: in force nowhere`,
      );
    for (const side of ['benign', 'harmful'] as const)
      if (statement.regimes?.[side])
        assert.ok(
          places.some(({ told }) => told.prediction!.regime === side),
          `${statement.id}: ${side} nowhere`,
        );
  }
});

test('and is silent in another: not about it, or a condition fails', () => {
  for (const { id } of STATEMENTS) {
    const silent = SPEAKING.filter((named) => {
      const told = named.told.find(({ statement }) => statement.id === id);
      return !told || conditionsOf(told, named).some(({ holds }) => holds === false);
    });
    assert.ok(silent.length > 0, id);
  }
});

test('the two theorems on squared ReLU speak of gradient descent with label noise, and without: never both', () => {
  const of = (name: string): string[] =>
    SPEAKING.find((one) => one.name === name)!
      .told.map(({ statement }) => statement.id)
      .filter((id) => id.startsWith('huang-2025'));
  assert.deepEqual(of('huang'), ['huang-2025/assumptions', 'huang-2025/gradient-descent']);
  assert.deepEqual(of('huang, label noise'), ['huang-2025/assumptions', 'huang-2025/label-noise']);
});

test('label noise is a departure for every statement about training without it', () => {
  // About the sample, or any rule whatever; and the paper whose own noise it is.
  const untrained = STATEMENTS.filter(({ about }) => !Object.keys(about).some((path) => path.startsWith('network.')));
  assert.deepEqual(
    untrained.map(({ id }) => id),
    ['theorem-c.1', 'theorem-c.2', 'max-margin-limit', 'lemma-b.3', 'lemma-b.4', 'lemma-4.1'].map(
      (name) => `karhadkar-2024/${name}`,
    ),
  );
  for (const statement of STATEMENTS) {
    if (untrained.includes(statement) || statement.paper === 'huang-2025') continue;
    const { departures } = tell(statement, {}, (path) => (path === 'training.labelNoise' ? 0.1 : undefined), {});
    assert.ok(departures.includes('training.labelNoise is 0.1 here, not 0'), statement.id);
  }
});

// ---- bounds that say something

/** What a quantity can be at all, whatever is trained on: observed labels are wrong with p at least. */
const POSSIBLE: Partial<Record<SymbolId, (s: Setting) => readonly [number, number]>> = {
  testError: (s) => [s.flip!, 1],
  testErrorClean: () => [0, 1],
  maxMarginError: () => [0, 1],
  trainError: () => [0, 1],
  trainErrorFlipped: () => [0, 1],
  ownFiltersMin: () => [0, 1],
  ownSamplesMin: () => [0, 1],
  derivativeRatio: () => [1, Infinity],
  marginMin: () => [-Infinity, Infinity],
  gamma: () => [-Infinity, Infinity],
  rhoBar: () => [-Infinity, Infinity],
  rhoUnder: () => [-Infinity, Infinity],
};
/** A value that breaks the bound and is possible; undefined where there is none: the bound says nothing. */
function planted({ side, value, of }: Pick<Evaluated, 'side' | 'value' | 'of'>, setting: Setting): number | undefined {
  const [least, most] = POSSIBLE[of]?.(setting) ?? [0, Infinity];
  const beyond =
    side === 'upper' ? Math.min(most, 2 * Math.abs(value) + 1) : Math.max(least, value - Math.abs(value) - 1);
  return (side === 'upper' ? beyond > value : beyond < value) ? beyond : undefined;
}

test('no bound of the shelf is true whatever a run does: each has a possible value that breaks it', () => {
  for (const statement of STATEMENTS)
    for (const { id } of statement.bounds)
      assert.ok(
        toldOf(statement).some(({ told, setting }) => {
          const bound = told.bounds.find((one) => one.id === id)!;
          return inForce(bound) && planted(bound, setting) !== undefined;
        }),
        `${statement.id} ${id} cannot fail`,
      );
  // Negative control: the bound that once stood for Han et al.'s second stage, against observed labels.
  const old = lower('late-error', 'testError', 'p/2', (s) => s.flip / 2);
  assert.equal(planted({ ...old, value: old.value({ flip: 0.1 }, {}) }, { flip: 0.1 }), undefined);
  assert.notEqual(planted({ ...old, of: 'testErrorClean', value: 0.05 }, { flip: 0.1 }), undefined);
  assert.ok(find('han-2025/second-stage').bounds.every(({ of }) => of !== 'testError'));
});
