import assert from 'node:assert/strict';
import { test } from 'node:test';
import { direct } from '../../src/dynamics/direct.ts';
import type { Engine, Problem, Run } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import { DIVERGENCE_FACTOR, type StopParameters } from '../../src/dynamics/stop.ts';
import { meanLoss, train, type Ending } from '../../src/dynamics/train.ts';
import { buildNetwork } from '../../src/network/two-layer.ts';
import { explicitSample, key, makeProblem, NETWORK, type Setup } from '../helpers/problems.ts';
import { ENGINES, FIRST_ORDER, RECURSION, ROUNDING } from '../tolerances.ts';

const RULE: StopParameters = { stop: 'steps', epsilon: 0.01, maxSteps: 200 };
const ENGINE_LIST: readonly Engine[] = [gram, gramKernel, direct];

/** Trains and keeps the mean loss and the number of unfitted labels at every time. */
function follow(
  engine: Engine,
  problem: Problem,
  rule: Partial<StopParameters>,
): { ending: Ending; losses: number[]; wrong: number[] } {
  const losses: number[] = [];
  const wrong: number[] = [];
  const { sample, loss } = problem;
  const ending = train(engine.start(problem), sample, loss, { ...RULE, ...rule }, (t, view) => {
    assert.equal(t, losses.length); // every time, once
    losses.push(meanLoss(view, sample, loss));
    wrong.push(view.outputs.filter((f, i) => !(sample.labels[i] * f > 0)).length);
  });
  return { ending, losses, wrong };
}

const both = (setup: Setup, rule: Partial<StopParameters>, seed = 1) =>
  ENGINE_LIST.map((engine) => follow(engine, makeProblem(setup, key(seed)), rule));

// ---- the rules on real runs ----

test('steps: exactly maxSteps of them, also none', () => {
  for (const maxSteps of [0, 1, 150]) {
    for (const { ending, losses } of both({}, { maxSteps })) {
      assert.equal(ending.steps, maxSteps);
      assert.equal(losses.length, maxSteps + 1);
    }
  }
  for (const { ending } of both({}, { maxSteps: 150 })) assert.equal(ending.outcome, 'interpolated');
});

test('loss: stops at the first time the mean loss is at most epsilon', () => {
  for (const loss of ['logistic', 'hinge'] as const) {
    for (const { ending, losses } of both(
      { data: { flip: 0.2 }, loss, stepPerSample: 0.005 },
      { stop: 'loss', epsilon: 0.05, maxSteps: 5000 },
    )) {
      assert.equal(ending.outcome, 'interpolated');
      assert.ok(ending.steps > 5);
      assert.ok(losses[ending.steps] <= 0.05);
      assert.ok(losses.slice(0, -1).every((one) => one > 0.05));
    }
  }
});

test('zero-error: stops at the first time every label is fitted', () => {
  for (const { ending, wrong } of both(
    { data: { flip: 0.2 }, init: { law: 'gaussian', sigma0: 0.01 } },
    { stop: 'zero-error', maxSteps: 5000 },
    2,
  )) {
    assert.equal(ending.outcome, 'interpolated');
    assert.ok(ending.steps > 0);
    assert.ok(wrong.every((count, t) => (count === 0) === (t === ending.steps)));
  }
});

test('zero-loss: a hinge loss of exactly 0; the logistic loss never gets there', () => {
  for (const { ending, losses } of both({ loss: 'hinge' }, { stop: 'zero-loss', maxSteps: 5000 })) {
    assert.equal(ending.outcome, 'interpolated');
    assert.ok(losses.every((one, t) => (one === 0) === (t === ending.steps)));
  }
  for (const { ending, wrong } of both({}, { stop: 'zero-loss', maxSteps: 300 })) {
    assert.deepEqual(ending, { outcome: 'step-limit', steps: 300 });
    assert.equal(wrong.at(-1), 0);
  }
});

// ---- the outcomes on real runs ----

test('step-limit: the cap came before the rule', () => {
  for (const stop of ['loss', 'zero-error', 'zero-loss'] as const) {
    for (const { ending } of both(
      { stepPerSample: 1e-9, init: { law: 'gaussian', sigma0: 1e-3 }, data: { flipLaw: 'exact', flips: 4 } },
      { stop, maxSteps: 7 },
    )) {
      assert.deepEqual(ending, { outcome: 'step-limit', steps: 7 });
    }
  }
});

test('diverged: a cubic network under a huge step, while its loss is finite and when it overflows', () => {
  const cubic: Setup = {
    network: { activation: 'relu-power', power: 3 },
    init: { law: 'gaussian', sigma0: 1 },
    stepPerSample: 100,
  };
  for (const { ending, losses } of both(cubic, {})) {
    assert.equal(ending.outcome, 'diverged');
    assert.equal(losses.length, ending.steps + 1); // the overflow itself is the last state observed
    assert.ok(ending.steps > 3 && !Number.isFinite(losses.at(-1)));
    const blownUp = losses.findIndex((one) => one > DIVERGENCE_FACTOR * Math.max(1, losses[0]));
    for (const early of both(cubic, { maxSteps: ending.steps - 1 })) {
      assert.ok(early.losses.every(Number.isFinite));
      assert.deepEqual(early.ending, { outcome: 'diverged', steps: blownUp });
    }
  }
});

test('diverged: three equal inputs, two labels against one, under a huge step: the output is thrown to and fro', () => {
  const problem: Problem = {
    ...makeProblem({}, key(3)),
    sample: explicitSample(
      [1, 0, 0],
      [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      [1, 1, 1],
      [1, 1, -1],
    ),
    init: { columns: 3, rows: new Float64Array(24).fill(0.1), bias: new Float64Array(8) },
    loss: 'hinge',
    stepPerSample: 1000,
  };
  for (const engine of ENGINE_LIST) {
    const { ending, losses } = follow(engine, problem, { maxSteps: 101 });
    assert.deepEqual(ending, { outcome: 'diverged', steps: 101 });
    losses.forEach((one, t) => assert.equal(one > DIVERGENCE_FACTOR, t % 2 === 1));
    assert.equal(follow(engine, problem, { maxSteps: 100 }).ending.outcome, 'cannot-interpolate'); // back again
    assert.equal(
      follow(engine, { ...problem, stepPerSample: 0.01 }, { maxSteps: 101 }).ending.outcome,
      'cannot-interpolate',
    );
  }
});

test('stalled: a dead network has no gradient', () => {
  const dead: Setup = { init: { law: 'gaussian', sigma0: 0 } };
  for (const stop of ['steps', 'loss', 'zero-error', 'zero-loss'] as const) {
    for (const { ending } of both(dead, { stop })) assert.deepEqual(ending, { outcome: 'stalled', steps: 0 });
  }
  // a leak revives it, a bias of 0 alone does not (slope 0 at 0)
  for (const { ending } of both({ ...dead, network: { activation: 'leaky-relu' } }, {}))
    assert.equal(ending.outcome, 'interpolated');
  for (const { ending } of both({ ...dead, network: { bias: true } }, {})) assert.equal(ending.outcome, 'stalled');
});

test('a hinge run at rest has done its steps: interpolated, at the time it came to rest', () => {
  for (const { ending, losses } of both({ loss: 'hinge' }, { maxSteps: 100_000 })) {
    assert.equal(ending.outcome, 'interpolated');
    assert.ok(ending.steps < 100_000);
    assert.equal(losses.at(-1), 0);
  }
});

test('cannot-interpolate: equal inputs with opposite labels', () => {
  for (const stop of ['steps', 'zero-error', 'loss'] as const) {
    for (const { ending } of both({ data: { sigmaP: 0, flipLaw: 'exact', flips: 1, n: 10 } }, { stop, maxSteps: 50 })) {
      assert.deepEqual(ending, { outcome: 'cannot-interpolate', steps: 50 });
    }
  }
  for (const { ending } of both({ data: { sigmaP: 0, n: 10 } }, { maxSteps: 50 }))
    assert.equal(ending.outcome, 'interpolated'); // no flips, no contradiction
});

// ---- the same, to the step, on a scripted run ----

/** A run whose outputs are given; it can move until the script ends. */
function scripted(outputs: readonly (readonly number[])[]): Run {
  let t = 0;
  const now = new Float64Array(outputs[0].length);
  const view = { ...direct.start(makeProblem({}, key(1))).view, outputs: now };
  return { view, forward: () => now.set(outputs[t]), update: () => ++t < outputs.length };
}

test('which step an ending names', () => {
  const sample = explicitSample(
    [1, 0],
    [
      [0, 1],
      [0, 2],
    ],
    [1, 1],
  );
  const ends = (outputs: [number, number][], rule: Partial<StopParameters>): string => {
    const { outcome, steps } = train(scripted(outputs), sample, 'logistic', {
      ...RULE,
      maxSteps: outputs.length - 1,
      ...rule,
    });
    return `${outcome} ${steps}`;
  };
  assert.equal(
    ends(
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      {},
    ),
    'interpolated 2',
  );
  assert.equal(
    ends(
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      { stop: 'zero-error' },
    ),
    'interpolated 1',
  );
  assert.equal(
    ends(
      [
        [1, 1],
        [2, 2],
        [6, 6],
      ],
      { stop: 'loss' },
    ),
    'interpolated 2',
  );
  assert.equal(
    ends(
      [
        [1, 1],
        [2, 0],
      ],
      {},
    ),
    'step-limit 1',
  ); // f = 0 fits nothing
  assert.equal(
    ends(
      [
        [1, -1],
        [Infinity, 1],
        [1, 1],
      ],
      {},
    ),
    'diverged 1',
  );
  assert.equal(
    ends(
      [
        [1, -1],
        [NaN, 1],
        [1, 1],
      ],
      {},
    ),
    'diverged 1',
  );
  assert.equal(
    ends(
      [
        [1, 1],
        [-1e9, 1],
        [1, -1e9],
        [-1e9, -1e9],
      ],
      {},
    ),
    'diverged 1',
  );
  assert.equal(
    ends(
      [
        [1, 1],
        [-1e9, 1],
        [1, 1],
        [1, -1e9],
      ],
      {},
    ),
    'diverged 3',
  ); // its last stretch
  assert.equal(
    ends(
      [
        [1, 1],
        [-1e9, 1],
        [1, -1],
      ],
      {},
    ),
    'step-limit 2',
  ); // it came back
  assert.equal(
    ends(
      [
        [-1e9, -1e9],
        [-9e9, -9e9],
      ],
      {},
    ),
    'step-limit 1',
  ); // large from the start
  assert.equal(
    ends(
      [
        [1, -1],
        [1, -1],
        [1, -1],
      ],
      { maxSteps: 9 },
    ),
    'stalled 2',
  );
  assert.equal(
    ends(
      [
        [1, -1],
        [1, 1],
      ],
      { maxSteps: 9 },
    ),
    'interpolated 1',
  );
  assert.equal(
    ends(
      [
        [1, -1],
        [1, 1],
      ],
      { maxSteps: 9, stop: 'loss' },
    ),
    'stalled 1',
  );
});

// ---- closed forms ----

/** One sample, one filter a class: the positive filter sees both patches, the negative one sees neither. */
function lonely(loss: Problem['loss'], stepPerSample: number, mu = 1.5, xi = [0, 2, 1]): Problem {
  const network = buildNetwork({ ...NETWORK, m: 1 }, 2);
  return {
    sample: explicitSample([mu, 0, 0], [xi], [1]),
    network,
    init: { columns: 3, rows: Float64Array.of(0.02, 0.03, 0.01, -0.1, -0.1, -0.1), bias: new Float64Array(2) },
    loss,
    stepPerSample,
  };
}
const LONELY_SQUARES = 1.5 ** 2 + 5; // |mu|^2 + |xi|^2
const LONELY_START = 0.02 * 1.5 + 0.03 * 2 + 0.01;

test('m = n = 1, logistic: f moves by eta (|mu|^2 + |xi|^2) / (1 + e^f) a step', () => {
  for (const engine of ENGINE_LIST) {
    let f = LONELY_START;
    const eta = 0.1;
    train(
      engine.start(lonely('logistic', eta)),
      lonely('logistic', eta).sample,
      'logistic',
      { ...RULE, maxSteps: 2000 },
      (_, view) => {
        assert.ok(Math.abs(view.outputs[0] - f) <= RECURSION);
        f += (eta * LONELY_SQUARES) / (1 + Math.exp(f));
      },
    );
    assert.ok(f > 5);
  }
});

test('m = n = 1, hinge: f grows linearly to the margin and stops there', () => {
  for (const engine of ENGINE_LIST) {
    const eta = 0.003;
    const { ending, losses } = follow(engine, lonely('hinge', eta), { stop: 'zero-loss', maxSteps: 1000 });
    const steps = Math.ceil((1 - LONELY_START) / (eta * LONELY_SQUARES));
    assert.deepEqual(ending, { outcome: 'interpolated', steps });
    losses
      .slice(0, -1)
      .forEach((one, t) => assert.ok(Math.abs(one - (1 - LONELY_START - t * eta * LONELY_SQUARES)) <= ROUNDING));
  }
});

test('small steps follow gradient flow, first order: f + e^f grows linearly in time', (t) => {
  const time = 2;
  const level = LONELY_START + Math.exp(LONELY_START) + LONELY_SQUARES * time;
  let flow = 1;
  for (let newton = 0; newton < 50; newton++) flow -= (flow + Math.exp(flow) - level) / (1 + Math.exp(flow));
  for (const engine of ENGINE_LIST) {
    const errors = [100, 200, 400, 800].map((steps) => {
      const problem = lonely('logistic', time / steps);
      const run = engine.start(problem);
      train(run, problem.sample, 'logistic', { ...RULE, maxSteps: steps });
      return Math.abs(run.view.outputs[0] - flow);
    });
    const orders = errors.slice(1).map((error, i) => errors[i] / error);
    t.diagnostic(`${engine.id}: errors ${errors.map((e) => e.toExponential(2)).join(', ')}`);
    for (const [i, order] of orders.entries())
      assert.ok(Math.abs(order - 2) <= FIRST_ORDER / 2 ** i, `halving eta divides the error by ${order}`);
  }
});

test('first order on a whole network: differences halve with the step', (t) => {
  // a smooth activation: the slope of a ReLU jumps at some point within a step, an error of first order with a random
  // factor
  for (const engine of ENGINE_LIST) {
    const outputs = [400, 800, 1600, 3200].map((steps) => {
      const problem = makeProblem(
        {
          data: { flip: 0.2 },
          network: { activation: 'relu-power', power: 3 },
          init: { law: 'gaussian', sigma0: 0.3 },
          stepPerSample: 0.2 / steps,
        },
        key(4),
      );
      const run = engine.start(problem);
      train(run, problem.sample, 'logistic', { ...RULE, maxSteps: steps });
      return run.view.outputs.slice();
    });
    const gaps = outputs.slice(1).map((f, k) => Math.sqrt(f.reduce((sum, x, i) => sum + (x - outputs[k][i]) ** 2, 0)));
    t.diagnostic(`${engine.id}: ${gaps.map((gap) => gap.toExponential(2)).join(', ')}`);
    for (let k = 1; k < gaps.length; k++) assert.ok(Math.abs(gaps[k - 1] / gaps[k] - 2) <= FIRST_ORDER);
    assert.ok(gaps[0] > 1000 * ENGINES);
  }
});
