/**
 * Does a curve cross a level once? A search that brackets one crossing never sees what it skips: a coarse look makes a
 * few runs at places over the whole range, and more where they lie on the wrong side of the level, until a confidence
 * sequence says that the mean lies there.
 */
import type { Interval } from './verdict.ts';
import { ConfidenceSequence } from './confidence-sequence.ts';
import type { SearchStep } from './level-search.ts';
import { log } from './special.ts';

/** 1: the mean lies above the level, -1: below, 0: not clear. */
export type Side = 1 | -1 | 0;

/** Parts of the range between two places of a look. */
const PARTS = 8;
/** Chance that a look says of one monotone curve and level that it is none. */
const ERROR = 0.001;
/** Runs that each place gets; and where the curve is known not to be monotone. */
const FIRST_RUNS = 4;
const KNOWN_RUNS = 16;
const LEAST_CAP = 256;
const MOST_CAP = 4096;
/** Runs in units of those that refute the level at least, when all values are the lowest possible. */
const CAP = 2;

/** The grid points of a look: the eighths of the range, all points of a short grid. */
const lookPlaces = (length: number): readonly number[] => [
  ...new Set(Array.from({ length: PARTS + 1 }, (_, part) => Math.round((part / PARTS) * (length - 1)))),
];

/** What a look asks at each place. */
interface LookTarget {
  readonly level: number;
  /** that all values lie in */
  readonly range: Interval;
  /** places that share the error */
  readonly places: number;
}

const shareOf = ({ level, range: { low, high } }: LookTarget): number => (level - low) / (high - low);
const confidenceOf = ({ places }: LookTarget): number => 1 - ERROR / places;

/** The side of the level that the mean lies on, as far as the values tell; wrong at any place with ERROR at most. */
function sideOf(values: readonly number[], target: LookTarget): Side {
  const { low, high } = target.range;
  const share = shareOf(target);
  const sequence = new ConfidenceSequence(confidenceOf(target), Math.min(0.49, Math.max(1e-6, share)));
  for (const value of values) sequence.add(Math.min(1, Math.max(0, (value - low) / (high - low))));
  const interval = sequence.look();
  return interval.low > share ? 1 : interval.high < share ? -1 : 0;
}

/** Runs after which a place that is not clear is left. */
const lookCap = (target: LookTarget): number =>
  Math.min(
    MOST_CAP,
    Math.max(LEAST_CAP, Math.ceil((CAP * log(2 / (1 - confidenceOf(target)))) / Math.max(1e-9, shareOf(target)))),
  );

/** A stretch of grid points. */
export type Stretch = readonly [from: number, to: number];

export interface LookPlace {
  /** counted in the direction in which the curve falls */
  readonly k: number;
  readonly side: Side;
  /** runs that it is to get */
  readonly more: number;
  /** it lies on the other side of the level than a monotone curve would */
  readonly wrong: boolean;
}

/**
 * Every place of the look but those about the crossing, where the curve passes the level: one that lies on the expected
 * side is left with its few runs.
 *
 * @param x abscissae, increasing
 * @param rising whether the curve rises along them: then the search ran from their other end
 * @param found what the search says
 * @param at values of the runs at abscissa k, NaN for a run without one
 */
export function lookAt(
  x: readonly number[],
  rising: boolean,
  { state, crossing, passing }: Pick<SearchStep, 'state' | 'crossing' | 'passing'>,
  { level, range }: Omit<LookTarget, 'places'>,
  at: (k: number) => readonly number[],
): LookPlace[] {
  const places = lookPlaces(x.length);
  const target = { level, range, places: places.length };
  const seen = places.flatMap((k) => {
    const there = rising ? x.length - 1 - k : k;
    const place = (rising ? -1 : 1) * x[there]!;
    if (crossing && Math.abs(place - crossing.x) <= passing) return [];
    const expected: Side = crossing ? (place < crossing.x ? 1 : -1) : state === 'above' ? 1 : -1;
    const runs = at(there);
    const values = runs.filter((value) => !Number.isNaN(value));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const side: Side = mean > level ? 1 : mean < level ? -1 : 0;
    const against = runs.length >= FIRST_RUNS && side !== 0 && side !== expected;
    return [{ k, made: runs.length, mean, side, against, wrong: against && sideOf(values, target) === side }];
  });
  const sure = seen.some(({ wrong }) => wrong);
  // One place at a time, the one that says most: it alone may tell.
  const [next] = seen
    .filter(({ against, made }) => against && made < lookCap(target))
    .sort((a, b) => Math.abs(b.mean - level) - Math.abs(a.mean - level));
  return seen.map((one): LookPlace => {
    const { k, made, side, wrong } = one;
    const wanted = sure ? KNOWN_RUNS : one === next ? Math.min(2 * made, lookCap(target)) : FIRST_RUNS;
    return { k, side, wrong, more: Math.max(0, wanted - made) };
  });
}

export interface Shape {
  /** pairs of neighbouring places between which the curve falls through the level, and rises through it */
  readonly falls: readonly Stretch[];
  readonly rises: readonly Stretch[];
  /** for the first fall: from where the curve lies above the level before it to where it lies below after it */
  readonly first: Stretch | null;
}

/** From the sides at places in order, those that are not clear left out. */
export function shapeOf(sides: readonly { readonly k: number; readonly side: Side }[]): Shape {
  const clear = sides.filter(({ side }) => side !== 0);
  const falls: Stretch[] = [];
  const rises: Stretch[] = [];
  let first: Stretch | null = null;
  let since = clear[0]?.k ?? 0;
  clear.forEach(({ k, side }, at) => {
    const next = clear[at + 1];
    if (!next || next.side === side) return;
    (side === 1 ? falls : rises).push([k, next.k]);
    if (side === -1) since = next.k;
    else if (!first) {
      const end = clear.findIndex((one, later) => later > at + 1 && one.side === 1);
      first = [since, clear.at(end < 0 ? -1 : end - 1)!.k];
    }
  });
  return { falls, rises, first };
}

/** Where the curve crosses the level; the first fall left out where it is followed. */
export const besides = ({ falls, rises }: Shape, followed: boolean): Stretch[] => [
  ...falls.slice(followed ? 1 : 0),
  ...rises,
];
