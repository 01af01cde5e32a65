/** Whole numbers that a program gives. */
import { messages, UserError } from '../errors.ts';

/** @throws UserError unless it is absent, or a whole number >= 1 */
export function checkCount(name: string, value: number | undefined): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1))
    throw new UserError(messages.mustBe(name, 'an integer >= 1', value));
}
