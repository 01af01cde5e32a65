/** How a measured quantity is labelled and which range its scale spans. */
import { SYMBOLS, type Range, type SymbolEntry } from '../notation.ts';
import { typeset } from './text.ts';
import { logPlace } from './ticks.ts';

export interface Scale {
  /** ends of the scale; values beyond them take the end's colour, and the end's label says so */
  readonly domain: readonly [number, number];
  readonly log: boolean;
}

/**
 * The glyph of a column's quantity, or the column's name: the meaning of a measured quantity is a sentence, too long
 * beside a scale.
 */
export const quantityLabel = (column: string): string =>
  typeset((SYMBOLS as Readonly<Partial<Record<string, SymbolEntry>>>)[column]?.glyph ?? column);

/** Least and largest value; [Infinity, -Infinity] of none. */
export const extent = (values: readonly number[]): [number, number] =>
  values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );

/** Where every value of a column lies, by the notation; undefined: anywhere. */
export function rangeOf(column: string): Range | undefined {
  const entry = (SYMBOLS as Readonly<Partial<Record<string, SymbolEntry>>>)[column];
  return entry?.kind === 'measured' ? entry.range : undefined;
}

/** The part of an interval that lies in a range. */
export const within = (
  [low, high]: readonly [number, number],
  { min, max }: Pick<Range, 'min' | 'max'> = { min: -Infinity, max: Infinity },
): [number, number] => [Math.max(min, low), Math.min(max, high)];

/** Errors on fresh points: guessing halves them. */
const ofFreshPoints = (column: string): boolean => /^(?!train).*Error/.test(column);

/**
 * Errors from 0 to 1/2 (guessing), fractions from 0 to 1, everything else over the values at hand; on a log scale over
 * whole decades.
 */
export function scaleOf(column: string, values: readonly number[], log: boolean): Scale {
  if (log) {
    const positive = values.filter((value) => value > 0);
    if (positive.length === 0) return { domain: [0.1, 1], log };
    const [least, most] = extent(positive);
    const low = Math.floor(Math.log10(least));
    const high = Math.ceil(Math.log10(most));
    const top = Number(`1e${high > low ? high : low + 1}`);
    return { domain: [logPlace(Number(`1e${low}`)), logPlace(top)], log };
  }
  if (rangeOf(column)?.max === 1) return { domain: [0, ofFreshPoints(column) ? 0.5 : 1], log };
  if (values.length === 0) return { domain: [0, 1], log };
  const [low, high] = extent(values);
  return { domain: high > low ? [low, high] : [low - 0.5, high + 0.5], log };
}
