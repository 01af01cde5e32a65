/** Where ticks stand and how numbers are written along scales: never fewer than two labels. */
import { minus, powerText } from '../core/number-text.ts';
import type { JsonObject } from './figure.ts';
import { typeset } from './text.ts';

export interface Ticks {
  readonly values: readonly number[];
  readonly labelExpr: string;
}

/** Labels for ticks at given values, as Vega-Lite's `values` and `labelExpr`; powers of ten where a number is long. */
export function ticksAt(values: readonly number[]): Ticks {
  const labels = labelsOf(values);
  return { values, labelExpr: `${JSON.stringify(labels)}[indexof(${JSON.stringify(values)}, datum.value)]` };
}

/** A number of so many digits stands as it is: 0.49999 is not 0.5. */
const EXACT = 6;

/**
 * As many digits as tell neighbours apart, four at the least; a number that needs more is written out. Between powers of
 * ten a number of an ordinary size stays as it is: 0.5, not 5·10⁻¹.
 */
function labelsOf(values: readonly number[]): string[] {
  const plain = values.every((value) => value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5));
  const written = (digits: number): string[] =>
    values.map((value) => {
      const short = Number(value.toPrecision(EXACT)) === value ? value : Number(value.toPrecision(digits));
      const size = Math.abs(short);
      const ordinary = size >= 0.1 && size < 1000 && !Number.isInteger(Math.log10(size));
      const written = Math.abs(short) >= 1e-3 && Math.abs(short) < 1e15 && digits > 4;
      return plain || written || ordinary || short === 0 ? minus(String(short)) : typeset(powerText(short));
    });
  const different = new Set(values).size;
  for (let digits = 4; digits < 15; digits++) {
    const labels = written(digits);
    if (new Set(labels).size === different) return labels;
  }
  return values.map((value) => minus(String(value)));
}

/** Numbers beyond this have no place on a linear scale: the way between two of them is no longer a number. */
export const LINEAR_MOST = 1e307;
/** Least number with all its digits. */
const LEAST = 2 ** -1022;

/** A positive number, infinity or an underflow to 0 as the nearest end of a logarithmic scale that can be drawn. */
export const logPlace = (x: number): number => Math.min(Number.MAX_VALUE, Math.max(Number.MIN_VALUE, x));

/** Ends of a logarithmic scale that goes a factor beyond the values. */
export const logEnds = (low: number, high: number, factor: number): [number, number] => [
  logPlace(low / factor),
  logPlace(high * factor),
];

/** Fewer ticks of a logarithmic scale do not show that it is one. */
const ENOUGH = 3;

/** Ticks of a logarithmic scale: powers of ten over three decades or more, else 1, 2, 5, 10 ..., else even steps. */
export function logTicks(low: number, high: number): Ticks {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const wide = Math.log10(high) - Math.log10(low) >= 3 - 1e-9;
  const every = wide ? Math.ceil((last - first) / 8) : 1;
  const at = (digits: readonly number[]): number[] => {
    const values: number[] = [];
    for (let exponent = first; exponent <= last; exponent += every)
      for (const digit of digits) {
        const value = Number(`${digit}e${exponent}`);
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9) && Number.isFinite(value)) values.push(value);
      }
    return values;
  };
  for (const digits of wide
    ? [[1]]
    : [
        [1, 2, 5],
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
      ]) {
    const values = at(digits);
    if (values.length >= ENOUGH) return ticksAt(values);
  }
  return ticksAt(evenly(low, high, 5));
}

/** Ticks of a scale that is linear around 0 and logarithmic beyond: 0 and powers of ten. @param from least of them */
export function symlogTicks(low: number, high: number, from: number): Ticks {
  const first = Math.floor(Math.log10(from) + 1e-9);
  const last = Math.floor(Math.log10(Math.max(high, -low)) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / 6));
  const sizes: number[] = [];
  for (let exponent = first; exponent <= last; exponent += every) sizes.push(Number(`1e${exponent}`));
  const values = [...sizes.map((size) => -size).reverse(), 0, ...sizes].filter((one) => one >= low && one <= high);
  return ticksAt(values.length >= 2 ? values : [...new Set([0, low, high])].sort((a, b) => a - b));
}

/** Ticks of a linear scale at 1, 2 or 5 times a power of ten; two at the least. */
export const linearTicks = (low: number, high: number, count = 5): Ticks => ticksAt(evenly(low, high, count));

/** The same at whole numbers: steps of a run. */
export const stepTicks = (low: number, high: number): Ticks =>
  ticksAt(evenly(low, high, Math.max(1, Math.min(5, Math.floor(high - low)))).filter(Number.isInteger));

/** Multiples of a round step from low to high. */
function evenly(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  for (let wanted = count; ; wanted++) {
    const step = roundStep((high - low) / wanted);
    const slack = 1e-9 * step;
    const values: number[] = [];
    for (let k = Math.ceil((low - slack) / step); k * step <= high + slack; k++)
      values.push(Number((k * step).toPrecision(14)) + 0);
    if (values.length >= 2 || wanted > 20 * count) return values.length >= 2 ? values : [low, high];
  }
}

/** 1, 2 or 5 times a power of ten, about as large as asked for. */
function roundStep(about: number): number {
  const power = Math.floor(Math.log10(about));
  const lead = about / 10 ** power;
  return Number(`${lead < Math.SQRT2 ? 1 : lead < Math.sqrt(10) ? 2 : lead < Math.sqrt(50) ? 5 : 10}e${power}`);
}

/** Ends of a linear scale over the values, rounded outwards to a tick. @param zero whether it reaches to 0 */
export function roundEnds([least, most]: readonly [number, number], zero: boolean): [number, number] {
  const [low, high] = zero ? [Math.min(0, least), Math.max(0, most)] : [least, most];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  // So near 0 that there are no round steps between, with all their digits.
  if (Math.max(-low, high) < 1e15 * LEAST) return low < 0 ? [-1, 1] : [0, 1];
  if (low === high) return [low - Math.abs(low) / 10, low + Math.abs(low) / 10];
  const step = roundStep((high - low) / 5);
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step].map(
    (end) => Number(end.toPrecision(14)) + 0,
  ) as [number, number];
}

/** Scale and axis of a linear channel over the values, as Vega-Lite's. */
export function linearChannel(
  ends: readonly [number, number],
  { zero = false, count = 5 }: { readonly zero?: boolean; readonly count?: number } = {},
): { readonly ends: readonly [number, number]; readonly scale: JsonObject; readonly axis: Ticks } {
  const [low, high] = roundEnds(ends, zero);
  return {
    ends: [low, high],
    scale: { type: 'linear', domain: [low, high], nice: false, zero: false },
    axis: linearTicks(low, high, count),
  };
}
