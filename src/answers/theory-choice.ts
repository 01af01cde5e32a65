/** What theory is asked: values of free constants, and the symbol that a border is solved for. */
import { messages, UserError } from '../errors.ts';
import { parameterPath, PARAMETERS, type Setting, type SymbolId } from '../notation.ts';
import { constantNames } from '../theory/assess.ts';
import type { Constants } from '../theory/statement.ts';

const isDelta = (name: string): boolean => /(^|\.)delta$/.test(name);

/**
 * Constants that statements of the shelf have, with values in their range.
 *
 * @param where how whoever asks calls them: `--constants`
 * @throws UserError
 */
export function checkedConstants(given: Constants, where: string): Constants {
  const known = constantNames();
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name))
      throw new UserError(
        messages.unknownConstant(
          `${where} ${name}`,
          name,
          known.filter((one) => !one.includes('.')),
        ),
      );
    if (!isPositive(value, isDelta(name) ? 1 : Infinity))
      throw new UserError(
        messages.mustBe(`${where} ${name}`, isDelta(name) ? 'in (0, 1)' : 'a finite number > 0', value),
      );
  }
  return given;
}

/** Whether it is a number in (0, end). */
export const isPositive = (value: unknown, end: number): boolean =>
  typeof value === 'number' && value > 0 && value < end;

/** The symbol of the setting that a border is to be solved for, by any of its names. @throws UserError */
export function solvable(name: string, setting: Setting, where: string): SymbolId {
  const path = parameterPath(name);
  const found = path === undefined ? undefined : PARAMETERS.get(path);
  if (found === undefined || setting[found.id] === undefined)
    throw new UserError(messages.unknownCritical(`${where} ${name}`, name, Object.keys(setting)));
  return found.id;
}
