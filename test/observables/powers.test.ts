/** The test error with the activation max(0, h)^q: lines, rays, points and auto. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { normalTail } from '../../src/core/special.ts';
import { twoSidedP, type Estimate } from '../../src/core/statistics.ts';
import { lawOf } from '../../src/data/sample.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { activate } from '../../src/network/activation.ts';
import { adaptiveEstimate } from '../../src/observables/adaptive.ts';
import { designPoints } from '../../src/observables/design-point.ts';
import { freshOutput, type FreshOutput } from '../../src/observables/fresh-output.ts';
import { PolynomialLine } from '../../src/observables/polynomial-line.ts';
import { sampleRadial } from '../../src/observables/radial.ts';
import { planRare, sampleRare } from '../../src/observables/rare.ts';
import { estimateByLines, sampleLines } from '../../src/observables/lines.ts';
import { estimateByPoints } from '../../src/observables/points.ts';
import { key, makeProblem, trained } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { LINEAR_ERROR, LINE_SCAN, NEGATIVE_CONTROL, RARE_QUADRATURE, ROUNDING, UNSEEN } from '../tolerances.ts';

const sameMean = (a: Estimate, b: Estimate): number =>
  a.mean === b.mean ? 1 : twoSidedP((a.mean - b.mean) / Math.hypot(a.se, b.se));
const auto = (output: FreshOutput, precision: number, seed: number): Estimate =>
  adaptiveEstimate(output, precision, key(seed), { lines: estimateByLines, points: estimateByPoints });

/** A network whose noise heights are independent standard normals. */
const independent = (power: number, outputWeights: readonly number[], fixed: number, shift: number): FreshOutput => ({
  activation: { kind: 'power', power },
  outputWeights: Float64Array.from(outputWeights),
  filters: outputWeights.length,
  rank: outputWeights.length,
  l: Float64Array.from({ length: outputWeights.length ** 2 }, (_, k) => (k % (outputWeights.length + 1) === 0 ? 1 : 0)),
  atoms: [1, -1].map((label) => ({ probability: 0.5, label, fixed: label * fixed, group: 0 })),
  groups: [new Float64Array(outputWeights.length).fill(shift)],
});

// ---- one line ----

/** P(label * f <= 0) by the sign of f in the middle of each of many cells. */
function scanned(output: FreshOutput, heights: Float64Array, slopes: Float64Array): number {
  const step = 1 / 4096;
  let sum = 0;
  for (const { probability, label, fixed, group } of output.atoms)
    for (let t = -9; t < 9; t += step) {
      let noise = 0;
      for (let r = 0; r < slopes.length; r++)
        noise +=
          output.outputWeights[r] *
          activate(output.activation, heights[r] + output.groups[group][r] + (t + step / 2) * slopes[r]);
      if (!(label * (fixed + noise) > 0)) sum += probability * (normalTail(t) - normalTail(t + step));
    }
  return sum;
}

test('a line: the probability of an error against a scan of the signs, powers 2 to 10', (t) => {
  const stream = new Stream(key(200), 'test');
  let worst = 0;
  let mixed = 0;
  for (const power of [2, 3, 4, 5, 10])
    for (const filters of [1, 2, 5, 12])
      for (let i = 0; i < 4; i++) {
        const draw = (zeros: number): Float64Array =>
          Float64Array.from({ length: filters }, () => (stream.uniform() < zeros ? 0 : stream.normal()));
        const output: FreshOutput = {
          ...independent(power, [...draw(0)], 0, 0),
          atoms: [1, -1, 1].map((label, at) => ({
            probability: [0.5, 0.3, 0.2][at],
            label,
            fixed: 0.3 * label * stream.normal(),
            group: at % 2,
          })),
          groups: [draw(0), draw(0.3)],
        };
        const [heights, slopes] = [draw(0.1), draw(0.2)];
        const ours = new PolynomialLine(output, slopes, power).errorProbability(heights);
        worst = Math.max(worst, Math.abs(ours - scanned(output, heights, slopes)));
        if (ours > 0.01 && ours < 0.99) mixed++;
      }
  t.diagnostic(`worst ${worst.toExponential(1)}; ${mixed} of 80 lines have both signs`);
  assert.ok(worst < LINE_SCAN);
  assert.ok(mixed > 40);
});

test('a line with all its crossings known: the roots of a quadratic hidden in two filters, and the part inside (low, high)', () => {
  // f = (t + 2)_+^2 - 2 (t)_+^2 - 1/2 on one line: 0 at -2 + 1/sqrt 2, and for t > 0 where -t^2 + 4t + 7/2 = 0
  const output: FreshOutput = {
    ...independent(2, [1, -2], -0.5, 0),
    atoms: [{ probability: 1, label: 1, fixed: -0.5, group: 0 }],
  };
  const line = new PolynomialLine(output, Float64Array.of(1, 1), 2);
  const [first, second] = [-2 + Math.SQRT1_2, 2 + Math.sqrt(7.5)];
  const exact = 1 - normalTail(first) + normalTail(second);
  assert.ok(Math.abs(line.errorProbability(Float64Array.of(2, 0)) - exact) <= ROUNDING);
  const inside = line.atomErrorProbability(Float64Array.of(2, 0), output.atoms[0], 4, 5);
  assert.ok(Math.abs(inside / (normalTail(second) - normalTail(5)) - 1) <= LINEAR_ERROR);
});

test('silent filters: f = 0 is an error, a trace of signal is not', () => {
  const line = (fixed: number): number =>
    new PolynomialLine(
      { ...independent(3, [1, 1], fixed, 0), atoms: [{ probability: 1, label: 1, fixed, group: 0 }] },
      new Float64Array(2),
      3,
    ).errorProbability(Float64Array.of(-1, 0));
  assert.deepEqual([line(0), line(1e-200), line(-1e-200)], [1, 0, 1]);
});

// ---- closed forms and quadrature ----

test('one filter against the signal: the normal tail of (c / a)^(1/q) - s exactly, by lines and to the design point', (t) => {
  let worst = 0;
  let deepest = 1;
  for (const power of [2, 3, 4])
    for (const shift of [0, -1, 0.5])
      for (const root of [1, 2.5, 6, 12]) {
        // label +1: c - a max(0, g + s)^q <= 0; label -1: the noise only helps
        const output = independent(power, [-0.25], 0.25 * root ** power, shift);
        const exact = normalTail(root - shift) / 2;
        for (const { mean } of [
          sampleLines(output, { lines: 4, shifts: 2 }, key(201)),
          sampleRare(planRare(output, key(202)), { lines: 8, shifts: 2 }, key(202)),
        ]) {
          worst = Math.max(worst, Math.abs(mean / exact - 1) / (root - shift) ** 2);
          deepest = Math.min(deepest, mean);
        }
      }
  t.diagnostic(
    `worst relative error over margin^2: ${worst.toExponential(1)}, least error ${deepest.toExponential(1)}`,
  );
  assert.ok(worst < LINEAR_ERROR && deepest < 1e-30);
});

/** P(c + max(0, g_1 + s)^q <= max(0, g_2 + s)^q) by the midpoint rule over g_1. */
function twoFilterError(c: number, s: number, q: number): number {
  const step = 5e-4;
  let sum = 0;
  for (let g = -20 + step / 2; g < 20; g += step) {
    const height = c + Math.max(0, g + s) ** q;
    sum += step * Math.exp(-0.5 * g * g) * (height > 0 ? normalTail(height ** (1 / q) - s) : 1);
  }
  return sum / Math.sqrt(2 * Math.PI);
}

test('m = 1 with and without a bias against quadrature, 0.5 to 1e-40: lines, auto, and rays where nothing shifts', (t) => {
  const family: Record<string, number> = {};
  let least = 1;
  for (const power of [2, 3, 4])
    for (const shift of [0, -1, 0.7])
      for (const root of [0.5, 1.5, 3, 6, 13]) {
        const output = independent(power, [1, -1], root ** power, shift);
        const exact = twoFilterError(root ** power, shift, power);
        const judge: Estimate = { mean: exact, se: (UNSEEN + RARE_QUADRATURE) * exact };
        const plan = planRare(output, key(203));
        const size = { lines: 64, shifts: 32 };
        const estimates = {
          ...(root < 2 && { lines: sampleLines(output, size, key(204)) }),
          'lines to the design points': sampleRare(plan, size, key(205)),
          auto: auto(output, 0.03, 206),
          ...(shift === 0 && { rays: sampleRadial(output, plan, size, key(207)) }),
        };
        for (const [name, estimate] of Object.entries(estimates))
          family[`power ${power}, bias ${shift}, ${root}^power: ${name}`] = sameMean(estimate, judge);
        least = Math.min(least, exact);
      }
  assert.ok(least < 1e-38);
  holdsInLaw(t, family);
});

// ---- trained networks ----

const networks = [2, 3, 4].flatMap((power) =>
  [false, true].map((bias) => {
    const problem = makeProblem(
      {
        data: { n: 20, d: 100, mu: power === 2 ? 3 : 5, flip: 0.1 },
        network: { m: 5, activation: 'relu-power', power, bias },
        init: { law: bias ? 'pytorch-gaussian' : 'gaussian', sigma0: 0.05 },
        stepPerSample: 0.002,
      },
      key(210 + power),
    );
    return {
      name: `power ${power}${bias ? ', bias' : ''}`,
      output: freshOutput(
        trained(gram, problem, 200).view,
        problem.network.activation,
        problem.sample.anchors,
        lawOf(problem.sample),
      ),
    };
  }),
);

/** The network with its signal scaled until about this share of the points errs. */
function withError(output: FreshOutput, error: number): FreshOutput {
  const scaled = (factor: number): FreshOutput => ({
    ...output,
    atoms: output.atoms.map((atom) => ({ ...atom, fixed: factor * atom.fixed })),
  });
  let low = 1e-3;
  let high = 1e3;
  for (let i = 0; i < 20; i++) {
    const middle = Math.sqrt(low * high);
    if (estimateByPoints(scaled(middle), 50_000, key(215)).mean > error) low = middle;
    else high = middle;
  }
  return scaled(low);
}

test('trained networks: lines, lines to the design points, rays and auto agree with points', (t) => {
  const family: Record<string, number> = {};
  const errors: number[] = [];
  networks.forEach(({ name, output }, at) => {
    for (const error of [0.1, 0.004]) {
      const scaled = withError(output, error);
      const points = estimateByPoints(scaled, 500_000, key(220 + at));
      const plan = planRare(scaled, key(230 + at));
      const size = { lines: 128, shifts: 16 };
      assert.ok(plan.complete);
      family[`${name}, ${error}: lines`] = sameMean(sampleLines(scaled, size, key(240 + at)), points);
      family[`${name}, ${error}: lines to the design points`] = sameMean(
        sampleRare(plan, { lines: 64, shifts: 16 }, key(250 + at)),
        points,
      );
      family[`${name}, ${error}: auto`] = sameMean(auto(scaled, 0.03, 260 + at), points);
      if (!name.includes('bias'))
        family[`${name}, ${error}: rays`] = sameMean(sampleRadial(scaled, plan, size, key(270 + at)), points);
      errors.push(points.mean);
    }
  });
  t.diagnostic(`errors ${errors.map((error) => error.toPrecision(2)).join(', ')}`);
  assert.ok(errors.every((error) => error > 1e-3 && error < 0.2));
  holdsInLaw(t, family);
});

test('negative control: lines of the power next to it are seen to be wrong', () => {
  const output = withError(networks[2].output, 0.1);
  const size = { lines: 128, shifts: 16 };
  const points = estimateByPoints(output, 500_000, key(280));
  assert.ok(sameMean(sampleLines(output, size, key(281)), points) > NEGATIVE_CONTROL);
  assert.ok(
    sameMean(sampleLines({ ...output, activation: { kind: 'power', power: 2 } }, size, key(281)), points) <
      NEGATIVE_CONTROL,
  );
});

test('design points: (0, c^(1/q)) for two independent filters, one for each of many that pull down', () => {
  const pair = independent(3, [1, -1], 27, 0);
  const [point, ...rest] = designPoints(pair, pair.atoms[0], new Stream(key(1), 'test'));
  assert.equal(rest.length, 0);
  assert.ok(Math.abs(point.beta - 3) < 1e-6 && Math.abs(point.direction[1] - 1) < 1e-4);
  const many = independent(3, [1, ...new Array<number>(9).fill(-1)], 27, 0);
  const found = designPoints(many, many.atoms[0], new Stream(key(1), 'test'));
  assert.equal(found.filter(({ beta }) => Math.abs(beta - 3) < 1e-6).length, 9);
});

test('more design points than are looked for: auto goes back to plain lines', () => {
  const output = independent(4, [...new Array<number>(20).fill(1), ...new Array<number>(20).fill(-1)], 3.3 ** 4, 0);
  assert.equal(planRare(output, key(290)).complete, false);
  const { mean, se } = auto(output, 0.3, 291);
  assert.ok(mean > 0 && se <= 0.3 * mean);
});
