/** Level sets in a log-log plane: crossings with bars, and the curve of a power law through each. */
import {
  COLOURS,
  DASHES,
  figure,
  INK,
  MAX_SERIES,
  STROKES,
  type Caption,
  type Figure,
  type Json,
  type JsonObject,
} from './figure.ts';
import { nameable } from './axis.ts';
import { dodge, OVERLAP, SHIFTED, shiftedBy } from './dodge.ts';
import { brief } from './panels.ts';
import { lines as inLines, typeset } from './text.ts';
import { logEnds, logTicks, ticksAt } from './ticks.ts';

export interface LevelLine {
  readonly label: string;
  /** low, high: ends of the interval; again: the level is crossed elsewhere too, which is marked */
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low: number;
    readonly high: number;
    readonly again?: boolean;
  }[];
  /** drawn as a thin line */
  readonly theory: readonly { readonly x: number; readonly y: number }[];
}

export interface LevelLinesOptions extends Caption {
  readonly xLabel: string;
  readonly yLabel: string;
  /** what the axes span where there is no point; absent: that is refused */
  readonly whereEmpty?: { readonly x: readonly number[]; readonly y: readonly number[] };
}

/** What the mark of such a point means. */
export const NOT_MONOTONE = 'not monotone: the level is crossed again elsewhere (where: see the table)';

const WIDTH = 480;
const HEIGHT = 320;

/** @throws RangeError for no point where nothing is said of it, or more lines than can be told apart */
export function levelLines(
  lines: readonly LevelLine[],
  { xLabel, yLabel, whereEmpty, ...caption }: LevelLinesOptions,
): Figure {
  if (lines.length > MAX_SERIES)
    throw new RangeError(`a figure has at most ${MAX_SERIES} level sets, got ${lines.length}`);
  const points = lines.flatMap(({ label, points }) => points.map((point) => ({ ...point, line: typeset(label) })));
  if (points.length === 0 && !whereEmpty) throw new RangeError('a figure of level sets without a point');
  const ends = points.length > 0 ? points.flatMap(({ low, high }) => [low, high]) : whereEmpty!.y;
  const y = axis(yLabel, HEIGHT, ends);
  const domain = lines.map(({ label }) => typeset(label));
  const values = points.map((point): Value => ({
    x: brief(point.x),
    y: brief(point.y),
    low: brief(point.low),
    high: brief(point.high),
    line: point.line,
    ...(point.again && { again: NOT_MONOTONE }),
  }));
  const shifts = shiftsOf(domain, values);
  const places = points.length > 0 ? points.map(({ x }) => x) : whereEmpty!.x;
  // What is shifted stays beside its place, inside the frame.
  const span = Math.max(...places) / Math.min(...places);
  const room = span ** (Math.max(...shifts.map(Math.abs)) / WIDTH);
  const x = { field: 'x', ...axis(xLabel, WIDTH, places, new Set(places).size > 1, room) };
  const shifted = shifts.some((px) => px !== 0) ? SHIFTED : '';
  const subtitle = [caption.subtitle, shifted].filter(Boolean).join('; ');
  const named = (range: Json): JsonObject => ({
    field: 'line',
    type: 'nominal',
    scale: { domain, range },
    legend: { ...STROKES, labelLimit: 0 },
  });
  const colours = named(COLOURS.slice(0, lines.length));
  const theory = lines.flatMap(({ label, theory }) =>
    theory.map((place) => ({ x: brief(place.x), y: brief(place.y), line: typeset(label) })),
  );
  return figure({ ...caption, ...(subtitle && { subtitle }) }, 620, {
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: theory },
        mark: { type: 'line', clip: true, strokeWidth: 1.3 },
        encoding: {
          x,
          y: { ...y, field: 'y' },
          stroke: colours,
          strokeDash: named(DASHES.slice(0, lines.length)),
        },
      },
      ...domain.flatMap((line, at) =>
        pointLayers(
          values.filter((one) => one.line === line),
          { x, y },
          colours,
          { stroke: COLOURS[at]!, ...shiftedBy(shifts[at]!) },
        ),
      ),
    ],
  });
}

interface Value {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
  readonly line: string;
  readonly again?: string;
}

/**
 * @param room px that the title may run along
 * @param named whether ticks stand at the values themselves, where few
 * @param beside factor that the ends are farther apart by, on either side
 */
function axis(title: string, room: number, values: readonly number[], named = false, beside = 1): JsonObject {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const [low, high] = logEnds(Math.min(...values), Math.max(...values), 1.15 * beside);
  return {
    type: 'quantitative',
    title: inLines(typeset(title), room),
    scale: { type: 'log', domain: [brief(low), brief(high)], nice: false },
    axis: { grid: true, ...(named && nameable(distinct) ? ticksAt(distinct) : logTicks(low, high)) },
  };
}

/** Bars of one place that overlap would read as one. */
function shiftsOf(domain: readonly string[], values: readonly Value[]): number[] {
  const spans = values.flatMap(({ low, high }) => [low, high].filter((end) => end > 0));
  return dodge(
    domain.map((line) => values.flatMap((one) => (one.line === line ? [{ x: one.x, y: Math.log(one.y) }] : []))),
    Math.max(
      OVERLAP * Math.log(Math.max(...spans) / Math.min(...spans)),
      ...values.map(({ y: middle, low }) => (low > 0 ? Math.log(middle / low) : 0)),
    ),
  );
}

/** Bars and marks of one line. @param own its colour, and how far aside it stands */
function pointLayers(
  values: readonly Value[],
  { x, y }: { readonly x: JsonObject; readonly y: JsonObject },
  colours: JsonObject,
  { stroke, ...shift }: { readonly stroke: string; readonly xOffset?: number },
): Json[] {
  const data = { values: values as readonly (Value & JsonObject)[] };
  return [
    {
      data,
      mark: { type: 'rule', strokeWidth: 2, ...shift },
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, stroke: colours },
    },
    {
      data,
      mark: { type: 'point', filled: true, size: 30, opacity: 1, ...shift },
      encoding: { x, y: { ...y, field: 'y' }, fill: { value: stroke } },
    },
    ...againLayer(
      data.values.filter(({ again }) => again !== undefined),
      { x, y: { ...y, field: 'y' } },
      { stroke, ...shift },
    ),
  ];
}

/** An open diamond around points of a level that is crossed again. */
function againLayer(values: readonly JsonObject[], place: JsonObject, own: JsonObject): Json[] {
  if (values.length === 0) return [];
  const shape = {
    field: 'again',
    type: 'nominal',
    scale: { domain: [NOT_MONOTONE], range: ['diamond'] },
    legend: { title: null, orient: 'bottom', symbolSize: 140, symbolStrokeColor: INK, symbolFillColor: 'transparent' },
  };
  return [
    {
      data: { values },
      mark: { type: 'point', filled: false, strokeWidth: 1.5, size: 220, opacity: 1, ...own },
      encoding: { ...place, shape },
    },
  ];
}
