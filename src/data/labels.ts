/** True labels, and the laws by which some of the observed ones are wrong. */
import { isLeaning, leaningFlip } from '../core/flip-laws.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { shuffleHead } from '../core/shuffle.ts';

/** How some of the observed labels come to be wrong, and how many there are of each. */
export interface FlipParameters {
  /** true labels: random, each +1 with probability pi; balanced, pi n of +1 (a half is left to -1) in uniform order */
  readonly labels?: 'random' | 'balanced';
  /** pi in (0, 1), the probability of the class +1; absent: 1/2 */
  readonly positive?: number;
  /**
   * flip probability p in [0, 0.5): of training labels under the law `probability`, and always of test labels; the mean
   * one of both under the laws `by-...`, of classes that are equally likely
   */
  readonly flip: number;
  /**
   * probability: each label with probability p; exact: a uniform subset of size k; adversarial: k chosen labels;
   * by-class, by-norm, by-margin: each with a probability of its own, p (1 + s e) (core/flip-laws.ts)
   */
  readonly flipLaw: 'probability' | 'exact' | 'adversarial' | 'by-class' | 'by-norm' | 'by-margin';
  /** s, the tilt of the laws `by-...`: in [-1, 1], p (1 + |s|) below 1/2; absent: 0 */
  readonly flipTilt?: number;
  /** k, for the laws `exact` and `adversarial`: integer in [0, n] */
  readonly flips: number;
  /**
   * how the adversary chooses: largest-norm, the k longest noises (they pull hardest); one-class, k of the
   * class +1 first; aligned, greedily the k whose wrong-label noises add up to the longest vector
   */
  readonly adversary: 'largest-norm' | 'one-class' | 'aligned';
}

/** Probability of a class. @param positive that of the class +1 */
export const classShare = (positive: number, label: number): number => (label > 0 ? positive : 1 - positive);

/**
 * True labels and observed labels, both in {-1, +1}^n.
 *
 * @param noiseProduct inner product of the noises of samples i and j, for the adversary
 * @param lean e in [-1, 1] of a sample, for flips that lean; absent: its true label, as the law `by-class` has it
 */
export function drawLabels(
  n: number,
  law: FlipParameters,
  key: StreamKey,
  noiseProduct: (i: number, j: number) => number,
  lean?: (i: number, trueLabel: number) => number,
): { trueLabels: Float64Array; labels: Float64Array } {
  const labelStream = new Stream(key, 'data/labels');
  const trueLabels = new Float64Array(n);
  const { positive = 0.5 } = law;
  if (law.labels === 'balanced') {
    trueLabels.fill(-1);
    for (const i of uniformSubset(n, Math.ceil(positive * n - 0.5), labelStream)) trueLabels[i] = 1;
  } else for (let i = 0; i < n; i++) trueLabels[i] = labelStream.uniform() < positive ? 1 : -1;
  return { trueLabels, labels: flipLabels(trueLabels, law, key, noiseProduct, lean) };
}

/**
 * Observed labels of points whose true labels are known.
 *
 * @param noiseProduct inner product of the noises of samples i and j (of points whose noise nobody knows, of the
 *   points), for the adversary
 * @param lean as for `drawLabels`
 */
export function flipLabels(
  trueLabels: Float64Array,
  law: FlipParameters,
  key: StreamKey,
  noiseProduct: (i: number, j: number) => number,
  lean: (i: number, trueLabel: number) => number = (_, y) => y,
): Float64Array {
  const n = trueLabels.length;
  const flipStream = new Stream(key, 'data/flips');
  const labels = trueLabels.slice();
  if (law.flipLaw === 'probability') {
    for (let i = 0; i < n; i++) if (flipStream.uniform() < law.flip) labels[i] = -labels[i]!;
    return labels;
  }
  if (isLeaning(law.flipLaw)) {
    // One number a sample, as above: at tilt 0 the same labels are wrong.
    for (let i = 0; i < n; i++)
      if (flipStream.uniform() < leaningFlip(law.flip, law.flipTilt ?? 0, lean(i, trueLabels[i]!)))
        labels[i] = -labels[i]!;
    return labels;
  }
  const chosen =
    law.flipLaw === 'exact'
      ? uniformSubset(n, law.flips, flipStream)
      : adversarialSubset(n, law, trueLabels, noiseProduct);
  for (const i of chosen) labels[i] = -labels[i]!;
  return labels;
}

const uniformSubset = (n: number, k: number, stream: Stream): Int32Array =>
  shuffleHead(
    Int32Array.from({ length: n }, (_, i) => i),
    k,
    stream,
  );

function adversarialSubset(
  n: number,
  law: FlipParameters,
  trueLabels: Float64Array,
  noiseProduct: (i: number, j: number) => number,
): number[] {
  const all = Array.from({ length: n }, (_, i) => i);
  if (law.adversary === 'one-class')
    return all.sort((i, j) => trueLabels[j]! - trueLabels[i]! || i - j).slice(0, law.flips);
  const norms = Float64Array.from(all, (i) => noiseProduct(i, i));
  if (law.adversary === 'largest-norm') return all.sort((i, j) => norms[j]! - norms[i]! || i - j).slice(0, law.flips);
  // aligned: the flipped noise enters with its wrong label -y_i; grow the sum's squared norm greedily
  const chosen: number[] = [];
  while (chosen.length < law.flips) {
    let best = -1;
    let bestGain = -Infinity;
    for (const i of all) {
      if (chosen.includes(i)) continue;
      let gain = norms[i]!;
      for (const j of chosen) gain += 2 * trueLabels[i]! * trueLabels[j]! * noiseProduct(i, j);
      if (gain > bestGain) [best, bestGain] = [i, gain];
    }
    chosen.push(best);
  }
  return chosen;
}
