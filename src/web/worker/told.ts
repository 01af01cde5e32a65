/** Answers that say why there is none. */
import { UserError } from '../../errors.ts';
import type { Told } from './wire.ts';

/** A mistake of the user's is a sentence; one of ours too, with its name. */
const sentence = (error: unknown): string =>
  error instanceof UserError || error instanceof RangeError ? error.message : `internal error: ${String(error)}`;

export function told<T>(make: () => T): Told<T> {
  try {
    return { value: make() };
  } catch (error) {
    return { error: sentence(error) };
  }
}

export async function toldLater<T>(make: () => Promise<T>): Promise<Told<T>> {
  try {
    return { value: await make() };
  } catch (error) {
    return { error: sentence(error) };
  }
}
