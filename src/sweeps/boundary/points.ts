/** Where a row crosses a level, as far as the search and the look tell. */
import { besides, type Shape } from '../../core/coarse-look.ts';
import type { LevelCrossing } from '../../core/level-curve.ts';
import type { SearchStep } from '../../core/level-search.ts';
import { exp } from '../../core/special.ts';
import type { Cell } from '../../experiments/cell.ts';
import { holdsIntegers } from '../../experiments/spec.ts';
import type { BoundaryRow, Places } from './places.ts';

/** Where a row crosses a level. */
export interface BoundaryPoint {
  /** the values of the other axes */
  readonly row: BoundaryRow;
  /** mean error, one of the levels that were asked for */
  readonly level: number;
  /**
   * `limit`: the most runs were made before the precision was reached, or before the look over the range;
   * `not-monotone`: the error crosses the level in `again` only, none of which is followed
   */
  readonly state: 'found' | 'above' | 'below' | 'limit' | 'not-monotone';
  /** where a coarse look saw the mean cross the level besides: ends of `along`, as written */
  readonly again: readonly { readonly low: number; readonly high: number }[];
  /** in log `along`, as written */
  readonly crossing: LevelCrossing | null;
  /** the row's cell at the crossing; at the low end of the range where there is none */
  readonly cell: Cell;
}

/**
 * @param at the row's place
 * @param step where the search is, and `looked` whether the look has ended; `shape` what it saw, undefined where the
 *   curve is monotone as far as it tells
 * @param rising whether the search reads the grid from its upper end
 */
export function pointOf(
  places: Places,
  at: number,
  level: number,
  { state, crossing }: SearchStep,
  { looked, shape, rising }: { readonly looked: boolean; readonly shape: Shape | undefined; readonly rising: boolean },
): BoundaryPoint {
  const { rows, values, spec, along } = places;
  const lost = shape !== undefined && (!shape.first || state === 'above' || state === 'below');
  const found = crossing && !lost ? { ...crossing, x: (rising ? -1 : 1) * crossing.x } : null;
  const value = found ? exp(found.x) : values[0]!;
  return {
    row: rows[at]!,
    level,
    state: lost ? 'not-monotone' : state === 'search' || !looked ? 'limit' : state,
    again: shape
      ? besides(shape, !lost)
          .map((stretch) => stretch.map((k) => values[rising ? values.length - 1 - k : k]!).sort((a, b) => a - b))
          .map(([low, high]) => ({ low: low!, high: high! }))
          .sort((a, b) => a.low - b.low)
      : [],
    crossing: found,
    cell: places.cell(at, holdsIntegers(spec, along) ? Math.round(value) : value),
  };
}
