/** The hinge increments in WebAssembly give the bits of their reference. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { singleTermPatches, type Sample } from '../../src/data/sample.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { incrementalKernel } from '../../src/dynamics/incremental-kernel.ts';
import { incremental } from '../../src/dynamics/incremental.ts';
import type { StopParameters } from '../../src/dynamics/stop.ts';
import { train } from '../../src/dynamics/train.ts';
import { history, sameInTurns } from '../helpers/histories.ts';
import { key, makeProblem, normals, pureNoise, worstDifference } from '../helpers/problems.ts';
import { ENGINES } from '../tolerances.ts';

/**
 * One patch a sample, the inputs as anchors, the step size and widths of Karhadkar et al. 2024 on a smaller scale;
 * `signs`: of the output weights.
 */
function inputs({
  n,
  d,
  R,
  seed,
  signs,
}: {
  n: number;
  d: number;
  R: number;
  seed: number;
  signs: 'both' | 'minus';
}): Problem {
  const drawn = normals(n * d + n + R * d, seed);
  const labels = drawn.subarray(n * d, n * d + n).map((x) => (x > 0 ? 1 : -1));
  const vectors = drawn.slice(0, n * d).map((x) => x / Math.sqrt(d));
  labels.forEach((y, i) => (vectors[i * d]! += y / 2));
  const sample: Sample = {
    n,
    frame: { ambient: d, used: d },
    anchors: n,
    vectors,
    patches: singleTermPatches(
      1,
      Array.from({ length: n }, (_, i) => i),
      Array.from({ length: n }, () => 1),
    ),
    labels,
    trueLabels: labels,
    fresh: pureNoise(1),
  };
  const network: Problem['network'] = {
    activation: { kind: 'piecewise-linear', leak: 0.1 },
    filters: R,
    outputWeights: Float64Array.from({ length: R }, (_, r) => (signs === 'both' && r % 2 === 1 ? 1 : -1)),
    outputUnit: 1,
    trainsOutput: false,
    classes: new Float64Array(R).fill(1),
    bias: false,
  };
  const init = {
    columns: d,
    rows: drawn.slice(n * d + n).map((x) => x / (R * Math.sqrt(d))),
    bias: new Float64Array(R),
  };
  return { sample, network, init, loss: 'hinge', stepPerSample: 1 / (R * n) };
}

function* problems(): Generator<Problem> {
  let seed = 700;
  for (const activation of ['relu', 'leaky-relu'] as const)
    for (const bias of [false, true])
      for (const pooling of ['sum', 'mean'] as const)
        for (const n of [1, 7, 8, 21]) {
          seed++;
          yield makeProblem(
            {
              data: { n, d: [400, 40, 6][seed % 3], mu: 2, flip: 0.2, projected: seed % 2 === 0 },
              network: {
                activation,
                leak: 0.2,
                m: 2 + (seed % 4),
                pooling,
                bias,
                outputScale: (['1/m', '1', '1/sqrt(m)'] as const)[seed % 3],
              },
              init: bias
                ? { law: 'pytorch-gaussian', sigma0: 0 }
                : { law: 'gaussian', sigma0: seed % 5 === 0 ? 0 : 0.1 },
              loss: 'hinge',
              stepPerSample: [0.001, 0.01, 0.1][(seed >> 1) % 3] / n,
            },
            key(seed),
          );
        }
  for (const signs of ['both', 'minus'] as const)
    for (const n of [5, 16, 40]) for (const d of [n, 3 * n]) yield inputs({ n, d, R: 17, seed: seed++, signs });
}

const STOPS = ['steps', 'loss', 'zero-error', 'zero-loss'] as const;

test('the kernel gives the bits of the reference: every state, every count, every ending', (t) => {
  const endings = new Set<string>();
  let [runs, touched, scratch, steps] = [0, 0, 0, 0];
  for (const problem of problems()) {
    for (const stop of STOPS) {
      const rule: StopParameters = { stop, epsilon: 0.05, maxSteps: 1500 };
      const reference = history(incremental.start(problem), problem, rule, 130);
      const ours = history(incrementalKernel.start(problem), problem, rule, 130);
      assert.deepEqual(ours, reference, `run ${runs}`);
      assert.deepEqual(history(incrementalKernel.start(problem), problem, rule, 1).ending, reference.ending);
      endings.add(`${stop}: ${ours.ending.outcome}`);
      runs++;
      touched += ours.counters.touched;
      scratch += ours.counters.scratch;
      steps += ours.counters.steps;
    }
  }
  t.diagnostic(
    `${runs} runs, ${steps} steps, ${touched} changes, ${scratch} computed from scratch; ${[...endings].sort().join(', ')}`,
  );
  assert.ok(touched > 100_000 && scratch > 1000);
  for (const stop of STOPS) assert.ok(endings.has(`${stop}: interpolated`));
  assert.ok(endings.has('zero-loss: step-limit'));
});

test('one vector a sample: the plain engine agrees', () => {
  for (const signs of ['both', 'minus'] as const) {
    const problem = inputs({ n: 24, d: 48, R: 32, seed: 720, signs });
    const rule: StopParameters = { stop: 'zero-loss', epsilon: 1, maxSteps: 20_000 };
    const [plain, ours] = [gram.start(problem), incrementalKernel.start(problem)];
    const ending = train(plain, problem.sample, 'hinge', rule);
    assert.deepEqual(train(ours, problem.sample, 'hinge', rule), ending);
    assert.equal(ending.outcome, 'interpolated');
    for (const name of ['outputs', 'preactivations', 'coefficients'] as const)
      assert.ok(worstDifference(ours.view[name], plain.view[name]) <= ENGINES);
    assert.ok(worstDifference(ours.view.products(), plain.view.products()) <= ENGINES);
  }
});

test('runs that blow up end alike', () => {
  const outcomes = new Set<string>();
  for (const stepPerSample of [1e9, 1e200, 1e300]) {
    for (let seed = 0; seed < 10; seed++) {
      const problem = makeProblem(
        {
          data: { n: 12, d: 3, flip: 0.4 },
          network: { activation: 'leaky-relu', outputScale: '1' },
          loss: 'hinge',
          stepPerSample,
        },
        key(721, seed),
      );
      const rule: StopParameters = { stop: 'zero-loss', epsilon: 0.01, maxSteps: 50 };
      const ending = train(incremental.start(problem), problem.sample, 'hinge', rule);
      assert.deepEqual(train(incrementalKernel.start(problem), problem.sample, 'hinge', rule), ending);
      outcomes.add(ending.outcome);
    }
  }
  assert.ok(outcomes.has('diverged'), [...outcomes].join());
});

test('a changed bit is seen (negative control)', () => {
  const problem = inputs({ n: 12, d: 24, R: 8, seed: 722, signs: 'both' });
  const rows = problem.init.rows.slice();
  rows[3]! *= 1 + 2 ** -52;
  const rule: StopParameters = { stop: 'steps', epsilon: 1, maxSteps: 200 };
  const ours = history(incrementalKernel.start({ ...problem, init: { ...problem.init, rows } }), problem, rule, 200);
  assert.throws(() => assert.deepEqual(ours, history(incremental.start(problem), problem, rule, 200)));
});

test('two runs may share the thread', () => {
  sameInTurns(
    incrementalKernel,
    [1, 2].map((at) => inputs({ n: 10, d: 20, R: 8 + at, seed: 722 + at, signs: 'both' })),
  );
});
