/** `benign theory SPEC.yaml`: what the papers' theorems say about a setting, before any run. */
import { join } from 'node:path';
import { theoryLines } from '../answers/theory-words.ts';
import { checkedConstants, isPositive, solvable } from '../answers/theory-choice.ts';
import { theoryReport } from '../answers/theory-report.ts';
import { theoryAnswer, theoryFigures } from '../answers/theory.ts';
import { messages, UserError } from '../errors.ts';
import { specAt } from './data.ts';
import type { Constants } from '../theory/statement.ts';
import { note, printJson, say } from './context.ts';
import { makeFolder, writeWhole } from './files.ts';
import { writeFigures } from './outputs.ts';

export interface TheoryOptions {
  set: string[];
  delta?: string;
  constants?: string;
  critical?: string;
  all?: boolean;
  out?: string;
  json?: boolean;
}

export async function theory(file: string, options: TheoryOptions): Promise<void> {
  const spec = await specAt(file, options.set);
  const given = {
    ...(options.constants !== undefined && constantsOf(options.constants)),
    ...(options.delta !== undefined && { delta: deltaOf(options.delta) }),
  };
  const { critical } = options;
  const answer = theoryAnswer(spec, given, (setting) =>
    critical === undefined ? undefined : solvable(critical, setting, '--critical'),
  );
  const report = theoryReport(answer, file);
  if (options.out !== undefined) {
    makeFolder(options.out);
    writeWhole(join(options.out, 'theory.json'), `${JSON.stringify(report, null, 1)}\n`);
    await writeFigures(options.out, theoryFigures(answer));
  }
  const { fixed } = answer;
  if (fixed !== '') note(`the spec has axes: this is its first cell (${fixed}); fix others with --set`);
  if (options.json) printJson(report);
  else for (const line of theoryLines(answer, options.all === true)) say(line);
}

/** `C1=100,kou-2023.C2=5` @throws UserError */
function constantsOf(text: string): Constants {
  const given = Object.fromEntries(
    text.split(',').map((part) => {
      const [name = '', value = '', ...more] = part.split('=').map((one) => one.trim());
      if (more.length > 0 || name === '' || value === '' || !isPositive(Number(value), Infinity))
        throw new UserError(messages.badConstant(part));
      return [name, /(^|\.)delta$/.test(name) ? deltaOf(value, `--constants ${name}`) : Number(value)];
    }),
  );
  return checkedConstants(given, '--constants');
}

/** @throws UserError */
function deltaOf(text: string, flag = '--delta'): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1)) throw new UserError(messages.mustBe(flag, 'in (0, 1)', text));
  return value;
}
