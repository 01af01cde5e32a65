/**
 * exp, powers, log, the logistic loss, and the normal law: the operations of src/core/special.ts in the same order, so
 * the same bits.
 */

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

/** Which lie well inside the normal range: no special case of `exp` applies. */
// @ts-ignore: decorator
@inline
function ordinary(x: v128): v128 {
  return f64x2.lt(f64x2.abs(x), f64x2.splat(708));
}

/** The integer nearest to x / log 2. */
// @ts-ignore: decorator
@inline
function octave(x: v128): v128 {
  return f64x2.floor(f64x2.add(f64x2.mul(x, f64x2.splat(INVERSE_LN2)), f64x2.splat(0.5)));
}

/** x - k log 2. */
// @ts-ignore: decorator
@inline
function remainder(x: v128, k: v128): v128 {
  return f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH))), f64x2.mul(k, f64x2.splat(LN2_LOW)));
}

/** q with e^r = 1 + r + r^2 q, for |r| <= log(2) / 2. */
// @ts-ignore: decorator
@inline
function tail(r: v128): v128 {
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
  return horner(q, r, 0.5);
}

/** e^x where no special case of `exp` applies. */
// @ts-ignore: decorator
@inline
function ordinaryExp(x: v128): v128 {
  const k = octave(x);
  const r = remainder(x, k);
  const value = f64x2.add(f64x2.splat(1), f64x2.add(r, f64x2.mul(f64x2.mul(r, r), tail(r))));
  // k + 1023 stands in the low bits of k + 1023 + 2^52; its low 11 bits are the exponent of 2^k.
  return f64x2.mul(value, i64x2.shl(f64x2.add(k, f64x2.splat(4503599627371519.0)), 52));
}

/** e^x of two numbers at once; the same bits as `exp` of each. */
// @ts-ignore: decorator
@inline
export function exp2(x: v128): v128 {
  if (!i64x2.all_true(ordinary(x))) return f64x2.replace_lane(f64x2.splat(exp(f64x2.extract_lane(x, 0))), 1, exp(f64x2.extract_lane(x, 1)));
  return ordinaryExp(x);
}

/** e^x of the eight numbers at `at`, in place. */
export function exp8(at: usize): void {
  const x0 = v128.load(at);
  const x1 = v128.load(at, 16);
  const x2 = v128.load(at, 32);
  const x3 = v128.load(at, 48);
  if (!i64x2.all_true(v128.and(v128.and(ordinary(x0), ordinary(x1)), v128.and(ordinary(x2), ordinary(x3))))) {
    for (const end = at + 64; at < end; at += 8) store<f64>(at, exp(load<f64>(at)));
    return;
  }
  v128.store(at, ordinaryExp(x0));
  v128.store(at, ordinaryExp(x1), 16);
  v128.store(at, ordinaryExp(x2), 32);
  v128.store(at, ordinaryExp(x3), 48);
}

/** e^x of four numbers, stored at `out`; the same bits as `exp` of each. */
export function exp4(x0: v128, x1: v128, out: usize): void {
  if (i64x2.all_true(v128.and(ordinary(x0), ordinary(x1)))) {
    v128.store(out, ordinaryExp(x0));
    v128.store(out, ordinaryExp(x1), 16);
    return;
  }
  v128.store(out, exp2(x0));
  v128.store(out, exp2(x1), 16);
}

/** h^k for k >= 1, by repeated products as in src/network/activation.ts. */
// @ts-ignore: decorator
@inline
export function raised(h: v128, k: i32): v128 {
  let value = h;
  for (let i = 1; i < k; i++) value = f64x2.mul(value, h);
  return value;
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

/** Upper tail of the standard normal law. */
export function normalTail(x: f64): f64 {
  if (x == Infinity) return 0;
  if (x == -Infinity) return 1;
  const t = x / SQRT2;
  const y = t < 0 ? -t : t;
  let upper: f64;
  if (y <= 0.46875) {
    const z = y * y;
    const p = (((1.85777706184603153e-1 * z + 3.16112374387056560) * z + 1.13864154151050156e2) * z + 3.77485237685302021e2) * z + 3.20937758913846947e3;
    const q = (((z + 2.36012909523441209e1) * z + 2.44024637934444173e2) * z + 1.28261652607737228e3) * z + 2.84423683343917062e3;
    return 0.5 - (0.5 * t * p) / q;
  }
  if (y <= 4) {
    let p = 2.15311535474403846e-8 * y + 5.64188496988670089e-1;
    p = p * y + 8.88314979438837594;
    p = p * y + 6.61191906371416295e1;
    p = p * y + 2.98635138197400131e2;
    p = p * y + 8.81952221241769090e2;
    p = p * y + 1.71204761263407058e3;
    p = p * y + 2.05107837782607147e3;
    p = p * y + 1.23033935479799725e3;
    let q = y + 1.57449261107098347e1;
    q = q * y + 1.17693950891312499e2;
    q = q * y + 5.37181101862009858e2;
    q = q * y + 1.62138957456669019e3;
    q = q * y + 3.29079923573345963e3;
    q = q * y + 4.36261909014324716e3;
    q = q * y + 3.43936767414372164e3;
    q = q * y + 1.23033935480374942e3;
    upper = (exp(-y * y) * p) / q;
  } else {
    const z = 1 / (y * y);
    const p = ((((1.63153871373020978e-2 * z + 3.05326634961232344e-1) * z + 3.60344899949804439e-1) * z + 1.25781726111229246e-1) * z + 1.60837851487422766e-2) * z + 6.58749161529837803e-4;
    const q = ((((z + 2.56852019228982242) * z + 1.87295284992346047) * z + 5.27905102951428412e-1) * z + 6.05183413124413191e-2) * z + 2.33520497626869185e-3;
    upper = (exp(-y * y) * (0.56418958354775628695 - (z * p) / q)) / y;
  }
  return t < 0 ? 1 - 0.5 * upper : 0.5 * upper;
}

/** Replaces two normal numbers in (0, 1) at `at` by their quantiles. */
export function normalQuantile2(at: usize): void {
  const u = v128.load(at);
  v128.store(at, v128.bitselect(centralQuantile2(u), tailQuantile2(u), isCentral2(u)));
}

/** log of two normal numbers > 0 at once; the same bits as `log` of each. */
// @ts-ignore: decorator
@inline
function log2(x: v128): v128 {
  const one = f64x2.splat(1);
  // The exponent in the low bits of 2^52 is 2^52 plus the exponent.
  const exponent = f64x2.sub(v128.or(i64x2.shr_u(x, 52), f64x2.splat(4503599627370496)), f64x2.splat(4503599627371519));
  const fraction = v128.or(v128.and(x, i64x2.splat(0xfffffffffffff)), one);
  const large = f64x2.gt(fraction, f64x2.splat(SQRT2));
  const mantissa = v128.bitselect(f64x2.mul(fraction, f64x2.splat(0.5)), fraction, large);
  const k = f64x2.add(exponent, v128.and(large, one));
  const f = f64x2.sub(mantissa, one);
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const z = f64x2.mul(s, s);
  let r = f64x2.splat(2.0 / 21.0);
  r = horner(r, z, 2.0 / 19.0);
  r = horner(r, z, 2.0 / 17.0);
  r = horner(r, z, 2.0 / 15.0);
  r = horner(r, z, 2.0 / 13.0);
  r = horner(r, z, 2.0 / 11.0);
  r = horner(r, z, 2.0 / 9.0);
  r = horner(r, z, 2.0 / 7.0);
  r = horner(r, z, 2.0 / 5.0);
  r = horner(r, z, 2.0 / 3.0);
  r = f64x2.mul(r, z);
  const half = f64x2.mul(f64x2.mul(f64x2.splat(0.5), f), f);
  const low = f64x2.add(f64x2.mul(s, f64x2.add(half, r)), f64x2.mul(k, f64x2.splat(LN2_LOW)));
  return f64x2.sub(f64x2.mul(k, f64x2.splat(LN2_HIGH)), f64x2.sub(f64x2.sub(half, low), f));
}

/** Which of two numbers `centralQuantile2` is for; the others go to `tailQuantile2`. */
// @ts-ignore: decorator
@inline
export function isCentral2(u: v128): v128 {
  return f64x2.le(f64x2.abs(f64x2.sub(u, f64x2.splat(0.5))), f64x2.splat(0.425));
}

/** Quantiles of two numbers at once; the same bits as `normalQuantile` of each. */
// @ts-ignore: decorator
@inline
export function centralQuantile2(u: v128): v128 {
  const q = f64x2.sub(u, f64x2.splat(0.5));
  const r = f64x2.sub(f64x2.splat(0.180625), f64x2.mul(q, q));
  let a = horner(f64x2.splat(2509.0809287301226727), r, 33430.575583588128105);
  a = horner(a, r, 67265.770927008700853);
  a = horner(a, r, 45921.953931549871457);
  a = horner(a, r, 13731.693765509461125);
  a = horner(a, r, 1971.5909503065514427);
  a = horner(a, r, 133.14166789178437745);
  a = horner(a, r, 3.387132872796366608);
  let b = horner(f64x2.splat(5226.495278852854561), r, 28729.085735721942674);
  b = horner(b, r, 39307.89580009271061);
  b = horner(b, r, 21213.794301586595867);
  b = horner(b, r, 5394.1960214247511077);
  b = horner(b, r, 687.1870074920579083);
  b = horner(b, r, 42.313330701600911252);
  b = horner(b, r, 1);
  return f64x2.div(f64x2.mul(q, a), b);
}

/** The same of two normal numbers in (0, 1) more than 0.425 away from 0.5. */
// @ts-ignore: decorator
@inline
export function tailQuantile2(u: v128): v128 {
  const below = f64x2.lt(f64x2.sub(u, f64x2.splat(0.5)), f64x2.splat(0));
  const far = f64x2.sqrt(f64x2.neg(log2(v128.bitselect(u, f64x2.sub(f64x2.splat(1), u), below))));
  if (!i64x2.all_true(f64x2.le(far, f64x2.splat(5)))) {
    return f64x2.replace_lane(f64x2.splat(normalQuantile(f64x2.extract_lane(u, 0))), 1, normalQuantile(f64x2.extract_lane(u, 1)));
  }
  const r = f64x2.sub(far, f64x2.splat(1.6));
  let c = horner(f64x2.splat(7.7454501427834140764e-4), r, 0.0227238449892691845833);
  c = horner(c, r, 0.24178072517745061177);
  c = horner(c, r, 1.27045825245236838258);
  c = horner(c, r, 3.64784832476320460504);
  c = horner(c, r, 5.7694972214606914055);
  c = horner(c, r, 4.6303378461565452959);
  c = horner(c, r, 1.42343711074968357734);
  let d = horner(f64x2.splat(1.05075007164441684324e-9), r, 5.475938084995344946e-4);
  d = horner(d, r, 0.0151986665636164571966);
  d = horner(d, r, 0.14810397642748007459);
  d = horner(d, r, 0.68976733498510000455);
  d = horner(d, r, 1.6763848301838038494);
  d = horner(d, r, 2.05319162663775882187);
  d = horner(d, r, 1);
  const value = f64x2.div(c, d);
  return v128.bitselect(f64x2.neg(value), value, below);
}

/** Standard normal quantile for u in (0, 1). */
export function normalQuantile(u: f64): f64 {
  const q = u - 0.5;
  if (q <= 0.425 && q >= -0.425) {
    const r = 0.180625 - q * q;
    const a = ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608;
    const b = ((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1;
    return (q * a) / b;
  }
  let r = Math.sqrt(-log(q < 0 ? u : 1 - u));
  let value: f64;
  if (r <= 5) {
    r -= 1.6;
    const c = ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734;
    const d = ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1;
    value = c / d;
  } else {
    r -= 5;
    const e = ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772;
    const f = ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1;
    value = e / f;
  }
  return q < 0 ? -value : value;
}
