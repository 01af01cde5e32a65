/** What a spec may say about steps, what it means in a cell, and what is refused in one sentence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeSentence } from '../../src/errors.ts';
import { canonicalCell, cellId, type Cell } from '../../src/experiments/cell.ts';
import { runCell } from '../../src/experiments/run.ts';
import { scienceOf } from '../../src/experiments/science.ts';
import { cells } from '../../src/experiments/spec.ts';
import { parseSpec, specFrom, specToYaml } from '../../src/experiments/spec-text.ts';
import { wholeRun } from '../../src/experiments/whole-run.ts';
import { RULES } from '../../src/experiments/rules.ts';
import { SCIENCE } from '../../src/experiments/record.ts';
import { arraysOf } from '../../src/experiments/run-arrays.ts';
import { key, worstDifference } from '../helpers/problems.ts';
import { DECOMPOSITION } from '../tolerances.ts';

const SPEC = { data: { n: 10, d: 60, mu: 2, flip: 0.1 }, network: { m: 3 } };
const allOf = (training: object, more: object = {}): Cell[] => [
  ...cells(specFrom({ ...SPEC, ...more, training }, 'test')),
];
const cellOf = (training: object, more: object = {}): Cell => allOf(training, more)[0]!;
const trainingOf = (cell: Cell): unknown => JSON.parse(canonicalCell(cell)).training;

test('sgd is descent by batches', () => {
  const cell = cellOf({ rule: 'sgd', batch: 4, maxSteps: 7 });
  assert.deepEqual(trainingOf(cell), { batch: 4, maxSteps: 7 });
  assert.equal(cellId(cell), cellId(cellOf({ rule: 'descent', batch: 4, maxSteps: 7 })));
  assert.equal(allOf({ rule: 'sgd' }, { axes: { 'training.batch': [1, 5] } }).length, 2);
  assert.throws(() => cellOf({ rule: 'sgd' }), /^UserError: test training\.rule: sgd .* needs training\.batch/);
  assert.throws(
    () => cellOf({ batch: 2 }, { axes: { 'training.rule': ['sgd', 'momentum'] } }),
    /axes\.training\.rule: sgd is descent by batches: write descent/,
  );
});

test('epochs are steps, of each cell its own', () => {
  const counts = allOf({ maxEpochs: 5 }, { axes: { 'training.batch': [0, 1, 3, 10] } }).map(
    ({ training }) => training.maxSteps,
  );
  assert.deepEqual(counts, [5, 50, 20, 5]);
  assert.equal(cellId(cellOf({ maxEpochs: 5, batch: 3 })), cellId(cellOf({ maxSteps: 20, batch: 3 })));
  const spec = specFrom({ ...SPEC, training: { maxEpochs: 5, batch: 3 } }, 'test');
  assert.deepEqual([...cells(parseSpec(specToYaml(spec, ''), 'x'))].map(cellId), [...cells(spec)].map(cellId));
  assert.throws(
    () => cellOf({ maxEpochs: 5, maxSteps: 20 }),
    /training\.maxEpochs: stands in place of training\.maxSteps/,
  );
  assert.throws(
    () => cellOf({ maxEpochs: 5 }, { axes: { 'training.maxSteps': [1, 2] } }),
    /training\.maxEpochs: stands in place of training\.maxSteps/,
  );
  assert.throws(() => cellOf({ maxEpochs: 1e9, batch: 3 }), /1000000000 epochs are 4000000000 steps/);
  assert.throws(() => cellOf({ maxEpoch: 5 }), /training\.maxEpoch: .*did you mean maxEpochs/);
});

test('what cannot be is refused in one sentence that says why', () => {
  for (const [training, says, more] of [
    [{ batch: 11 }, /training\.batch: must be at most data\.n = 10 without replacement, got 11/, {}],
    [{ labelNoiseLaw: 'uniform', labelLow: 3 }, /training\.labelLow: must be below training\.labelHigh = 2, got 3/, {}],
    [
      { labelNoiseLaw: 'gaussian', labelNoise: 0.1 },
      /labelNoise: has no effect here, it needs .*labelNoiseLaw: turns/,
      {},
    ],
    [{ labelSd: 2 }, /labelSd: has no effect here, it needs training\.labelNoiseLaw: gaussian/, {}],
    [{ replacement: true }, /replacement: has no effect here, it needs training\.batch: 1 or more/, {}],
    [{ weightDecay: 0.1, decay: 'decoupled' }, /decay: has no effect here, it needs .* momentum or nesterov/, {}],
    [{ rule: 'adam' }, /adam moves coordinates each by itself, which no rotation .* engine: direct$/, {}],
    [{ rule: 'adamw' }, /adamw moves coordinates each by itself/, { data: { ...SPEC.data, draw: 'explicit' } }],
    [{ rule: 'sign' }, /sign moves coordinates each by itself/, { engine: 'direct' }],
    [{ batch: 3 }, /engine: gram-frozen needs training\.batch: 0/, { engine: 'gram-frozen' }],
    [{ weightDecay: 0.1 }, /engine: gram-frozen needs training\.weightDecay: 0/, { engine: 'gram-frozen' }],
    [{ schedule: 'step' }, /engine: gram-frozen needs training\.schedule: constant/, { engine: 'gram-frozen' }],
    [
      { labelNoiseLaw: 'uniform' },
      /engine: gram-frozen needs training\.labelNoiseLaw: turns/,
      { engine: 'gram-frozen' },
    ],
    [{ rule: 'nesterov' }, /engine: gram-frozen needs training\.rule: descent/, { engine: 'gram-frozen' }],
  ] as const)
    assert.throws(
      () => cellOf(training, more),
      (error: Error) => says.test(error.message) && error.message.split('\n').length === 1,
      JSON.stringify(training),
    );
  const explicit = { data: { ...SPEC.data, draw: 'explicit' }, engine: 'direct' };
  for (const rule of ['sign', 'adam', 'adamw']) assert.ok(runCell(cellOf({ rule, maxSteps: 3 }, explicit), 1, 0));
});

test('runs of one call are those of plain descent alone', () => {
  assert.ok(wholeRun(cellOf({ eta: 1 }), key(1)));
  for (const training of [
    { batch: 10 },
    { weightDecay: 0.01 },
    { schedule: 'cosine' },
    { labelNoiseLaw: 'gaussian' },
    ...Object.keys(RULES)
      .filter((rule) => RULES[rule as 'sam'].inSpan && rule !== 'descent')
      .map((rule) => ({ rule })),
  ])
    assert.equal(wholeRun(cellOf({ eta: 1, ...training }), key(1)), undefined, JSON.stringify(training));
});

test('a schedule that has come to 0 ends a run, and the advice is about the schedule', () => {
  const cell = cellOf({ schedule: 'cosine', scheduleSteps: 5, eta: 1e-3, maxSteps: 50 });
  const record = runCell(cell, 1, 0);
  assert.deepEqual([record.outcome, record.steps], ['stalled', 5]);
  assert.match(outcomeSentence(record.outcome, record.steps, cell.training), /schedule has brought the step size to 0/);
});

test('saved arrays under weight decay: W is startScale times W0 plus coefficients times anchors', () => {
  const cell = cellOf({ rule: 'nesterov', weightDecay: 0.05, maxSteps: 40, eta: 0.5 });
  const arrays = arraysOf(cell, 1, 0, 10);
  const at = (name: string) => arrays.get(name)!.values;
  const [scale] = at('startScale');
  assert.ok(scale! > 0 && scale! < 1);
  assert.deepEqual([at('startScale_t')[0], at('startScale_t').at(-1)], [1, scale]);
  const [R, columns] = arrays.get('W')!.shape as [number, number];
  const K = arrays.get('anchors')!.shape[0]!;
  const rebuilt = at('W0').map((w, k) => {
    let sum = scale! * w;
    for (let a = 0; a < K; a++)
      sum += at('coefficients')[Math.floor(k / columns) * K + a]! * at('anchors')[a * columns + (k % columns)]!;
    return sum;
  });
  assert.equal(rebuilt.length, R * columns);
  assert.ok(worstDifference(at('W'), rebuilt) <= DECOMPOSITION);
  assert.ok(worstDifference(at('W'), at('W0')) > 100 * DECOMPOSITION);
  assert.equal(arraysOf(cellOf({ maxSteps: 4 }), 1, 0).get('startScale'), undefined);
});

test('only records of heavy ball have another science version', () => {
  assert.deepEqual(
    Object.keys(RULES).filter((rule) => scienceOf(rule as 'sam') !== SCIENCE),
    ['momentum'],
  );
  assert.equal(runCell(cellOf({ rule: 'momentum', maxSteps: 2 }), 1, 0).science, 4);
  assert.equal(runCell(cellOf({ rule: 'nesterov', maxSteps: 2 }), 1, 0).science, SCIENCE);
});
