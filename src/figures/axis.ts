/** Axes of a sweep as continuous scales, so that curves lie on the same scale as the cells. */
import { axisLabel } from '../notation.ts';
import type { Axis, Spec } from '../experiments/spec.ts';
import type { JsonObject } from './figure.ts';
import { lines, typeset } from './text.ts';
import { linearTicks, logPlace, logTicks, symlogTicks, ticksAt } from './ticks.ts';

export interface NumericAxis {
  /** column of the table */
  readonly name: string;
  readonly label: string;
  /** ascending */
  readonly values: readonly number[];
  /** cell borders, one more than values: midpoints between neighbours, on the axis' own scale */
  readonly edges: readonly number[];
  readonly log: boolean;
  /** 0 beside decades: a symlog scale with this constant, linear well below it and logarithmic well above; said in the label */
  readonly symlog?: number;
}

/** The axes that are numbers and vary, in the order of the spec. */
export function numericAxes(spec: Spec): { readonly axis: Axis; readonly numbers: NumericAxis }[] {
  return spec.axes.flatMap((axis) => {
    const { id, name, glyph, values } = axis;
    if (values.length < 2 || !values.every((value) => typeof value === 'number')) return [];
    const sorted = [...values].sort((a, b) => a - b);
    const log = geometric(sorted);
    const symlog = log ? undefined : symlogConstant(sorted);
    const label = typeset(glyph ?? axisLabel(id));
    return [
      {
        axis,
        numbers: {
          name,
          label: symlog === undefined ? label : `${label} (symlog: linear next to 0)`,
          values: sorted,
          edges: edges(sorted, log, symlog),
          log,
          ...(symlog !== undefined && { symlog }),
        },
      },
    ];
  });
}

/** Largest distance of the values from even spacing on a scale, as a share of its range. */
function unevenness(values: readonly number[], scale: (x: number) => number): number {
  const first = scale(values[0]!);
  const range = scale(values.at(-1)!) - first;
  return values.reduce(
    (worst, value, i) => Math.max(worst, Math.abs((scale(value) - first) / range - i / (values.length - 1))),
    0,
  );
}

/** Whether ascending values are spaced more evenly by ratio than by difference; of two, whether they lie decades apart. */
function geometric(values: readonly number[]): boolean {
  if (!(values[0]! > 0)) return false;
  if (values.length < 3) return values[1]! >= 10 * values[0]!;
  return unevenness(values, Math.log) < unevenness(values, (x) => x) - 1e-9;
}

/** For 0 and values over a decade or more that a linear scale would crowd; undefined elsewhere. */
function symlogConstant(values: readonly number[]): number | undefined {
  const [zero, least, second] = values;
  if (zero !== 0 || second === undefined || values.at(-1)! < 10 * least!) return undefined;
  // So that the way from 0 to the least value is about as long as the next one.
  const constant = Number((least! / (second / least! - 1)).toPrecision(3));
  if (!(constant > 0) || !Number.isFinite(values.at(-1)! / constant)) return undefined;
  return unevenness(values, (x) => Math.log1p(x / constant)) < unevenness(values, (x) => x) - 1e-9
    ? constant
    : undefined;
}

/** Largest edge of a linear or symlog scale. */
const FAR = Number.MAX_VALUE / 4;

const symlogOf =
  (constant: number) =>
  (x: number): number =>
    Math.sign(x) * Math.log1p(Math.abs(x) / constant);

/** Values whose cells are narrower than a share of the axis, in the axis' order: they cannot be seen. */
export function hiddenCells({ values, edges, log, symlog }: NumericAxis, share: number): number[] {
  const place = log ? Math.log : symlog === undefined ? (x: number) => x : symlogOf(symlog);
  const places = edges.map(place);
  const least = share * (places.at(-1)! - places[0]!);
  return values.filter((_, i) => places[i + 1]! - places[i]! < least);
}

function edges(values: readonly number[], log: boolean, symlog: number | undefined): number[] {
  const [to, from] =
    symlog !== undefined
      ? [symlogOf(symlog), (t: number) => Math.sign(t) * symlog * Math.expm1(Math.abs(t))]
      : [(x: number) => x, (t: number) => t];
  // In an order in which no intermediate number leaves the range of floating point where the edge itself does not.
  const middle = (a: number, b: number): number => (log ? Math.sqrt(a) * Math.sqrt(b) : a / 2 + b / 2);
  const beyond = (value: number, inner: number): number => (log ? (value / inner) * value : value + (value - inner));
  const within = (edge: number): number => (log ? logPlace(edge) : Math.max(-FAR, Math.min(FAR, edge)));
  const places = values.map(to);
  const between = places.slice(1).map((place, i) => middle(places[i]!, place));
  const all = [beyond(places[0]!, between[0]!), ...between, beyond(places.at(-1)!, between.at(-1)!)];
  return all.map((edge) => Number(within(from(edge)).toPrecision(12)));
}

/** Few values, and short ones that are not many, are named one by one on an axis. */
export const nameable = (values: readonly number[]): boolean =>
  values.length <= 4 || (values.length <= 12 && values.every((value) => Number(value.toPrecision(3)) === value));

/** Vega-Lite channel of a position on the axis. @param room px that its title may run along */
export function position({ label, values, edges, log, symlog }: NumericAxis, field: string, room = 480): JsonObject {
  const [low, high] = [edges[0]!, edges.at(-1)!];
  const ticks = nameable(values)
    ? ticksAt(values)
    : log
      ? logTicks(low, high)
      : symlog !== undefined
        ? symlogTicks(0, high, values[1]!)
        : linearTicks(low, high);
  const scale = log
    ? { type: 'log' }
    : symlog !== undefined
      ? { type: 'symlog', constant: symlog }
      : { type: 'linear', zero: false };
  return {
    field,
    type: 'quantitative',
    title: lines(label, room),
    scale: { ...scale, domain: [low, high], nice: false },
    axis: { zindex: 1, ...ticks },
  };
}
