/** Small experiments for the tests: parameters with defaults, keys, problems. */
import { Stream, type StreamKey } from '../../src/core/random.ts';
import { singleTermPatches, type Sample } from '../../src/data/sample.ts';
import { drawSignalNoise, type SignalNoiseParameters } from '../../src/data/signal-noise.ts';
import type { Engine, Problem, Run } from '../../src/dynamics/engine.ts';
import {
  buildNetwork,
  drawInitialWeights,
  type InitParameters,
  type NetworkParameters,
} from '../../src/network/two-layer.ts';

export const key = (seed: number, replicate = 0): StreamKey => ({ seed, cell: [0, 0], replicate });

export const DATA: SignalNoiseParameters = {
  n: 8,
  d: 30,
  mu: 2,
  sigmaP: 1,
  projected: true,
  noise: 'gaussian',
  nu: 5,
  flip: 0,
  flipLaw: 'probability',
  flips: 0,
  adversary: 'largest-norm',
  draw: 'd-free',
};

export const NETWORK: NetworkParameters = {
  activation: 'relu',
  leak: 0.1,
  power: 2,
  m: 4,
  pooling: 'sum',
  outputScale: '1/m',
  bias: false,
};

export interface Setup {
  readonly data?: Partial<SignalNoiseParameters>;
  readonly network?: Partial<NetworkParameters>;
  readonly init?: InitParameters;
  readonly loss?: Problem['loss'];
  readonly stepPerSample?: number;
  readonly etaOutput?: number;
}

export function makeProblem(setup: Setup, streams: StreamKey): Problem {
  const sample = drawSignalNoise({ ...DATA, ...setup.data }, streams);
  const network = buildNetwork({ ...NETWORK, ...setup.network }, sample.patches.perSample, streams);
  const init = drawInitialWeights(setup.init ?? { law: 'gaussian', sigma0: 0.1 }, network, sample.frame, streams);
  return {
    sample,
    network,
    init,
    loss: setup.loss ?? 'logistic',
    stepPerSample: setup.stepPerSample ?? 0.05,
    etaOutput: setup.etaOutput ?? 1,
  };
}

/** A two-patch sample from its own vectors: the signal, one noise a sample, and labels. */
export function explicitSample(
  signal: readonly number[],
  noises: readonly (readonly number[])[],
  trueLabels: readonly number[],
  labels = trueLabels,
): Sample {
  const d = signal.length;
  return {
    n: noises.length,
    frame: { ambient: d, used: d },
    anchors: 1 + noises.length,
    vectors: Float64Array.from([signal, ...noises].flat()),
    patches: singleTermPatches(
      2,
      noises.flatMap((_, i) => [0, 1 + i]),
      trueLabels.flatMap((y) => [y, 1]),
    ),
    labels: Float64Array.from(labels),
    trueLabels: Float64Array.from(trueLabels),
    fresh: {
      kind: 'law',
      atoms: [1, -1].map((label) => ({ probability: 0.5, label, patches: [[[0, label] as const], []] })),
      noisy: [{ patch: 1, sigma: 1, projectedAxes: [] }],
      flip: 0,
    },
    roles: { signal: [0], noisy: [1], noise: noises.map((_, i) => 1 + i) },
  };
}

/** Fresh points without a signal: for samples of which only the training counts. */
export const pureNoise = (perSample: number): Sample['fresh'] => ({
  kind: 'law',
  atoms: [{ probability: 1, label: 1, patches: Array.from({ length: perSample }, () => []) }],
  noisy: [{ patch: perSample - 1, sigma: 1, projectedAxes: [] }],
  flip: 0,
});

/** A run after so many steps, with `forward` done. */
export function trained(engine: Engine, problem: Problem, steps: number): Run {
  const run = engine.start(problem);
  run.forward();
  for (let t = 0; t < steps; t++) {
    run.update();
    run.forward();
  }
  return run;
}

/** The signal's vector and the noises' rows as their own arrays. */
export function anchorsOf(sample: Sample): Float64Array[] {
  const { used } = sample.frame;
  return Array.from({ length: sample.anchors }, (_, k) => sample.vectors.slice(k * used, (k + 1) * used));
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < Math.min(a.length, b.length); k++) sum += a[k] * b[k];
  return sum;
}

/** Independent standard normals, for matrices that only have to be generic. */
export function normals(count: number, seed: number): Float64Array {
  const stream = new Stream(key(seed), 'test');
  return Float64Array.from({ length: count }, () => stream.normal());
}

/** |a - b| / max(1, |b|), the worst over two arrays. */
export function worstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]) / Math.max(1, Math.abs(b[i]));
    worst = difference <= worst ? worst : difference; // NaN stays and fails every comparison
  }
  return worst;
}
