/** How a diagnosis is called, and the command that makes it again. */
import type { DiagnosisChoice } from '../diagnosis/plan.ts';

/** Every choice that was made, those about files included. */
export type DiagnosisAsked = DiagnosisChoice & {
  readonly [key in 'labels' | 'format' | 'pointsArray' | 'labelsArray' | 'separator' | 'header' | 'label']?:
    | string
    | number
    | boolean;
};

/** What a data set is called: its file's name without the endings. @param file without folders */
export const dataName = (file: string): string => file.replace(/(\.gz|\.csv|\.npy|\.npz|\.bin)+$/, '');

/** @param classes labels of the class +1, then those of -1 */
export function diagnosisCommand(file: string, classes: string, asked: DiagnosisAsked): string {
  const { n, m, flips, runs, heldOut, steps, divisor, seed, centring, labels, format } = asked;
  const { pointsArray, labelsArray, separator, header, label } = asked;
  const words = Object.entries({
    n,
    m,
    flips: flips?.join(','),
    runs,
    'held-out': heldOut,
    steps,
    divisor,
    seed,
    centring: centring === 'none' ? centring : undefined,
    labels,
    format,
    'points-array': pointsArray,
    'labels-array': labelsArray,
    separator: separator && `'${String(separator)}'`,
    label,
  }).flatMap(([key, value]) => (value === undefined ? [] : [`--${key} ${value}`]));
  const head = header === undefined ? [] : [header ? '--header' : '--no-header'];
  return ['benign diagnose', file, `--classes ${classes}`, ...words, ...head].join(' ');
}
