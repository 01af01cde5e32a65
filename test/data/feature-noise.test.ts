/** Sparse noise, feature noise and balanced classes: parts, laws, a closed form, refusals, and PyTorch on the same data. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalTail } from '../../src/core/special.ts';
import { drawFeatureNoise, type FeatureNoiseParameters } from '../../src/data/feature-noise.ts';
import { lawOf, patchVector, type Sample } from '../../src/data/sample.ts';
import { drawSignalNoise } from '../../src/data/signal-noise.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import type { Puller } from '../../src/dynamics/steps/puller.ts';
import { RULES } from '../../src/experiments/rules.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { buildNetwork } from '../../src/network/two-layer.ts';
import { testError } from '../../src/observables/test-error.ts';
import { fixture } from '../helpers/fixtures.ts';
import { DATA, key, NETWORK, trained, worstDifference } from '../helpers/problems.ts';
import { holdsInLaw, ksAgainst, pearsonP } from '../helpers/statistics.ts';
import { NEGATIVE_CONTROL, TORCH } from '../tolerances.ts';

const SPARSE: FeatureNoiseParameters = {
  ...DATA,
  n: 60,
  d: 25,
  mu: 2,
  sigmaP: 0.5,
  noise: 'sparse',
  sparsity: 6,
  draw: 'explicit',
  featureNoise: 0.3,
  labels: 'balanced',
};

const supportOf = (x: Float64Array): number[] => [...x.keys()].filter((k) => k > 0 && x[k] !== 0);

test('a point: y mu e_1, and s coordinates of noise beside -alpha y mu e_1; n/2 labels of each', () => {
  const sample = drawFeatureNoise(SPARSE, key(1));
  for (let i = 0; i < sample.n; i++) {
    const y = sample.trueLabels[i]!;
    const [signal, noisy] = [0, 1].map((s) => patchVector(sample, i, s)) as [Float64Array, Float64Array];
    assert.deepEqual([signal[0], supportOf(signal).length], [2 * y, 0]);
    assert.equal(noisy[0], -0.3 * y * 2);
    assert.equal(supportOf(noisy).length, 6);
  }
  assert.equal(
    sample.trueLabels.reduce((sum, y) => sum + y, 0),
    0,
  );
  assert.deepEqual(sample.labels, sample.trueLabels);
  const odd = drawFeatureNoise({ ...SPARSE, n: 7 }, key(1));
  assert.equal(odd.trueLabels.filter((y) => y > 0).length, 3);
});

test('without feature noise, and with classes by chance, it is the signal-noise model, bit by bit', () => {
  for (const noise of ['gaussian', 'sparse'] as const) {
    const parameters = { ...SPARSE, noise, featureNoise: 0, labels: 'random' } as const;
    const [a, b] = [drawFeatureNoise(parameters, key(4)), drawSignalNoise(parameters, key(4))];
    assert.deepEqual([a.vectors, a.labels], [b.vectors, b.labels]);
    for (let i = 0; i < a.n; i++)
      for (const s of [0, 1]) assert.equal(worstDifference(patchVector(a, i, s), patchVector(b, i, s)), 0);
  }
});

test('supports are uniform on the coordinates beside the signal, or on all where noise is not projected', (t) => {
  const counts = (projected: boolean): number[] => {
    const found = Array.from({ length: 25 }, () => 0);
    for (let replicate = 0; replicate < 50; replicate++) {
      const { vectors } = drawFeatureNoise({ ...SPARSE, projected }, key(7, replicate));
      for (let at = 25; at < vectors.length; at++) if (vectors[at] !== 0) found[at % 25]!++;
    }
    return found;
  };
  const total = 50 * 60 * 6;
  const [beside, all] = [counts(true), counts(false)];
  assert.equal(beside[0], 0);
  const values: number[] = [];
  const { vectors } = drawFeatureNoise({ ...SPARSE, n: 400 }, key(8));
  for (let at = 25; at < vectors.length; at++) if (vectors[at] !== 0) values.push(vectors[at]! / 0.5);
  const uniform = (cells: number): number[] => Array.from({ length: cells }, () => total / cells);
  holdsInLaw(t, {
    projected: pearsonP(beside.slice(1), uniform(24)),
    raw: pearsonP(all, uniform(25)),
    values: ksAgainst(values, (x) => 1 - normalTail(x)),
  });
  // Negative controls: all coordinates are not what projection leaves; another standard deviation.
  assert.ok(pearsonP(beside, uniform(25)) < NEGATIVE_CONTROL);
  assert.ok(ksAgainst(values, (x) => 1 - normalTail(1.5 * x)) < NEGATIVE_CONTROL);
});

const POINTS = { estimator: 'points', lines: 8, shifts: 4, points: 40_000, precision: 0.1 } as const;

test('a linear network of equal weights: the error is Phi(-(1 - alpha) mu w_1/(sigma_p c sqrt(s))), flips aside', () => {
  const sample = drawFeatureNoise(SPARSE, key(2));
  const network = {
    ...buildNetwork({ ...NETWORK, m: 1, outputScale: '1' }, 2),
    activation: { kind: 'piecewise-linear', leak: 1 } as const,
  };
  const [w1, c] = [0.4, 0.7];
  // The two filters enter with opposite signs: w and 0.
  const rows = new Float64Array(2 * 25);
  for (let k = 0; k < 25; k++) rows[k] = k === 0 ? w1 : k % 3 === 0 ? -c : c;
  const init = { rows, columns: 25, bias: new Float64Array(2) };
  const run = direct.start({ sample, network, init, loss: 'logistic', stepPerSample: 0 });
  run.forward();
  const { clean, cleanSe } = testError(run.view, network.activation, sample.anchors, sample.fresh, POINTS, key(3));
  const exact = (s: number): number => normalTail(((1 - 0.3) * 2 * w1) / (0.5 * c * Math.sqrt(s)));
  assert.ok(Math.abs(clean - exact(6)) < 4.5 * cleanSe, `${clean} ± ${cleanSe} against ${exact(6)}`);
  // Negative controls: another sparsity, no feature noise.
  assert.ok(Math.abs(clean - exact(5)) > 4.5 * cleanSe);
  assert.ok(Math.abs(clean - normalTail((2 * w1) / (0.5 * c * Math.sqrt(6)))) > 4.5 * cleanSe);
});

test('refused in a sentence: too many coordinates, draws free of d, line sampling, classes of another model', () => {
  const spec = (data: object, test: object = { estimator: 'points' }) =>
    specFrom(
      {
        data: { model: 'feature-noise', n: 8, d: 20, mu: 1, noise: 'sparse', sparsity: 5, draw: 'explicit', ...data },
        network: { m: 2 },
        test,
      },
      'test',
    );
  spec({});
  assert.throws(() => spec({ sparsity: 20 }), /data\.sparsity: must be at most the coordinates.*19, got 20/);
  spec({ sparsity: 20, projected: false });
  assert.throws(() => spec({ draw: 'd-free' }), /data\.noise: sparse is not rotation invariant.*data\.draw: explicit/);
  assert.throws(() => spec({}, { estimator: 'lines' }), /test\.estimator: lines needs Gaussian noise.*points/);
  assert.throws(() => spec({ noise: 'gaussian' }), /data\.sparsity.*data\.noise: sparse/);
  assert.throws(() => spec({ model: 'signal-noise', labels: 'balanced' }), /data\.labels.*feature-noise/);
});

interface TorchRun {
  readonly rule: 'adam' | 'adamw';
  readonly weightDecay: number;
  readonly labels: number[];
  readonly noise: number[][];
  readonly batches: number[][];
  readonly start: number[][];
  readonly losses: number[];
  readonly outputs: number[];
  readonly weight: number[][];
  readonly testError: number;
}
const { header, runs } = fixture('torch/feature_noise.json') as {
  readonly header: {
    readonly n: number;
    readonly d: number;
    readonly sparsity: number;
    readonly m: number;
    readonly mu: number;
    readonly sigmaP: number;
    readonly featureNoise: number;
    readonly eta: number;
    readonly steps: number;
    readonly points: number;
  };
  readonly runs: readonly TorchRun[];
};

/** A drawn sample with the noises and labels of PyTorch's. */
function sampleOf({ labels, noise }: TorchRun): Sample {
  const drawn = drawFeatureNoise({ ...SPARSE, ...header }, key(1));
  const y = Float64Array.from(labels);
  const { patches, vectors } = drawn;
  const coefficient = patches.coefficient.map((c, t) =>
    patches.anchor[t] === 0 ? c * y[Math.floor(t / 3)]! * drawn.trueLabels[Math.floor(t / 3)]! : c,
  );
  return {
    ...drawn,
    vectors: Float64Array.from([...vectors.slice(0, header.d), ...noise.flat()]),
    patches: { ...patches, coefficient },
    labels: y,
    trueLabels: y,
  };
}

/** PyTorch's batches. */
const pullerOf = ({ batches }: TorchRun): Puller => ({
  turned: 0,
  redraws: true,
  weighs: true,
  largest: header.n,
  start(labels) {
    let t = 0;
    return () => {
      const batch = batches[t++]!;
      const weights = new Float64Array(header.n);
      for (const i of batch) weights[i] = header.n / batch.length;
      return { labels, weights };
    };
  },
});

for (const torch of runs)
  test(`${torch.rule} in batches on sparse noise with feature noise, and its test error: PyTorch`, (t) => {
    const sample = sampleOf(torch);
    const problem: Problem = {
      sample,
      network: buildNetwork({ ...NETWORK, activation: 'relu-power', power: 3, m: header.m, outputScale: '1' }, 2),
      init: {
        columns: header.d,
        rows: Float64Array.from(torch.start.flat()),
        bias: new Float64Array(2 * header.m),
      },
      loss: 'logistic',
      stepPerSample: header.eta / header.n,
      stepSize: header.eta,
      rule: RULES[torch.rule].make({
        momentum: 0,
        radius: 0,
        ascent: 'normalised',
        beta1: 0.9,
        beta2: 0.999,
        adamEpsilon: 1e-8,
        flowTolerance: 1,
      }),
      puller: pullerOf(torch),
      decay: { lambda: torch.weightDecay, coupled: torch.rule === 'adam' },
    };
    const { view } = trained(direct, problem, header.steps);
    const differences = {
      outputs: worstDifference(view.outputs, torch.outputs),
      weights: worstDifference(view.weights().rows, torch.weight.flat()),
    };
    t.diagnostic(JSON.stringify(differences));
    for (const [what, difference] of Object.entries(differences))
      assert.ok(difference <= TORCH, `${what} differ by ${difference}`);
    assert.ok(torch.losses.at(-1)! < torch.losses[0]! / 10); // it learned something
    const { clean, cleanSe } = testError(
      view,
      problem.network.activation,
      sample.anchors,
      sample.fresh,
      POINTS,
      key(11),
    );
    const se = Math.hypot(cleanSe, Math.sqrt((torch.testError * (1 - torch.testError)) / header.points));
    const apart = Math.abs(clean - torch.testError) / se;
    t.diagnostic(`test error ${clean} and ${torch.testError}: ${apart.toFixed(2)} standard errors apart`);
    assert.ok(apart < 4.5);
    // Negative control: points without feature noise.
    const law = lawOf(sample);
    const atoms = law.atoms.map((atom) => ({ ...atom, patches: [atom.patches[0]!, []] }));
    const other = testError(view, problem.network.activation, sample.anchors, { ...law, atoms }, POINTS, key(11));
    assert.ok(Math.abs(other.clean - torch.testError) > 4.5 * se);
  });
