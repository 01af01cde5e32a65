/** Two results held against each other: means, pairs, words; how often nothing is taken for something. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import type { Frame } from '../../src/experiments/frame.ts';
import { Results } from '../../src/experiments/results.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { compare, runsToTell } from '../../src/verification/compare.ts';
import { ROUNDING } from '../tolerances.ts';

const SPEC = {
  data: { n: 4, mu: 1, flip: 0 },
  network: { m: 1 },
  training: { maxSteps: 1 },
  test: { lines: 4, shifts: 2 },
  axes: { 'data.d': [10, 20] },
};

/** A frame of the spec whose clean test errors are these, by cell and replicate. */
function frameOf(values: readonly (readonly number[])[], change: object = {}): Frame {
  const spec = specFrom({ ...SPEC, ...change, runs: Math.max(...values.map(({ length }) => length)) }, 'test');
  const results = new Results(spec);
  results.cells.forEach((cell, at) =>
    values[at]!.forEach((testErrorClean, replicate) => {
      const record = runCell(cell, spec.seed, replicate);
      results.add({ ...record, values: { ...record.values, testErrorClean } });
    }),
  );
  return results.frame();
}

const near = (got: number, wanted: number): void =>
  assert.ok(Math.abs(got - wanted) <= ROUNDING * Math.max(1, Math.abs(wanted)), `${got} is not ${wanted}`);

test('independent means: Welch’s difference, standard error and degrees of freedom', () => {
  const a = frameOf([
    [0.1, 0.2, 0.3],
    [0.4, 0.4, 0.1],
  ]);
  const b = frameOf(
    [
      [0.5, 0.1],
      [0.2, 0.3],
    ],
    { seed: 2 },
  );
  const { cells, settings } = compare(a, b, 'testErrorClean', null)!;
  const { difference, paired, runs } = cells[0]!;
  assert.equal(paired, false);
  assert.deepEqual(runs, [3, 2]);
  near(difference!.value, 0.1);
  const [u, v] = [0.01 / 3, 0.08 / 2];
  near(difference!.se, Math.sqrt(u + v));
  near(difference!.freedom!, (u + v) ** 2 / (u ** 2 / 2 + v ** 2 / 1));
  assert.deepEqual(settings, []);
});

test('cells without a partner are counted; a parameter without effect is no difference', () => {
  const one = [[0.1, 0.2]];
  const a = frameOf(one, { axes: { 'data.d': [10] } });
  const b = frameOf([...one, ...one, ...one], { axes: { 'data.d': [20, 10, 40] }, seed: 2 });
  assert.deepEqual(compare(a, b, 'testErrorClean', null)!.alone, [0, 2]);
  assert.deepEqual(compare(b, a, 'testErrorClean', null)!.alone, [2, 0]);
  // data.adversary counts under flipLaw: adversarial alone.
  const flips = { n: 4, d: 10, mu: 1, flipLaw: 'exact', flips: 1 };
  const exact = frameOf(one, { data: flips, axes: {} });
  const adversarial = frameOf(one, { data: { ...flips, flipLaw: 'adversarial', adversary: 'aligned' }, axes: {} });
  const changed = ({ settings }: { settings: readonly { path: string }[] }): string[] =>
    settings.map(({ path }) => path);
  assert.deepEqual(changed(compare(exact, adversarial, 'testErrorClean', null)!), ['data.flipLaw', 'data.adversary']);
  assert.deepEqual(changed(compare(exact, exact, 'testErrorClean', null)!), []);
});

test('the same draws: run by run, over the runs that both have', () => {
  const common = { coupling: 'common' };
  const a = frameOf(
    [
      [0.1, 0.2, 0.3],
      [0.4, 0.4, 0.1],
    ],
    common,
  );
  const b = frameOf(
    [
      [0.2, 0.4],
      [0.4, 0.4],
    ],
    { ...common, network: { m: 2 } },
  );
  const { cells, settings, word } = compare(a, b, 'testErrorClean', null)!;
  assert.deepEqual(
    cells.map(({ paired }) => paired),
    [true, true],
  );
  near(cells[0]!.difference!.value, 0.15);
  near(cells[0]!.difference!.se, 0.05);
  assert.equal(cells[0]!.difference!.freedom, 1);
  assert.deepEqual(settings, [{ path: 'network.m', a: 1, b: 2 }]);
  assert.equal(word, 'undecided'); // two pairs tell little, and the second cell has no difference
});

test('an axis of one side alone is met at the other’s value; without a common cell there is nothing', () => {
  const a = frameOf([
    [0.1, 0.2],
    [0.3, 0.4],
  ]);
  const fixed = frameOf([[0.1, 0.3]], { data: { ...SPEC.data, d: 20 }, axes: {}, seed: 3 });
  const { cells } = compare(a, fixed, 'testErrorClean', null)!;
  assert.deepEqual(
    cells.map(({ at, a: one, b: other }) => [at, one, other]),
    [[{ 'data.d': 20 }, 1, 0]],
  );
  const elsewhere = frameOf([[0.1, 0.3]], { data: { ...SPEC.data, d: 30 }, axes: {} });
  assert.equal(compare(a, elsewhere, 'testErrorClean', null), undefined);
});

test('words: agreement needs a margin and enough runs; more noise never makes it hold', () => {
  const noisy = (sd: number, runs: number, shift: number, seed: number): Frame => {
    const stream = new Stream({ seed, cell: [1, 1], replicate: 0 }, 'test');
    const cell = (): number[] => Array.from({ length: runs }, () => 0.3 + shift + sd * stream.normal());
    return frameOf([cell(), cell()], { seed });
  };
  const words = (sd: number, shift: number, within: number | null): string =>
    compare(noisy(sd, 12, 0, 11), noisy(sd, 12, shift, 12), 'testErrorClean', within)!.word;
  assert.equal(words(0.001, 0, 0.02), 'holds');
  assert.equal(words(0.05, 0, 0.02), 'undecided');
  assert.equal(words(0.001, 0.05, 0.02), 'fails');
  assert.equal(words(0.001, 0, null), 'undecided');
  assert.equal(words(0.001, 0.05, null), 'fails');
  // fewer than two runs a side say nothing
  assert.equal(compare(frameOf([[0.1], [0.2]]), noisy(0.01, 3, 0, 12), 'testErrorClean', 0.5)!.word, 'undecided');
});

test('of pairs from one law at most 5 % are said to differ, of shifted ones the planned share', () => {
  const stream = new Stream({ seed: 5, cell: [2, 2], replicate: 0 }, 'test');
  const [sd, difference] = [0.05, 0.06];
  const runs = runsToTell(sd, difference, 0.05 / 2);
  const base = frameOf([Array<number>(runs).fill(0.3), Array<number>(runs).fill(0.3)], { seed: 6 });
  const other = frameOf([Array<number>(runs).fill(0.3), Array<number>(runs).fill(0.3)], { seed: 7 });
  const filled = (frame: Frame, shift: number): Frame => ({
    ...frame,
    runs: {
      ...frame.runs,
      values: {
        ...frame.runs.values,
        testErrorClean: frame.runs.values['testErrorClean']!.map(() => 0.3 + shift + sd * stream.normal()),
      },
    },
  });
  const TRIES = 400;
  let [wrong, seen] = [0, 0];
  for (let i = 0; i < TRIES; i++) {
    if (compare(filled(base, 0), filled(other, 0), 'testErrorClean', null)!.word === 'fails') wrong++;
    const { cells } = compare(filled(base, 0), filled(other, difference), 'testErrorClean', null)!;
    if (cells[0]!.difference!.interval.low > 0) seen++;
  }
  // Binomial: 400 tries at .05 exceed 37 with probability 1e-4; at .9 they stay below 335 with probability 1e-4.
  assert.ok(wrong <= 37, `${wrong} of ${TRIES} pairs from one law`);
  assert.ok(seen >= 335, `${seen} of ${TRIES} shifted pairs`);
});

test('runs that a precision has stopped are not judged', () => {
  const values = [0.1, 0.2, 0.15, 0.12];
  const precise = frameOf([values, values], { precision: { halfWidth: 0.3, minRuns: 2 } });
  const { word, stopped } = compare(precise, precise, 'testErrorClean', 0.5)!;
  assert.deepEqual([word, stopped], ['undecided', true]);
  const fixed = frameOf([values, values]);
  assert.equal(compare(fixed, fixed, 'testErrorClean', 0.5)!.word, 'holds');
});

test('runs that are the same on both sides agree, surely', () => {
  const a = frameOf([
    [0.1, 0.2],
    [0.3, 0.4],
  ]);
  const { word, cells } = compare(a, a, 'testErrorClean', 0.01)!;
  assert.equal(word, 'holds');
  assert.deepEqual(
    cells.map(({ paired, difference }) => [paired, difference!.value, difference!.se]),
    [
      [true, 0, 0],
      [true, 0, 0],
    ],
  );
});
