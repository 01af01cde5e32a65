/** Outputs that are exactly 0: wrong for either label, their mass counted apart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { twoSidedP, type Estimate } from '../../src/core/statistics.ts';
import { lawOf } from '../../src/data/sample.ts';
import { adaptiveEstimate } from '../../src/observables/adaptive.ts';
import { againstFlipped, type ErrorEstimate } from '../../src/observables/error-estimate.ts';
import { freshOutput, type FreshOutput } from '../../src/observables/fresh-output.ts';
import { estimateByLines } from '../../src/observables/lines.ts';
import { estimateByPoints } from '../../src/observables/points.ts';
import { planRare, sampleRare } from '../../src/observables/rare.ts';
import { sampleRadial } from '../../src/observables/radial.ts';
import { studentLines } from '../../src/observables/student-lines.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { key, makeProblem, trained } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { COVERAGE, NEGATIVE_CONTROL, ROUNDING } from '../tolerances.ts';

const P = 0.3;
const sameMean = (a: Estimate, b: Estimate): number =>
  Math.abs(a.mean - b.mean) <= ROUNDING ? 1 : twoSidedP((a.mean - b.mean) / Math.hypot(a.se, b.se));
const auto = (output: FreshOutput, seed: number): ErrorEstimate =>
  adaptiveEstimate(output, 0.02, key(seed), { lines: estimateByLines, points: estimateByPoints });

/** f = label * fixed + sigma(g_1) - sigma(g_2), g independent and standard normal: silent with probability 1/4. */
const pair = (fixed: number, activation: FreshOutput['activation']): FreshOutput => ({
  activation,
  outputWeights: Float64Array.of(1, -1),
  filters: 2,
  rank: 2,
  l: Float64Array.of(1, 0, 0, 1),
  atoms: [1, -1].map((label) => ({ probability: 0.5, label, fixed: label * fixed, group: 0 })),
  groups: [new Float64Array(2)],
});

test('two filters: f = 0 with probability 1/4, clean error 5/8, error against labels turned at p 5/8 (1 - 2p) + 5/4 p', (t) => {
  const family: Record<string, number> = {};
  for (const [name, activation] of [
    ['relu', { kind: 'piecewise-linear', leak: 0 }],
    ['square', { kind: 'power', power: 2 }],
  ] as const) {
    const output = pair(0, activation);
    const plan = planRare(output, key(1));
    const size = { lines: 64, shifts: 32 };
    for (const [estimator, found] of [
      ['lines', estimateByLines(output, size, key(501))],
      ['points', estimateByPoints(output, 200_000, key(502))],
      ['auto', auto(output, 503)],
      ['lines to the design points', sampleRare(plan, size, key(504))],
      ['rays', sampleRadial(output, plan, size, key(505))],
      ['Student lines', studentLines({ ...output, noise: { law: 'student-t', nu: 5 } }, size, key(506))],
    ] as const) {
      assert.ok(found.zero, estimator);
      assert.ok(Math.abs(found.zero.correlation) <= 1 + ROUNDING);
      family[`${name}, ${estimator}: f = 0`] = sameMean(found.zero, { mean: 1 / 4, se: 0 });
      family[`${name}, ${estimator}: clean`] = sameMean(found, { mean: 5 / 8, se: 0 });
      family[`${name}, ${estimator}: noisy`] = sameMean(againstFlipped(found, P), {
        mean: P * (1 - 5 / 8 + 1 / 4) + (1 - P) * (5 / 8), // a turned label is wrong where f = 0 or the true one is right
        se: 0,
      });
    }
  }
  holdsInLaw(t, family);
});

test('a trace of signal, or a leak, leaves no outputs of 0', () => {
  for (const output of [
    pair(1e-200, { kind: 'piecewise-linear', leak: 0 }),
    pair(0, { kind: 'piecewise-linear', leak: 0.1 }),
  ])
    for (const found of [
      estimateByLines(output, { lines: 16, shifts: 4 }, key(511)),
      estimateByPoints(output, 1000, key(511)),
    ])
      assert.equal(found.zero, undefined);
});

test('the old identity misses the mass (negative control)', () => {
  const found = estimateByPoints(pair(0, { kind: 'piecewise-linear', leak: 0 }), 200_000, key(521));
  const old = { mean: P + (1 - 2 * P) * found.mean, se: (1 - 2 * P) * found.se };
  assert.ok(sameMean(old, { mean: P * (1 - 5 / 8 + 1 / 4) + (1 - P) * (5 / 8), se: 0 }) < NEGATIVE_CONTROL);
});

test('dead filters: biases that no noise reaches', () => {
  const dead: FreshOutput = {
    ...pair(0, { kind: 'piecewise-linear', leak: 0 }),
    groups: [Float64Array.of(-60, -60)],
  };
  for (const found of [
    estimateByLines(dead, { lines: 8, shifts: 4 }, key(531)),
    estimateByPoints(dead, 100, key(531)),
    auto(dead, 531),
  ]) {
    assert.deepEqual([found.mean, found.se, found.zero!.mean, found.zero!.se], [1, 0, 1, 0]);
    assert.ok(Math.abs(againstFlipped(found, P).mean - 1) <= ROUNDING);
  }
});

test('intervals of trained networks that can be silent cover the errors against true and observed labels', (t) => {
  const KEYS = 300;
  const size = { lines: 8, shifts: 8 };
  const reach = tQuantile(0.975, size.shifts - 1);
  for (const [m, mu] of [
    [1, 0],
    [2, 0],
    [4, 0],
  ] as const) {
    let [clean, noisy, old, all] = [0, 0, 0, 0];
    for (let replicate = 0; replicate < 4; replicate++) {
      const problem = makeProblem({ data: { mu, n: 6, d: 50 }, network: { m } }, key(541, replicate));
      const { view } = trained(gram, problem, 50);
      const output = freshOutput(view, problem.network.activation, problem.sample.anchors, lawOf(problem.sample));
      const judge = estimateByLines(output, { lines: 2048, shifts: 64, weights: 'equal' }, key(542, replicate));
      assert.ok(judge.zero && judge.zero.mean > 1e-4);
      const truth = againstFlipped(judge, P).mean;
      for (let one = 0; one < KEYS; one++) {
        const found = estimateByLines(output, size, key(543 + replicate, one));
        const flipped = againstFlipped(found, P);
        all++;
        if (Math.abs(found.mean - judge.mean) <= reach * found.se) clean++;
        if (Math.abs(flipped.mean - truth) <= reach * flipped.se) noisy++;
        const before = P + (1 - 2 * P) * found.mean;
        if (Math.abs(before - truth) <= 1.96 * (1 - 2 * P) * found.se) old++;
      }
    }
    const said = `m = ${m}, mu = ${mu}: clean ${(clean / all).toFixed(3)}, noisy ${(noisy / all).toFixed(3)}, before ${(old / all).toFixed(3)}`;
    t.diagnostic(said);
    assert.ok(clean / all >= COVERAGE && noisy / all >= COVERAGE, said);
    if (m < 4) assert.ok(old / all < COVERAGE, said);
  }
});
