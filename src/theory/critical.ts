/** Control parameters and critical values: where a paper puts the border of a regime. */
import { exp, log } from '../core/special.ts';
import { SYMBOLS, type Setting, type SymbolEntry, type SymbolId } from '../notation.ts';
import type { Condition, Constants } from './statement.ts';

/**
 * ‖μ‖ at which n ‖μ‖⁴ = kappa sigma_p⁴ d: the curve between the benign and the harmful region of Kou et al. 2023,
 * Theorem 4.2, whose constants C_1 and C_3 leave kappa free.
 *
 * @param sigmaP noise standard deviation per coordinate, > 0
 * @param kappa > 0
 */
export function criticalSignal(
  { n, d, sigmaP }: { readonly n: number; readonly d: number; readonly sigmaP: number },
  kappa: number,
): number {
  return sigmaP * exp(0.25 * log((kappa * d) / n));
}

/** Ends of the search where a symbol's range is open. */
const LEAST = 1e-12;
const MOST = 1e15;
/** Steps of the scan for a change of sign; a border is crossed once or twice, decades apart. */
const SCAN = 540;

/**
 * Values of one symbol at which the two sides of a condition are equal, the others as they stand; ascending, and found
 * to a relative 1e-15 by bisection on the logarithm within the symbol's range. Empty when the sides do not depend on
 * the symbol or never meet. Symbols that are counts are solved for as real numbers.
 *
 * @param along symbols that keep their ratio to the chosen one
 */
export function criticalValues(
  condition: Condition,
  setting: Setting,
  constants: Constants,
  id: SymbolId,
  along: readonly SymbolId[] = [],
): number[] {
  const entry = SYMBOLS[id] as SymbolEntry;
  const range = entry.kind === 'number' ? entry.range : { min: 0, max: Infinity };
  const from = log(Math.max(range.min, LEAST));
  const to = log(range.max === Infinity ? MOST : range.max * (1 - 2 ** -40));
  const gap = (at: number): number => {
    const there = moved(setting, id, exp(at), along);
    return log(condition.lhs(there, constants)) - log(condition.rhs(there, constants));
  };
  const found: number[] = [];
  let [left, before] = [from, gap(from)];
  for (let i = 1; i <= SCAN; i++) {
    const right = from + ((to - from) * i) / SCAN;
    const after = gap(right);
    if (before * after < 0 || (after === 0 && before !== 0)) found.push(exp(bisect(gap, left, right, before)));
    [left, before] = [right, after];
  }
  return found;
}

/** The setting with another value of one symbol; those in `along` keep their ratio to it. */
export function moved(setting: Setting, id: SymbolId, value: number, along: readonly SymbolId[] = []): Setting {
  const factor = value / (setting[id] ?? NaN);
  return { ...setting, ...Object.fromEntries(along.map((one) => [one, (setting[one] ?? NaN) * factor])), [id]: value };
}

function bisect(f: (x: number) => number, left: number, right: number, atLeft: number): number {
  for (;;) {
    const middle = (left + right) / 2;
    if (middle <= left || middle >= right) return middle;
    const here = f(middle);
    if (here === 0) return middle;
    if (here * atLeft > 0) left = middle;
    else right = middle;
  }
}
