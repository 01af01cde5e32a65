/** The share of a cell's runs that fit every label and predict well. */
import { EXCESS_LIMIT } from '../../verification/excess.ts';

/** @param errors test errors by run @param missed training errors of the same runs; undefined without a run */
export function benignShare(errors: readonly number[], missed: readonly number[], flip: number): number | undefined {
  if (errors.length === 0) return undefined;
  return errors.filter((error, i) => error - flip <= EXCESS_LIMIT && missed[i] === 0).length / errors.length;
}
