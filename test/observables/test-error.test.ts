import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { normalTail } from '../../src/core/special.ts';
import { meanAndSe, twoSidedP, type Estimate } from '../../src/core/statistics.ts';
import { lawOf } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem, SpanView } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { activate, type Activation } from '../../src/network/activation.ts';
import { freshOutput, type FreshOutput } from '../../src/observables/fresh-output.ts';
import { sampleLines } from '../../src/observables/lines.ts';
import { estimateByPoints } from '../../src/observables/points.ts';
import type { TestErrorParameters } from '../../src/observables/estimator.ts';
import { testError } from '../../src/observables/test-error.ts';
import { inNetworkUnits } from '../helpers/outputs.ts';
import { anchorsOf, dot, key, makeProblem, trained } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import {
  FACTORISATION,
  FALSE_ALARM,
  HONEST_SE,
  LINEAR_ERROR,
  NEGATIVE_CONTROL,
  QUADRATURE,
  ROUNDING,
} from '../tolerances.ts';

const LINES: TestErrorParameters = { estimator: 'lines', lines: 64, shifts: 32, points: 2, precision: 1 };
const POINTS: TestErrorParameters = { estimator: 'points', lines: 1, shifts: 2, points: 200_000, precision: 1 };

const outputOf = ({ sample, network }: Problem, view: SpanView): FreshOutput =>
  inNetworkUnits(freshOutput(view, network.activation, sample.anchors, lawOf(sample)));
const errorOf = ({ sample, network }: Problem, view: SpanView, parameters: TestErrorParameters, seed = 1) =>
  testError(view, network.activation, sample.anchors, sample.fresh, parameters, key(seed));

/** p-value that two estimates have the same mean. */
const sameMean = (a: Estimate, b: Estimate): number =>
  a.mean === b.mean ? 1 : twoSidedP((a.mean - b.mean) / Math.hypot(a.se, b.se));

// ---- closed forms ----

test('a linear network: lines give the normal tail Phi(-margin) exactly, far into the tail, points within their error', (t) => {
  const linear: Activation = { kind: 'piecewise-linear', leak: 1 };
  const family: Record<string, number> = {};
  let deepest = 1;
  for (const bias of [false, true]) {
    for (const projected of [true, false]) {
      for (const [d, mu] of [
        [40, 1],
        [40, 6],
        [6, 3],
        [1e6, 200],
      ]) {
        const drawn = makeProblem(
          {
            data: { d, mu, projected, flip: 0.2 },
            network: { bias },
            init: { law: 'pytorch-gaussian', sigma0: 0 },
            stepPerSample: 0.5 / d,
          },
          key(71),
        );
        const problem: Problem = { ...drawn, network: { ...drawn.network, activation: linear } };
        const { view } = trained(gram, problem, 100);
        // f = <v, x1 + x2> + 2 sum a b with v = Wᵀ a
        const { rows, columns } = view.weights();
        const v = Array.from({ length: columns }, (_, k) =>
          problem.network.outputWeights.reduce((sum, a, r) => sum + a * rows[r * columns + k], 0),
        );
        const shift = 2 * dot(problem.network.outputWeights, view.bias);
        const noise = projected ? v.slice(1) : v;
        const spread = Math.sqrt(dot(noise, noise));
        const exact = (normalTail((v[0] * mu + shift) / spread) + normalTail((v[0] * mu - shift) / spread)) / 2;
        const lines = errorOf(problem, view, LINES);
        assert.ok(Math.abs(lines.clean - exact) <= LINEAR_ERROR * exact, `${lines.clean} instead of ${exact}`);
        assert.ok(lines.cleanSe <= LINEAR_ERROR * exact);
        deepest = Math.min(deepest, exact);
        const points = errorOf(problem, view, POINTS);
        if (exact * POINTS.points > 100)
          family[`${bias ? 'bias, ' : ''}${projected ? 'projected, ' : ''}d = ${d}, mu = ${mu}`] = twoSidedP(
            (points.clean - exact) / points.cleanSe,
          );
      }
    }
  }
  t.diagnostic(`least error ${deepest.toExponential(1)}`);
  assert.ok(deepest < 1e-12); // where plain points see nothing
  holdsInLaw(t, family);
});

/** f = fixed + a_1 sigma(g_1 + s_1) + a_2 sigma(g_2 + s_2) with independent g. */
const twoFilters = (fixed: number, shift = 0, leak = 0): FreshOutput => ({
  activation: { kind: 'piecewise-linear', leak },
  outputWeights: Float64Array.of(1, -1),
  filters: 2,
  rank: 2,
  l: Float64Array.of(1, 0, 0, 1),
  atoms: [1, -1].map((label) => ({ probability: 0.5, label, fixed: label * fixed, group: 0 })),
  groups: [Float64Array.of(shift, shift)],
});

test('m = 1 without a bias: the noise output is exactly 0 with probability 1/4, an error where nothing else speaks', (t) => {
  const family: Record<string, number> = {};
  const against = (name: string, output: FreshOutput, exact: number): void => {
    for (const [estimator, { mean, se }] of [
      ['lines', sampleLines(output, LINES, key(72))],
      ['points', estimateByPoints(output, POINTS.points, key(72))],
    ] as const) {
      family[`${name}, ${estimator}`] = sameMean({ mean, se }, { mean: exact, se: ROUNDING });
      assert.ok(se < 0.01);
    }
  };
  against('no signal', twoFilters(0), 5 / 8); // right only where sigma(g_1) > sigma(g_2)
  against('a trace of signal', twoFilters(1e-200), 3 / 8); // decides the quarter
  against('a trace of wrong signal', twoFilters(-1e-200), 5 / 8);
  against('a leak', twoFilters(0, 0, 0.1), 1 / 2); // continuous and odd in (g_1, g_2)
  holdsInLaw(t, family);
});

/** P(c + sigma(g_1 + s) <= sigma(g_2 + s)) by quadrature over g_1. */
function twoFilterError(c: number, s: number, leak: number): number {
  const step = 1e-3;
  let sum = 0;
  for (let g = -9 + step / 2; g < 9; g += step) {
    const height = c + (g + s > 0 ? g + s : leak * (g + s)); // what sigma(g_2 + s) has to reach
    const reached = height > 0 ? normalTail(height - s) : leak > 0 ? normalTail(height / leak - s) : 1;
    sum += step * Math.exp(-0.5 * g * g) * reached;
  }
  return sum / Math.sqrt(2 * Math.PI);
}

test('four independent filters: silent together with probability 1/16, exactly 0 and not a rounded 0', (t) => {
  const identity = Float64Array.from({ length: 16 }, (_, k) => (k % 5 === 0 ? 1 : 0));
  const four = (fixed: number): FreshOutput => ({
    ...twoFilters(fixed),
    outputWeights: Float64Array.of(0.3, 0.3, -0.3, -0.3),
    filters: 4,
    rank: 4,
    l: identity,
    groups: [new Float64Array(4)],
  });
  const many = { lines: 128, shifts: 64 };
  holdsInLaw(t, {
    'no signal': sameMean(sampleLines(four(0), many, key(75)), { mean: 1 - 15 / 16 / 2, se: 0 }),
    'a trace of signal': sameMean(sampleLines(four(1e-200), many, key(75)), { mean: 15 / 16 / 2, se: 0 }),
  });
});

test('m = 1 with a signal, a bias, a leak: quadrature', (t) => {
  const family: Record<string, number> = {};
  for (const leak of [0, 0.3]) {
    for (const shift of [-1, 0, 0.7]) {
      for (const c of [-0.5, 0.5, 2, 4]) {
        const exact = twoFilterError(c, shift, leak);
        for (const seed of [1, 2])
          family[`c = ${c}, shift ${shift}, leak ${leak}, seed ${seed}`] = sameMean(
            sampleLines(twoFilters(c, shift, leak), LINES, key(74, seed)),
            { mean: exact, se: QUADRATURE },
          );
      }
    }
  }
  holdsInLaw(t, family);
});

test('a network that is 0 is wrong everywhere, one without noise is decided by its signal', () => {
  const zero = makeProblem({ init: { law: 'gaussian', sigma0: 0 }, data: { flip: 0.1 } }, key(73));
  for (const parameters of [LINES, { ...POINTS, points: 100 }]) {
    const { clean, cleanSe, noisy, noisySe, zero: mass } = errorOf(zero, trained(gram, zero, 0).view, parameters);
    assert.deepEqual([clean, cleanSe, mass, noisySe], [1, 0, 1, 0]);
    assert.ok(Math.abs(noisy - 1) <= ROUNDING); // wrong for either label
  }
  const silent = makeProblem({ data: { sigmaP: 0, n: 20 } }, key(73));
  for (const parameters of [LINES, { ...POINTS, points: 100 }])
    assert.equal(errorOf(silent, trained(gram, silent, 100).view, parameters).clean, 0);
});

// ---- lines against points against fresh points in d dimensions ----

/** Trained networks of many kinds; the last ones have more filters than coordinates. */
function* networks(): Generator<{ name: string; problem: Problem; view: SpanView }> {
  let seed = 80;
  for (const [m, d, n, mu] of [
    [1, 60, 10, 1.5],
    [5, 100, 20, 2],
    [32, 50, 20, 1.5],
  ])
    for (const activation of ['relu', 'leaky-relu'] as const)
      for (const bias of [false, true])
        for (const projected of [true, false]) {
          const problem = makeProblem(
            {
              data: { n, d, mu, projected, flip: 0.1, draw: 'explicit' },
              network: { activation, leak: 0.2, m, bias, outputScale: m === 5 ? '1' : '1/m' },
              init: { law: seed % 2 ? 'gaussian' : 'pytorch', sigma0: 0.1 },
              loss: seed % 3 ? 'logistic' : 'hinge',
              stepPerSample: (m === 5 ? 0.1 : 1) / n,
            },
            key(++seed),
          );
          yield {
            name: `m = ${m}, d = ${d}, ${activation}${bias ? ', bias' : ''}${projected ? ', projected' : ''}`,
            problem,
            view: trained(direct, problem, 40).view,
          };
        }
}

/** Error rate on fresh points with all their d coordinates: nothing shared with the estimators but the weights. */
function explicitError({ sample, network }: Problem, view: SpanView, points: number, seed: number): Estimate {
  const stream = new Stream(key(seed), 'test', 9);
  const { rows, columns } = view.weights();
  const w = Array.from({ length: network.filters }, (_, r) => rows.subarray(r * columns, (r + 1) * columns));
  const [mu] = anchorsOf(sample);
  const [{ sigma, projectedAxes }] = lawOf(sample).noisy;
  const onSignal = [1, -1].map((y) =>
    w.reduce(
      (sum, row, r) => sum + view.outputWeights[r] * activate(network.activation, y * dot(row, mu) + view.bias[r]),
      0,
    ),
  );
  const xi = new Float64Array(columns);
  const wrong = Array.from({ length: points }, () => {
    for (let k = 0; k < columns; k++) xi[k] = projectedAxes.includes(k) ? 0 : sigma * stream.normal();
    const onNoise = w.reduce(
      (sum, row, r) => sum + view.outputWeights[r] * activate(network.activation, dot(row, xi) + view.bias[r]),
      0,
    );
    return [1, -1].filter((y, at) => !(y * (onSignal[at] + onNoise) > 0)).length / 2;
  });
  return meanAndSe(wrong);
}

test('lines, points and fresh points in d dimensions agree on 24 trained networks', (t) => {
  const family: Record<string, number> = {};
  const errors: number[] = [];
  const gains: number[] = [];
  for (const { name, problem, view } of networks()) {
    const output = outputOf(problem, view);
    const lines = sampleLines(output, LINES, key(90));
    const points = estimateByPoints(output, POINTS.points, key(91));
    family[`${name}: lines, points`] = sameMean(lines, points);
    family[`${name}: lines, explicit`] = sameMean(lines, explicitError(problem, view, 20_000, 92));
    errors.push(lines.mean);
    gains.push((points.se ** 2 * POINTS.points) / (lines.se ** 2 * LINES.lines * LINES.shifts)); // variance of one point over that of one line
  }
  t.diagnostic(
    `errors ${Math.min(...errors).toPrecision(2)} to ${Math.max(...errors).toPrecision(2)}; a line is worth ${gains.map((gain) => gain.toPrecision(2)).join(', ')} points`,
  );
  assert.equal(errors.length, 24);
  assert.ok(errors.every((error) => error > 0.001 && error < 0.5)); // the comparison is not about certainties
  holdsInLaw(t, family);
});

test('negative control: lines with the sign of the bias turned are seen to be wrong', () => {
  const problem = makeProblem(
    {
      data: { n: 20, d: 50, mu: 1.5, flip: 0.1 },
      network: { bias: true, outputScale: '1' },
      init: { law: 'pytorch-gaussian', sigma0: 0 },
      stepPerSample: 0.1 / 20,
    },
    key(100),
  );
  const { view } = trained(gram, problem, 100);
  const output = outputOf(problem, view);
  const points = estimateByPoints(output, POINTS.points, key(91));
  const turned: FreshOutput = { ...output, groups: output.groups.map((shift) => shift.map((b) => -b)) };
  assert.ok(sameMean(sampleLines(output, LINES, key(90)), points) > NEGATIVE_CONTROL);
  assert.ok(sameMean(sampleLines(turned, LINES, key(90)), points) < NEGATIVE_CONTROL);
});

// ---- standard errors ----

test('standard errors are honest: over 400 replicates they are the spread, for lines and points', (t) => {
  const problem = makeProblem(
    { data: { n: 20, d: 100, mu: 2, flip: 0.1 }, network: { m: 5 }, stepPerSample: 0.05 },
    key(101),
  );
  const output = outputOf(problem, trained(gram, problem, 60).view);
  const ratios: Record<string, number> = {};
  const family: Record<string, number> = {};
  const fine = estimateByPoints(output, 400_000, key(9999));
  for (const [name, estimate] of [
    ['lines', (replicate: number) => sampleLines(output, { lines: 8, shifts: 8 }, key(102, replicate))],
    ['one line a shift', (replicate: number) => sampleLines(output, { lines: 1, shifts: 8 }, key(102, replicate))],
    ['points', (replicate: number) => estimateByPoints(output, 1000, key(102, replicate))],
  ] as const) {
    const replicates = Array.from({ length: 400 }, (_, replicate) => estimate(replicate));
    const { mean, se } = meanAndSe(replicates.map((one) => one.mean));
    ratios[name] = (se * Math.sqrt(400)) / meanAndSe(replicates.map((one) => one.se)).mean;
    family[`${name}: unbiased`] = sameMean({ mean, se }, fine);
  }
  t.diagnostic(JSON.stringify(ratios));
  for (const ratio of Object.values(ratios)) assert.ok(ratio > HONEST_SE.least && ratio < HONEST_SE.most);
  holdsInLaw(t, family);
});

// ---- what the numbers mean ----

test('error against noisy labels = p + (1 - 2p) clean error where f is never 0, and the same key gives the same numbers', () => {
  for (const estimator of ['lines', 'points'] as const) {
    for (const flip of [0, 0.1, 0.4]) {
      const problem = makeProblem({ data: { flip } }, key(103));
      const { view } = trained(gram, problem, 20);
      const parameters: TestErrorParameters = { estimator, lines: 4, shifts: 4, points: 500, precision: 1 };
      const { clean, cleanSe, noisy, noisySe, zero } = errorOf(problem, view, parameters);
      assert.equal(zero, 0);
      assert.ok(clean > 0 && cleanSe > 0);
      assert.ok(Math.abs(noisy - (flip * (1 - clean) + (1 - flip) * clean)) <= ROUNDING);
      assert.ok(Math.abs(noisySe - (1 - 2 * flip) * cleanSe) <= ROUNDING);
      assert.deepEqual(errorOf(problem, view, parameters), { clean, cleanSe, noisy, noisySe, zero });
      assert.notEqual(errorOf(problem, view, parameters, 2).clean, clean);
    }
  }
});

test('both engines show the same law of a fresh output: L Lᵀ = sigma^2 W Wᵀ without the projected axis', () => {
  for (const projected of [true, false]) {
    const problem = makeProblem(
      { data: { projected, sigmaP: 1.5, d: 12 }, network: { m: 8 }, stepPerSample: 0.01 },
      key(104),
    ); // 16 filters in 12 dimensions
    const [a, b] = [gram, direct].map((engine) => trained(engine, problem, 50).view);
    const output = outputOf(problem, a);
    assert.equal(output.rank, projected ? 11 : 12);
    const { rows, columns } = b.weights();
    for (let r = 0; r < 16; r++) {
      for (let s = 0; s < 16; s++) {
        const row = (at: number): Float64Array => rows.subarray(at * columns + (projected ? 1 : 0), (at + 1) * columns);
        const ours = dot(
          output.l.subarray(r * output.rank, (r + 1) * output.rank),
          output.l.subarray(s * output.rank, (s + 1) * output.rank),
        );
        assert.ok(Math.abs(ours - 1.5 ** 2 * dot(row(r), row(s))) <= FACTORISATION);
      }
    }
    const signal = output.atoms.map(({ label }) => {
      const products = Array.from({ length: 16 }, (_, r) => label * 2 * rows[r * columns]);
      return products.reduce((sum, h, r) => sum + problem.network.outputWeights[r] * Math.max(0, h), 0);
    });
    signal.forEach((f, at) => assert.ok(Math.abs(output.atoms[at].fixed - f) <= FACTORISATION));
  }
});

test('lines and points take powers of the ReLU', () => {
  const problem = makeProblem({ network: { activation: 'relu-power' } }, key(105));
  const { view } = trained(gram, problem, 5);
  const [lines, points] = [LINES, POINTS].map((parameters) => errorOf(problem, view, parameters));
  assert.ok(
    sameMean({ mean: lines.clean, se: lines.cleanSe }, { mean: points.clean, se: points.cleanSe }) > FALSE_ALARM,
  );
});

test('lines refuse the smoothed activation; points take it', () => {
  const problem = makeProblem({ network: { activation: 'smoothed-leaky-relu' } }, key(105));
  const { view } = trained(gram, problem, 5);
  assert.throws(() => errorOf(problem, view, LINES), RangeError);
  const { clean } = errorOf(problem, view, { ...POINTS, points: 1000 });
  assert.ok(clean > 0 && clean < 1);
});
