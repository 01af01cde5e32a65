/** Outputs of a two-layer network at points given by coordinates. */
import { dotRows } from '../core/linear-algebra.ts';
import { activate } from '../network/activation.ts';
import type { Points, Problem, TwoLayerView } from './engine.ts';

/**
 * f at each point, from the weights of a state.
 *
 * @throws RangeError for points that are not count x patches x columns, or that have more coordinates than the weights
 */
export function outputsAt(
  { network, sample: { patches } }: Problem,
  {
    weights,
    bias,
    outputWeights,
  }: Pick<TwoLayerView, 'bias' | 'outputWeights'> & {
    readonly weights: ReturnType<TwoLayerView['weights']>;
  },
  points: Points,
): Float64Array {
  const { perSample } = patches;
  checkPoints(points, perSample, weights.columns);
  const each = outputWeights.length / network.filters;
  return outputsOf(points, perSample, (x, s) => {
    let f = 0;
    for (let r = 0; r < network.filters; r++) {
      const h = dotRows(weights.rows, r * weights.columns, points.rows, x, points.columns) + bias[r]!;
      f += outputWeights[r * each + (s % each)]! * activate(network.activation, h);
    }
    return f;
  });
}

/** @throws RangeError */
export function checkPoints({ rows, count, columns }: Points, perSample: number, most: number): void {
  if (!(Number.isInteger(columns) && columns >= 0 && columns <= most))
    throw new RangeError(`points.columns: must be an integer in [0, ${most}], got ${columns}`);
  if (rows.length !== count * perSample * columns)
    throw new RangeError(`points.rows: must have ${count} x ${perSample} x ${columns} coordinates, got ${rows.length}`);
}

/** @param patch what patch s of a point adds, whose coordinates begin at x */
export function outputsOf(
  { count, columns }: Points,
  perSample: number,
  patch: (x: number, s: number) => number,
): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++)
    for (let s = 0; s < perSample; s++) out[i]! += patch((i * perSample + s) * columns, s);
  return out;
}
