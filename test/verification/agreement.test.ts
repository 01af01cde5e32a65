/** The comparison with published numbers: accepts the right network, rejects the wrong ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/table.ts';
import { kou2023 } from '../../src/papers/kou-2023.ts';
import { agreement, compareCells } from '../../src/verification/agreement.ts';

const [figure] = kou2023.figures;

/** One run for every other cell of the coarse grid, on the variant's own network. */
function resultsOf(variantId: string, seed: number, runs: number): Results {
  const variant = figure!.variants.find(({ id }) => id === variantId)!;
  const spec = specFrom({ ...variant.spec, axes: variant.quickAxes, runs, seed }, variantId);
  const results = new Results(spec);
  results.cells.forEach((cell) => {
    for (let replicate = 0; replicate < runs; replicate++) results.add(runCell(cell, seed, replicate));
  });
  return results;
}

const checks = figure!.variants[0]!.checks;
const plotted = resultsOf('as-plotted', 1, 4);

test('as plotted agrees with the published blocks', () => {
  const { comparisons, verdict } = agreement(plotted, checks, true);
  assert.deepEqual(
    comparisons.filter(({ ok }) => !ok).map(({ id, says }) => `${id}: ${says}`),
    [],
  );
  assert.equal(verdict, 'agrees in shape');
  assert.equal(comparisons.filter(({ id }) => id.startsWith('test-error/d')).length, 50);
});

test('as coded and as printed are rejected by the same checks (negative control)', () => {
  for (const id of ['as-coded', 'as-printed']) {
    const { comparisons, verdict } = agreement(resultsOf(id, 1, 2), checks, true);
    assert.equal(verdict, 'not reproduced', id);
    assert.equal(comparisons.find((one) => one.id === 'test-error/chi-square')!.ok, false, id);
    assert.equal(comparisons.find((one) => one.id === 'train-loss/median-ratio')!.ok, false, id);
    assert.ok(
      comparisons.some((one) => one.id.startsWith('level-sets/') && !one.ok),
      id,
    );
  }
});

test('cell by cell: another seed of the same network agrees, a shifted table does not', () => {
  const other = resultsOf('as-plotted', 2, 4);
  const width = other.spec.axes[1]!.values.length;
  const means = other.cells.map((_, at) => other.over(at, 'testError').reduce((sum, x) => sum + x, 0) / 4);
  const table = other.spec.axes[0]!.values.map((_, row) => means.slice(row * width, (row + 1) * width));
  const same = compareCells(plotted, table, { z: 4.5, p: 0.001 });
  assert.deepEqual(
    same.comparisons.filter(({ ok }) => !ok),
    [],
  );
  assert.ok(same.rms > 0.005 && same.rms < 0.05);
  const shifted = compareCells(
    plotted,
    table.map((row) => row.map((x) => x + 0.01)),
    { z: 4.5, p: 0.001 },
  );
  assert.equal(shifted.comparisons[0]!.ok, false);
});
