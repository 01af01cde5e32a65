/** Fresh points of three patches, two of them noisy: every estimate against the points themselves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tScale } from '../../src/core/noise-laws.ts';
import { Stream } from '../../src/core/random.ts';
import { normalCdf, normalTail } from '../../src/core/special.ts';
import { meanAndSe, twoSidedP, type Estimate } from '../../src/core/statistics.ts';
import { lawOf, type Sample } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem, SpanView } from '../../src/dynamics/engine.ts';
import { bayesError } from '../../src/observables/bayes.ts';
import { freshMargin } from '../../src/observables/certificates.ts';
import type { TestErrorParameters } from '../../src/observables/estimator.ts';
import { freshOutput } from '../../src/observables/fresh-output.ts';
import { averagingError, linearError } from '../../src/observables/linear-classifier.ts';
import { maxMarginError, sampleMaxMargin } from '../../src/observables/max-margin.ts';
import { testError } from '../../src/observables/test-error.ts';
import { freshPoint, inARow, withoutNoise } from '../helpers/fresh-points.ts';
import {
  D,
  NOISY,
  onThreePatches,
  threePatchSample,
  withOneNoise,
  type ThreePatches,
} from '../helpers/noisy-patches.ts';
import { dot, key, trained } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { FACTORISATION, FALSE_ALARM, LINEAR_ERROR, NEGATIVE_CONTROL, ROUNDING } from '../tolerances.ts';

const SIZE: Omit<TestErrorParameters, 'estimator'> = { lines: 64, shifts: 16, points: 40_000, precision: 0.02 };
const JUDGE = 40_000;

const errorOf = ({ sample, network }: Problem, view: SpanView, estimator: TestErrorParameters['estimator'], seed = 1) =>
  testError(view, network.activation, sample.anchors, sample.fresh, { ...SIZE, estimator }, key(seed));

const sameMean = (a: Estimate, b: Estimate): number =>
  a.mean === b.mean ? 1 : twoSidedP((a.mean - b.mean) / Math.hypot(a.se, b.se));

/** y f on fresh points, by the network's outputs at their coordinates. @param points of each, patches and label */
function margins(view: SpanView, points: readonly { inputs: readonly Float64Array[]; label: number }[]): number[] {
  const rows = inARow(points.flatMap(({ inputs }) => inputs));
  const outputs = view.outputsAt({ rows, count: points.length, columns: D });
  return points.map(({ label }, i) => label * outputs[i]);
}
const freshMargins = (sample: Sample, view: SpanView, seed: number): number[] => {
  const stream = new Stream(key(seed), 'test', 9);
  return margins(
    view,
    Array.from({ length: JUDGE }, () => freshPoint(sample, stream)),
  );
};
/** Of the atoms without their noise. */
const stillMargins = (sample: Sample, view: SpanView): number[] =>
  margins(
    view,
    lawOf(sample).atoms.map((atom) => withoutNoise(sample, atom)),
  );
const wrongOf = (y: readonly number[]): Estimate => meanAndSe(y.map((one) => (one > 0 ? 0 : 1)));

const NETWORKS = {
  'relu, bias': { activation: 'relu', bias: true },
  'leaky relu, a weight a patch': { activation: 'leaky-relu', output: 'trained-per-patch', v0: 0.5 },
  squares: { activation: 'relu-power', power: 2 },
} as const;

test('lines, points and auto agree with fresh points in all coordinates', (t) => {
  const family: Record<string, number> = {};
  const errors: number[] = [];
  Object.entries(NETWORKS).forEach(([name, network], at) => {
    const sample = threePatchSample({ mu: 2, flips: 1 }, 600 + at);
    const problem = onThreePatches(sample, network, 610 + at);
    const { view } = trained(direct, problem, 60);
    const judge = wrongOf(freshMargins(sample, view, 620 + at));
    errors.push(judge.mean);
    for (const estimator of ['lines', 'points', 'auto'] as const) {
      const { clean, cleanSe } = errorOf(problem, view, estimator, 630 + at);
      family[`${name}: ${estimator}`] = sameMean({ mean: clean, se: cleanSe }, judge);
    }
    if (at > 0) return;
    // negative control: points whose two patches have one noise
    const stream = new Stream(key(640), 'test', 9);
    const quiet = { ...sample, fresh: { ...lawOf(sample), noisy: [] } };
    const joined = Array.from({ length: JUDGE }, () => {
      const { inputs, label } = freshPoint(quiet, stream);
      return { inputs: withOneNoise(sample, inputs, stream), label };
    });
    const { clean, cleanSe } = errorOf(problem, view, 'lines', 630);
    assert.ok(sameMean({ mean: clean, se: cleanSe }, wrongOf(margins(view, joined))) < NEGATIVE_CONTROL);
  });
  t.diagnostic(`errors ${errors.map((error) => error.toPrecision(2)).join(', ')}`);
  assert.ok(errors.every((error) => error > 1e-3 && error < 0.4));
  holdsInLaw(t, family);
});

test('rare errors: auto goes to the design points of both noises', (t) => {
  const family: Record<string, number> = {};
  for (const [at, bias] of [false, true].entries()) {
    const sample = threePatchSample({ mu: 5 }, 645 + at);
    const problem = onThreePatches(sample, { activation: 'leaky-relu', bias }, 646 + at);
    const { view } = trained(direct, problem, 60);
    const many = { estimator: 'lines', lines: 4096, shifts: 32, points: 2, precision: 1 } as const;
    const judge = testError(view, problem.network.activation, sample.anchors, sample.fresh, many, key(647));
    const { clean, cleanSe } = errorOf(problem, view, 'auto', 648);
    t.diagnostic(`${judge.clean} (${judge.cleanSe}), auto ${clean} (${cleanSe})`);
    assert.ok(judge.clean < 1e-2 && judge.clean > 0);
    family[bias ? 'bias' : 'rays'] = sameMean({ mean: clean, se: cleanSe }, { mean: judge.clean, se: judge.cleanSe });
  }
  holdsInLaw(t, family);
});

test('a linear network: the normal tail over both noises, and its floor is half of it', () => {
  for (const [at, output] of (['fixed', 'trained-per-patch'] as const).entries()) {
    const sample = threePatchSample({ mu: 1 }, 650 + at);
    const drawn = onThreePatches(sample, { output, v0: 0.4 }, 652 + at);
    const problem = {
      ...drawn,
      network: { ...drawn.network, activation: { kind: 'piecewise-linear', leak: 1 } as const },
    };
    const { view } = trained(direct, problem, 30);
    const { rows, columns } = view.weights();
    const each = view.outputWeights.length / view.bias.length;
    const v = [0, 1, 2].map((s) =>
      Float64Array.from({ length: D }, (_, k) =>
        view.bias.reduce((sum, _b, r) => sum + view.outputWeights[r * each + (s % each)] * rows[r * columns + k], 0),
      ),
    );
    const variance = NOISY.reduce(
      (sum, { patch, sigma, projectedAxes }) =>
        sum + sigma ** 2 * v[patch].reduce((inner, x, k) => inner + (projectedAxes.includes(k) ? 0 : x * x), 0),
      0,
    );
    const margin = v[1][0] + 0.5 * v[2][0]; // mu = 1
    const exact = normalTail(margin / Math.sqrt(variance));
    assert.ok(exact > 1e-4 && exact < 0.4, String(exact));
    for (const estimator of ['lines', 'auto'] as const) {
      const { clean, cleanSe } = errorOf(problem, view, estimator);
      assert.ok(Math.abs(clean - exact) <= LINEAR_ERROR * exact && cleanSe <= LINEAR_ERROR * exact);
    }
    const bounds = freshMargin(view, problem);
    assert.ok(Math.abs(bounds.floor - exact / 2) <= ROUNDING);
    assert.ok(Math.abs(bounds.mean - margin) <= ROUNDING);
    assert.ok(
      Math.abs(
        bounds.noisePartLinear ** 2 -
          NOISY.reduce(
            (sum, { patch, projectedAxes }) =>
              sum + v[patch].reduce((inner, x, k) => inner + (projectedAxes.includes(k) ? 0 : x * x), 0),
            0,
          ),
      ) <= FACTORISATION,
    );
    assert.ok(bounds.concentration >= exact && bounds.alignment >= exact);
  }
});

test('f = 0 where the filters are silent on both noisy patches: a product of two orthants', (t) => {
  const sample = threePatchSample({ mu: 0 }, 660);
  const problem = onThreePatches(sample, { m: 1 }, 661);
  const { view } = trained(direct, problem, 0);
  const { rows, columns } = view.weights();
  const exact = NOISY.reduce((product, { projectedAxes }) => {
    const [a, b] = [0, 1].map((r) =>
      rows.slice(r * columns, (r + 1) * columns).map((x, k) => (projectedAxes.includes(k) ? 0 : x)),
    );
    const rho = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    return product * (0.25 + Math.asin(rho) / (2 * Math.PI));
  }, 1);
  const family: Record<string, number> = {};
  for (const estimator of ['lines', 'points'] as const) {
    const { zero } = errorOf(problem, view, estimator, 662);
    const se = Math.sqrt((exact * (1 - exact)) / (estimator === 'points' ? SIZE.points : SIZE.lines * SIZE.shifts));
    family[estimator] = twoSidedP((zero - exact) / se); // of lines an upper bound on the standard error
  }
  assert.ok(exact > 0.01);
  holdsInLaw(t, family);
});

test('a network that hears no noise: exact, and so is a law without noise', () => {
  const sample = threePatchSample({}, 665);
  const problem = onThreePatches(sample, {}, 666);
  const still = { ...lawOf(sample), noisy: [] };
  const silent = { ...lawOf(sample), noisy: NOISY.map((one) => ({ ...one, sigma: 0 })) };
  const errors = [0, 40].map((steps) => {
    const { view } = trained(direct, problem, steps);
    const exact = wrongOf(stillMargins(sample, view)).mean;
    for (const fresh of [still, silent])
      for (const estimator of ['lines', 'points', 'auto'] as const) {
        const { clean, cleanSe } = errorOf({ ...problem, sample: { ...sample, fresh } }, view, estimator);
        assert.deepEqual([clean, cleanSe], [exact, 0]);
      }
    return exact;
  });
  assert.notEqual(errors[0], errors[1]);
});

test('noise that is not Gaussian: a scale, or coordinates, of its own in each patch', (t) => {
  const family: Record<string, number> = {};
  for (const [at, law] of (['student-t', 'rademacher'] as const).entries()) {
    const sample = threePatchSample({ mu: 1, noise: { law, nu: 3 } }, 670 + at);
    const problem = onThreePatches(sample, { activation: 'leaky-relu' }, 672 + at);
    const { view } = trained(direct, problem, 40);
    const stream = new Stream(key(674 + at), 'test', 9);
    const quiet = { ...sample, fresh: { ...lawOf(sample), noisy: [] } };
    const points = (shared: boolean) =>
      Array.from({ length: JUDGE }, () => {
        const { inputs, label } = freshPoint(quiet, stream);
        const one = tScale(3, stream);
        for (const { patch, sigma, projectedAxes } of NOISY) {
          const scale = law === 'rademacher' ? 1 : shared ? one : tScale(3, stream);
          for (let k = 0; k < D; k++) {
            const x = law === 'rademacher' ? (stream.uniform() < 0.5 ? 1 : -1) : stream.normal();
            if (!projectedAxes.includes(k)) inputs[patch][k] += scale * sigma * x;
          }
        }
        return { inputs, label };
      });
    const judge = wrongOf(margins(view, points(false)));
    for (const estimator of ['lines', 'points'] as const) {
      const { clean, cleanSe } = errorOf(problem, view, estimator, 676);
      family[`${law}, ${estimator}`] = sameMean({ mean: clean, se: cleanSe }, judge);
    }
    assert.ok(judge.mean > 0.01);
  }
  holdsInLaw(t, family);
});

test('E[y f], and the bounds around the error', (t) => {
  const family: Record<string, number> = {};
  for (const [at, output] of (['fixed', 'trained-per-patch'] as const).entries()) {
    const sample = threePatchSample({ mu: 3 }, 680 + at);
    const problem = onThreePatches(sample, { activation: 'leaky-relu', leak: 0.3, output, v0: 0.4 }, 682 + at);
    const { view } = trained(direct, problem, 60);
    const y = freshMargins(sample, view, 684 + at);
    const bounds = freshMargin(view, problem);
    family[output] = sameMean({ mean: bounds.mean, se: 0 }, meanAndSe(y));
    const { mean, se } = wrongOf(y);
    const sure = 4 * (se + 1 / JUDGE);
    assert.ok(bounds.floor > 0 && bounds.floor <= mean + sure, `${bounds.floor} above ${mean}`);
    assert.ok(bounds.concentration >= mean - sure && bounds.alignment >= mean - sure);
    assert.ok(bounds.concentration < 1);
    // the bounds by their formulas, filter by filter
    const { rows, columns } = view.weights();
    const each = view.outputWeights.length / view.bias.length;
    let [spread, frobenius, weighted] = [0, 0, 0];
    for (const { patch, sigma, projectedAxes } of NOISY) {
      let lipschitz = 0;
      for (let r = 0; r < view.bias.length; r++) {
        const z = rows.slice(r * columns, (r + 1) * columns).map((x, k) => (projectedAxes.includes(k) ? 0 : x));
        const a = Math.abs(view.outputWeights[r * each + (patch % each)]);
        lipschitz += a * Math.sqrt(dot(z, z));
        frobenius += a * a * dot(z, z);
        weighted += sigma * sigma * a * a * dot(z, z);
      }
      spread += (sigma * lipschitz) ** 2;
    }
    const close = (ours: number, theirs: number): void =>
      assert.ok(Math.abs(ours / theirs - 1) <= FACTORISATION, `${ours} against ${theirs}`);
    const concentration = lawOf(sample).atoms.map((atom) => {
      const { inputs, label } = withoutNoise(sample, atom);
      let expected = 0;
      inputs.forEach((x, s) => {
        const noise = NOISY.find(({ patch }) => patch === s);
        for (let r = 0; r < view.bias.length; r++) {
          const w = rows.slice(r * columns, (r + 1) * columns);
          const z = w.map((value, k) => (noise && !noise.projectedAxes.includes(k) ? noise.sigma * value : 0));
          const [height, tau] = [dot(w, x), Math.sqrt(dot(z, z))];
          const positive = // E max(0, h)
            tau === 0
              ? Math.max(0, height)
              : height * normalCdf(height / tau) +
                (tau * Math.exp(-((height / tau) ** 2) / 2)) / Math.sqrt(2 * Math.PI);
          expected += label * view.outputWeights[r * each + (s % each)] * (0.3 * height + 0.7 * positive);
        }
      });
      return Math.exp(-(expected ** 2) / (2 * spread));
    });
    close(bounds.concentration, (concentration[0] + concentration[1]) / 2);
    close(bounds.noisePart, Math.sqrt(frobenius));
    const alignment = stillMargins(sample, view).map((quiet) => {
      const u = quiet / Math.sqrt(2 * view.bias.length * weighted) - 1; // two noisy patches
      return u > 0 ? Math.exp((-u * u) / 2) : 1;
    });
    close(bounds.alignment, (alignment[0] + alignment[1]) / 2);
    const law = lawOf(sample);
    const same = law.atoms.map((atom) => ({ ...atom, patches: law.atoms[0].patches }));
    const other = { ...sample, fresh: { ...law, atoms: same } };
    assert.ok(
      Number.isNaN(freshMargin(view, { ...problem, sample: other }).floor),
      'no floor where -x is another point',
    );
  }
  holdsInLaw(t, family);
});

test('linear classifiers: exact errors, against fresh points', (t) => {
  const family: Record<string, number> = {};
  for (const [at, setup] of (
    [
      { mu: 1.5, flips: 2 },
      { mu: 1, signal: [0.5, 0, 1] },
    ] as ThreePatches[]
  ).entries()) {
    const sample = threePatchSample(setup, 690 + at);
    const solution = sampleMaxMargin(sample);
    assert.ok(solution.kind === 'separable');
    const rules = {
      averaging: [sample.labels, averagingError(sample)],
      'max margin': [solution.alpha.map((a, i) => a * sample.labels[i]), maxMarginError(sample, solution)!],
      'first sample': [Float64Array.from(sample.labels, (y, i) => (i === 0 ? y : 0)), NaN],
    } as const;
    const stream = new Stream(key(692 + at), 'test', 9);
    const points = Array.from({ length: JUDGE }, () => freshPoint(sample, stream));
    for (const [name, [c, exact]] of Object.entries(rules)) {
      const error = linearError(sample, c);
      if (!Number.isNaN(exact)) assert.equal(error, exact);
      const w = new Float64Array(3 * D);
      for (let i = 0; i < sample.n; i++)
        for (let q = 3 * i; q < 3 * i + 3; q++)
          for (let term = sample.patches.start[q]; term < sample.patches.start[q + 1]; term++)
            for (let k = 0; k < D; k++)
              w[(q % 3) * D + k] +=
                c[i] * sample.patches.coefficient[term] * sample.vectors[sample.patches.anchor[term] * D + k];
      const { mean } = meanAndSe(points.map(({ inputs, label }) => (label * dot(w, inARow(inputs)) > 0 ? 0 : 1)));
      family[`${name}, ${at}`] = twoSidedP((mean - error) / Math.sqrt((error * (1 - error)) / JUDGE));
      t.diagnostic(`${name}: ${error}`);
      assert.ok(error > 1e-3 && error < 0.7);
    }
  }
  holdsInLaw(t, family);
});

test("Bayes' rule: 0 where a patch without noise or a removed axis tells; the two noises together elsewhere", (t) => {
  assert.equal(bayesError(threePatchSample({}, 700)), 0); // patch 1
  assert.equal(bayesError(threePatchSample({ signal: [1, 0, 0.5] }, 700)), 0); // axis 0 of patch 0
  assert.equal(bayesError(threePatchSample({ mu: 0 }, 700)), 0.5);
  const sample = threePatchSample({ mu: 1, signal: [0.6, 0, 1] }, 701);
  const law = lawOf(sample);
  const open = { ...sample, fresh: { ...law, noisy: law.noisy.map((one) => ({ ...one, projectedAxes: [] })) } };
  const exact = normalCdf(-Math.hypot(0.6 / 0.7, 1 / 1.3));
  assert.ok(Math.abs(bayesError(open)! - exact) <= ROUNDING);
  // the likelihood ratio of the points
  const stream = new Stream(key(702), 'test', 9);
  const wrong = meanAndSe(
    Array.from({ length: JUDGE }, () => {
      const { inputs, label } = freshPoint(open, stream);
      return label * ((0.6 * inputs[0][0]) / 0.7 ** 2 + inputs[2][0] / 1.3 ** 2) > 0 ? 0 : 1;
    }),
  );
  const p = twoSidedP((wrong.mean - exact) / wrong.se);
  t.diagnostic(`${exact} against ${wrong.mean}, p = ${p}`);
  assert.ok(p > FALSE_ALARM);
});

test('the factor is block diagonal: a filter twice, with the rows of its patch alone', () => {
  const sample = threePatchSample({}, 710);
  const problem = onThreePatches(sample, { m: 9, output: 'trained-per-patch', v0: 1 }, 711); // more filters than axes
  const drawn = trained(direct, problem, 5).view;
  const outputWeights = drawn.outputWeights.slice();
  outputWeights[3 * 4 + 2] = 0; // filter 4 does not hear patch 2
  const view: SpanView = { ...drawn, outputWeights, products: () => drawn.products(), weights: () => drawn.weights() };
  const output = freshOutput({ ...view, bias: drawn.bias }, problem.network.activation, sample.anchors, lawOf(sample));
  const { rows, columns } = view.weights();
  const heard = NOISY.flatMap((noise) =>
    Array.from({ length: 18 }, (_, r) => ({ r, noise })).filter(({ r, noise: { patch } }) => r !== 4 || patch !== 2),
  );
  assert.deepEqual(output.blocks, [
    { filters: 18, rank: 13 },
    { filters: 17, rank: 14 },
  ]);
  assert.deepEqual([output.filters, output.rank], [35, 27]);
  const unit = 2 ** output.units!.heights;
  heard.forEach((a, at) =>
    heard.slice(0, at + 1).forEach((b, other) => {
      const [u, v] = [a, b].map(({ r, noise: { sigma, projectedAxes } }) =>
        rows.slice(r * columns, (r + 1) * columns).map((x, k) => (projectedAxes.includes(k) ? 0 : (sigma * x) / unit)),
      );
      const exact = a.noise === b.noise ? dot(u, v) : 0;
      const ours = dot(
        output.l.subarray(at * output.rank, (at + 1) * output.rank),
        output.l.subarray(other * output.rank, (other + 1) * output.rank),
      );
      assert.ok(Math.abs(ours - exact) <= FACTORISATION);
    }),
  );
  for (let r = 0; r < output.filters; r++)
    for (let k = r + 1; k < output.rank; k++) assert.equal(output.l[r * output.rank + k], 0);
});
