/**
 * Beside the network: least squares on the observed labels, of least norm where several solutions fit. The linear model
 * whose test error peaks where n reaches the rank of the inputs (double descent).
 */
import { minimumNorm } from '../core/minimum-norm.ts';
import { arrayTimesPower2, exponentOf, largestOf } from '../core/scale.ts';
import { patchRows, type Sample } from '../data/sample.ts';
import { halfSpaceError, normalised } from './linear-classifier.ts';
import { observable } from './observable.ts';

/** Clean test error of the minimum-norm least-squares solution w of <w, x_i> = y_i, labels as observed. */
export function minimumNormError(sample: Sample): number {
  const { n, labels, frame, patches } = sample;
  const width = patches.perSample * frame.used;
  const inputs = patchRows(sample);
  // The error does not depend on the length of the inputs, whose squares may leave the floating-point range.
  const { x } = minimumNorm(arrayTimesPower2(inputs, -exponentOf(largestOf(inputs))), n, width, labels);
  const w = Array.from({ length: patches.perSample }, (_, s) => x.slice(s * frame.used, (s + 1) * frame.used));
  return halfSpaceError(sample, normalised(w), 0);
}

export const MINIMUM_NORM = {
  minimumNormError: observable(['gaussian-noise', 'class-labels'], ({ run }) => minimumNormError(run.problem.sample)),
} as const;
