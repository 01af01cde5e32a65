/** The scales of a plot: linear, logarithmic, linear next to 0 only, or words. */
import { nameable } from './axis.ts';
import type { JsonObject } from './figure.ts';
import { brief } from './panels.ts';
import { extent } from './quantity.ts';
import { lines as inLines, typeset } from './text.ts';
import { linearChannel, logEnds, logTicks, symlogTicks, ticksAt } from './ticks.ts';

/** A number, or a word on an ordinal axis. */
export type Across = number | string;

export type ScaleKind = 'linear' | 'log' | 'symlog' | 'ordinal';

export interface PlotScale {
  readonly label: string;
  readonly kind: ScaleKind;
}

/** px of a plot that stands alone. */
export const SINGLE = { width: 480, height: 320 };
/** How far below its value a bar may stretch a log scale, as a factor. */
const DOWN = 10;
/** Decades that a log scale goes down from its largest value at most. */
const DECADES = 12;

/** The horizontal channel of all panels. */
export function acrossOf({ label, kind }: PlotScale, points: readonly { readonly x: Across }[]): JsonObject {
  const title = inLines(typeset(label), SINGLE.width);
  if (kind === 'ordinal') {
    const words = [...new Set(points.map(({ x }) => x))];
    return { field: 'x', type: 'ordinal', title, scale: { domain: words, padding: 0.5 }, axis: { labelAngle: 0 } };
  }
  const places = [...new Set(points.map(({ x }) => x as number))].sort((a, b) => a - b);
  const [least, most] = [places[0]!, places.at(-1)!];
  const channel = (scale: JsonObject, ends: readonly number[], ticks: object): JsonObject => ({
    field: 'x',
    type: 'quantitative',
    title,
    scale: { ...scale, domain: ends.map(brief), nice: false },
    axis: { grid: true, ...(nameable(places) ? ticksAt(places) : ticks) },
  });
  if (kind === 'log') {
    const [low, high] = logEnds(least, most, least === most ? 2 : Math.max(1.05, (most / least) ** 0.04));
    return channel({ type: 'log' }, [low, high], logTicks(low, high));
  }
  const room = least === most ? 1 : 0.04 * (most - least);
  if (kind === 'symlog') {
    const constant = symlogConstant(places);
    const ends = [least < 0 ? least * 1.15 : -0.2 * constant, most > 0 ? most * 1.15 : 0.2 * constant] as const;
    return channel({ type: 'symlog', constant }, ends, symlogTicks(...ends, constant));
  }
  const { axis } = linearChannel([least, most]);
  const ends = [least - room, most + room];
  const inside = axis.values.filter((tick) => tick >= ends[0]! && tick <= ends[1]!);
  return channel({ type: 'linear', zero: false }, ends, ticksAt(inside.length >= 2 ? inside : [least, most]));
}

/** Where a symlog scale turns: at the least size that is not 0. */
const symlogConstant = (values: readonly number[]): number => {
  const sizes = values.map(Math.abs).filter((size) => size > 0);
  return sizes.length > 0 ? Math.min(...sizes) : 1;
};

export interface Up {
  readonly channel: JsonObject;
  /** ends, and a value's place between them */
  readonly bottom: number;
  readonly span: number;
  readonly place: (value: number) => number;
}

export function upOf(
  { label, kind }: PlotScale,
  points: readonly { readonly value: number; readonly low: number; readonly high: number }[],
  others: readonly number[],
): Up {
  const title = inLines(typeset(label), SINGLE.height);
  const channel = (scale: JsonObject, axis: object): JsonObject => ({
    type: 'quantitative',
    title,
    scale,
    axis: { grid: true, ...axis },
  });
  if (kind === 'log') {
    const positive = others.filter((one) => one > 0);
    const top = extent([...points.map(({ high: end }) => end), ...positive])[1];
    const [least] = extent([...points.map(({ value, low }) => Math.max(low, value / DOWN)), ...positive]);
    const [bottom, high] = logEnds(Math.max(least, top * 10 ** -DECADES), top, 1.3);
    return {
      channel: channel({ type: 'log', domain: [brief(bottom), brief(high)], nice: false }, logTicks(bottom, high)),
      bottom,
      span: Math.log(high / bottom),
      place: Math.log,
    };
  }
  const reach = extent([...points.flatMap(({ low, value, high }) => [low, value, high]), ...others]);
  if (kind === 'symlog') {
    const constant = symlogConstant(points.map(({ value }) => value));
    const ends = [Math.min(0, reach[0]) * 1.2, Math.max(0, reach[1]) * 1.2] as const;
    const place = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value) / constant);
    return {
      channel: channel(
        { type: 'symlog', constant, domain: ends.map(brief), nice: false },
        symlogTicks(...ends, constant),
      ),
      bottom: -Infinity,
      span: place(ends[1]) - place(ends[0]),
      place,
    };
  }
  // A curve that stays far from 0 is seen where it is.
  const { ends, scale, axis } = linearChannel(reach, { zero: reach[0] < 0.5 * reach[1], count: 6 });
  return { channel: channel(scale, axis), bottom: -Infinity, span: ends[1] - ends[0], place: (value) => value };
}
