/**
 * Where the mean of noisy runs crosses a level along a falling curve, found by adaptive sampling on a grid of
 * abscissae: single runs bracket the crossing by bisection, then runs go to the two grid points around it and a few to
 * either side, and the curve of `level-curve.ts` through all runs near the crossing says where it is. A pure function
 * of what has been sampled.
 */
import { fallingRegression } from './contours.ts';
import { crossingNear, roughCurve, type CurvePoint, type LevelCrossing, type Target } from './level-curve.ts';

export interface SearchStep {
  /**
   * `search`: sample what is in `more`, then ask again; `above`, `below`: the mean stays on one side of the level over
   * the whole grid
   */
  readonly state: 'search' | 'found' | 'above' | 'below';
  /** further runs wanted, by grid point; empty unless `search` */
  readonly more: ReadonlyMap<number, number>;
  /** the best estimate so far, null before the bracket is closed */
  readonly crossing: LevelCrossing | null;
  /** half-width about the crossing in which the curve passes the level; 0 before there is one */
  readonly passing: number;
}

/**
 * Runs that a crossing rests on at least: fewer know neither spread nor slope. Small means are made by few runs: seven
 * quarters over the level.
 */
const LEAST = 12;
const leastAt = ({ level, floor }: Target): number =>
  Math.max(LEAST, Math.ceil((1.75 * (1 - 2 * floor)) / (level - floor)));
/** By how much the runs near a crossing grow at once, at most. */
const GROWTH = 1.25;
/** And at least: a search looks a limited number of times. */
const LITTLE = 1.05;
/** Standard errors by which an end of the grid must differ from the level. */
const SURE = 3;
/**
 * Runs at an end of the grid before it counts as beyond the level, and the number at which it is given up as too near
 * to tell.
 */
export const END = { least: 16, most: 256 } as const;
/**
 * How far the runs that enter reach from the crossing, in units of the curve's own argument: at most, and times the
 * square root of the wanted precision in these units, so that a curve of another form shifts the crossing by a small
 * part of the precision. The runs for the slope are made inside by a step of the rough curve's slope, which goes by
 * factors of sqrt 2.
 */
const REACH = { most: 0.5, fine: 3.5 } as const;
const WING_AT = 0.7;
/** Share of the runs that goes to either side. */
const WING = 0.125;
/** The standard error of the relative slope with which a crossing may end. */
const SLOPE = 0.15;

/**
 * The next step of one search.
 *
 * @param x abscissae, increasing, length >= 2
 * @param at the runs at grid point k; empty where there are none
 * @param target the level, and the floor that the curve falls to, in [0, level)
 * @param precision wanted standard error of the crossing, > 0
 */
export function searchStep(
  x: readonly number[],
  at: (k: number) => CurvePoint['runs'],
  target: Target,
  precision: number,
): SearchStep {
  const last = x.length - 1;
  const search = (
    more: Iterable<readonly [number, number]>,
    crossing: LevelCrossing | null = null,
    passing = 0,
  ): SearchStep => ({ state: 'search', more: new Map(more), crossing, passing });
  const visited = x.flatMap((value, k) => (at(k).length > 0 ? [{ k, x: value, runs: at(k) }] : []));
  if (visited.length < 2) return search(firstPlaces(x.length).map((k) => [k, 1]));
  const fit = fallingRegression(
    visited.map(({ runs }) => meanOf(runs)),
    visited.map(({ runs }) => runs.length),
  );
  const after = fit.findIndex((value) => value <= target.level);
  if (after <= 0) {
    const [end, outermost, state] =
      after === 0 ? ([0, visited[0]!.k, 'below'] as const) : ([last, visited.at(-1)!.k, 'above'] as const);
    if (outermost !== end) return search([[after === 0 ? outermost >> 1 : (outermost + last + 1) >> 1, 1]]);
    const count = at(end).length;
    const mean = meanOf(at(end));
    const se = Math.sqrt(
      at(end).reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (count * Math.max(1, count - 1)),
    );
    const far = count >= END.least && Math.abs(mean - target.level) >= SURE * se;
    return far || count >= END.most ? { state, more: new Map(), crossing: null, passing: 0 } : search([[end, count]]);
  }
  const [i, j] = [visited[after - 1]!.k, visited[after]!.k];
  const rough = roughCurve(visited, target, [x[i]!, x[j]!]);
  const reach = Math.min(REACH.most, REACH.fine * Math.sqrt(rough.steepness * precision)) / rough.steepness;
  if (j - i > 1 && x[j]! - x[i]! > 2 * reach) return search([[(i + j) >> 1, 1]]);

  const near = crossingNear(visited, target, rough, (place) => windowOf(x, place, reach));
  const { curve, crossing, count } = near;
  const passing = REACH.most / rough.steepness;
  const least = leastAt(target);
  const sure = crossing !== null && crossing.slopeSe <= SLOPE;
  if (sure && crossing.plain <= precision && count >= least)
    return { state: 'found', more: new Map(), crossing: { ...crossing, se: unlucky(crossing, precision) }, passing };
  // At most a quarter more at once: neither the place nor the spread is sure yet. Without a slope more runs go to the
  // sides.
  const growth = sure ? Math.min(GROWTH, (crossing.plain / precision) ** 2) : GROWTH;
  const total = Math.min(2 * count + 2, Math.max(least, Math.ceil(Math.max(growth, LITTLE) * count)));
  return search(
    spread(x, at, curve.place, reach, total - count, (sure ? WING : 2 * WING) * total),
    sure ? crossing : null,
    passing,
  );
}

/**
 * A search ends sooner when its runs happen to lie close together. Where two standard errors of the spread more would
 * have asked for more runs, the stated error is therefore raised towards the wanted one, by one standard error of the
 * spread (1/sqrt(2 freedom) of it) at most.
 */
function unlucky({ se, plain, freedom }: LevelCrossing, precision: number): number {
  const relative = 1 / Math.sqrt(2 * freedom);
  return plain * (1 + 2 * relative) > precision ? Math.max(se, Math.min(precision, se * (1 + relative))) : se;
}

/** Where the first runs of a search over so many grid points go: the quarters of the range. */
export const firstPlaces = (length: number): readonly [number, number] => [(length - 1) >> 2, (3 * (length - 1)) >> 2];

const meanOf = (runs: CurvePoint['runs']): number => runs.reduce((sum, { value }) => sum + value, 0) / runs.length;

/** The grid point at or left of a place, not the last one. */
const leftOf = (x: readonly number[], place: number): number => {
  const after = x.findIndex((value) => value > place);
  return Math.min(x.length - 2, Math.max(0, (after < 0 ? x.length : after) - 1));
};

/** First and last grid point whose runs enter: two on either side at least. */
function windowOf(x: readonly number[], place: number, reach: number): readonly [number, number] {
  const left = leftOf(x, place);
  const from = x.findIndex((value) => value >= place - reach);
  const beyond = x.findIndex((value) => value > place + reach);
  return [
    Math.max(0, Math.min(from < 0 ? left : from, left - 1)),
    Math.min(x.length - 1, Math.max(beyond < 0 ? x.length - 1 : beyond - 1, left + 2)),
  ];
}

/**
 * Shares runs out: some to either side until as many lie there as a wing should have, the others to the two grid points
 * about the crossing by nearness.
 */
function spread(
  x: readonly number[],
  at: (k: number) => CurvePoint['runs'],
  place: number,
  reach: number,
  extra: number,
  side: number,
): Map<number, number> {
  const left = leftOf(x, place);
  const [from, to] = windowOf(x, place, reach);
  const more = new Map<number, number>();
  const ask = (k: number, runs: number): void => void (runs > 0 && more.set(k, (more.get(k) ?? 0) + runs));
  const nearest = (value: number): number =>
    x.reduce((best, one, k) => (Math.abs(one - value) < Math.abs(x[best]! - value) ? k : best), 0);
  const wings = [
    Math.max(from, Math.min(left - 1, nearest(place - WING_AT * reach))),
    Math.min(to, Math.max(left + 2, nearest(place + WING_AT * reach))),
  ] as const;
  let rest = extra;
  wings.forEach((wing, which) => {
    const there = x.reduce(
      (sum, value, k) =>
        sum +
        (k >= from &&
        k <= to &&
        (which === 0 ? value - place < (x[wing]! - place) / 2 : value - place > (x[wing]! - place) / 2)
          ? at(k).length
          : 0),
      0,
    );
    const wanted = Math.min(rest, Math.max(0, Math.ceil(side) - there));
    ask(wing, wanted);
    rest -= wanted;
  });
  const here = [at(left).length, at(left + 1).length] as const;
  const share = Math.min(1, Math.max(0, (place - x[left]!) / (x[left + 1]! - x[left]!)));
  const right = Math.min(rest, Math.max(0, Math.round(share * (here[0] + here[1] + rest)) - here[1]));
  ask(left, rest - right);
  ask(left + 1, right);
  return more;
}
