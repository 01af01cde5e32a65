/**
 * What the labels of a run say about its error before it is trained. A signal of class y is learned from the clean
 * samples of that class and unlearned from its flipped ones: the class is heard h_y = n_y - 2 k_y times, and the class
 * that is heard least makes the error (validation/variance-split.md). The law of h_y is known, so that the mean over
 * runs of any function of it is known as well.
 */
import { exp, log, normalTail } from '../core/special.ts';
import { drawLabels } from '../data/labels.ts';
import type { StreamKey } from '../core/random.ts';
import type { Cell } from './cell.ts';

type Labels = Pick<Cell['data'], 'n' | 'flip' | 'flipLaw' | 'flips' | 'adversary'> &
  Partial<Pick<Cell['data'], 'labels' | 'positive'>>;

/** How often either class is heard in a run, as drawn. */
export function heardIn(data: Labels, key: StreamKey): readonly [number, number] {
  const { trueLabels, labels } = drawLabels(data.n, data, key, () => 0);
  const heard = [0, 0] as [number, number];
  trueLabels.forEach((label, i) => (heard[label > 0 ? 0 : 1] += label * labels[i]!));
  return heard;
}

/**
 * Probabilities of h = -n ... n for one class; null under an adversary, who looks at the data, where flips lean (the
 * classes are not alike, or the noise counts), and where the size of a class is fixed.
 *
 * @param share probability of the class; that of +1 when absent
 */
export function heardLaw(
  { n, flip, flipLaw, flips, labels, positive = 0.5 }: Labels,
  share = positive,
): Float64Array | null {
  if ((flipLaw !== 'probability' && flipLaw !== 'exact') || labels === 'balanced') return null;
  let law = new Float64Array(2 * n + 1);
  law[n] = 1;
  // Each sample is of the class with this probability, and counts -1 there when flipped.
  for (let i = 0; i < n; i++) {
    const wrong = share * (flipLaw === 'exact' ? (i < flips ? 1 : 0) : flip);
    const next = new Float64Array(2 * n + 1);
    for (let h = n - i; h <= n + i; h++) {
      next[h]! += (1 - share) * law[h]!;
      next[h - 1]! += wrong * law[h]!;
      next[h + 1]! += (share - wrong) * law[h]!;
    }
    law = next;
  }
  return law;
}

/** Bisections of the logarithm of the strength, whose range of e^14 they bring to a rounding. */
const BISECTIONS = 50;

/**
 * A control for runs whose mean error is near a level: the mean over classes, by their probabilities, of Phi(-q h_y), q
 * such that its mean over runs is the level, minus that mean. Null where the law of the labels is not known.
 *
 * @param level clean error, in (0, 1/2)
 */
export function heardControl(data: Labels, level: number): ((heard: readonly [number, number]) => number) | null {
  const { positive = 0.5 } = data;
  const [plus, minus] = [heardLaw(data), heardLaw(data, 1 - positive)];
  if (!plus || !minus) return null;
  const over = (law: Float64Array, q: number): number =>
    law.reduce((sum, probability, h) => sum + (probability === 0 ? 0 : probability * normalTail(q * (h - data.n))), 0);
  const mean = (q: number): number => positive * over(plus, q) + (1 - positive) * over(minus, q);
  let [low, high] = [log(1e-4), log(1e2)];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (mean(exp(middle)) > level) low = middle;
    else high = middle;
  }
  const q = exp(low);
  // Classes that are not heard at all may keep the mean above the level: what is subtracted is the mean there is.
  const centre = mean(q);
  return ([one, other]) => positive * normalTail(q * one) + (1 - positive) * normalTail(q * other) - centre;
}
