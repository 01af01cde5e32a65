/** Mixtures and XOR clusters: parts, laws, closed forms, and the engines on them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalTail } from '../../src/core/special.ts';
import { lawOf, patchVector, type Sample } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import { MODELS as SHELF, type ModelId } from '../../src/experiments/models.ts';
import { buildNetwork, drawInitialWeights } from '../../src/network/two-layer.ts';
import { coefficients } from '../../src/observables/decomposition.ts';
import { testError } from '../../src/observables/test-error.ts';
import { CONTENT } from '../helpers/data-set.ts';
import { DATA, dot, key, NETWORK, trained, worstDifference } from '../helpers/problems.ts';
import { holdsInLaw, ksBetween } from '../helpers/statistics.ts';
import { DECOMPOSITION, ENGINES, LINEAR_ERROR, NEGATIVE_CONTROL, ROUNDING } from '../tolerances.ts';

type Noise = typeof DATA.noise;
const PARAMETERS = {
  ...DATA,
  n: 10,
  d: 40,
  mu: 3,
  cosine: 0.3,
  share: 0.2,
  featureNoise: 0.3,
  sparsity: 12,
  flip: 0.2,
  projected: false,
};
/** What the models here do not read. */
const OF_DATA_SET = {
  content: CONTENT,
  classes: '0/1',
  rows: 'stratified',
  heldOut: 10,
  divisor: 1,
  centring: 'none',
  layout: 'vector',
  side: 1,
  border: 1,
} as const;
/** Models that are drawn with their noise orthogonal to the signals. */
const PROJECTED: readonly string[] = ['unit-norm-mixture', 'xor'];
const drawn = (model: ModelId, changes: Partial<typeof PARAMETERS> = {}, seed = 1): Sample => {
  const parameters = { ...PARAMETERS, ...changes };
  return SHELF[model].draw(
    {
      ...OF_DATA_SET,
      spectrum: 'flat',
      patches: 2,
      signals: 1,
      positive: 0.5,
      ...parameters,
      ...(model === 'dataset' && { d: 27 }),
      ...(PROJECTED.includes(model) && { projected: true }),
    },
    key(seed),
  );
};
/** Sparse noise has another covariance: its laws are in feature-noise.test.ts. */
const SPARSE = ['sparse', 'explicit'] as const;
const MODELS = ['mixture', 'unit-norm-mixture', 'xor', 'xor-mixture'] as const;
const LAWS: readonly (readonly [Noise, 'd-free' | 'explicit'])[] = [
  ['gaussian', 'd-free'],
  ['gaussian', 'explicit'],
  ['student-t', 'd-free'],
  ['student-t', 'explicit'],
  ['rademacher', 'explicit'],
  ['uniform', 'explicit'],
];

test('a mixture: inputs y mu + xi along axis 0, one patch each, and the noise is what projection leaves of it', () => {
  for (const [noise, draw] of LAWS) {
    const sample = drawn('mixture', { noise, draw });
    const quiet = drawn('mixture', { noise, draw, mu: 0 });
    const projected = drawn('mixture', { noise, draw, projected: true });
    for (let i = 0; i < sample.n; i++) {
      const [x, xi, other] = [sample, quiet, projected].map((one) => patchVector(one, i, 0));
      assert.ok(Math.abs(x[0] - xi[0] - 3 * sample.trueLabels[i]) < ROUNDING);
      assert.deepEqual(x.slice(1), xi.slice(1));
      assert.equal(other[0], 3 * sample.trueLabels[i]);
      if (noise === 'rademacher') assert.ok(xi.every((value) => Math.abs(value) === 1));
      if (noise === 'uniform') assert.ok(xi.every((value) => Math.abs(value) <= Math.sqrt(3) + ROUNDING));
    }
    assert.deepEqual(
      lawOf(sample).atoms.map(({ label, patches }) => [label, ...patches]),
      [
        [1, [[0, 1]]],
        [-1, [[0, -1]]],
      ],
    );
  }
});

test('the unit-norm mixture: sqrt(gamma) along the signal, noise orthogonal to it, norms near 1 for large d', () => {
  const sample = drawn('unit-norm-mixture', { d: 1e6 });
  for (let i = 0; i < sample.n; i++) {
    const x = patchVector(sample, i, 0);
    assert.equal(x[0], Math.sqrt(0.2) * sample.trueLabels[i]);
    assert.ok(Math.abs(dot(x, x) - 1) < 0.01); // sd of |n|² is sqrt(2/d) = 1.4e-3
  }
});

test('XOR: the label says u or v, either sign occurs, and the angle is as asked', () => {
  const sample = drawn('xor', { n: 40, flip: 0 });
  const [u, v] = [0, 1].map((k) => sample.vectors.slice(k * sample.frame.used, (k + 1) * sample.frame.used));
  assert.ok(Math.abs(dot(u, v) / 9 - 0.3) < ROUNDING && Math.abs(dot(v, v) - 9) < ROUNDING);
  const seen = new Set<string>();
  for (let i = 0; i < sample.n; i++) {
    const signal = patchVector(sample, i, 0);
    const anchor = sample.labels[i] > 0 ? u : v;
    const sign = Math.sign(signal[0]);
    assert.ok(
      worstDifference(
        signal,
        anchor.map((x) => sign * x),
      ) === 0,
    );
    seen.add(`${sample.labels[i]} ${sign}`);
    assert.deepEqual(patchVector(sample, i, 1).slice(0, 2), new Float64Array(2));
    const whole = patchVector(drawn('xor-mixture', { n: 40, flip: 0, projected: true }), i, 0);
    assert.ok(
      worstDifference(
        whole,
        signal.map((x, k) => x + patchVector(sample, i, 1)[k]),
      ) < ROUNDING,
    );
  }
  assert.equal(seen.size, 4);
});

test('d-free draws have the law of explicit vectors, for Gaussian and Student-t noise', (t) => {
  const law = (model: ModelId, noise: Noise, draw: 'd-free' | 'explicit', at: number): number[][] =>
    Array.from({ length: 1000 }, (_, replicate) => {
      const sample = drawn(model, { noise, draw, n: 5, d: 12 }, at + replicate);
      const { used } = sample.frame;
      const row = (k: number): Float64Array =>
        sample.vectors.slice((sample.anchors - k) * used, (sample.anchors - k + 1) * used);
      return [dot(row(1), row(1)), dot(row(1), row(2))];
    });
  const family: Record<string, number> = {};
  for (const model of MODELS) {
    for (const noise of ['gaussian', 'student-t'] as const) {
      const [a, b] = [law(model, noise, 'd-free', 1), law(model, noise, 'explicit', 5001)];
      for (const s of [0, 1])
        family[`${model}, ${noise}, ${s ? 'product' : 'square'}`] = ksBetween(
          a.map((x) => x[s]),
          b.map((x) => x[s]),
        );
    }
  }
  holdsInLaw(t, family);
  // Negative control: Gaussian against Student-t noise.
  const [a, b] = [law('mixture', 'gaussian', 'd-free', 1), law('mixture', 'student-t', 'd-free', 5001)];
  assert.ok(
    ksBetween(
      a.map((x) => x[0]),
      b.map((x) => x[0]),
    ) < NEGATIVE_CONTROL,
  );
});

test('engines agree on every model of the shelf: direct, Gram in TypeScript and in the kernel (its bits)', () => {
  for (const model of Object.keys(SHELF) as ModelId[]) {
    for (const [noise, draw] of [...LAWS, SPARSE]) {
      for (const loss of ['logistic', 'hinge'] as const) {
        const problem = problemOf(drawn(model, { noise, draw }), loss);
        const [judge, reference, kernel] = [direct, gram, gramKernel].map(
          (engine) => trained(engine, problem, 300).view,
        );
        assert.ok(worstDifference(reference.outputs, judge.outputs) < ENGINES, `${model} ${noise} ${loss}`);
        assert.ok(worstDifference(reference.weights().rows, judge.weights().rows) < ENGINES);
        assert.deepEqual(kernel.outputs, reference.outputs);
        assert.deepEqual(kernel.coefficients, reference.coefficients);
      }
    }
  }
});

test('the decomposition of a mixture: weights moved by gamma along the signal and rho along the noises', () => {
  for (const [noise, draw] of LAWS) {
    const sample = drawn('mixture', { noise, draw });
    const problem = problemOf(sample, 'logistic');
    const { view } = trained(gram, problem, 200);
    const { gamma, rho } = coefficients(view, sample, problem.network);
    const { used } = sample.frame;
    const { rows, columns } = view.weights();
    const mu = sample.vectors.slice(0, used);
    const noises = Array.from({ length: sample.n }, (_, i) =>
      patchVector(sample, i, 0).map((x, k) => x - sample.trueLabels[i] * mu[k]),
    );
    for (let r = 0; r < problem.network.filters; r++) {
      const rebuilt = Float64Array.from(
        { length: used },
        (_, k) => problem.init.rows[r * columns + k] + (problem.network.classes[r] * gamma[r] * mu[k]) / dot(mu, mu),
      );
      noises.forEach((xi, i) => xi.forEach((x, k) => (rebuilt[k] += (rho[r * sample.n + i] * x) / dot(xi, xi))));
      assert.ok(worstDifference(rebuilt, rows.slice(r * columns, r * columns + used)) < DECOMPOSITION);
    }
  }
});

test('linear networks: the exact error of a mixture is Phi(-margin), of XOR one half; points agree for every noise', () => {
  for (const model of MODELS) {
    for (const [noise, draw] of LAWS) {
      const sample = drawn(model, { noise, draw });
      const base = problemOf(sample, 'logistic');
      const problem: Problem = {
        ...base,
        network: { ...base.network, activation: { kind: 'piecewise-linear', leak: 1 } },
      };
      const { view } = trained(gram, problem, 100);
      const settings = {
        estimator: noise === 'gaussian' ? 'lines' : 'points',
        lines: 8,
        shifts: 4,
        points: 4000,
        precision: 0.1,
      } as const;
      const { clean, cleanSe } = testError(
        view,
        problem.network.activation,
        sample.anchors,
        sample.fresh,
        settings,
        key(5),
      );
      if (model.startsWith('xor')) {
        assert.ok(
          Math.abs(clean - 0.5) < (noise === 'gaussian' ? LINEAR_ERROR : 4.5 * cleanSe),
          `${model} ${noise}: ${clean}`,
        );
        continue;
      }
      // w = sum_r a_r w_r; error = P(<w, xi> < -<w, mu>)
      const { rows, columns } = view.weights();
      const w = new Float64Array(columns);
      for (let r = 0; r < problem.network.filters; r++)
        for (let k = 0; k < columns; k++) w[k] += problem.network.outputWeights[r] * rows[r * columns + k];
      const { sigma, projectedAxes } = lawOf(sample).noisy[0];
      const noiseNorm = sigma * Math.sqrt(w.reduce((sum, x, k) => sum + (projectedAxes.includes(k) ? 0 : x * x), 0));
      const exact = normalTail((w[0] * sample.vectors[0]) / noiseNorm);
      if (noise === 'gaussian')
        assert.ok(Math.abs(clean / exact - 1) < LINEAR_ERROR, `${model}: ${clean} against ${exact}`);
      // Other laws: nearly Gaussian in 40 dimensions, so within .03 of it, and not closer than their own error says
      // (checked by the draw's moments above).
      else assert.ok(Math.abs(clean - exact) < 0.03 + 4.5 * cleanSe, `${model} ${noise}: ${clean} against ${exact}`);
    }
  }
});

function problemOf(sample: Sample, loss: Problem['loss']): Problem {
  const network = buildNetwork({ ...NETWORK, m: 5 }, sample.patches.perSample);
  const init = drawInitialWeights({ law: 'gaussian', sigma0: 0.1 }, network, sample.frame, key(9));
  return { sample, network, init, loss, stepPerSample: 0.01 };
}
