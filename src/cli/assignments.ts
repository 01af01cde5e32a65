/** `--set`: parameters from the command line. Apart from the options that every command reads: YAML is slow to load. */
import { parse } from 'yaml';
import { messages, suggest, UserError } from '../errors.ts';
import { PARAMETERS, parameterPath } from '../notation.ts';

/** `--set key=value` gathered into values by path; keys are paths or symbols. @throws UserError */
export function assignments(texts: readonly string[]): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const text of texts) {
    const equals = text.indexOf('=');
    const key = text.slice(0, Math.max(equals, 0)).trim();
    const path = parameterPath(key);
    if (equals < 1) wrong.push(messages.badAssignment(text));
    else if (path === undefined)
      wrong.push(
        `--set ${text}: unknown parameter ${key}, ${suggest(
          key,
          [...PARAMETERS.keys()].flatMap((one) => [one, one.split('.').at(-1)!]),
        )}`,
      );
    else if (path in changes) wrong.push(`--set ${text}: sets ${path}, which is set before; give it once`);
    else changes[path] = valueOf(text.slice(equals + 1));
  }
  if (wrong.length > 0) throw new UserError(wrong.join('\n'));
  return changes;
}

/** As YAML reads it; what is no YAML is text. */
function valueOf(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return text;
  }
}
