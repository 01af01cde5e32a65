/** One-patch samples for the tests: x_i = signal_i + noise_i in explicit coordinates. */
import { Stream } from '../../src/core/random.ts';
import type { Sample } from '../../src/data/sample.ts';
import { key } from './problems.ts';

export interface OnePatch {
  readonly n: number;
  readonly d: number;
  /** equally likely signals and their labels */
  readonly atoms: readonly { readonly signal: readonly number[]; readonly label: number }[];
  readonly sigma: number;
  /** noise orthogonal to the first axis */
  readonly projected?: boolean;
  /** the first so many observed labels are wrong */
  readonly flips?: number;
}

/** Anchors: the atoms' signals, then the noises. Signals shorter than d are filled up with zeros. */
export function onePatchSample({ n, d, atoms, sigma, projected = false, flips = 0 }: OnePatch, seed: number): Sample {
  const stream = new Stream(key(seed), 'data/noise');
  const chosen = Array.from({ length: n }, () => Math.floor(stream.uniform() * atoms.length));
  const K = atoms.length + n;
  const vectors = new Float64Array(K * d);
  atoms.forEach(({ signal }, k) => vectors.set(signal, k * d));
  for (let at = atoms.length * d; at < K * d; at++)
    vectors[at] = projected && at % d === 0 ? 0 : sigma * stream.normal();
  const trueLabels = Float64Array.from(chosen, (k) => atoms[k].label);
  return {
    n,
    frame: { ambient: d, used: d },
    anchors: K,
    vectors,
    patches: {
      perSample: 1,
      start: Int32Array.from({ length: n + 1 }, (_, i) => 2 * i),
      anchor: Int32Array.from(chosen.flatMap((k, i) => [k, atoms.length + i])),
      coefficient: new Float64Array(2 * n).fill(1),
    },
    labels: trueLabels.map((y, i) => (i < flips ? -y : y)),
    trueLabels,
    fresh: {
      kind: 'law',
      atoms: atoms.map(({ label }, k) => ({ probability: 1 / atoms.length, label, patches: [[[k, 1] as const]] })),
      noisy: [{ patch: 0, sigma, projectedAxes: projected ? [0] : [] }],
      flip: 0,
    },
    roles: { signal: atoms.map((_, k) => k), noisy: [0], noise: Array.from({ length: n }, (_, i) => atoms.length + i) },
  };
}

/** Two atoms +-mu along the first axis. */
export const antipodal = (mu: number): OnePatch['atoms'] => [
  { signal: [mu], label: 1 },
  { signal: [-mu], label: -1 },
];
