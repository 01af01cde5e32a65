/** Samples of three patches, two of them noisy: noise, signal, noise. */
import { Stream } from '../../src/core/random.ts';
import { lawOf, type FreshAtom, type OtherNoise, type Sample } from '../../src/data/sample.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { buildNetwork, drawInitialWeights, type NetworkParameters } from '../../src/network/two-layer.ts';
import { key, NETWORK } from './problems.ts';

export const N = 8;
export const D = 14;
/** The noisy patches: neither last nor neighbours, of other scales, one without the signal's axis. */
export const NOISY = [
  { patch: 0, sigma: 0.7, projectedAxes: [0] },
  { patch: 2, sigma: 1.3, projectedAxes: [] },
];
/** What of the signal stands in patch 2, beside the noise. */
export const SHARE = 0.5;

export interface ThreePatches {
  readonly mu?: number;
  readonly flips?: number;
  /** coefficients of the signal in the three patches */
  readonly signal?: readonly [number, number, number];
  readonly noise?: OtherNoise;
}

/** Anchor 0 is the signal along axis 0, anchor 1 + 2i + p the p-th noise of sample i. */
export function threePatchSample(
  { mu = 2, flips = 0, signal = [0, 1, SHARE], noise }: ThreePatches,
  seed: number,
): Sample {
  const stream = new Stream(key(seed), 'data/noise');
  const K = 1 + 2 * N;
  const vectors = new Float64Array(K * D);
  vectors[0] = mu;
  for (let at = D; at < K * D; at++) {
    const { sigma, projectedAxes } = NOISY[(Math.floor(at / D) + 1) % 2];
    vectors[at] = projectedAxes.includes(at % D) ? 0 : sigma * stream.normal();
  }
  const trueLabels = Float64Array.from({ length: N }, () => (stream.uniform() < 0.5 ? 1 : -1));
  const terms = Array.from({ length: N }, (_, i) =>
    signal.map((c, s) => {
      const p = NOISY.findIndex(({ patch }) => patch === s);
      return [...(c === 0 ? [] : [[0, c * trueLabels[i]]]), ...(p < 0 ? [] : [[1 + 2 * i + p, 1]])];
    }),
  ).flat();
  const start = [0];
  for (const patch of terms) start.push(start.at(-1)! + patch.length);
  const atoms = [1, -1].map((label): FreshAtom => ({
    probability: 0.5,
    label,
    patches: signal.map((c) => (c === 0 ? [] : [[0, c * label] as const])),
  }));
  return {
    n: N,
    frame: { ambient: D, used: D },
    anchors: K,
    vectors,
    patches: {
      perSample: 3,
      start: Int32Array.from(start),
      anchor: Int32Array.from(terms.flatMap((patch) => patch.map(([k]) => k))),
      coefficient: Float64Array.from(terms.flatMap((patch) => patch.map(([, c]) => c))),
    },
    labels: trueLabels.map((y, i) => (i < flips ? -y : y)),
    trueLabels,
    fresh: { kind: 'law', atoms, noisy: NOISY, ...(noise && { noise }), flip: 0 },
    roles: { signal: [0], noisy: [0, 2], noise: Array.from({ length: 2 * N }, (_, j) => 1 + j) },
  };
}

/** A network on such a sample. */
export function onThreePatches(
  sample: Sample,
  network: Partial<NetworkParameters>,
  seed: number,
  change: Partial<Problem> = {},
): Problem {
  const net = buildNetwork({ ...NETWORK, ...network }, 3, key(seed));
  const init = drawInitialWeights(
    net.bias ? { law: 'pytorch', sigma0: 0 } : { law: 'gaussian', sigma0: 0.1 },
    net,
    sample.frame,
    key(seed),
  );
  return { sample, network: net, init, loss: 'logistic', stepPerSample: 0.02, ...change };
}

/** The negative control: one noise for both patches, which no estimator may take for two. */
export const withOneNoise = (sample: Sample, inputs: readonly Float64Array[], stream: Stream): Float64Array[] => {
  const xi = Float64Array.from({ length: D }, () => stream.normal());
  return inputs.map((x, s) => {
    const noise = lawOf(sample).noisy.find(({ patch }) => patch === s);
    return noise ? x.map((value, k) => value + (noise.projectedAxes.includes(k) ? 0 : noise.sigma * xi[k])) : x;
  });
};
