/** Published numbers over a map: a disc in the colour of the published value, which vanishes where ours is the same. */
import type { JSX } from 'preact';
import type { MapMark } from '../chapters/chapter.ts';
import { amountColour, css } from '../draw/colours.ts';
import type { AxisOf } from '../worker/wire.ts';

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
