/** The two stages' quantities, the noise matrix and the noise parts, against numbers from explicit vectors. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import { symmetricEigenvalues } from '../../src/core/linear-algebra.ts';
import { Stream } from '../../src/core/random.ts';
import { lawOf, noiseRows } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { buildCell } from '../../src/experiments/cell.ts';
import { drawProblem } from '../../src/experiments/run.ts';
import { freshMargin } from '../../src/observables/certificates.ts';
import { coefficients } from '../../src/observables/decomposition.ts';
import { noiseMatrix } from '../../src/observables/noise-matrix.ts';
import { stages } from '../../src/observables/stages.ts';
import { key, makeProblem, trained } from '../helpers/problems.ts';
import { DECOMPOSITION, FACTORISATION } from '../tolerances.ts';

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (x, k) => x * b[k]!).reduce((sum, x) => sum + x, 0);
const close = (a: number, b: number, tolerance = DECOMPOSITION): void =>
  assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${a} against ${b}`);

test('eigenvalues of symmetric matrices: against ml-matrix, a repeated one, one near 0', () => {
  for (const size of [1, 2, 7, 30]) {
    const stream = new Stream(key(size), 'test');
    const a = new Float64Array(size * size);
    for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) a[i * size + j] = a[j * size + i] = stream.normal();
    const theirs = new EigenvalueDecomposition(Matrix.from1DArray(size, size, a), {
      assumeSymmetric: true,
    }).realEigenvalues.sort((x, y) => x - y);
    symmetricEigenvalues(a, size).forEach((value, k) => close(value, theirs[k]!, FACTORISATION));
  }
  assert.deepEqual([...symmetricEigenvalues(Float64Array.of(2, 0, 0, 2), 2)], [2, 2]);
  const [least, most] = symmetricEigenvalues(Float64Array.of(1, 1, 1, 1 + 1e-9), 2) as unknown as [number, number];
  close(least, 5e-10, FACTORISATION);
  close(most, 2, 1e-8);
});

test('singular values and interpolators: against a decomposition of the explicit matrix, and their margins', () => {
  const cell = buildCell(
    new Map(
      Object.entries({
        'data.model': 'unit-norm-mixture',
        'data.share': 0.2,
        'data.n': 8,
        'data.d': 30,
        'data.draw': 'explicit',
        'data.flipLaw': 'exact',
        'data.flips': 2,
        'network.m': 2,
      }),
    ),
  );
  const { sample } = drawProblem(cell, key(3));
  const {
    n,
    frame: { used, ambient },
    labels,
    trueLabels,
    vectors,
    roles,
  } = sample;
  assert.equal(used, ambient);
  const rows = noiseRows(sample);
  const N = Matrix.from1DArray(n, used, rows);
  const values = new SingularValueDecomposition(N, { autoTranspose: true }).diagonal.map(
    (s) => s / (lawOf(sample).noisy[0].sigma * Math.sqrt(ambient)),
  );
  const ours = noiseMatrix(sample);
  close(ours.noiseSingularMin, Math.min(...values), FACTORISATION);
  close(ours.noiseSingularMax, Math.max(...values), FACTORISATION);
  // The interpolators themselves, through the pseudo-inverse Nᵀ(NNᵀ)⁻¹.
  const pinv = (u: number[]): number[] => {
    const G = N.mmul(N.transpose());
    const alpha = new EigenvalueDecomposition(G, { assumeSymmetric: true });
    const V = alpha.eigenvectorMatrix;
    const z = V.transpose()
      .mmul(Matrix.columnVector(u))
      .to1DArray()
      .map((x, k) => x / alpha.realEigenvalues[k]!);
    return N.transpose()
      .mmul(V.mmul(Matrix.columnVector(z)))
      .to1DArray();
  };
  const mu = Array.from(vectors.slice(roles!.signal[0]! * used, (roles!.signal[0]! + 1) * used));
  const wrong = pinv(Array.from(labels, (y, i) => (y === trueLabels[i] ? 0 : y)));
  const signal = mu.map((x, k) => x / dot(mu, mu) + 2 * wrong[k]!);
  const noise = pinv([...labels]);
  for (const [w, norm] of [
    [signal, ours.interpolatorSignal],
    [noise, ours.interpolatorNoise],
  ] as const) {
    close(Math.sqrt(dot(w, w)), norm);
    for (let i = 0; i < n; i++)
      close(labels[i]! * dot(w, vectors.slice(roles!.noise[i]! * used, (roles!.noise[i]! + 1) * used)), 1);
  }
  // Two patches, or noise along the signal: there is no such interpolator.
  assert.ok(Number.isNaN(noiseMatrix(makeProblem({}, key(1)).sample).interpolatorNoise));
});

test('what is learnt, and the way towards the reference, from the weights themselves; the same on both engines', () => {
  const problem = makeProblem({ data: { flip: 0.2, draw: 'explicit' } }, key(4));
  const { sample, network, init } = problem;
  const {
    n,
    labels,
    frame: { used },
  } = sample;
  const { view } = trained(direct, problem, 40);
  const ours = stages(problem)(view);
  const rows = noiseRows(sample);
  const { rho } = coefficients(view, sample, network);
  const weights = view.weights();
  let [least, product, square] = [Infinity, 0, 0];
  for (let r = 0; r < network.filters; r++) {
    const V = new Float64Array(used);
    for (let i = 0; i < n; i++) {
      if (labels[i] !== network.classes[r]) continue;
      const xi = rows.slice(i * used, (i + 1) * used);
      xi.forEach((x, k) => (V[k]! += x / dot(xi, xi)));
      if (dot(init.rows.slice(r * init.columns, r * init.columns + used), xi) > 0)
        least = Math.min(least, rho[r * n + i]!);
    }
    square += dot(V, V);
    for (let k = 0; k < used; k++)
      product += (weights.rows[r * weights.columns + k]! - init.rows[r * init.columns + k]!) * V[k]!;
  }
  assert.ok(least > 0 && least < Infinity);
  close(ours.rhoBarLearnt, least);
  close(ours.referenceNorm, Math.sqrt(square));
  close(ours.towardsReference, product / square);
  const fast = stages(problem)(trained(gram, problem, 40).view);
  for (const id of ['rhoBarLearnt', 'towardsReference', 'referenceNorm'] as const) close(fast[id], ours[id]);
});

test('noise parts of the filters and of their signed sum', () => {
  const problem = makeProblem({ data: { draw: 'explicit' } }, key(5));
  const { network, sample } = problem;
  const { view } = trained(direct, problem, 10);
  const { rows, columns } = view.weights();
  const { noisePart, noisePartLinear } = freshMargin(view, problem);
  let square = 0;
  const sum = new Float64Array(columns);
  for (let r = 0; r < network.filters; r++) {
    for (let k = 0; k < columns; k++) {
      if (lawOf(sample).noisy[0].projectedAxes.includes(k)) continue;
      const z = network.outputWeights[r]! * rows[r * columns + k]!;
      square += z * z;
      sum[k]! += z;
    }
  }
  close(noisePart, Math.sqrt(square));
  close(noisePartLinear, Math.sqrt(dot(sum, sum)));
});
