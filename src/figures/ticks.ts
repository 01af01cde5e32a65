/** Where ticks stand and how numbers are written along scales. */
import type { JsonObject } from './figure.ts';
import { typeset } from './text.ts';

/** Number format of linear scales: six digits at most, an exponent only where they do not do. */
export const NUMBER = '.6~g';

/**
 * Labels for ticks at given values, as Vega-Lite's `values` and `labelExpr`; with powers of ten where a plain number
 * would be long.
 */
export function ticksAt(values: readonly number[]): { values: readonly number[]; labelExpr: string } {
  const plain = values.every((value) => value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5));
  const labels = values.map((value) => (plain || value === 0 ? minus(String(brief4(value))) : power(value)));
  return { values, labelExpr: `${JSON.stringify(labels)}[indexof(${JSON.stringify(values)}, datum.value)]` };
}

/** Ticks of a logarithmic scale: powers of ten over three decades or more, else 1, 2, 5, 10 ... */
export function logTicks(low: number, high: number): { values: readonly number[]; labelExpr: string } {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const wide = Math.log10(high / low) >= 3 - 1e-9;
  const every = wide ? Math.ceil((last - first) / 8) : 1;
  const values: number[] = [];
  for (let exponent = first; exponent <= last; exponent += every) {
    for (const digit of wide ? [1] : [1, 2, 5]) {
      const value = Number(`${digit}e${exponent}`);
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) values.push(value);
    }
  }
  return ticksAt(values);
}

/**
 * Ticks of a linear scale: from a million on with k, M, G, where no number is below 1 (there `m` would be read as a
 * width).
 */
export const linearTicks = (low: number, high: number): JsonObject => ({
  format: Math.min(Math.abs(low), Math.abs(high)) >= 1 && Math.abs(high) >= 1e6 ? '~s' : NUMBER,
});

const brief4 = (value: number): number => Number(value.toPrecision(4));
const minus = (text: string): string => text.replace('-', '−');

function power(value: number): string {
  const [mantissa, exponent] = brief4(value).toExponential().split('e') as [string, string];
  return typeset(`${mantissa === '1' ? '' : `${minus(mantissa)}·`}10^{${Number(exponent)}}`);
}
