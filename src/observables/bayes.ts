/** The least error that any rule can have, against true labels and against observed ones. */
import { dotRows } from '../core/linear-algebra.ts';
import { log, normalCdf } from '../core/special.ts';
import { leaningFlip } from '../core/flip-laws.ts';
import { lawOf, rootsByColumn, type Sample } from '../data/sample.ts';
import { meanFlipOf, shareOf } from './class-errors.ts';
import { combine } from './linear-classifier.ts';
import { observable } from './observable.ts';

/** How far the XOR's four means may be from a square, relative: rounding. */
const SQUARE = 1e-12;

/**
 * Bayes' rule, which knows the law of a fresh point, where a closed form of its clean error is known; else undefined:
 *
 * 0 when the coordinates without noise tell the label; for two atoms of opposite labels that are delta apart in the noisy
 * coordinates alone `weighedError`, with their probabilities for weights, Phi(-‖delta‖ / (2 sigma)) where these are
 * equal; 2 q (1 - q) with q = Phi(-‖a‖ / (sqrt(2) sigma))
 * for the XOR of +-a against +-b, equally likely, a and b orthogonal and equally long (in the axes (a + b) and (a - b)
 * the label is a product of two signs; between unequal classes the border is a curve). The coordinates of several noisy
 * patches are counted in units of their own sigma, with a spectrum in those of their own deviation. Atoms of one label
 * that are the same point count as one.
 *
 * @returns strength: ‖delta‖ / (2 sigma), of two atoms that only the noisy coordinates tell apart
 */
function bayesRule(sample: Sample): { readonly error: number; readonly strength?: number } | undefined {
  const fresh = lawOf(sample);
  const sigma = fresh.noisy.find((one) => one.sigma > 0)?.sigma ?? 0;
  const points = merged(
    fresh.atoms.map(({ patches, label, probability }) => {
      const sure: number[] = [];
      const noisy: number[] = [];
      patches.forEach((terms, s) => {
        const x = combine(sample, terms);
        const noise = fresh.noisy.find(({ patch }) => patch === s);
        const roots = noise && rootsByColumn(noise, x.length, 0);
        const isNoisy = (k: number): boolean =>
          noise !== undefined && noise.sigma > 0 && roots?.[k] !== 0 && !noise.projectedAxes.includes(k);
        x.forEach((value, k) => {
          sure.push(isNoisy(k) ? 0 : value);
          if (noise) noisy.push(isNoisy(k) ? ((sigma / noise.sigma) * value) / (roots?.[k] ?? 1) : 0);
        });
      });
      return { sure, noisy: Float64Array.from(noisy), label, probability };
    }),
  );
  const told = (i: number, j: number): boolean => points[i]!.sure.some((x, k) => x !== points[j]!.sure[k]);
  const pairs = points.flatMap((_, i) => points.slice(0, i).map((__, j) => [i, j] as const));
  if (pairs.every(([i, j]) => points[i]!.label === points[j]!.label || told(i, j))) return { error: 0 };
  if (pairs.some(([i, j]) => told(i, j))) return undefined;
  const distance = (x: Float64Array, y: Float64Array, sign: 1 | -1): number =>
    Math.sqrt(x.reduce((sum, value, k) => sum + (value - sign * y[k]!) ** 2, 0));
  const scale = 2 * sigma;
  if (points.length === 2) {
    const strength = distance(points[0]!.noisy, points[1]!.noisy, 1) / scale;
    const [plus, minus] = [shareOf(fresh, 1), shareOf(fresh, -1)];
    return { error: weighedError(strength, plus, minus), strength };
  }
  if (points.some(({ probability }) => probability !== points[0]!.probability)) return undefined;
  const [a, minusA] = points.filter(({ label }) => label > 0);
  const [b, minusB] = points.filter(({ label }) => label < 0);
  if (
    points.length !== 4 ||
    !minusA ||
    !minusB ||
    distance(a!.noisy, minusA.noisy, -1) !== 0 ||
    distance(b!.noisy, minusB.noisy, -1) !== 0
  )
    return undefined;
  const sides = [distance(a!.noisy, b!.noisy, 1), distance(a!.noisy, b!.noisy, -1)] as const; // equal when orthogonal
  const lengths = [
    dotRows(a!.noisy, 0, a!.noisy, 0, a!.noisy.length),
    dotRows(b!.noisy, 0, b!.noisy, 0, b!.noisy.length),
  ] as const;
  if (Math.abs(sides[0] - sides[1]) > SQUARE * sides[0] || Math.abs(lengths[0] - lengths[1]) > SQUARE * lengths[0])
    return undefined;
  const q = normalCdf(-sides[0] / scale);
  return { error: 2 * q * (1 - q) };
}

interface Point {
  readonly sure: readonly number[];
  readonly noisy: Float64Array;
  readonly label: number;
  readonly probability: number;
}

/** Points of one label and place as one. */
function merged(points: readonly Point[]): Point[] {
  const out: Point[] = [];
  for (const point of points) {
    const at = out.findIndex(
      ({ label, sure, noisy }) =>
        label === point.label &&
        sure.every((x, k) => x === point.sure[k]) &&
        noisy.every((x, k) => x === point.noisy[k]),
    );
    if (at < 0) out.push(point);
    else out[at] = { ...point, probability: out[at]!.probability + point.probability };
  }
  return out;
}

/**
 * The least of plus P(u <= t | +) + minus P(u > t | -) over t, u ~ N(+-strength, 1): that of the threshold
 * t = log(minus/plus) / (2 strength), plus Phi(t - strength) + minus Phi(-t - strength).
 */
function weighedError(strength: number, plus: number, minus: number): number {
  if (plus === minus) return 2 * plus * normalCdf(-strength);
  if (strength === 0) return Math.min(plus, minus);
  const t = log(minus / plus) / (2 * strength);
  return plus * normalCdf(t - strength) + minus * normalCdf(-t - strength);
}

/** Clean error of Bayes' rule, where a closed form is known; else undefined. */
export const bayesError = (sample: Sample): number | undefined => bayesRule(sample)?.error;

/**
 * The least error against observed labels, where a closed form is known; else undefined. Where the label is told, the
 * mean flip probability, whatever the law of the flips: no label is more often wrong than right. For two atoms +-mu of
 * probabilities pi_c and delta = ‖mu‖/sigma:
 *
 * - independent flips: p + (1 - 2p) times the clean error;
 * - by class, w_c = pi_c (1 - 2 p_c): the rule weighs the classes, its threshold is t = log(w_-/w_+) / (2 delta), and the
 *   error sum_c pi_c p_c + w_+ Phi(t - delta) + w_- Phi(-t - delta);
 * - by margin, classes equally likely, small margins first (tilt s >= 0), so that the rule stays the nearer mean: with
 *   q = Phi(-delta), p + (1 - 2p) q - 2ps (q - q²).
 */
export function bayesErrorNoisy(sample: Sample): number | undefined {
  const law = lawOf(sample);
  const { leaning, noisy } = law;
  const p = meanFlipOf(law);
  const rule = bayesRule(sample);
  if (!rule) return undefined;
  const { error, strength } = rule;
  if (!leaning || leaning.tilt === 0 || (error === 0 && strength === undefined)) return p + (1 - 2 * p) * error;
  if (strength === undefined || leaning.by === 'norm') return undefined;
  if (leaning.by === 'margin' && noisy.some(({ spectrum }) => spectrum)) return undefined;
  const [one, other] = [shareOf(law, 1), shareOf(law, -1)];
  if (leaning.by === 'margin')
    return leaning.tilt < 0 || one !== other
      ? undefined
      : p + (1 - 2 * p) * error - 2 * p * leaning.tilt * error * (1 - error);
  const weight = (share: number, label: number): number => share * (1 - 2 * leaningFlip(law.flip, leaning.tilt, label));
  return p + weighedError(strength, weight(one, 1), weight(other, -1));
}

export const BAYES = {
  bayesError: observable(['fresh-law', 'gaussian-noise'], ({ run }) => bayesError(run.problem.sample) ?? NaN),
  bayesErrorNoisy: observable(['fresh-law', 'gaussian-noise'], ({ run }) => bayesErrorNoisy(run.problem.sample) ?? NaN),
} as const;
