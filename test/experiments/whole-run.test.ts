/** The kernel's whole runs against the run in parts, over settings drawn at random and those that it must leave. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import type { Cell } from '../../src/experiments/cell.ts';
import { runCell, runInParts, streamKey } from '../../src/experiments/run.ts';
import { cells } from '../../src/experiments/spec.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { wholeRun } from '../../src/experiments/whole-run.ts';

const NOTHING = { series: [], values: [], every: 1 } as const;
const cellOf = (input: object): Cell => [...cells(specFrom(input, 'test'))][0];
const inParts = (cell: Cell, replicate: number): object => runInParts(cell, streamKey(cell, 3, replicate), NOTHING);
const whole = (cell: Cell, replicate: number): object | undefined => {
  const made = wholeRun(cell, streamKey(cell, 3, replicate));
  return made && { outcome: 'interpolated', ...made };
};

/** Settings of the kind, every choice of them on its own. */
function* settings(count: number): Generator<object> {
  const stream = new Stream({ seed: 1, cell: [0, 0], replicate: 0 }, 'test');
  const pick = <T>(...list: readonly T[]): T => list[stream.integer(list.length)]!;
  for (let i = 0; i < count; i++) {
    const gaussian = pick(true, false);
    yield {
      data: {
        n: pick(1, 2, 5, 8, 20, 33, 64, 70),
        d: pick(3, 20, 100, 1000, 1e9),
        mu: pick(0, 0.5, 4, 20),
        sigmaP: pick(1, 0.3, 2.5),
        flip: pick(0, 0.1, 0.3),
        projected: pick(true, false),
      },
      network: {
        m: pick(1, 2, 5, 11),
        bias: pick(true, false),
        outputScale: pick('1', '1/m', '1/sqrt(m)'),
        pooling: pick('sum', 'mean'),
        ...(gaussian ? { sigma0: pick(0.01, 0.1) } : { init: 'pytorch-gaussian' }),
      },
      training: {
        loss: pick('logistic', 'hinge'),
        reduction: pick('mean', 'sum'),
        eta: pick(0.1, 1),
        maxSteps: pick(20, 100),
        ...(pick(true, false) && { stop: 'zero-error' }),
      },
      test: { lines: pick(4, 7, 8), shifts: pick(2, 4) },
      coupling: pick('independent', 'common'),
    };
  }
}

test('a whole run has the bits of the run in parts, whatever the setting', () => {
  let [made, left] = [0, 0];
  for (const input of settings(300)) {
    const cell = cellOf(input);
    const one = whole(cell, 1);
    if (one) made++;
    else left++;
    const parts = inParts(cell, 1);
    if (one) assert.equal(JSON.stringify(one), JSON.stringify(parts), JSON.stringify(input));
    const { outcome, steps, values } = runCell(cell, 3, 1);
    assert.equal(JSON.stringify({ outcome, steps, values }), JSON.stringify(parts), JSON.stringify(input));
  }
  assert.ok(made > 100 && left > 20, `both ways were taken: ${made} whole, ${left} in parts`);
});

const SHORT = { data: { n: 8, d: 200, mu: 3, flip: 0.1 }, network: { m: 3 }, training: { eta: 1, maxSteps: 100 } };
const changed = (room: keyof typeof SHORT | 'test', change: object): object => ({
  ...SHORT,
  [room]: { ...(SHORT as Record<string, object>)[room], ...change },
});

test('settings of another kind, and what is rare, are left to the run in parts', () => {
  assert.ok(whole(cellOf(SHORT), 0), 'the setting that is changed below is of the kind');
  const other: readonly (readonly [string, object])[] = [
    ['a leaky ReLU', changed('network', { activation: 'leaky-relu', leak: 0.1 })],
    ['a trained output layer', changed('network', { output: 'trained' })],
    ['explicit vectors', changed('data', { draw: 'explicit' })],
    ['another noise', changed('data', { noise: 'student-t', nu: 5 })],
    ['an exact number of flips', changed('data', { flip: 0, flipLaw: 'exact', flips: 1 })],
    ['label noise in training', changed('training', { labelNoise: 0.1 })],
    ['another rule', changed('training', { rule: 'momentum', momentum: 0.5 })],
    ['points', changed('test', { estimator: 'points' })],
    ['a long run', changed('training', { maxSteps: 1e6, eta: 0.01, stop: 'loss' })],
    ['noise of a size whose square is 0', changed('data', { sigmaP: 1e-200 })],
    ['a run that does not fit its labels', changed('training', { maxSteps: 1, eta: 1e-6 })],
    ['a run that diverges', changed('training', { eta: 1e300 })],
    ['no noise', changed('data', { sigmaP: 0 })],
  ];
  for (const [what, input] of other) {
    const cell = cellOf(input);
    assert.equal(whole(cell, 0), undefined, what);
  }
});

test('a cell with the kernel taken by another run in between has the same bits', () => {
  const [a, b] = [cellOf(SHORT), cellOf(changed('network', { m: 7 }))];
  const first = JSON.stringify(whole(a, 0));
  for (const cell of [b, a, cellOf(changed('network', { output: 'trained' })), a]) runCell(cell, 3, 0);
  assert.equal(JSON.stringify(whole(a, 0)), first);
});
