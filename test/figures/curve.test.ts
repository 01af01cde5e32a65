import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Figure, JsonObject } from '../../src/figures/figure.ts';
import { curve } from '../../src/figures/curve.ts';
import { drawn, exploding, framed, grid, sweep, words } from './sweeps.ts';

/** Points of the first band. */
const bandOf = ({ spec }: Figure): { mean: number; low: number; high: number }[] => {
  const band = (spec['layer'] as JsonObject[]).find(({ mark }) => (mark as JsonObject)['type'] === 'area')!;
  return (band['data'] as { values: { mean: number; low: number; high: number }[] }).values;
};

const caption = { name: 'curve', title: 'Test error along the signal' };

/** Student's t at 0.975 with 2 degrees of freedom: published tables have 4.303. */
const T2 = 4.302652729911275;

test('a band of 95 % around the means: Student with the runs, within [0, 1] for an error', async () => {
  const frame = sweep({ ...grid, data: { n: 10, d: 100, flip: 0.1 }, axes: { 'data.mu': [1, 3, 5, 7] } });
  const figure = curve(frame, { ...caption, value: 'testError' });
  const [first] = bandOf(figure);
  const [mean, se] = ['testError', 'testErrorSe'].map((column) => frame.columns[column]![0] as number) as [
    number,
    number,
  ];
  assert.ok(
    Math.abs(first!.mean - mean) < 1e-6 &&
      Math.abs(first!.high - Math.min(1, mean + T2 * se)) < 1e-6 &&
      Math.abs(first!.low - Math.max(0, mean - T2 * se)) < 1e-6,
  );
  const said = words(await drawn(figure));
  for (const word of ['test error (mean, 95 % interval)', '‖μ‖, norm of the signal'])
    assert.ok(said.includes(word), word);
});

test('with a precision the band is its interval', async () => {
  const frame = sweep({
    ...grid,
    data: { n: 10, d: 100, flip: 0.1 },
    axes: { 'data.mu': [1, 3] },
    runs: 20,
    precision: { halfWidth: 0.2, confidence: 0.9 },
  });
  const figure = curve(frame, { ...caption, value: 'testError' });
  const [first] = bandOf(figure);
  const [low, high] = ['testErrorLow', 'testErrorHigh'].map((column) => frame.columns[column]![0] as number) as [
    number,
    number,
  ];
  assert.ok(high - low > 0.05 && Math.abs(first!.low - low) < 1e-6 && Math.abs(first!.high - high) < 1e-6);
  assert.ok(words(await drawn(figure)).includes('test error (mean, 90 % interval at all looks)'));
  assert.ok(
    words(await drawn(curve(frame, { ...caption, value: 'trainLoss' }))).includes(
      'training loss (mean, 95 % interval)',
    ),
  );
});

test('no error bar is claimed where there is none', async () => {
  const frame = sweep({ ...grid, runs: 1, data: { n: 10, d: 100 }, axes: { 'data.mu': [1, 3] } });
  assert.ok(words(await drawn(curve(frame, { ...caption, value: 'testError' }))).includes('test error'));
});

test('lines for the other axes; diverged and missing means are signs, not points', async () => {
  const frame = sweep(
    { ...exploding, axes: { 'training.eta': [1e-3, 1e-2, 1e6], 'data.mu': [1, 3] } },
    (cell) => cell === 1,
  );
  for (const value of ['testError', 'trainLoss'] as const) {
    const said = words(await drawn(curve(frame, { ...caption, value, log: value === 'trainLoss' })));
    for (const word of ['‖μ‖ = 1', '‖μ‖ = 3', 'diverged', 'no run']) assert.ok(said.includes(word), word);
  }
});

test('a log scale leaves out what has no logarithm', async () => {
  const { spec } = sweep({ ...grid, data: { n: 10, d: 100 }, axes: { 'data.mu': [1, 3] } }, () => true);
  const frame = framed(
    spec,
    ['mu', 'runs', 'trainLoss', 'trainLossSe', 'diverged'],
    [
      [1, 3, 0, 0, 0],
      [3, 3, 0.01, 0.02, 0],
    ],
  );
  await drawn(curve(frame, { ...caption, value: 'trainLoss', log: true }));
  await drawn(
    curve(
      { ...frame, columns: { ...frame.columns, trainLoss: [0, 0], trainLossSe: [0, 0] } },
      { ...caption, value: 'trainLoss', log: true },
    ),
  );
});

test('what cannot be drawn is refused', () => {
  const choice = sweep(
    { ...grid, data: { n: 10, d: 100, mu: 3 }, axes: { 'network.bias': [true, false] } },
    () => true,
  );
  assert.throws(
    () => curve(choice, { ...caption, value: 'testError' }),
    /a curve needs a numeric axis of two values or more/,
  );
  const many = sweep(
    { ...grid, data: { n: 10 }, axes: { 'data.mu': [1, 3], 'data.d': [50, 51, 52, 53, 54, 55, 56, 57] } },
    () => true,
  );
  assert.throws(
    () => curve(many, { ...caption, value: 'testError' }),
    /at most 7 lines, the axes beyond the first give 8/,
  );
});

test('the floor p is drawn dashed and named, level or along p itself; none at p = 0', async () => {
  const marks = ({ spec }: Figure): { x: number; floor: number }[][] =>
    (spec['layer'] as JsonObject[])
      .filter(({ mark }) => (mark as JsonObject)['type'] === 'line' && 'strokeDash' in (mark as JsonObject))
      .map(({ data }) => (data as { values: { x: number; floor: number }[] }).values);
  const level = sweep({ ...grid, data: { n: 10, d: 100, flip: 0.1 }, axes: { 'data.mu': [1, 3] } }, () => true);
  const one = curve(level, { ...caption, value: 'testError', floor: [0.1, 0.1] });
  assert.deepEqual(
    marks(one).map((points) => points.map(({ floor }) => floor)),
    [[0.1, 0.1]],
  );
  assert.equal(words(await drawn(one)).filter((word) => word === 'p').length, 1);
  const along = sweep({ ...grid, data: { n: 10, d: 100, mu: 3 }, axes: { 'data.flip': [0.1, 0.2] } }, () => true);
  const risen = curve(along, { ...caption, value: 'testError', floor: [0.1, 0.2] });
  assert.deepEqual(marks(risen), [
    [
      { x: 0.1, floor: 0.1 },
      { x: 0.2, floor: 0.2 },
    ],
  ]);
  assert.deepEqual(marks(curve(level, { ...caption, value: 'testError', floor: [0, 0] })), []);
});

test('what a log scale has no place for has a sign; lines that meet stand apart and it is said', async () => {
  const { spec } = sweep(
    { ...grid, data: { n: 10, d: 100 }, axes: { 'data.mu': [1, 3], 'training.loss': ['hinge', 'logistic'] } },
    () => true,
  );
  const frame = framed(
    spec,
    ['mu', 'loss', 'runs', 'trainLoss', 'trainLossSe', 'diverged'],
    [
      [1, 'hinge', 3, 0, 0, 0],
      [1, 'logistic', 3, 0.1, 0.01, 0],
      [3, 'hinge', 3, 0.01, 0, 0],
      [3, 'logistic', 3, 0.01, 0, 0],
    ],
  );
  const said = words(await drawn(curve(frame, { ...caption, value: 'trainLoss', log: true })));
  for (const word of ['zero: not on a log scale', 'series that meet stand a little apart sideways'])
    assert.ok(said.includes(word), said.join(' | '));
});
