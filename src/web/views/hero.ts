/** The first view from the small data file that was computed with the page: a map, and a run of each of its cells. */
import { scaleBetween } from '../draw/scale.ts';
import type { PageState } from '../state/page-state.ts';
import type { Hero, MapPart, Played } from '../worker/wire.ts';

export function heroMap({ map }: Hero): MapPart {
  const numbers = (values: readonly (number | null)[]): Float64Array => Float64Array.from(values, (one) => one ?? NaN);
  return {
    ...map,
    values: numbers(map.values),
    se: numbers(map.se),
    runs: new Uint16Array(map.values.length).fill(map.runs),
    diverged: new Uint16Array(map.values.length),
  };
}

/** The run of the cell that is nearest to the setting. */
export function heroRun(
  hero: Hero,
  { set }: PageState,
): { readonly played: Played; readonly point: { readonly x: number; readonly y: number } } {
  const { described, map, ids, steps, columns, names, sentence } = hero;
  const nearest = (values: readonly number[], axis: Hero['described']['x'], at: number): number => {
    const scale = scaleBetween(axis.from, axis.to, axis.log);
    const far = (value: number): number => Math.abs(scale.place(value) - scale.place(at));
    return values.reduce((best, value, i) => (far(value) < far(values[best]!) ? i : best), 0);
  };
  const point = {
    x: Number(set[described.x.path] ?? described.point.x),
    y: Number(set[described.y.path] ?? described.point.y),
  };
  const cell = nearest(map.y, described.y, point.y) * map.x.length + nearest(map.x, described.x, point.x);
  return {
    point,
    played: {
      record: { run: names[cell]! } as Played['record'],
      sentence,
      ids,
      steps,
      columns: columns[cell]!.map((row) => Float64Array.from(row)),
      scenes: [],
    },
  };
}
