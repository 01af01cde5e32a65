/** exp, log and the logistic loss: the operations of src/core/special.ts in the same order, so the same bits. */

const LN2_HIGH: f64 = 6.93147180369123816490e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const INVERSE_LN2: f64 = 1.44269504088896338700;
const SQRT2: f64 = 1.4142135623730951;

/** 2^k for an integer k in [-1022, 1023]. */
// @ts-ignore: decorator
@inline
function power2(k: f64): f64 {
  return reinterpret<f64>((<i64>k + 1023) << 52);
}

/** e^x. */
export function exp(x: f64): f64 {
  if (!(x < 709.782712893384)) return x > 0 ? Infinity : x; // NaN passes
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let q: f64 = 1.0 / 6227020800.0;
  q = q * r + 1.0 / 479001600.0;
  q = q * r + 1.0 / 39916800.0;
  q = q * r + 1.0 / 3628800.0;
  q = q * r + 1.0 / 362880.0;
  q = q * r + 1.0 / 40320.0;
  q = q * r + 1.0 / 5040.0;
  q = q * r + 1.0 / 720.0;
  q = q * r + 1.0 / 120.0;
  q = q * r + 1.0 / 24.0;
  q = q * r + 1.0 / 6.0;
  q = q * r + 0.5;
  const value = 1 + (r + r * r * q);
  if (k > 1023) return value * 2 * power2(k - 1);
  if (k > -1022) return value * power2(k);
  return value * power2(k + 54) * 5.551115123125783e-17; // 2^-54: the result is subnormal
}

// @ts-ignore: decorator
@inline
function horner(q: v128, r: v128, c: f64): v128 {
  return f64x2.add(f64x2.mul(q, r), f64x2.splat(c));
}

/** e^x of two numbers at once; the same bits as `exp` of each. */
// @ts-ignore: decorator
@inline
export function exp2(x: v128): v128 {
  // Both well inside the normal range: no special case of `exp` applies.
  if (!i64x2.all_true(f64x2.lt(f64x2.abs(x), f64x2.splat(708)))) {
    return f64x2.replace_lane(f64x2.splat(exp(f64x2.extract_lane(x, 0))), 1, exp(f64x2.extract_lane(x, 1)));
  }
  const k = f64x2.floor(f64x2.add(f64x2.mul(x, f64x2.splat(INVERSE_LN2)), f64x2.splat(0.5)));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH))), f64x2.mul(k, f64x2.splat(LN2_LOW)));
  let q = f64x2.splat(1.0 / 6227020800.0);
  q = horner(q, r, 1.0 / 479001600.0);
  q = horner(q, r, 1.0 / 39916800.0);
  q = horner(q, r, 1.0 / 3628800.0);
  q = horner(q, r, 1.0 / 362880.0);
  q = horner(q, r, 1.0 / 40320.0);
  q = horner(q, r, 1.0 / 5040.0);
  q = horner(q, r, 1.0 / 720.0);
  q = horner(q, r, 1.0 / 120.0);
  q = horner(q, r, 1.0 / 24.0);
  q = horner(q, r, 1.0 / 6.0);
  q = horner(q, r, 0.5);
  const value = f64x2.add(f64x2.splat(1), f64x2.add(r, f64x2.mul(f64x2.mul(r, r), q)));
  // k + 1023 stands in the low bits of k + 1023 + 2^52; its low 11 bits are the exponent of 2^k.
  return f64x2.mul(value, i64x2.shl(f64x2.add(k, f64x2.splat(4503599627371519.0)), 52));
}

/** Natural logarithm. */
export function log(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN;
  if (x == Infinity) return x;
  let k: f64 = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0; // 2^54
    k = -54;
  }
  const bits = reinterpret<u64>(x);
  k += <f64>(<i32>(bits >> 52) - 1023);
  let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa > SQRT2) {
    mantissa *= 0.5;
    k += 1;
  }
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  let r: f64 = 2.0 / 21.0;
  r = r * z + 2.0 / 19.0;
  r = r * z + 2.0 / 17.0;
  r = r * z + 2.0 / 15.0;
  r = r * z + 2.0 / 13.0;
  r = r * z + 2.0 / 11.0;
  r = r * z + 2.0 / 9.0;
  r = r * z + 2.0 / 7.0;
  r = r * z + 2.0 / 5.0;
  r = r * z + 2.0 / 3.0;
  r *= z;
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
}

/** log(1 + x) for x in [0, 1]. */
function log1p(x: f64): f64 {
  const w = 1 + x;
  return w == 1 ? x : (log(w) * x) / (w - 1);
}

/** The logistic loss log(1 + e^-z) of a margin z. */
export function softplusOfMinus(z: f64): f64 {
  return z >= 0 ? log1p(exp(-z)) : log1p(exp(z)) - z;
}
