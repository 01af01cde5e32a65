/**
 * Points over one quantity, in panels: lines told apart by colour and by dash, bars or bands around them, runs as dots,
 * levels across.
 */
import { numberText } from '../core/number-text.ts';
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
import { brief } from './panels.ts';
import { acrossOf, SINGLE, upOf, type Across, type PlotScale, type Up } from './plot-scales.ts';
import { textWidth, typeset } from './text.ts';

export interface PlotSeries {
  /** what its colour and its dash stand for; '' where nothing needs telling apart */
  readonly colour: string;
  readonly sign: string;
  /** points are joined: they follow each other along one parameter */
  readonly joined: boolean;
  /** what is measured has marks with bars, or a band; a formula is a line alone */
  readonly kind: 'bars' | 'band' | 'line';
  readonly points: readonly {
    readonly x: Across;
    readonly y: number;
    readonly low?: number;
    readonly high?: number;
  }[];
  /** single runs */
  readonly dots?: readonly { readonly x: Across; readonly y: number }[];
}

export interface PlotPanel {
  /** '' for the only one */
  readonly heading: string;
  readonly series: readonly PlotSeries[];
}

export interface PlotOptions extends Caption {
  readonly x: PlotScale;
  readonly y: PlotScale;
  /** horizontal lines, with a word in the margin */
  readonly levels?: readonly { readonly y: number; readonly word: string }[];
}

const SMALL = { width: 230, height: 200 };
/** px that a legend beside the plot may take. */
const LEGEND = 220;
export const MAX_PLOTS = 12;
/** Colours of one scale beyond those that are told apart by name: of numbers in their order. */
export const MAX_COLOURS = 20;
/** More runs as dots make a file that no viewer opens. */
const MAX_DOTS = 20_000;
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down', 'cross', 'triangle-right'] as const;

interface Placed {
  readonly x: Across;
  readonly y: number;
  readonly low: number;
  readonly high: number;
  readonly colour: string;
  readonly sign: string;
}

/** @throws RangeError for no point, and for more panels, colours or dashes than can be told apart */
export function plotFigure(panels: readonly PlotPanel[], options: PlotOptions): Figure {
  if (panels.length > MAX_PLOTS)
    throw new RangeError(`at most ${MAX_PLOTS} panels fit on a page, there are ${panels.length}`);
  const { x, y } = options;
  const all = panels.flatMap(({ series }) => series);
  const names = (of: 'colour' | 'sign'): string[] => [...new Set(all.map((one) => typeset(one[of])))];
  const [colours, signs] = [names('colour'), names('sign')];
  if (colours.length > MAX_COLOURS)
    throw new RangeError(`at most ${MAX_COLOURS} colours can be told apart, there are ${colours.length}`);
  if (signs.length > MAX_SERIES)
    throw new RangeError(`at most ${MAX_SERIES} dashes can be told apart, there are ${signs.length}`);

  const hasPlace = (point: { readonly x: Across; readonly y: number }): boolean =>
    (y.kind !== 'log' || point.y > 0) && (x.kind !== 'log' || Number(point.x) > 0);
  const points = all.flatMap((one) => one.points);
  const shown = points.filter(hasPlace);
  if (shown.length === 0) throw new RangeError('no point to draw');
  const left = points.length - shown.length;
  const dots = all.flatMap((one) => one.dots ?? []);
  if (dots.length > MAX_DOTS)
    throw new RangeError(`at most ${MAX_DOTS} runs can be drawn one by one, there are ${dots.length}`);
  const up = upOf(
    y,
    shown.map(({ y: value, low = value, high = value }) => ({ value, low, high })),
    [...(options.levels ?? []), ...dots].map((one) => one.y),
  );
  const across = acrossOf(x, [...shown, ...dots.filter(hasPlace)]);
  const under = [...shown, ...dots.filter(hasPlace)].filter((point) => point.y < up.bottom).length;
  const size = panels.length === 1 ? SINGLE : SMALL;
  const channels = channelsOf(colours, signs, all, size.width);
  const shifts = shiftsOf(panels, hasPlace, up);
  const body = panels.map(({ series, heading }) => ({
    ...(panels.length > 1 && {
      title: {
        text: typeset(heading),
        fontSize: 12,
        fontWeight: 'normal',
        anchor: 'middle',
        frame: 'group',
        offset: 6,
      },
    }),
    ...size,
    layer: [
      ...levelLayers(options.levels ?? [], size.width, up.channel),
      ...(['band', 'dots', 'line', 'bars'] as const).flatMap((layer) =>
        series.flatMap((one) =>
          layersOf(layer, one, {
            x: across,
            up,
            channels,
            hasPlace,
            shift: shifts.get(keyOf(one)) ?? 0,
          }),
        ),
      ),
    ],
  }));
  const subtitle = [
    options.subtitle,
    left > 0 ? `${left} of ${points.length} points are 0 or below: no place on a log scale` : '',
    under > 0 ? `${under} ${under === 1 ? 'point lies' : 'points lie'} below the scale` : '',
    [...shifts.values()].some((px) => px !== 0) ? SHIFTED : '',
  ]
    .filter(Boolean)
    .join(', ');
  const caption = { ...options, ...(subtitle && { subtitle }) };
  if (panels.length === 1) return figure(caption, size.width + 110, body[0]!);
  const columns = panels.length === 4 ? 2 : Math.min(3, panels.length);
  return figure(caption, columns * (size.width + 70), {
    columns,
    concat: body,
    resolve: { scale: { fill: 'shared', stroke: 'shared', strokeDash: 'shared', shape: 'shared' } },
  });
}

const keyOf = ({ colour, sign }: PlotSeries): string => JSON.stringify([colour, sign]);

/** Bars that would cover each other stand aside; those of the same series by as much in every panel. */
function shiftsOf(
  panels: readonly PlotPanel[],
  hasPlace: (point: { readonly x: Across; readonly y: number }) => boolean,
  { span, place }: Up,
): ReadonlyMap<string, number> {
  const barred = panels.map(({ series }) => series.filter(({ kind }) => kind === 'bars'));
  const keys = [...new Set(barred.flat().map(keyOf))];
  // Of many lines the outermost would stand far from their places.
  if (keys.length < 2 || keys.length > MAX_SERIES) return new Map();
  const near = OVERLAP * span;
  const meet = barred.some((series) => {
    const taken = new Map<Across, (readonly [number, number])[]>();
    return series.some(({ points }) =>
      points.filter(hasPlace).some(({ x, y, low = y, high = y }) => {
        const [from, to] = [low > 0 || place !== Math.log ? place(low) : -Infinity, place(high)];
        const others = taken.get(x) ?? [];
        taken.set(x, [...others, [from, to]]);
        return others.some(([a, b]) => from <= b + near && a <= to + near);
      }),
    );
  });
  // All in one place: by how much is the dodge's own.
  const shifts = dodge(
    keys.map(() => (meet ? [{ x: 0, y: 0 }] : [])),
    near,
  );
  return new Map(keys.map((key, at) => [key, shifts[at]!]));
}

interface Channels {
  readonly stroke: JsonObject;
  readonly fill: JsonObject;
  readonly strokeDash?: JsonObject;
  readonly shape?: JsonObject;
}

function channelsOf(
  colours: readonly string[],
  signs: readonly string[],
  series: readonly PlotSeries[],
  width: number,
): Channels {
  const wide = [...colours, ...signs].some((name) => textWidth(name, 11) > LEGEND) || width < SINGLE.width;
  const few = colours.length <= MAX_SERIES;
  // Below the plot the names stand side by side where they fit.
  const columns = Math.max(
    1,
    Math.floor(
      (width < SINGLE.width ? 2.4 * width : width) /
        (40 + Math.max(...[...colours, ...signs].map((name) => textWidth(name, 11)))),
    ),
  );
  const place = wide ? { orient: 'bottom', columns, labelLimit: 0 } : { labelLimit: 0 };
  const named = (field: string, domain: readonly string[], range: JsonObject, key: JsonObject): JsonObject => ({
    field,
    type: few || field === 'sign' ? 'nominal' : 'ordinal',
    scale: { domain, ...range },
    legend: domain.some((name) => name !== '') ? { title: null, ...place, ...key } : null,
  });
  const palette: JsonObject = few
    ? { range: COLOURS.slice(0, colours.length) }
    : { scheme: { name: 'viridis', extent: [0, 0.92] } };
  const lined = series.some(({ joined, kind }) => joined || kind !== 'bars');
  const stroke = named(
    'colour',
    colours,
    palette,
    lined ? STROKES : { symbolType: 'circle', symbolSize: 60, symbolOpacity: 1 },
  );
  const bySign = signs.length > 1 || signs[0] !== '';
  return {
    stroke,
    fill: stroke,
    // Without other names dashes double the colours, for print without any.
    ...(!bySign &&
      lined &&
      few && { strokeDash: { ...stroke, scale: { domain: colours, range: DASHES.slice(0, colours.length) } } }),
    // Lines are told apart by their dash, points without one by their shape.
    ...(bySign &&
      lined && {
        strokeDash: named(
          'sign',
          signs,
          { range: DASHES.slice(0, signs.length) },
          { ...STROKES, symbolStrokeColor: INK },
        ),
      }),
    ...(bySign &&
      !lined && {
        shape: named('sign', signs, { range: SHAPES.slice(0, signs.length) }, { symbolFillColor: INK, symbolSize: 60 }),
      }),
  };
}

interface Where {
  readonly x: JsonObject;
  readonly up: Up;
  readonly channels: Channels;
  readonly hasPlace: (point: { readonly x: Across; readonly y: number }) => boolean;
  readonly shift: number;
}

function layersOf(
  layer: 'band' | 'dots' | 'line' | 'bars',
  { colour, sign, kind, joined, points, dots = [] }: PlotSeries,
  { x, up, channels: { stroke, fill, strokeDash, shape }, hasPlace, shift }: Where,
): Json[] {
  const values = points.filter(hasPlace).map(({ x: place, y, low = y, high = y }): Placed & JsonObject => ({
    x: typeof place === 'number' ? brief(place) : place,
    y: brief(y),
    low: brief(Math.max(low, up.bottom)),
    high: brief(high),
    colour: typeset(colour),
    sign: typeset(sign),
  }));
  if (values.length === 0) return [];
  const y = { ...up.channel, field: 'y' };
  const interval = { y: { ...up.channel, field: 'low' }, y2: { field: 'high' } };
  const aside = shiftedBy(shift);
  const data = { values };
  switch (layer) {
    case 'band':
      return kind === 'band'
        ? [{ data, mark: { type: 'area', clip: true, opacity: 0.2, ...aside }, encoding: { x, ...interval, fill } }]
        : [];
    case 'dots':
      return dots.length === 0
        ? []
        : [
            {
              data: {
                values: dots
                  .filter((dot) => hasPlace(dot) && dot.y >= up.bottom)
                  .map((dot) => ({
                    x: typeof dot.x === 'number' ? brief(dot.x) : dot.x,
                    y: brief(dot.y),
                    colour: typeset(colour),
                  })),
              },
              mark: { type: 'point', clip: true, filled: true, size: 9, opacity: 0.4, ...aside },
              encoding: { x, y, fill },
            },
          ];
    case 'line':
      return joined
        ? [
            {
              data,
              mark: { type: 'line', clip: true, strokeWidth: kind === 'line' ? 1.3 : 1.8, ...aside },
              encoding: { x, y, stroke, ...(strokeDash && { strokeDash }) },
            },
          ]
        : [];
    case 'bars':
      return kind === 'line'
        ? []
        : [
            ...(kind === 'bars'
              ? [
                  {
                    data,
                    mark: { type: 'rule', clip: true, strokeWidth: 1.3, ...aside },
                    encoding: { x, ...interval, stroke },
                  },
                ]
              : []),
            {
              data,
              mark: { type: 'point', clip: true, filled: true, size: 30, opacity: 1, ...aside },
              encoding: { x, y, fill, ...(shape && { shape }) },
            },
          ];
  }
}

/** Dashed, with a word in the margin. */
const levelLayers = (levels: NonNullable<PlotOptions['levels']>, width: number, y: JsonObject): Json[] =>
  levels.flatMap(({ y: level, word }): Json[] => {
    const data = { values: [{ level }] };
    const encoding = { y: { ...y, field: 'level' } };
    return [
      { data, mark: { type: 'rule', clip: true, strokeDash: [5, 4], stroke: INK, strokeWidth: 1 }, encoding },
      { data, mark: marginWord(word), encoding: { ...encoding, x: { value: width } } },
    ];
  });

/** A level as a word in the margin. */
export const levelWord = (level: number): string => numberText(level);
