/** The least error that any rule can have, against true labels and against observed ones. */
import { dotRows } from '../core/linear-algebra.ts';
import { log, normalCdf } from '../core/special.ts';
import { leaningFlip } from '../core/flip-laws.ts';
import { lawOf, rootsByColumn, type Sample } from '../data/sample.ts';
import { combine } from './linear-classifier.ts';
import { observable } from './observable.ts';

/** How far the XOR's four means may be from a square, relative: rounding. */
const SQUARE = 1e-12;

/**
 * Bayes' rule, which knows the law of a fresh point, where a closed form of its clean error is known; else undefined:
 *
 * 0 when the coordinates without noise tell the label; Phi(-‖delta‖ / (2 sigma)) for two equally likely atoms of
 * opposite labels that are delta apart in the noisy coordinates alone; 2 q (1 - q) with q = Phi(-‖a‖ / (sqrt(2) sigma))
 * for the XOR of +-a against +-b, a and b orthogonal and equally long (in the axes (a + b) and (a - b) the label is a
 * product of two signs). The coordinates of several noisy patches are counted in units of their own sigma, with a
 * spectrum in those of their own deviation.
 *
 * @returns strength: ‖delta‖ / (2 sigma), of two atoms that only the noisy coordinates tell apart
 */
function bayesRule(sample: Sample): { readonly error: number; readonly strength?: number } | undefined {
  const fresh = lawOf(sample);
  const sigma = fresh.noisy.find((one) => one.sigma > 0)?.sigma ?? 0;
  const points = fresh.atoms.map(({ patches, label, probability }) => {
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
  });
  const told = (i: number, j: number): boolean => points[i]!.sure.some((x, k) => x !== points[j]!.sure[k]);
  const pairs = points.flatMap((_, i) => points.slice(0, i).map((__, j) => [i, j] as const));
  if (pairs.every(([i, j]) => points[i]!.label === points[j]!.label || told(i, j))) return { error: 0 };
  if (pairs.some(([i, j]) => told(i, j)) || points.some(({ probability }) => probability !== points[0]!.probability))
    return undefined;
  const distance = (x: Float64Array, y: Float64Array, sign: 1 | -1): number =>
    Math.sqrt(x.reduce((sum, value, k) => sum + (value - sign * y[k]!) ** 2, 0));
  const scale = 2 * sigma;
  if (points.length === 2) {
    const strength = distance(points[0]!.noisy, points[1]!.noisy, 1) / scale;
    return { error: normalCdf(-strength), strength };
  }
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

/** Clean error of Bayes' rule, where a closed form is known; else undefined. */
export const bayesError = (sample: Sample): number | undefined => bayesRule(sample)?.error;

/**
 * The least error against observed labels, where a closed form is known; else undefined. Where the label is told, p,
 * whatever the law of the flips: no label is more often wrong than right. For two atoms +-mu and delta = ‖mu‖/sigma:
 *
 * - independent flips: p + (1 - 2p) Phi(-delta);
 * - by class, w_c = 1 - 2 p_c: the rule weighs the classes, its threshold is t = log(w_-/w_+) / (2 delta), and the error
 *   p + (w_+ Phi(t - delta) + w_- Phi(-t - delta)) / 2;
 * - by margin, small margins first (tilt s >= 0), so that the rule stays the nearer mean: with q = Phi(-delta),
 *   p + (1 - 2p) q - 2ps (q - q²).
 */
export function bayesErrorNoisy(sample: Sample): number | undefined {
  const { flip: p, leaning, noisy } = lawOf(sample);
  const rule = bayesRule(sample);
  if (!rule) return undefined;
  const { error, strength } = rule;
  if (!leaning || leaning.tilt === 0 || (error === 0 && strength === undefined)) return p + (1 - 2 * p) * error;
  if (strength === undefined || leaning.by === 'norm') return undefined;
  if (leaning.by === 'margin' && noisy.some(({ spectrum }) => spectrum)) return undefined;
  if (leaning.by === 'margin')
    return leaning.tilt < 0 ? undefined : p + (1 - 2 * p) * error - 2 * p * leaning.tilt * error * (1 - error);
  const [plus, minus] = ([1, -1] as const).map((label) => 1 - 2 * leaningFlip(p, leaning.tilt, label)) as [
    number,
    number,
  ];
  const t = log(minus / plus) / (2 * strength);
  return strength === 0
    ? p + Math.min(plus, minus) / 2
    : p + (plus * normalCdf(t - strength) + minus * normalCdf(-t - strength)) / 2;
}

export const BAYES = {
  bayesError: observable(['fresh-law', 'gaussian-noise'], ({ run }) => bayesError(run.problem.sample) ?? NaN),
  bayesErrorNoisy: observable(['fresh-law', 'gaussian-noise'], ({ run }) => bayesErrorNoisy(run.problem.sample) ?? NaN),
} as const;
