/** Exact scaling by powers of two: nothing is rounded but what leaves the range of normal numbers. */

const buffer = new Float64Array(1);
const words = new Int32Array(buffer.buffer);

/** k with 2^k <= x < 2^(k+1) for a finite x > 0; 0 for anything else. */
export function exponentOf(x: number): number {
  if (!(x > 0) || x === Infinity) return 0;
  if (x < 2.2250738585072014e-308) return exponentOf(x * 18014398509481984) - 54;
  buffer[0] = x;
  return (words[1]! >> 20) - 1023;
}

/** x 2^k for any integer k. */
export function timesPower2(x: number, k: number): number {
  for (; k > MOST; k -= MOST) x *= HIGH;
  for (; k < -MOST; k += MOST) x *= LOW;
  return x * power2(k);
}

/** All of x times 2^k, in an array of its own. */
export function arrayTimesPower2(x: Float64Array, k: number): Float64Array {
  if (Math.abs(k) > MOST) return x.map((value) => timesPower2(value, k));
  const factor = power2(k);
  const out = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) out[i] = x[i]! * factor;
  return out;
}

const MOST = 1000;
/** 2^1000 and 2^-1000 */
const HIGH = 1.0715086071862673e301;
const LOW = 9.332636185032189e-302;

/** 2^k for an integer k in [-1022, 1023]. */
function power2(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return buffer[0]!;
}

/** Largest absolute value; NaN when one of them is NaN, 0 for none. */
export function largestOf(x: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const size = Math.abs(x[i]!);
    if (!(size <= largest)) largest = size;
    if (largest !== largest) return NaN;
  }
  return largest;
}
