/** Student's t law and the chi-square law behind it, with relative accuracy in the tails. */
import { chiTail } from './chi-tail.ts';
import { exp, log, normalQuantile } from './special.ts';

const MOST_TERMS = 10_000;
const SMALLEST = 1e-300;
const LAST_BIT = 1.1102230246251565e-16;

/** P(low < T < high) for degrees of freedom nu, an integer >= 1. */
export class StudentLaw {
  private readonly nu: number;
  /** 1 / B(nu/2, 1/2) */
  private readonly normalizer: number;

  constructor(nu: number) {
    this.nu = nu;
    this.normalizer = inverseBeta(nu);
  }

  /** P(T > x) = I_y(nu/2, 1/2) / 2 at y = nu / (nu + x²), for x > 0. */
  tail(x: number): number {
    if (x < 0) return 1 - this.tail(-x);
    if (x === Infinity) return 0;
    const { nu } = this;
    const ratio = x / Math.sqrt(nu); // its square may overflow where x does not
    const square = ratio * ratio;
    const root = Math.sqrt(1 + square);
    // y^(nu/2) (1 - y)^(1/2), y = 1 / (1 + square)
    const front = (this.normalizer * (ratio === root ? 1 : ratio / root)) / exp(nu * logRoot(ratio, square));
    const y = 1 / (1 + square);
    const a = nu / 2;
    if (y < (a + 1) / (a + 2.5)) return (front * fraction(a, 0.5, y)) / nu;
    return 0.5 - front * fraction(0.5, a, square * y);
  }

  probability(low: number, high: number): number {
    if (low >= 0) return this.tail(low) - this.tail(high);
    if (high <= 0) return this.tail(-high) - this.tail(-low);
    return 1 - this.tail(high) - this.tail(-low);
  }
}

/** log(1 + s²) / 2, also where s² is small or overflows. */
function logRoot(s: number, square: number): number {
  if (square === Infinity) return log(s);
  const w = 1 + square;
  return w === 1 ? square / 2 : w > 2 ? log(w) / 2 : (log(w) * square) / (w - 1) / 2;
}

/** 1 / B(nu/2, 1/2) by B(a + 1, b) = B(a, b) a / (a + b). */
function inverseBeta(nu: number): number {
  let value = nu % 2 === 1 ? 1 / Math.PI : 0.5; // B(1/2, 1/2) = pi, B(1, 1/2) = 2
  for (let a = nu % 2 === 1 ? 0.5 : 1; a < nu / 2; a++) value *= (a + 0.5) / a;
  return value;
}

/** Continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8) by the method of Lentz. */
function fraction(a: number, b: number, x: number): number {
  const away = (value: number): number => (Math.abs(value) < SMALLEST ? SMALLEST : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const change = d * c;
    h *= change;
    if (Math.abs(change - 1) <= 2 * LAST_BIT) break;
  }
  return h;
}

/** Halvings of a bracket down to neighbouring numbers. */
const HALVINGS = 60;

/** r with P(chi_nu > r) = u, u in (0, 1): bisection between bounds that Wilson and Hilferty's cube gives. */
export function chiTailQuantile(nu: number, u: number): number {
  const part = 2 / (9 * nu);
  const cube = 1 - part - normalQuantile(u) * Math.sqrt(part);
  const guess = Math.sqrt(nu * Math.max(1e-3, cube * cube * cube));
  let low = guess / 2;
  let high = 2 * guess;
  while (low > 1e-150 && chiTail(nu, low) < u) low /= 4;
  while (chiTail(nu, high) > u) high *= 2;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (chiTail(nu, middle) > u) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
