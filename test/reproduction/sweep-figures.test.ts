import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { SpecInput } from '../../src/experiments/spec.ts';
import { numbers } from '../../src/experiments/frame.ts';
import { Results } from '../../src/experiments/results.ts';
import type { Figure, JsonObject } from '../../src/figures/figure.ts';
import { sweepFigures } from '../../src/reproduction/sweep-figures.ts';
import { PAPERS } from '../../src/papers/index.ts';
import { maxMarginLimit } from '../../src/theory/max-margin-limit.ts';
import { DRAWN_DIGITS } from '../tolerances.ts';
import { drawn, words } from '../figures/sweeps.ts';

const SMALL: SpecInput = {
  data: { n: 6, d: 50, flip: 0.1 },
  network: { m: 2 },
  training: { maxSteps: 5 },
  test: { lines: 2, shifts: 2 },
};

function figuresOf(input: SpecInput): { figures: Figure[]; results: Results } {
  const spec = specFrom({ ...SMALL, ...input }, 'test');
  const results = new Results(spec);
  for (const cell of results.cells)
    for (let replicate = 0; replicate < spec.runs; replicate++)
      results.add(runCell(cell, spec.seed, replicate, spec.record));
  return { figures: sweepFigures(results.frame(), { title: 'sweep' }), results };
}

test('quantiles over runs beside the mean, for ten runs and more', async () => {
  const one = { 'data.mu': [1, 2, 4] };
  const { figures, results } = figuresOf({ axes: one, runs: 10 });
  const figure = figures.find(({ name }) => name === 'test-error-clean-quantiles')!;
  const lines = ((figure.spec['layer'] as JsonObject[])[1]!['data'] as { values: { series: string; y: number }[] })
    .values;
  const medians = numbers(results.frame(), 'testErrorCleanMedian').map((y) => Number(y!.toPrecision(6)));
  assert.deepEqual(
    lines.filter(({ series }) => series.startsWith('median')).map(({ y }) => y),
    medians,
  );
  const said = words(await drawn(figure));
  for (const word of ['mean over runs (95 % interval)', '0.9-quantile over runs', 'median over runs'])
    assert.ok(said.includes(word), word);
  assert.ok(!figuresOf({ axes: one, runs: 9 }).figures.some(({ name }) => name.includes('quantile')));
});

test('maps of the median and the 0.9-quantile', async () => {
  const axes = { 'data.d': [50, 100], 'data.mu': [1, 2] };
  const { figures } = figuresOf({ axes, runs: 10 });
  const names = figures.map(({ name }) => name);
  assert.deepEqual(names, [
    'test-error',
    'test-error-se',
    'test-error-clean-median',
    'test-error-clean-q90',
    'train-loss',
  ]);
  assert.ok(words(await drawn(figures[3]!)).includes('0.9-quantile of clean test error'));
  assert.equal(figuresOf({ axes, runs: 2 }).figures.length, 3);
});

test('baselines beside the network, with the closed forms that are about the spec', async () => {
  const values = ['maxMarginError', 'averagingError', 'bayesError'];
  const karhadkar = {
    data: { model: 'unit-norm-mixture', n: 12, d: 60, flipLaw: 'exact', flips: 1 },
    network: { m: 2, activation: 'leaky-relu', outputScale: '1' },
    axes: { 'data.share': [0.1, 0.3, 0.6] },
    record: { values },
    runs: 3,
  };
  const { figures, results } = figuresOf(karhadkar);
  const figure = figures.find(({ name }) => name === 'baselines')!;
  const said = words(await drawn(figure));
  for (const word of [
    'the network (mean, 95 % interval)',
    'max-margin',
    'averaging',
    'max-margin as n, d → ∞ at fixed d/n, γn: Φ(−r), Gaussian min-max',
  ])
    assert.ok(
      said.some((one) => one === word),
      `${word} in ${said.join('; ')}`,
    );
  const drawnLines = (
    (figure.spec['layer'] as JsonObject[])[1]!['data'] as { values: { series: string; x: number; y: number }[] }
  ).values;
  const limit = drawnLines.filter(({ series }) => series.includes('∞'));
  limit.forEach(({ x, y }) =>
    assert.equal(
      y,
      Number(maxMarginLimit({ aspect: 5, strength: 12 * x, flip: 1 / 12, share: x })!.error.toPrecision(6)),
    ),
  );
  assert.equal(limit.length, 3);
  assert.deepEqual(
    drawnLines.filter(({ series }) => series === 'averaging').map(({ y }) => y),
    numbers(results.frame(), 'averagingError')
      .filter((y) => y! >= 1e-16)
      .map((y) => Number(y!.toPrecision(6))),
  );
  assert.ok(
    !figuresOf({ ...karhadkar, record: { values: ['weightNorm'] } }).figures.some(({ name }) => name === 'baselines'),
    'no baseline named',
  );
  const twoPatches = figuresOf({
    axes: { 'data.mu': [1, 2, 4] },
    record: { values: ['maxMarginError'] },
    runs: 2,
  }).figures.find(({ name }) => name === 'baselines')!;
  assert.ok(!words(await drawn(twoPatches)).some((word) => word.includes('∞')), 'another model has no such limit');
});

test('under the title: what is fixed, an axis of one value too, and the runs that are there; the spec inside', async () => {
  const spec = specFrom(
    {
      name: 'leaky',
      data: { n: 6, flip: 0.1 },
      network: { m: 2, activation: 'leaky-relu', leak: 0.3, bias: true },
      training: { loss: 'hinge', eta: 0.5, maxSteps: 5 },
      test: { lines: 2, shifts: 2 },
      axes: { 'data.d': [50], 'data.mu': [1, 2] },
      runs: 9,
    },
    'test',
  );
  const results = new Results(spec);
  for (const [at, cell] of results.cells.entries())
    for (let replicate = 0; replicate < 2 + at; replicate++)
      results.add(runCell(cell, spec.seed, replicate, spec.record));
  const figures = sweepFigures(results.frame(), { title: spec.name });
  const said = words(await drawn(figures[0]!)).join(' ');
  for (const word of [
    'n = 6',
    'd = 50',
    'p = 0.1',
    'σ = leaky-relu',
    'α = 0.3',
    'bias = true',
    'ℓ = hinge',
    'η = 0.5',
    'T = 5 steps',
    '2 to 3 of 9 runs a cell',
  ])
    assert.ok(said.includes(word), `${word} in ${said}`);
  for (const { spec: drawing } of figures) {
    const { spec: text } = drawing['usermeta'] as { spec: string };
    assert.deepEqual(specFrom(parse(text) as SpecInput, 'again'), spec);
  }
});

test('a map of a reconstructed law carries its curve, upside down where the axis is', () => {
  const [perPatch, shared] = ['per-patch', 'shared'].map((id) => {
    const paper = PAPERS.find((one) => one.id === 'shang-2024')!;
    const map = paper.figures.find((one) => one.id === 'heat-map')!;
    const variant = map.variants.find((one) => one.id === id)!;
    const spec = specFrom({ ...variant.spec, axes: variant.quickAxes, runs: 1 } as SpecInput, 'test');
    const results = new Results(spec);
    return sweepFigures(results.frame(), { title: 'map', shows: map.shows! })[0]!;
  }) as [Figure, Figure];
  const lines = ({ spec }: Figure): { x: number; y: number; theory: string }[][] =>
    (spec['layer'] as JsonObject[])
      .filter(({ mark }) => (mark as JsonObject)['type'] === 'line')
      .map(({ data }) => (data as { values: [] }).values);
  const [curve] = lines(perPatch);
  assert.match(curve![0]!.theory, /reconstructed/);
  // Above v* the law is S = n ‖μ‖⁴/(σ_p⁴ d) = 6.5, with n = 20 and d = 1000.
  const flat = curve!.filter(({ x }) => x > 1);
  assert.ok(flat.length > 10);
  for (const { y } of flat) assert.ok(Math.abs((20 * y ** -4) / 1000 / 6.5 - 1) < DRAWN_DIGITS, String(y));
  assert.deepEqual(lines(shared), [], 'the law is not about the ablation');
});

test('a baseline that is 0 in every cell is named in the legend, and its values are counted', async () => {
  const { figures } = figuresOf({
    axes: { 'data.mu': [2, 100] },
    record: { values: ['averagingError', 'bayesError'] },
    runs: 2,
  });
  const said = words(await drawn(figures.find(({ name }) => name === 'baselines')!));
  assert.ok(said.includes('Bayes error (0 or below 10⁻¹⁶ everywhere: not drawn)'), said.join(' | '));
});
