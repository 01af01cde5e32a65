/** Axes of a sweep as continuous scales, so that curves lie on the same scale as the cells. */
import { axisLabel } from '../notation.ts';
import type { Axis, Spec } from '../experiments/spec.ts';
import type { JsonObject } from './figure.ts';
import { typeset } from './text.ts';
import { linearTicks, logTicks, ticksAt } from './ticks.ts';

export interface NumericAxis {
  /** column of the table */
  readonly name: string;
  readonly label: string;
  /** ascending */
  readonly values: readonly number[];
  /** cell borders, one more than values: midpoints between neighbours, on the axis' own scale */
  readonly edges: readonly number[];
  readonly log: boolean;
}

/** The axes that are numbers and vary, in the order of the spec. */
export function numericAxes(spec: Spec): { readonly axis: Axis; readonly numbers: NumericAxis }[] {
  return spec.axes.flatMap((axis) => {
    const { id, name, glyph, values } = axis;
    if (values.length < 2 || !values.every((value) => typeof value === 'number')) return [];
    const sorted = [...values].sort((a, b) => a - b);
    const log = geometric(sorted);
    return [
      {
        axis,
        numbers: { name, label: typeset(glyph ?? axisLabel(id)), values: sorted, edges: edges(sorted, log), log },
      },
    ];
  });
}

/** Whether ascending values are spaced more evenly by ratio than by difference. */
function geometric(values: readonly number[]): boolean {
  if (values.length < 3 || !(values[0]! > 0)) return false;
  const unevenness = (scale: (x: number) => number): number => {
    const first = scale(values[0]!);
    const range = scale(values.at(-1)!) - first;
    return values.reduce(
      (worst, value, i) => Math.max(worst, Math.abs((scale(value) - first) / range - i / (values.length - 1))),
      0,
    );
  };
  return unevenness(Math.log) < unevenness((x) => x) - 1e-9;
}

function edges(values: readonly number[], log: boolean): number[] {
  const middle = (a: number, b: number): number => (log ? Math.sqrt(a * b) : (a + b) / 2);
  const beyond = (value: number, inner: number): number => (log ? (value * value) / inner : 2 * value - inner);
  const between = values.slice(1).map((value, i) => middle(values[i]!, value));
  const all = [beyond(values[0]!, between[0]!), ...between, beyond(values.at(-1)!, between.at(-1)!)];
  return all.map((edge) => Number(edge.toPrecision(12)));
}

/** Few and short values are named one by one on an axis. */
const nameable = (values: readonly number[]): boolean =>
  values.length <= 12 && values.every((value) => Number(value.toPrecision(3)) === value);

/** Vega-Lite channel of a position on the axis. */
export function position({ label, values, edges, log }: NumericAxis, field: string): JsonObject {
  const [low, high] = [edges[0]!, edges.at(-1)!];
  return {
    field,
    type: 'quantitative',
    title: label,
    scale: { type: log ? 'log' : 'linear', domain: [low, high], nice: false, ...(!log && { zero: false }) },
    axis: { zindex: 1, ...(nameable(values) ? ticksAt(values) : log ? logTicks(low, high) : linearTicks(low, high)) },
  };
}
