/**
 * The nearest-mean classifier: a point gets the label whose mean of training points, labels as observed, is nearer. It is
 * linear with an offset, sign(<m_+ - m_-, x> - (‖m_+‖² - ‖m_-‖²)/2), so that it does not depend on where the origin lies,
 * as the averaging classifier does. It sees the whole input, the patches one after the other (`linear-classifier.ts`).
 */
import { dotRows } from '../core/linear-algebra.ts';
import type { Sample } from '../data/sample.ts';
import { halfSpaceError, normalised, weightedSums } from './linear-classifier.ts';
import { observable } from './observable.ts';

/** Clean test error; undefined where all observed labels are alike. */
export function nearestMeanError(sample: Sample): number | undefined {
  const { n, labels } = sample;
  const positive = labels.reduce((count, y) => count + Number(y > 0), 0);
  if (positive === 0 || positive === n) return undefined;
  const each = labels.map((y) => (y > 0 ? 1 / positive : 1 / (n - positive)));
  const w = normalised(
    weightedSums(
      sample,
      each.map((c, i) => c * labels[i]!),
    ),
  );
  const sum = weightedSums(sample, each);
  const middle = w.reduce((total, part, s) => total + dotRows(part, 0, sum[s]!, 0, part.length), 0) / 2;
  return halfSpaceError(sample, w, -middle);
}

export const NEAREST_MEAN = {
  nearestMeanError: observable(
    ['gaussian-noise', 'class-labels'],
    ({ run }) => nearestMeanError(run.problem.sample) ?? NaN,
  ),
} as const;
