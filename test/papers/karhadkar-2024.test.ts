/** The Karhadkar presets: what their variants promise, on small grids. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { Results } from '../../src/experiments/results.ts';
import { karhadkar2024 } from '../../src/papers/karhadkar-2024.ts';
import { reproduction } from '../../src/reproduction/reproduce.ts';

function reproduced(
  figureId: string,
  variantId: string,
  axes: Readonly<Record<string, unknown>>,
  runs: number,
  changes: object = {},
) {
  const figure = karhadkar2024.figures.find(({ id }) => id === figureId)!;
  const variant = figure.variants.find(({ id }) => id === variantId)!;
  const spec = specFrom({ ...variant.spec, ...changes, axes, runs }, variantId);
  const results = new Results(spec);
  for (const cell of cells(spec))
    for (let replicate = 0; replicate < runs; replicate++)
      results.add(runCell(cell, spec.seed, replicate, spec.record));
  const { comparisons, figures } = reproduction(figure, variant, results.frame());
  return { failed: comparisons.filter(({ verdict }) => verdict === 'fails').map(({ id }) => id), comparisons, figures };
}

test('theorem 3.1: every run as printed is inside Assumption 1, ends with zero loss and keeps the two bounds', () => {
  const { failed, comparisons, figures } = reproduced(
    'theorem-3.1',
    'as-printed',
    { 'network.leak': [0.1, 0.5], 'data.n': [30], 'data.d': [1, 2] },
    3,
  );
  assert.deepEqual(failed, []);
  assert.match(comparisons.find(({ id }) => id === 'bounds')!.says, /12 of 12 runs meet the conditions/);
  assert.equal(figures.length, 5);
});

test("the code's initial weights are outside Assumption 1: no run can speak for the theorem (negative control)", () => {
  const figure = karhadkar2024.figures.find(({ id }) => id === 'theorem-3.1')!;
  const { network } = figure.variants[0]!.spec as { network: object };
  const { comparisons } = reproduced(
    'theorem-3.1',
    'as-printed',
    { 'network.leak': [0.1, 0.11], 'data.n': [30], 'data.d': [1, 2] },
    1,
    { network: { ...network, sigma0: 1 / 64 } },
  );
  const word = (wanted: string) => comparisons.find(({ id }) => id === wanted)!.verdict;
  assert.deepEqual([word('bounds'), word('inside')], ['not-applicable', 'fails']);
});

test('the heat map: the published columns do not tell the code after its fix from the one before it', () => {
  const { failed, comparisons, figures } = reproduced(
    'heat-map',
    'as-plotted',
    { 'data.n': [50, 70], 'data.d': [1, 2, 8] },
    5,
  );
  assert.deepEqual(failed, []);
  const columns = comparisons.filter(({ published }) => published !== null);
  assert.deepEqual(
    columns.map(({ id, verdict, power }) => [id, verdict, power.tells]),
    ['column/d/n=1', 'column/d/n=2', 'columns'].map((id) => [id, 'undecided', { 'as-coded': false }]),
  );
  assert.deepEqual(
    figures.map(({ name }) => name),
    ['test-error-clean', 'steps'],
  );
});

test('the code before its fix and after it, and the text, are different experiments', () => {
  const [figure] = karhadkar2024.figures;
  const [plotted, coded, printed] = figure!.variants.map(({ spec, id }) => [...cells(specFrom(spec, id))][0]!);
  assert.deepEqual(
    [plotted, coded, printed].map((cell) => cell!.network.outputSigns),
    ['negative', 'half', 'half'],
  );
  assert.deepEqual(
    [plotted, coded, printed].map((cell) => cell!.training.stop),
    ['zero-error', 'zero-error', 'zero-loss'],
  );
  assert.deepEqual(
    [plotted, coded, printed].map((cell) => [cell!.data.flipLaw, cell!.data.flip, cell!.data.flips]),
    [
      ['probability', 0.1, 0],
      ['probability', 0.1, 0],
      ['exact', 0, 5],
    ],
  );
});
