/**
 * One measured quantity along one axis: means with bands of 2 SE, or of the spec's precision, one line for each
 * combination of the other axes.
 */
import type { Spec } from '../experiments/spec.ts';
import { intervalColumns, type Table } from '../experiments/table.ts';
import type { SymbolId } from '../notation.ts';
import { numericAxes, position } from './axis.ts';
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
import { brief, panels, SOME_DIVERGED, valueOf, type Missing } from './panels.ts';
import { extent, quantityLabel } from './quantity.ts';
import { logTicks, NUMBER } from './ticks.ts';

export interface CurveOptions extends Caption {
  /** column of the table */
  readonly value: SymbolId;
  readonly log?: boolean;
  /** name of the axis to draw along; the first numeric one when not said */
  readonly along?: string;
}

const WIDTH = 480;
const HEIGHT = 300;
/** Signs for what a line cannot show, with the sentence of the legend. */
const SIGNS = {
  diverged: 'M-1,-1L1,1M-1,1L1,-1',
  'no value': 'square',
  'no run': 'circle',
  'some runs diverged (mean of the others)': 'diamond',
} as const satisfies Readonly<Record<Missing | typeof SOME_DIVERGED, string>>;

/** One mean with its band; null where there is none. */
type Point = Readonly<Record<'mean' | 'low' | 'high', number | null> & { x: number; line: string }>;

interface Sign {
  readonly x: number;
  /** which line it belongs to */
  readonly at: number;
  readonly mean: number | null;
  readonly sign: keyof typeof SIGNS;
}

/**
 * The curve of one column of a cell table (`Results.table()`) along the first numeric axis. Where there is no mean the
 * line breaks and a sign at the foot of the plot says why.
 *
 * @throws RangeError when the table has no such column, no axis is numbers that vary, or the others give more than
 *   MAX_SERIES lines
 */
export function curve(spec: Spec, table: Table, options: CurveOptions): Figure {
  const along = numericAxes(spec).find(({ numbers }) => options.along === undefined || numbers.name === options.along);
  if (!along) throw new RangeError('a curve needs a numeric axis of two values or more, the spec has none');
  if (!table.columns.includes(options.value)) throw new RangeError(`the table has no column ${options.value}`);
  const lines = panels(spec, table, [along.axis]);
  if (lines.length > MAX_SERIES)
    throw new RangeError(
      `a curve has at most ${MAX_SERIES} lines, the axes beyond the first give ${lines.length}: fix some of them`,
    );
  const x = along.numbers;
  const { log = false } = options;

  const points: Point[] = [];
  const signs: Sign[] = [];
  for (const [at, { heading, rows }] of lines.entries()) {
    for (const row of [...rows].sort((a, b) => (a[x.name] as number) - (b[x.name] as number))) {
      const place = row[x.name] as number;
      const value = valueOf(row, options.value);
      const mean = typeof value === 'number' && (!log || value > 0) ? brief(value) : null; // without a logarithm the line breaks
      const [low, high] = band(row, options.value, mean);
      points.push({ x: place, line: heading, mean, low, high });
      if (typeof value === 'string') signs.push({ x: place, at, mean: null, sign: value });
      else if (mean !== null && (row['diverged'] as number) > 0)
        signs.push({ x: place, at, mean, sign: SOME_DIVERGED });
    }
  }
  const y = verticalScale(options, points, bandSays(spec, options.value));
  const headings = lines.map(({ heading }) => heading);
  const many = lines.length > 1;
  const placeX = position(x, 'x');
  const named = (range: Json): JsonObject => ({
    field: 'line',
    type: 'nominal',
    scale: { domain: headings, range },
    legend: { title: null, symbolType: 'stroke', symbolSize: 300, symbolStrokeWidth: 2, symbolOpacity: 1 },
  });
  const colours = COLOURS.slice(0, lines.length);
  const fill = many ? named(colours) : { value: COLOURS[0] };
  const stroke = many
    ? { stroke: named(colours), strokeDash: named(DASHES.slice(0, lines.length)) }
    : { stroke: { value: COLOURS[0] } };
  const layer: Json[] = [
    {
      data: {
        values: points.map((point) => ({ ...point, low: point.low === null ? null : Math.max(point.low, y.low) })),
      },
      mark: { type: 'area', clip: true, opacity: 0.22 },
      encoding: { x: placeX, y: { ...y.channel, field: 'low' }, y2: { field: 'high' }, fill },
    },
    {
      data: { values: points },
      mark: { type: 'line', strokeWidth: 2 },
      encoding: { x: placeX, y: { ...y.channel, field: 'mean' }, ...stroke },
    },
    {
      data: { values: points.filter(({ mean }) => mean !== null) },
      mark: { type: 'point', filled: true, size: 22, opacity: 1 },
      encoding: { x: placeX, y: { ...y.channel, field: 'mean' }, fill },
    },
  ];
  layer.push(...signLayers(signs, placeX, y.channel));
  return figure(options, WIDTH + 110, { width: WIDTH, height: HEIGHT, layer });
}

/** Ends of the band around a mean: the interval that the table has for it, else 2 SE. */
function band(
  row: Readonly<Record<string, unknown>>,
  value: SymbolId,
  mean: number | null,
): [number | null, number | null] {
  if (mean === null) return [null, null];
  const [low, high] = intervalColumns(value).map((column) => row[column]);
  if (typeof low === 'number' && typeof high === 'number') return [brief(low), brief(high)];
  const se = row[`${value}Se`];
  const half = typeof se === 'number' ? 2 * se : 0;
  return [brief(mean - half), brief(mean + half)];
}

/** What the band is, in words. */
export function bandSays({ precision }: Spec, value: SymbolId): string {
  return precision?.of === value ? `${Number((100 * precision.confidence).toPrecision(6))} % at all looks` : '± 2 SE';
}

function verticalScale(
  { value, log = false }: CurveOptions,
  points: readonly Point[],
  band: string,
): { low: number; channel: JsonObject } {
  const means = points.flatMap(({ mean }) => (mean === null ? [] : [mean]));
  const highs = points.flatMap(({ high }) => (high === null ? [] : [high]));
  const banded = points.some(({ low, high }) => low !== high);
  const title = banded
    ? `${quantityLabel(value)} (mean${band.startsWith('±') ? ' ' : ', '}${band})`
    : quantityLabel(value);
  if (!log)
    return {
      low: -Infinity,
      channel: {
        type: 'quantitative',
        title,
        scale: { zero: true, nice: true },
        axis: { grid: true, tickCount: 6, format: NUMBER },
      },
    };
  const low = means.length ? extent(means)[0] / 2 : 0.1;
  const high = highs.length ? extent(highs)[1] * 1.5 : 1;
  return {
    low,
    channel: {
      type: 'quantitative',
      title,
      scale: { type: 'log', domain: [low, high], nice: false },
      axis: { grid: true, ...logTicks(low, high) },
    },
  };
}

/** At the foot of the plot, one row a line, in the line's colour; around the mean where there is one. */
function signLayers(signs: readonly Sign[], x: JsonObject, y: JsonObject): Json[] {
  const kinds = (Object.keys(SIGNS) as (keyof typeof SIGNS)[]).filter((kind) =>
    signs.some(({ sign }) => sign === kind),
  );
  const shape = {
    field: 'sign',
    type: 'nominal',
    scale: { domain: kinds, range: kinds.map((kind) => SIGNS[kind]) },
    legend: { title: null },
  };
  const groups = new Map<string, { at: number; foot: boolean; values: JsonObject[] }>();
  for (const { at, ...sign } of signs) {
    const foot = sign.mean === null;
    const key = `${at} ${foot}`;
    if (!groups.has(key)) groups.set(key, { at, foot, values: [] });
    groups.get(key)!.values.push(sign);
  }
  return [...groups.values()].map(({ at, foot, values }) => ({
    data: { values },
    mark: { type: 'point', filled: false, strokeWidth: 1.5, size: foot ? 36 : 90, opacity: 1 },
    encoding: {
      x,
      y: foot ? { value: HEIGHT - 8 - 12 * at } : { ...y, field: 'mean' },
      stroke: { value: COLOURS[at]! },
      shape,
    },
  }));
}
