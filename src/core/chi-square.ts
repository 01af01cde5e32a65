/** The law of chi squared, the squared length of k independent standard normals, at a cost free of k. */
import { chiTail } from './chi-tail.ts';
import { exp, log1p, normalCdf } from './special.ts';

/** From here on three terms of the expansion leave an error below 1e-10; below, the finite sums are exact. */
const MANY = 400;
/** c_0, c_1 and c_2 of Temme's expansion in powers of eta (DLMF 8.12.10; DiDonato and Morris 1986). */
const TERMS = [
  [-1 / 3, 1 / 12, -2 / 135, 1 / 864, 1 / 2835, -139 / 777600, 1 / 25515, -571 / 261273600, -281 / 151559100],
  [-1 / 540, -1 / 288, 1 / 378, -77 / 77760, 1 / 4860],
  [25 / 6048, -139 / 51840],
] as const;
/** |eta| beyond which the series are not asked: more than ten standard deviations from the middle. */
const FAR = 0.75;

/** P(chi²_k <= x), k >= 1 an integer. Absolute error below 1e-9. */
export function chiSquareCdf(k: number, x: number): number {
  if (!(x > 0)) return x <= 0 ? 0 : NaN;
  if (x === Infinity) return 1;
  if (k < MANY) return 1 - chiTail(k, Math.sqrt(x));
  // P(a, x/2) = Phi(eta sqrt(a)) - exp(-a eta²/2) / sqrt(2 pi a) (c_0 + c_1/a + ...), a = k/2,
  // eta²/2 = u - log(1 + u), u = x/k - 1
  const a = k / 2;
  const u = (x - k) / k;
  const eta = Math.sign(u) * Math.sqrt(Math.max(0, 2 * (u - log1p(u))));
  if (Math.abs(eta) > FAR) return eta > 0 ? 1 : 0;
  let [sum, power] = [0, 1];
  for (const coefficients of TERMS) {
    let term = 0;
    for (let i = coefficients.length - 1; i >= 0; i--) term = term * eta + coefficients[i]!;
    sum += term * power;
    power /= a;
  }
  return normalCdf(eta * Math.sqrt(a)) - (exp((-a * eta * eta) / 2) / Math.sqrt(2 * Math.PI * a)) * sum;
}
