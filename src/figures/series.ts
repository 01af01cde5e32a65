/** Named series over one continuous variable: lines, or marks with bars; for what is no column of a sweep's table. */
import {
  COLOURS,
  DASHES,
  figure,
  MAX_SERIES,
  STROKES,
  type Caption,
  type Figure,
  type Json,
  type JsonObject,
} from './figure.ts';
import { numberText } from '../core/number-text.ts';
import { position, type NumericAxis } from './axis.ts';
import { dodge, OVERLAP, SHIFTED, shiftedBy } from './dodge.ts';
import { brief } from './panels.ts';
import { extent } from './quantity.ts';
import { lines as inLines, typeset } from './text.ts';
import { linearTicks, logEnds, logTicks } from './ticks.ts';

export interface Series {
  readonly label: string;
  readonly kind: 'line' | 'points';
  /**
   * low and high: ends of an interval, drawn as a bar (points) or a band (line); on a log scale only what is positive
   * is drawn, and bars do not stretch the scale downwards
   */
  readonly points: readonly { readonly x: number; readonly y: number; readonly low?: number; readonly high?: number }[];
}

export interface SeriesOptions extends Caption {
  /** `axis`: of a sweep, with its own scale; then the label is its own */
  readonly x: { readonly label: string; readonly log?: boolean; readonly axis?: NumericAxis };
  /** `floor`: least value of a log scale; what lies below is left out */
  readonly y: { readonly label: string; readonly log?: boolean; readonly floor?: number };
}

const WIDTH = 480;
const HEIGHT = 320;
/** How far below its value a bar is drawn on a log scale, as a factor; a longer one is cut at the foot of the plot. */
const DOWN = 10;

/** @throws RangeError for no series with a point, or more than MAX_SERIES */
export function seriesFigure(series: readonly Series[], options: SeriesOptions): Figure {
  if (series.length > MAX_SERIES)
    throw new RangeError(`a figure has at most ${MAX_SERIES} series, there are ${series.length}`);
  const { x, y } = options;
  const floor = y.log ? (y.floor ?? Number.MIN_VALUE) : -Infinity;
  const values = series.flatMap((one) => valuesOf(one, floor, x.log));
  if (values.length === 0) throw new RangeError('no point to draw');
  // A bar that reaches below zero has no lower end on a log scale: the values alone say how far down it goes.
  const [least, most] = extent(
    values.flatMap(({ y: value, low, high }) => [y.log ? Math.max(low, value / DOWN) : low, high]),
  );
  const [bottom, top] = y.log ? logEnds(least, most, 1.2) : [Math.min(0, least), most <= 0 ? 1 : most * 1.05];
  const shown = values.map((one) => ({ ...one, low: brief(Math.max(one.low, bottom)) }));
  const domain = series.map(({ label }) => typeset(label));
  const scale = (value: number): number => (y.log ? Math.log(value) : value);
  const shifts = dodge(
    domain.map((label) =>
      values.flatMap((one) => (one.series === label && one.kind === 'points' ? [{ x: one.x, y: scale(one.y) }] : [])),
    ),
    OVERLAP * (scale(top) - scale(bottom)),
  );
  const own = x.axis && position(x.axis, 'x', WIDTH);
  const across: JsonObject = own
    ? { ...own, axis: { ...(own['axis'] as JsonObject), grid: true, zindex: 0 } }
    : channel('x', x, padded(extent(values.map((one) => one.x)), x.log));
  const left = series.reduce((sum, { points }) => sum + points.length, 0) - values.length;
  const remark =
    left > 0 && y.log
      ? `${left} ${left === 1 ? 'value' : 'values'} of 0${floor > Number.MIN_VALUE ? ` or below ${numberText(floor)}` : ''} not drawn: no place on a log scale`
      : '';
  const shifted = shifts.some((px) => px !== 0) ? SHIFTED : '';
  const subtitle = [options.subtitle, remark, shifted].filter(Boolean).join(', ');
  return figure({ ...options, ...(subtitle && { subtitle }) }, WIDTH + 110, {
    width: WIDTH,
    height: HEIGHT,
    layer: layersOf(shown, domain, across, channel('y', y, [bottom, top]), shifts),
  });
}

interface Drawn {
  readonly series: string;
  readonly kind: Series['kind'];
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/** The points that have a place on the scales. */
const valuesOf = ({ label, kind, points }: Series, floor: number, log = false): Drawn[] =>
  points
    .filter(({ x, y }) => y >= floor && (!log || x > 0))
    .map(({ x, y, low = y, high = y }) => ({
      series: typeset(label),
      kind,
      x: brief(x),
      y: brief(y),
      low: brief(Math.max(low, floor)),
      high: brief(high),
    }));

const channel = (
  field: string,
  { label, log = false }: SeriesOptions['x'],
  [low, high]: readonly [number, number],
): JsonObject => ({
  field,
  type: 'quantitative',
  title: inLines(typeset(label), field === 'x' ? WIDTH : HEIGHT),
  scale: {
    type: log ? 'log' : 'linear',
    nice: false,
    ...(low < high && { domain: [low, high] }),
    ...(!log && { zero: false }),
  },
  axis: { grid: true, ...(log ? logTicks(low, high) : linearTicks(low, high)) },
});

/** Bands and lines, then bars and marks of each series, moved aside where marks of two would cover each other. */
function layersOf(
  values: readonly (Drawn & JsonObject)[],
  domain: readonly string[],
  x: JsonObject,
  y: JsonObject,
  shifts: readonly number[],
): Json[] {
  const named = (range: Json): JsonObject => ({
    field: 'series',
    type: 'nominal',
    scale: { domain, range },
    legend: { ...STROKES, orient: 'bottom', columns: 1, labelLimit: 0 },
  });
  const colours = named(COLOURS.slice(0, domain.length));
  const bar = { y: { ...y, field: 'low' }, y2: { field: 'high' } };
  const data = { values: values.filter(({ kind }) => kind === 'line') };
  return [
    {
      data,
      mark: { type: 'area', clip: true, opacity: 0.18 },
      encoding: { x, ...bar, fill: colours },
    },
    {
      data,
      mark: { type: 'line', clip: true, strokeWidth: 2 },
      encoding: { x, y, stroke: colours, strokeDash: named(DASHES.slice(0, domain.length)) },
    },
    ...domain.flatMap((label, at): Json[] => {
      const own = { values: values.filter(({ kind, series }) => kind === 'points' && series === label) };
      if (own.values.length === 0) return [];
      const shift = shiftedBy(shifts[at]!);
      return [
        {
          data: own,
          mark: { type: 'rule', clip: true, strokeWidth: 1.4, ...shift },
          encoding: { x, ...bar, stroke: colours },
        },
        {
          data: own,
          mark: { type: 'point', clip: true, filled: true, size: 34, opacity: 1, ...shift },
          encoding: { x, y, fill: colours },
        },
      ];
    }),
  ];
}

/** A little room beyond the outermost points, or half of their marks would be cut off. */
const padded = ([low, high]: readonly [number, number], log = false): [number, number] =>
  low === high
    ? log
      ? logEnds(low, high, 2)
      : [low - 1, high + 1]
    : log
      ? logEnds(low, high, 1.05)
      : [low - 0.015 * (high - low), high + 0.015 * (high - low)];
