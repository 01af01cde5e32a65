/** What lies around and over a map: axes, lines with their legend, the crosshair. */
import type { JSX } from 'preact';
import { typeset } from '../../figures/text.ts';
import { ticksOf, type Scale } from '../draw/scale.ts';
import type { Described, MapLine } from '../worker/wire.ts';

/** Room in px around the cells. */
export const LEFT = 62;
export const BOTTOM = 46;
export const TOP = 10;
export const RIGHT = 12;

export function MapAxes({
  x,
  y,
  described,
  size,
}: {
  readonly x: Scale;
  readonly y: Scale;
  readonly described: Described;
  readonly size: { readonly width: number; readonly height: number };
}): JSX.Element {
  const inner = { width: size.width - LEFT - RIGHT, height: size.height - TOP - BOTTOM };
  const floor = TOP + inner.height;
  return (
    <g class="axes">
      <rect x={LEFT} y={TOP} width={inner.width} height={inner.height} />
      {ticksOf(x, Math.max(3, Math.round(inner.width / 110))).map(({ value, label }) => (
        <g key={value} transform={`translate(${LEFT + x.place(value) * inner.width} ${floor})`}>
          <line y2={5} />
          <text y={18} text-anchor="middle">
            {label}
          </text>
        </g>
      ))}
      {ticksOf(y).map(({ value, label }) => (
        <g key={value} transform={`translate(${LEFT} ${TOP + (1 - y.place(value)) * inner.height})`}>
          <line x2={-5} />
          <text x={-8} dy="0.32em" text-anchor="end">
            {label}
          </text>
        </g>
      ))}
      <text class="label" x={LEFT + inner.width / 2} y={size.height - 6} text-anchor="middle">
        {typeset(described.x.label)}
      </text>
      <text class="label" transform={`translate(14 ${TOP + inner.height / 2}) rotate(-90)`} text-anchor="middle">
        {typeset(described.y.label)}
      </text>
    </g>
  );
}

type Place = (value: number) => number;

export function Line({
  line,
  px,
  py,
}: {
  readonly line: MapLine;
  readonly px: Place;
  readonly py: Place;
}): JSX.Element {
  if (line.kind === 'measured')
    return (
      <g class="measured">
        {line.points.map(({ x, y, se = 0 }) => (
          <g key={y}>
            <line x1={px(Math.max(x - 1.96 * se, x / 1000))} x2={px(x + 1.96 * se)} y1={py(y)} y2={py(y)} />
            <circle cx={px(x)} cy={py(y)} r={1.8} />
          </g>
        ))}
      </g>
    );
  const path = [...line.points]
    .sort((a, b) => a.y - b.y)
    .map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${px(x).toFixed(1)} ${py(y).toFixed(1)}`)
    .join('');
  return (
    <g class={`${line.kind} ${sideOf(line.label)}`}>
      <path class="halo" d={path} />
      <path d={path} />
    </g>
  );
}

/** Of a border. */
const sideOf = (label: string): string => /^(benign|harmful) /.exec(label)?.[1] ?? '';

export const Legend = ({ lines }: { readonly lines: readonly MapLine[] }): JSX.Element => (
  <ul class="legend">
    {[...new Map(lines.map((line) => [line.kind + line.label, line])).values()].map(({ kind, label }) => (
      <li key={kind + label} class={`${kind} ${sideOf(label)}`}>
        <svg width="34" height="10" aria-hidden="true">
          {kind === 'measured' ? (
            <>
              <line x1="3" x2="31" y1="5" y2="5" />
              <circle cx="17" cy="5" r="2.5" />
            </>
          ) : (
            <path d="M2 5H32" />
          )}
        </svg>
        {kind === 'theory' ? `theory: ${label}` : typeset(label)}
      </li>
    ))}
  </ul>
);

export function Crosshair({
  at,
  px,
  py,
  inner,
  name,
}: {
  readonly at: { readonly x: number; readonly y: number };
  readonly px: Place;
  readonly py: Place;
  readonly inner: { readonly width: number; readonly height: number };
  readonly name: 'A' | 'B';
}): JSX.Element {
  const clamp = (value: number, from: number, size: number): number => Math.min(from + size, Math.max(from, value));
  const [x, y] = [clamp(px(at.x), LEFT, inner.width), clamp(py(at.y), TOP, inner.height)];
  return (
    <g class={`crosshair ${name}`}>
      <path class="halo" d={`M${LEFT} ${y}H${LEFT + inner.width}M${x} ${TOP}V${TOP + inner.height}`} />
      <path d={`M${LEFT} ${y}H${LEFT + inner.width}M${x} ${TOP}V${TOP + inner.height}`} />
      <circle class="halo" cx={x} cy={y} r={7} />
      <circle cx={x} cy={y} r={7} />
    </g>
  );
}
