/** Test errors of a network and of its linearisation at the start, on the same fresh points. */
import { factorRows } from '../core/kernel-algebra.ts';
import { product, productTransposed } from '../core/linear-algebra.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { meanAndSe, type Estimate } from '../core/statistics.ts';
import { lawOf, rootsByColumn, type Terms } from '../data/sample.ts';
import type { Problem, SpanView } from '../dynamics/engine.ts';
import { activate, activationSlope } from '../network/activation.ts';
import { observable, oncePerState, type State } from './observable.ts';

/** Clean errors. */
export interface LazyErrors {
  readonly network: Estimate;
  readonly linearised: Estimate;
  /** linearised minus network, over common points */
  readonly difference: Estimate;
}

/**
 * f_lin(x) = sum_r a_r sum over patches of sigma(h0_r) + sigma'(h0_r) (<w_r(t) - w_r(0), x> + b_r(t) - b_r(0)).
 * The noise of a patch enters through its products with W(0), with the linearisation's movement and with the network's
 * W(t): 3R Gaussian numbers, drawn jointly from the LQ factor of those rows, whatever d. Plain Monte Carlo over the
 * noises; signals are never sampled.
 *
 * @param view the network's run
 * @param linear the linearised run of the same problem, see dynamics/lazy.ts
 * @param points fresh noise vectors, >= 2
 */
export function lazyErrors(
  view: SpanView,
  linear: SpanView,
  problem: Problem,
  points: number,
  key: StreamKey,
): LazyErrors {
  const { sample, network, init } = problem;
  const { anchors: K, vectors, frame } = sample;
  const fresh = lawOf(sample);
  const { filters: R, activation } = network;
  const { columns } = init;
  const { used } = frame;
  const movement = product(linear.coefficients, R, vectors, K, used);
  /** W(0), movement and W(t), 3R x columns */
  const rows = new Float64Array(3 * R * columns);
  rows.set(init.rows);
  for (let r = 0; r < R; r++) rows.set(movement.subarray(r * used, (r + 1) * used), (R + r) * columns);
  rows.set(view.weights().rows, 2 * R * columns);
  const bias = new Float64Array(3 * R);
  bias.set(init.bias);
  bias.set(
    linear.bias.map((b, r) => b - init.bias[r]!),
    R,
  );
  bias.set(view.bias, 2 * R);
  const noises = fresh.noisy.map((noise) => {
    const { patch, sigma, projectedAxes } = noise;
    const roots = rootsByColumn(noise, columns, R);
    const kept = Int32Array.from({ length: columns }, (_, k) => k).filter((k) => !projectedAxes.includes(k));
    const noisy = new Float64Array(3 * R * kept.length);
    for (let r = 0; r < 3 * R; r++)
      kept.forEach((k, at) => (noisy[r * kept.length + at] = sigma * (roots?.[k] ?? 1) * rows[r * columns + k]!));
    const { l, rank } = factorRows(noisy, 3 * R, kept.length);
    return { patch, l, rank, z: new Float64Array(rank), g: new Float64Array(3 * R) };
  });
  const products = productTransposed(headOf(rows, 3 * R, columns, used), 3 * R, vectors, K, used);

  /** Pre-activations of a patch without noise, length 3R. */
  const still = (terms: Terms): Float64Array =>
    bias.map((b, r) => terms.reduce((sum, [anchor, c]) => sum + c * products[r * K + anchor]!, b));
  /** What one patch adds to both outputs. */
  const add = (h: Float64Array, noise: Float64Array, to: [network: number, linearised: number]): void => {
    for (let r = 0; r < R; r++) {
      const h0 = h[r]! + noise[r]!;
      to[0] += view.outputWeights[r]! * activate(activation, h[2 * R + r]! + noise[2 * R + r]!);
      to[1] +=
        network.outputWeights[r]! *
        (activate(activation, h0) + activationSlope(activation, h0) * (h[R + r]! + noise[R + r]!));
    }
  };
  const none = new Float64Array(3 * R);
  const atoms = fresh.atoms.map(({ probability, label, patches }) => {
    const base: [number, number] = [0, 0];
    patches.forEach((terms, s) => {
      if (!noises.some(({ patch }) => patch === s)) add(still(terms), none, base);
    });
    return { probability, label, base, offsets: noises.map(({ patch }) => still(patches[patch]!)) };
  });

  const stream = new Stream(key, 'test');
  const wrong = { network: new Array<number>(points).fill(0), linearised: new Array<number>(points).fill(0) };
  for (let t = 0; t < points; t++) {
    for (const { l, rank, z, g } of noises) {
      for (let k = 0; k < rank; k++) z[k] = stream.normal();
      for (let r = 0; r < 3 * R; r++) {
        let sum = 0;
        for (let k = 0; k < Math.min(rank, r + 1); k++) sum += l[r * rank + k]! * z[k]!;
        g[r] = sum;
      }
    }
    for (const { probability, label, base, offsets } of atoms) {
      const outputs: [number, number] = [base[0], base[1]];
      noises.forEach(({ g }, p) => add(offsets[p]!, g, outputs));
      if (!(label * outputs[0] > 0)) wrong.network[t]! += probability;
      if (!(label * outputs[1] > 0)) wrong.linearised[t]! += probability;
    }
  }
  return {
    network: meanAndSe(wrong.network),
    linearised: meanAndSe(wrong.linearised),
    difference: meanAndSe(wrong.linearised.map((x, t) => x - wrong.network[t]!)),
  };
}

/** The first `used` columns of a rows x columns matrix. */
function headOf(matrix: Float64Array, rows: number, columns: number, used: number): Float64Array {
  const head = new Float64Array(rows * used);
  for (let r = 0; r < rows; r++) head.set(matrix.subarray(r * columns, r * columns + used), r * used);
  return head;
}

const errorsOf = oncePerState(({ view, run }: State<SpanView>) =>
  lazyErrors(view, run.linearised(), run.problem, run.test.points, run.key),
);

const NEEDS = ['span', 'linear-steps', 'fresh-law', 'gaussian-noise', 'fixed-output'] as const;

export const LAZY_ERRORS = {
  lazyError: observable(NEEDS, (state) => errorsOf(state).linearised.mean),
  lazyDifference: observable(NEEDS, (state) => errorsOf(state).difference.mean),
} as const;
