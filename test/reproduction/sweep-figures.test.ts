import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { SpecInput } from '../../src/experiments/spec.ts';
import { numbers, Results } from '../../src/experiments/table.ts';
import type { Figure, JsonObject } from '../../src/figures/figure.ts';
import { sweepFigures } from '../../src/reproduction/sweep-figures.ts';
import { drawn, words } from '../figures/sweeps.ts';

const SMALL: SpecInput = { data: { n: 6, d: 50, flip: 0.1 }, network: { m: 2 }, training: { maxSteps: 5 }, test: { lines: 2, shifts: 2 } };

function figuresOf(input: SpecInput): { figures: Figure[]; results: Results } {
  const spec = specFrom({ ...SMALL, ...input }, 'test');
  const results = new Results(spec);
  for (const cell of results.cells) for (let replicate = 0; replicate < spec.runs; replicate++) results.add(runCell(cell, spec.seed, replicate, spec.record));
  return { figures: sweepFigures(results, results.table(), { title: 'sweep' }), results };
}

test('quantiles over runs beside the mean, for ten runs and more', async () => {
  const one = { 'data.mu': [1, 2, 4] };
  const { figures, results } = figuresOf({ axes: one, runs: 10 });
  const figure = figures.find(({ name }) => name === 'test-error-clean-quantiles')!;
  const lines = ((figure.spec['layer'] as JsonObject[])[1]!['data'] as { values: { series: string; y: number }[] }).values;
  const medians = numbers(results.table(), 'testErrorCleanMedian').map((y) => Number(y!.toPrecision(6)));
  assert.deepEqual(lines.filter(({ series }) => series.startsWith('median')).map(({ y }) => y), medians);
  const said = words(await drawn(figure));
  for (const word of ['mean over runs (± 2 SE)', '0.9-quantile over runs', 'median over runs']) assert.ok(said.includes(word), word);
  assert.ok(!figuresOf({ axes: one, runs: 9 }).figures.some(({ name }) => name.includes('quantile')));
});

test('maps of the median and the 0.9-quantile', async () => {
  const axes = { 'data.d': [50, 100], 'data.mu': [1, 2] };
  const { figures } = figuresOf({ axes, runs: 10 });
  const names = figures.map(({ name }) => name);
  assert.deepEqual(names, ['test-error', 'test-error-se', 'test-error-clean-median', 'test-error-clean-q90', 'train-loss']);
  assert.ok(words(await drawn(figures[3]!)).includes('0.9-quantile of clean test error'));
  assert.equal(figuresOf({ axes, runs: 2 }).figures.length, 3);
});
