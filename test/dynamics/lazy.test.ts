import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { twoSidedP } from '../../src/core/statistics.ts';
import { patchVector } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem, Run } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { linearised } from '../../src/dynamics/lazy.ts';
import { train } from '../../src/dynamics/train.ts';
import { activate, activationSlope, type Activation } from '../../src/network/activation.ts';
import { lossSlope } from '../../src/network/loss.ts';
import { laziness } from '../../src/observables/laziness.ts';
import { lazyErrors } from '../../src/observables/lazy-error.ts';
import { testError } from '../../src/observables/test-error.ts';
import { freshPoint } from '../helpers/fresh-points.ts';
import { onThreePatches, threePatchSample } from '../helpers/noisy-patches.ts';
import { antipodal, onePatchSample } from '../helpers/one-patch.ts';
import { dot, explicitSample, key, makeProblem, worstDifference, type Setup } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { ENGINES, NEGATIVE_CONTROL, ROUNDING } from '../tolerances.ts';

const STEPS = 200;

/** The linearisation with weight vectors and gradients in full: written from f_lin alone. */
class ExplicitLinearisation {
  readonly W: number[][];
  readonly bias: number[];
  private readonly W0: number[][];
  private readonly problem: Problem;
  private readonly inputs: Float64Array[][];

  constructor(problem: Problem) {
    const { sample, network, init } = problem;
    this.problem = problem;
    this.W0 = Array.from({ length: network.filters }, (_, r) => [
      ...init.rows.subarray(r * init.columns, (r + 1) * init.columns),
    ]);
    this.W = this.W0.map((w) => [...w]);
    this.bias = [...init.bias];
    this.inputs = Array.from({ length: sample.n }, (_, i) =>
      Array.from({ length: sample.patches.perSample }, (__, s) => patchVector(sample, i, s)),
    );
  }

  /** f_lin of an input given as patches. */
  output(patches: readonly ArrayLike<number>[]): number {
    const {
      network: { outputWeights, activation },
      init,
    } = this.problem;
    let f = 0;
    for (const x of patches) {
      this.W.forEach((w, r) => {
        const h0 = dot(x, this.W0[r]) + init.bias[r];
        const h = dot(x, w) + this.bias[r];
        f += outputWeights[r] * (activate(activation, h0) + activationSlope(activation, h0) * (h - h0));
      });
    }
    return f;
  }

  outputs(): number[] {
    return this.inputs.map((patches) => this.output(patches));
  }

  preactivations(): number[] {
    return this.W.flatMap((w, r) => this.inputs.flatMap((patches) => patches.map((x) => dot(x, w) + this.bias[r])));
  }

  step(): void {
    const {
      sample: { labels },
      network,
      init,
      loss,
      stepPerSample,
    } = this.problem;
    const outputs = this.outputs();
    this.inputs.forEach((patches, i) => {
      const e = labels[i] * lossSlope(loss, labels[i] * outputs[i]) * stepPerSample;
      for (const x of patches) {
        this.W.forEach((w, r) => {
          const c =
            e * network.outputWeights[r] * activationSlope(network.activation, dot(x, this.W0[r]) + init.bias[r]);
          for (let k = 0; k < x.length; k++) w[k] += c * x[k];
          if (network.bias) this.bias[r] += c;
        });
      }
    });
  }
}

const relative = (difference: number, size: number): number => difference / Math.max(1, size);

/** Worst difference of outputs and state over a run. */
function compare(problem: Problem, other: Problem = problem): number {
  const judge = new ExplicitLinearisation(problem);
  const run = linearised(other);
  let worst = 0;
  for (let t = 0; t <= STEPS; t++) {
    run.forward();
    if (t % 20 === 0) {
      const { rows } = run.view.weights();
      worst = Math.max(
        worst,
        worstDifference(run.view.outputs, judge.outputs()),
        worstDifference(rows, judge.W.flat()),
        worstDifference(run.view.bias, judge.bias),
      );
      worst = Math.max(worst, worstDifference(run.view.preactivations, judge.preactivations()));
    }
    run.update();
    judge.step();
  }
  return worst;
}

const SETUPS: Setup[] = (['relu', 'leaky-relu', 'relu-power'] as const).flatMap((activation) =>
  (['logistic', 'hinge'] as const).flatMap((loss) =>
    [false, true].map((bias): Setup => ({
      data: { d: bias ? 30 : 6, projected: bias, flip: 0.2 },
      network: { activation, bias, pooling: loss === 'hinge' ? 'mean' : 'sum', outputScale: bias ? '1' : '1/m' },
      init: bias ? { law: 'pytorch-gaussian', sigma0: 0 } : { law: 'gaussian', sigma0: 0.3 },
      loss,
      stepPerSample: 0.01,
    })),
  ),
);

test('the run in sample space agrees with weight vectors and gradients in full', (t) => {
  let worst = 0;
  for (const setup of SETUPS) {
    const difference = compare(makeProblem(setup, key(400)));
    worst = Math.max(worst, difference);
    assert.ok(difference <= ENGINES, `${JSON.stringify(setup)}: ${difference}`);
  }
  const drawn = makeProblem(
    { loss: 'hinge', stepPerSample: 0.01, data: { projected: false, draw: 'explicit' } },
    key(401),
  );
  const mixture: Problem = {
    ...drawn,
    sample: onePatchSample({ n: 10, d: 30, atoms: antipodal(1), sigma: 1, flips: 2 }, 402),
  };
  worst = Math.max(worst, compare(mixture));
  assert.ok(worst <= ENGINES);
  t.diagnostic(`worst difference ${worst.toExponential(1)}`);
  // negative controls
  const problem = makeProblem(SETUPS[3], key(400));
  for (const wrong of [
    { ...problem, network: { ...problem.network, bias: false } },
    { ...problem, stepPerSample: problem.stepPerSample * (1 + 1e-6) },
    { ...problem, loss: 'logistic' as const },
  ]) {
    assert.ok(compare(problem, wrong) > 10 * ENGINES);
  }
});

test('products and coefficients are those of its weights', () => {
  const problem = makeProblem(SETUPS[3], key(403));
  const run = stepped(linearised(problem), 50);
  const {
    anchors: K,
    vectors,
    frame: { used },
  } = problem.sample;
  const { rows, columns } = run.view.weights();
  const coefficients = run.view.coefficients;
  const products = run.view.products();
  for (let r = 0; r < problem.network.filters; r++) {
    const w = rows.subarray(r * columns, (r + 1) * columns);
    const start = w.slice(); // w_r(0) = w_r - sum c v
    for (let k = 0; k < K; k++) {
      const v = vectors.subarray(k * used, (k + 1) * used);
      assert.ok(Math.abs(products[r * K + k] - dot(v, w)) <= ENGINES);
      for (let a = 0; a < used; a++) start[a] -= coefficients[r * K + k] * v[a];
    }
    assert.ok(worstDifference(start, problem.init.rows.subarray(r * columns, (r + 1) * columns)) <= ENGINES);
  }
});

function stepped(run: Run, steps: number): Run {
  run.forward();
  for (let t = 0; t < steps; t++) {
    run.update();
    run.forward();
  }
  return run;
}

const LINEAR: Activation = { kind: 'piecewise-linear', leak: 1 };

test('a linear network is its own linearisation: same outputs, same end, same fresh points wrong, kernel unchanged', () => {
  for (const loss of ['logistic', 'hinge'] as const) {
    const drawn = makeProblem(
      {
        data: { flip: 0.1 },
        network: { bias: true },
        init: { law: 'pytorch-gaussian', sigma0: 0 },
        loss,
        stepPerSample: 0.02,
      },
      key(410),
    );
    const problem: Problem = { ...drawn, network: { ...drawn.network, activation: LINEAR } };
    const rule = { stop: loss === 'hinge' ? 'zero-loss' : 'loss', epsilon: 0.05, maxSteps: 5000 } as const;
    const network = gram.start(problem);
    const linear = linearised(problem);
    const endings = [network, linear].map((run) => train(run, problem.sample, loss, rule));
    assert.deepEqual(endings[0], endings[1]);
    assert.equal(endings[0].outcome, 'interpolated');
    assert.ok(worstDifference(network.view.outputs, linear.view.outputs) <= ENGINES);
    assert.ok(worstDifference(network.view.weights().rows, linear.view.weights().rows) <= ENGINES);
    const errors = lazyErrors(network.view, linear.view, problem, 2000, key(411));
    assert.deepEqual(errors.difference, { mean: 0, se: 0 });
    assert.ok(errors.network.mean > 0);
    const { movement, kernelChange } = laziness(problem)(network.view);
    assert.equal(kernelChange, 0);
    assert.ok(movement > 0.1);
  }
});

test('a dead network stands still', () => {
  const drawn = makeProblem({ data: { mu: 0 } }, key(412));
  const problem: Problem = { ...drawn, init: { ...drawn.init, rows: drawn.init.rows.map(() => 0) } };
  assert.deepEqual(
    train(linearised(problem), problem.sample, 'logistic', { stop: 'loss', epsilon: 0.1, maxSteps: 10 }),
    { outcome: 'stalled', steps: 0 },
  );
});

test('large initial weights: the network becomes its linearisation', (t) => {
  // The second half of the filters starts as the first: f(x; W0) = 0, and the linearised run is the same at every
  // scale.
  const drawn = makeProblem(
    {
      data: { n: 8, d: 40, mu: 1, flip: 0.1 },
      network: { m: 30, outputScale: '1/sqrt(m)' },
      init: { law: 'gaussian', sigma0: 0.02 },
      stepPerSample: 0.02,
    },
    key(420),
  );
  const { columns } = drawn.init;
  const half = drawn.init.rows.subarray(0, 30 * columns);
  const scales = [1, 10, 100, 1000];
  let first: Float64Array | undefined;
  const seen = scales.map((scale) => {
    const rows = Float64Array.from([...half, ...half], (w) => scale * w);
    const problem: Problem = { ...drawn, init: { ...drawn.init, rows } };
    const network = stepped(gram.start(problem), 300);
    const linear = stepped(linearised(problem), 300);
    first ??= linear.view.outputs.slice();
    assert.ok(worstDifference(linear.view.outputs, first) <= ENGINES);
    const { difference, ...alone } = lazyErrors(network.view, linear.view, problem, 4000, key(421));
    // common points: the nearer the two functions, the less noise in the difference
    if (scale >= 100) assert.ok(difference.se < 0.3 * Math.hypot(alone.network.se, alone.linearised.se));
    return {
      outputs: worstDifference(network.view.outputs, linear.view.outputs),
      error: Math.abs(difference.mean),
      ...laziness(problem)(network.view),
    };
  });
  for (const [name, of] of Object.entries({
    outputs: (s: (typeof seen)[number]) => s.outputs,
    error: (s) => s.error,
    movement: (s) => s.movement,
    kernelChange: (s) => s.kernelChange,
    patternChange: (s) => s.patternChange,
  } satisfies Record<string, (s: (typeof seen)[number]) => number>)) {
    const values = seen.map(of);
    t.diagnostic(`${name}: ${values.map((x) => x.toExponential(1)).join(' ')}`);
    values
      .slice(1)
      .forEach((x, at) => assert.ok(x < values[at] || (x === 0 && values[at] === 0), `${name}: ${values.join(' ')}`));
  }
  assert.ok(seen[0].outputs > 0.1 && seen.at(-1)!.outputs < 0.01);
});

test('errors of both are those of fresh points in all coordinates', (t) => {
  const family: Record<string, number> = {};
  const POINTS = 40_000;
  const cases: [string, Problem][] = [
    [
      'two patches, bias',
      makeProblem(
        {
          data: { d: 25, mu: 1, draw: 'explicit', flip: 0.1 },
          network: { bias: true },
          init: { law: 'gaussian', sigma0: 0.02 },
          stepPerSample: 0.05,
        },
        key(430),
      ),
    ],
    [
      'raw, power',
      makeProblem(
        {
          data: { d: 25, mu: 1, draw: 'explicit', projected: false },
          network: { activation: 'relu-power' },
          init: { law: 'gaussian', sigma0: 0.2 },
          stepPerSample: 0.002,
        },
        key(431),
      ),
    ],
  ];
  const mixture = onePatchSample({ n: 10, d: 25, atoms: antipodal(1), sigma: 1, flips: 1 }, 432);
  cases.push([
    'one patch, leaky',
    {
      ...makeProblem(
        { data: { d: 25, draw: 'explicit' }, network: { activation: 'leaky-relu' }, stepPerSample: 0.05 },
        key(432),
      ),
      sample: mixture,
    },
  ]);
  cases.push([
    'three patches, two noisy',
    onThreePatches(threePatchSample({ mu: 1, flips: 1 }, 435), { activation: 'leaky-relu' }, 435, {
      stepPerSample: 0.05,
    }),
  ]);
  for (const [at, [name, problem]] of cases.entries()) {
    const { sample, network } = problem;
    const run = stepped(gram.start(problem), 150);
    const linear = stepped(linearised(problem), 150);
    const ours = lazyErrors(run.view, linear.view, problem, POINTS, key(433));
    const judge = new ExplicitLinearisation(problem);
    for (let step = 0; step < 150; step++) judge.step();
    const { rows, columns } = run.view.weights();
    let [wrong, wrongLinear, gap, gapSquare] = [0, 0, 0, 0];
    const stream = new Stream(key(434 + at), 'test');
    const points = POINTS / 4;
    for (let point = 0; point < points; point++) {
      const patches = freshPoint(sample, stream);
      let f = 0;
      for (const x of patches.inputs)
        network.outputWeights.forEach(
          (a, r) =>
            (f +=
              a *
              activate(network.activation, dot(x, rows.subarray(r * columns, (r + 1) * columns)) + run.view.bias[r])),
        );
      const [w, v] = [patches.label * f > 0 ? 0 : 1, patches.label * judge.output(patches.inputs) > 0 ? 0 : 1];
      wrong += w / points;
      wrongLinear += v / points;
      gap += (v - w) / points;
      gapSquare += (v - w) ** 2 / points;
    }
    const z = (mean: number, variance: number, { mean: expected, se }: { mean: number; se: number }): number =>
      twoSidedP((mean - expected) / Math.hypot(Math.sqrt(variance / points), se));
    family[`${name}: network`] = z(wrong, wrong * (1 - wrong), ours.network);
    family[`${name}: linearised`] = z(wrongLinear, wrongLinear * (1 - wrongLinear), ours.linearised);
    family[`${name}: difference`] = z(gap, gapSquare - gap * gap, ours.difference);
    const alone = testError(
      run.view,
      network.activation,
      sample.anchors,
      sample.fresh,
      { estimator: 'points', lines: 1, shifts: 2, points: POINTS, precision: 1 },
      key(435),
    );
    family[`${name}: test-error.ts`] = twoSidedP(
      (alone.clean - ours.network.mean) / Math.hypot(alone.cleanSe, ours.network.se),
    );
    assert.ok(Math.abs(ours.linearised.mean - ours.network.mean - ours.difference.mean) <= ROUNDING);
    t.diagnostic(
      `${name}: network ${ours.network.mean.toFixed(4)}, linearised ${ours.linearised.mean.toFixed(4)}, difference ${ours.difference.mean.toFixed(4)} +- ${ours.difference.se.toFixed(4)}`,
    );
    if (at === 0) assert.ok(twoSidedP(ours.difference.mean / ours.difference.se) < NEGATIVE_CONTROL); // or the family could not tell the two apart
  }
  holdsInLaw(t, family);
});

test('laziness by hand, on the direct engine', () => {
  const problem = makeProblem(
    {
      data: { flip: 0.2 },
      network: { bias: true, activation: 'leaky-relu' },
      init: { law: 'pytorch-gaussian', sigma0: 0 },
    },
    key(440),
  );
  const measure = laziness(problem);
  const run = stepped(direct.start(problem), 0);
  assert.deepEqual(measure(run.view), { movement: 0, kernelChange: 0, patternChange: 0 });
  /** grad f(x_i) as one long vector, biases last. */
  const gradients = (): number[][] => {
    const { sample, network } = problem;
    const { preactivations } = run.view;
    return Array.from({ length: sample.n }, (_, i) =>
      Array.from(network.outputWeights, (a, r) => {
        const sums = new Float64Array(sample.frame.used + 1);
        for (let s = 0; s < 2; s++) {
          const slope = a * activationSlope(network.activation, preactivations[(r * sample.n + i) * 2 + s]);
          patchVector(sample, i, s).forEach((x, k) => (sums[k] += slope * x));
          sums[sample.frame.used] += slope;
        }
        return [...sums];
      }).flat(),
    );
  };
  const kernel = (g: number[][]): number[] => g.flatMap((a) => g.map((b) => dot(a, b)));
  const norm = (x: number[]): number => Math.hypot(...x);
  const [H0, K0, W0] = [run.view.preactivations.slice(), kernel(gradients()), problem.init.rows];
  stepped(run, 80);
  const [H, K, W] = [run.view.preactivations, kernel(gradients()), run.view.weights().rows];
  const seen = measure(run.view);
  const near = (a: number, b: number): void =>
    assert.ok(b > 0 && relative(Math.abs(a - b), b) <= ROUNDING * 100, `${a} instead of ${b}`);
  near(seen.movement, norm([...W].map((w, k) => w - W0[k])) / norm([...W0]));
  near(seen.kernelChange, norm(K.map((x, k) => x - K0[k])) / norm(K0));
  near(seen.patternChange, H.filter((h, k) => h > 0 !== H0[k] > 0).length / H.length);
});

test('zero initial weights', () => {
  const sample = explicitSample([1, 0], [[0, 1]], [1]);
  const drawn = makeProblem(
    { data: { n: 1, d: 2, draw: 'explicit' }, network: { m: 1, activation: 'leaky-relu' } },
    key(441),
  );
  const problem: Problem = { ...drawn, sample, init: { ...drawn.init, rows: drawn.init.rows.map(() => 0) } };
  const run = stepped(gram.start(problem), 1);
  assert.equal(laziness(problem)(run.view).movement, Infinity);
});
