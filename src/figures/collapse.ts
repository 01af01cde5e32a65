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
  const points = lines.flatMap(({ colour, sign, points: all }) =>
    all.flatMap(({ x, y, half }) =>
      y === null || (log && y <= 0)
        ? []
        : [{ x, y, low: y - half, high: y + half, colour: typeset(colour), sign: typeset(sign) }],
    ),
  );
  const [bottom, top] = verticalEnds(points, theory?.points ?? [], log);
  const y = {
    type: 'quantitative',
    title: inLines(typeset(yLabel), HEIGHT),
    scale: { type: log ? 'log' : 'linear', domain: [brief(bottom), brief(top)], nice: false },
    axis: { grid: true, ...(log ? logTicks(bottom, top) : linearTicks(bottom, top, 6)) },
  };
  const legend = (symbol: JsonObject): JsonObject => ({
    title: null,
    orient: 'bottom',
    columns: MAX_SERIES,
    ...symbol,
  });
  const named = (field: string, domain: readonly string[], range: Json, key: JsonObject | null): JsonObject => ({
    field,
    type: 'nominal',
    scale: { domain, range },
    legend: key && domain.some((name) => name !== '') ? legend(key) : null,
  });
  const theoryName = theory === undefined ? [] : [typeset(theory.label)];
  const color = named(
    'colour',
    [...colours, ...theoryName],
    [...COLOURS.slice(0, colours.length), ...theoryName.map(() => INK)],
    { symbolType: 'stroke', symbolSize: 300, symbolStrokeWidth: 2, symbolOpacity: 1 },
  );
  const symbol = { symbolStrokeColor: INK, symbolSize: 60, symbolOpacity: 1 };
  const strokeDash = named('sign', signs, DASHES.slice(0, signs.length), symbol);
  const shape = named('sign', signs, SIGNS.slice(0, signs.length), symbol);
  const panel = (at: 0 | 1): JsonObject => {
    const [low, high] = extent(lines.flatMap((line) => line.points.map(({ x }) => x[at])));
    const ends = logEnds(low, high, 1.2);
    const place = {
      field: 'x',
      type: 'quantitative',
      title: inLines(typeset(xLabels[at]), WIDTH),
      scale: { type: 'log', domain: ends.map(brief), nice: false },
      axis: { grid: true, ...logTicks(...ends) },
    };
    const values = points.map(({ x, y: mean, low: from, high: to, colour, sign }) => ({
      x: brief(x[at]),
      y: brief(mean),
      low: brief(Math.max(from, bottom)),
      high: brief(to),
      colour,
      sign,
    }));
    const curve =
      at === 1 && theory
        ? theory.points
            .filter((point) => point.y >= bottom && point.y <= top)
            .map((point) => ({ x: brief(point.x), y: brief(point.y), colour: typeset(theory.label) }))
        : [];
    return {
      width: WIDTH,
      height: HEIGHT,
      layer: [
        ...(curve.length > 0
          ? [
              {
                data: { values: curve },
                mark: { type: 'line', clip: true, strokeWidth: 1.6 },
                encoding: { x: place, y: { ...y, field: 'y' }, color },
              },
            ]
          : []),
        {
          data: { values },
          mark: { type: 'line', clip: true, strokeWidth: 1.2 },
          encoding: { x: place, y: { ...y, field: 'y' }, color, strokeDash },
        },
        {
          data: { values },
          mark: { type: 'rule', clip: true, strokeWidth: 1.2 },
          encoding: { x: place, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
        },
        {
          data: { values },
          mark: { type: 'point', clip: true, filled: true, size: 30, opacity: 1 },
          encoding: { x: place, y: { ...y, field: 'y' }, color, shape },
        },
      ],
    };
  };
  return figure(caption, 2 * (WIDTH + 75), {
    columns: 2,
    concat: [panel(0), panel(1)],
    resolve: { scale: { color: 'shared', strokeDash: 'shared', shape: 'shared' } },
  });
}

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
