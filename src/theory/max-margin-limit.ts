/**
 * The max-margin linear classifier on the mixture of Karhadkar et al. 2024, Definition 2.1, as n, d -> infinity: exact,
 * by the convex Gaussian min-max theorem (Thrampoulidis, Oymak, Hassibi, COLT 2015; for max-margin on mixtures:
 * Montanari et al. 2019, Deng, Kammoun, Thrampoulidis 2022). Derived here for their data, x = sqrt(gamma) y v + sqrt(1
 * - gamma) N(0, (I - vv')/d), with a share p of the labels wrong.
 *
 * Write w = a v + z. A fresh output is y sqrt(gamma) a + s h, h standard normal, s = sqrt((1 - gamma)/d) ‖z‖: the error
 * is Phi(-r) with r = sqrt(gamma) a / s. Margins of 1 on the training sample need b_i sqrt(gamma) a + s (noise fitted
 * by z) >= 1, b_i = +-1 for clean and flipped. By the theorem some z of this length does it if and only if, with u =
 * 1/s,
 *
 *   E (u - b r - h)_+^2 = (1 - p) psi(u - r) + p psi(u + r) <= d/n,   psi(t) = E (t - h)_+^2 = (1 + t^2) Phi(t) + t
 *   phi(t),
 *
 * and ‖w‖^2 / n = (r^2 / (gamma n) + (d/n) / (1 - gamma)) / u^2 is to be least. So gamma n is the scale at which the
 * signal counts: gamma fixed gives the limit gamma n -> infinity, gamma n -> 0 gives r = 0, and Karhadkar et al.'s own
 * gamma = 5/n is of that order.
 */
import { exp, normalCdf, normalTail } from '../core/special.ts';

export interface MaxMarginSetting {
  /** d/n, > 0 */
  readonly aspect: number;
  /** gamma n, > 0 */
  readonly strength: number;
  /** share p of wrong labels, in [0, 1/2) */
  readonly flip: number;
  /** gamma where n is finite, for the factor 1 - gamma; 0 when absent */
  readonly share?: number;
}

export interface MaxMarginLimit {
  /** clean test error Phi(-r) */
  readonly error: number;
  /** ‖w*‖ / sqrt(n) */
  readonly norm: number;
  /** the ratio r of signal to noise in a fresh output */
  readonly r: number;
  /** 1/s, the inverse of that noise */
  readonly u: number;
}

/** psi and half its derivative. */
const density = (t: number): number => exp(-0.5 * t * t) / 2.5066282746310002;
const psi = (t: number): number => (1 + t * t) * normalCdf(t) + t * density(t);
const halfSlope = (t: number): number => t * normalCdf(t) + density(t);

/** Halvings of a bracket: to the last bit. */
const HALVINGS = 200;

/** null where the sample is not separable in the limit. */
export function maxMarginLimit({ aspect, strength, flip: p, share = 0 }: MaxMarginSetting): MaxMarginLimit | null {
  const load = (u: number, r: number): number => (1 - p) * psi(u - r) + p * psi(u + r);
  const byU = (u: number, r: number): number => (1 - p) * halfSlope(u - r) + p * halfSlope(u + r);
  const byR = (u: number, r: number): number => p * halfSlope(u + r) - (1 - p) * halfSlope(u - r);
  // Half the points are then fitted by noise that is free, the others by the signal alone: z = 0.
  if (p === 0 && aspect <= 0.5) return { error: 0, norm: 1 / Math.sqrt(strength), r: Infinity, u: Infinity };
  // The easiest r: with u = 0 the load is convex in r. Without flips it falls for ever.
  const easiest = p === 0 ? Infinity : root((r) => -byR(0, r), 0);
  if (p > 0 && load(0, easiest) >= aspect) return null;
  const uOf = (r: number): number => (load(0, r) >= aspect ? NaN : root((u) => aspect - load(u, r), 0));
  const cost = aspect / (1 - share);
  // u(r) is concave and u / sqrt(r^2 / strength + cost) has one maximum: where its logarithm's derivative changes sign.
  const r = root((one) => {
    const u = uOf(one);
    if (Number.isNaN(u)) return easiest - one; // out of reach: back towards the easiest
    return -byR(u, one) / (byU(u, one) * u) - one / (one * one + strength * cost);
  }, 0);
  const u = uOf(r);
  return { error: normalTail(r), norm: Math.sqrt((r * r) / strength + cost) / u, r, u };
}

/** The place beyond `from` where a function that is positive before turns negative. */
function root(f: (x: number) => number, from: number): number {
  let low = from;
  let high = from + 1;
  while (f(high) > 0) [low, high] = [high, 2 * high];
  for (let i = 0; i < HALVINGS && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (f(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
