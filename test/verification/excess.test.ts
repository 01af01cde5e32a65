/** Benign or harmful: words that are right whatever the law of the draws, and what they cost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { meanAndSe } from '../../src/core/statistics.ts';
import { reach, shareInterval } from '../../src/core/verdict.ts';
import { buildCell, type Value } from '../../src/experiments/cell.ts';
import { excessOfOneDraw, excessOverDraws } from '../../src/verification/excess.ts';
import { DATA_SET } from '../helpers/data-set.ts';
import { BY_TABLE, ONE_SIDED_RATE } from '../tolerances.ts';

const cellOf = (more: Record<string, Value> = {}) =>
  buildCell(
    new Map(Object.entries({ 'data.n': 4, 'data.d': 100, 'data.mu': 2, 'data.flip': 0.1, 'network.m': 4, ...more })),
  );
const cell = cellOf();
const SAMPLES = 400;

/** Words of many samples of so many draws. */
function words(law: (u: number) => number, runs: number): { benign: number; harmful: number; byT: number } {
  const stream = new Stream({ seed: 15, cell: [runs, 0], replicate: 0 }, 'test');
  let [benign, harmful, byT] = [0, 0, 0];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const excesses = Array.from({ length: runs }, () => law(stream.uniform()));
    const { word } = excessOverDraws(cell, excesses);
    if (word === 'holds') benign++;
    if (word === 'fails') harmful++;
    const { mean, se } = meanAndSe(excesses);
    if (mean + reach(0.05, runs - 1) * se <= 0.1) byT++;
  }
  return { benign: benign / SAMPLES, harmful: harmful / SAMPLES, byT: byT / SAMPLES };
}

test('a mean above the limit that comes from rare draws is not called benign, as Student t would', () => {
  const rare = (u: number): number => (u < 0.3 ? 0.4 : 0.001); // mean 0.1207
  for (const runs of [2, 3, 5]) {
    const { benign, byT } = words(rare, runs);
    assert.equal(benign, 0, `${runs} runs`);
    assert.ok(byT > 0.1, `the negative control: t says benign of ${byT}`);
  }
  assert.ok(words(rare, 40).benign <= ONE_SIDED_RATE);
  const below = (u: number): number => (u < 0.2 ? 0.4 : 0.001); // mean 0.0808
  assert.ok(words(below, 40).harmful <= ONE_SIDED_RATE);
});

test('clear cases get their word, with as many runs as are named', () => {
  assert.equal(words((u) => 0.002 * u, 40).benign, 1);
  assert.equal(words((u) => 0.2 + 0.2 * u, 20).harmful, 1);
  const few = excessOverDraws(cell, [0.001, 0.002, 0.001]);
  assert.deepEqual([few.word, few.of], ['undecided', 'mean over draws']);
  const enough = (runs: number) =>
    excessOverDraws(
      cell,
      Array.from({ length: runs }, (_, i) => (i % 3 === 1 ? 0.002 : 0.001)),
    );
  assert.equal(enough(few.needed!).word, 'holds');
  assert.equal(enough(Math.floor(few.needed! / 1.2)).word, 'undecided');
  // (1.9612 + 1.28155) .06/√1999: draws of 0 and .12, mean .06
  const spread = excessOverDraws(
    cell,
    Array.from({ length: 2000 }, (_, i) => (i % 2 ? 0.12 : 0)),
  );
  assert.deepEqual([spread.word, spread.power.deviation.toFixed(5)], ['holds', '0.00435']);
});

test('more runs look again at the same sequence: the interval only shrinks onto the mean', () => {
  const excesses = Array.from({ length: 60 }, (_, i) => (i % 2 ? 0.15 : 0.01));
  for (const runs of [10, 20, 40, 60]) {
    const { interval } = excessOverDraws(cell, excesses.slice(0, runs));
    assert.ok(interval.low < 0.08 && interval.high > 0.08);
  }
});

test('one draw speaks of itself: t of the shifts for lines, Clopper and Pearson for points', () => {
  const of = (clean: number, se: number) => ({
    testError: 0.1 + 0.8 * clean,
    testErrorSe: 0.8 * se,
    testErrorClean: clean,
    testErrorCleanSe: se,
  });
  const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < BY_TABLE, `${a} is not ${b}`);
  const lines = excessOfOneDraw(cellOf({ 'test.shifts': 3 }), of(0.05, 0.01));
  assert.deepEqual([lines.of, lines.word], ['this draw', 'holds']);
  near(lines.excess, 0.04);
  near(lines.interval.high, 0.8 * (0.05 + 4.3027 * 0.01)); // t of 2 degrees of freedom
  const auto = excessOfOneDraw(cellOf({ 'test.estimator': 'auto' }), of(0.05, 0.01));
  near(auto.interval.high, 0.8 * (0.05 + 2.0395 * 0.01)); // of 31
  const none = excessOfOneDraw(cellOf({ 'test.estimator': 'points', 'test.points': 20 }), of(0, 0));
  assert.equal(none.word, 'undecided', 'no hit in 20 points');
  near(none.interval.high, 0.8 * shareInterval(0, 20, 0.05).high);
  const given = buildCell(
    new Map<string, Value>(Object.entries({ ...DATA_SET, 'data.n': 4, 'data.flip': 0.1, 'network.m': 4 })),
  );
  const counted = excessOfOneDraw(given, of(0, 0));
  assert.equal(counted.word, 'undecided', 'no hit in the 10 held-out points, whatever test.estimator says');
  near(counted.interval.high, 0.8 * shareInterval(0, 10, 0.05).high);
  assert.equal(excessOfOneDraw(cell, of(0.4, 0.01)).word, 'fails');
  // f = 0 everywhere: wrong for either label, so the error against observed labels is 1 and the excess .9
  const ties = excessOfOneDraw(cell, { testError: 1, testErrorSe: 0, testErrorClean: 1, testErrorCleanSe: 0 });
  assert.deepEqual([ties.word, ties.excess], ['fails', 0.9]);
});
