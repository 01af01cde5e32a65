/** How far a run has left its linearisation at the start (lazy regime; Chizat, Oyallon, Bach 2019). */
import { productTransposed } from '../core/kernel-algebra.ts';
import { patchRows } from '../data/sample.ts';
import type { Problem, TwoLayerView } from '../dynamics/engine.ts';
import { tangentKernel } from '../network/tangent-kernel.ts';
import { fieldsOf, oncePerRun, oncePerState, type RunContext, type State } from './observable.ts';

export interface Laziness {
  /** ‖W(t) - W(0)‖_F / ‖W(0)‖_F of the first layer, without biases; Infinity when W(0) = 0 and W(t) is not */
  readonly movement: number;
  /** ‖K(t) - K(0)‖_F / ‖K(0)‖_F of the tangent kernel on the training sample; 0 when K(0) = 0: then nothing moves */
  readonly kernelChange: number;
  /** fraction of (filter, training patch) pairs whose pre-activation is on the other side of 0 than at the start */
  readonly patternChange: number;
}

/** Measures states of a run against its start. The output layer is taken as it was at the start. */
export function laziness({ sample, network, init }: Problem): (view: TwoLayerView) => Laziness {
  const { perSample } = sample.patches;
  const { used } = sample.frame;
  const { filters: R } = network;
  const { rows, columns } = init;
  const Q = sample.n * perSample;
  const inputs = patchRows(sample);
  const patchGram = productTransposed(inputs, Q, inputs, Q, used);
  const start = new Float64Array(R * Q);
  for (let r = 0; r < R; r++) {
    const row = productTransposed(rows.subarray(r * columns, r * columns + used), 1, inputs, Q, used);
    for (let q = 0; q < Q; q++) start[r * Q + q] = row[q]! + init.bias[r]!;
  }
  const kernel = tangentKernel(network, start, patchGram, perSample);
  return (view) => {
    const now = view.preactivations;
    let changed = 0;
    for (let at = 0; at < R * Q; at++) if (now[at]! > 0 !== start[at]! > 0) changed++;
    const moved = distance(view.weights().rows, rows);
    const drift = distance(tangentKernel(network, now, patchGram, perSample), kernel);
    return {
      movement: moved === 0 ? 0 : moved / norm(rows),
      kernelChange: drift === 0 ? 0 : drift / norm(kernel),
      patternChange: changed / (R * Q),
    };
  };
}

const norm = (x: Float64Array): number => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
const distance = (x: Float64Array, y: Float64Array): number => norm(x.map((value, k) => value - y[k]!));

const measure = oncePerRun(({ problem }: RunContext) => laziness(problem));
const lazinessOf = oncePerState(({ view, run }: State<TwoLayerView>) => measure(run)(view));

export const LAZINESS = fieldsOf(
  ['movement', 'kernelChange', 'patternChange'],
  ['two-layer', 'fixed-output'],
  lazinessOf,
);
