/** What a run shows on its own training sample. */
import type { View } from '../dynamics/engine.ts';
import { observedLabels, type Sample } from '../data/sample.ts';
import { lossOf, lossSlope, meanLossOf, type Loss } from '../network/loss.ts';
import { observable, oncePerState, type State } from './observable.ts';

/** Fraction of observed training labels not fitted, of real ones: of the other sign; f = 0 counts as an error. */
export function trainError(view: View, sample: Sample): number {
  const { outputs } = view;
  const labels = observedLabels(sample);
  let wrong = 0;
  for (let i = 0; i < sample.n; i++) if (!(labels[i]! * outputs[i]! > 0)) wrong++;
  return wrong / sample.n;
}

/**
 * Mean loss and error against the observed labels over the clean or over the flipped samples (Han et al. 2025: clean
 * ones are fitted first). NaN when there is none.
 */
export function apart(
  view: View,
  { n, labels, trueLabels, targets }: Sample,
  loss: Loss,
  which: 'clean' | 'flipped',
): { loss: number; error: number } {
  let count = 0;
  let sum = 0;
  let wrong = 0;
  for (let i = 0; i < n; i++) {
    if ((labels[i] === trueLabels[i]) !== (which === 'clean')) continue;
    const margin = labels[i]! * view.outputs[i]!;
    count++;
    sum += lossOf(loss, margin, targets?.[i]);
    if (!((targets?.[i] ?? 1) * margin > 0)) wrong++;
  }
  return { loss: sum / count, error: wrong / count };
}

/** Largest loss of a training point, max_i l(y_i f(x_i)): losses are convex in the margin, most of them fall with it. */
export function largestLoss(view: View, sample: Sample, loss: Loss): number {
  const { labels, targets } = sample;
  if (targets) return view.outputs.reduce((most, f, i) => Math.max(most, lossOf(loss, labels[i]! * f, targets[i])), 0);
  const { smallest, largest } = margins(view, sample);
  return loss === 'squared' ? Math.max(lossOf(loss, smallest), lossOf(loss, largest)) : lossOf(loss, smallest);
}

/** Smallest and largest margin y_i f(x_i). */
export function margins(view: View, sample: Sample): { smallest: number; largest: number } {
  const { outputs } = view;
  let smallest = Infinity;
  let largest = -Infinity;
  for (let i = 0; i < sample.n; i++) {
    const margin = sample.labels[i]! * outputs[i]!;
    if (margin < smallest) smallest = margin;
    if (margin > largest) largest = margin;
  }
  return { smallest, largest };
}

/**
 * max_i,k l'_i / l'_k over the sample: "automatic balance of coefficient updates" says that it stays bounded
 * (Kou et al. 2023, key technique 2). Infinity when some derivative is 0 (hinge) and another is not; 1 when all are 0.
 */
export function derivativeRatio(view: View, sample: Sample, loss: Loss): number {
  const { outputs } = view;
  let least = Infinity;
  let most = 0;
  for (let i = 0; i < sample.n; i++) {
    const slope = Math.abs(lossSlope(loss, sample.labels[i]! * outputs[i]!, sample.targets?.[i])); // below 0 beyond the squared loss's least
    if (slope < least) least = slope;
    if (slope > most) most = slope;
  }
  return most === 0 ? 1 : most / least;
}

/**
 * Mean loss expected over the labels of one step of label-noise descent, each turned with this probability: (1 - p)
 * l(z) + p l(-z) at the margin z (Huang et al. 2025).
 */
export function noisyLoss(view: View, { n, labels, targets }: Sample, loss: Loss, probability: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const margin = labels[i]! * view.outputs[i]!;
    sum += (1 - probability) * lossOf(loss, margin, targets?.[i]) + probability * lossOf(loss, -margin);
  }
  return sum / n;
}

const marginsOf = oncePerState(({ view, run }: State) => margins(view, run.problem.sample));
/** Of the clean and of the flipped samples. */
export const cleanOf = oncePerState(({ view, run: { problem } }: State) =>
  apart(view, problem.sample, problem.loss, 'clean'),
);
export const flippedOf = oncePerState(({ view, run: { problem } }: State) =>
  apart(view, problem.sample, problem.loss, 'flipped'),
);

export const TRAINING = {
  trainLoss: observable([], ({ view, run: { problem } }) =>
    meanLossOf(problem.loss, problem.sample.labels, view.outputs, problem.sample.targets),
  ),
  trainError: observable([], ({ view, run }) => trainError(view, run.problem.sample)),
  marginMin: observable([], (state) => marginsOf(state).smallest),
  marginMax: observable([], (state) => marginsOf(state).largest),
  lossMax: observable([], ({ view, run: { problem } }) => largestLoss(view, problem.sample, problem.loss)),
  derivativeRatio: observable([], ({ view, run: { problem } }) => derivativeRatio(view, problem.sample, problem.loss)),
  noisyLoss: observable(['turned-labels'], ({ view, run: { problem } }) =>
    noisyLoss(view, problem.sample, problem.loss, problem.puller?.turned ?? 0),
  ),
  trainLossClean: observable([], (state) => cleanOf(state).loss),
  trainLossFlipped: observable([], (state) => flippedOf(state).loss),
  trainErrorClean: observable([], (state) => cleanOf(state).error),
  trainErrorFlipped: observable([], (state) => flippedOf(state).error),
} as const;
