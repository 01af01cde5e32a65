/** Cells with real labels: what they need, what they leave as it was, and what is said of their runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellVerdict } from '../../src/answers/cell-verdict.ts';
import { FirstRuns, runAnswer, withSeries } from '../../src/answers/run.ts';
import { fields } from '../../src/experiments/frame.ts';
import { cellId, type Cell } from '../../src/experiments/cell.ts';
import { examined, isFault } from '../../src/experiments/record-check.ts';
import { Results } from '../../src/experiments/results.ts';
import { arraysOf } from '../../src/experiments/run-arrays.ts';
import { drawProblem, runCell, streamKey } from '../../src/experiments/run.ts';
import { observablesOf } from '../../src/experiments/series.ts';
import { settingOf } from '../../src/experiments/setting.ts';
import { cells, type Spec } from '../../src/experiments/spec.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { measureArrays } from '../../src/experiments/trained.ts';
import { mismatches } from '../../src/theory/assess.ts';
import { PLAIN_DESCENT } from '../../src/theory/statement.ts';
import { claim } from '../../src/verification/claims.ts';
import { ENGINES, ROUNDING } from '../tolerances.ts';

interface Rooms {
  data?: object;
  training?: object;
  more?: object;
}
const specOf = ({ data, training, more }: Rooms = {}): Spec =>
  specFrom(
    {
      data: { n: 12, d: 200, mu: 2, sigmaY: 0.5, ...data },
      network: { m: 4, sigma0: 0.01 },
      training: { loss: 'squared', eta: 0.05, maxSteps: 400, stop: 'loss', epsilon: 1e-3, ...training },
      test: { estimator: 'lines', lines: 4, shifts: 4 },
      ...more,
    },
    'test',
  );
const cellOf = (rooms: Rooms = {}): Cell => [...cells(specOf(rooms))][0]!;

test('what real labels need is refused elsewhere, in one sentence', () => {
  const refused = (rooms: Rooms, says: RegExp): void => void assert.throws(() => specOf(rooms), says);
  refused(
    { data: { model: 'mixture' } },
    /data\.sigmaY: has no effect here, it needs training\.loss: squared, and data\.model/,
  );
  refused({ data: { model: 'xor-mixture' } }, /data\.sigmaY: has no effect here/);
  refused({ training: { loss: 'logistic' } }, /data\.sigmaY: has no effect here, it needs training\.loss: squared/);
  refused({ data: { mu: 0 } }, /needs data\.mu above 0, so that the signal tells y, got 0$/);
  refused(
    { data: { flip: 0.1 } },
    /needs labels that are not flipped as well \(data\.flip: 0, data\.flips: 0\), got 0\.1$/,
  );
  refused({ data: { flipLaw: 'exact', flips: 2 } }, /needs labels that are not flipped as well .*, got 2$/);
  refused({ training: { labelNoise: 0.1 } }, /needs no label noise in the steps .*, got 0\.1$/);
  refused({ training: { labelNoiseLaw: 'gaussian' } }, /needs no label noise in the steps .*, got gaussian$/);
  refused(
    { training: { stop: 'zero-error', epsilon: undefined } },
    /needs training\.stop: loss or steps.* got zero-error$/,
  );
  for (const model of ['signal-noise', 'feature-noise', 'xor']) specOf({ data: { model } });
  // Beside a loss that they count with, the cells of another one have the labels of classes.
  const both = [...cells(specOf({ more: { axes: { 'training.loss': ['logistic', 'squared'] } } }))];
  assert.deepEqual(
    both.map(({ data }) => data.sigmaY),
    [0, 0.5],
  );
});

test('a cell without is the cell that it was; with them no other draw moves', () => {
  const classes = cellOf({ data: { sigmaY: 0 } });
  assert.equal(cellId(classes), cellId(cellOf({ data: { sigmaY: undefined } })));
  assert.ok(!('sigmaY' in settingOf(classes)));
  const common = { more: { coupling: 'common' } };
  const [with_, without] = [cellOf(common), cellOf({ ...common, data: { sigmaY: 0 } })];
  const [a, b] = [with_, without].map((cell) => drawProblem(cell, streamKey(cell, 1, 0)));
  assert.equal(b!.sample.targets, undefined);
  assert.deepEqual(
    { ...a!.sample, targets: undefined, fresh: { ...a!.sample.fresh, labelDeviation: undefined } },
    { ...b!.sample, targets: undefined, fresh: { ...b!.sample.fresh, labelDeviation: undefined } },
  );
  assert.deepEqual(a!.init, b!.init);
  // The same normals at every sigma_y.
  const twice = cellOf({ ...common, data: { sigmaY: 1 } });
  const { targets } = drawProblem(twice, streamKey(twice, 1, 0)).sample;
  a!.sample.targets!.forEach((t, i) => assert.ok(Math.abs(2 * (t - 1) - (targets![i]! - 1)) <= ROUNDING * 4));
});

/** All runs of a spec without axes. */
function ran(spec: Spec) {
  const results = new Results(spec);
  const [cell] = cells(spec);
  const first = new FirstRuns(results.frame());
  for (let replicate = 0; replicate < spec.runs; replicate++) {
    const record = runCell(cell!, spec.seed, replicate, spec.record);
    assert.ok(!isFault(examined(JSON.stringify(record))), 'a run can have left it');
    results.add(record);
    first.see(record);
  }
  const frame = results.frame();
  return { frame, first, answer: runAnswer(frame, first.shown!, first.unfit) };
}

test('fitted is what reaches the loss, whatever the signs', () => {
  // Noise of 3 turns the sign of every third label.
  const rooms = {
    data: { sigmaY: 3 },
    training: { eta: 0.02, maxSteps: 4000 },
    more: { runs: 3, record: { values: ['excessRisk', 'risk'] } },
  };
  const { frame, answer } = ran(specOf(rooms));
  assert.deepEqual(fields(frame, 'fitted'), [1]);
  assert.match(
    answer.sentence,
    /^interpolated: real labels are fitted to a training loss of at most 0\.001 after \d+ steps$/,
  );
  assert.match(
    answer.verdict.sentence,
    /of the sign of f.*; 3 of 3 runs fit every real label to a training loss of 0\.001; excess risk [\d.]+ over σ_y² = 9 in the first$/,
  );
  assert.ok(answer.values.marginMin! < 0 && answer.values.trainLoss! <= 1e-3);
  assert.equal(answer.values.risk, answer.values.excessRisk! + 9);
  // Claimed of signs, it would hold for other reasons.
  const told = claim(frame, { kind: 'fitted', id: 'fitted', basis: 'test', says: 'every label is fitted' }, 0.05);
  assert.equal(told.verdict, 'not-applicable');
});

test('what does not reach it is told so, with advice', () => {
  const { frame, first, answer } = ran(specOf({ training: { maxSteps: 5, stop: 'steps' }, more: { runs: 2 } }));
  assert.deepEqual(fields(frame, 'fitted'), [0]);
  assert.match(
    answer.sentence,
    /^step limit: the training loss is above training\.epsilon = 0\.001 after 5 steps; raise training\.maxSteps/,
  );
  const { kind, sentence, hints } = cellVerdict(frame, first.shown!, first.unfit);
  assert.equal(kind, 'not fitted');
  assert.match(
    sentence,
    /^not fitted: 0 of 2 runs fit every real label to a training loss of 0\.001\. To blame: too few steps/,
  );
  assert.match(
    hints[0]!,
    /^10 times the steps \(maxSteps = 50\): fits every label|^10 times .*: training loss [\d.e-]+ at step 50/,
  );
  // By steps too the loss decides.
  assert.equal(ran(specOf({ training: { stop: 'steps' }, more: { runs: 1 } })).answer.outcome, 'interpolated');
});

test('the usual series of one run have the excess risk, and no classifier of observed signs', () => {
  const spec = specOf();
  const [cell] = cells(spec);
  assert.ok(withSeries(spec, cell!).record.series.includes('excessRisk'));
  const has = observablesOf(cell!);
  for (const id of ['benign', 'averagingError', 'maxMarginError', 'nearestMeanError', 'limitGap'] as const)
    assert.ok(!has.includes(id), id);
  for (const id of ['excessRisk', 'risk', 'testErrorClean', 'bayesError'] as const) assert.ok(has.includes(id), id);
});

test("a run's arrays have its real labels, and are measured as the run", () => {
  const cell = cellOf();
  const { values } = runCell(cell, 1, 0, { series: [], values: ['excessRisk', 'risk', 'lossMax'], every: 1 });
  const arrays = arraysOf(cell, 1, 0);
  assert.ok(arrays.get('y')!.values.some((y) => Math.abs(y) !== 1));
  const measured = measureArrays(cell, arrays, ['excessRisk', 'risk', 'lossMax'], streamKey(cell, 1, 0));
  assert.deepEqual(Object.keys(measured.values), Object.keys(values));
  for (const [id, value] of Object.entries(values))
    assert.ok(Math.abs(measured.values[id as 'risk']! - value) <= ENGINES * Math.max(1, Math.abs(value)), id);
});

test('statements are about labels that are 1 or -1', () => {
  const cell = cellOf();
  const chosen = (path: string): number | undefined => (path === 'data.sigmaY' ? cell.data.sigmaY : undefined);
  assert.ok(mismatches(PLAIN_DESCENT, chosen).includes('data.sigmaY is 0.5 here, not 0'));
});
