/** The values of a searched axis. */
import { exp, log } from '../core/special.ts';
import { holdsIntegers, type Axis, type Spec } from '../experiments/spec.ts';

/**
 * Steps of the grid in units of sqrt(precision), at most: the curve's bend over a step then shifts the crossing by a
 * small part of the precision.
 */
const STEP = 0.5;

/** Ascending numbers of an axis; undefined when they are none. */
export function numbersOf({ values }: Axis): number[] | undefined {
  return values.every((value) => typeof value === 'number') ? [...values].sort((a, b) => a - b) : undefined;
}

/** Values spaced evenly in log, 2^k steps so that a finer search meets the values of a coarser one. */
export function gridValues(along: Axis, spec: Spec, low: number, high: number, precision: number): number[] {
  const range = log(high) - log(low);
  let steps = 4;
  while (range / steps > STEP * Math.sqrt(precision)) steps *= 2;
  const integer = holdsIntegers(spec, along);
  const values = Array.from({ length: steps + 1 }, (_, k) =>
    k === steps ? high : exp(log(low) + (k / steps) * range),
  );
  return [...new Set(values.map((value) => (integer ? Math.round(value) : Number(value.toPrecision(8)))))];
}
