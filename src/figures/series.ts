/** Named series over one continuous variable: lines, or marks with bars; for what is no column of a sweep's table. */
import {
  COLOURS,
  DASHES,
  figure,
  MAX_SERIES,
  type Caption,
  type Figure,
  type Json,
  type JsonObject,
} from './figure.ts';
import { brief } from './panels.ts';
import { extent } from './quantity.ts';
import { typeset } from './text.ts';
import { linearTicks, logTicks } from './ticks.ts';

export interface Series {
  readonly label: string;
  readonly kind: 'line' | 'points';
  /**
   * low and high: ends of an interval, drawn as a bar (points) or a band (line); on a log scale only what is positive
   * is drawn
   */
  readonly points: readonly { readonly x: number; readonly y: number; readonly low?: number; readonly high?: number }[];
}

export interface SeriesOptions extends Caption {
  readonly x: { readonly label: string; readonly log?: boolean };
  /** `floor`: least value of a log scale; what lies below is left out */
  readonly y: { readonly label: string; readonly log?: boolean; readonly floor?: number };
}

const WIDTH = 480;
const HEIGHT = 320;

/** @throws RangeError for no series with a point, or more than MAX_SERIES */
export function seriesFigure(series: readonly Series[], options: SeriesOptions): Figure {
  if (series.length > MAX_SERIES)
    throw new RangeError(`a figure has at most ${MAX_SERIES} series, there are ${series.length}`);
  const { x, y } = options;
  const floor = y.log ? (y.floor ?? Number.MIN_VALUE) : -Infinity;
  const values = series.flatMap(({ label, kind, points }) =>
    points.flatMap(({ x: at, y: value, low = value, high = value }) =>
      value >= floor && (!x.log || at > 0)
        ? [
            {
              series: typeset(label),
              kind,
              x: brief(at),
              y: brief(value),
              low: brief(Math.max(low, floor)),
              high: brief(high),
            },
          ]
        : [],
    ),
  );
  if (values.length === 0) throw new RangeError('no point to draw');
  const domain = series.map(({ label }) => typeset(label));
  const named = (range: Json): JsonObject => ({
    field: 'series',
    type: 'nominal',
    scale: { domain, range },
    legend: {
      title: null,
      orient: 'bottom',
      columns: 1,
      labelLimit: 0,
      symbolType: 'stroke',
      symbolSize: 300,
      symbolStrokeWidth: 2,
      symbolOpacity: 1,
    },
  });
  const colours = named(COLOURS.slice(0, series.length));
  const channel = (
    field: string,
    { label, log = false }: SeriesOptions['x'],
    [low, high]: readonly [number, number],
  ): JsonObject => ({
    field,
    type: 'quantitative',
    title: typeset(label),
    scale: {
      type: log ? 'log' : 'linear',
      nice: false,
      ...(low < high && { domain: [low, high] }),
      ...(!log && { zero: false }),
    },
    axis: { grid: true, ...(log ? logTicks(low, high) : linearTicks(low, high)) },
  });
  const [least, most] = extent(values.flatMap(({ low, high }) => [low, high]));
  const across = channel('x', x, padded(extent(values.map((one) => one.x)), x.log));
  const up = channel('y', y, y.log ? [least / 1.5, most * 1.5] : [Math.min(0, least), most * 1.05]);
  const of = (kind: Series['kind']): JsonObject => ({ values: values.filter((one) => one.kind === kind) });
  const layer: Json[] = [
    {
      data: of('line'),
      mark: { type: 'area', clip: true, opacity: 0.18 },
      encoding: { x: across, y: { ...up, field: 'low' }, y2: { field: 'high' }, fill: colours },
    },
    {
      data: of('line'),
      mark: { type: 'line', clip: true, strokeWidth: 2 },
      encoding: { x: across, y: up, stroke: colours, strokeDash: named(DASHES.slice(0, series.length)) },
    },
    {
      data: of('points'),
      mark: { type: 'rule', clip: true, strokeWidth: 1.4 },
      encoding: { x: across, y: { ...up, field: 'low' }, y2: { field: 'high' }, stroke: colours },
    },
    {
      data: of('points'),
      mark: { type: 'point', clip: true, filled: true, size: 34, opacity: 1 },
      encoding: { x: across, y: up, fill: colours },
    },
  ];
  return figure(options, WIDTH + 110, { width: WIDTH, height: HEIGHT, layer });
}

/** A little room beyond the outermost points, or half of their marks would be cut off. */
const padded = ([low, high]: readonly [number, number], log = false): [number, number] =>
  log ? [low / 1.05, high * 1.05] : [low - 0.015 * (high - low), high + 0.015 * (high - low)];
