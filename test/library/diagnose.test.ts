/** A diagnosis from numbers: synthetic sets whose truth is known, what is predicted of them, and the command's answer. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { diagnose, here, memory, threads, UserError, type Diagnosis } from '../../src/index.ts';
import { benign, inFolder } from '../helpers/benign.ts';
import { mixture } from '../helpers/mixture.ts';

const made = (
  [count, d, mu]: readonly [number, number, number],
  choice: { n: number; m: number; runs: number; flips?: readonly number[] },
): Promise<Diagnosis> => diagnose(mixture(count, d, mu, 7), { ...choice, pool: here(), store: memory() });
const regimes = ({ verdicts }: Diagnosis): Record<string, string> =>
  Object.fromEntries(verdicts.map(({ of, regime }) => [of, regime]));

test('strong signal in many dimensions: benign, as predicted, and averaging is where its closed form puts it', async () => {
  const found = await made([300, 800, 9], { n: 48, m: 4, runs: 8, flips: [0.1, 0.2] });
  assert.equal(regimes(found)['network'], 'benign', found.verdicts[0]!.why);
  assert.ok(found.predicted.filter(({ n }) => n === 48).every(({ side }) => side === 'holds'));
  assert.ok(
    found.measured.every(({ fitted, runs }) => fitted === runs),
    'every label is fitted',
  );
});

test('as many dimensions as points: harmful, where the nearest mean is not', async () => {
  const found = await made([600, 64, 3], { n: 64, m: 4, runs: 32 });
  assert.equal(regimes(found)['network'], 'harmful', found.verdicts[0]!.why);
  const last = found.measured.at(-1)!;
  assert.ok(last.excess['nearest mean'].interval!.high < last.excess.network.interval!.low);
});

test('the error of averaging is predicted from the moments, that of max-margin is not', async () => {
  const found = await made([400, 300, 2.5], { n: 32, m: 2, runs: 12 });
  // The interval of what is predicted against that of what is found: each holds the truth with 95 %.
  const missed = (name: 'averaging' | 'max-margin'): number =>
    found.predicted.filter(({ averaging }, at) => {
      const { interval } = found.measured[at]!.error[name];
      return interval!.high < averaging.low || interval!.low > averaging.high;
    }).length;
  assert.equal(missed('averaging'), 0);
  assert.ok(missed('max-margin') > 0, 'negative control');
});

test('without signal there is nothing to spoil; a flat set fits no noise; both are said', async () => {
  const none = await made([200, 100, 0], { n: 32, m: 2, runs: 8 });
  assert.equal(regimes(none)['network'], 'not applicable', none.verdicts[0]!.why);
  const flat = await made([200, 2, 1.5], { n: 64, m: 2, runs: 3 });
  assert.equal(regimes(flat)['network'], 'undecided');
  assert.match(flat.verdicts[0]!.why, /does not fit the noise/);
  assert.match(flat.verdicts[1]!.why, /no linear classifier fits the labels/);
});

test('rows and labels give what the command gives for a file of them, on threads too', async () => {
  const { values, labels } = mixture(100, 6, 2, 9);
  const X = Array.from({ length: 100 }, (_, i) => [...values.subarray(6 * i, 6 * i + 6)]);
  const y = Array.from(labels, (label) => ['cat', 'dog'][label]!);
  const choice = { n: 16, m: 2, runs: 3, steps: 500 };
  const [flat, nested] = await Promise.all([
    diagnose(Float64Array.from(values), y, { ...choice, title: 'set', pool: here(), store: memory() }),
    diagnose(X, y, { ...choice, title: 'set', pool: threads(2), store: memory() }),
  ]);
  const plain = (of: unknown): unknown => JSON.parse(JSON.stringify(of));
  assert.deepEqual(plain(nested), plain(flat));
  const report = await inFolder((folder) => {
    writeFileSync(join(folder, 'set.csv'), X.map((row, i) => [...row, y[i]].join()).join('\n'));
    const flags = ['--n', '16', '--m', '2', '--runs', '3', '--steps', '500', '--json', '--no-header'];
    const { stdout, stderr, code } = benign(['diagnose', 'set.csv', ...flags], folder);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  });
  for (const key of [
    'data',
    'statistics',
    'geometry',
    'predicted',
    'theorems',
    'measured',
    'verdicts',
    'runs',
  ] as const)
    assert.deepEqual(report[key], plain(flat[key]), key);
  assert.match(flat.page, /^# Diagnosis of set, cat\/dog\n/);
  assert.deepEqual(
    flat.figures.map(({ name }) => name),
    ['error-over-n', 'excess-over-p', 'spectrum'],
  );
  assert.match(await flat.figures[0]!.svg(), /^<svg/);
});

test('copies of points are told, and that equal points with opposite labels cannot be fitted', async () => {
  const { values, labels, shape, ...rest } = mixture(120, 60, 3, 7);
  const twice = <T extends number>(one: ArrayLike<T>, size: number): Float64Array =>
    Float64Array.from({ length: 2 * one.length }, (_, at) => one[Math.floor(at / (2 * size)) * size + (at % size)]!);
  const doubled = { ...rest, shape, count: 240, values: twice(values, 60), labels: twice(labels, 1) };
  const choice = { n: 64, m: 2, runs: 8, pool: here(), store: memory() };
  const [plain, copied] = [await diagnose(mixture(120, 60, 3, 7), choice), await diagnose(doubled, choice)];
  assert.deepEqual([plain.data.copies, copied.data.copies], [0, 238 - 120]);
  assert.match(copied.page, /118 of these 238 points equal another/);
  assert.doesNotMatch(plain.page, /equal another/);
  assert.ok(
    copied.measured.some(({ impossible }) => impossible > 0) && plain.measured.every((one) => one.impossible === 0),
  );
  assert.match(copied.verdicts[0]!.why, /equal points have opposite labels/);
});

test('rows and labels that do not fit together, or are no numbers', async () => {
  const options = { pool: here(), store: memory() };
  const cases: [() => Promise<Diagnosis>, RegExp][] = [
    [
      () => diagnose([[1, 2]], [0, 1], options),
      /^X and y: as many rows as labels are wanted, got 1 rows and 2 labels$/,
    ],
    [() => diagnose(Float64Array.of(1, 2, 3), [0, 1], options), /^X and y: .* got 1.5 rows/],
    [
      () => diagnose([[1, 2], [1]], [0, 1], options),
      /^X: every row must have as many numbers as the first, 2; row 1 has 1$/,
    ],
    [() => diagnose([[1], [NaN]], [0, 1], options), /^X: number 1 is NaN, must be finite$/],
    [() => diagnose([[1], [2]], [0, Infinity], options), /^y: number 1 is Infinity, must be finite$/],
    [() => diagnose([[1], [2]], [0, 1], options), /^the data has 1 points of class 0/],
    // What a program without types may say.
    [() => diagnose([[1], [2]], [0, 1], { n: 16 } as never), /^diagnose: options\.pool is missing/],
    [() => diagnose([[1], [2]] as never, [0, 1] as never), /^diagnose: options\.pool is missing/],
    [() => diagnose(undefined as never, [0, 1], options), /^diagnose: takes rows of numbers and labels/],
    [() => diagnose([[1], [2]], undefined as never, options), /^X and y: .* got 2 rows and 0 labels/],
  ];
  for (const [call, says] of cases)
    await assert.rejects(call, (error) => error instanceof UserError && says.test(error.message), String(says));
});
