/** Power laws through level sets, and what the theorems say about them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transitionExponent, TRANSITION_LAWS, logControl } from '../../src/theory/transition-laws.ts';
import { looked, type Look } from '../../src/reproduction/looks.ts';
import {
  exponentVerdict,
  fitLevel,
  geometricMean,
  marginOf,
  testsOf,
  type LevelPlace,
} from '../../src/verification/level-fits.ts';
import { LINE_FIT } from '../tolerances.ts';

const law = (id: string): (typeof TRANSITION_LAWS)[number] => TRANSITION_LAWS.find((one) => one.id === id)!;

const place = (over: number, value: number, se = 0.01): LevelPlace => ({ over, along: { value, se, freedom: 20 } });
const places = (overs: readonly number[], at: (over: number) => number, se = 0.01): LevelPlace[] =>
  overs.map((over) => place(over, at(over), se));
const SIZES = [10, 100, 1000, 1e4, 1e5];
const ALPHA = 0.001;
const asked = (theory: number, largest: 'low' | 'high' = 'high') => ({
  margin: marginOf(theory),
  alpha: ALPHA,
  largest,
});

test('an exact power law is found on five sizes, with its local slopes; fewer carry no verdict on a line', () => {
  const { exponent, line, local } = fitLevel(
    places(SIZES, (over) => Math.log(3 * over ** 0.25)),
    ALPHA,
  );
  assert.ok(Math.abs(exponent!.value - 0.25) < LINE_FIT && exponent!.low < 0.25 && exponent!.high > 0.25);
  assert.ok(line!.value < LINE_FIT && !line!.rejected && line!.freedom === 3);
  assert.deepEqual(
    local.map(({ from, to }) => [from, to]),
    SIZES.slice(1).map((to, i) => [SIZES[i], to]),
  );
  const few = fitLevel(
    places(SIZES.slice(0, 4), (over) => Math.log(over)),
    ALPHA,
  );
  assert.ok(few.exponent === null && few.line === null && few.local.length === 3);
  assert.equal(exponentVerdict(few, 1, asked(1))!.by, 'largest sizes');
  assert.deepEqual([testsOf(1), testsOf(4), testsOf(5)], [0, 1, 3]);
});

test('a bent level set is no power law; the theory is then tested at the largest sizes, at the end that is asked for', () => {
  // Slope .4 up to 1000, then .25: the line through all is near .33 and excludes neither by an inflated error.
  const bent = fitLevel(
    places(SIZES, (over) => 0.25 * Math.log(over) + 0.15 * Math.log(Math.min(over, 1000)), 0.002),
    ALPHA,
  );
  assert.ok(bent.line!.rejected);
  const high = exponentVerdict(bent, 0.25, asked(0.25))!;
  assert.deepEqual([high.word, high.by, high.from, high.to], ['holds', 'largest sizes', 1e4, 1e5]);
  const low = exponentVerdict(bent, 0.25, asked(0.25, 'low'))!;
  assert.deepEqual([low.word, low.from, low.to, low.runsTimes], ['fails', 10, 100, null]);
});

test('more noise never makes a word: holds and fails become undecided, with the runs that would decide', () => {
  const words = (theory: number, se: number): string =>
    exponentVerdict(
      fitLevel(
        places(SIZES, (over) => 0.25 * Math.log(over), se),
        ALPHA,
      ),
      theory,
      asked(theory),
    )!.word;
  assert.deepEqual(
    [0.001, 0.01, 0.1, 1].map((se) => words(0.25, se)),
    ['holds', 'holds', 'undecided', 'undecided'],
  );
  assert.deepEqual(
    [0.001, 0.01, 0.3, 1].map((se) => words(0.35, se)),
    ['fails', 'fails', 'undecided', 'undecided'],
  );
  const verdict = exponentVerdict(
    fitLevel(
      places(SIZES, (over) => 0.25 * Math.log(over), 0.1),
      ALPHA,
    ),
    0.25,
    asked(0.25),
  )!;
  // (z_{1 - alpha/2} + z_.9) SE over the distance .02 to the nearest bound, squared.
  assert.ok(Math.abs(verdict.runsTimes! - (((3.2905267 + 1.2815516) * verdict.exponent.se) / 0.02) ** 2) < 1e-5);
});

test('the margin of an exponent beyond 1 is that of the same law read the other way', () => {
  assert.equal(marginOf(-0.5).value, 0.02);
  const { value, reason } = marginOf(-4);
  assert.ok(Math.abs(value - 0.32) < LINE_FIT && reason.includes('-0.25'));
});

test('a geometric mean has the errors of its parts, not of their scatter', () => {
  const mean = geometricMean(
    [0, 1, -1].map((value) => ({ value, se: 0.3 })),
    0.05,
  )!;
  assert.ok(Math.abs(mean.value - 1) < LINE_FIT && Math.abs(mean.se - 0.3 / Math.sqrt(3)) < LINE_FIT);
  assert.equal(geometricMean([], 0.05), null);
});

test('looks at a folder share alpha; the same question about the same runs is the same look', () => {
  const first = looked(undefined, { runs: 100, question: 'a' }, 0.05);
  assert.ok(Math.abs(first[0]!.spent - (0.05 * 6) / Math.PI ** 2) < LINE_FIT);
  assert.deepEqual(looked(first, { runs: 100, question: 'a' }, 0.05), first);
  const more = looked(looked(first, { runs: 200, question: 'a' }, 0.05), { runs: 200, question: 'b' }, 0.05);
  assert.deepEqual(
    more.map(({ look }) => look),
    [1, 2, 3],
  );
  assert.equal(looked(more, { runs: 200, question: 'a' }, 0.05).at(-1)!.look, 2);
  let spent = 0;
  for (let looks: readonly Look[] = [], j = 1; j <= 1000; j++) {
    looks = looked(looks.slice(-1), { runs: j, question: 'a' }, 0.05);
    spent += looks.at(-1)!.spent;
  }
  assert.ok(spent < 0.05 && spent > 0.0499);
});

test('exponents of the theorems', () => {
  const kou = law('kou-2023/theorem-4.2');
  assert.equal(transitionExponent(kou, {}, 'mu', 'd'), 0.25);
  assert.equal(transitionExponent(kou, {}, 'mu', 'n'), -0.25);
  assert.equal(transitionExponent(kou, {}, 'mu', 'sigmaP'), 1);
  assert.ok(transitionExponent(kou, {}, 'mu', 'm') === 0 || Object.is(transitionExponent(kou, {}, 'mu', 'm'), -0));
  assert.equal(transitionExponent(kou, {}, 'leak', 'n'), null);
  assert.equal(transitionExponent(law('cao-2022'), { power: 3 }, 'mu', 'd'), 0.5);
  // d = factor * n: S no longer knows n.
  assert.ok(Math.abs(transitionExponent(kou, {}, 'mu', 'n', { d: { n: 1 } })!) === 0);
  assert.ok(Math.abs(logControl(kou, { n: 20, d: 1000, mu: 5, sigmaP: 1 }) - Math.log(12.5)) < LINE_FIT);
});
