/** The d-free draw has the law of explicit vectors (docs/architecture.md, "How numbers are checked", item 2). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { productTransposed, solvePositiveDefinite } from '../../src/core/linear-algebra.ts';
import { Stream, type StreamKey } from '../../src/core/random.ts';
import { drawSignalNoise, type SignalNoiseParameters } from '../../src/data/signal-noise.ts';
import { buildNetwork, drawInitialWeights } from '../../src/network/two-layer.ts';
import { DATA, dot, key, NETWORK } from '../helpers/problems.ts';
import { holdsInLaw, ksAgainst, ksBetween } from '../helpers/statistics.ts';
import { NEGATIVE_CONTROL } from '../tolerances.ts';

const SIZE = { n: 20, sigmaP: 1.5, flip: 0.2 };
const network = buildNetwork({ ...NETWORK, m: 10 }, 2);

/** eigenvalue number `index` from below of a symmetric matrix */
function eigenvalue(gram: Float64Array, size: number, index: number): number {
  return new EigenvalueDecomposition(Matrix.from1DArray(size, size, gram), {
    assumeSymmetric: true,
  }).realEigenvalues.sort((a, b) => a - b)[index];
}

/** log det by elimination; -Infinity or NaN when singular */
function logDeterminant(gram: Float64Array, size: number): number {
  const a = gram.slice();
  let sum = 0;
  for (let k = 0; k < size; k++) {
    sum += Math.log(a[k * size + k]);
    for (let i = k + 1; i < size; i++) {
      const factor = a[i * size + k] / a[k * size + k];
      for (let j = k + 1; j < size; j++) a[i * size + j] -= factor * a[k * size + j];
    }
  }
  return sum;
}

/** What the noises alone show: rows of G's factor, and labels. */
function noiseStatistics(
  rows: Float64Array,
  columns: number,
  n: number,
  labels: Float64Array,
  rank: number,
): Record<string, number> {
  const G = productTransposed(rows, n, rows, n, columns);
  return {
    'last |xi|^2': G[n * n - 1],
    'least eigenvalue of G': eigenvalue(G, n, n - rank), // the least one that is not 0
    ...(rank === n && {
      'yᵀ G⁻¹ y': dot(labels, solvePositiveDefinite(G, n, labels)),
      'log det G': logDeterminant(G, n),
    }),
  };
}

/** All statistics of one draw of data and initial weights. */
function statisticsOf(
  parameters: Partial<SignalNoiseParameters>,
  streams: StreamKey,
  withJointSpectrum: boolean,
): Record<string, number> {
  const sample = drawSignalNoise({ ...DATA, ...SIZE, ...parameters }, streams);
  const {
    n,
    frame: { ambient: d, used },
  } = sample;
  const init = drawInitialWeights({ law: 'gaussian', sigma0: 1.5 }, network, sample.frame, streams); // the noises' scale: one joint Gram matrix
  const freedom = parameters.projected ? d - 1 : d;
  const R = network.filters;
  const w = Array.from({ length: R }, (_, r) => init.rows.subarray(r * init.columns, (r + 1) * init.columns));
  const last = sample.vectors.subarray(n * used);
  const joint = new Float64Array((n + R) * init.columns);
  for (let i = 0; i < n; i++) joint.set(sample.vectors.subarray((1 + i) * used, (2 + i) * used), i * init.columns);
  joint.set(init.rows, n * init.columns);
  const J = productTransposed(joint, n + R, joint, n + R, init.columns);
  return {
    ...noiseStatistics(sample.vectors.subarray(used), used, n, sample.labels, Math.min(n, freedom)),
    'last |w|^2': dot(w[R - 1], w[R - 1]),
    '<w_0, last xi>': dot(w[0], last),
    '<w_0, last w>': dot(w[0], w[R - 1]),
    '<last w, e_1>': w[R - 1][0],
    ...(n + R <= freedom && { 'log det of the joint Gram matrix': logDeterminant(J, n + R) }),
    ...(withJointSpectrum && {
      'least eigenvalue of the joint Gram matrix': eigenvalue(J, n + R, n + R - Math.min(n + R, d)),
    }),
  };
}

function gather(count: number, one: (replicate: number) => Record<string, number>): Record<string, number[]> {
  const columns: Record<string, number[]> = {};
  for (let replicate = 0; replicate < count; replicate++)
    for (const [name, value] of Object.entries(one(replicate))) (columns[name] ??= []).push(value);
  return columns;
}

test('d-free and explicit draws agree in law, above and below n + 2m + 1 dimensions', (t) => {
  const family: Record<string, number> = {};
  const settings = [
    [1000, true, 1000],
    [100, true, 2000],
    [100, false, 2000],
    [30, true, 2000],
    [30, false, 1000],
    [15, true, 1000],
    [15, false, 1000],
  ] as const;
  for (const [d, projected, count] of settings) {
    const draws = (draw: SignalNoiseParameters['draw'], seed: number): Record<string, number[]> =>
      gather(count, (replicate) => statisticsOf({ d, projected, draw }, key(seed, replicate), replicate < 300));
    const free = draws('d-free', 31);
    const explicit = draws('explicit', 32);
    assert.deepEqual(Object.keys(free), Object.keys(explicit));
    for (const name of Object.keys(free))
      family[`d = ${d}${projected ? '' : ' raw'}: ${name}`] = ksBetween(free[name], explicit[name]);
  }
  holdsInLaw(t, family);
});

test('closed forms in dimensions that no explicit draw reaches', (t) => {
  // |xi|^2 / sigma^2 ~ chi^2(d - 1), and n / (yᵀ G⁻¹ y) ~ sigma^2 chi^2(d - 1 - n + 1) for y independent of G
  const { n, sigmaP } = SIZE;
  const family: Record<string, number> = {};
  for (const d of [25, 1e4, 1e6]) {
    const columns = gather(2000, (replicate) => {
      const sample = drawSignalNoise({ ...DATA, ...SIZE, d }, key(33, replicate));
      const { used } = sample.frame;
      const G = productTransposed(sample.vectors.subarray(used), n, sample.vectors.subarray(used), n, used);
      return {
        norm: G[n * n - 1] / sigmaP ** 2,
        solve: n / dot(sample.labels, solvePositiveDefinite(G, n, sample.labels)) / sigmaP ** 2,
      };
    });
    family[`|xi|^2 at d = ${d}`] = ksAgainst(columns['norm'], (x) => chiSquareCdf(x, d - 1));
    family[`n / yᵀ G⁻¹ y at d = ${d}`] = ksAgainst(columns['solve'], (x) => chiSquareCdf(x, d - n));
  }
  holdsInLaw(t, family);
});

/** Bartlett's triangle for projected noise, with chi's index off by `offset`. */
function triangle(
  n: number,
  d: number,
  offset: number,
  streams: StreamKey,
): { rows: Float64Array; labels: Float64Array } {
  const stream = new Stream(streams, 'test');
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) rows[i * n + k] = SIZE.sigmaP * stream.normal();
    rows[i * n + i] = SIZE.sigmaP * stream.chi(d - 1 - i + offset);
  }
  return { rows, labels: Float64Array.from({ length: n }, () => (stream.uniform() < 0.5 ? 1 : -1)) };
}

test('negative control: chi’s index off by one is seen at d = 100 with 2,000 draws', (t) => {
  // One index among 80 ... 99 is a small thing: |xi|^2 and yᵀ G⁻¹ y see one factor each and have no power here, the
  // determinant gathers all of them.
  const { n } = SIZE;
  const [d, count] = [100, 2000];
  const shown = (draw: (replicate: number) => { rows: Float64Array; labels: Float64Array }): Record<string, number[]> =>
    gather(count, (replicate) => {
      const { rows, labels } = draw(replicate);
      return noiseStatistics(rows, rows.length / n, n, labels, n);
    });
  const ours = shown((replicate) => {
    const { vectors, frame, labels } = drawSignalNoise({ ...DATA, ...SIZE, d }, key(34, replicate));
    return { rows: vectors.subarray(frame.used), labels };
  });
  const [right, less, more] = [0, -1, 1].map((offset) =>
    shown((replicate) => triangle(n, d, offset, key(35, replicate))),
  );
  holdsInLaw(t, Object.fromEntries(Object.keys(ours).map((name) => [name, ksBetween(ours[name], right[name])])));
  for (const name of Object.keys(ours)) {
    const [low, high] = [less, more].map((wrong) => ksBetween(ours[name], wrong[name]));
    t.diagnostic(`${name}: off by -1, +1: p = ${low.toExponential(1)}, ${high.toExponential(1)}`);
    if (name === 'log det G') assert.ok(low < NEGATIVE_CONTROL && high < NEGATIVE_CONTROL);
  }
});
