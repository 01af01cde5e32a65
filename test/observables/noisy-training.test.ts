/** What is measured on a training sample of three patches, two of them noisy, by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noiseRows, patchVector, type Sample } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { linearised } from '../../src/dynamics/lazy.ts';
import type { Engine, Problem } from '../../src/dynamics/engine.ts';
import { lossSlope } from '../../src/network/loss.ts';
import { coefficients } from '../../src/observables/decomposition.ts';
import type { RunContext, Watch, Watcher } from '../../src/observables/observable.ts';
import { SHELF } from '../../src/observables/shelf.ts';
import { D, N, NOISY, onThreePatches, threePatchSample } from '../helpers/noisy-patches.ts';
import { dot, key } from '../helpers/problems.ts';
import { DECOMPOSITION } from '../tolerances.ts';

type Id = keyof typeof SHELF;

const STEPS = 40;

const contextOf = (problem: Problem): RunContext => {
  const linear = linearised(problem);
  linear.forward();
  return {
    kept: new Map(),
    problem,
    offers: 'span',
    key: key(1),
    test: { estimator: 'lines', lines: 16, shifts: 4, points: 500, precision: 0.1 },
    flip: 0,
    linearised: () => linear.view,
  };
};

/** Trains under the eyes of every watch, and keeps a copy of every state. */
function watched(engine: Engine, problem: Problem, steps = STEPS) {
  const run = contextOf(problem);
  const watchers = new Map<Watch<unknown>, Watcher<unknown>>();
  for (const { watch } of Object.values(SHELF)) if (watch && !watchers.has(watch)) watchers.set(watch, watch(run));
  const states: { h: Float64Array; w: Float64Array; outputs: Float64Array; rho: Float64Array }[] = [];
  const going = engine.start(problem);
  const { view } = going;
  for (let t = 0; t <= steps; t++) {
    if (t > 0) going.update();
    going.forward();
    for (const watcher of watchers.values()) watcher.see(t, view);
    states.push({
      h: view.preactivations.slice(),
      w: view.weights().rows.slice(),
      outputs: view.outputs.slice(),
      rho: coefficients(view, problem.sample, problem.network).rho.slice(),
    });
  }
  const taken = new Map([...watchers].map(([watch, watcher]) => [watch, watcher.take(view)]));
  const state = { kept: new Map(), run, view, watched: <T>(watch: Watch<T>) => taken.get(watch) as T };
  return { of: (id: Id) => SHELF[id].of(state), states, view };
}

const close = (ours: number, theirs: number, what: string): void =>
  assert.ok(Math.abs(ours - theirs) <= DECOMPOSITION * Math.max(1, Math.abs(theirs)), `${what}: ${ours} for ${theirs}`);
const mean = (x: readonly number[]): number => x.reduce((sum, one) => sum + one, 0) / x.length;
const length = (x: ArrayLike<number>): number => Math.sqrt(dot(x, x));

/** Every filter beside every noise: [r, i, p]. */
const pairs = ({ network }: Problem): [r: number, i: number, p: number][] =>
  Array.from({ length: network.filters }, (_, r) =>
    Array.from({ length: 2 * N }, (__, j): [number, number, number] => [r, Math.floor(j / 2), j % 2]),
  ).flat();
const noiseOf = (sample: Sample, i: number, p: number): Float64Array =>
  noiseRows(sample).slice((2 * i + p) * D, (2 * i + p + 1) * D);

const PROBLEM = onThreePatches(threePatchSample({ flips: 1 }, 720), { activation: 'leaky-relu' }, 721, {
  stepPerSample: 0.05,
});

test('noise rows are what a noisy patch has beside its signal', () => {
  const { sample } = PROBLEM;
  for (let i = 0; i < N; i++)
    NOISY.forEach(({ patch }, p) => {
      const x = patchVector(sample, i, patch);
      if (patch === 2) x[0] -= 0.5 * sample.trueLabels[i] * sample.vectors[0];
      noiseOf(sample, i, p).forEach((value, k) => close(x[k], value, `${i}, ${p}, ${k}`));
    });
});

for (const engine of [direct, gram])
  test(`${engine.id}: gamma and rho rebuild the weights, over all noises`, () => {
    const { view, of, states } = watched(engine, PROBLEM);
    const { sample, network, init } = PROBLEM;
    const { gamma, rho } = coefficients(view, sample, network);
    assert.equal(rho.length, network.filters * 2 * N);
    const { rows } = view.weights();
    const mu = sample.vectors.slice(0, D);
    for (let r = 0; r < network.filters; r++) {
      const w = init.rows.slice(r * D, (r + 1) * D);
      mu.forEach((x, k) => (w[k] += (network.classes[r] * gamma[r] * x) / dot(mu, mu)));
      for (let i = 0; i < N; i++)
        for (const p of [0, 1]) {
          const xi = noiseOf(sample, i, p);
          xi.forEach((x, k) => (w[k] += (rho[r * 2 * N + 2 * i + p] * x) / dot(xi, xi)));
        }
      w.forEach((x, k) => close(rows[r * D + k], x, `w_${r}`));
    }
    const at = (r: number, i: number, p: number): number => rho[r * 2 * N + 2 * i + p];
    const own = pairs(PROBLEM).filter(([r, i]) => sample.labels[i] === network.classes[r]);
    const other = pairs(PROBLEM).filter(([r, i]) => sample.labels[i] !== network.classes[r]);
    const bars = own.map((pair) => at(...pair));
    const unders = other.map((pair) => at(...pair));
    close(of('rhoBar'), mean(bars), 'rhoBar');
    close(of('rhoUnder'), mean(unders), 'rhoUnder');
    close(of('ratio'), gamma.reduce((sum, x) => sum + x, 0) / bars.reduce((sum, x) => sum + x, 0), 'ratio');
    close(of('rhoBarMax'), Math.max(0, ...bars), 'rhoBarMax');
    close(of('rhoUnderMin'), Math.min(0, ...unders), 'rhoUnderMin');
    assert.ok(of('decompositionResidual') <= DECOMPOSITION);
    // the steps
    const steps = states.slice(1).map((now, t) => now.rho.map((x, j) => x - states[t].rho[j]));
    const change = (list: typeof own, sign: number): number =>
      Math.max(0, ...steps.flatMap((step) => list.map(([r, i, p]) => sign * step[r * 2 * N + 2 * i + p])));
    close(of('rhoBarDrop'), change(own, -1), 'rhoBarDrop');
    close(of('rhoUnderRise'), change(other, 1), 'rhoUnderRise');
    const active = (t: number): string[] =>
      own.filter(([r, i, p]) => states[t].h[r * 3 * N + 3 * i + NOISY[p].patch] > 0).map((pair) => pair.join());
    const lost = (from: number, to: number): number =>
      active(from).filter((pair) => !active(to).includes(pair)).length / active(from).length;
    close(of('activationLost'), Math.max(...states.map((_, t) => lost(0, t))), 'activationLost');
    close(of('activationLostStep'), Math.max(...states.slice(1).map((_, t) => lost(t, t + 1))), 'activationLostStep');
    const first = own.filter((pair) => active(0).includes(pair.join()));
    const learnt = states.findIndex((now) => first.every(([r, i, p]) => now.rho[r * 2 * N + 2 * i + p] >= 2));
    assert.equal(of('learntStep'), learnt < 0 ? NaN : learnt);
    close(of('rhoBarLearnt'), Math.min(...first.map((pair) => at(...pair))), 'rhoBarLearnt');
    // the reference of all noises
    let [square, product] = [0, 0];
    for (let r = 0; r < network.filters; r++) {
      const V = new Float64Array(D);
      for (let i = 0; i < N; i++)
        if (sample.labels[i] === network.classes[r])
          for (const p of [0, 1]) {
            const xi = noiseOf(sample, i, p);
            xi.forEach((x, k) => (V[k] += x / dot(xi, xi)));
          }
      square += dot(V, V);
      product += dot(V, rows.slice(r * D, (r + 1) * D)) - dot(V, init.rows.slice(r * D, (r + 1) * D));
    }
    close(of('referenceNorm'), Math.sqrt(square), 'referenceNorm');
    close(of('towardsReference'), product / square, 'towardsReference');
  });

test('a noise is learnt when all that were active are: on both patches', () => {
  // small output weights, so that coefficients are large before the margins are
  const drawn = onThreePatches(PROBLEM.sample, { activation: 'leaky-relu', leak: 0.8 }, 721, { stepPerSample: 2 });
  const small = { ...drawn.network, outputWeights: drawn.network.outputWeights.map((a) => 0.01 * a) };
  const problem = { ...drawn, network: small };
  const { of, states } = watched(direct, problem, 700);
  const { network, sample } = problem;
  const first = pairs(problem).filter(
    ([r, i, p]) => sample.labels[i] === network.classes[r] && states[0].h[r * 3 * N + 3 * i + NOISY[p].patch] > 0,
  );
  const at = (list: typeof first): number =>
    states.findIndex((now) => list.every(([r, i, p]) => now.rho[r * 2 * N + 2 * i + p] >= 2));
  assert.equal(of('learntStep'), at(first));
  assert.ok(at(first) > 0);
  assert.notEqual(at(first), at(first.filter(([, , p]) => p === 1))); // negative control: the last patch alone
});

test('rates are over the noise of all patches', () => {
  const { of, states } = watched(direct, PROBLEM);
  const { sample, network, stepPerSample } = PROBLEM;
  const sigmaSquare = NOISY.reduce((sum, { sigma }) => sum + sigma ** 2, 0);
  const outputs = network.outputWeights.reduce((sum, a) => sum + a * a, 0);
  const growth: number[] = [];
  const lengths: number[] = [];
  states.slice(1).forEach((now, t) => {
    const before = states[t];
    const g = sample.labels.map((y, i) => lossSlope('logistic', y * before.outputs[i]));
    g.forEach((slope, i) =>
      growth.push(
        (sample.labels[i] * (now.outputs[i] - before.outputs[i])) / (stepPerSample * outputs * sigmaSquare * D * slope),
      ),
    );
    for (let r = 0; r < network.filters; r++)
      lengths.push(
        length(now.w.slice(r * D, (r + 1) * D).map((x, k) => x - before.w[r * D + k])) /
          (stepPerSample * N * Math.abs(network.outputWeights[r]) * Math.sqrt((sigmaSquare * D) / N) * mean([...g])),
      );
  });
  close(of('growthMax'), Math.max(...growth), 'growthMax');
  close(of('growthMin'), Math.min(...growth), 'growthMin');
  close(of('stepLength'), Math.max(...lengths), 'stepLength');
});

test('output weights of the signal and of the noises; responses to all noises', () => {
  const problem = onThreePatches(PROBLEM.sample, { output: 'trained-per-patch', v0: 0.5 }, 722);
  const { view, of, states } = watched(direct, problem);
  const { network, sample } = problem;
  const v = (r: number, s: number): number => (network.classes[r] * view.outputWeights[3 * r + s]) / network.outputUnit;
  const filters = Array.from({ length: network.filters }, (_, r) => r);
  close(of('vSignal'), mean(filters.map((r) => Math.abs(v(r, 1)))), 'vSignal');
  close(of('vNoise'), mean(filters.flatMap((r) => [0, 2].map((s) => Math.abs(v(r, s))))), 'vNoise');
  const { rows } = view.weights();
  const responses = pairs(problem)
    .filter(
      ([r, i, p]) =>
        sample.labels[i] === network.classes[r] && states.at(-1)!.h[r * 3 * N + 3 * i + NOISY[p].patch] > 0,
    )
    .map(([r, i, p]) => dot(rows.slice(r * D, (r + 1) * D), noiseOf(sample, i, p)) / v(r, NOISY[p].patch));
  close(of('noiseResponse'), mean(responses), 'noiseResponse');
});

test('the good event: extremes over all noises in units of their own', () => {
  const { of } = watched(direct, PROBLEM, 0);
  const { sample, network, init } = PROBLEM;
  const noises = Array.from({ length: 2 * N }, (_, j) => ({
    j,
    i: Math.floor(j / 2),
    ...NOISY[j % 2],
    xi: noiseOf(sample, Math.floor(j / 2), j % 2),
  }));
  const mu = sample.vectors.slice(0, D);
  const norms = noises.map(({ xi, sigma }) => dot(xi, xi) / (sigma * sigma * D));
  close(of('noiseNormMin'), Math.min(...norms), 'noiseNormMin');
  close(of('noiseNormMax'), Math.max(...norms), 'noiseNormMax');
  const overlaps = noises.flatMap((a) =>
    noises.filter(({ j }) => j < a.j).map((b) => Math.abs(dot(a.xi, b.xi)) / (a.sigma * b.sigma * Math.sqrt(D))),
  );
  close(of('noiseOverlap'), Math.max(...overlaps), 'noiseOverlap');
  close(
    of('signalOverlap'),
    Math.max(...noises.map(({ xi, sigma }) => Math.abs(dot(xi, mu)) / (sigma * length(mu)))),
    'signalOverlap',
  );
  const w = (r: number): Float64Array => init.rows.slice(r * D, (r + 1) * D);
  const filters = Array.from({ length: network.filters }, (_, r) => r);
  close(
    of('initialNoise'),
    Math.max(
      ...filters.flatMap((r) => noises.map(({ xi, sigma }) => Math.abs(dot(w(r), xi)) / (sigma * Math.sqrt(D)))),
    ),
    'initialNoise',
  );
  const active = (r: number, i: number, patch: number): boolean => dot(w(r), patchVector(sample, i, patch)) > 0;
  const own = (r: number, i: number): boolean => network.classes[r] === sample.labels[i];
  close(
    of('ownFiltersMin'),
    Math.min(
      ...noises.map(({ i, patch }) => {
        const mine = filters.filter((r) => own(r, i));
        return mine.filter((r) => active(r, i, patch)).length / mine.length;
      }),
    ),
    'ownFiltersMin',
  );
  close(
    of('ownSamplesMin'),
    Math.min(
      ...filters.map((r) => noises.filter(({ i, patch }) => own(r, i) && active(r, i, patch)).length / noises.length),
    ),
    'ownSamplesMin',
  );
});

/** What reads one noise alone. */
const ONE_NOISE: readonly Id[] = [
  'responseRatio',
  'noiseSingularMin',
  'noiseSingularMax',
  'interpolatorSignal',
  'interpolatorNoise',
];

test('every observable of the shelf: a number, or none because it needs one noisy patch', () => {
  const { of } = watched(direct, PROBLEM);
  for (const id of Object.keys(SHELF) as Id[]) {
    const one = SHELF[id].needs.includes('one-noisy-patch');
    assert.equal(one, ONE_NOISE.includes(id), id);
    if (one) assert.ok(Number.isNaN(of(id)), id);
  }
  const none = (Object.keys(SHELF) as Id[]).filter((id) => Number.isNaN(of(id)));
  // without a number for other reasons: the loss is not squared, and signal stands beside noise; no two neighbouring layers are trained; no noise is learnt by then; the last is
  // about inputs of one patch
  assert.deepEqual(
    none.filter(
      (id) =>
        !ONE_NOISE.includes(id) &&
        !SHELF[id].needs.some((need: string) => need === 'flow' || need.startsWith('layer-')),
    ),
    ['excessRisk', 'risk', 'layerIdentity', 'learntStep', 'alignmentGrowth'],
  );
});
