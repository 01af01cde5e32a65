import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factorLQ } from '../../src/core/linear-algebra.ts';
import { Stream } from '../../src/core/random.ts';
import { normalTail } from '../../src/core/special.ts';
import { meanAndSe, twoSidedP, type Estimate } from '../../src/core/statistics.ts';
import { lawOf } from '../../src/data/sample.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { activate } from '../../src/network/activation.ts';
import { adaptiveEstimate } from '../../src/observables/adaptive.ts';
import { designPoints } from '../../src/observables/design-point.ts';
import { freshOutput, type FreshOutput, type OutputAtom } from '../../src/observables/fresh-output.ts';
import { isRadial, sampleRadial } from '../../src/observables/radial.ts';
import { planRare, sampleRare, type Branch, type RarePlan } from '../../src/observables/rare.ts';
import type { TangentGaussian } from '../../src/observables/tangent-gaussian.ts';
import { sampleLines } from '../../src/observables/lines.ts';
import { estimateByPoints } from '../../src/observables/points.ts';
import { testError } from '../../src/observables/test-error.ts';
import { dot, key, makeProblem, normals, trained } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { HONEST_SE_RARE, LINEAR_ERROR, NEGATIVE_CONTROL, RARE_QUADRATURE, ROUNDING, UNSEEN } from '../tolerances.ts';

const SIZE = { lines: 64, shifts: 32 };
const sameMean = (a: Estimate, b: Estimate): number =>
  a.mean === b.mean ? 1 : twoSidedP((a.mean - b.mean) / Math.hypot(a.se, b.se));
const rare = (output: FreshOutput, seed: number, size = SIZE): Estimate =>
  sampleRare(planRare(output, key(seed)), size, key(seed));
const auto = (output: FreshOutput, precision: number, seed: number): Estimate =>
  adaptiveEstimate(output, precision, key(seed), { lines: sampleLines, points: estimateByPoints });

/** A trained network of Kou et al.'s kind (20 filters), with or without a bias. */
function trainedOutput(bias: boolean, mu: number, seed: number, n = 20): FreshOutput {
  const problem = makeProblem(
    {
      data: { n, d: 500, mu, flip: 0.1 },
      network: { m: 10, bias, outputScale: '1' },
      init: { law: 'pytorch-gaussian', sigma0: 0 },
      stepPerSample: 0.1 / n,
    },
    key(seed),
  );
  return freshOutput(
    trained(gram, problem, 100).view,
    problem.network.activation,
    problem.sample.anchors,
    lawOf(problem.sample),
  );
}

/** The same network, its signal scaled. */
const withSignal = (output: FreshOutput, factor: number): FreshOutput => ({
  ...output,
  atoms: output.atoms.map((atom) => ({ ...atom, fixed: factor * atom.fixed })),
});

/** The same network with its signal scaled until the nearest design point is so far away. */
function atDistance(output: FreshOutput, beta: number): FreshOutput {
  const nearest = (one: FreshOutput): number =>
    Math.min(...one.atoms.map((atom) => designPoints(one, atom, new Stream(key(0), 'test'))[0]?.beta ?? Infinity));
  let low = 0;
  let high = 1000;
  for (let i = 0; i < 40; i++) {
    const factor = (low + high) / 2;
    const found = nearest(withSignal(output, factor));
    // none in reach: the signal is too strong, or so weak that the origin errs
    if (found === Infinity ? factor > 1 : found > beta) high = factor;
    else low = factor;
  }
  return withSignal(output, low);
}

// ---- closed forms ----

test('a linear network: Phi(-margin) from 1e-2 to 1e-200, by lines towards the design point and by auto', (t) => {
  const filters = 12;
  const { l, rank } = factorLQ(normals(filters * 30, 1), filters, 30);
  const outputWeights = normals(filters, 2);
  const along = Array.from({ length: rank }, (_, k) =>
    outputWeights.reduce((sum, a, r) => sum + a * l[r * rank + k], 0),
  );
  const spread = Math.sqrt(dot(along, along));
  let worst = 0;
  for (const margin of [2.3, 3, 4.7, 6.4, 9, 13.3, 30]) {
    const output: FreshOutput = {
      activation: { kind: 'piecewise-linear', leak: 1 },
      outputWeights,
      filters,
      rank,
      l,
      atoms: [1, -1].map((label) => ({ probability: 0.5, label, fixed: label * margin * spread, group: 0 })),
      groups: [new Float64Array(filters)],
    };
    for (const { mean, se } of [rare(output, 3), auto(output, 0.05, 3)]) {
      worst = Math.max(worst, Math.abs(mean / normalTail(margin) - 1) / (margin * margin), se / mean);
    }
  }
  t.diagnostic(`worst relative error over margin^2: ${worst.toExponential(1)}`);
  assert.ok(worst < LINEAR_ERROR);
});

/** f = fixed + sigma(g_1 + s) - sigma(g_2 + s) with independent g. */
const twoFilters = (fixed: number, shift: number, leak: number): FreshOutput => ({
  activation: { kind: 'piecewise-linear', leak },
  outputWeights: Float64Array.of(1, -1),
  filters: 2,
  rank: 2,
  l: Float64Array.of(1, 0, 0, 1),
  atoms: [1, -1].map((label) => ({ probability: 0.5, label, fixed: label * fixed, group: 0 })),
  groups: [Float64Array.of(shift, shift)],
});

/**
 * P(c + sigma(g_1 + s) <= sigma(g_2 + s)) by the midpoint rule over g_1; every term is positive, so the error is
 * relative.
 */
function twoFilterError(c: number, s: number, leak: number): number {
  const step = 5e-4;
  let sum = 0;
  for (let g = -36 + step / 2; g < 36; g += step) {
    const height = c + (g + s > 0 ? g + s : leak * (g + s));
    const reached = height > 0 ? normalTail(height - s) : leak > 0 ? normalTail(height / leak - s) : 1;
    sum += step * Math.exp(-0.5 * g * g) * reached;
  }
  return sum / Math.sqrt(2 * Math.PI);
}

test('m = 1 with and without a bias and a leak against quadrature, 1e-1 to 1e-200; rays too where nothing shifts', (t) => {
  const family: Record<string, number> = {};
  let largestSe = 0;
  for (const leak of [0, 0.2]) {
    for (const shift of [0, -1, 0.7]) {
      for (const c of [1, 3, 6, 12, 29]) {
        const output = twoFilters(c, shift, leak);
        const exact = twoFilterError(c, shift, leak);
        const judge: Estimate = { mean: exact, se: (UNSEEN + RARE_QUADRATURE) * exact };
        const estimates = {
          lines: rare(output, 4),
          auto: auto(output, 0.01, 5),
          ...(shift === 0 && { rays: sampleRadial(output, planRare(output, key(6)), SIZE, key(6)) }),
        };
        for (const [name, estimate] of Object.entries(estimates)) {
          family[`leak ${leak}, bias ${shift}, c = ${c}: ${name}`] = sameMean(estimate, judge);
          largestSe = Math.max(largestSe, estimate.se / estimate.mean);
        }
      }
    }
  }
  t.diagnostic(`largest relative SE ${largestSe.toPrecision(2)}`);
  assert.ok(largestSe <= 0.011);
  holdsInLaw(t, family);
});

test('an error of 5e-10 with m = 1, which plain lines get wrong while they claim to know it, is right', () => {
  const c = 5.73;
  const exact = twoFilterError(c, 0, 0);
  assert.ok(exact > 1e-10 && exact < 1e-8);
  const estimate = auto(twoFilters(c, 0, 0), 0.01, 7);
  assert.ok(Math.abs(estimate.mean / exact - 1) < 0.04);
});

// ---- trained ReLU networks against an independent estimate ----

/**
 * Importance sampling of single points in all coordinates from a widened Gaussian whose mean climbs level by level
 * towards the failures (multilevel cross-entropy): no lines, no design points, no lattice.
 */
function byPoints(output: FreshOutput, count: number, seed: number): Estimate {
  const WIDTH = 1.15;
  const { rank, filters, l, outputWeights, activation } = output;
  const stream = new Stream(key(seed), 'test', 7);
  const z = new Float64Array(rank);
  const margin = ({ label, fixed, group }: OutputAtom): number => {
    let noise = 0;
    for (let r = 0; r < filters; r++)
      noise +=
        outputWeights[r] *
        activate(activation, dot(l.subarray(r * rank, r * rank + Math.min(rank, r + 1)), z) + output.groups[group][r]);
    return label * (fixed + noise);
  };
  let mean = 0;
  let variance = 0;
  for (const atom of output.atoms) {
    const centre = new Float64Array(rank);
    for (let level = 0; level < 30; level++) {
      const drawn = Array.from({ length: 2000 }, () => {
        for (let k = 0; k < rank; k++) z[k] = centre[k] + stream.normal();
        return { z: z.slice(), margin: margin(atom), logWeight: -dot(z, centre) + 0.5 * dot(centre, centre) };
      }).sort((a, b) => a.margin - b.margin);
      const least = Math.max(0, drawn[200].margin);
      const kept = drawn.filter((one) => one.margin <= least);
      const top = Math.max(...kept.map((one) => one.logWeight));
      const weights = kept.map((one) => Math.exp(one.logWeight - top));
      const total = weights.reduce((a, b) => a + b);
      centre.fill(0);
      kept.forEach((one, i) => one.z.forEach((x, k) => (centre[k] += (weights[i] / total) * x)));
      if (least === 0 && level > 3) break;
    }
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      let square = 0;
      for (let k = 0; k < rank; k++) {
        const x = stream.normal();
        square += x * x;
        z[k] = centre[k] + WIDTH * x;
      }
      if (margin(atom) > 0) continue;
      const weight = Math.exp(0.5 * (square - dot(z, z))) * WIDTH ** rank;
      sum += weight;
      squares += weight * weight;
    }
    mean += (atom.probability * sum) / count;
    variance += (atom.probability ** 2 * (squares - (sum * sum) / count)) / count ** 2;
  }
  return { mean, se: Math.sqrt(variance) };
}

const deepNetworks = [false, true].flatMap((bias) =>
  [3.5, 4.5, 6].map((beta, at) => ({
    name: `${bias ? 'bias' : 'no bias'}, design point at ${beta}`,
    output: atDistance(trainedOutput(bias, 5 + at, 20 + at), beta),
  })),
);

test('trained ReLU networks, errors 1e-4 to 1e-10: lines, rays and auto agree with importance sampling of points', (t) => {
  const family: Record<string, number> = {};
  const errors: number[] = [];
  for (const { name, output } of deepNetworks) {
    const judge = byPoints(output, 150_000, 30);
    const plan = planRare(output, key(31));
    assert.ok(judge.se < 0.1 * judge.mean, `${name}: the judge knows nothing`);
    family[`${name}: lines`] = sameMean(sampleRare(plan, SIZE, key(31)), judge);
    family[`${name}: auto`] = sameMean(auto(output, 0.02, 32), judge);
    if (isRadial(output))
      family[`${name}: rays`] = sameMean(sampleRadial(output, plan, { lines: 256, shifts: 32 }, key(33)), judge);
    errors.push(judge.mean);
  }
  t.diagnostic(`errors ${errors.map((error) => error.toExponential(1)).join(', ')}`);
  assert.ok(Math.max(...errors) > 5e-5 && Math.min(...errors) < 1e-9);
  holdsInLaw(t, family);
});

test('across the crossover, errors 0.3 to 1e-3: unbiased against many plain lines', (t) => {
  const family: Record<string, number> = {};
  for (const bias of [false, true]) {
    const network = trainedOutput(bias, 4, 40);
    for (const factor of [0.1, 0.4, 1, 1.6, 2.2]) {
      const output = withSignal(network, factor);
      const judge = sampleLines(output, { lines: 512, shifts: 128 }, key(41));
      family[`bias ${bias}, ${judge.mean.toPrecision(2)}: lines to the design points`] = sameMean(
        rare(output, 42),
        judge,
      );
      family[`bias ${bias}, ${judge.mean.toPrecision(2)}: auto`] = sameMean(auto(output, 0.01, 43), judge);
      if (!bias)
        family[`bias ${bias}, ${judge.mean.toPrecision(2)}: rays`] = sameMean(
          sampleRadial(output, planRare(output, key(44)), SIZE, key(44)),
          judge,
        );
    }
  }
  t.diagnostic(Object.keys(family).join('; '));
  holdsInLaw(t, family);
});

// ---- negative controls ----

test('negative controls: without the importance weights, or without one design point, the estimate is seen to be wrong', () => {
  const { output } = deepNetworks[4];
  const plan = planRare(output, key(50));
  const judge = sampleRare(plan, { lines: 256, shifts: 64 }, key(51));
  const proposal = (branch: Branch): TangentGaussian =>
    Object.assign(Object.create(branch.proposal), {
      overNominal: () => 1,
      mean: branch.proposal.mean.map((x) => x + 0.3),
    });
  const unweighted: RarePlan = {
    ...plan,
    branches: plan.branches.map((branch) => ({ ...branch, adapted: true, proposal: proposal(branch) })),
  };
  const largest = plan.branches.reduce((a, b) => (a.spread > b.spread ? a : b));
  const maimed: RarePlan = { ...plan, branches: plan.branches.filter((branch) => branch !== largest) };
  assert.ok(sameMean(sampleRare(plan, SIZE, key(52)), judge) > NEGATIVE_CONTROL);
  assert.ok(sameMean(sampleRare(unweighted, SIZE, key(52)), judge) < NEGATIVE_CONTROL);
  assert.ok(sameMean(sampleRare(maimed, SIZE, key(52)), judge) < NEGATIVE_CONTROL);
});

// ---- standard errors ----

test('standard errors are honest over 240 keys, each with its own fit: fixed size and auto, at 1e-4 and 1e-10', (t) => {
  const ratios: Record<string, number> = {};
  const family: Record<string, number> = {};
  for (const at of [0, 5]) {
    const { name, output } = deepNetworks[at];
    const judge = sampleRare(planRare(output, key(60)), { lines: 512, shifts: 128 }, key(60));
    for (const [what, estimate] of [
      ['lines', (seed: number) => rare(output, seed, { lines: 16, shifts: 32 })],
      ['auto', (seed: number) => auto(output, 0.03, seed)],
    ] as const) {
      const all = Array.from({ length: 240 }, (_, i) => estimate(1000 + i));
      const { mean, se } = meanAndSe(all.map((one) => one.mean));
      ratios[`${name}: ${what}`] = (se * Math.sqrt(all.length)) / meanAndSe(all.map((one) => one.se)).mean;
      if (what === 'lines') family[name] = sameMean({ mean, se }, judge);
      else assert.ok(all.every((one) => one.se <= 0.03 * one.mean));
    }
  }
  t.diagnostic(JSON.stringify(ratios));
  for (const ratio of Object.values(ratios)) assert.ok(ratio > HONEST_SE_RARE.least && ratio < HONEST_SE_RARE.most);
  holdsInLaw(t, family);
});

// ---- edges ----

test('where no error is possible, or its probability underflows: 0 with standard error 0', () => {
  const never: FreshOutput = {
    ...twoFilters(1, 0, 0),
    outputWeights: Float64Array.of(1, 1),
    atoms: [{ probability: 1, label: 1, fixed: 1, group: 0 }],
  };
  const nothing: FreshOutput = { ...twoFilters(1, 0, 0), rank: 0, l: new Float64Array(0) };
  for (const output of [never, nothing, twoFilters(60, 0, 0)])
    assert.deepEqual(auto(output, 0.05, 70), { mean: 0, se: 0 });
});

test('a signal that errs at the origin, no signal, and no noise stay common errors', () => {
  assert.ok(Math.abs(auto(twoFilters(0, 0, 0), 0.01, 71).mean - 5 / 8) < 0.03);
  assert.ok(Math.abs(auto(twoFilters(-2, 0, 0), 0.01, 71).mean - (1 - twoFilterError(2, 0, 0))) < 0.03);
  assert.deepEqual(auto({ ...twoFilters(-1, 0, 0), rank: 0, l: new Float64Array(0) }, 0.05, 72), { mean: 1, se: 0 });
});

test('auto takes any activation; the same key gives the same numbers, another key others', () => {
  const cubic: FreshOutput = { ...twoFilters(1, 0, 0), activation: { kind: 'power', power: 3 } };
  const { mean, se } = auto(cubic, 0.05, 73);
  assert.ok(se <= 0.05 * mean);
  const { output } = deepNetworks[2];
  assert.deepEqual(auto(output, 0.05, 74), auto(output, 0.05, 74));
  assert.notEqual(auto(output, 0.05, 74).mean, auto(output, 0.05, 75).mean);
});

test('test.estimator: auto through testError: the wanted precision, and the error against noisy labels', () => {
  const problem = makeProblem({ data: { d: 200, mu: 4, flip: 0.2 }, network: { m: 5 } }, key(76));
  const { view } = trained(gram, problem, 100);
  const { clean, cleanSe, noisy, noisySe } = testError(
    view,
    problem.network.activation,
    problem.sample.anchors,
    lawOf(problem.sample),
    { estimator: 'auto', precision: 0.04, lines: 1, shifts: 2, points: 2 },
    key(77),
  );
  assert.ok(clean > 0 && cleanSe <= 0.04 * clean);
  assert.ok(Math.abs(noisy - (0.2 + 0.6 * clean)) <= ROUNDING && Math.abs(noisySe - 0.6 * cleanSe) <= ROUNDING);
});

test('the design points of two independent filters: (0, c), the nearest failure', () => {
  const output = twoFilters(3, 0, 0);
  const points = designPoints(output, output.atoms[0], new Stream(key(1), 'test'));
  assert.equal(points.length, 1);
  assert.ok(Math.abs(points[0].beta - 3) < 1e-12);
  assert.ok(Math.abs(points[0].direction[0]) < 1e-12 && Math.abs(points[0].direction[1] - 1) < 1e-12);
});
