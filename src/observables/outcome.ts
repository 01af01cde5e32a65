/**
 * The three ways in which training on flipped labels ends, after George, Murray, Swartworth, Needell 2023: every label
 * fitted and fresh points right (benign) or wrong (harmful, their "overfitting"), or the flipped labels refused
 * (non-overfitting). Where a finite run counts as right is our choice.
 */

/** Largest clean test error that counts as right. */
export const RIGHT = 0.1;

export interface Endings {
  readonly benign: 0 | 1;
  readonly harmful: 0 | 1;
  readonly nonOverfitting: 0 | 1;
}

/**
 * At most one of them is 1. A flipped label counts as refused when it is not fitted; one refused is enough.
 *
 * @param clean training error over the clean samples, in [0, 1]; NaN when there is none
 * @param flipped over the flipped ones
 * @param testErrorClean in [0, 1]
 */
export function endings(clean: number, flipped: number, testErrorClean: number): Endings {
  const right = testErrorClean <= RIGHT;
  const cleanFitted = !(clean > 0);
  const refused = flipped > 0;
  return {
    benign: flag(cleanFitted && !refused && right),
    harmful: flag(cleanFitted && !refused && !right),
    nonOverfitting: flag(cleanFitted && refused && right),
  };
}

const flag = (yes: boolean): 0 | 1 => (yes ? 1 : 0);
