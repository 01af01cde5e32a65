/** Level sets read as published ones were, on a map whose answer is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { normalTail } from '../../src/core/special.ts';
import { cellId } from '../../src/experiments/cell.ts';
import type { RunRecord } from '../../src/experiments/record.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/table.ts';
import { agreement } from '../../src/verification/agreement.ts';
import type { Check, PublishedLevel } from '../../src/verification/check.ts';
import { firstCrossing, publishedLevels, readLevels } from '../../src/verification/published-levels.ts';
import { CHORD, COVERAGE_BOOTSTRAP } from '../tolerances.ts';

type LevelCheck = Check & { kind: 'level-sets' };

/** Test error Phi(-√n ‖μ‖²/√d): ‖μ‖* = (κ d/n)^{1/4} at every level, κ the square of the level's normal quantile. */
function map(noise: number, seed: number, runs = 4): Results {
  const spec = specFrom(
    {
      data: { n: 20 },
      network: { m: 2 },
      axes: { 'data.d': { from: 100, to: 790, step: 10 }, 'data.mu': { from: 0, to: 5, step: 0.1 } },
      runs,
    },
    'test',
  );
  const results = new Results(spec);
  const stream = new Stream({ seed, cell: [0, 0], replicate: 0 }, 'test');
  for (const cell of results.cells) {
    const { n, d, mu } = cell.data;
    for (let replicate = 0; replicate < runs; replicate++)
      results.add({
        run: `${cellId(cell)}-${replicate}`,
        seed: spec.seed,
        replicate,
        outcome: 'interpolated',
        steps: 1,
        values: { testError: normalTail(Math.sqrt(n / d) * mu * mu) + noise * stream.normal() },
      } as unknown as RunRecord);
  }
  return results;
}

const QUANTILE = 0.8416212335729143; // Phi(-0.84...) = 0.2
const at = (d: number): number => Math.sqrt(QUANTILE) * (d / 20) ** 0.25;
const truth: PublishedLevel = {
  level: 0.2,
  first: at(145),
  last: at(745),
  slope: 0.25,
  sd: { first: 0.02, last: 0.02, slope: 0.01 },
};
const GRID = {
  rowPath: 'data.d',
  columnPath: 'data.mu',
  rowIntervals: [[100, 790]],
  columnIntervals: [[0, 5]],
  values: [[0.2]],
  cellsPerBlock: 1,
  runsPerCell: 4,
  testPoints: 0,
  runSd: [[0.04]],
} as const;
const check = (level: Partial<PublishedLevel> = {}): LevelCheck => ({
  kind: 'level-sets',
  id: 'sets',
  grid: GRID,
  groups: 7,
  levels: [{ ...truth, ...level }],
  slope: { within: 0.02, because: 'a test' },
  place: { within: 0.03, because: 'a test' },
  says: 'level sets',
});

test('the first way down, on a straight line between neighbours', () => {
  assert.equal(firstCrossing([0, 1, 2, 3, 4], [0.5, 0.3, 0.1, 0.3, 0.1], 0.2), 1.5);
  assert.ok(Number.isNaN(firstCrossing([0, 1], [0.5, 0.3], 0.2)));
  assert.ok(Number.isNaN(firstCrossing([0, 1], [0.1, 0.3], 0.2)));
});

test('without noise: places and slope of the formula, to the chord between columns and the mean over rows', () => {
  const [read] = readLevels(map(0, 1), check())!;
  assert.deepEqual(
    read!.places.map(({ row }) => row),
    [145, 245, 345, 445, 545, 645, 745],
  );
  for (const { row, column } of read!.places)
    assert.ok(Math.abs(column / at(row) - 1) < CHORD, `${row}: ${column} and ${at(row)}`);
  assert.ok(Math.abs(read!.slope - 0.25) < CHORD);
});

test('standard errors by drawing maps hold the truth as often as they say, over 40 maps', () => {
  const inside = { slope: 0, first: 0 };
  for (let seed = 1; seed <= 40; seed++) {
    const [read] = readLevels(map(0.04, seed), check())!;
    if (Math.abs(read!.slope - 0.25) < 1.96 * read!.slopeSe) inside.slope++;
    if (Math.abs(read!.places[0]!.column - truth.first) < 1.96 * read!.places[0]!.se) inside.first++;
  }
  for (const count of Object.values(inside)) assert.ok(count / 40 >= COVERAGE_BOOTSTRAP, `${count} of 40`);
});

test('the right numbers agree, another slope or place does not (negative control)', () => {
  const results = map(0.04, 5);
  const { comparisons, verdict } = agreement(results, [check()], false);
  assert.deepEqual(
    comparisons.map(({ id, ok }) => [id, ok]),
    [
      ['sets/0.2 slope', true],
      ['sets/0.2 first', true],
      ['sets/0.2 last', true],
    ],
  );
  assert.equal(verdict, 'reproduced');
  const wrong = publishedLevels(results, check({ slope: 0.5, first: truth.first + 0.5, last: truth.last - 0.5 }));
  assert.deepEqual(
    wrong.map(({ ok }) => ok),
    [false, false, false],
  );
  assert.ok(
    comparisons.every(({ se, says }) => se! > 0.01 && /published ± 0\.0[12]/.test(says)),
    "the published side's own error enters",
  );
});

test('a level that is not crossed, another grid and a group without runs do not hold', () => {
  assert.ok(publishedLevels(map(0, 1), check({ level: 0.6 })).every(({ ok, ours }) => !ok && ours === null));
  assert.equal(readLevels(map(0, 1), { ...check(), grid: { ...GRID, rowPath: 'data.n' } }), null);
  assert.equal(readLevels(map(0, 1), { ...check(), groups: 8 }), null);
  assert.ok(publishedLevels(new Results(map(0, 1).spec), check()).every(({ ok }) => !ok));
});
