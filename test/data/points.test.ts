/** Points of several noisy patches and several signals, of classes that are not alike: law and learning. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { productTransposed } from '../../src/core/linear-algebra.ts';
import { meanAndSe, twoSidedP, type Estimate } from '../../src/core/statistics.ts';
import { drawFeatureNoise } from '../../src/data/feature-noise.ts';
import { drawMixture } from '../../src/data/mixture.ts';
import { checkSample, lawOf, noiseRows } from '../../src/data/sample.ts';
import { drawSignalNoise, type SignalNoiseParameters } from '../../src/data/signal-noise.ts';
import { drawXor } from '../../src/data/xor.ts';
import { MODELS } from '../../src/experiments/models.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import type { Cell } from '../../src/experiments/cell.ts';
import { fixture } from '../helpers/fixtures.ts';
import { DATA, dot, key } from '../helpers/problems.ts';
import { holdsInLaw, ksBetween } from '../helpers/statistics.ts';
import { ENGINES, NEGATIVE_CONTROL, ROUNDING } from '../tolerances.ts';

// ---- against an independent program ----

/** Lines of a run: the mean over runs is right whatever their number. */
const FEW = { test: { lines: 8, shifts: 2 } };
const PLAIN = { patches: undefined, signals: undefined, positive: undefined };
/** The settings of points.py, in its order. */
const AS_IN_NUMPY: Readonly<Record<string, object>> = {
  'four patches': { patches: 4, mu: 2.5, flip: 0.1 },
  'three signals': { signals: 3, mu: 4, sigmaP: 0.9, flip: 0.1 },
  'all three': {
    patches: 3,
    signals: 2,
    positive: 0.3,
    flip: 0.2,
    flipLaw: 'by-class',
    flipTilt: 0.6,
    projected: false,
    mu: 4,
    sigmaP: 0.8,
  },
  mixture: {
    model: 'mixture',
    positive: 0.2,
    flip: 0.2,
    flipLaw: 'by-class',
    flipTilt: 0.8,
    projected: false,
    mu: 2.5,
  },
  xor: { model: 'xor', positive: 0.7, flip: 0.1, mu: 4, sigmaP: 0.9 },
};

const cellOf = (data: object, more: object = {}): Cell =>
  [
    ...cells(
      specFrom(
        {
          data: { n: 10, d: 40, mu: 2, ...data },
          network: { m: 3, sigma0: 0.05 },
          training: { etaUnit: 'n*m/(sigmaP^2*d)', eta: 0.5, maxSteps: 40 },
          ...more,
        },
        'points',
      ),
    ),
  ][0]!;

test('draws, labels, training and errors are those of an independent NumPy program', (t) => {
  const { settings } = fixture('numpy/points.json') as {
    readonly settings: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>;
  };
  assert.deepEqual(Object.keys(AS_IN_NUMPY), Object.keys(settings));
  const family: Record<string, number> = {};
  for (const [name, data] of Object.entries(AS_IN_NUMPY)) {
    const ours = meansOf(cellOf(data, FEW), 160);
    const plain = meansOf(cellOf({ ...data, ...PLAIN }, FEW), 40);
    let least = 1;
    for (const [of, [mean, se]] of Object.entries(settings[name]!)) {
      const p = (x: Estimate): number =>
        Math.abs(x.mean - mean) <= ROUNDING ? 1 : twoSidedP((x.mean - mean) / Math.hypot(x.se, se));
      family[`${name}: ${of}`] = p(ours[of]!);
      least = Math.min(least, p(plain[of]!));
      t.diagnostic(`${name}: ${of}: ${ours[of]!.mean.toPrecision(5)} against ${mean.toPrecision(5)}`);
    }
    assert.ok(least < NEGATIVE_CONTROL, `${name}: the plain model is not told from it`);
  }
  holdsInLaw(t, family);
});

const eigenvaluesOf = (gram: Float64Array, size: number): number[] =>
  new EigenvalueDecomposition(Matrix.from1DArray(size, size, gram), { assumeSymmetric: true }).realEigenvalues;

/** Means over replicates of what the fixture has. */
function meansOf(cell: Cell, count: number): Record<string, Estimate> {
  const columns: Record<string, number[]> = {};
  for (let replicate = 0; replicate < count; replicate++) {
    const { values } = runCell(cell, 81, replicate, { series: [], every: 1, values: ['averagingError'] });
    const sample = MODELS[cell.data.model].draw(cell.data, key(82, replicate));
    const { n, labels, trueLabels, patches, frame, roles } = sample;
    const noises = noiseRows(sample);
    const { used } = frame;
    const N = roles!.noise.length;
    const G = productTransposed(noises, N, noises, N, used);
    const last = roles!.signal.length - 1;
    const wrong = Array.from(labels, (y, i) => y !== trueLabels[i]);
    const one = {
      'last |xi|^2': G.at(-1)!,
      '<xi_1, xi_2>^2': G[1]! ** 2,
      '<last xi, e_last signal>^2': noises[(N - 1) * used + last]! ** 2,
      'largest eigenvalue of G': Math.max(...eigenvaluesOf(G, N)),
      'labels +1': trueLabels.filter((y) => y > 0).length / n,
      'wrong labels': wrong.filter(Boolean).length,
      'wrong labels of +1': wrong.filter((is, i) => is && trueLabels[i]! > 0).length,
      'signals shown':
        patches.perSample > 1
          ? new Set(Array.from({ length: n }, (_, i) => patches.anchor[patches.start[i * patches.perSample]!])).size
          : 1,
      'training loss': values.trainLoss!,
      'least margin': values.marginMin!,
      'clean test error': values.testErrorClean!,
      'test error': values.testError!,
      'error of averaging': values.averagingError!,
    };
    for (const [name, value] of Object.entries(one)) (columns[name] ??= []).push(value);
  }
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, meanAndSe(values)]));
}

// ---- d-free and explicit ----

test('d-free and explicit draws of several patches and signals agree in law, below and above their number', (t) => {
  const SIZE = { ...DATA, n: 6, patches: 3, flip: 0.2 };
  const shown = (parameters: Partial<SignalNoiseParameters>, seed: number): Record<string, number[]> => {
    const columns: Record<string, number[]> = {};
    for (let replicate = 0; replicate < 1000; replicate++) {
      const sample = drawSignalNoise({ ...SIZE, ...parameters }, key(seed, replicate));
      const { used, ambient } = sample.frame;
      const rows = noiseRows(sample);
      const G = productTransposed(rows, 12, rows, 12, used);
      const eigenvalues = eigenvaluesOf(G, 12).sort((a, b) => b - a);
      const rank = Math.min(12, ambient - (parameters.projected ? (parameters.signals ?? 1) : 0));
      const one = {
        'last |xi|^2': G[143]!,
        '<xi_11, xi_12>': G[1]!,
        'least eigenvalue that is not 0': eigenvalues[rank - 1]!,
        'log of the product of those': eigenvalues.slice(0, rank).reduce((sum, x) => sum + Math.log(x), 0),
        'last <xi, e_2>': rows[11 * used + 1]!,
        'labels times signs': dot(
          sample.labels,
          sample.patches.coefficient.filter((_, at) => at % 3 === 0),
        ),
      };
      for (const [name, value] of Object.entries(one)) (columns[name] ??= []).push(value);
    }
    return columns;
  };
  const family: Record<string, number> = {};
  for (const [d, projected] of [
    [15, true],
    [9, false],
  ] as const) {
    const free = shown({ d, projected, signals: 2, draw: 'd-free' }, 41);
    const explicit = shown({ d, projected, signals: 2, draw: 'explicit' }, 42);
    for (const name of Object.keys(free)) family[`d = ${d}: ${name}`] = ksBetween(free[name]!, explicit[name]!);
    // Negative control: one signal is taken off the noise and not two.
    if (projected) {
      const one = shown({ d, projected, signals: 1, draw: 'explicit' }, 43);
      const name = 'log of the product of those';
      assert.ok(ksBetween(free[name]!, one[name]!) < NEGATIVE_CONTROL);
    }
  }
  holdsInLaw(t, family);
});

// ---- invariants ----

test('two patches, one signal and equal classes are the model as it was, bit by bit', () => {
  const plain = { ...DATA, flip: 0.2, cosine: 0.2, featureNoise: 0.5 };
  const spelled = { ...plain, patches: 2, signals: 1, positive: 0.5 };
  const draws = [
    drawSignalNoise,
    drawMixture,
    drawFeatureNoise,
    (data: typeof plain, streams: Parameters<typeof drawXor>[2]) => drawXor(data, 2, streams),
    (data: typeof plain, streams: Parameters<typeof drawXor>[2]) => drawXor(data, 1, streams),
  ];
  for (const draw of draws) assert.deepEqual(draw(spelled, key(3)), draw(plain, key(3)));
  for (const labels of ['random', 'balanced'] as const)
    for (const n of [7, 8])
      assert.deepEqual(
        drawFeatureNoise({ ...spelled, n, labels }, key(3)).trueLabels,
        drawFeatureNoise({ ...plain, n, labels }, key(3)).trueLabels,
      );
});

test('samples fit together: anchors, roles and atoms; every point shows one signal, with its label', () => {
  const sample = drawSignalNoise({ ...DATA, patches: 4, signals: 3, positive: 0.3 }, key(4));
  checkSample(sample);
  const { n, patches, trueLabels, roles, anchors } = sample;
  assert.equal(anchors, 3 + 3 * n);
  assert.deepEqual(roles!.noisy, [1, 2, 3]);
  for (let i = 0; i < n; i++) {
    assert.ok(patches.anchor[4 * i]! < 3);
    assert.equal(patches.coefficient[4 * i], trueLabels[i]);
    assert.deepEqual([...patches.anchor.subarray(4 * i + 1, 4 * i + 4)], roles!.noise.slice(3 * i, 3 * i + 3));
  }
  const { atoms } = lawOf(sample);
  assert.equal(atoms.length, 6);
  for (const { probability, label } of atoms) assert.ok(Math.abs(probability - (label > 0 ? 0.1 : 0.7 / 3)) < ROUNDING);
  // The noise has no part along any signal.
  const rows = noiseRows(sample);
  for (let j = 0; j < 3 * n; j++)
    for (let k = 0; k < 3; k++) assert.equal(Math.abs(rows[j * sample.frame.used + k]!), 0);
});

test('balanced classes have a rounded share; the adversary sees all noises of a point', () => {
  for (const [n, positive, count] of [
    [10, 0.3, 3],
    [10, 0.25, 2],
    [10, 0.26, 3],
    [7, 0.5, 3],
    [9, 0.9, 8],
  ] as const) {
    const { trueLabels } = drawFeatureNoise({ ...DATA, n, positive, labels: 'balanced', featureNoise: 0 }, key(5));
    assert.equal(trueLabels.filter((y) => y > 0).length, count, `${n} ${positive}`);
  }
  const sample = drawSignalNoise({ ...DATA, patches: 4, flipLaw: 'adversarial', flips: 2 }, key(6));
  const rows = noiseRows(sample);
  const { used } = sample.frame;
  const lengths = Array.from({ length: sample.n }, (_, i) => {
    const own = rows.subarray(3 * i * used, 3 * (i + 1) * used);
    return { i, square: dot(own, own) };
  }).sort((a, b) => b.square - a.square);
  const flipped = Array.from(sample.labels.keys()).filter((i) => sample.labels[i] !== sample.trueLabels[i]);
  assert.deepEqual(
    flipped,
    lengths
      .slice(0, 2)
      .map(({ i }) => i)
      .sort((a, b) => a - b),
  );
});

test('every engine learns them alike, and both estimators count the same error', (t) => {
  const data = { patches: 4, signals: 3, positive: 0.3, flip: 0.1, mu: 4, n: 12 };
  const of = (engine: string, loss: string, test: object = {}) =>
    runCell(
      cellOf(data, {
        engine,
        test,
        coupling: 'common',
        training: { etaUnit: 'n*m/(sigmaP^2*d)', eta: 0.5, maxSteps: 40, loss },
      }),
      7,
      0,
    ).values;
  for (const [engine, loss] of [
    ['gram', 'logistic'],
    ['gram-frozen', 'logistic'],
    ['gram-incremental', 'hinge'],
  ] as const) {
    const [fast, plain] = [of(engine, loss), of('direct', loss)];
    for (const id of ['trainLoss', 'marginMin', 'testErrorClean', 'gamma', 'rhoBar', 'rhoUnder'] as const)
      assert.ok(Math.abs(fast[id]! - plain[id]!) <= ENGINES * Math.max(1, Math.abs(plain[id]!)), `${engine} ${id}`);
  }
  const judge = of('direct', 'logistic');
  const points = of('gram', 'logistic', { estimator: 'points', points: 20_000 });
  const z =
    (judge.testErrorClean! - points.testErrorClean!) / Math.hypot(judge.testErrorCleanSe!, points.testErrorCleanSe!);
  holdsInLaw(t, { 'lines against points': twoSidedP(z) });
  assert.ok(judge.testErrorClean! > 0.01);
});
