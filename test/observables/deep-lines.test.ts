/** Lines along deep networks: pieces against dense scans, closed forms, two layers, points. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalTail } from '../../src/core/special.ts';
import { twoSidedP } from '../../src/core/statistics.ts';
import { lawOf, type Terms } from '../../src/data/sample.ts';
import { deepGram } from '../../src/dynamics/deep/engines.ts';
import type { LayeredView, Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { buildCell, type Value } from '../../src/experiments/cell.ts';
import { drawProblem, runCell, streamKey } from '../../src/experiments/run.ts';
import type { Activation } from '../../src/network/activation.ts';
import type { TestErrorParameters } from '../../src/observables/estimator.ts';
import { deepTestError } from '../../src/observables/deep-error.ts';
import { DeepLine } from '../../src/observables/deep-line.ts';
import { deepOutput, type DeepOutput } from '../../src/observables/deep-output.ts';
import { freshOutput } from '../../src/observables/fresh-output.ts';
import { intervalProbability } from '../../src/observables/line-errors.ts';
import { plainSums } from '../../src/observables/lines.ts';
import { deep, stackOf, withLayers } from '../helpers/deep.ts';
import { key, normals, trained, worstDifference } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { DEEP_LINES, DEEP_SCAN, LINEAR_ERROR } from '../tolerances.ts';

const LINES: TestErrorParameters = { estimator: 'lines', lines: 64, shifts: 16, points: 2, precision: 1 };
const POINTS: TestErrorParameters = { estimator: 'points', lines: 1, shifts: 2, points: 40_000, precision: 1 };

/** Biases in every layer, and noise in two patches of three where asked for. */
function shaped(problem: Problem, seed: number, two: boolean): Problem {
  const { init, network, sample } = problem;
  const { roles: _, ...bare } = sample;
  const bias = (length: number, at: number): Float64Array => normals(length, seed + at).map((x) => 0.3 * x);
  const law = lawOf(sample);
  const [one] = law.noisy;
  return {
    ...problem,
    network: { ...network, bias: true },
    init: {
      ...init,
      bias: bias(network.filters, 0),
      hidden: init.hidden!.map(({ weights, bias: { length } }, at) => ({ weights, bias: bias(length, at + 1) })),
    },
    // Both patches are noisy: one has the signal as well.
    ...(two && {
      sample: { ...bare, fresh: { ...law, noisy: [{ ...one!, patch: 0, projectedAxes: [] }, one!] } },
    }),
  };
}

interface Scanned {
  readonly deep: DeepOutput;
  readonly heights: Float64Array;
  readonly slopes: Float64Array;
  /** f along the line, for one atom */
  readonly outputs: (atom: number, t: readonly number[]) => Float64Array;
}

/** A random line through a network, and what the plain pass up says of it. */
function scanned(problem: Problem, seed: number): Scanned {
  const stack = stackOf(trained(deepGram, problem, 2));
  const fresh = lawOf(problem.sample);
  const made = deepOutput(stack, problem, fresh);
  const { filters: all, groups, atoms, units } = made.heights;
  const heights = normals(all, seed);
  const slopes = normals(all, seed + 1);
  const { bias } = stack.layers[0]!;
  const [R, K, P] = [bias.length, problem.sample.anchors, problem.sample.patches.perSample];
  const products = stack.products();
  const outputs = (a: number, t: readonly number[]): Float64Array => {
    const h = new Float64Array(R * t.length * P);
    const still = (r: number, terms: Terms): number =>
      terms.reduce((sum, [k, c]) => sum + c * products[r * K + k]!, bias[r]!);
    const shift = groups[atoms[a]!.group]!;
    for (let r = 0; r < R; r++)
      t.forEach((time, i) => {
        for (let s = 0; s < P; s++) {
          const p = fresh.noisy.findIndex(({ patch }) => patch === s);
          const at = p * R + r;
          h[(r * t.length + i) * P + s] =
            p < 0
              ? still(r, fresh.atoms[a]!.patches[s]!)
              : (heights[at]! + shift[at]! + time * slopes[at]!) * 2 ** units!.heights;
        }
      });
    return stack.outputsOf(h, t.length);
  };
  return { deep: made, heights, slopes, outputs };
}

const [LOW, HIGH, STEPS] = [-7, 7, 14_000];

/** P(low < t < high, label * f <= 0) by a dense scan, its changes of sign found by halving. */
function scan({ deep: { heights }, outputs }: Scanned, atom: number): number {
  const { label } = heights.atoms[atom]!;
  const t = Array.from({ length: STEPS + 1 }, (_, i) => LOW + ((HIGH - LOW) * i) / STEPS);
  const wrong = (f: number): boolean => label * f <= 0;
  const f = outputs(atom, t);
  let probability = 0;
  for (let i = 0; i < STEPS; i++) {
    let [low, high] = [t[i]!, t[i + 1]!];
    const [first, last] = [wrong(f[i]!), wrong(f[i + 1]!)];
    if (first === last) {
      if (first) probability += intervalProbability(low, high);
      continue;
    }
    for (let halving = 0; halving < 40; halving++) {
      const middle = (low + high) / 2;
      if (wrong(outputs(atom, [middle])[0]!) === first) low = middle;
      else high = middle;
    }
    probability += first ? intervalProbability(t[i]!, low) : intervalProbability(high, t[i + 1]!);
  }
  return probability;
}

function* tiny(): Generator<{ name: string; problem: Problem }> {
  let seed = 700;
  for (const [depth, widths] of [
    [3, '4'],
    [4, '5,3'],
    [6, '3,4,4,2'],
  ] as const)
    for (const pool of ['first', 'last'] as const)
      for (const activation of ['relu', 'leaky-relu'] as const)
        for (const [two, pooling] of [
          [false, 'sum'],
          [true, 'mean'],
        ] as const) {
          const init = { law: 'gaussian', sigma0: 0.4, hidden: { law: 'gaussian', gain: 1.6 } } as const;
          const network = { m: 2, depth, widths, pool, activation, leak: 0.2, pooling, output: 'trained' } as const;
          const problem = shaped(deep(network, { init }, ++seed), (seed += 10), two);
          yield { name: `depth ${depth}, ${pool}, ${activation}, ${two ? 'two noises' : 'one'}`, problem };
        }
}

test('pieces of tiny stacks against a dense scan of the line', (t) => {
  let worst = 0;
  let between = 0;
  let seed = 800;
  for (const { name, problem } of tiny())
    for (let line = 0; line < 3; line++) {
      const one = scanned(problem, (seed += 2));
      const along = new DeepLine(one.deep, one.slopes);
      let sum = 0;
      one.deep.heights.atoms.forEach((atom, a) => {
        const { wrong } = along.part(one.heights, atom, LOW, HIGH);
        const whole = scan(one, a);
        if (whole > 0.01 && whole < 0.99) between++;
        worst = Math.max(worst, Math.abs(wrong - whole));
        assert.ok(Math.abs(wrong - whole) <= DEEP_SCAN, `${name}: ${wrong} by pieces, ${whole} by the scan`);
        sum += atom.probability * along.part(one.heights, atom, -Infinity, Infinity).wrong;
      });
      assert.equal(along.whole(one.heights).wrong, sum);
    }
  t.diagnostic(`worst ${worst}, ${between} lines with changes of sign`);
  assert.ok(between > 40);
});

test('negative control: the scan notices when a piece with a change of sign is dropped', () => {
  let noticed = 0;
  let dropped = 0;
  let seed = 900;
  for (const { problem } of tiny()) {
    const one = scanned(problem, (seed += 2));
    const [atom] = one.deep.heights.atoms;
    const whole = scan(one, 0);
    for (let drop = 0; drop < 20; drop++) {
      const lame = new DeepLine(one.deep, one.slopes);
      const inner = lame as unknown as { segment(start: number, end: number, label: number): void };
      const segment = inner.segment.bind(lame);
      let at = 0;
      let changes = false;
      inner.segment = (start, end, label) => {
        if (at++ !== drop) return void segment(start, end, label);
        // Far enough from the next piece, where the change of sign would be put.
        const [first, late] = one.outputs(0, [start + 0.1 * (end - start), start + 0.9 * (end - start)]);
        changes = atom!.label * first! <= 0 !== atom!.label * late! <= 0 && start > -4 && end < 4 && end - start > 0.01;
      };
      const { wrong } = lame.part(one.heights, atom!, LOW, HIGH);
      if (!changes) continue;
      dropped++;
      if (Math.abs(wrong - whole) > DEEP_SCAN) noticed++;
    }
  }
  assert.ok(dropped > 3 && noticed === dropped, `${noticed} of ${dropped}`);
});

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
