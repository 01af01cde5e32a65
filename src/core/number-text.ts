/** Numbers as they are read: 10^{9}, not 1000000000. */

/** Digits of a mantissa before a power of ten; an integer that needs more is written out. */
const MANTISSA = 4;

/**
 * A number in words and headings, up to 6 digits: a power of ten (`2.5·10^{9}`, for `typeset`) for 10^4, from 10^5 on and
 * below 10^-3; integers are exact.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number.isInteger(value) && Math.abs(value) < 1e21 ? value : Number(value.toPrecision(6));
  const size = Math.abs(rounded);
  const [mantissa] = rounded.toExponential().split('e') as [string];
  const short = size >= 1e-3 && size < (mantissa.replace('-', '') === '1' ? 1e4 : 1e5);
  if (rounded === 0 || short) return minus(String(rounded));
  if (size >= 1e5 && size < 1e15 && mantissa.replace(/[.-]/g, '').length > MANTISSA) return minus(String(rounded));
  return powerText(rounded);
}

/** `2.5·10^{9}`, the power alone for a mantissa of 1. @param digits of the mantissa; as many as it has when absent */
export function powerText(value: number, digits?: number): string {
  const [mantissa, exponent] = value.toExponential(digits === undefined ? undefined : digits - 1).split('e') as [
    string,
    string,
  ];
  const short = String(Number(mantissa));
  const sign = short.startsWith('-') ? '−' : '';
  const size = short.replace('-', '');
  return `${sign}${size === '1' ? '' : `${size}·`}10^{${Number(exponent)}}`;
}

/** The sign that is as wide as a plus. */
export const minus = (text: string): string => text.replace(/^-/, '−');
