/**
 * Regimes that a paper predicts around a setting: benign, harmful, and the band between that it leaves open; borders as
 * lines, the setting as a point.
 */
import { exp, log } from '../core/special.ts';
import {
  axisLabel,
  SYMBOLS,
  type NumberParameter,
  type Setting,
  type SymbolEntry,
  type SymbolId,
} from '../notation.ts';
import { predict, type Regime, type Told } from '../theory/assess.ts';
import { criticalValues, moved } from '../theory/critical.ts';
import { position, type NumericAxis } from './axis.ts';
import { DASHES, figure, INK, PAPER, type Caption, type Figure, type JsonObject } from './figure.ts';
import { brief } from './panels.ts';
import { typeset } from './text.ts';

const WIDTH = 480;
const HEIGHT = 360;
/** Rows of the map, and columns of 1 px; along a row neighbours of one regime are drawn as one bar. */
const ROWS = 90;
/** How far the axes go beyond the setting and its borders, as factors. */
const BEYOND = { x: 8, y: 30 } as const;
const COLOURS: Readonly<Record<Regime, string>> = { benign: '#a5cbe3', undecided: '#ececec', harmful: '#f6d99a' };

/** @throws RangeError for a statement without regimes, or a setting that lacks the map's symbols */
export function regimeMap(told: Told, setting: Setting, caption: Caption): Figure {
  const {
    statement: { regimes },
    constants,
  } = told;
  if (!regimes) throw new RangeError(`${told.statement.id} has no regimes`);
  const { x, y, with: along = [] } = regimes.map;
  const [hereX, hereY] = [setting[x], setting[y]];
  if (hereX === undefined || hereY === undefined) throw new RangeError(`the setting has no ${x} or no ${y}`);

  const borders = [regimes.benign, regimes.harmful].filter((one) => one !== undefined);
  const at = (value: number): Setting => moved(setting, y, value, along);
  const marks = around([hereX, ...borders.flatMap((one) => criticalValues(one, setting, constants, x))]);
  const right = axis(x, Math.min(...marks) / BEYOND.x, Math.max(...marks) * BEYOND.x, WIDTH);
  const [middle] = around([hereY, ...borders.flatMap((one) => criticalValues(one, setting, constants, y, along))]);
  const up = axis(y, middle! / BEYOND.y, middle! * BEYOND.y, ROWS, along);

  const bars = up.values.flatMap((value, i) =>
    row(right, (there) => predict(regimes, { ...at(value), [x]: there }, constants).regime).map((bar) => ({
      ...bar,
      y: up.edges[i]!,
      y2: up.edges[i + 1]!,
    })),
  );
  const lines = borders.map((border) => ({
    label: typeset(`${border === regimes.benign ? 'benign' : 'harmful'}: ${border.formula}`),
    // Solved for y: a border may run level, none of the shelf runs upright. Points beyond the map keep its end
    // straight.
    points: right.edges
      .filter((_, i) => i % 4 === 0)
      .flatMap((there) =>
        criticalValues(border, { ...setting, [x]: there }, constants, y, along)
          .slice(0, 1)
          .map((value) => ({ x: there, y: value })),
      ),
  }));
  const place = { x: position(right, 'x', WIDTH), y: position(up, 'y', HEIGHT) };
  return figure(caption, WIDTH + 110, {
    width: WIDTH,
    height: HEIGHT,
    layer: [
      regimeLayer(bars, place),
      ...borderLayers(lines, place),
      // A logarithmic axis has no place for a signal of 0.
      ...(hereX > 0 && hereY > 0 ? [hereLayer(hereX, hereY, place)] : []),
    ],
  });
}

/** The map's two axes. */
interface Place {
  readonly [channel: string]: JsonObject;
}

const regimeLayer = (values: readonly JsonObject[], place: Place): JsonObject => ({
  data: { values },
  mark: { type: 'rect', clip: true },
  encoding: {
    ...place,
    x2: { field: 'x2' },
    y2: { field: 'y2' },
    fill: {
      field: 'regime',
      type: 'nominal',
      scale: { domain: Object.keys(COLOURS), range: Object.values(COLOURS) },
      legend: { title: 'predicted', symbolType: 'square', symbolSize: 150 },
    },
  },
});

function borderLayers(
  lines: readonly { readonly label: string; readonly points: readonly { readonly x: number; readonly y: number }[] }[],
  place: Place,
): JsonObject[] {
  const names = lines.map(({ label }) => label);
  return lines.map(({ label, points }) => ({
    data: { values: points.map((point, order) => ({ x: brief(point.x), y: brief(point.y), order, border: label })) },
    mark: { type: 'line', clip: true, stroke: INK, strokeWidth: 2 },
    encoding: {
      ...place,
      order: { field: 'order', type: 'quantitative' },
      strokeDash: {
        field: 'border',
        type: 'nominal',
        scale: { domain: names, range: DASHES.slice(0, names.length) },
        legend: {
          title: null,
          orient: 'bottom',
          direction: 'vertical',
          columns: 1,
          symbolStrokeColor: INK,
          symbolStrokeWidth: 2,
          symbolSize: 400,
        },
      },
    },
  }));
}

const hereLayer = (x: number, y: number, place: Place): JsonObject => ({
  data: { values: [{ x, y, label: 'this setting' }] },
  mark: { type: 'point', filled: true, fill: PAPER, stroke: INK, strokeWidth: 2, size: 110, opacity: 1 },
  encoding: {
    ...place,
    shape: {
      field: 'label',
      type: 'nominal',
      scale: { domain: ['this setting'], range: ['circle'] },
      legend: { title: null, orient: 'bottom', symbolSize: 70 },
    },
  },
});

/** The values that a logarithmic axis can show; 1 where there is none. */
function around(values: readonly number[]): number[] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  return positive.length > 0 ? positive : [1];
}

/** A logarithmic axis of equal steps within the symbol's range. */
function axis(id: SymbolId, low: number, high: number, steps: number, along: readonly SymbolId[] = []): NumericAxis {
  const { range } = SYMBOLS[id] as NumberParameter;
  const [from, to] = [
    log(Math.max(low, range.min)),
    log(range.max === Infinity ? high : Math.min(high, range.openMax ? 0.999 * range.max : range.max)),
  ];
  const glyph = (one: SymbolId): string => (SYMBOLS[one] as SymbolEntry).glyph;
  const kept = along.length > 0 ? `; ${along.map((one) => `${glyph(one)}/${glyph(id)}`).join(' and ')} as here` : '';
  const point = (i: number): number => exp(from + ((to - from) * i) / steps);
  return {
    name: id,
    label: typeset(axisLabel(id) + kept),
    values: Array.from({ length: steps }, (_, i) => point(i + 0.5)),
    edges: Array.from({ length: steps + 1 }, (_, i) => brief(point(i))),
    log: true,
  };
}

/** Neighbouring cells of one regime as one bar. */
function row(
  { values, edges }: NumericAxis,
  regimeAt: (x: number) => Regime,
): { x: number; x2: number; regime: Regime }[] {
  const bars: { x: number; x2: number; regime: Regime }[] = [];
  values.forEach((value, i) => {
    const regime = regimeAt(value);
    const last = bars.at(-1);
    if (last?.regime === regime) last.x2 = edges[i + 1]!;
    else bars.push({ x: edges[i]!, x2: edges[i + 1]!, regime });
  });
  return bars;
}
