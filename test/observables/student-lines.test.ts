/** Line sampling for Student noise: closed forms, points, and the law next to it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { meanAndSe, twoSidedP, type Estimate } from '../../src/core/statistics.ts';
import { StudentLaw } from '../../src/core/student.ts';
import { gram } from '../../src/dynamics/gram.ts';
import type { FreshOutput } from '../../src/observables/fresh-output.ts';
import { studentLines } from '../../src/observables/student-lines.ts';
import type { TestErrorParameters } from '../../src/observables/estimator.ts';
import { testError } from '../../src/observables/test-error.ts';
import { key, makeProblem, trained } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { HONEST_SE, NEGATIVE_CONTROL } from '../tolerances.ts';

const sameMean = (a: Estimate, b: Estimate): number => twoSidedP((a.mean - b.mean) / Math.hypot(a.se, b.se));

/** A linear network with one output direction of length 1 in `rank` coordinates, margin `margin`. */
const linear = (rank: number, margin: number, nu: number): FreshOutput => {
  const stream = new Stream(key(701), 'test');
  const filters = rank + 2;
  const l = Float64Array.from({ length: filters * rank }, (_, at) =>
    at % rank <= Math.floor(at / rank) ? stream.normal() : 0,
  );
  const outputWeights = Float64Array.from({ length: filters }, () => stream.normal());
  const v = Array.from({ length: rank }, (_, k) => outputWeights.reduce((sum, a, r) => sum + a * l[r * rank + k], 0));
  const norm = Math.hypot(...v);
  return {
    activation: { kind: 'piecewise-linear', leak: 1 },
    outputWeights: outputWeights.map((a) => a / norm),
    filters,
    rank,
    l,
    atoms: [1, -1].map((label) => ({ probability: 0.5, label, fixed: label * margin, group: 0 })),
    groups: [new Float64Array(filters)],
    noise: { law: 'student-t', nu },
  };
};

/** P(sqrt((nu - 2)/nu) T > margin), T Student: its marginal law, whatever the direction. */
const exactError = (margin: number, nu: number): number => new StudentLaw(nu).tail(margin * Math.sqrt(nu / (nu - 2)));

test('a linear network: the tail of its margin, common to rare; of one degree of freedom more it is not', (t) => {
  const family: Record<string, number> = {};
  const control: number[] = [];
  for (const rank of [1, 2, 5, 12])
    for (const nu of [3, 4, 9])
      for (const margin of [0.3, 2, 8]) {
        const found = studentLines(linear(rank, margin, nu), { lines: 256, shifts: 16 }, key(702));
        family[`rank ${rank}, nu ${nu}, margin ${margin}`] = sameMean(found, {
          mean: exactError(margin, nu),
          se: 1e-15,
        });
        // The two laws cross near the centre: the tail tells them apart.
        if (margin === 8) control.push(sameMean(found, { mean: exactError(margin, nu + 1), se: 1e-15 }));
      }
  holdsInLaw(t, family);
  assert.equal(control.length, 12);
  for (const p of control) assert.ok(p < NEGATIVE_CONTROL, String(p));
});

const POINTS: TestErrorParameters = { estimator: 'points', lines: 1, shifts: 2, points: 100_000, precision: 1 };
const LINES: TestErrorParameters = { estimator: 'lines', lines: 64, shifts: 16, points: 2, precision: 1 };

test('trained networks: lines agree with points; those of the law next to it do not (negative control)', (t) => {
  const family: Record<string, number> = {};
  let least = 1;
  for (const [activation, bias, projected, nu] of [
    ['relu', false, true, 3],
    ['relu', true, false, 5],
    ['leaky-relu', true, true, 4],
    ['relu-power', false, false, 7],
  ] as const) {
    const problem = makeProblem(
      {
        data: { noise: 'student-t', nu, mu: 1.5, projected, flip: 0.1 },
        network: { activation, bias },
        init: { law: 'pytorch-gaussian', sigma0: 0 },
      },
      key(711),
    );
    const { view } = trained(gram, problem, 60);
    const errorOf = (of: TestErrorParameters, law: number = nu): Estimate => {
      const fresh = { ...problem.sample.fresh, noise: { law: 'student-t', nu: law } as const };
      const { clean, cleanSe } = testError(
        view,
        problem.network.activation,
        problem.sample.anchors,
        fresh,
        of,
        key(712),
      );
      return { mean: clean, se: cleanSe };
    };
    const [lines, points] = [errorOf(LINES), errorOf(POINTS)];
    assert.ok(points.mean > 1e-3 && points.mean < 0.6, String(points.mean));
    family[`${activation}, nu ${nu}`] = sameMean(lines, points);
    least = Math.min(least, sameMean(errorOf(LINES, 30), errorOf({ ...POINTS, points: 400_000 })));
  }
  holdsInLaw(t, family);
  assert.ok(least < NEGATIVE_CONTROL, String(least));
});

test('the stated standard error is the spread over keys', (t) => {
  const problem = makeProblem({ data: { noise: 'student-t', nu: 3, mu: 2 } }, key(721));
  const { view } = trained(gram, problem, 60);
  const estimates = Array.from({ length: 300 }, (_, replicate) =>
    testError(
      view,
      problem.network.activation,
      problem.sample.anchors,
      problem.sample.fresh,
      { ...LINES, lines: 8, shifts: 8 },
      key(722, replicate),
    ),
  );
  const spread = meanAndSe(estimates.map(({ clean }) => clean)).se * Math.sqrt(300);
  const ratio = spread / meanAndSe(estimates.map(({ cleanSe }) => cleanSe)).mean;
  t.diagnostic(ratio.toFixed(3));
  assert.ok(ratio > HONEST_SE.least && ratio < HONEST_SE.most);
});
