/**
 * Upper tail of the chi law (the norm of k independent standard normals) from finite sums of positive terms, so that
 * nothing cancels however far out.
 */
import { exp, normalTail } from './special.ts';

const SQRT_2_OVER_PI = 0.7978845608028654;
/** Sums are brought back below this before they can overflow. */
const LARGE = 1e250;

/**
 * P(chi_k > r), k >= 1 an integer, with x = r^2 / 2 (Abramowitz and Stegun 26.4.4 and 26.4.5):
 *
 *   even k:  e^-x (1 + x + x^2/2! + ... + x^(k/2-1)/(k/2-1)!)
 *   odd k:   2 Q(r) + sqrt(2/pi) e^-x (r + r^3/3 + r^5/(3 5) + ... + r^(k-2)/(3 5 ... (k-2)))
 *
 * Relative error about (k + x) ulp, the second part from rounding x; 1 for r <= 0; 0 where it underflows.
 */
export function chiTail(k: number, r: number): number {
  if (!(r > 0)) return 1;
  if (r === Infinity) return 0;
  const odd = k % 2 === 1;
  const square = r * r;
  let left = square / 2; // the part of x whose e^-x is still to be multiplied in
  let sum = 0;
  let term = odd ? r : 1;
  for (let i = odd ? 3 : 2; i <= k; i += 2) {
    sum += term;
    term *= square / i;
    if (sum < LARGE) continue;
    const chunk = Math.min(left, 500);
    const factor = exp(-chunk);
    left -= chunk;
    sum *= factor;
    term *= factor;
  }
  // Halves: e^-x alone may underflow where the product does not.
  const half = exp(-left / 2);
  const value = sum * half * half;
  return odd ? 2 * normalTail(r) + SQRT_2_OVER_PI * value : value;
}
