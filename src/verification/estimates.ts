/** What claims are judged by: estimates over the cells of a sweep, and the form of a judgement. */
import { meanAndSe, type Estimate } from '../core/statistics.ts';
import { coordinates } from '../experiments/spec.ts';
import type { Results } from '../experiments/table.ts';
import type { SymbolId } from '../notation.ts';
import type { Where } from './check.ts';
import type { Comparison } from './old-comparison.ts';

/** A comparison without its name and words. */
export type Verdict = Pick<Comparison, 'ours' | 'se' | 'published' | 'tolerance' | 'ok' | 'z'> & {
  readonly note?: string;
};
export const NONE: Verdict = {
  ours: null,
  se: null,
  published: null,
  tolerance: 0,
  ok: false,
  note: 'no run to test it on',
};

/** Indices of the cells at these coordinates. */
export function cellsAt(results: Results, where: Where = {}): number[] {
  const { axes } = results.spec;
  for (const name of Object.keys(where))
    if (!axes.some((axis) => axis.name === name)) throw new RangeError(`the sweep has no axis ${name}`);
  return results.cells.flatMap((_, at) => {
    const values = coordinates(results.spec, at);
    const here = axes.every(({ name }, axis) => {
      const wanted = where[name];
      const value = values[axis]!;
      if (wanted === undefined) return true;
      return Array.isArray(wanted)
        ? (value as number) >= wanted[0]! - 1e-9 && (value as number) <= wanted[1]! + 1e-9
        : value === wanted;
    });
    return here ? [at] : [];
  });
}

/** Mean over cells of the means over runs, with its standard error; null when a cell has no run. */
export function estimate(results: Results, cells: readonly number[], of: SymbolId): Estimate | null {
  const parts = cells.map((at) => results.over(at, of));
  if (parts.length === 0 || parts.some((runs) => runs.length === 0)) return null;
  const estimates = parts.map(meanAndSe);
  const sum = estimates.reduce((total, part) => total + part.mean, 0);
  const variance = estimates.reduce((total, { se }) => total + se * se, 0);
  return { mean: sum / parts.length, se: Math.sqrt(variance) / parts.length };
}

export const quotient = (a: Estimate, b: Estimate): Estimate => ({
  mean: a.mean / b.mean,
  se: Math.sqrt(a.se ** 2 + ((a.mean / b.mean) * b.se) ** 2) / Math.abs(b.mean),
});

/** Means along an axis, over the cells that `where` leaves. */
export function profile(
  results: Results,
  of: SymbolId,
  along: string,
  where: Where = {},
): { x: number; y: Estimate }[] {
  const axis = results.spec.axes.find(({ name }) => name === along);
  if (!axis) throw new RangeError(`the sweep has no axis ${along}`);
  const wanted = where[along];
  return (axis.values as number[])
    .filter((x) => !Array.isArray(wanted) || (x >= wanted[0]! && x <= wanted[1]!))
    .flatMap((x) => {
      const y = estimate(results, cellsAt(results, { ...where, [along]: x }), of);
      return y ? [{ x, y }] : [];
    });
}
