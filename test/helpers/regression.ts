/** Runs with real labels of test/fixtures/numpy/regression.py, as problems of ours. */
import type { Sample } from '../../src/data/sample.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { buildNetwork } from '../../src/network/two-layer.ts';
import { fixture } from './fixtures.ts';

interface Estimate {
  readonly mean: number;
  readonly se: number;
}

export interface NumpyRun {
  readonly name: string;
  readonly leak: number;
  readonly projected: boolean;
  /** [multiplicity, eigenvalue] */
  readonly eigenvalues: readonly (readonly [number, number])[];
  readonly output: 'fixed' | 'trained' | 'trained-per-patch';
  readonly lr: number;
  readonly sigmaY: number;
  readonly mu: number;
  readonly rateOfV: number;
  /** n x P x d */
  readonly noise: number[][][];
  readonly trueLabels: number[];
  readonly labels: number[];
  readonly start: number[][];
  /** the smallest |pre-activation| that was met */
  readonly nearestKink: number;
  readonly losses: number[];
  readonly outputs: number[];
  readonly end: { readonly weight: number[][]; readonly v: number[][] };
  readonly excessRisk: Estimate;
  readonly risk: Estimate;
}

export const { header, runs } = fixture('numpy/regression.json') as {
  readonly header: { readonly m: number; readonly sigmaP: number; readonly steps: number; readonly every: number };
  readonly runs: readonly NumpyRun[];
};

/** Anchor 0 is the signal, along axis 0; anchor 1 + iP + p the p-th noise of sample i; patch 0 has the signal. */
function sampleOf({ noise, trueLabels, labels, mu, projected, eigenvalues, sigmaY }: NumpyRun): Sample {
  const n = noise.length;
  const P = noise[0]!.length;
  const d = noise[0]![0]!.length;
  const parts = {
    dimensions: eigenvalues.map(([count]) => count),
    of: eigenvalues.flatMap(([count], part) => Array<number>(count).fill(part)),
  };
  const flat = eigenvalues.length === 1;
  const signal = Float64Array.from({ length: d }, (_, k) => (k === 0 ? mu : 0));
  return {
    n,
    frame: { ambient: d, used: d, ...(!flat && { parts }) },
    anchors: 1 + n * P,
    vectors: Float64Array.from([...signal, ...noise.flat(2)]),
    patches: {
      perSample: 1 + P,
      start: Int32Array.from({ length: n * (1 + P) + 1 }, (_, q) => q),
      anchor: Int32Array.from(noise.flatMap((one, i) => [0, ...one.map((__, p) => 1 + i * P + p)])),
      coefficient: Float64Array.from(trueLabels.flatMap((y) => [y, ...Array<number>(P).fill(1)])),
    },
    labels: Float64Array.from(trueLabels),
    trueLabels: Float64Array.from(trueLabels),
    targets: Float64Array.from(labels, (label, i) => label * trueLabels[i]!),
    fresh: {
      kind: 'law',
      atoms: [1, -1].map((label) => ({
        probability: 0.5,
        label,
        patches: [[[0, label] as const], ...Array.from({ length: P }, () => [])],
      })),
      noisy: Array.from({ length: P }, (_, p) => ({
        patch: 1 + p,
        sigma: header.sigmaP,
        projectedAxes: projected ? [0] : [],
        ...(!flat && { spectrum: { parts, roots: eigenvalues.map(([, value]) => Math.sqrt(value)) } }),
      })),
      flip: 0,
      labelDeviation: sigmaY,
    },
  };
}

export function problemOf(run: NumpyRun): Problem {
  const sample = sampleOf(run);
  const { leak, output, lr, rateOfV, start } = run;
  const { m } = header;
  const activation = leak > 0 ? 'leaky-relu' : 'relu';
  return {
    sample,
    network: buildNetwork(
      { activation, output, m, leak, power: 2, pooling: 'sum', outputScale: '1/m', bias: false, v0: 1 },
      sample.patches.perSample,
    ),
    init: {
      columns: start[0]!.length,
      rows: Float64Array.from(start.flat()),
      bias: new Float64Array(2 * m),
    },
    loss: 'squared',
    stepPerSample: lr / sample.n,
    stepSize: lr,
    etaOutput: rateOfV,
  };
}
