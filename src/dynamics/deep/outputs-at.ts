/** Outputs of a deep network at points given by coordinates. */
import { productTransposed } from '../../core/kernel-algebra.ts';
import type { Points, StackView } from '../engine.ts';
import { checkPoints, firstColumns } from '../outputs-at.ts';

/** Patches whose pre-activations are held at once. */
const AT_ONCE = 4096;

/**
 * f at each point.
 *
 * @throws RangeError for points that are not count x patches x columns, or that have more coordinates than the filters
 */
export function outputsAtPoints(
  filters: { readonly rows: Float64Array; readonly columns: number },
  bias: Float64Array,
  perSample: number,
  { outputsOf }: Pick<StackView, 'outputsOf'>,
  points: Points,
): Float64Array {
  checkPoints(points, perSample, filters.columns);
  const { rows, count, columns } = points;
  const R = bias.length;
  const directions = firstColumns(filters.rows, R, filters.columns, columns);
  const out = new Float64Array(count);
  const most = Math.max(1, Math.floor(AT_ONCE / perSample));
  for (let from = 0; from < count; from += most) {
    const some = Math.min(most, count - from);
    const patches = some * perSample;
    const start = from * perSample * columns;
    const here = rows.subarray(start, start + patches * columns);
    const h = productTransposed(directions, R, here, patches, columns);
    for (let r = 0; r < R; r++) for (let q = 0; q < patches; q++) h[r * patches + q]! += bias[r]!;
    out.set(outputsOf(h, some), from);
  }
  return out;
}
