/**
 * Where the mean of a noisy, falling function crosses a level, found by adaptive sampling on a grid of abscissae: monotone (pool-adjacent-
 * violators) regression brackets the crossing, then values go to the two grid points around it, shared by nearness, and a few farther out,
 * where the slope is measured. The crossing is the near points' mean, moved along that slope to the level. A pure function of what has been
 * sampled.
 */
import { fallingRegression } from './contours.ts';

/** What is known at one grid point. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** sum of squared deviations from the mean */
  readonly squares: number;
}

export interface LevelCrossing {
  readonly x: number;
  /** standard error of x by the delta method on the local line, its slope's own error included */
  readonly se: number;
  /** degrees of freedom of the spread behind `se` */
  readonly freedom: number;
}

export interface SearchStep {
  /** `search`: sample what is in `more`, then ask again; `above`, `below`: the mean stays on one side of the level over the whole grid */
  readonly state: 'search' | 'found' | 'above' | 'below';
  /** further values wanted, by grid point; empty unless `search` */
  readonly more: ReadonlyMap<number, number>;
  /** the best estimate so far, null before the bracket is closed */
  readonly crossing: LevelCrossing | null;
}

/** Values at a point while the bracket closes. */
const FIRST = 4;
/** Values that a local line rests on at least: fewer know neither spread nor slope, and stopping at the first small standard error would lie. */
const LEAST = 64;
/** Standard errors by which a slope must differ from 0, and an end of the grid from the level. */
const SURE = 3;
/** Values at an end of the grid before it counts as beyond the level, and the number at which it is given up as too near to tell. */
const END = { least: 16, most: 256 } as const;
/** How far from the crossing the slope is measured, and the share of the values about it that go to either side for that. */
const REACH = 0.2;
const WING = 0.12;

/**
 * The next step of one search.
 *
 * @param x abscissae, increasing, length >= 2
 * @param at what is known at grid point k; count 0 where nothing is
 * @param precision wanted standard error of the crossing, > 0
 */
export function searchStep(x: readonly number[], at: (k: number) => Moments, level: number, precision: number): SearchStep {
  const last = x.length - 1;
  const search = (more: Iterable<readonly [number, number]>, crossing: LevelCrossing | null = null): SearchStep => ({ state: 'search', more: new Map(more), crossing });
  const visited = x.flatMap((_, k) => (at(k).count > 0 ? [k] : []));
  const ends = [0, last].filter((k) => at(k).count === 0);
  if (ends.length > 0) return search(ends.map((k) => [k, FIRST]));
  const fit = fallingRegression(visited.map((k) => at(k).mean), visited.map((k) => at(k).count));
  const after = fit.findIndex((value) => value <= level);
  if (after <= 0) {
    const [end, state] = after === 0 ? ([0, 'below'] as const) : ([last, 'above'] as const);
    const { count, mean, squares } = at(end);
    const se = Math.sqrt(squares / (count * Math.max(1, count - 1)));
    const far = count >= END.least && Math.abs(mean - level) >= SURE * se;
    return far || count >= END.most ? { state, more: new Map(), crossing: null } : search([[end, count]]);
  }
  const [i, j] = [visited[after - 1]!, visited[after]!];
  if (j - i > 1) return search([[(i + j) >> 1, FIRST]]);

  const local = localCrossing(x, at, level, i);
  const { left, crossing } = local;
  const wings = wingsOf(x, left);
  if (crossing && crossing.se <= precision && local.count >= LEAST) return { state: 'found', more: new Map(), crossing };
  // At most twice the values at once: the place may still move.
  const growth = crossing ? Math.min(2, Math.max(1.2, 1.15 * (crossing.se / precision) ** 2)) : 2;
  const extra = Math.max(2, Math.max(LEAST, Math.ceil(growth * local.count)) - local.count);
  const share = crossing ? Math.min(1, Math.max(0, (crossing.x - x[left]!) / (x[left + 1]! - x[left]!))) : 0.5;
  const here = [at(left).count, at(left + 1).count] as const;
  const toRight = Math.min(extra, Math.max(0, Math.round(share * (here[0] + here[1] + extra)) - here[1]));
  const more = new Map<number, number>();
  const ask = (k: number, count: number): void => void (count > 0 && more.set(k, (more.get(k) ?? 0) + count));
  ask(left, extra - toRight);
  ask(left + 1, toRight);
  for (const k of wings) ask(k, Math.ceil(WING * (local.count + extra)) - at(k).count);
  return search(more, crossing);
}

/** The points left and right of a step that the slope rests on. */
const wingsOf = (x: readonly number[], left: number): readonly [number, number] => {
  const from = x.findIndex((value) => value >= x[left]! - REACH);
  const beyond = x.findIndex((value) => value > x[left + 1]! + REACH);
  return [Math.min(from, Math.max(0, left - 1)), Math.max(beyond < 0 ? x.length - 1 : beyond - 1, Math.min(x.length - 1, left + 2))];
};

/** Moves the line until it crosses between its own two points; null without a slope that is surely negative. */
function localCrossing(x: readonly number[], at: (k: number) => Moments, level: number, start: number): { left: number; count: number; crossing: LevelCrossing | null } {
  const last = x.length - 1;
  let left = start;
  const seen = new Set<number>();
  for (;;) {
    seen.add(left);
    const { count, crossing } = lineCrossing(x, at, level, left);
    if (!crossing) return { left, count, crossing };
    const found = x.findIndex((value) => value > crossing.x);
    const next = Math.min(last - 1, Math.max(0, (found < 0 ? last : found) - 1));
    const towards = left + Math.sign(next - left);
    // One step at a time; two lines that point at each other stay where they are.
    if (towards === left || (seen.has(towards) && Math.abs(next - left) <= 1)) return { left, count, crossing };
    // No values there yet: they are asked for, and this line is not the last.
    if (seen.has(towards) || at(towards).count + at(towards + 1).count < LEAST / 2) return { left: towards, count, crossing: null };
    left = towards;
  }
}

/** The mean of the (at most four) points about a step, moved along the slope of all points between the wings to the level. */
function lineCrossing(x: readonly number[], at: (k: number) => Moments, level: number, left: number): { count: number; crossing: LevelCrossing | null } {
  const last = x.length - 1;
  const near = gather(x, at, Math.max(0, left - 1), Math.min(last, left + 2));
  const wide = gather(x, at, ...wingsOf(x, left));
  const freedom = near.count - near.points;
  if (!(freedom > 0) || !(wide.slope < -SURE * wide.slopeSe)) return { count: near.count, crossing: null };
  const shift = (level - near.mean) / wide.slope;
  const variance = near.squares / freedom / near.count + (shift * wide.slopeSe) ** 2;
  return { count: near.count, crossing: { x: near.centre + shift, se: Math.sqrt(variance) / -wide.slope, freedom } };
}

interface Gathered {
  readonly points: number;
  readonly count: number;
  readonly centre: number;
  readonly mean: number;
  /** within the points */
  readonly squares: number;
  readonly slope: number;
  /** from each point's own spread */
  readonly slopeSe: number;
}

/** Least squares through all values at the points from..to. */
function gather(x: readonly number[], at: (k: number) => Moments, from: number, to: number): Gathered {
  const points = Array.from({ length: to - from + 1 }, (_, one) => ({ x: x[from + one]!, ...at(from + one) })).filter(({ count }) => count > 0);
  const sum = (of: (point: (typeof points)[number]) => number): number => points.reduce((total, point) => total + of(point), 0);
  const count = sum((point) => point.count);
  const centre = sum((point) => point.count * point.x) / count;
  const mean = sum((point) => point.count * point.mean) / count;
  const sxx = sum((point) => point.count * (point.x - centre) ** 2);
  const slope = sum((point) => point.count * (point.x - centre) * (point.mean - mean)) / sxx;
  const squares = sum((point) => point.squares);
  const slopeVariance = sum((point) => (point.x - centre) ** 2 * point.count * (point.squares / Math.max(1, point.count - 1))) / (sxx * sxx);
  return { points: points.length, count, centre, mean, squares, slope, slopeSe: Math.sqrt(slopeVariance) };
}
