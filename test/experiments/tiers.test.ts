/** Engines that show less than others: what needs more is refused by name, and a run goes without it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { direct } from '../../src/dynamics/direct.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { buildCell } from '../../src/experiments/cell.ts';
import { runCell } from '../../src/experiments/run.ts';
import { momentum } from '../../src/dynamics/steps/momentum.ts';
import { engine, rule } from '../../src/lab/part.ts';
import { lab } from '../../src/lab/lab.ts';
import { SHELF } from '../../src/observables/shelf.ts';

const dark = engine({
  id: 'tiers/dark',
  refuses: direct.refuses,
  offers: () => 'view',
  // Nothing but outputs is there to be read.
  start(problem) {
    const run = direct.start(problem);
    const { view } = run;
    const shown = {
      get outputs() {
        return view.outputs;
      },
      outputsAt: view.outputsAt,
    };
    return { ...run, view: shown as typeof view };
  },
});
/** Sign descent: each weight moves by a thousandth against its gradient's sign. */
const signs = rule({
  id: 'tiers/signs',
  inSpan: false,
  start: () => ({
    move(pull) {
      for (let k = 0; k < pull.length; k++) pull[k] = 1e-3 * Math.sign(pull[k]!);
      return pull.some((x) => x !== 0);
    },
  }),
});
/** Heavy ball that says less of itself than it could. */
const heavyBall = rule({ id: 'tiers/heavy', inSpan: false, start: (size) => momentum(0.9).start(size, 1) });
const mine = lab.with(dark, signs, heavyBall);

const SMALL = {
  data: { n: 10, d: 30, mu: 3, draw: 'explicit' },
  network: { m: 3, sigma0: 0.1 },
  training: { eta: 0.1, maxSteps: 40 },
} as const;
const cellOf = (more: Readonly<Record<string, string>>) =>
  buildCell(
    new Map<string, string | number>([
      ...Object.entries(SMALL).flatMap(([room, keys]) =>
        Object.entries(keys).map(([key, value]) => [`${room}.${key}`, value] as const),
      ),
      ...Object.entries(more),
    ]),
  );

test('a run whose engine shows outputs alone has what they tell, and nothing else', () => {
  const all = runCell(cellOf({ engine: 'direct' }), 1, 0);
  const key = { seed: 1, replicate: 0, cell: [1, 2] } as const;
  const bright = runCell(cellOf({ engine: 'direct' }), 1, 0, undefined, key);
  const { values, outcome, engine: by } = runCell(cellOf({ engine: 'tiers/dark' }), 1, 0, undefined, key);
  assert.deepEqual([outcome, by], [all.outcome, 'tiers/dark@1']);
  for (const id of ['trainLoss', 'trainError', 'marginMin', 'marginMax', 'flipped'] as const)
    assert.equal(values[id], bright.values[id], id);
  for (const id of ['gamma', 'rhoBar', 'rhoUnder', 'testError', 'testErrorClean'] as const) {
    assert.ok(id in bright.values, id);
    assert.ok(!(id in values), id);
  }
});

test('a spec that asks such an engine for more is refused with both names, for every tier', () => {
  const spec = (id: string, by: string) => ({ ...SMALL, engine: by, record: { values: [id] } });
  for (const [id, what] of [
    ['ratio', 'weights in the span of their start and the anchors'],
    ['activeFraction', 'the weights of a two-layer network'],
  ] as const) {
    assert.throws(
      () => mine.spec(spec(id, 'tiers/dark')),
      (error: Error) => error.message.includes(id) && error.message.includes(what),
    );
    mine.spec(spec(id, 'direct'));
  }
  mine.spec(spec('lossMax', 'tiers/dark'));
});

test('out of the span an observable of it has no number, whoever asks: every entry of the shelf', () => {
  const cell = cellOf({ engine: 'direct', 'training.rule': 'tiers/signs' });
  const all = Object.keys(SHELF) as (keyof typeof SHELF)[];
  const { values } = runCell(cell, 1, 0, { series: [], values: all, every: 1 });
  for (const id of all) if (SHELF[id].needs.includes('span')) assert.ok(!(id in values), id);
  for (const id of ['testError', 'testErrorClean', 'trainLoss', 'activeFraction', 'lossMax'] as const)
    assert.ok(values[id]! > 0, id);
  assert.ok(Object.keys(values).length > 30);
});

test('the test error of a run asks for weights alone: out of the span it is that of the same weights', () => {
  const key = { seed: 1, replicate: 0, cell: [1, 2] } as const;
  const within = runCell(cellOf({ engine: 'direct', 'training.rule': 'momentum' }), 1, 0, undefined, key);
  const beyond = runCell(cellOf({ engine: 'direct', 'training.rule': 'tiers/heavy' }), 1, 0, undefined, key);
  for (const id of ['testError', 'testErrorSe', 'testErrorClean', 'trainLoss', 'marginMin'] as const)
    assert.equal(beyond.values[id], within.values[id], id);
  assert.ok('gamma' in within.values && !('gamma' in beyond.values));
});

test('what holds weights by their coefficients refuses a rule that leaves the span; a d-free draw does too', () => {
  const refused = (more: Readonly<Record<string, string>>, words: RegExp): void =>
    assert.throws(() => cellOf({ 'training.rule': 'tiers/signs', ...more }), words);
  refused(
    { engine: 'gram' },
    /^UserError: engine: gram needs steps in the span .*training\.rule: tiers\/signs.*direct/,
  );
  refused({ engine: 'direct', 'data.draw': 'd-free' }, /^UserError: training\.rule: tiers\/signs leaves the span/);
  assert.deepEqual(
    gram
      .refuses({
        activation: 'piecewise-linear',
        trainsOutput: false,
        loss: 'logistic',
        turnsLabels: false,
        scalesLabels: false,
        weighs: false,
        decays: false,
        schedules: false,
        rule: 'tiers/signs',
        inSpan: false,
      })
      .map(({ use }) => use),
    ['direct'],
  );
});
