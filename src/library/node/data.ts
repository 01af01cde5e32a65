/** Data sets of one's own, for programs. */
import { offer } from '../../data/content.ts';
import { openLabelled } from '../../data/node/open.ts';
import type { DataChoice } from '../../data/readers/choice.ts';
import type { LabelledPoints } from '../../data/readers/labelled.ts';

/** A data set that is at hand. */
export interface DataSet {
  /** what `data.content` of a spec names: SHA-256 over shape, type, numbers and labels */
  readonly content: string;
  readonly points: LabelledPoints;
}

/**
 * Opens labelled points, so that specs of this thread can name their content; pools of threads hand them on.
 *
 * @param path IDX, .npy, .npz, CSV, a batch of CIFAR-10, each also packed by gzip; or a folder with CIFAR-10's batches
 * @param labels path of the labels where they lie apart; those of IDX images are found beside them
 * @param choice what the files do not say themselves
 * @throws UserError for what is not there, cannot be read, or is malformed
 */
export function openData(path: string, labels?: string, choice: DataChoice = {}): DataSet {
  const { points } = openLabelled(path, labels, choice);
  return { content: offer(points), points };
}
