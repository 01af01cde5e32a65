/**
 * One measured quantity along one axis: means with bands of their 95 % intervals, or of the spec's precision, one line
 * for each combination of the other axes.
 */
import type { Spec } from '../experiments/spec.ts';
import { fields, intervalColumns, numbers, type CellFrame } from '../experiments/frame.ts';
import { SYMBOLS } from '../notation.ts';
import { numericAxes, position, type NumericAxis } from './axis.ts';
import { dodge, OVERLAP, SHIFTED, shiftedBy } from './dodge.ts';
import {
  COLOURS,
  DASHES,
  figure,
  INK,
  marginWord,
  MAX_SERIES,
  STROKES,
  type Caption,
  type Figure,
  type Json,
  type JsonObject,
} from './figure.ts';
import { brief, panels, SOME_DIVERGED, someDiverged, valueOf, type Missing } from './panels.ts';
import { extent, quantityLabel } from './quantity.ts';
import { LEVEL, meanInterval } from './spread.ts';
import { lines as inLines, textWidth } from './text.ts';
import { linearChannel, logPlace, logTicks } from './ticks.ts';

export interface CurveOptions extends Caption {
  /** column of the frame */
  readonly value: string;
  readonly log?: boolean;
  /** name of the axis to draw along; the first numeric one when not said */
  readonly along?: string;
  /** least value that any classifier reaches, one for each cell: drawn dashed and named p */
  readonly floor?: readonly (number | null)[];
}

const WIDTH = 480;
const HEIGHT = 300;
const ZERO = 'zero: not on a log scale';
/** Signs for what a line cannot show, with the sentence of the legend. */
const SIGNS = {
  diverged: 'M-1,-1L1,1M-1,1L1,-1',
  'no value': 'square',
  'no run': 'circle',
  'zero: not on a log scale': 'triangle-down',
  'some runs diverged (mean of the others)': 'diamond',
} as const satisfies Readonly<Record<Missing | typeof SOME_DIVERGED | typeof ZERO, string>>;

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
 * The curve of one column over the cells of a sweep along the first numeric axis. Where there is no mean the
 * line breaks and a sign at the foot of the plot says why.
 *
 * @throws RangeError when the frame has no such column, no axis is numbers that vary, or the others give more than
 *   MAX_SERIES lines
 */
export function curve(frame: CellFrame, options: CurveOptions): Figure {
  const along = numericAxes(frame.spec).find(
    ({ numbers }) => options.along === undefined || numbers.name === options.along,
  );
  if (!along) throw new RangeError('a curve needs a numeric axis of two values or more, the spec has none');
  fields(frame, options.value); // there is one
  const lines = panels(frame, [along.axis]);
  if (lines.length > MAX_SERIES)
    throw new RangeError(
      `a curve has at most ${MAX_SERIES} lines, the axes beyond the first give ${lines.length}: fix some of them`,
    );
  const x = along.numbers;
  const { value, log = false } = options;
  const places = numbers(frame, x.name) as number[];

  const points: Point[] = [];
  const signs: Sign[] = [];
  const floors = new Map<string, { x: number; floor: number }[]>();
  for (const [line, { heading, cells }] of lines.entries()) {
    const floor: { x: number; floor: number }[] = [];
    for (const at of [...cells].sort((a, b) => places[a]! - places[b]!)) {
      const place = places[at]!;
      const found = valueOf(frame, value, at);
      const mean = typeof found === 'number' && (!log || found > 0) ? brief(found) : null; // without a logarithm the line breaks
      const [low, high] = band(frame, value, at, mean);
      points.push({ x: place, line: heading, mean, low, high });
      if (typeof found === 'string') signs.push({ x: place, at: line, mean: null, sign: found });
      else if (mean === null) signs.push({ x: place, at: line, mean, sign: ZERO });
      else if (someDiverged(frame, at)) signs.push({ x: place, at: line, mean, sign: SOME_DIVERGED });
      const least = options.floor?.[at];
      if (typeof least === 'number' && least > 0) floor.push({ x: place, floor: least });
    }
    floors.set(JSON.stringify(floor), floor);
  }
  const drawnFloors = [...floors.values()].filter(({ length }) => length > 0);
  const says = bandSays(frame.spec, value);
  const y = verticalScale(
    options,
    points,
    drawnFloors.flatMap((floor) => floor.map((one) => one.floor)),
    says,
  );
  const headings = lines.map(({ heading }) => heading);
  const many = lines.length > 1;
  const placeX = position(x, 'x');
  const wide = headings.some((heading) => textWidth(heading, 11) > LEGEND);
  const named = (range: Json): JsonObject => ({
    field: 'line',
    type: 'nominal',
    scale: { domain: headings, range },
    legend: { ...STROKES, ...(wide && { orient: 'bottom', columns: 1 }) },
  });
  const colours = COLOURS.slice(0, lines.length);
  const range = y.ends[1] - y.ends[0];
  const shifts = dodge(
    lines.map(({ heading }) =>
      points.flatMap(({ line, x: place, mean }) =>
        line === heading && mean !== null ? [{ x: place, y: log ? Math.log(mean) : mean }] : [],
      ),
    ),
    range * OVERLAP,
  );
  const layer: Json[] = [...floorLayers(drawnFloors, x, placeX, y.channel)];
  // Bands first, so that none hides a line; one layer a line, because each has its own shift.
  for (const kind of ['area', 'line', 'point'] as const)
    for (const [at, { heading }] of lines.entries()) {
      const fill = many ? named(colours) : { value: COLOURS[0] };
      const stroke = many
        ? { stroke: named(colours), strokeDash: named(DASHES.slice(0, lines.length)) }
        : { stroke: { value: COLOURS[0] } };
      const own = points.filter(({ line }) => line === heading);
      const shift = shiftedBy(shifts[at]!);
      if (kind === 'area')
        layer.push({
          data: {
            values: own.map((point) => ({ ...point, low: point.low === null ? null : Math.max(point.low, y.low) })),
          },
          mark: { type: 'area', clip: true, opacity: 0.22, ...shift },
          encoding: { x: placeX, y: { ...y.channel, field: 'low' }, y2: { field: 'high' }, fill },
        });
      else if (kind === 'line')
        layer.push({
          data: { values: own },
          mark: { type: 'line', strokeWidth: 2, ...shift },
          encoding: { x: placeX, y: { ...y.channel, field: 'mean' }, ...stroke },
        });
      else
        layer.push({
          data: { values: own.filter(({ mean }) => mean !== null) },
          mark: { type: 'point', filled: true, size: 22, opacity: 1, ...shift },
          encoding: { x: placeX, y: { ...y.channel, field: 'mean' }, fill },
        });
    }
  layer.push(...signLayers(signs, placeX, y.channel));
  const shifted = shifts.some((shift) => shift !== 0) ? SHIFTED : '';
  const subtitle = [options.subtitle, shifted].filter(Boolean).join(', ');
  return figure({ ...options, ...(subtitle && { subtitle }) }, WIDTH + 110, { width: WIDTH, height: HEIGHT, layer });
}

/** px that a legend beside the plot may take. */
const LEGEND = 220;

/** Dashed, with the name p in the margin. */
function floorLayers(
  floors: readonly (readonly { readonly x: number; readonly floor: number }[])[],
  { edges }: NumericAxis,
  x: JsonObject,
  y: JsonObject,
): Json[] {
  return floors.flatMap((points) => {
    const level = points[0]!.floor;
    const [from, to] = [edges[0]!, edges.at(-1)!];
    // A level floor runs from edge to edge.
    const values = points.every(({ floor }) => floor === level)
      ? [
          { x: from, floor: level },
          { x: to, floor: level },
        ]
      : [...points];
    return [
      {
        data: { values },
        mark: { type: 'line', clip: true, strokeDash: [5, 4], stroke: INK, strokeWidth: 1 },
        encoding: { x, y: { ...y, field: 'floor' } },
      },
      {
        data: { values: values.slice(-1) },
        mark: marginWord(SYMBOLS.flip.glyph),
        encoding: { x: { value: WIDTH }, y: { ...y, field: 'floor' } },
      },
    ];
  });
}

/** Ends of the band around a mean: the interval that the frame has for it, else the 95 % one. */
function band(frame: CellFrame, value: string, at: number, mean: number | null): [number | null, number | null] {
  if (mean === null) return [null, null];
  const [low, high] = intervalColumns(value).map((column) => frame.columns[column]?.[at]);
  if (typeof low === 'number' && typeof high === 'number') return [brief(low), brief(high)];
  const [least, most] = meanInterval(frame, value, at, mean);
  return [brief(least), brief(most)];
}

/** What the band is, in words. */
export const bandSays = ({ precision }: Spec, value: string): string =>
  precision?.of === value
    ? `${Number((100 * precision.confidence).toPrecision(6))} % interval at all looks`
    : `${LEVEL} interval`;

function verticalScale(
  { value, log = false }: CurveOptions,
  points: readonly Point[],
  floors: readonly number[],
  band: string,
): { low: number; ends: readonly [number, number]; channel: JsonObject } {
  const means = points.flatMap(({ mean }) => (mean === null ? [] : [mean]));
  const lows = points.flatMap(({ low }) => (low === null ? [] : [low]));
  const highs = points.flatMap(({ high }) => (high === null ? [] : [high]));
  const banded = points.some(({ low, high }) => low !== high);
  const title = inLines(banded ? `${quantityLabel(value)} (mean, ${band})` : quantityLabel(value), HEIGHT);
  if (!log) {
    const { ends, scale, axis } = linearChannel(extent([...lows, ...means, ...highs, ...floors]), {
      zero: true,
      count: 6,
    });
    const channel = { type: 'quantitative', title, scale, axis: { grid: true, ...axis } };
    return { low: -Infinity, ends, channel };
  }
  const [least, most] = [extent([...means, ...floors])[0], extent([...highs, ...floors])[1]];
  const [low, high] = least > most ? [0.1, 1] : [logPlace(least / 2), logPlace(most * 1.5)];
  return {
    low,
    ends: [Math.log(low), Math.log(high)],
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
