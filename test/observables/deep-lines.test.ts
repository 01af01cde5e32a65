/** Test errors of deep networks by lines: closed forms, two layers, powers of two, points. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalTail } from '../../src/core/special.ts';
import { twoSidedP } from '../../src/core/statistics.ts';
import { lawOf } from '../../src/data/sample.ts';
import { deepGram } from '../../src/dynamics/deep/engines.ts';
import type { LayeredView, Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { buildCell, type Value } from '../../src/experiments/cell.ts';
import { drawProblem, runCell, streamKey } from '../../src/experiments/run.ts';
import type { Activation } from '../../src/network/activation.ts';
import { deepTestError } from '../../src/observables/deep-error.ts';
import { DeepLine } from '../../src/observables/deep-line.ts';
import { deepOutput } from '../../src/observables/deep-output.ts';
import type { TestErrorParameters } from '../../src/observables/estimator.ts';
import { freshOutput } from '../../src/observables/fresh-output.ts';
import { plainSums } from '../../src/observables/lines.ts';
import { deep, stackOf, withLayers } from '../helpers/deep.ts';
import { shaped, tiny } from '../helpers/deep-lines.ts';
import { key, trained, worstDifference } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { DEEP_LINES, LINEAR_ERROR } from '../tolerances.ts';

const LINES: TestErrorParameters = { estimator: 'lines', lines: 64, shifts: 16, points: 2, precision: 1 };
const POINTS: TestErrorParameters = { estimator: 'points', lines: 1, shifts: 2, points: 40_000, precision: 1 };

const BASE = {
  'data.n': 12,
  'data.d': 40,
  'data.mu': 1.5,
  'data.flip': 0.1,
  'network.m': 4,
  'network.sigma0': 0.2,
  'training.eta': 0.5,
  'training.maxSteps': 40,
  'test.estimator': 'lines',
  coupling: 'common',
};
const valuesOf = (more: Readonly<Record<string, Value>>) =>
  runCell(buildCell(new Map(Object.entries({ ...BASE, ...more }))), 1, 0).values;

test('above frozen identity layers the lines are those of two layers', () => {
  for (const noise of ['gaussian', 'student-t'])
    for (const bias of [false, true])
      for (const projected of [true, false]) {
        const common = { 'data.noise': noise, 'network.bias': bias, 'data.projected': projected };
        const two = valuesOf(common);
        assert.ok(two['testErrorClean']! > 1e-4 && two['testErrorSe']! > 0, noise);
        const identity = { 'network.depth': 4, 'network.hiddenInit': 'identity', 'network.frozen': '2,3' };
        for (const pool of ['first', 'last']) {
          const many = valuesOf({ ...common, ...identity, 'network.pool': pool });
          for (const id of ['testError', 'testErrorSe', 'testErrorClean', 'testErrorCleanSe'] as const)
            assert.ok(
              Math.abs(many[id]! - two[id]!) <= DEEP_LINES,
              `${noise}, projected ${projected}, bias ${bias}, ${pool}: ${id} ${many[id]} and ${two[id]}`,
            );
        }
      }
});

test('and so of a mixture, whose noise is where its signal is: all that the lines meet, f = 0 too', () => {
  const values = { ...BASE, 'data.model': 'mixture', 'data.mu': 0.5, 'network.m': 2 };
  const outputs = [2, 4].map((depth) => {
    const identity = depth === 4 ? { 'network.depth': 4, 'network.hiddenInit': 'identity' } : {};
    const cell = buildCell(new Map<string, Value>(Object.entries({ ...values, ...identity })));
    const problem = drawProblem(cell, streamKey(cell, 1, 0));
    const size = { lines: 16, shifts: 4 };
    const fresh = lawOf(problem.sample);
    if (depth === 2) {
      const { view } = trained(gram, problem, 0);
      return plainSums(freshOutput(view, problem.network.activation, problem.sample.anchors, fresh), size, [], key(7));
    }
    const made = deepOutput(stackOf(trained(deepGram, problem, 0)), problem, fresh);
    return plainSums(made.heights, size, [], key(7), (slopes, law) => new DeepLine(made, slopes, law));
  });
  for (const of of ['wrong', 'zero'] as const)
    assert.ok(worstDifference(outputs[1]![of], outputs[0]![of]) <= DEEP_LINES, of);
  assert.ok(outputs[0]!.zero.some((x) => x > 1e-4));
});

const errorOf = (problem: Problem, parameters: TestErrorParameters, seed: number, steps = 0) => {
  const run = trained(deepGram, problem, steps);
  return deepTestError(run.view as LayeredView, stackOf(run), problem, parameters, key(seed));
};

test('a deep linear network: the normal tail Phi(-margin), far into the tail', (t) => {
  const linear: Activation = { kind: 'piecewise-linear', leak: 1 };
  let deepest = 1;
  for (const pool of ['first', 'last'] as const)
    for (const [bias, mu] of [
      [false, 1],
      [true, 2],
      [false, 14],
    ] as const) {
      const drawn = deep(
        { depth: 5, widths: '4,6,3', pool, output: 'trained' },
        { data: { mu, d: 40 }, init: { law: 'gaussian', sigma0: 0.2, hidden: { law: 'gaussian', gain: 1.5 } } },
        21,
      );
      const whole = bias ? shaped(drawn, 22, false) : drawn;
      const problem: Problem = { ...whole, network: { ...whole.network, activation: linear } };
      const run = trained(deepGram, problem, 60);
      const stack = stackOf(run);
      const found = deepTestError(run.view as LayeredView, stack, problem, LINES, key(23));
      // f = <v, x1 + x2> + b, v = the product of all layers
      const R = problem.network.filters;
      const at = (h: (r: number) => number): number => {
        const pre = new Float64Array(2 * R);
        for (let r = 0; r < R; r++) pre[2 * r] = h(r);
        return stack.outputsOf(pre, 1)[0]!;
      };
      const constant = at(() => 0);
      const filters = stack.layers[0]!.weights();
      const columns = filters.length / R;
      const gradient = Array.from({ length: R }, (_, r) => at((s) => (s === r ? 1 : 0)) - constant);
      const v = Array.from({ length: columns }, (_, k) =>
        gradient.reduce((sum, g, r) => sum + g * filters[r * columns + k]!, 0),
      );
      const shift = constant + 2 * gradient.reduce((sum, g, r) => sum + g * stack.layers[0]!.bias[r]!, 0);
      const spread = Math.sqrt(v.slice(1).reduce((sum, x) => sum + x * x, 0));
      const exact = (normalTail((v[0]! * mu + shift) / spread) + normalTail((v[0]! * mu - shift) / spread)) / 2;
      deepest = Math.min(deepest, exact);
      assert.ok(Math.abs(found.clean - exact) <= LINEAR_ERROR * exact, `${pool}, ${mu}: ${found.clean}, ${exact}`);
      assert.ok(found.cleanSe <= LINEAR_ERROR * exact);
    }
  t.diagnostic(`least error ${deepest}`);
  assert.ok(deepest < 1e-9);
});

test('a layer times a power of two changes no bit, times another factor next to nothing', () => {
  for (const { name, problem } of tiny()) {
    if (!name.includes('one')) continue;
    const { init } = problem;
    const bare: Problem = {
      ...problem,
      network: { ...problem.network, bias: false },
      init: {
        ...init,
        bias: init.bias.map(() => 0),
        hidden: init.hidden!.map((h) => ({ ...h, bias: h.bias.map(() => 0) })),
      },
    };
    const same = errorOf(bare, LINES, 31);
    const times = (layer: number, factor: number): Problem =>
      withLayers(bare, { [layer]: (w) => w.map((x) => factor * x) });
    for (const layer of [1, 2, init.hidden!.length + 2]) {
      for (const factor of [2 ** 40, 2 ** -300]) assert.deepEqual(errorOf(times(layer, factor), LINES, 31), same, name);
      const other = errorOf(times(layer, 3.7), LINES, 31);
      assert.ok(Math.abs(other.clean - same.clean) <= DEEP_LINES, name);
    }
  }
});

test('two filters under identity layers: silent together with probability 1/4', (t) => {
  const family: Record<string, number> = {};
  for (const pool of ['first', 'last'] as const) {
    const drawn = deep(
      { m: 1, depth: 4, pool },
      { init: { law: 'gaussian', sigma0: 1, hidden: { law: 'identity', gain: 1 } } },
    );
    const { columns } = drawn.init;
    // Orthogonal to the signal, which is the first axis, and to each other.
    const problem = withLayers(drawn, {
      1: (w) => w.map((_, at) => (at === 2 || at === columns + 3 ? 1 : 0)),
    });
    const { clean, cleanSe, zero } = errorOf(problem, { ...LINES, shifts: 64 }, 41);
    family[`${pool}: wrong`] = twoSidedP((clean - 5 / 8) / cleanSe);
    assert.ok(Math.abs(zero - 1 / 4) < 0.01, String(zero));
  }
  holdsInLaw(t, family);
});

test('lines and points agree on trained networks', (t) => {
  const family: Record<string, number> = {};
  let seed = 50;
  for (const depth of [3, 5])
    for (const pool of ['first', 'last'] as const)
      for (const activation of ['relu', 'leaky-relu'] as const) {
        const problem = deep(
          { m: 4, depth, pool, activation, output: 'trained', bias: seed % 2 === 0 },
          {
            data: { n: 12, d: 60, mu: 1.5, flip: 0.1, projected: depth === 3 },
            init: { law: 'gaussian', sigma0: 0.15, hidden: { law: 'gaussian', gain: 1.4 } },
            stepPerSample: 0.03,
          },
          ++seed,
        );
        const lines = errorOf(problem, LINES, 61, 80);
        const points = errorOf(problem, POINTS, 62, 80);
        assert.ok(points.clean > 0.02 && points.clean < 0.48, String(points.clean));
        family[`${depth}, ${pool}, ${activation}`] = twoSidedP(
          (lines.clean - points.clean) / Math.hypot(lines.cleanSe, points.cleanSe),
        );
      }
  holdsInLaw(t, family);
});

test('an activation with powers and a wanted precision are refused', () => {
  const problem = deep({ activation: 'relu-power', power: 2 });
  assert.throws(() => errorOf(problem, LINES, 1), /needs a piecewise-linear activation/);
  assert.throws(() => errorOf(deep({}), { ...LINES, estimator: 'auto' }, 1), /no estimator to a wanted precision/);
});
