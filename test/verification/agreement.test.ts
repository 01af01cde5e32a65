/** The comparison with published numbers: the right network is not contradicted, wrong ones are. */
import assert from 'node:assert/strict';
import { inCell, overRuns, type Frame } from '../../src/experiments/frame.ts';
import { test } from 'node:test';
import { ALPHA, spentOnLook, together } from '../../src/core/verdict.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/results.ts';
import { kou2023 } from '../../src/papers/kou-2023.ts';
import { agreement, verdictsOf, type Judging } from '../../src/verification/agreement.ts';
import { compareCells } from '../../src/verification/cell-table.ts';

const [figure] = kou2023.figures;

/** The coarse grid on the variant's own network. */
function resultsOf(variantId: string, seed: number, runs: number): Frame {
  const variant = figure!.variants.find(({ id }) => id === variantId)!;
  const spec = specFrom({ ...variant.spec, axes: variant.quickAxes, runs, seed }, variantId);
  const results = new Results(spec);
  results.cells.forEach((cell) => {
    for (let replicate = 0; replicate < runs; replicate++) results.add(runCell(cell, seed, replicate));
  });
  return results.frame();
}

const checks = figure!.variants[0]!.checks;
const plotted = resultsOf('as-plotted', 1, 30);

test('as plotted: no published number is contradicted, and the blocks are shown to be the published ones', () => {
  const { comparisons, verdict, byBasis, verdicts, spent } = agreement(plotted, checks);
  assert.deepEqual(
    comparisons.filter(({ verdict: word }) => word === 'fails').map(({ id, says }) => `${id}: ${says}`),
    [],
  );
  assert.notEqual(verdict, 'fails');
  // places have a margin that was set after a look: a guard
  assert.equal(comparisons.filter(({ basis }) => basis === 'guard').length, 2);
  assert.equal(together([byBasis.test!, byBasis.guard!]), verdict);
  const word = (id: string) => comparisons.find((one) => one.id === id)!.verdict;
  assert.deepEqual(['test-error/blocks', 'train-loss'].map(word), ['holds', 'holds']);
  assert.equal(comparisons.find(({ id }) => id === 'test-error/blocks')!.details!.length, 50);
  assert.equal(comparisons.length, verdicts);
  assert.equal(
    checks.reduce((sum, check) => sum + verdictsOf(check), 0),
    verdicts,
  );
  assert.equal(spent, spentOnLook(ALPHA, 1));
});

test('more verdicts on a page, and later looks, ask for more', () => {
  const width = (judging: Judging): number => {
    const { interval } = agreement(plotted, checks, judging).comparisons[0]!;
    return interval!.high - interval!.low;
  };
  assert.ok(width({ verdicts: 200 }) > width({}));
  assert.ok(width({ look: 3 }) > width({}));
});

test('as coded and as printed fail by the same checks (negative control)', () => {
  for (const id of ['as-coded', 'as-printed']) {
    const { comparisons, verdict } = agreement(resultsOf(id, 1, 10), checks);
    assert.equal(verdict, 'fails', id);
    const failed = comparisons.filter(({ verdict: word }) => word === 'fails').map((one) => one.id);
    for (const check of ['test-error/strips', 'test-error/blocks', 'train-loss'])
      assert.ok(failed.includes(check), `${id}: ${check}`);
    assert.ok(
      failed.some((one) => one.startsWith('level-sets/')),
      id,
    );
  }
});

test('cell by cell: another seed of the same network agrees, a shifted table does not', () => {
  const other = resultsOf('as-plotted', 2, 30);
  const width = other.spec.axes[1]!.values.length;
  const means = other.cells.map(
    (_, at) => inCell(other, overRuns(other, 'testError'), at).reduce((sum, x) => sum + x, 0) / 30,
  );
  const table = other.spec.axes[0]!.values.map((_, row) => means.slice(row * width, (row + 1) * width));
  const margin = { within: 0.007, because: 'a test' };
  const words = (published: number[][]): string[] =>
    compareCells(plotted, published, margin, 0.01).comparisons.map(({ verdict }) => verdict);
  assert.deepEqual(words(table), ['holds', 'holds']);
  assert.deepEqual(words(table.map((row) => row.map((x) => x + 0.02))), ['fails', 'fails']);
  // half of the map up, half down: the mean does not see it
  assert.equal(words(table.map((row, at) => row.map((x) => x + (at < 10 ? 0.02 : -0.02))))[1], 'fails');
});
