/** The options that say how a data set's files are read: those of `files:` in a spec, by the same words. */
import { Option, type Command } from 'commander';
import { CHOICE_WORDS, DATA_FORMATS } from '../data/readers/choice.ts';
import { pathOption } from './options.ts';

/** As commander hands them over. */
export interface FileOptions {
  readonly labels?: string;
  readonly format?: string;
  readonly pointsArray?: string;
  readonly labelsArray?: string;
  readonly separator?: string;
  readonly header?: boolean;
  readonly label?: string;
}

const KEYS = ['labels', 'format', 'pointsArray', 'labelsArray', 'separator', 'header', 'label'] as const;

/** Gives a command all of them. */
export const fileOptions = (command: Command): Command =>
  command
    .addOption(new Option('--labels <FILE>', `file of labels: ${CHOICE_WORDS.labels}`).argParser(pathOption))
    .addOption(new Option('--format <F>', `of the file; ${CHOICE_WORDS.format}`).choices(DATA_FORMATS))
    .option('--points-array <NAME>', `array of points ${CHOICE_WORDS.pointsArray}`)
    .option('--labels-array <NAME>', `array of labels ${CHOICE_WORDS.labelsArray}`)
    .option('--separator <C>', `character ${CHOICE_WORDS.separator}`)
    .option('--header', CHOICE_WORDS.header)
    .option('--no-header', 'the first row is a point')
    .option('--label <COLUMN>', `${CHOICE_WORDS.label}, by name or place, 0 first`);

/** As `files:` of a spec has them; a column that is a number is a place. */
export const filesWritten = (points: string, options: FileOptions): Readonly<Record<string, unknown>> => ({
  points,
  ...Object.fromEntries(
    KEYS.flatMap((key) => {
      const value = options[key];
      if (value === undefined) return [];
      return [[key, key === 'label' && /^\d+$/.test(String(value)) ? Number(value) : value]];
    }),
  ),
});
