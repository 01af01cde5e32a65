/**
 * The transition of Shang et al. 2024 on both sides of v*, reconstructed: the growth of two layers while no sample is
 * fitted, solved. A filter of a class of n_j samples that responds to a n_j of them has
 *
 *   signal:  <w, mu>' = (n_j/2n) ‖mu‖² v_1,     v_1' = (n_j/2n) <w, mu>:       both grow at ‖mu‖ n_j/(2n);
 *   noise:   <w, xi_i>' = (sigma_p² d/2n) v_2,  v_2' = (1/2n) sum_i <w, xi_i>: at sigma_p (d a n_j)^{1/2}/(2n).
 *
 * The first rate over the second is c r with r = (n SNR²)^{1/2} and c² = n_j/(a n). From v_0 the noise grows for
 * L = 1 + log(v* / v_0) e-foldings until m v_2 <w, xi> is of order 1 and the sample is fitted. By then the output on
 * the signal is of order m v_0² ‖mu‖ sinh(2 c r L), the one on a fresh noise (n/d)^{1/2}; E is the square of their
 * ratio, continued to S = n ‖mu‖⁴/(sigma_p⁴ d) from v* on.
 *
 * A start with ‖w(0)‖ << v_0 does not fix the a: the overlaps of the noises, not the initial weights, decide which
 * samples a filter responds to, and it comes to respond to most of its class (validation/shang-regimes.md).
 */
import { exp, log, normalQuantile } from '../core/special.ts';
import type { Powers } from '../notation.ts';

type Sizes = Readonly<Record<'n' | 'd' | 'm' | 'sigmaP', number>>;
type Point = Sizes & Readonly<Record<'mu' | 'v0', number>>;

/** a: share of its class that a filter responds to, from a thin start; fitted (validation/shang-regimes.md). */
export const SHARE = 0.78;

/** v* = n^{1/4} m^{-1/2} sigma_p^{-1/2} d^{-1/4}: below it an initial output weight grows with the filters. */
export const thresholdOutput = (s: Sizes): number => Math.sqrt(Math.sqrt(s.n / s.d) / (s.m * s.sigmaP));
/** r = (n SNR²)^{1/2} = (‖mu‖/sigma_p) (n/d)^{1/2} */
export const signalRatio = (s: Pick<Point, 'n' | 'd' | 'mu' | 'sigmaP'>): number =>
  (s.mu / s.sigmaP) * Math.sqrt(s.n / s.d);
/** S = n ‖mu‖⁴/(sigma_p⁴ d) */
const strength = (s: Pick<Point, 'n' | 'd' | 'mu' | 'sigmaP'>): number => (s.n * (s.mu / s.sigmaP) ** 4) / s.d;

/** c with the smaller class as large as in the mean, n/2 - (n/2π)^{1/2}. */
export const growthRatio = (n: number, share: number = SHARE): number => Math.sqrt(smallerClass(n) / share);
const smallerClass = (n: number): number => 0.5 - 1 / Math.sqrt(2 * Math.PI * n);
/** The least c of all but a share delta of samples: the smaller class at its quantile, filters that respond to all of it. */
export const leastGrowthRatio = (n: number, delta: number): number =>
  Math.sqrt(Math.max(0, 0.5 - normalQuantile(1 - delta / 2) / (2 * Math.sqrt(n))));
/** The largest: equal classes, filters that respond to the half of theirs that they start with. */
export const MOST_GROWTH_RATIO = 1;

/** L = 1 + log(v* / v_0) below v*, 1 above. */
export const foldings = (start: number): number => 1 - log(Math.min(1, start));

/**
 * E = S min(1, u)⁴ (sinh(2 c r L)/sinh(2 c r))², u = v_0/v*.
 *
 * @param c ratio of the two rates at r = 1; that of the fitted share when absent
 */
export const exponent = (s: Point, c: number = growthRatio(s.n)): number => exp(logExponent(s, c));

export function logExponent(s: Point, c: number = growthRatio(s.n)): number {
  const u = Math.min(1, s.v0 / thresholdOutput(s));
  return log(strength(s)) + 4 * log(u) + 2 * logSinhRatio(2 * c * signalRatio(s), foldings(u));
}

/** log(sinh(x L)/sinh(x)), x >= 0, L >= 1; log L at 0. */
function logSinhRatio(x: number, L: number): number {
  if (x * L < SERIES) return log(L) + (x * x * (L * L - 1)) / 6;
  return x * (L - 1) + log(-expm1(-2 * x * L) / -expm1(-2 * x));
}
/** Up to here the series leave out less than 1e-14. */
const SERIES = 4e-4;
/** exp(x) - 1 for x <= 0. */
const expm1 = (x: number): number => (x > -1e-3 ? x * (1 + (x / 2) * (1 + (x / 3) * (1 + x / 4))) : exp(x) - 1);
/** x coth x; 1 at 0. */
const xCoth = (x: number): number => (x < SERIES ? 1 + (x * x) / 3 : (x * (1 + exp(-2 * x))) / -expm1(-2 * x));

/** Powers of the numbers in E around a point, with v_0 in units of v*, or absolute: E is no product of powers below v*. */
export function localPowers(s: Point, absolute: boolean): Powers {
  const u = s.v0 / thresholdOutput(s);
  const L = foldings(u);
  const x = 2 * growthRatio(s.n) * signalRatio(s);
  // d log E over d log(c r), and over d log u.
  const ofRatio = u < 1 ? 2 * (xCoth(x * L) - xCoth(x)) : 0;
  const ofStart = u < 1 ? 4 - (2 * xCoth(x * L)) / L : 0;
  const ofClass = 1 / (2 * smallerClass(s.n) * Math.sqrt(2 * Math.PI * s.n)); // d log c² over d log n
  const unit = absolute ? ofStart : 0; // log v* = (log n - log d)/4 - (log m + log sigma_p)/2
  return {
    n: 1 + ofRatio / 2 + (ofRatio * ofClass) / 2 - unit / 4,
    mu: 4 + ofRatio,
    sigmaP: -4 - ofRatio + unit / 2,
    d: -1 - ofRatio / 2 + unit / 4,
    m: unit / 2,
    v0: ofStart,
  };
}

/** ‖mu‖ at which E = C; E rises with it, by its fourth power at least. */
export function criticalSignal(s: Sizes & Pick<Point, 'v0'>, C: number, c: number = growthRatio(s.n)): number {
  const excess = (mu: number): number => logExponent({ ...s, mu }, c) - log(C);
  let high = (s.sigmaP * Math.sqrt(Math.sqrt((C * s.d) / s.n))) / Math.min(1, s.v0 / thresholdOutput(s));
  let low = high;
  while (excess(low) > 0) low /= 2;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = Math.sqrt(low * high);
    if (excess(middle) > 0) high = middle;
    else low = middle;
  }
  return Math.sqrt(low * high);
}
/** Halvings of the logarithm: to the last bit. */
const BISECTIONS = 70;
