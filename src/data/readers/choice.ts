/** The formats of labelled points, and what a file does not say itself. */
import type { CsvChoice } from './csv.ts';

export const DATA_FORMATS = ['idx', 'cifar-10', 'npy', 'npz', 'csv'] as const;
export type DataFormat = (typeof DATA_FORMATS)[number];

/** What a file does not say itself. */
export interface DataChoice extends CsvChoice {
  /** left out: told from the content, and from the name where that may be two */
  readonly format?: DataFormat;
  /** array of an .npz archive with the points; left out: told by the shapes */
  readonly pointsArray?: string;
  /** array of an .npz archive with the labels; left out: told by the shapes */
  readonly labelsArray?: string;
}
