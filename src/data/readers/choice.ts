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

/** Each key of `files:` and each option of the command line that says how files are read, in words. */
export const CHOICE_WORDS = {
  labels: 'where labels lie apart; beside IDX images they are found by the name',
  format: 'left out: told from the content',
  pointsArray: 'of a .npz archive',
  labelsArray: 'of a .npz archive',
  separator: 'between the columns of a CSV file',
  header: 'whether the first row of a CSV file names the columns',
  label: 'the column of labels of a CSV file',
} as const satisfies Readonly<Record<keyof DataChoice | 'labels', string>>;
