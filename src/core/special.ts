/**
 * Elementary and normal-law functions whose bits do not depend on the JavaScript engine.
 *
 * `Math.exp`, `Math.log` and friends are approximations that differ between engines (ECMA-262
 * says so), hence polynomials built from +, -, *, / and sqrt only, which IEEE 754 fixes.
 */

const buffer = new Float64Array(1);
const words = new Int32Array(buffer.buffer); // [low, high]: every platform that runs JavaScript here is little-endian

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const INVERSE_LN2 = 1.442695040888963387;
export const SQRT2 = Math.SQRT2;

/** e^x. Relative error below 1.5 ulp; 0 below -745.13, Infinity above 709.78. */
export function exp(x: number): number {
  if (!(x < 709.782712893384)) return x > 0 ? Infinity : x; // NaN passes
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let q = 1 / 6227020800;
  q = q * r + 1 / 479001600;
  q = q * r + 1 / 39916800;
  q = q * r + 1 / 3628800;
  q = q * r + 1 / 362880;
  q = q * r + 1 / 40320;
  q = q * r + 1 / 5040;
  q = q * r + 1 / 720;
  q = q * r + 1 / 120;
  q = q * r + 1 / 24;
  q = q * r + 1 / 6;
  q = q * r + 0.5;
  const value = 1 + (r + r * r * q);
  if (k > 1023) return value * 2 * power2(k - 1);
  if (k > -1022) return value * power2(k);
  return value * power2(k + 54) * 5.551115123125783e-17; // 2^-54: the result is subnormal
}

/** 2^k for an integer k in [-1022, 1023]. */
function power2(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return buffer[0]!;
}

/**
 * Natural logarithm, the same bits everywhere. Relative error below 1 ulp; -Infinity at 0, NaN below.
 *
 * @param x any number
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2^54
    k = -54;
  }
  buffer[0] = x;
  const high = words[1]!;
  k += (high >> 20) - 1023;
  words[1] = (high & 0xfffff) | 0x3ff00000;
  let mantissa = buffer[0];
  if (mantissa > SQRT2) {
    mantissa *= 0.5;
    k += 1;
  }
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  let r = 2 / 21;
  r = r * z + 2 / 19;
  r = r * z + 2 / 17;
  r = r * z + 2 / 15;
  r = r * z + 2 / 13;
  r = r * z + 2 / 11;
  r = r * z + 2 / 9;
  r = r * z + 2 / 7;
  r = r * z + 2 / 5;
  r = r * z + 2 / 3;
  r *= z;
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
}

/** log(1 + x) for x in [0, 1]; relative error of a few ulp down to x = 0. */
export function log1p(x: number): number {
  const w = 1 + x;
  return w === 1 ? x : (log(w) * x) / (w - 1);
}

/**
 * arcsin(x) for x in [-1, 1], to about an ulp of pi/2; NaN elsewhere. Rational approximation of (asin x - x)/x³ on
 * [0, 1/2]: FDLIBM (Sun Microsystems 1993), e_asin.c; asin x = pi/2 - 2 asin sqrt((1 - x)/2) beyond.
 */
export function arcsine(x: number): number {
  const y = x < 0 ? -x : x;
  if (!(y <= 1)) return NaN;
  const small = y < 0.5;
  const t = small ? y * y : 0.5 * (1 - y);
  let p = 3.4793310759602116757e-5;
  p = p * t + 7.91534994289814532176e-4;
  p = p * t - 4.00555345006794114027e-2;
  p = p * t + 2.01212532134862925881e-1;
  p = p * t - 3.25565818622400915405e-1;
  p = p * t + 1.66666666666666657415e-1;
  let q = 7.70381505559019352791e-2;
  q = q * t - 6.8828397160545329303e-1;
  q = q * t + 2.02094576023350569471;
  q = q * t - 2.40339491173441421878;
  const r = (t * p) / (q * t + 1);
  const root = small ? y : Math.sqrt(t);
  const value = small ? y + y * r : Math.PI / 2 - 2 * (root + root * r);
  return x < 0 ? -value : value;
}

/** The logistic loss log(1 + e^-z) of a margin z; never overflows. */
export function softplusOfMinus(z: number): number {
  return z >= 0 ? log1p(exp(-z)) : log1p(exp(z)) - z;
}

/** 1 / (1 + e^z): minus the derivative of the logistic loss at margin z. */
export function sigmoidOfMinus(z: number): number {
  return 1 / (1 + exp(z));
}

/**
 * Upper tail of the standard normal law, Q(x) = P(Z > x), with full relative accuracy in the tail
 * (2e-15 up to x = 7; the error grows like x^2 ulp after that; 0 beyond x = 38.5).
 * Rational approximations of erfc: W. J. Cody, Math. Comp. 23 (1969) 631-637.
 */
export function normalTail(x: number): number {
  if (x === Infinity) return 0;
  if (x === -Infinity) return 1;
  const t = x / SQRT2;
  const y = t < 0 ? -t : t;
  let upper: number;
  if (y <= 0.46875) {
    const z = y * y;
    const p =
      (((1.85777706184603153e-1 * z + 3.1611237438705656) * z + 1.13864154151050156e2) * z + 3.77485237685302021e2) *
        z +
      3.20937758913846947e3;
    const q =
      (((z + 2.36012909523441209e1) * z + 2.44024637934444173e2) * z + 1.28261652607737228e3) * z +
      2.84423683343917062e3;
    return 0.5 - (0.5 * t * p) / q;
  }
  if (y <= 4) {
    let p = 2.15311535474403846e-8 * y + 5.64188496988670089e-1;
    p = p * y + 8.88314979438837594;
    p = p * y + 6.61191906371416295e1;
    p = p * y + 2.98635138197400131e2;
    p = p * y + 8.8195222124176909e2;
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
    const p =
      ((((1.63153871373020978e-2 * z + 3.05326634961232344e-1) * z + 3.60344899949804439e-1) * z +
        1.25781726111229246e-1) *
        z +
        1.60837851487422766e-2) *
        z +
      6.58749161529837803e-4;
    const q =
      ((((z + 2.56852019228982242) * z + 1.87295284992346047) * z + 5.27905102951428412e-1) * z +
        6.05183413124413191e-2) *
        z +
      2.33520497626869185e-3;
    upper = (exp(-y * y) * (0.56418958354775628695 - (z * p) / q)) / y;
  }
  return t < 0 ? 1 - 0.5 * upper : 0.5 * upper;
}

/** Standard normal distribution function Phi(x) = Q(-x). */
export function normalCdf(x: number): number {
  return normalTail(-x);
}

/**
 * Standard normal quantile for u in (0, 1): Phi(normalQuantile(u)) = u to about 1e-15.
 * M. J. Wichura, algorithm AS 241 (PPND16), Appl. Statist. 37 (1988) 477-484.
 */
export function normalQuantile(u: number): number {
  const q = u - 0.5;
  if (q <= 0.425 && q >= -0.425) {
    const r = 0.180625 - q * q;
    const a =
      ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r +
        45921.953931549871457) *
        r +
        13731.693765509461125) *
        r +
        1971.5909503065514427) *
        r +
        133.14166789178437745) *
        r +
      3.387132872796366608;
    const b =
      ((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) *
        r +
        5394.1960214247511077) *
        r +
        687.1870074920579083) *
        r +
        42.313330701600911252) *
        r +
      1;
    return (q * a) / b;
  }
  let r = Math.sqrt(-log(q < 0 ? u : 1 - u));
  let value: number;
  if (r <= 5) {
    r -= 1.6;
    const c =
      ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r +
        1.27045825245236838258) *
        r +
        3.64784832476320460504) *
        r +
        5.7694972214606914055) *
        r +
        4.6303378461565452959) *
        r +
      1.42343711074968357734;
    const d =
      ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r +
        0.14810397642748007459) *
        r +
        0.68976733498510000455) *
        r +
        1.6763848301838038494) *
        r +
        2.05319162663775882187) *
        r +
      1;
    value = c / d;
  } else {
    r -= 5;
    const e =
      ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r +
        0.026532189526576123093) *
        r +
        0.29656057182850489123) *
        r +
        1.7848265399172913358) *
        r +
        5.4637849111641143699) *
        r +
      6.6579046435011037772;
    const f =
      ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r +
        7.868691311456132591e-4) *
        r +
        0.0148753612908506148525) *
        r +
        0.13692988092273580531) *
        r +
        0.59983220655588793769) *
        r +
      1;
    value = e / f;
  }
  return q < 0 ? -value : value;
}
