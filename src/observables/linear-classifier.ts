/**
 * Linear classifiers made of the training sample, and their test error: exact by the law of a fresh point, or counted on
 * the points that were held out.
 *
 * A linear classifier sees the whole input: the patches one after the other, each with weights of its own, and no bias.
 * For one patch that is the plain linear classifier. A network with filters shared over two patches cannot act as one.
 */
import { dotRows, rootOfSquares } from '../core/linear-algebra.ts';
import { arrayTimesPower2, exponentOf, largestOf } from '../core/scale.ts';
import { normalTail } from '../core/special.ts';
import { patchVector, rootsByColumn, type HeldOut, type NoisyPatch, type Sample, type Terms } from '../data/sample.ts';
import { observable } from './observable.ts';

/**
 * Clean test error of the averaging classifier sum_i y_i x_i, labels as observed. Noisy patches that nothing tells apart
 * have weights in common, so that it sees their sum, whatever their order.
 */
export function averagingError(sample: Sample): number {
  const w = weightedSums(sample, sample.labels);
  for (const alike of alikePatches(sample)) {
    const sum = new Float64Array(sample.frame.used);
    for (const s of alike) w[s]!.forEach((x, k) => (sum[k]! += x));
    for (const s of alike) w[s] = sum;
  }
  return halfSpaceError(sample, normalised(w), 0);
}

/** Noisy patches of one law, without a signal in any atom: two or more each. */
function alikePatches({ fresh }: Sample): number[][] {
  if (fresh.kind !== 'law') return [];
  const groups: NoisyPatch[][] = [];
  for (const one of fresh.noisy) {
    if (fresh.atoms.some(({ patches }) => patches[one.patch]!.length > 0)) continue;
    const group = groups.find(([first]) => sameNoise(first!, one));
    if (group) group.push(one);
    else groups.push([one]);
  }
  return groups.filter(({ length }) => length > 1).map((group) => group.map(({ patch }) => patch));
}

const sameNoise = (a: NoisyPatch, b: NoisyPatch): boolean =>
  a.sigma === b.sigma && a.spectrum === b.spectrum && a.projectedAxes.join() === b.projectedAxes.join();

/**
 * Clean test error of w = sum_i c_i x_i: the normal tail of each atom's margin, f = 0 an error, for Gaussian noises,
 * independent from patch to patch; of held-out points the share.
 *
 * @param c length n
 */
export const linearError = (sample: Sample, c: Float64Array): number => {
  const w = weightedSums(sample, c);
  // The error does not depend on the length of w, whose square may leave the floating-point range.
  return halfSpaceError(sample, normalised(w), 0);
};

/** sum_i c_i x_i, a row a patch. @param c length n */
export function weightedSums(sample: Sample, c: Float64Array): Float64Array[] {
  const { n, frame, patches } = sample;
  const sums = Array.from({ length: patches.perSample }, () => new Float64Array(frame.used));
  for (let i = 0; i < n; i++) {
    if (c[i] === 0) continue;
    sums.forEach((sum, s) => patchVector(sample, i, s).forEach((x, k) => (sum[k]! += c[i]! * x)));
  }
  return sums;
}

/** Times the power of 2 that brings the largest entry near 1. */
export function normalised(w: readonly Float64Array[]): Float64Array[] {
  const unit = exponentOf(w.reduce((most, part) => Math.max(most, largestOf(part)), 0));
  return w.map((part) => arrayTimesPower2(part, -unit));
}

/** Clean test error of the sign of sum_s <w_s, x_s> + offset, f = 0 an error; see `linearError`. */
export function halfSpaceError(sample: Sample, w: readonly Float64Array[], offset: number): number {
  const { frame, fresh } = sample;
  if (fresh.kind === 'points') return shareWrong(fresh, w, offset);
  const spread = rootOfSquares(
    fresh.noisy.map((noise) => {
      const { patch, sigma, projectedAxes } = noise;
      const roots = rootsByColumn(noise, frame.used, 0);
      let square = 0;
      w[patch]!.forEach((x, k) => (square += projectedAxes.includes(k) ? 0 : squareOf(x * (roots?.[k] ?? 1))));
      return sigma * Math.sqrt(square);
    }),
  );
  let error = 0;
  for (const atom of fresh.atoms) {
    let margin = atom.label * offset;
    atom.patches.forEach(
      (terms, s) => (margin += atom.label * dotRows(w[s]!, 0, combine(sample, terms), 0, frame.used)),
    );
    error += atom.probability * (spread > 0 ? normalTail(margin / spread) : margin > 0 ? 0 : 1);
  }
  return error;
}

const squareOf = (x: number): number => x * x;

/** Share of held-out points whose label and the rule's value differ in sign. */
function shareWrong({ rows, count, columns, labels }: HeldOut, w: readonly Float64Array[], offset: number): number {
  let wrong = 0;
  for (let i = 0; i < count; i++) {
    let margin = offset;
    w.forEach((part, s) => (margin += dotRows(part, 0, rows, (i * w.length + s) * columns, columns)));
    if (!(labels[i]! * margin > 0)) wrong++;
  }
  return wrong / count;
}

/** Coordinates of a combination of anchors, length frame.used. */
export function combine({ vectors, frame }: Sample, terms: Terms): Float64Array {
  const x = new Float64Array(frame.used);
  for (const [anchor, coefficient] of terms)
    for (let k = 0; k < frame.used; k++) x[k]! += coefficient * vectors[anchor * frame.used + k]!;
  return x;
}

export const AVERAGING = {
  averagingError: observable(['gaussian-noise', 'class-labels'], ({ run }) => averagingError(run.problem.sample)),
} as const;
