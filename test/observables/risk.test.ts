/** The squared loss of fresh points in closed form: against long simulations of another program, and known cases. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { solvePositiveDefinite } from '../../src/core/linear-algebra.ts';
import { arcsine } from '../../src/core/special.ts';
import { twoSidedP } from '../../src/core/statistics.ts';
import { withRealLabels } from '../../src/data/real-labels.ts';
import { lawOf, noiseRows, observedLabels } from '../../src/data/sample.ts';
import { gram } from '../../src/dynamics/gram.ts';
import type { Problem, TwoLayerView } from '../../src/dynamics/engine.ts';
import { arcCosineCovariance, excessRisk, RISK } from '../../src/observables/risk.ts';
import type { State } from '../../src/observables/observable.ts';
import { dot, explicitSample, key, makeProblem, trained } from '../helpers/problems.ts';
import { header, problemOf, runs } from '../helpers/regression.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { ARC_SINE, FACTORISATION, NEGATIVE_CONTROL, ROUNDING, ROUND_TRIP } from '../tolerances.ts';

const riskOf = (view: TwoLayerView, problem: Problem): number =>
  RISK.risk.of({ run: { problem, offers: 'span', kept: new Map() }, view, kept: new Map() } as unknown as State);

test('against 2^24 fresh points of NumPy, of networks that it trained', (t) => {
  const family: Record<string, number> = {};
  const without: number[] = [];
  for (const numpy of runs) {
    const problem = problemOf(numpy);
    const { view } = trained(gram, problem, header.steps);
    const p = (value: number, { mean, se }: (typeof numpy)['risk']): number => twoSidedP((value - mean) / se);
    family[`${numpy.name}: excess risk`] = p(excessRisk(view, problem), numpy.excessRisk);
    family[`${numpy.name}: risk`] = p(riskOf(view, problem), numpy.risk);
    // Negative control: noise of covariance sigma_p² I, where it is otherwise.
    const fresh = lawOf(problem.sample);
    const noisy = fresh.noisy.map(({ patch, sigma }) => ({ patch, sigma, projectedAxes: [] }));
    const flat = { ...problem, sample: { ...problem.sample, fresh: { ...fresh, noisy } } };
    if (numpy.projected || numpy.eigenvalues.length > 1) without.push(p(excessRisk(view, flat), numpy.excessRisk));
  }
  holdsInLaw(t, family);
  for (const p of without) assert.ok(p < NEGATIVE_CONTROL);
});

test('the arc sine, and the covariance of two ReLUs at the ends and in the middle', () => {
  for (let x = -1; x <= 1; x += 1 / 512) assert.ok(Math.abs(arcsine(x) - Math.asin(x)) <= ARC_SINE);
  assert.ok(Number.isNaN(arcsine(1.0001)));
  assert.equal(arcsine(1), Math.PI / 2);
  // 2 pi Var relu = pi - 1; relu(u) relu(-u) = 0; independent ones.
  assert.equal(arcCosineCovariance(1), Math.PI - 1);
  assert.ok(Math.abs(arcCosineCovariance(-1) + 1) <= ROUNDING);
  assert.equal(arcCosineCovariance(0), 0);
});

/** One filter a class on a patch of signal 2 e_1 and one of noise of deviation 1; c is what the signal gives. */
function ofTwo(w: readonly number[], v: readonly number[], leak = 0): number {
  const sample = explicitSample([2, 0, 0], [[0, 1, 0]], [1]);
  const activation = leak > 0 ? 'leaky-relu' : 'relu';
  const made = makeProblem({ loss: 'squared', network: { m: 1, activation, leak } }, key(1));
  const init = { columns: 3, rows: Float64Array.from([...w, ...v]), bias: new Float64Array(2) };
  const problem = { ...made, sample, init };
  const run = gram.start(problem);
  run.forward();
  return excessRisk(run.view, problem);
}

test('one filter a class, by hand', () => {
  const near = (value: number, expected: number): void =>
    assert.ok(Math.abs(value - expected) <= ROUNDING * expected, `${value}, not ${expected}`);
  // No filter hears anything: f = 0.
  near(ofTwo([0, 0, 0], [0, 0, 0]), 1);
  // f = relu(u), u = 3 z: mean 3/sqrt(2 pi), variance 9 (1/2 - 1/(2 pi)); y = 1 and -1 are as far.
  near(ofTwo([0, 3, 0], [0, 0, 0]), 9 / 2 + 1);
  // f = relu(u) - relu(-u) = u.
  near(ofTwo([0, 3, 0], [0, -3, 0]), 9 + 1);
  // f = relu(u) - relu(v) of independent ones of one deviation: the means cancel.
  near(ofTwo([0, 3, 0], [0, 0, 3]), 18 * (1 / 2 - 1 / (2 * Math.PI)) + 1);
  // The signal alone: c = 2a for y = 1, and 0 for y = -1 (relu), -2 leak a (leaky).
  near(ofTwo([0.4, 0, 0], [0, 0, 0]), expectedOfSignal(0.4, 0));
  near(ofTwo([0.4, 0, 0], [0, 0, 0], 0.3), expectedOfSignal(0.4, 0.3));
});

/** Filter (a, 0, 0), also in the noise, whose first axis is not removed. */
function expectedOfSignal(a: number, leak: number): number {
  const mean = ((1 - leak) * a) / Math.sqrt(2 * Math.PI);
  const variance = (a * a * (1 + leak * leak)) / 2 - mean * mean;
  return variance + 0.5 * (2 * a + mean - 1) ** 2 + 0.5 * (-2 * leak * a + mean + 1) ** 2;
}

test('a linear network becomes the interpolator of least norm, whose risk is that of a linear function', () => {
  for (const projected of [true, false]) {
    const made = makeProblem(
      {
        data: { n: 6, d: 40, mu: 3, projected },
        network: { activation: 'leaky-relu', leak: 1, m: 2 },
        init: { law: 'gaussian', sigma0: 0 },
        loss: 'squared',
        stepPerSample: 0.005,
      },
      key(8),
    );
    const problem = { ...made, sample: withRealLabels(made.sample, 0.8, key(8)) };
    const { sample } = problem;
    const { view } = trained(gram, problem, 3000);
    // theta = X' (X X')^{-1} y with rows x = y mu + xi: filters are shared over patches
    const { used } = sample.frame;
    const X = noiseRows(sample);
    for (let i = 0; i < sample.n; i++) X[i * used]! += 3 * sample.trueLabels[i]!;
    const rows = Array.from({ length: sample.n }, (_, i) => X.subarray(i * used, (i + 1) * used));
    const G = Float64Array.from(rows.flatMap((a) => rows.map((b) => dot(a, b))));
    const c = solvePositiveDefinite(G, sample.n, observedLabels(sample).slice());
    const theta = Float64Array.from({ length: used }, (_, k) => rows.reduce((sum, x, i) => sum + c[i]! * x[k]!, 0));
    const seen = projected ? theta.subarray(1) : theta;
    const expected = (3 * theta[0]! - 1) ** 2 + dot(seen, seen);
    assert.ok(Math.abs(excessRisk(view, problem) / expected - 1) <= ROUND_TRIP);
    assert.ok(Math.abs(riskOf(view, problem) - excessRisk(view, problem) - 0.64) <= FACTORISATION);
    // labels that are classes: risk and excess risk are one
    const { view: classes } = trained(gram, made, 100);
    assert.equal(riskOf(classes, made), excessRisk(classes, made));
  }
});

test('another noise, loss or activation, biases, and signal in a noisy patch have no number', () => {
  const problem = makeProblem({ loss: 'squared' }, key(9));
  const of = (change: Partial<Problem>): number => {
    const { view } = trained(gram, { ...problem, ...change }, 1);
    return riskOf(view, { ...problem, ...change });
  };
  assert.ok(of({}) > 0);
  const fresh = lawOf(problem.sample);
  const law = (change: Partial<typeof fresh>): Partial<Problem> => ({
    sample: { ...problem.sample, fresh: { ...fresh, ...change } },
  });
  const { network } = problem;
  const without: Record<string, Partial<Problem>> = {
    loss: { loss: 'logistic' },
    bias: { network: { ...network, bias: true } },
    activation: { network: { ...network, activation: { kind: 'power', power: 2 } } },
    noise: law({ noise: { law: 'student-t', nu: 5 } }),
    signal: law({ atoms: fresh.atoms.map((atom) => ({ ...atom, patches: [atom.patches[0]!, atom.patches[0]!] })) }),
  };
  for (const [what, change] of Object.entries(without)) assert.ok(Number.isNaN(of(change)), what);
});
