/** From values to pixels and back, linear or logarithmic, with ticks. */
import { linearTicks, logTicks, ticksAt, type Ticks } from '../../figures/ticks.ts';

export interface Scale {
  readonly log: boolean;
  readonly from: number;
  readonly to: number;
  /** share of the way, 0 at `from`, 1 at `to` */
  place(value: number): number;
  value(share: number): number;
}

export function scaleBetween(from: number, to: number, log: boolean): Scale {
  if (log && from > 0) {
    const [a, b] = [Math.log(from), Math.log(to)];
    return {
      log: true,
      from,
      to,
      place: (value) => (Math.log(value) - a) / (b - a),
      value: (share) => Math.exp(a + share * (b - a)),
    };
  }
  return {
    log: false,
    from,
    to,
    place: (value) => (value - from) / (to - from),
    value: (share) => from + share * (to - from),
  };
}

export function ticksOf({ from, to, log }: Scale, count = 5): { readonly value: number; readonly label: string }[] {
  const ticks = log ? logTicks(from, to) : linearTicks(from, to, count);
  const labels = labelsIn(ticks);
  return ticks.values.map((value, at) => ({ value, label: labels[at]! }));
}

/** Borders of cells around values: half-way, and the ends of the scale. Shares of the way, ascending. */
export function bordersOf(values: readonly number[], scale: Scale): number[] {
  const places = values.map((value) => scale.place(value));
  const between = places.slice(1).map((place, at) => (place + places[at]!) / 2);
  return [0, ...between, 1].map((share) => Math.min(1, Math.max(0, share)));
}

/** The labels of a figure's ticks, which stand first in its expression. */
const labelsIn = ({ labelExpr }: Ticks): string[] =>
  JSON.parse(labelExpr.slice(0, labelExpr.indexOf('][indexof(') + 1)) as string[];

/** Numbers as a figure writes them along a scale. */
export const labelsOf = (values: readonly number[]): string[] => labelsIn(ticksAt(values));
