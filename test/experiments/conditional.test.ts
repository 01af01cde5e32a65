/**
 * Every parameter that has no effect in some setting is known as conditional, says what it needs, and is refused where
 * a spec sets it in vain. Found by trying: each parameter is changed beside each choice of the notation, on the same
 * draws, and what changes nothing must be declared.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { buildCell, CONDITIONAL, type Value, valueAt } from '../../src/experiments/cell.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { CELL_PARAMETERS } from '../../src/notation.ts';
import { DATA_SET } from '../helpers/data-set.ts';

type Values = Readonly<Record<string, Value>>;

/** Everything at work: flips, a bias, both layers' sizes. `common`: the draws do not depend on the cell. */
const BASE: Values = {
  'data.n': 8,
  'data.d': 12,
  'data.mu': 1.5,
  'data.flip': 0.2,
  'data.flips': 2,
  'network.m': 3,
  'network.sigma0': 0.1,
  'training.eta': 1,
  'training.maxSteps': 80,
  'training.batch': 3,
  'training.weightDecay': 0.03,
  coupling: 'common',
};
/** What some choices cannot be without; the first that makes a cell is taken. */
const BESIDE: readonly Values[] = [
  {},
  { 'test.estimator': 'points' },
  { 'data.draw': 'explicit', 'test.estimator': 'points' },
  { 'data.draw': 'explicit' },
  { 'data.draw': 'explicit', engine: 'direct' },
  { 'training.batch': 0, 'training.weightDecay': 0, 'training.flowTolerance': 0.05 },
  { 'training.loss': 'hinge' },
  { 'data.eigenvalues': '3x5,1x*' },
  DATA_SET,
  { 'data.model': 'mixture', 'data.projected': false, 'test.estimator': 'points' },
];
/** Another value of each number. */
const OTHER: Values = {
  'data.content': 'f'.repeat(64),
  'data.classes': '1/0',
  'data.heldOut': 12,
  'data.divisor': 2,
  'data.side': 1,
  'data.border': 2,
  'data.n': 9,
  'data.d': 14,
  'data.mu': 2,
  'data.share': 0.3,
  'data.cosine': 0.4,
  'data.featureNoise': 0.5,
  'data.sparsity': 4,
  'data.patches': 3,
  'data.signals': 2,
  'data.positive': 0.3,
  'data.exponent': 0.5,
  'data.spikes': 2,
  'data.spikeSize': 5,
  'data.eigenvalues': '4x2,1x*',
  'data.signalGroup': 1,
  'data.sigmaP': 1.3,
  'data.nu': 9,
  'data.flip': 0.3,
  'data.flipTilt': -0.5,
  'data.flips': 3,
  'data.sigmaY': 0.5,
  'network.leak': 0.35,
  'network.power': 2,
  'network.smoothing': 3,
  'network.m': 4,
  'network.depth': 4,
  'network.width': 4,
  'network.widths': '5',
  'network.gain': 0.9,
  'network.frozen': '2',
  'network.v0': 1.4,
  'network.sigma0': 0.2,
  'training.eta': 0.7,
  'training.etaOutput': 2,
  'training.labelNoise': 0.2,
  'training.momentum': 0.5,
  'training.labelMean': 0.5,
  'training.labelSd': 0.4,
  'training.labelLow': -0.5,
  'training.labelHigh': 1.5,
  'training.radius': 0.3,
  'training.beta1': 0.5,
  'training.beta2': 0.9,
  'training.adamEpsilon': 0.01,
  'training.flowTolerance': 1e-4,
  'training.batch': 4,
  'training.weightDecay': 0.1,
  'training.scheduleSteps': 20,
  'training.scheduleFactor': 0.5,
  'training.epsilon': 0.6,
  'training.maxSteps': 90,
  'test.lines': 5,
  'test.shifts': 5,
  'test.points': 700,
  'test.precision': 0.002,
};
/** Choices that by design change no number, or only a rounding. */
const SAME_NUMBERS = new Set(['engine', 'coupling']);
/** Given by a data set and its layout; test/data/dataset.test.ts changes them. */
const OF_THE_DATA = new Set(['d', 'content', 'layout', 'side', 'border'].map((key) => `data.${key}`));
/** What one run leaves open: fewer steps than it takes to fit, and more; labels that are easy to fit. */
const PACES: readonly Values[] = [
  {},
  { 'training.eta': 0.4, 'training.maxSteps': 12 },
  { 'training.eta': 2, 'training.maxSteps': 400 },
  { 'training.maxSteps': 2 },
  { 'data.flip': 0, 'data.mu': 4, 'data.share': 0.8 },
];
/** No effect by the mathematics of the setting, not by a choice that a spec could mend. */
const EXPLAINED: readonly {
  readonly paths: readonly string[];
  readonly where: (values: Values) => boolean;
  readonly why: string;
}[] = [
  {
    paths: ['network.pooling'],
    where: ({ 'data.model': model, 'data.layout': layout }) =>
      String(model).includes('mixture') || (model === 'dataset' && layout === undefined),
    why: 'one patch: its sum is its mean',
  },
  {
    paths: ['training.stop', 'test.estimator', 'test.lines', 'test.shifts'],
    where: ({ 'network.outputSigns': signs }) => signs === 'negative' || signs === 'positive',
    why: 'a network of one sign answers every point alike: half of them are wrong, and it never fits both classes',
  },
];

const built = (values: Values): ReturnType<typeof buildCell> | undefined => {
  try {
    return buildCell(new Map(Object.entries(values)));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
};

/** What a run gives: not its id, which names the cell. */
const numbersOf = (values: Values): string => {
  const { outcome, steps, values: numbers } = runCell(built(values)!, 3, 0);
  return JSON.stringify({ outcome, steps, numbers });
};

/** BASE beside each choice, completed where the choice cannot stand alone; and what counts at depth alone. */
function* settings(): Generator<Values> {
  yield BASE;
  for (const more of [
    {},
    { 'network.pool': 'last' },
    { 'network.hiddenInit': 'identity' },
    { 'network.output': 'trained' },
  ])
    yield { ...BASE, 'network.depth': 3, ...more };
  for (const [path, { entry }] of CELL_PARAMETERS) {
    if (entry.kind !== 'choice' || SAME_NUMBERS.has(path)) continue;
    for (const choice of entry.choices) {
      if (choice === entry.default) continue;
      const beside = BESIDE.find((one) => built({ ...BASE, [path]: choice, ...one }));
      assert.ok(beside, `no cell with ${path}: ${choice}`);
      yield { ...BASE, [path]: choice, ...beside };
    }
  }
}

test('every conditional parameter names what it needs', () => {
  for (const { path, needs } of CONDITIONAL) {
    assert.ok(CELL_PARAMETERS.has(path), path);
    assert.ok(needs.length > 0, path);
  }
  assert.equal(new Set(CONDITIONAL.map(({ path }) => path)).size, CONDITIONAL.length);
});

test('set in vain, each of them is refused, with its place and what it needs', () => {
  for (const { path, used, needs } of CONDITIONAL) {
    const setting = [...settings()].find((values) => !used(built(values)!));
    assert.ok(setting, `${path} is never without effect`);
    const { [path]: _, ...rest } = setting;
    const { entry } = CELL_PARAMETERS.get(path)!;
    const value = entry.kind !== 'choice' ? OTHER[path]! : entry.choices.find((choice) => choice !== entry.default)!;
    const input: Record<string, Record<string, Value>> = {};
    const write = (at: string, what: Value): void => {
      const [room, key] = at.split('.') as [string, string | undefined];
      if (key === undefined) (input as Record<string, unknown>)[room] = what;
      else (input[room] ??= {})[key] = what;
    };
    for (const [at, what] of Object.entries(rest)) {
      const conditional = CONDITIONAL.find((one) => one.path === at);
      if (!conditional || conditional.used(built(setting)!)) write(at, what);
    }
    write(path, value);
    assert.throws(
      () => specFrom(input, 's'),
      (error: Error) => error.message.includes(`${path}: has no effect here, it needs ${needs}`),
      path,
    );
  }
});

test('no other parameter is without effect beside any choice', () => {
  const silent: string[] = [];
  const spoke = new Set<string>();
  for (const values of settings()) {
    const cell = built(values)!;
    for (const [path, { entry }] of CELL_PARAMETERS) {
      if (SAME_NUMBERS.has(path) || (cell.data.model === 'dataset' && OF_THE_DATA.has(path))) continue;
      const conditional = CONDITIONAL.find((one) => one.path === path);
      if (conditional && !conditional.used(cell)) continue;
      const others: readonly Value[] =
        entry.kind !== 'choice' ? [OTHER[path]!] : entry.choices.filter((choice) => choice !== valueAt(cell, path));
      const speaks = (pace: Values): boolean => {
        const possible = others
          .map((value) => ({ ...values, ...pace, [path]: value }))
          .filter((one) => built(one) !== undefined);
        return possible.length === 0 || possible.some((one) => numbersOf(one) !== numbersOf({ ...values, ...pace }));
      };
      if (PACES.some(speaks)) spoke.add(path);
      else if (!EXPLAINED.some(({ paths, where }) => paths.includes(path) && where(values)))
        silent.push(`${path} beside ${JSON.stringify(values)}`);
    }
  }
  assert.deepEqual(silent, []);
  for (const path of CELL_PARAMETERS.keys())
    assert.ok(spoke.has(path) || SAME_NUMBERS.has(path) || OF_THE_DATA.has(path), `${path} never had an effect`);
});
