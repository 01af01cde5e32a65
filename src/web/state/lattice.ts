/** The values along an axis of the map: few digits, so that a cell can be written down and asked for again. */
import { inRange, PARAMETERS, type NumberParameter } from '../../notation.ts';
import { exp, log } from '../../core/special.ts';

/** Digits of a value on an axis; more where neighbours would fall together. */
const DIGITS = 4;

export interface Lattice {
  readonly path: string;
  readonly log: boolean;
  /** ascending, without repeats */
  readonly values: readonly number[];
}

/**
 * @param count of values; fewer where a range of integers has no more
 * @param factor what stands on the axis is multiplied by other symbols, and need not lie in the parameter's range
 */
export function lattice(
  path: string,
  from: number,
  to: number,
  count: number,
  { log: logarithmic, factor }: { readonly log: boolean; readonly factor?: boolean },
): Lattice {
  const own = (PARAMETERS.get(path)!.entry as NumberParameter).range;
  const range = factor ? { min: -Infinity, max: Infinity } : own;
  const isLog = logarithmic && from > 0;
  const place = (i: number): number => {
    const share = count === 1 ? 0 : i / (count - 1);
    return isLog ? exp(log(from) + share * log(to / from)) : from + share * (to - from);
  };
  const values = new Set<number>();
  for (let i = 0; i < count; i++) values.add(rounded(place(i), from, to, count, range.integer === true));
  return { path, log: isLog, values: [...values].filter((value) => inRange(value, range)).sort((a, b) => a - b) };
}

function rounded(x: number, from: number, to: number, count: number, integer: boolean): number {
  if (integer) {
    const short = Number(x.toPrecision(DIGITS));
    return Math.round(Math.abs(short - x) * count < to - from || x > 1e6 ? short : x);
  }
  const step = (to - from) / count || Number.MIN_VALUE;
  const digits = Math.max(DIGITS, Math.ceil(Math.log10(Math.max(1, Math.abs(x) / step))) + 2);
  return Number(x.toPrecision(Math.min(12, digits)));
}

/** Every `stride`-th value: a coarser map, whose cells the finer one has too. */
export const coarser = (values: readonly number[], stride: number): number[] =>
  values.filter((_, at) => at % stride === 0);
