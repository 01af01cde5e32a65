import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCell } from '../../src/experiments/cell.ts';
import { drawProblem, runCell, streamKey } from '../../src/experiments/run.ts';
import { trainCell } from '../../src/experiments/train-cell.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { maxMargin } from '../../src/core/max-margin.ts';
import { patchVector } from '../../src/data/sample.ts';
import { frozenKernel } from '../../src/dynamics/frozen-kernel.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { train } from '../../src/dynamics/train.ts';
import { direction, frozenLimit, type FrozenLimit } from '../../src/observables/limit.ts';
import { dot, key, makeProblem, trained, type Setup } from '../helpers/problems.ts';
import { DIFFERENCE_QUOTIENT, LIMIT_MARGIN, MARGIN_ORACLE } from '../tolerances.ts';

const LEAKY: Setup = {
  data: { n: 10, d: 20000, mu: 5, flip: 0.1 },
  network: { activation: 'leaky-relu', leak: 0.1 },
  init: { law: 'gaussian', sigma0: 1e-4 },
  stepPerSample: 1e-4,
};

test('a linear network ends at the max-margin linear classifier', () => {
  const problem = makeProblem(
    { data: { n: 8, d: 30, flipLaw: 'exact', flips: 1 }, network: { activation: 'leaky-relu', leak: 1 } },
    key(801),
  );
  const { n, labels } = problem.sample;
  const sums = Array.from({ length: n }, (_, i) =>
    patchVector(problem.sample, i, 0).map((x, k) => x + patchVector(problem.sample, i, 1)[k]!),
  ); // shared filters see the sum of the patches
  const linear = maxMargin(
    Float64Array.from({ length: n * n }, (_, at) => dot(sums[Math.floor(at / n)]!, sums[at % n]!)),
    labels,
  );
  if (linear.kind !== 'separable') assert.fail();
  const { view } = trained(gram, problem, 2000);
  const limit = frozenLimit(view, problem)!;
  const a = problem.network.outputWeights;
  assert.ok(Math.abs((limit.limitMargin * linear.norm) / Math.sqrt(dot(a, a)) - 1) <= MARGIN_ORACLE);
  assert.ok(limit.margin < limit.limitMargin && limit.cosine < 1);
});

test('frozen patterns: the margin climbs to that of the limit, and the direction turns to it', (t) => {
  const problem = makeProblem(LEAKY, key(802));
  const seen: FrozenLimit[] = [];
  const patterns: string[] = [];
  const times = [100, 1000, 10000, 100000];
  const run = frozenKernel.start(problem);
  train(
    run,
    problem.sample,
    'logistic',
    { stop: 'steps', epsilon: 1, maxSteps: 100000 },
    (time, view) => {
      if (!times.includes(time)) return;
      seen.push(frozenLimit(view, problem)!);
      patterns.push(view.preactivations.map((h) => (h > 0 ? 1 : 0)).join(''));
    },
    100,
  );
  run.end?.();
  assert.equal(new Set(patterns).size, 1);
  seen.forEach((limit, i) => {
    assert.equal(limit.broken, 0);
    assert.ok(limit.margin < limit.limitMargin);
    if (i === 0) return;
    const before = seen[i - 1]!;
    assert.ok(Math.abs(limit.limitMargin / before.limitMargin - 1) <= MARGIN_ORACLE); // the same patterns, the same limit
    assert.ok(
      limit.margin > before.margin &&
        limit.cosine > before.cosine &&
        limit.slackness < before.slackness &&
        limit.alignment > before.alignment,
    );
  });
  // straight in 1/‖W‖ up to what dies out
  const [a, b] = [seen[2]!, seen[3]!];
  const end = (b.margin * b.norm - a.margin * a.norm) / (b.norm - a.norm) / b.limitMargin;
  t.diagnostic(
    `margins over the limit's ${seen.map((one) => (one.margin / one.limitMargin).toFixed(4)).join(', ')}, extrapolated ${end.toFixed(4)}`,
  );
  assert.ok(Math.abs(end - 1) <= LIMIT_MARGIN);
  assert.ok(b.margin / b.limitMargin < 1 - LIMIT_MARGIN); // without extrapolation it is not there yet
});

test('patterns that W* does not have are told (negative control)', () => {
  const problem = makeProblem({ data: { n: 10, d: 30, mu: 1, flip: 0.2 } }, key(803));
  const { view } = trained(gram, problem, 0);
  const limit = frozenLimit(view, problem);
  assert.ok(limit === null || limit.broken > 0);
});

test('alignment is with the step that gradient descent makes', () => {
  for (const bias of [false, true]) {
    const problem = makeProblem(
      { data: { flip: 0.2 }, network: { bias }, init: { law: 'pytorch-gaussian', sigma0: 0 } },
      key(804),
    );
    const run = trained(gram, problem, 40);
    const all = (): number[] => [...run.view.weights().rows, ...run.view.bias];
    const [before, { alignment, norm, margin, slackness }] = [all(), direction(run.view, problem)];
    run.update();
    run.forward();
    const step = all().map((w, at) => w - before[at]!);
    assert.ok(
      Math.abs(dot(before, step) / Math.sqrt(dot(before, before) * dot(step, step)) - alignment) <= DIFFERENCE_QUOTIENT,
    );
    assert.ok(Math.abs(norm / Math.sqrt(dot(before, before)) - 1) <= DIFFERENCE_QUOTIENT);
    assert.ok(margin > 0 === slackness >= 0);
  }
});

test('what has no frozen limit is refused', () => {
  const powers = makeProblem({ network: { activation: 'relu-power' } }, key(805));
  assert.throws(() => direction(trained(gram, powers, 1).view, powers), RangeError);
});

test('as observables of a run: the same numbers, nothing for powers of the ReLU, refused for trained outputs', () => {
  const values = {
    'data.n': 8,
    'data.d': 200,
    'data.mu': 3,
    'network.m': 4,
    'network.activation': 'leaky-relu',
    'training.eta': 0.5,
    'training.maxSteps': 300,
    coupling: 'common',
  } as const;
  const cell = buildCell(new Map(Object.entries(values)));
  const ids = ['limitGap', 'limitTurn', 'limitBroken', 'kktTurn', 'kktSlackness'] as const;
  const record = runCell(cell, 5, 0, { series: ids, values: [...ids], every: 100 });
  const problem = drawProblem(cell, streamKey(cell, 5, 0));
  const { view } = trainCell(cell, problem);
  const { margin, limitMargin, cosine, broken, alignment, slackness } = frozenLimit(view, problem)!;
  const expected = [
    1 - margin / limitMargin,
    1 - cosine,
    broken / view.preactivations.length,
    1 - alignment,
    slackness,
  ];
  ids.forEach((id, at) => {
    assert.equal(record.values[id], expected[at], id);
    assert.equal(record.series![id]!.at(-1), expected[at], id);
  });
  const power = runCell(buildCell(new Map(Object.entries({ ...values, 'network.activation': 'relu-power' }))), 5, 0, {
    series: ids,
    values: [],
    every: 100,
  });
  for (const id of ids) assert.deepEqual([...new Set(power.series![id])], [null]);
  assert.throws(
    () =>
      specFrom(
        { data: { n: 8, d: 200, mu: 3 }, network: { m: 4, output: 'trained' }, record: { values: ['limitGap'] } },
        'x',
      ),
    /limitGap needs a fixed output layer \(network\.output: fixed\)/,
  );
});
