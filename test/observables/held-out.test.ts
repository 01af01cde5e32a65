/** Held-out points instead of the law of a fresh point, and what is refused without a law, roles or one noise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { twoSidedP } from '../../src/core/statistics.ts';
import { checkSample, lawOf, rolesOf, type HeldOut, type Sample } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem, View } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import type { DataModel } from '../../src/experiments/data-model.ts';
import { MODELS } from '../../src/experiments/models.ts';
import { unmetNeed } from '../../src/experiments/series.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { buildCell, type Value } from '../../src/experiments/cell.ts';
import { drawProblem } from '../../src/experiments/run.ts';
import { Measurement, runContext } from '../../src/experiments/measurement.ts';
import { activate } from '../../src/network/activation.ts';
import { bayesError } from '../../src/observables/bayes.ts';
import { freshMargin } from '../../src/observables/certificates.ts';
import { coefficients } from '../../src/observables/decomposition.ts';
import { lacks, SAMPLE_NEEDS } from '../../src/observables/observable.ts';
import { SHELF } from '../../src/observables/shelf.ts';
import { testError } from '../../src/observables/test-error.ts';
import { DATA_SET } from '../helpers/data-set.ts';
import { freshPoint, inARow } from '../helpers/fresh-points.ts';
import { onThreePatches, threePatchSample } from '../helpers/noisy-patches.ts';
import { dot, key, makeProblem, trained } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { DEFINITION, FALSE_ALARM, NEGATIVE_CONTROL } from '../tolerances.ts';

type Id = keyof typeof SHELF;

const PARAMETERS = { estimator: 'lines', lines: 64, shifts: 16, points: 1000, precision: 0.1 } as const;
const FLIP = 0.1;
/** A cell's required parameters. */
const SMALL = {
  'data.n': 8,
  'data.d': 12,
  'data.mu': 2,
  'data.share': 0.5,
  'network.m': 3,
  'network.sigma0': 0.1,
  'training.eta': 0.1,
  'training.maxSteps': 10,
};

/** Points of a sample's own law, labels turned with probability FLIP, as held-out data would come. */
function heldOut(sample: Sample, count: number, seed: number): HeldOut {
  const stream = new Stream(key(seed), 'test', 9);
  const points = Array.from({ length: count }, () => freshPoint(sample, stream));
  return {
    kind: 'points',
    rows: inARow(points.flatMap(({ inputs }) => inputs)),
    count,
    columns: sample.frame.used,
    labels: Float64Array.from(points, ({ label }) => (stream.uniform() < FLIP ? -label : label)),
  };
}

/** The same training sample; of what it is made nobody knows. */
const withPoints = ({ fresh: _law, roles: _roles, ...rest }: Sample, fresh: HeldOut): Sample => ({ ...rest, fresh });

const errorOn = (problem: Problem, view: View, fresh: Sample['fresh'] = problem.sample.fresh) =>
  testError(view as never, problem.network.activation, problem.sample.anchors, fresh, PARAMETERS, key(1));

/** How many points are wrong, from the network's formula. */
function countWrong({ network, sample }: Problem, view: ReturnType<typeof trained>['view'], points: HeldOut): number {
  const { rows, columns } = view.weights();
  const { perSample } = sample.patches;
  const each = view.outputWeights.length / network.filters;
  let wrong = 0;
  for (let i = 0; i < points.count; i++) {
    let f = 0;
    for (let s = 0; s < perSample; s++) {
      const at = (i * perSample + s) * points.columns;
      const x = points.rows.slice(at, at + points.columns);
      for (let r = 0; r < network.filters; r++)
        f +=
          view.outputWeights[r * each + (s % each)] *
          activate(network.activation, dot(rows.slice(r * columns, r * columns + points.columns), x) + view.bias[r]);
    }
    if (!(points.labels[i] * f > 0)) wrong++;
  }
  return wrong;
}

const PROBLEMS: Readonly<Record<string, Problem>> = {
  'two patches, bias': makeProblem(
    { data: { d: 12, mu: 2, draw: 'explicit', flip: 0.1 }, network: { bias: true } },
    key(730),
  ),
  'three patches, a weight a patch': onThreePatches(
    threePatchSample({ mu: 2, flips: 1 }, 731),
    { activation: 'leaky-relu', output: 'trained-per-patch', v0: 0.5 },
    731,
  ),
};

test('the share of wrong held-out points, with its binomial error, on every engine', (t) => {
  const family: Record<string, number> = {};
  Object.entries(PROBLEMS).forEach(([name, lawful], at) => {
    const points = heldOut(lawful.sample, 8000, 740 + at);
    const problem = { ...lawful, sample: withPoints(lawful.sample, points) };
    checkSample(problem.sample);
    const { view } = trained(direct, problem, 50);
    const wrong = countWrong(problem, view, points);
    const error = errorOn(problem, view);
    const p = wrong / points.count;
    assert.ok(p > 0.05 && p < 0.5, String(p));
    const se = Math.sqrt((p * (1 - p)) / points.count);
    assert.deepEqual(error, { clean: p, cleanSe: se, noisy: p, noisySe: se, zero: 0 });
    for (const engine of [gram, gramKernel]) assert.equal(errorOn(problem, trained(engine, problem, 50).view).noisy, p);
    // the law of those points has the same error, against turned labels
    const { clean, cleanSe } = errorOn(problem, view, lawful.sample.fresh);
    const noisy = FLIP + (1 - 2 * FLIP) * clean;
    family[name] = twoSidedP((p - noisy) / Math.hypot(se, (1 - 2 * FLIP) * cleanSe));
    // negative control: against the true labels
    assert.ok(twoSidedP((p - clean) / Math.hypot(se, cleanSe)) < NEGATIVE_CONTROL);
  });
  assert.ok(FALSE_ALARM < 1);
  holdsInLaw(t, family);
});

test('an output of 0 is wrong; points may have fewer coordinates; weights out of range have no error', () => {
  const lawful = PROBLEMS['two patches, bias'];
  const points = heldOut(lawful.sample, 50, 742);
  const sample = withPoints(lawful.sample, points);
  const { view } = trained(direct, { ...lawful, sample }, 10);
  const seen = (outputs: number[]): View => ({ outputs: view.outputs, outputsAt: () => Float64Array.from(outputs) });
  const four: HeldOut = {
    kind: 'points',
    rows: new Float64Array(8),
    count: 4,
    columns: 1,
    labels: Float64Array.of(1, 1, -1, -1),
  };
  assert.deepEqual(errorOn(lawful, seen([1, 0, -2, 0.5]), four), {
    clean: 0.5,
    cleanSe: 0.25,
    noisy: 0.5,
    noisySe: 0.25,
    zero: 0.25,
  });
  // With a known share of wrong labels each point is wrong by p, 1 - p, or, where f = 0, surely.
  const flip = 0.2;
  const { noisy, noisySe } = errorOn(lawful, seen([1, 0, -2, 0.5]), { ...four, flip });
  const each = [flip, 1, flip, 1 - flip];
  const mean = each.reduce((sum, x) => sum + x, 0) / 4;
  const square = each.reduce((sum, x) => sum + x * x, 0) / 4;
  assert.ok(
    Math.abs(noisy - mean) < DEFINITION && Math.abs(noisySe - Math.sqrt((square - mean * mean) / 4)) < DEFINITION,
  );
  for (const value of [NaN, Infinity]) assert.ok(Number.isNaN(errorOn(lawful, seen([1, value, 1, 1]), four).noisy));
  const short = {
    ...points,
    columns: 5,
    rows: Float64Array.from({ length: 500 }, (_, at) => points.rows[Math.floor(at / 5) * 12 + (at % 5)]),
  };
  const padded = { ...points, rows: points.rows.map((x, at) => (at % 12 < 5 ? x : 0)) };
  assert.deepEqual(errorOn(lawful, view, short), errorOn(lawful, view, padded));
});

test('without a law and roles: what needs a view alone is as it was, the others are no numbers', () => {
  const lawful = PROBLEMS['two patches, bias'];
  const problem = { ...lawful, sample: withPoints(lawful.sample, heldOut(lawful.sample, 100, 743)) };
  const cell = buildCell(new Map(Object.entries({ ...SMALL, 'test.points': 200, 'test.shifts': 4 })));
  const [before, after] = [lawful, problem].map(
    (one) => new Measurement(runContext(cell, one, key(2)), trained(direct, one, 30).view),
  );
  const TEST: readonly Id[] = [
    'testError',
    'testErrorClean',
    'zeroOutput',
    'averagingError',
    'maxMarginError',
    'nearestMeanError',
    'minimumNormError',
  ]; // of other points
  let [numbers, refused] = [0, 0];
  for (const id of Object.keys(SHELF) as Id[]) {
    const { needs } = SHELF[id];
    const value = after.of(id);
    if (needs.some((need) => need === 'fresh-law' || need === 'signal-role')) {
      refused++;
      assert.ok(Number.isNaN(value), id);
    } else if (!TEST.includes(id)) {
      assert.deepEqual(value, before.of(id), id);
      numbers++;
    } else assert.ok(value >= 0 && value <= 1);
  }
  assert.ok(numbers > 15 && refused > 30, `${numbers}, ${refused}`);
  const record = after.final('interpolated', ['rhoBarMax', 'meanMargin', 'weightNorm']);
  assert.deepEqual(Object.keys(record), [
    'testError',
    'testErrorSe',
    'testErrorClean',
    'testErrorCleanSe',
    'trainLoss',
    'trainError',
    'marginMin',
    'marginMax',
    'flipped',
    'weightNorm',
  ]);
});

test('functions of a law or of roles say what they need', () => {
  const lawful = PROBLEMS['two patches, bias'];
  const problem = { ...lawful, sample: withPoints(lawful.sample, heldOut(lawful.sample, 10, 744)) };
  const { view } = trained(direct, problem, 0);
  const { sample, network } = problem;
  for (const ask of [() => lawOf(sample), () => freshMargin(view, problem), () => bayesError(sample)])
    assert.throws(ask, /^RangeError: sample\.fresh: needed as a law, got points$/);
  for (const ask of [() => rolesOf(sample), () => coefficients(view, sample, network)])
    assert.throws(ask, /^RangeError: sample\.roles: needed for the signal-noise decomposition, got none$/);
});

test('a spec that asks for what its data model lacks is refused with both names; every model lacks what it says', () => {
  for (const [id, model] of Object.entries(MODELS) as [keyof typeof MODELS, DataModel][]) {
    const cell = buildCell(
      new Map(Object.entries<Value>(id === 'dataset' ? { ...SMALL, ...DATA_SET } : { ...SMALL, 'data.model': id })),
    );
    const sample = model.draw(cell.data, key(3));
    for (const need of SAMPLE_NEEDS) {
      const run = { problem: drawProblem(cell, key(3)), offers: 'span' } as const;
      assert.deepEqual(run.problem.sample, sample);
      assert.equal(lacks(run, [need]), model.lacks?.includes(need) ?? false, need);
    }
  }
  const model = MODELS.mixture as { lacks?: DataModel['lacks'] };
  const spec = (id: string) => ({
    data: { model: 'mixture', n: 8, d: 12, mu: 2 },
    network: { m: 3, sigma0: 0.1 },
    training: { eta: 0.1 },
    record: { values: [id] },
  });
  const cases = [
    ['fresh-law', 'bayesError', 'the law of a fresh point'],
    ['signal-role', 'rhoBarMax', 'signals and noises of the training points'],
    ['one-noisy-patch', 'noiseSingularMin', 'noise in one patch of a point'],
  ] as const;
  for (const [need, id, says] of cases) {
    specFrom(spec(id), 'test'); // taken as it is
    try {
      Object.assign(model, { lacks: [need] });
      assert.throws(
        () => specFrom(spec(id), 'test'),
        (error: Error) => error.message.includes(id) && error.message.includes(says),
      );
      assert.equal(
        unmetNeed('trainLoss', buildCell(new Map(Object.entries({ ...SMALL, 'data.model': 'mixture' })))),
        undefined,
      );
    } finally {
      delete (model as { lacks?: unknown }).lacks;
    }
  }
});
