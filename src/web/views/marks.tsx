/** Published numbers over a map: a disc in the colour of the published value, which vanishes where ours is the same. */
import type { JSX } from 'preact';
import type { MapMark } from '../chapters/chapter.ts';
import { amountColour, css } from '../draw/colours.ts';
import { bordersOf, scaleBetween } from '../draw/scale.ts';
import type { AxisOf, MapPart } from '../worker/wire.ts';

export type { MapMark } from '../chapters/chapter.ts';

export interface MarksProps {
  readonly marks: readonly MapMark[];
  readonly axes: { readonly x: AxisOf; readonly y: AxisOf };
  readonly shade: (value: number) => number;
  readonly px: (value: number) => number;
  readonly py: (value: number) => number;
}

/** Spans longer than this share of an axis are drawn as well. */
const LONG = 0.25;

export function Marks({ marks, axes: { x, y }, shade, px, py }: MarksProps): JSX.Element {
  const long = ({ from, to }: AxisOf, [a, b]: MapMark['x']): boolean => Math.abs(b - a) > LONG * (to - from);
  return (
    <g class="marks">
      {marks.map((mark) => {
        const [left, right, low, high] = [px(mark.x[0]), px(mark.x[1]), py(mark.y[0]), py(mark.y[1])];
        const [cx, cy] = [(left + right) / 2, (low + high) / 2];
        if (mark.kind === 'level')
          return (
            <path key={`${cx} ${cy}`} class="level" d={`M${cx} ${cy - 8}l6 8l-6 8l-6 -8z`}>
              <title>{`${mark.label}: ${mark.x[0]}`}</title>
            </path>
          );
        return (
          <g key={`${cx} ${cy}`}>
            {(long(x, mark.x) || long(y, mark.y)) && (
              <>
                <path class="halo" d={`M${left} ${low}H${right}V${high}H${left}Z`} />
                <path d={`M${left} ${low}H${right}V${high}H${left}Z`} />
              </>
            )}
            <circle cx={cx} cy={cy} r={6} style={{ fill: css(amountColour(shade(mark.value))) }}>
              <title>{`published ${mark.value}`}</title>
            </circle>
          </g>
        );
      })}
    </g>
  );
}

export interface Beside {
  readonly mark: MapMark;
  /** mean of the map's cells that the mark is of, and its standard error; NaN where there is none */
  readonly ours: number;
  readonly se: number;
}

/** Published values beside the means of the map's cells within them. */
export function besideOf(marks: readonly MapMark[], part: MapPart, axes: MarksProps['axes']): Beside[] {
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
