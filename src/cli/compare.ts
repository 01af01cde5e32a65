/** `benign compare A B`: two result folders held against each other. */
import { join } from 'node:path';
import { compared, compareFigure, compareLines, compareReport, compareTable } from '../answers/compare.ts';
import { toCsv } from '../answers/tables.ts';
import { messages, UserError } from '../errors.ts';
import type { Frame } from '../experiments/frame.ts';
import type { SymbolId } from '../notation.ts';
import { runsMissing } from '../reproduction/caption.ts';
import { EXIT, printJson, say } from './context.ts';
import { makeFolder, writeWhole } from './files.ts';
import { loadResults, noteMissing } from './folder.ts';
import { writeFigures } from './outputs.ts';

export interface CompareOptions {
  of: string;
  within?: number;
  out?: string;
  json?: boolean;
}

export async function compare(a: string, b: string, options: CompareOptions): Promise<number> {
  const frames = [frameOf(a, options.of), frameOf(b, options.of)] as const;
  const found = compared(frames, [a, b], options.of as SymbolId, options.within ?? null);
  if (options.out !== undefined) {
    makeFolder(options.out);
    writeWhole(join(options.out, 'compare.csv'), toCsv(compareTable(found)));
    writeWhole(join(options.out, 'compare.json'), `${JSON.stringify(compareReport(found, [a, b]), null, 1)}\n`);
    const figure = compareFigure(frames[0], found, [a, b]);
    await writeFigures(options.out, figure ? [figure] : []);
  }
  if (options.json) printJson(compareReport(found, [a, b]));
  else for (const line of compareLines(found, [a, b])) say(line);
  if (options.within === undefined) return EXIT.ok;
  return found.word === 'holds' ? EXIT.ok : found.word === 'fails' ? EXIT.checkFailed : EXIT.undecided;
}

function frameOf(folder: string, of: string): Frame {
  const frame = loadResults(folder).frame();
  noteMissing(folder, runsMissing(frame));
  const known = ['steps', ...Object.keys(frame.runs.values)];
  if (!known.includes(of)) throw new UserError(`--of ${messages.observable(of, known)}`);
  return frame;
}
