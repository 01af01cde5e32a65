/** Published numbers beside the map's own. */
import type { MapMark } from '../chapters/chapter.ts';
import { bordersOf, scaleBetween } from '../draw/scale.ts';
import type { AxisOf, MapPart } from '../worker/wire.ts';

export interface Beside {
  readonly mark: MapMark;
  /** mean of the map's cells that the mark is of, and its standard error; NaN where there is none */
  readonly ours: number;
  readonly se: number;
}

/** Published values beside the means of the map's cells within them. */
export function besideOf(
  marks: readonly MapMark[],
  part: MapPart,
  axes: { readonly x: AxisOf; readonly y: AxisOf },
): Beside[] {
  const within = (values: readonly number[], axis: AxisOf, [a, b]: MapMark['x']): number[] => {
    const scale = scaleBetween(axis.from, axis.to, axis.log);
    const borders = bordersOf(values, scale);
    // The cells whose middle lies within; of a single place the cell that it lies in.
    const at = values.flatMap((value, i) => (value >= a && value <= b ? [i] : []));
    const place = scale.place((a + b) / 2);
    return at.length > 0 ? at : values.flatMap((_, i) => (borders[i]! <= place && place <= borders[i + 1]! ? [i] : []));
  };
  return marks
    .filter(({ kind }) => kind === 'value')
    .map((mark) => {
      const columns = within(part.x, axes.x, mark.x);
      const rows = within(part.y, axes.y, mark.y);
      const cells = rows.flatMap((j) => columns.map((i) => j * part.x.length + i));
      const mean = cells.reduce((sum, at) => sum + part.values[at]!, 0) / cells.length;
      const variance = cells.reduce((sum, at) => sum + part.se[at]! ** 2, 0) / cells.length ** 2;
      return { mark, ours: mean, se: Math.sqrt(variance) };
    });
}
