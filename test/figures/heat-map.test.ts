import assert from 'node:assert/strict';
import { test } from 'node:test';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { JsonObject } from '../../src/figures/figure.ts';
import { numbers } from '../../src/experiments/frame.ts';
import { curve } from '../../src/figures/curve.ts';
import { heatMap, MAX_PANELS } from '../../src/figures/heat-map.ts';
import { typeset } from '../../src/figures/text.ts';
import { axisLabel } from '../../src/notation.ts';
import { drawn, exploding, framed, grid, sweep, words } from './sweeps.ts';

const caption = { name: 'map', title: 'Test error', subtitle: 'n = 10, m = 4, 3 runs a cell' };
const theory = [
  {
    label: '‖μ‖ = (κσ_p⁴d/n)^{1/4}, κ = 3.9 ± 0.1',
    points: [50, 100, 200, 400, 800].map((d) => ({ x: ((3.9 * d) / 10) ** 0.25, y: d })),
  },
];
const contours = [
  { label: 'test error 0.2 (±2 SE)', points: [100, 200, 400].map((y) => ({ x: 3 + y / 400, y, se: 0.2 })) },
];

/** Data rows of the layers of a figure with one panel. */
const rowsOf = (spec: JsonObject): JsonObject[][] =>
  (spec['layer'] as JsonObject[]).map((layer) => (layer['data'] as { values: JsonObject[] }).values);

test('a map shows axes, colour bar, theory and contour', async () => {
  const frame = sweep(grid);
  const figure = heatMap(frame, { ...caption, value: 'testError', theory, contours });
  const svg = await drawn(figure);
  const said = words(svg);
  for (const label of ['d', 'mu'] as const) assert.ok(said.includes(typeset(axisLabel(label))), axisLabel(label));
  for (const word of [
    'Test error',
    caption.subtitle,
    'test error',
    '‖μ‖ = (κσₚ⁴d/n)¹ᐟ⁴, κ = 3.9 ± 0.1',
    'test error 0.2 (±2 SE)',
  ])
    assert.ok(said.includes(word), word);
  for (const tick of ['50', '800', '1', '7', '0', '0.5']) assert.ok(said.includes(tick), tick);
  assert.match(svg, /<linearGradient/);
  assert.equal(
    svg.match(/shape-rendering="crispEdges" class="mark-rect[^>]*>(<path[^>]*>(<\/path>)?){20}<\/g>/g)?.length,
    1,
    '20 cells in one group',
  );
  const lines = [...svg.matchAll(/class="mark-line[^>]*>(?:<g[^>]*>)*<path[^>]* d="([^"]+)"[^>]*stroke="(#\w+)"/g)];
  assert.deepEqual(
    lines.map(([, path, colour]) => [path!.match(/[ML]/g)?.length, colour]),
    [
      [5, '#ffffff'],
      [5, '#111111'],
    ],
  );
});

test('cells meet halfway between neighbours, on the scale of their axis', () => {
  const frame = sweep(grid, () => true);
  const figure = heatMap(frame, { ...caption, value: 'testError' });
  const [cells, missing] = rowsOf(figure.spec);
  assert.equal(cells!.length, 0);
  assert.equal(missing!.length, 20);
  const { x, x2, y, y2 } = missing![5]! as Record<string, number>;
  assert.deepEqual([x, x2], [2, 4]);
  assert.ok(
    Math.abs(y! - 100 / Math.SQRT2) < 1e-6 && Math.abs(y2! - 100 * Math.SQRT2) < 1e-6,
    'd = 100 on a log scale',
  );
});

test('a cell whose runs diverged, or that has none, is grey and says so', async () => {
  const frame = sweep(exploding, (cell) => cell === 1);
  assert.equal(frame.columns['testError']![8], null);
  for (const more of [
    { value: 'testError' },
    { value: 'testError', threshold: 0.2 },
    { value: 'trainLoss', log: true },
  ] as const) {
    const svg = await drawn(heatMap(frame, { ...caption, ...more }));
    assert.ok(words(svg).includes('diverged') && words(svg).includes('no run'));
    assert.match(svg, /fill="#9a9a9a"/);
  }
});

test('a mean from which diverged runs are missing is marked', async () => {
  const { spec } = sweep(grid, () => true);
  const frame = framed(
    spec,
    ['d', 'mu', 'runs', 'testError', 'diverged'],
    [50, 100, 200, 400, 800].flatMap((d) => [1, 3, 5, 7].map((mu) => [d, mu, 3, 0.3, d === 800 ? 1 : 0])),
  );
  const svg = await drawn(heatMap(frame, { ...caption, value: 'testError', contours }));
  assert.ok(words(svg).includes('some runs diverged (mean of the others)'));
  assert.ok(words(svg).includes('test error 0.2 (±2 SE)'));
});

test('the thresholded map separates what lies whose 95 % interval holds its level', () => {
  const spec = specFrom({ ...grid, axes: { 'data.d': [50, 100], 'data.mu': [1, 2] } }, 'test');
  const frame = framed(
    spec,
    ['d', 'mu', 'runs', 'testError', 'testErrorSe', 'diverged'],
    [
      [50, 1, 3, 0.2, 0.01, 0],
      [50, 2, 3, 0.21, 0.01, 0],
      [100, 1, 3, 0.25, 0.01, 0], // 4.3 standard errors on 3 runs
      [100, 2, 3, 0.15, 0.01, 0],
    ],
  );
  const [cells] = rowsOf(heatMap(frame, { ...caption, value: 'testError', threshold: 0.2 }).spec);
  assert.deepEqual(
    cells!.map((row) => row['class']),
    ['up to, 95 % interval holds 0.2', 'above, 95 % interval holds 0.2', 'above 0.2', 'up to 0.2'],
  );
});

test('the colour bar says where values lie beyond it, also a loss of zero on a log scale', async () => {
  const spec = specFrom({ ...grid, axes: { 'data.d': [50, 100], 'data.mu': [1, 2] } }, 'test');
  const frame = framed(
    spec,
    ['d', 'mu', 'runs', 'testError', 'trainLoss', 'diverged'],
    [
      [50, 1, 3, 0.6, 0, 0],
      [50, 2, 3, 0.5, 1e-4, 0],
      [100, 1, 3, 0.4, 0.01, 0],
      [100, 2, 3, 0.3, 0.1, 0],
    ],
  );
  assert.ok(words(await drawn(heatMap(frame, { ...caption, value: 'testError' }))).includes('≥ 0.5'));
  const log = words(await drawn(heatMap(frame, { ...caption, value: 'trainLoss', log: true })));
  assert.ok(log.includes('≤ 10⁻⁴') || log.includes('≤ 0.0001'), log.join(' | '));
});

test('further axes become panels with one legend; a curve may belong to some of them', async () => {
  const frame = sweep(
    {
      ...grid,
      axes: { 'data.d': [50, 100], 'data.mu': [1, 3], 'data.n': [6, 10], 'network.bias': [true, false] },
      data: { flip: 0.1 },
    },
    (cell) => cell === 3,
  );
  const figure = heatMap(frame, {
    ...caption,
    value: 'testError',
    theory: [6, 10].map((n) => ({ ...theory[0]!, label: `n = ${n}`, where: { n } })),
  });
  const panels = figure.spec['concat'] as JsonObject[];
  assert.equal(panels.length, 4);
  assert.deepEqual(
    panels.map(({ title }) => (title as JsonObject)['text']),
    ['n = 6, bias = true', 'n = 6, bias = false', 'n = 10, bias = true', 'n = 10, bias = false'],
  );
  const said = words(await drawn(figure));
  for (const word of ['test error', 'no run', 'n = 6', 'n = 10'])
    assert.equal(said.filter((one) => one === word).length, 1, word);
});

test('an axis with one value is said in words', () => {
  const frame = sweep(
    { ...grid, axes: { 'data.n': [10], 'data.d': [50, 100], 'data.mu': [1, 3] }, data: { flip: 0 } },
    () => true,
  );
  const { spec: drawing } = heatMap(frame, { ...caption, value: 'testError' });
  assert.deepEqual((drawing['title'] as JsonObject)['subtitle'], [`n = 10, ${caption.subtitle}`]);
});

test('what cannot be drawn is refused', () => {
  const frame = sweep({ ...grid, axes: { 'data.mu': [1, 3] }, data: { n: 10, d: 50 } }, () => true);
  assert.throws(
    () => heatMap(frame, { ...caption, value: 'testError' }),
    /a heat map needs two numeric axes of two values or more, the spec has 1/,
  );
  const many = sweep(
    {
      ...grid,
      axes: {
        'data.d': [50, 100],
        'data.mu': [1, 3],
        'data.n': Array.from({ length: MAX_PANELS + 1 }, (_, i) => i + 4),
      },
      data: {},
    },
    () => true,
  );
  assert.throws(
    () => heatMap(many, { ...caption, value: 'testError' }),
    /at most 12 panels, the axes beyond the first two give 13/,
  );
  assert.throws(() => heatMap(many, { ...caption, value: 'kappa' }), /no column kappa/);
});

test('a grid of 100 x 100 cells stays light', async () => {
  const spec = specFrom(
    { ...grid, axes: { 'data.d': { from: 100, to: 1090, step: 10 }, 'data.mu': { from: 0, to: 9.9, step: 0.1 } } },
    'test',
  );
  const [rows, columns] = spec.axes.map(({ values }) => values as number[]) as [number[], number[]];
  const frame = framed(
    spec,
    ['d', 'mu', 'runs', 'testError', 'testErrorSe', 'diverged'],
    rows.flatMap((d) => columns.map((mu) => [d, mu, 10, 0.1 + 0.4 * Math.exp((-mu * mu) / Math.sqrt(d)), 0.01, 0])),
  );
  const start = performance.now();
  const svg = await drawn(heatMap(frame, { ...caption, value: 'testError', theory }));
  assert.ok(performance.now() - start < 5000);
  assert.ok(svg.length < 3e6, `${svg.length} characters`);
});

test('cells that the scale leaves no room for are named; of an even grid none is', async () => {
  const axes = { 'training.eta': [0.1, 1, 1e308], 'data.mu': [1, 3] };
  const frame = sweep({ ...grid, data: { n: 10, d: 50 }, axes, runs: 1 }, () => true);
  const options = { name: 'map', title: 'Map', value: 'testError' } as const;
  const said = words(await drawn(heatMap(frame, options))).join(' ');
  assert.match(said, /cells too narrow to be seen: η = 0.1$|cells too narrow to be seen: η = 0.1 /);
  const even = sweep(grid, () => true);
  assert.doesNotMatch(words(await drawn(heatMap(even, options))).join(' '), /narrow/);
});

test('a column of whatever origin is drawn under its own name, over a frame that crossed a border', async () => {
  const frame = structuredClone(sweep(grid));
  const spread = numbers(frame, 'testErrorSe').map((se) => se && se * Math.sqrt(3));
  const more = { ...frame, columns: { ...frame.columns, 'mine/spread': spread } };
  const figure = heatMap(more, { ...caption, value: 'mine/spread' });
  assert.ok(words(await drawn(figure)).includes('mine/spread'));
  assert.equal(rowsOf(figure.spec)[0]!.length, spread.length);
  const along = sweep({ ...grid, data: { n: 10, d: 100 }, axes: { 'data.mu': [1, 3] } });
  const line = curve(
    { ...along, columns: { ...along.columns, 'mine/spread': [0.1, 0.2] } },
    { ...caption, value: 'mine/spread' },
  );
  assert.ok(words(await drawn(line)).includes('mine/spread'));
});
