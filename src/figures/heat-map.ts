/**
 * Heat maps of a sweep: the first numeric axis upwards, the second to the right, cells as they are (no smoothing),
 * theory and fitted contours on the same scales. A cell without a number is grey, with a legend entry that says why.
 */
import { fields, numbers, type CellFrame } from '../experiments/frame.ts';
import type { SymbolId } from '../notation.ts';
import { numberText } from '../core/number-text.ts';
import { hiddenCells, numericAxes, position, type NumericAxis } from './axis.ts';
import { DASHES, figure, GREY, INK, PAPER, type Caption, type Figure, type Json, type JsonObject } from './figure.ts';
import { brief, panels, SOME_DIVERGED, someDiverged, valueOf, type Missing, type Panel } from './panels.ts';
import { quantityLabel, scaleOf, type Scale } from './quantity.ts';
import { lines, typeset } from './text.ts';
import { halfOf, LEVEL, meanInterval } from './spread.ts';
import { linearTicks, logTicks } from './ticks.ts';

/** A predicted curve in the units of the two axes. */
export interface TheoryCurve {
  /** formula, with its constants and their standard errors */
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** draw it only in the panels whose fixed axes have these values; absent: in all */
  readonly where?: Readonly<Partial<Record<SymbolId, number | string | boolean>>>;
}

/**
 * A fitted level contour: at each y the x where the level is crossed, with its standard error. Drawn with its 95 %
 * interval.
 */
export interface Contour {
  /** names the level, and says what the bars are */
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number; readonly se: number }[];
  readonly where?: TheoryCurve['where'];
}

export interface HeatMapOptions extends Caption {
  /** column of the frame */
  readonly value: string;
  readonly log?: boolean;
  /** ends of the colour scale; absent: see scaleOf */
  readonly domain?: readonly [number, number];
  /** two colours, above and up to this level, instead of a colour scale; paler where the mean's 95 % interval holds it */
  readonly threshold?: number;
  readonly theory?: readonly TheoryCurve[];
  readonly contours?: readonly Contour[];
}

/** More panels than this cannot be read on one page. */
export const MAX_PANELS = 12;

/**
 * The map of one column over the cells of a sweep.
 *
 * @throws RangeError when the frame has no such column, fewer than two axes are numbers that vary, or the others give
 *   more than MAX_PANELS panels
 */
export function heatMap(frame: CellFrame, options: HeatMapOptions): Figure {
  const numeric = numericAxes(frame.spec);
  const [up, right] = numeric;
  if (!up || !right)
    throw new RangeError(`a heat map needs two numeric axes of two values or more, the spec has ${numeric.length}`);
  const present = numbers(frame, options.value).filter((value) => value !== null && Number.isFinite(value)) as number[];
  const all = panels(frame, [up.axis, right.axis]);
  if (all.length > MAX_PANELS)
    throw new RangeError(
      `a heat map has at most ${MAX_PANELS} panels, the axes beyond the first two give ${all.length}: fix some of them`,
    );

  const single = all.length === 1;
  const view: MapView = {
    x: right.numbers,
    y: up.numbers,
    // Cells of whole pixels: fractional ones come out unequal.
    width: wholeCells(right.numbers, single ? 500 : 230),
    height: wholeCells(up.numbers, single ? 400 : 200),
    encode:
      options.threshold === undefined
        ? colourScale(frame, options, present)
        : twoColours(frame, options.value, options.threshold),
  };
  const caption = withHidden(options, view);
  const sorted = all.map((panel) => sortCells(frame, view, panel, options.value));
  const marks: Marks = {
    theory: options.theory ?? [],
    contours: options.contours ?? [],
    missing: (Object.keys(MISSING) as Missing[]).filter((kind) =>
      sorted.some(({ missing }) => missing.some((cell) => cell['missing'] === kind)),
    ),
    partial: sorted.some(({ partial }) => partial.length > 0),
  };
  const layers = all.map((panel, i) => mapLayers(view, sorted[i]!, marks, panel));
  if (single)
    return figure(withFixed(caption, all[0]!), view.width + 110, {
      width: view.width,
      height: view.height,
      layer: layers[0]!,
    });
  const columns = all.length === 4 ? 2 : Math.min(3, all.length);
  return figure(caption, columns * (view.width + 70), {
    columns,
    concat: all.map(({ heading }, i) => ({
      title: { text: heading, fontSize: 12, fontWeight: 'normal', anchor: 'middle', frame: 'group', offset: 6 },
      width: view.width,
      height: view.height,
      layer: layers[i]!,
    })),
    resolve: { scale: { fill: 'shared', color: 'shared', strokeDash: 'shared', shape: 'shared' } },
  });
}

interface MapView {
  readonly x: NumericAxis;
  readonly y: NumericAxis;
  readonly width: number;
  readonly height: number;
  readonly encode: CellEncoding;
}

/** What lies beside and over the coloured cells; the same for every panel, so that they share their legends. */
interface Marks {
  readonly theory: readonly TheoryCurve[];
  readonly contours: readonly Contour[];
  readonly missing: readonly Missing[];
  readonly partial: boolean;
}

interface SortedCells {
  readonly cells: readonly JsonObject[];
  readonly missing: readonly JsonObject[];
  /** centres of cells from whose mean diverged runs are missing */
  readonly partial: readonly JsonObject[];
}

/** How a cell's mean becomes a colour. */
interface CellEncoding {
  /** what its datum carries beside its place */
  readonly datum: (mean: number, at: number) => JsonObject;
  readonly channel: JsonObject;
}

/** What a panel's heading would say stands in the subtitle when there is only one. */
const withFixed = (caption: Caption, { heading }: Panel): Caption =>
  heading ? { ...caption, subtitle: caption.subtitle ? `${heading}, ${caption.subtitle}` : heading } : caption;

/** Cells narrower than this, in px, and than a quarter of an even share, are said not to be seen. */
const SEEN = 3;
/** So many of them are named. */
const NAMED = 4;

/** Says which cells the scales leave no room for: values that lie close beside others that lie far away. */
function withHidden(caption: Caption, { x, y, width, height }: MapView): Caption {
  const words = (
    [
      [x, width],
      [y, height],
    ] as const
  ).flatMap(([axis, px]) => {
    const hidden = hiddenCells(axis, Math.min(SEEN / px, 0.25 / axis.values.length)).map(numberText);
    if (hidden.length === 0) return [];
    const more = hidden.length > NAMED ? ` and ${hidden.length - NAMED} more` : '';
    const [glyph] = axis.label.split(',');
    return [`cells too narrow to be seen: ${glyph} = ${hidden.slice(0, NAMED).join('; ')}${more}`];
  });
  return words.length === 0
    ? caption
    : { ...caption, subtitle: [caption.subtitle, ...words].filter(Boolean).join(', ') };
}

const wholeCells = ({ values }: NumericAxis, about: number): number =>
  Math.max(1, Math.round(about / values.length)) * values.length;

function colourScale(
  { columns }: CellFrame,
  { value, log = false, domain }: HeatMapOptions,
  present: readonly number[],
): CellEncoding {
  const scale: Scale = domain ? { domain, log } : scaleOf(value, present, log);
  const [low, high] = scale.domain;
  const ticks = log ? logTicks(low, high) : linearTicks(low, high);
  const below = present.some((one) => one < low) ? `datum.value <= ${low} ? '≤ ' : ` : '';
  const beyond = present.some((one) => one > high) ? `datum.value >= ${high} ? '≥ ' : ` : '';
  return {
    datum(mean, at) {
      const se = columns[`${value}Se`]?.[at];
      return { [value]: brief(mean), ...(typeof se === 'number' && { se: brief(se) }) };
    },
    channel: {
      field: value,
      type: 'quantitative',
      scale: {
        type: log ? 'log' : 'linear',
        scheme: 'viridis',
        domain: [low, high],
        clamp: true,
        nice: false,
        ...(!log && { zero: false }),
      },
      legend: {
        title: lines(quantityLabel(value), 200, 11),
        gradientLength: 200,
        ...ticks,
        labelExpr: `(${below}${beyond}'') + ${ticks.labelExpr}`,
      },
    },
  };
}

function twoColours(frame: CellFrame, column: string, level: number): CellEncoding {
  const classes = [
    [`above ${level}`, '#E69F00'],
    [`above, ${LEVEL} interval holds ${level}`, '#f6d99a'],
    [`up to, ${LEVEL} interval holds ${level}`, '#a5cbe3'],
    [`up to ${level}`, '#0072B2'],
  ] as const;
  const classOf = (value: number, at: number): number => {
    const [low, high] = meanInterval(frame, column, at, value);
    const close = low < level && level < high;
    return value > level ? (close ? 1 : 0) : close ? 2 : 3;
  };
  return {
    datum: (mean, at) => ({ class: classes[classOf(mean, at)]![0] }),
    channel: {
      field: 'class',
      type: 'nominal',
      scale: { domain: classes.map(([name]) => name), range: classes.map(([, colour]) => colour) },
      legend: { title: null, symbolType: 'square', symbolSize: 150 },
    },
  };
}

const MISSING: Readonly<Record<Missing, string>> = {
  diverged: GREY.diverged,
  'no value': GREY.noValue,
  'no run': GREY.noRun,
};
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond'] as const;

function sortCells(frame: CellFrame, { x, y, encode }: MapView, panel: Panel, column: string): SortedCells {
  const [rights, ups] = [fields(frame, x.name), fields(frame, y.name)];
  const cells: JsonObject[] = [];
  const missing: JsonObject[] = [];
  const partial: JsonObject[] = [];
  for (const at of panel.cells) {
    const right = x.values.indexOf(rights[at] as number);
    const up = y.values.indexOf(ups[at] as number);
    const place = { x: x.edges[right]!, x2: x.edges[right + 1]!, y: y.edges[up]!, y2: y.edges[up + 1]! };
    const value = valueOf(frame, column, at);
    if (typeof value === 'string') {
      missing.push({ ...place, missing: value });
      continue;
    }
    cells.push({ ...place, ...encode.datum(value, at) });
    if (someDiverged(frame, at)) partial.push({ x: x.values[right]!, y: y.values[up]!, label: SOME_DIVERGED });
  }
  return { cells, missing, partial };
}

function mapLayers(view: MapView, { cells, missing, partial }: SortedCells, marks: Marks, { fixed }: Panel): Json[] {
  const { x, y, encode } = view;
  const here = ({ where = {} }: TheoryCurve | Contour): boolean =>
    Object.entries(where).every(([id, value]) => !(id in fixed) || fixed[id] === value);
  const place = {
    x: position(x, 'x', view.width),
    x2: { field: 'x2' },
    y: position(y, 'y', view.height),
    y2: { field: 'y2' },
  };
  return [
    { data: { values: cells }, mark: { type: 'rect', clip: true }, encoding: { ...place, fill: encode.channel } },
    ...(missing.length > 0
      ? [{ data: { values: missing }, mark: { type: 'rect', clip: true }, encoding: { ...place, color: greys(marks) } }]
      : []),
    ...marks.theory.filter(here).flatMap((curve) => theoryLayers(curve, marks, view)),
    ...marks.contours.filter(here).flatMap((contour) => contourLayers(contour, marks, view)),
    ...(partial.length > 0 ? [partialLayer(partial, marks, view)] : []),
  ];
}

function greys({ missing }: Marks): JsonObject {
  return {
    field: 'missing',
    type: 'nominal',
    scale: { domain: missing, range: missing.map((kind) => MISSING[kind]) },
    legend: {
      title: null,
      symbolType: 'square',
      symbolSize: 150,
      symbolStrokeColor: '#777777',
      symbolStrokeWidth: 0.5,
    },
  };
}

/** A dark line on a white halo stands out on every colour of the map. */
function theoryLayers({ label, points }: TheoryCurve, { theory }: Marks, { x, y, width, height }: MapView): Json[] {
  const values = points
    .filter((point) => inScale(x, point.x) && inScale(y, point.y))
    .map((point, order) => ({ ...point, order, theory: typeset(label) }));
  const encoding = {
    x: position(x, 'x', width),
    y: position(y, 'y', height),
    order: { field: 'order', type: 'quantitative' },
  };
  const labels = [...new Set(theory.map((curve) => typeset(curve.label)))];
  return [
    { data: { values }, mark: { type: 'line', clip: true, stroke: PAPER, strokeWidth: 5, opacity: 0.9 }, encoding },
    {
      data: { values },
      mark: { type: 'line', clip: true, stroke: INK, strokeWidth: 2 },
      encoding: {
        ...encoding,
        strokeDash: {
          field: 'theory',
          type: 'nominal',
          scale: { domain: labels, range: DASHES.slice(0, labels.length) },
          legend: bottomLegend({ symbolStrokeColor: INK, symbolStrokeWidth: 2, symbolSize: 400 }),
        },
      },
    },
  ];
}

function contourLayers(contour: Contour, marks: Marks, { x, y, width, height }: MapView): Json[] {
  const [least, most] = [x.edges[0]!, x.edges.at(-1)!];
  const values = contour.points
    .filter((point) => point.x >= least && point.x <= most && inScale(y, point.y))
    .map((point) => ({
      ...point,
      low: Math.max(least, point.x - halfOf(point.se)),
      high: Math.min(most, point.x + halfOf(point.se)),
      label: typeset(contour.label),
    }));
  const bar = { x: position(x, 'low', width), x2: { field: 'high' }, y: position(y, 'y', height) };
  // Caps, because a bar shorter than its point would not be seen.
  const ends = {
    data: {
      values: values.flatMap(({ low, high, y: at }) => [
        { x: low, y: at },
        { x: high, y: at },
      ]),
    },
    encoding: { x: position(x, 'x', width), y: position(y, 'y', height) },
  };
  const cap = { type: 'tick', orient: 'vertical', clip: true } as const;
  return [
    {
      data: { values },
      mark: { type: 'rule', clip: true, stroke: PAPER, strokeWidth: 4, opacity: 0.9 },
      encoding: bar,
    },
    { ...ends, mark: { ...cap, fill: PAPER, thickness: 4, size: 12, opacity: 0.9 } },
    { ...ends, mark: { ...cap, fill: INK, thickness: 1.6, size: 9, opacity: 1 } },
    { data: { values }, mark: { type: 'rule', clip: true, stroke: INK, strokeWidth: 1.6 }, encoding: bar },
    {
      data: { values },
      mark: {
        type: 'point',
        clip: true,
        filled: true,
        fill: PAPER,
        stroke: INK,
        strokeWidth: 1.2,
        size: 16,
        opacity: 1,
      },
      encoding: { x: position(x, 'x', width), y: position(y, 'y', height), shape: shapes(marks) },
    },
  ];
}

function partialLayer(values: readonly JsonObject[], marks: Marks, { x, y, width, height }: MapView): JsonObject {
  const cell = Math.min(width / x.values.length, height / y.values.length);
  return {
    data: { values },
    mark: {
      type: 'point',
      clip: true,
      filled: true,
      fill: PAPER,
      stroke: INK,
      strokeWidth: 1,
      size: Math.min(40, (cell / 2) ** 2),
      opacity: 1,
    },
    encoding: { x: position(x, 'x', width), y: position(y, 'y', height), shape: shapes(marks) },
  };
}

function shapes({ contours, partial }: Marks): JsonObject {
  const labels = [...new Set(contours.map(({ label }) => typeset(label)))];
  return {
    field: 'label',
    type: 'nominal',
    scale: {
      domain: partial ? [...labels, SOME_DIVERGED] : labels,
      range: partial ? [...SHAPES.slice(0, labels.length), 'cross'] : SHAPES.slice(0, labels.length),
    },
    legend: bottomLegend({ symbolSize: 40 }),
  };
}

const bottomLegend = (symbol: JsonObject): JsonObject => ({
  title: null,
  orient: 'bottom',
  direction: 'vertical',
  columns: 1,
  ...symbol,
});

/** A logarithm exists. */
const inScale = ({ log }: NumericAxis, value: number): boolean => Number.isFinite(value) && (!log || value > 0);
