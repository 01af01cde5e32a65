/** `benign new [MODEL]`: a first spec, to be sent to a file and changed there. */
import { parse } from 'yaml';
import { starterText } from '../experiments/starter.ts';
import { printJson } from './context.ts';

export function newSpec(model: string, options: { readonly json?: boolean }): void {
  const text = starterText(model);
  if (options.json) printJson(parse(text));
  else process.stdout.write(text);
}
