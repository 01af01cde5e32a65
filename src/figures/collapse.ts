/**
 * The same points over a parameter and over a control parameter, side by side: what lies apart on the left and together
 * on the right collapses.
 */
import {
  COLOURS,
  DASHES,
  figure,
  INK,
  MAX_SERIES,
  type Caption,
  type Figure,
  type Json,
  type JsonObject,
} from './figure.ts';
import { brief } from './panels.ts';
import { extent } from './quantity.ts';
import { lines as inLines, typeset } from './text.ts';
import { linearTicks, logEnds, logTicks } from './ticks.ts';

export interface CollapseLine {
  /** what the line's colour and its sign stand for, `n = 20` and `d = 10000`; '' where there is no such axis */
  readonly colour: string;
  readonly sign: string;
  /** x in each panel; y: null where there is no mean; half: half the interval around it */
  readonly points: readonly {
    readonly x: readonly [number, number];
    readonly y: number | null;
    readonly half: number;
  }[];
}

export interface CollapseOptions extends Caption {
  /** of the two panels */
  readonly xLabels: readonly [string, string];
  readonly yLabel: string;
  readonly log?: boolean;
  /** a curve in the right panel */
  readonly theory?: { readonly label: string; readonly points: readonly { readonly x: number; readonly y: number }[] };
}

const WIDTH = 330;
const HEIGHT = 300;
/** Decades that a log scale goes down at most: a mean of rarer errors is that of its unluckiest runs. */
const DECADES = 4;
const SIGNS = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down', 'cross', 'triangle-right'] as const;

/** @throws RangeError for more colours or signs than can be told apart */
export function collapseFigure(
  lines: readonly CollapseLine[],
  { xLabels, yLabel, log = false, theory, ...caption }: CollapseOptions,
): Figure {
  const distinct = (of: 'colour' | 'sign'): string[] => [...new Set(lines.map((line) => typeset(line[of])))];
  const [colours, signs] = [distinct('colour'), distinct('sign')];
  if (colours.length > MAX_SERIES || signs.length > MAX_SERIES)
    throw new RangeError(
      `at most ${MAX_SERIES} colours and as many signs can be told apart, there are ${colours.length} and ${signs.length}`,
    );
  const points = lines.flatMap(({ colour, sign, points: all }): Point[] =>
    all.flatMap(({ x, y, half }) =>
      y === null || (log && y <= 0)
        ? []
        : [{ x, y, low: y - half, high: y + half, colour: typeset(colour), sign: typeset(sign) }],
    ),
  );
  const curve = theory && { label: typeset(theory.label), points: theory.points };
  const [bottom, top] = verticalEnds(points, curve?.points ?? [], log);
  const channels: Channels = {
    ...namedChannels(colours, signs, curve?.label),
    y: {
      type: 'quantitative',
      title: inLines(typeset(yLabel), HEIGHT),
      scale: { type: log ? 'log' : 'linear', domain: [brief(bottom), brief(top)], nice: false },
      axis: { grid: true, ...(log ? logTicks(bottom, top) : linearTicks(bottom, top, 6)) },
    },
  };
  const panel = (at: 0 | 1): JsonObject => {
    const x = abscissa(xLabels[at], extent(lines.flatMap((line) => line.points.map((point) => point.x[at]))));
    const values = points.map(({ x: place, y, low, high, ...names }) => ({
      x: brief(place[at]),
      y: brief(y),
      low: brief(Math.max(low, bottom)),
      high: brief(high),
      ...names,
    }));
    const along = at === 1 && curve ? curve.points.filter(({ y }) => y >= bottom && y <= top) : [];
    return {
      width: WIDTH,
      height: HEIGHT,
      layer: [
        ...theoryLayer(
          along.map((point) => ({ x: brief(point.x), y: brief(point.y), colour: curve!.label })),
          x,
          channels,
        ),
        ...pointLayers(values, x, channels),
      ],
    };
  };
  const cut = points.filter(({ y }) => y < bottom).length;
  const subtitle = [caption.subtitle, cut > 0 ? `${cut} of ${points.length} points lie below the scale` : '']
    .filter(Boolean)
    .join(', ');
  return figure({ ...caption, ...(subtitle && { subtitle }) }, 2 * (WIDTH + 75), {
    columns: 2,
    concat: [panel(0), panel(1)],
    resolve: { scale: { color: 'shared', strokeDash: 'shared', shape: 'shared' } },
  });
}

interface Point {
  readonly x: readonly [number, number];
  readonly y: number;
  readonly low: number;
  readonly high: number;
  readonly colour: string;
  readonly sign: string;
}

interface Channels {
  readonly y: JsonObject;
  readonly color: JsonObject;
  readonly strokeDash: JsonObject;
  readonly shape: JsonObject;
}

/** Colours of one axis' values and of the theory; dashes and shapes of the other's. */
function namedChannels(
  colours: readonly string[],
  signs: readonly string[],
  theory: string | undefined,
): Omit<Channels, 'y'> {
  const named = (field: string, domain: readonly string[], range: Json, key: JsonObject): JsonObject => ({
    field,
    type: 'nominal',
    scale: { domain, range },
    legend: domain.some((name) => name !== '') ? { title: null, orient: 'bottom', columns: MAX_SERIES, ...key } : null,
  });
  const own = theory === undefined ? [] : [theory];
  const symbol = { symbolStrokeColor: INK, symbolSize: 60, symbolOpacity: 1 };
  return {
    color: named('colour', [...colours, ...own], [...COLOURS.slice(0, colours.length), ...own.map(() => INK)], {
      symbolType: 'stroke',
      symbolSize: 300,
      symbolStrokeWidth: 2,
      symbolOpacity: 1,
    }),
    strokeDash: named('sign', signs, DASHES.slice(0, signs.length), symbol),
    shape: named('sign', signs, SIGNS.slice(0, signs.length), symbol),
  };
}

function abscissa(label: string, [low, high]: readonly [number, number]): JsonObject {
  const ends = logEnds(low, high, 1.2);
  return {
    field: 'x',
    type: 'quantitative',
    title: inLines(typeset(label), WIDTH),
    scale: { type: 'log', domain: ends.map(brief), nice: false },
    axis: { grid: true, ...logTicks(...ends) },
  };
}

const theoryLayer = (values: readonly JsonObject[], x: JsonObject, { y, color }: Channels): Json[] =>
  values.length === 0
    ? []
    : [
        {
          data: { values },
          mark: { type: 'line', clip: true, strokeWidth: 1.6 },
          encoding: { x, y: { ...y, field: 'y' }, color },
        },
      ];

const pointLayers = (
  values: readonly JsonObject[],
  x: JsonObject,
  { y, color, strokeDash, shape }: Channels,
): Json[] => [
  {
    data: { values },
    mark: { type: 'line', clip: true, strokeWidth: 1.2 },
    encoding: { x, y: { ...y, field: 'y' }, color, strokeDash },
  },
  {
    data: { values },
    mark: { type: 'rule', clip: true, strokeWidth: 1.2 },
    encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
  },
  {
    data: { values },
    mark: { type: 'point', clip: true, filled: true, size: 30, opacity: 1 },
    encoding: { x, y: { ...y, field: 'y' }, color, shape },
  },
];

function verticalEnds(
  points: readonly { readonly y: number; readonly high: number }[],
  theory: readonly { readonly y: number }[],
  log: boolean,
): readonly [number, number] {
  if (points.length === 0) return [log ? 0.1 : 0, 1];
  const [least, most] = extent(points.map(({ y }) => y));
  return log
    ? [Math.max(least, most / 10 ** DECADES) / 1.6, most * 1.6]
    : [Math.min(0, least), Math.max(...points.map(({ high }) => high), ...theory.map(({ y }) => y)) * 1.05];
}
