/** Earlier looks at the runs of a folder, as its report has them. */
import { existsSync } from 'node:fs';
import { looked, type Look } from '../reproduction/looks.ts';
import { readText } from './files.ts';

/** Undefined without a report; one look of an unknown question where a report has no record of them. */
export function looksIn(file: string, alpha: number): readonly Look[] | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { looks } = JSON.parse(readText(file)) as { looks?: readonly Look[] };
    if (Array.isArray(looks)) return looks;
  } catch {
    // A report that cannot be read was looked at none the less.
  }
  return looked(undefined, { runs: NaN, question: 'not recorded' }, alpha);
}
