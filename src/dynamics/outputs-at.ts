/** Outputs of a two-layer network at points given by coordinates. */
import { productTransposed } from '../core/kernel-algebra.ts';
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
  const { rows, count, columns } = points;
  const { filters, activation } = network;
  const directions = firstColumns(weights.rows, filters, weights.columns, columns);
  const out = new Float64Array(count);
  const most = Math.max(1, Math.floor(AT_ONCE / perSample));
  for (let from = 0; from < count; from += most) {
    const some = Math.min(most, count - from);
    const patchesHere = some * perSample;
    const start = from * perSample * columns;
    const here = rows.subarray(start, start + patchesHere * columns);
    const products = productTransposed(here, patchesHere, directions, filters, columns);
    for (let q = 0; q < patchesHere; q++) {
      const s = q % perSample;
      let f = 0;
      for (let r = 0; r < filters; r++)
        f += outputWeights[r * each + (s % each)]! * activate(activation, products[q * filters + r]! + bias[r]!);
      out[from + (q - s) / perSample]! += f;
    }
  }
  return out;
}

/** Patches whose products with the filters are held at once. */
const AT_ONCE = 4096;

/** The first columns of every row. */
export function firstColumns(rows: Float64Array, count: number, width: number, columns: number): Float64Array {
  if (width === columns) return rows;
  const out = new Float64Array(count * columns);
  for (let r = 0; r < count; r++) out.set(rows.subarray(r * width, r * width + columns), r * columns);
  return out;
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
