import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { normalTail } from '../../src/core/special.ts';
import { meanAndSe, twoSidedP } from '../../src/core/statistics.ts';
import { productTransposed, solvePositiveDefinite } from '../../src/core/linear-algebra.ts';
import { lawOf, patchRows, patchVector, type Sample } from '../../src/data/sample.ts';
import { freshPoint, inARow } from '../helpers/fresh-points.ts';
import { bayesError } from '../../src/observables/bayes.ts';
import { averagingError, linearError } from '../../src/observables/linear-classifier.ts';
import { maxMarginError, sampleMaxMargin } from '../../src/observables/max-margin.ts';
import { minimumNormError } from '../../src/observables/minimum-norm.ts';
import { antipodal, onePatchSample } from '../helpers/one-patch.ts';
import { anchorsOf, dot, explicitSample, key, makeProblem } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { FACTORISATION, NEGATIVE_CONTROL } from '../tolerances.ts';

const POINTS = 40_000;
const SQUARE = [
  { signal: [1.2, 1.2], label: 1 },
  { signal: [-1.2, -1.2], label: 1 },
  { signal: [1.2, -1.2], label: -1 },
  { signal: [-1.2, 1.2], label: -1 },
];

/** Fresh points in all d coordinates, patches one after the other, judged by `rule`: the share of wrong answers. */
function sampledError(sample: Sample, rule: (x: Float64Array) => number, seed: number): { mean: number; se: number } {
  const stream = new Stream(key(seed), 'test');
  const wrong: number[] = [];
  for (let t = 0; t < POINTS; t++) {
    const { inputs, label } = freshPoint(sample, stream);
    wrong.push(label * rule(inARow(inputs)) > 0 ? 0 : 1);
  }
  return meanAndSe(wrong);
}

/** x -> sum_i c_i <x_i, x>, from the inputs themselves. */
function classifier(sample: Sample, c: Float64Array): (x: Float64Array) => number {
  const { perSample } = sample.patches;
  const d = sample.frame.used;
  const w = new Float64Array(perSample * d);
  for (let i = 0; i < sample.n; i++)
    for (let s = 0; s < perSample; s++) patchVector(sample, i, s).forEach((x, k) => (w[s * d + k] += c[i] * x));
  return (x) => dot(w, x);
}

const SAMPLES: Readonly<Record<string, Sample>> = {
  'two patches, projected': makeProblem(
    { data: { n: 12, d: 40, mu: 1.5, draw: 'explicit', flipLaw: 'exact', flips: 2 } },
    key(301),
  ).sample,
  'two patches, raw': makeProblem({ data: { n: 12, d: 20, mu: 1, projected: false, draw: 'explicit' } }, key(302))
    .sample,
  'one patch': onePatchSample({ n: 12, d: 20, atoms: antipodal(1.5), sigma: 0.8, flips: 2 }, 303),
  'one patch, projected': onePatchSample({ n: 12, d: 20, atoms: antipodal(0.5), sigma: 1, projected: true }, 304),
  'four atoms': onePatchSample({ n: 12, d: 20, atoms: SQUARE, sigma: 0.7 }, 305),
};

test('errors of linear classifiers are those of fresh points', (t) => {
  const family: Record<string, number> = {};
  let seed = 310;
  for (const [name, sample] of Object.entries(SAMPLES)) {
    const solution = sampleMaxMargin(sample);
    if (solution.kind !== 'separable') assert.fail(name);
    const cases = {
      maxMargin: solution.alpha.map((a, i) => a * sample.labels[i]),
      averaging: sample.labels,
      any: Float64Array.from(sample.labels, (_, i) => Math.cos(i * i)),
    };
    for (const [which, c] of Object.entries(cases)) {
      const exact =
        which === 'maxMargin'
          ? maxMarginError(sample, solution)!
          : which === 'averaging'
            ? averagingError(sample)
            : linearError(sample, c);
      const { mean, se } = sampledError(sample, classifier(sample, c), seed++);
      assert.ok(exact > 1e-3 && exact < 1, `${name}, ${which}: ${exact}`); // or the points would see nothing
      family[`${name}, ${which}`] = twoSidedP((mean - exact) / se);
      if (name === 'one patch') assert.ok(twoSidedP((mean - 1.2 * exact) / se) < NEGATIVE_CONTROL);
    }
  }
  holdsInLaw(t, family);
});

test('the averaging classifier in closed form: signal (n - 2k) ‖mu‖^2 against sigma ‖sum y_i xi_i‖', () => {
  for (const flips of [0, 1, 3]) {
    const { sample } = makeProblem({ data: { n: 15, d: 200, mu: 2, sigmaP: 0.9, flipLaw: 'exact', flips } }, key(330));
    const noises = anchorsOf(sample).slice(1);
    const sum = noises[0].map((_, k) => noises.reduce((total, xi, i) => total + sample.labels[i] * xi[k], 0));
    const exact = normalTail(((15 - 2 * flips) * 4) / (0.9 * Math.sqrt(dot(sum, sum))));
    assert.ok(Math.abs(averagingError(sample) - exact) <= FACTORISATION * exact);
  }
});

test('without noise a margin decides alone, and f = 0 is an error', () => {
  const still = explicitSample(
    [1, 0],
    [
      [0, 1],
      [0, -2],
    ],
    [1, -1],
  );
  const silent: Sample = {
    ...still,
    fresh: { ...lawOf(still), noisy: lawOf(still).noisy.map((one) => ({ ...one, sigma: 0 })) },
  };
  assert.equal(averagingError(silent), 0);
  assert.equal(linearError(silent, Float64Array.of(-1, 1)), 1);
  assert.equal(linearError(silent, new Float64Array(2)), 1);
});

test('an inseparable sample has no max-margin error', () => {
  const contradictory = explicitSample(
    [1, 0],
    [
      [0, 1],
      [0, 1],
    ],
    [1, 1],
    [1, -1],
  );
  assert.equal(maxMarginError(contradictory, sampleMaxMargin(contradictory)), undefined);
});

test("Bayes' rule: closed forms, against fresh points judged by their likelihoods, unknown where it is", (t) => {
  for (const projected of [true, false])
    assert.equal(bayesError(makeProblem({ data: { projected } }, key(340)).sample), 0); // the signal has a patch of its own
  assert.equal(bayesError(makeProblem({ data: { mu: 0 } }, key(340)).sample), 0.5);
  assert.equal(bayesError(SAMPLES['one patch, projected']), 0);
  assert.ok(Math.abs(bayesError(SAMPLES['one patch'])! - normalTail(1.5 / 0.8)) <= FACTORISATION);
  const family: Record<string, number> = {};
  for (const name of ['one patch', 'four atoms']) {
    const sample = SAMPLES[name];
    const anchors = anchorsOf(sample);
    const likelihood = (x: Float64Array): number => {
      let f = 0;
      for (const {
        label,
        patches: [[[anchor]]],
      } of lawOf(sample).atoms) {
        const off = x.map((value, k) => value - anchors[anchor][k]);
        f += label * Math.exp(-dot(off, off) / (2 * lawOf(sample).noisy[0].sigma ** 2));
      }
      return f;
    };
    const { mean, se } = sampledError(sample, likelihood, 341);
    family[name] = twoSidedP((mean - bayesError(sample)!) / se);
    assert.ok(bayesError(sample)! > 0.01);
  }
  holdsInLaw(t, family);
  // three atoms, a rectangle instead of a square
  assert.equal(bayesError(onePatchSample({ n: 2, d: 3, atoms: SQUARE.slice(1), sigma: 1 }, 1)), undefined);
  const rectangle = SQUARE.map(({ signal: [a, b], label }) => ({ signal: [a + b, 2 * (a - b)], label }));
  assert.equal(bayesError(onePatchSample({ n: 2, d: 3, atoms: rectangle, sigma: 1 }, 1)), undefined);
});

test('the minimum-norm classifier is that of the Gram matrix where it interpolates', () => {
  for (const [name, sample] of Object.entries(SAMPLES)) {
    const { n, labels, frame, patches } = sample;
    const width = patches.perSample * frame.used;
    const inputs = patchRows(sample);
    const c = solvePositiveDefinite(productTransposed(inputs, n, inputs, n, width), n, labels);
    const error = linearError(sample, c);
    assert.ok(Math.abs(minimumNormError(sample) - error) <= FACTORISATION * Math.max(error, 1), name);
  }
});
