/** Level sets read as published ones were, on a map whose answer is known. */
import assert from 'node:assert/strict';
import type { Frame } from '../../src/experiments/frame.ts';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { log, normalTail } from '../../src/core/special.ts';
import { meanAndSe } from '../../src/core/statistics.ts';
import { ALPHA } from '../../src/core/verdict.ts';
import { cellId } from '../../src/experiments/cell.ts';
import type { RunRecord } from '../../src/experiments/record.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/results.ts';
import { agreement } from '../../src/verification/agreement.ts';
import type { Check, PublishedLevel } from '../../src/verification/check.ts';
import { firstCrossing, publishedLevels, readLevels } from '../../src/verification/published-levels.ts';
import { CHORD, PUBLISHED_SLOPE, SCATTER } from '../tolerances.ts';

type LevelCheck = Check & { kind: 'level-sets' };

const AXES = { 'data.d': { from: 100, to: 790, step: 10 }, 'data.mu': { from: 0, to: 5, step: 0.1 } };

/** Test error Phi(-√n ‖μ‖²/√d): ‖μ‖* = (κ d/n)^{1/4} at every level, κ the square of the level's normal quantile. */
function map(noise: number, seed: number, runs = 4, axes: object = AXES): Frame {
  const spec = specFrom(
    {
      data: { n: 20 },
      network: { m: 2 },
      axes,
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
  return results.frame();
}

/** `map` of another seed on the same grid, with the runs' errors alone: means are none of its columns. */
function again(laid: Frame, noise: number, seed: number): Frame {
  const stream = new Stream({ seed, cell: [0, 0], replicate: 0 }, 'test');
  const testError = new Float64Array(laid.runs.replicate.length);
  laid.cells.forEach(({ data: { n, d, mu } }, cell) => {
    for (let row = laid.runs.start[cell]!; row < laid.runs.start[cell + 1]!; row++)
      testError[row] = normalTail(Math.sqrt(n / d) * mu * mu) + noise * stream.normal();
  });
  return { ...laid, columns: {}, runs: { ...laid.runs, values: { testError } } };
}

const QUANTILE = 0.8416212335729143; // Phi(-0.84...) = 0.2
const at = (d: number): number => Math.sqrt(QUANTILE) * (d / 20) ** 0.25;
const truth: PublishedLevel = { level: 0.2, first: at(145), last: at(745), slope: 0.25 };
/** 40 runs a group and column: between neighbours the error falls by five times their noise. */
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
  columns: Array.from({ length: 51 }, (_, i) => i / 10),
  rowsInGroup: 10,
  levels: [{ ...truth, ...level }],
  slope: { within: 0.02, because: 'a test' },
  place: { within: 0.05, because: 'a test' },
  says: 'level sets',
});
/** Neither side has noise. */
const quiet: LevelCheck = { ...check(), grid: { ...GRID, runSd: [[0]] } };

test('the first way down, on a straight line between neighbours', () => {
  assert.equal(firstCrossing([0, 1, 2, 3, 4], [0.5, 0.3, 0.1, 0.3, 0.1], 0.2), 1.5);
  assert.ok(Number.isNaN(firstCrossing([0, 1], [0.5, 0.3], 0.2)));
  assert.ok(Number.isNaN(firstCrossing([0, 1], [0.1, 0.3], 0.2)));
});

test('without noise: places and slope of the formula, to the chord between columns and the mean over rows', () => {
  const [read] = readLevels(map(0, 1), quiet)!;
  assert.deepEqual(
    read!.places.map(({ row }) => row),
    [145, 245, 345, 445, 545, 645, 745],
  );
  for (const { row, column } of read!.places)
    assert.ok(Math.abs(column / at(row) - 1) < CHORD, `${row}: ${column} and ${at(row)}`);
  assert.ok(Math.abs(read!.slope.value - 0.25) < CHORD);
});

test('with fewer columns and rows the same places, by the straight scale', () => {
  const [whole] = readLevels(map(0, 1), quiet)!;
  const [coarse] = readLevels(
    map(0, 1, 1, { 'data.d': { from: 120, to: 770, step: 50 }, 'data.mu': { from: 0.2, to: 5, step: 0.4 } }),
    quiet,
  )!;
  coarse!.places.forEach(({ column }, i) =>
    assert.ok(Math.abs(column / whole!.places[i]!.column - 1) < CHORD, `${column}`),
  );
});

test('over 40 maps readings scatter about the truth as they say', () => {
  // Cells are built once: of 40 grids they would take most of the time.
  const first = map(0.04, 1);
  assert.deepEqual(again(first, 0.04, 1).runs.values['testError'], first.runs.values['testError']);
  const read = Array.from({ length: 40 }, (_, seed) => readLevels(again(first, 0.04, seed + 1), check())![0]!);
  for (const [part, expected] of [
    ['slope', 0.25],
    ['first', log(truth.first)],
  ] as const) {
    const { mean, se } = meanAndSe(read.map((one) => one[part].value));
    assert.ok(Math.abs(mean - expected) < 4 * se + CHORD, `${part}: ${mean} ± ${se}`);
    // what one says is the difference of two variances from 400 draws each; their mean is better known
    const said = meanAndSe(read.map((one) => one[part].se ** 2 - one[part].theirs ** 2)).mean;
    const ratio = (se * se * 40) / said;
    assert.ok(ratio > 1 / SCATTER && ratio < SCATTER, `${part}: variance ${ratio} times what is said`);
  }
});

test('a noisier published map crosses earlier, and ours is read as such a map (negative control)', () => {
  const noisy = readLevels(map(0, 1), { ...check(), grid: { ...GRID, runSd: [[0.4]] } })![0]!;
  const still = readLevels(map(0, 1), quiet)![0]!;
  assert.ok(noisy.last.value < still.last.value - CHORD);
});

test('the right numbers hold with enough runs, another slope or place fails (negative control)', () => {
  const results = map(0.04, 5, 60);
  const { comparisons } = agreement(results, [check()]);
  assert.deepEqual(
    comparisons.map(({ id, verdict }) => [id, verdict]),
    [
      ['sets/slope', 'undecided'],
      ['sets/first', 'holds'],
      ['sets/last', 'holds'],
    ],
    "one level: the published slope's own error is too large for the margin",
  );
  const wrong = publishedLevels(
    results,
    check({ slope: 0.5, first: truth.first + 0.5, last: truth.last - 0.5 }),
    ALPHA / 3,
  );
  assert.deepEqual(
    wrong.map(({ verdict }) => verdict),
    ['fails', 'fails', 'fails'],
  );
  assert.ok(comparisons[0]!.se! > PUBLISHED_SLOPE, "the published side's own error enters");
  assert.equal(comparisons[0]!.power.runs, null, 'and no number of our runs takes it away');
});

test('several levels are pooled, and one of them alone can refute', () => {
  const results = map(0.04, 5, 60);
  const three = (shift: number): LevelCheck => ({
    ...check(),
    grid: { ...GRID, runsPerCell: 40 },
    levels: [0.2, 0.2, 0.2].map((level, i) => ({
      ...truth,
      level,
      slope: truth.slope + (i === 0 ? shift : 0),
    })),
  });
  const [slope] = publishedLevels(results, three(0), ALPHA / 3);
  assert.equal(slope!.verdict, 'holds');
  assert.equal(slope!.details!.length, 3);
  const [off] = publishedLevels(results, three(-0.06), ALPHA / 3);
  assert.equal(off!.verdict, 'fails');
  assert.match(off!.says, /wholly beyond the margin: error 0\.2/);
});

test('a level that is not crossed, another grid and a group without runs decide nothing', () => {
  const open = (results: Frame, one: LevelCheck): void =>
    assert.ok(
      publishedLevels(results, one, ALPHA).every(({ verdict, ours }) => verdict === 'undecided' && ours === null),
    );
  open(map(0, 1), check({ level: 0.6 }));
  open(new Results(map(0, 1).spec).frame(), check());
  assert.equal(readLevels(map(0, 1), { ...check(), grid: { ...GRID, rowPath: 'data.n' } }), null);
  assert.equal(readLevels(map(0, 1), { ...check(), groups: 8 }), null);
});
