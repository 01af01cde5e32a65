/** Fresh laws whose noisy patch has a mean: mixtures (y mu + noise), several clusters, XOR with two projected axes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { normalTail } from '../../src/core/special.ts';
import { meanAndSe, twoSidedP, type Estimate } from '../../src/core/statistics.ts';
import type { FreshAtom, FreshLaw, Terms } from '../../src/data/sample.ts';
import type { SpanView } from '../../src/dynamics/engine.ts';
import { activate, type Activation } from '../../src/network/activation.ts';
import { adaptiveEstimate } from '../../src/observables/adaptive.ts';
import { freshOutput, type FreshOutput } from '../../src/observables/fresh-output.ts';
import { isRadial } from '../../src/observables/radial.ts';
import { planRare, sampleRare, strideOf } from '../../src/observables/rare.ts';
import { estimateByLines } from '../../src/observables/lines.ts';
import { estimateByPoints } from '../../src/observables/points.ts';
import { dot, key } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { LINEAR_ERROR, NEGATIVE_CONTROL } from '../tolerances.ts';

const sameMean = (a: Estimate, b: Estimate): number =>
  a.mean === b.mean ? 1 : twoSidedP((a.mean - b.mean) / Math.hypot(a.se, b.se));
const auto = (output: FreshOutput, precision: number, seed: number): Estimate =>
  adaptiveEstimate(output, precision, key(seed), { lines: estimateByLines, points: estimateByPoints });

const D = 8;
const FILTERS = 6;
/** Anchors: mu along the first axis, nu along the second, and a vector in general position. */
const anchorsOf = (mu: number, nu: number): Float64Array[] => [
  Float64Array.of(mu, 0, 0, 0, 0, 0, 0, 0),
  Float64Array.of(0, nu, 0, 0, 0, 0, 0, 0),
  Float64Array.of(0.3, -0.2, 0.5, 0.1, 0, 0.4, 0, -0.3),
];

/** What `freshOutput` asks of a SpanView: weights in general position, but pulled so that the labels are mostly right. */
function viewOf(
  anchors: readonly Float64Array[],
  pull: (r: number) => Float64Array,
  seed: number,
  bias: boolean,
): SpanView {
  const stream = new Stream(key(seed), 'test');
  const rows = Float64Array.from(
    { length: FILTERS * D },
    (_, at) => 0.4 * stream.normal() + pull(Math.floor(at / D))[at % D],
  );
  const products = Float64Array.from({ length: FILTERS * anchors.length }, (_, at) =>
    dot(
      rows.subarray(Math.floor(at / anchors.length) * D, Math.floor(at / anchors.length + 1) * D),
      anchors[at % anchors.length],
    ),
  );
  return {
    weights: () => ({ rows, columns: D }),
    products: () => products,
    outputWeights: Float64Array.from({ length: FILTERS }, (_, r) => (r % 2 === 0 ? 0.5 : -0.5)),
    bias: Float64Array.from({ length: FILTERS }, () => (bias ? 0.3 * stream.normal() : 0)),
  } as unknown as SpanView;
}

interface Case {
  readonly name: string;
  readonly anchors: readonly Float64Array[];
  readonly view: SpanView;
  readonly fresh: FreshLaw;
}

const even =
  (value: Float64Array): ((r: number) => Float64Array) =>
  (r) =>
    value.map((x) => (r % 2 === 0 ? x : -x));
/** Filters along (1, 1), (1, -1), (-1, -1), (-1, 1) in turn: even ones like the first diagonal. */
const diagonals =
  (length: number) =>
  (r: number): Float64Array => {
    const sign = r % 4 < 2 ? 1 : -1;
    return Float64Array.of(sign * length, (r % 2 === 0 ? 1 : -1) * sign * length, 0, 0, 0, 0, 0, 0);
  };

/** @param mu distance of the clusters from the origin */
function cases(mu: number, bias: boolean): Case[] {
  const anchors = anchorsOf(mu, mu);
  const atom = (probability: number, label: number, offset: Terms, fixed: readonly Terms[] = []): FreshAtom => ({
    probability,
    label,
    patches: [...fixed, offset],
  });
  const law = (atoms: readonly FreshAtom[], sigma = 1, projectedAxes: readonly number[] = []): FreshLaw => ({
    kind: 'law',
    atoms,
    noisy: [{ patch: atoms[0].patches.length - 1, sigma, projectedAxes }],
    flip: 0,
  });
  const along = even(Float64Array.of(1, 0.2, 0, 0, 0, 0, 0, 0));
  const both = [1, -1].flatMap((s) => [1, -1].map((t) => [s, t] as const));
  return [
    {
      name: 'mixture',
      view: viewOf(anchors, along, 300, bias),
      fresh: law([1, -1].map((y) => atom(0.5, y, [[0, y]]))),
    },
    {
      name: 'three clusters',
      view: viewOf(anchors, along, 301, bias),
      fresh: law(
        [
          atom(0.5, 1, [[0, 1]]),
          atom(0.2, -1, [
            [0, -1],
            [1, 0.5],
          ]),
          atom(0.3, -1, [
            [0, -0.8],
            [2, 1],
          ]),
        ],
        0.8,
      ),
    },
    {
      name: 'XOR, two projected axes',
      view: viewOf(anchors, diagonals(1), 302, bias),
      fresh: law(
        both.map(([s, t]) =>
          atom(0.25, s * t, [
            [0, s],
            [1, t],
          ]),
        ),
        2.5,
        [0, 1],
      ),
    },
    {
      name: 'a signal patch and a mean',
      view: viewOf(anchors, along, 303, bias),
      fresh: law(
        [1, -1].map((y) => atom(0.5, y, [[2, y]], [[[0, y]]])),
        1,
        [0],
      ),
    },
  ].map((one) => ({ ...one, anchors }));
}

const activations: Readonly<Record<string, Activation>> = {
  linear: { kind: 'piecewise-linear', leak: 1 },
  relu: { kind: 'piecewise-linear', leak: 0 },
  'leaky relu': { kind: 'piecewise-linear', leak: 0.2 },
  cube: { kind: 'power', power: 3 },
};
const outputOf = ({ view, anchors, fresh }: Case, activation: Activation): FreshOutput =>
  freshOutput(view, activation, anchors.length, fresh);

/** Error rate on fresh points in all their coordinates, from the network's formula. */
function explicitError({ view, anchors, fresh }: Case, activation: Activation, points: number, seed: number): Estimate {
  const stream = new Stream(key(seed), 'test', 9);
  const { rows } = view.weights();
  const w = Array.from({ length: FILTERS }, (_, r) => rows.subarray(r * D, (r + 1) * D));
  const on = (patch: Float64Array): number =>
    w.reduce((sum, row, r) => sum + view.outputWeights[r] * activate(activation, dot(row, patch) + view.bias[r]), 0);
  const combined = (terms: Terms): Float64Array => {
    const x = new Float64Array(D);
    for (const [anchor, c] of terms) for (let k = 0; k < D; k++) x[k] += c * anchors[anchor][k];
    return x;
  };
  const [{ sigma, projectedAxes }] = fresh.noisy;
  const prepared = fresh.atoms.map(({ probability, label, patches }) => ({
    probability,
    label,
    mean: combined(patches.at(-1)!),
    signal: patches.slice(0, -1).reduce((sum, patch) => sum + on(combined(patch)), 0),
  }));
  return meanAndSe(
    Array.from({ length: points }, () => {
      const xi = Float64Array.from({ length: D }, (_, k) => (projectedAxes.includes(k) ? 0 : sigma * stream.normal()));
      let wrong = 0;
      for (const { probability, label, mean, signal } of prepared)
        if (!(label * (signal + on(xi.map((x, k) => x + mean[k]))) > 0)) wrong += probability;
      return wrong;
    }),
  );
}

test('linear networks: the sum of the normal tails of the margins, 0.5 to 1e-100, by lines, lines to the design points and auto', (t) => {
  let worst = 0;
  let deepest = 1;
  for (const mu of [0.5, 3, 12, 30])
    for (const bias of [false, true])
      for (const one of cases(mu, bias)) {
        const { view, fresh, anchors } = one;
        const output = outputOf(one, activations.linear);
        const { rows } = view.weights();
        const v = Float64Array.from({ length: D }, (_, k) =>
          view.outputWeights.reduce((sum, a, r) => sum + a * rows[r * D + k], 0),
        );
        const [{ sigma, projectedAxes }] = fresh.noisy;
        const noise = v.map((x, k) => (projectedAxes.includes(k) ? 0 : sigma * x));
        const exact = fresh.atoms.reduce((sum, { probability, label, patches }) => {
          const value = patches.reduce(
            (f, patch) =>
              f + patch.reduce((g, [anchor, c]) => g + c * dot(v, anchors[anchor]), dot(view.outputWeights, view.bias)),
            0,
          );
          return sum + probability * normalTail((label * value) / Math.sqrt(dot(noise, noise)));
        }, 0);
        if (exact < 1e-250) continue;
        for (const { mean } of [
          estimateByLines(output, { lines: 4, shifts: 2 }, key(310)),
          sampleRare(planRare(output, key(311)), { lines: 8, shifts: 2 }, key(311)),
          auto(output, 0.05, 312),
        ]) {
          const unit = Math.max(1, -2 * Math.log(exact)); // about the squared margin
          worst = Math.max(worst, Math.abs(mean / exact - 1) / unit);
        }
        deepest = Math.min(deepest, exact);
      }
  t.diagnostic(
    `worst relative error over margin^2: ${worst.toExponential(1)}; least error ${deepest.toExponential(1)}`,
  );
  assert.ok(worst < LINEAR_ERROR && deepest < 1e-60);
});

test('ReLU, leaky ReLU, cube: lines, points, lines to the design points and auto agree with points in d dimensions', (t) => {
  const family: Record<string, number> = {};
  const errors: number[] = [];
  for (const [activationName, activation] of Object.entries(activations))
    for (const bias of [false, true])
      for (const one of cases(1.5, bias)) {
        const output = outputOf(one, activation);
        assert.ok(!isRadial(output));
        const judge = explicitError(one, activation, 40_000, 320);
        const name = `${one.name}, ${activationName}${bias ? ', bias' : ''}`;
        family[`${name}: lines`] = sameMean(estimateByLines(output, { lines: 64, shifts: 16 }, key(321)), judge);
        family[`${name}: points`] = sameMean(estimateByPoints(output, 100_000, key(322)), judge);
        family[`${name}: lines to the design points`] = sameMean(
          sampleRare(planRare(output, key(323)), { lines: 32, shifts: 16 }, key(323)),
          judge,
        );
        family[`${name}: auto`] = sameMean(auto(output, 0.05, 324), judge);
        errors.push(judge.mean);
      }
  t.diagnostic(`errors ${errors.map((error) => error.toPrecision(2)).join(', ')}`);
  assert.ok(errors.every((error) => error > 1e-4 && error < 0.9));
  holdsInLaw(t, family);
});

test('rare errors: lines to the design points and auto agree with many plain lines', (t) => {
  const family: Record<string, number> = {};
  const errors: number[] = [];
  for (const activation of [activations.relu, activations['leaky relu']])
    for (const bias of [false, true])
      for (const one of cases(4.5, bias)) {
        const output = outputOf(one, activation);
        const judge = estimateByLines(output, { lines: 1024, shifts: 64, weights: 'equal' }, key(330));
        if (judge.mean < 1e-7) continue; // out of reach of plain lines
        const name = `${one.name}, leak ${activation.kind === 'piecewise-linear' && activation.leak}${bias ? ', bias' : ''}`;
        family[`${name}: lines to the design points`] = sameMean(
          sampleRare(planRare(output, key(331)), { lines: 64, shifts: 32 }, key(331)),
          judge,
        );
        family[`${name}: auto`] = sameMean(auto(output, 0.02, 332), judge);
        errors.push(judge.mean);
      }
  t.diagnostic(`errors ${errors.map((error) => error.toExponential(1)).join(', ')}`);
  assert.ok(Math.min(...errors) < 1e-4);
  holdsInLaw(t, family);
});

test("negative control: atoms that see each other's noise are noticed", () => {
  const one = cases(1.5, true)[1];
  const output = outputOf(one, activations.relu);
  const judge = explicitError(one, activations.relu, 40_000, 340);
  const turned: FreshOutput = {
    ...output,
    atoms: output.atoms.map((atom) => ({ ...atom, group: (atom.group + 1) % output.groups.length })),
  };
  const size = { lines: 64, shifts: 16 };
  assert.ok(sameMean(estimateByLines(output, size, key(341)), judge) > NEGATIVE_CONTROL);
  assert.ok(sameMean(estimateByLines(turned, size, key(341)), judge) < NEGATIVE_CONTROL);
});

test('twelve clusters: unbiased, and room for all their streams', (t) => {
  const anchors = anchorsOf(4, 4);
  const angle = (at: number): number => (Math.PI * (at + 0.5)) / 13;
  const fresh: FreshLaw = {
    kind: 'law',
    atoms: Array.from({ length: 12 }, (_, at) => ({
      probability: 1 / 12,
      label: at % 2 ? 1 : -1,
      patches: [
        [
          [0, (at % 2 ? 1 : -1) * Math.sin(angle(at))],
          [1, 0.5 * Math.cos(angle(at))],
        ],
      ],
    })),
    noisy: [{ patch: 0, sigma: 1, projectedAxes: [] }],
    flip: 0,
  };
  const one: Case = {
    name: 'twelve',
    anchors,
    view: viewOf(anchors, even(Float64Array.of(1, 0.2, 0, 0, 0, 0, 0, 0)), 350, true),
    fresh,
  };
  const output = outputOf(one, activations.relu);
  const judge = estimateByLines(output, { lines: 1024, shifts: 64, weights: 'equal' }, key(351));
  const plan = planRare(output, key(352));
  const estimates = Array.from({ length: 100 }, (_, seed) =>
    sampleRare(plan, { lines: 8, shifts: 8 }, key(353 + seed)),
  );
  const { mean, se } = meanAndSe(estimates.map((estimate) => estimate.mean));
  const stated = meanAndSe(estimates.map((estimate) => estimate.se)).mean;
  t.diagnostic(
    `${plan.branches.length} proposals, error ${judge.mean.toPrecision(3)}, spread over stated ${((10 * se) / stated).toFixed(2)}`,
  );
  holdsInLaw(t, { unbiased: sameMean({ mean, se }, judge) });
  assert.deepEqual([2, 32, 33, 72].map(strideOf), [32, 32, 64, 128]);
});
