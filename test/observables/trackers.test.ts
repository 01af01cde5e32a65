/** Trackers against numbers computed from the states themselves, and bounds on the test error against fresh points. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { normalTail } from '../../src/core/special.ts';
import { meanAndSe } from '../../src/core/statistics.ts';
import { lawOf } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { activate } from '../../src/network/activation.ts';
import { lossSlope } from '../../src/network/loss.ts';
import { freshMargin } from '../../src/observables/certificates.ts';
import { decompositionResidual } from '../../src/observables/decomposition.ts';
import { goodEvent } from '../../src/observables/good-event.ts';
import { buildCell } from '../../src/experiments/cell.ts';
import { runCell } from '../../src/experiments/run.ts';
import type { SymbolId } from '../../src/notation.ts';
import type { Points } from '../../src/dynamics/engine.ts';
import { OBSERVABLES, SERIES } from '../../src/experiments/series.ts';
import { key, makeProblem, trained } from '../helpers/problems.ts';
import { DECOMPOSITION, MEAN_SE, ROUNDING } from '../tolerances.ts';

const CELL = buildCell(
  new Map(
    Object.entries({
      'data.n': 8,
      'data.d': 40,
      'data.mu': 2,
      'data.flip': 0.2,
      'network.m': 4,
      'network.sigma0': 0.1,
      'training.eta': 0.5,
      'training.maxSteps': 60,
    }),
  ),
);
const HINGE = buildCell(
  new Map(
    Object.entries({
      'data.model': 'unit-norm-mixture',
      'data.n': 8,
      'data.d': 40,
      'network.m': 4,
      'network.activation': 'leaky-relu',
      'network.outputScale': '1',
      'training.loss': 'hinge',
      'training.reduction': 'sum',
      'training.eta': 0.02,
      'training.maxSteps': 60,
    }),
  ),
);

/** Those about the steps between two entries. */
const TRACKED = SERIES.filter((id) => OBSERVABLES[id].needs.includes('entries'));

/** What an entry of a longer stretch is of the entries of single steps. */
const OVER: Readonly<Partial<Record<SymbolId, 'most' | 'least' | 'last'>>> = {
  rhoBarDrop: 'most',
  rhoUnderRise: 'most',
  learntStep: 'last',
  activationLost: 'most',
  activationLostStep: 'most',
  growthMin: 'least',
  growthMax: 'most',
  decrementMin: 'least',
  decrementMax: 'most',
  lossTime: 'most',
  stepLength: 'most',
  normGrowth: 'most',
  alignmentGrowth: 'least',
  slopeSum: 'last',
  signalGrowth: 'last',
  meanMarginGrowth: 'last',
};

test('an entry covers every step since the one before, whatever the stride', () => {
  for (const cell of [CELL, HINGE]) {
    const series = (every: number) => runCell(cell, 3, 0, { series: TRACKED, values: [], every }).series!;
    const [each, tenth] = [series(1), series(10)];
    for (const id of TRACKED) {
      tenth.step!.forEach((step, at) => {
        const from = at === 0 ? 0 : (tenth.step![at - 1] as number) + 1;
        const stretch = each[id]!.slice(from, (step as number) + 1).filter((x) => x !== null);
        const expected =
          stretch.length === 0
            ? null
            : OVER[id] === 'last'
              ? each[id]![step as number]!
              : OVER[id] === 'most'
                ? Math.max(...stretch)
                : Math.min(...stretch);
        assert.equal(tenth[id]![at], expected, `${id} at step ${step}`);
      });
    }
  }
});

test('tracking moves no bit of the other series and values', () => {
  const plain = runCell(CELL, 3, 0, { series: ['trainLoss', 'gamma'], values: [], every: 10 });
  const tracked = runCell(CELL, 3, 0, { series: ['trainLoss', 'gamma', ...TRACKED], values: [], every: 10 });
  assert.deepEqual(tracked.values, plain.values);
  for (const id of ['step', 'trainLoss', 'gamma'] as SymbolId[])
    assert.deepEqual(tracked.series![id], plain.series![id]);
});

test('margin growth, norm growth and step length of one step, from the states before and after', () => {
  const problem = makeProblem({ data: { flip: 0.2 } }, key(4));
  const {
    sample: { n, labels, frame },
    network,
    stepPerSample,
  } = problem;
  const [before, after] = [trained(direct, problem, 7).view, trained(direct, problem, 8).view];
  const cell = buildCell(
    new Map(
      Object.entries({
        'data.n': 8,
        'data.d': 30,
        'data.mu': 2,
        'data.flip': 0.2,
        'network.m': 4,
        'network.sigma0': 0.1,
        'training.eta': stepPerSample * n,
        'training.maxSteps': 8,
        coupling: 'common',
        engine: 'direct',
      }),
    ),
  );
  const record = runCell(cell, 4, 0, {
    series: ['growthMax', 'growthMin', 'normGrowth', 'stepLength'],
    values: [],
    every: 1,
  });
  const slopes = Array.from(before.outputs, (f, i) => lossSlope('logistic', labels[i]! * f));
  const squareOut = network.outputWeights.reduce((sum, a) => sum + a * a, 0);
  const growth = slopes.map(
    (g, i) =>
      (labels[i]! * (after.outputs[i]! - before.outputs[i]!)) /
      (stepPerSample * squareOut * lawOf(problem.sample).noisy[0].sigma ** 2 * frame.ambient * g),
  );
  const [w0, w1] = [before.weights(), after.weights()];
  const squares = (w: Float64Array): number => w.reduce((sum, x) => sum + x * x, 0);
  const total = slopes.reduce((sum, g) => sum + g, 0);
  const lengths = Array.from({ length: network.filters }, (_, r) =>
    Math.sqrt(
      squares(w1.rows.slice(r * w1.columns, (r + 1) * w1.columns).map((x, k) => x - w0.rows[r * w0.columns + k]!)),
    ),
  );
  const close = (ours: number | null | undefined, theirs: number): void =>
    assert.ok(Math.abs(ours! - theirs) <= DECOMPOSITION * Math.max(1, Math.abs(theirs)), `${ours} against ${theirs}`);
  close(record.series!.growthMax![8], Math.max(...growth));
  close(record.series!.growthMin![8], Math.min(...growth));
  close(record.series!.normGrowth![8], (squares(w1.rows) - squares(w0.rows)) / (stepPerSample * total));
  close(
    record.series!.stepLength![8],
    Math.max(...lengths) /
      (stepPerSample * Math.sqrt(frame.ambient * n) * lawOf(problem.sample).noisy[0].sigma * 0.25 * (total / n)),
  );
});

test('E[y f], and bounds above and below the error, on 20,000 fresh points', () => {
  const problem = makeProblem(
    { data: { projected: false, mu: 3, d: 20 }, network: { activation: 'leaky-relu', leak: 0.3 } },
    key(5),
  );
  const { view } = trained(gram, problem, 80);
  const {
    sample: { frame },
    network,
  } = problem;
  const { rows, columns } = view.weights();
  const noise = new Stream(key(6), 'test');
  const margins = Array.from({ length: 20000 }, () => {
    const y = noise.uniform() < 0.5 ? 1 : -1;
    const xi = Float64Array.from({ length: columns }, () => noise.normal());
    let f = 0;
    for (let r = 0; r < network.filters; r++) {
      let h = 0;
      for (let k = 0; k < columns; k++) h += rows[r * columns + k]! * xi[k]!;
      f +=
        network.outputWeights[r]! *
        (activate(network.activation, y * 3 * rows[r * columns]!) + activate(network.activation, h));
    }
    return y * f;
  });
  assert.ok(frame.used <= columns);
  const { mean, se } = meanAndSe(margins);
  const bounds = freshMargin(view, problem);
  assert.ok(Math.abs(bounds.mean - mean) <= MEAN_SE * se, `${bounds.mean} against ${mean} (SE ${se})`);
  const error = margins.filter((margin) => !(margin > 0)).length / margins.length;
  const spread = MEAN_SE * Math.sqrt(error / margins.length);
  assert.ok(bounds.floor > 0 && error + spread >= bounds.floor, `${error} below ${bounds.floor}`);
  assert.ok(error - spread <= Math.min(bounds.concentration, bounds.alignment));
});

test('the floor of a linear network is half its error', () => {
  const problem = makeProblem({ data: { mu: 1 } }, key(7));
  const linear = {
    ...problem,
    network: { ...problem.network, activation: { kind: 'piecewise-linear', leak: 1 } as const },
  };
  const { view } = trained(gram, linear, 40);
  const bounds = freshMargin(view, linear);
  // y f is normal with mean E[y f] and the spread of sum_r a_r <w_r, xi>, whose noise has no part along the signal
  // (axis 0)
  const { rows, columns } = view.weights();
  let square = 0;
  for (let k = 1; k < columns; k++) {
    let z = 0;
    for (let r = 0; r < linear.network.filters; r++) z += linear.network.outputWeights[r]! * rows[r * columns + k]!;
    square += z * z;
  }
  const error = normalTail(bounds.mean / Math.sqrt(square));
  assert.ok(error > 0.01 && Math.abs(bounds.floor - error / 2) <= ROUNDING, `${bounds.floor} against ${error / 2}`);
  assert.ok(bounds.concentration >= 2 * bounds.floor, 'a bound above the exact error');
});

test('the good event of a draw by hand', () => {
  const problem = makeProblem(
    { data: { n: 2, d: 4, mu: 2, draw: 'explicit', projected: false }, network: { m: 1 } },
    key(8),
  );
  const {
    sample: { vectors },
    init,
  } = problem;
  const row = (k: number): Float64Array => vectors.slice(k * 4, (k + 1) * 4);
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0);
  const event = goodEvent(problem);
  const w = [init.rows.slice(0, 4), init.rows.slice(4, 8)];
  const close = (a: number, b: number): void => assert.ok(Math.abs(a - b) <= ROUNDING, `${a} against ${b}`);
  close(event.noiseNormMax, Math.max(dot(row(1), row(1)), dot(row(2), row(2))) / 4);
  close(event.noiseOverlap, Math.abs(dot(row(1), row(2))) / 2);
  close(event.signalOverlap, Math.max(...[1, 2].map((k) => Math.abs(dot(row(0), row(k))))) / 2);
  close(event.initialSignal, Math.max(...w.map((one) => Math.abs(dot(one, row(0))))) / 2);
  close(event.initialNoise, Math.max(...w.flatMap((one) => [1, 2].map((k) => Math.abs(dot(one, row(k)))))) / 2);
  const start = trained(direct, problem, 0).view;
  close(event.initialOutput, Math.max(...start.outputs.map(Math.abs)));
});

test('the decomposition is seen to fail where a coefficient is wrong (negative control)', () => {
  const problem = makeProblem({}, key(9));
  const { view } = trained(direct, problem, 20);
  assert.ok(decompositionResidual(view, problem.sample, problem.network, problem.init) <= DECOMPOSITION);
  const coefficients = view.coefficients.slice();
  coefficients[1]! += 1e-3;
  const tampered = {
    outputs: view.outputs,
    outputsAt: (points: Points) => view.outputsAt(points),
    preactivations: view.preactivations,
    outputWeights: view.outputWeights,
    bias: view.bias,
    coefficients,
    startScale: 1,
    products: () => view.products(),
    weights: () => view.weights(),
  };
  assert.ok(decompositionResidual(tampered, problem.sample, problem.network, problem.init) > 1e-4);
});
