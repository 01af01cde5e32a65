/** Whether the error rises along the searched axis, told by runs far apart. */
import type { CurveRun } from '../../core/level-curve.ts';
import { END, firstPlaces } from '../../core/level-search.ts';
import type { Places } from './places.ts';

/** Difference of the mean errors at both ends, over the rows, that tells rising from falling. */
const CLEAR = 0.1;

/**
 * Asks for runs far apart in every row until they tell whether the error rises, at the quarters of the range and then
 * at its ends; false when they do.
 */
export function askApart(places: Places, level: number): boolean {
  const ends = [0, places.x.length - 1] as const;
  const at = apart(places);
  const asked = places.at(0, at[0]).asked;
  if (asked > 0 && (Math.abs(difference(places, level, at)) >= CLEAR || asked >= END.least)) return false;
  for (const row of places.rows.keys())
    for (const k of asked > 0 ? ends : at) {
      const place = places.at(row, k);
      place.asked = Math.max(1, 2 * place.asked);
    }
  return true;
}

export const rises = (places: Places, level: number): boolean => difference(places, level, apart(places)) > 0;

const apart = (places: Places): readonly [number, number] =>
  places.at(0, 0).asked > 0 ? [0, places.x.length - 1] : firstPlaces(places.x.length);

/** Mean error at the upper place minus that at the lower one, over the rows. */
function difference(places: Places, level: number, at: readonly [number, number]): number {
  const mean = (runs: readonly CurveRun[]): number => runs.reduce((sum, { value }) => sum + value, 0) / runs.length;
  const differences = [...places.rows.keys()].flatMap((row) => {
    const [low, high] = at.map((k) => places.runsAt(row, k, level)) as [readonly CurveRun[], readonly CurveRun[]];
    return low.length > 0 && high.length > 0 ? [mean(high) - mean(low)] : [];
  });
  return differences.reduce((sum, one) => sum + one, 0) / Math.max(1, differences.length);
}
