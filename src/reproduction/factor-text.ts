/** By what factor an assumption is missed, in words. */

/** To two digits, as an entry keeps it. */
export const rounded = (factor: number): number => Number(factor.toPrecision(2));

/** `∞` for a side that is 0. */
export const factorText = (factor: number): string =>
  factor === Infinity
    ? '∞'
    : factor >= 1e4
      ? factor.toExponential(1)
      : factor < 10
        ? factor.toPrecision(2)
        : String(rounded(factor));
