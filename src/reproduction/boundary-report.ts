/** What a search for level sets found: crossings with intervals, and power laws through them beside the theorems'. */
import { exp } from '../core/special.ts';
import { ALPHA, intervalOf, together, type Word } from '../core/verdict.ts';
import type { Field } from '../experiments/frame.ts';
import type { Table } from '../experiments/table.ts';
import type { Boundary } from '../sweeps/boundary.ts';
import type { BoundaryPoint } from '../sweeps/boundary/points.ts';
import { fitLevel, testsOf, type LevelFit } from '../verification/level-fits.ts';
import { lawFits, type Found, type LawFit } from './boundary-laws.ts';

export interface LevelSetFit extends LevelFit {
  readonly level: number;
  /** values of the axes beyond the two, by name */
  readonly series: Readonly<Record<string, Field>>;
  readonly laws: readonly LawFit[];
}

export interface Crossing {
  readonly series: Readonly<Record<string, Field>>;
  readonly over: number;
  readonly level: number;
  readonly state: BoundaryPoint['state'];
  /** where the error crosses the level besides: it is not monotone here */
  readonly again: BoundaryPoint['again'];
  readonly along: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** of log along */
  readonly se: number | null;
  /** degrees of freedom behind se */
  readonly freedom: number | null;
}

export interface BoundaryReport {
  readonly crossings: readonly Crossing[];
  readonly fits: readonly LevelSetFit[];
  /** what the words rest on: the chance that any of them is wrong is at most `spent` */
  readonly errors: {
    /** of all looks, and of this one */
    readonly alpha: number;
    readonly spent: number;
    /** intervals and tests behind the words, counted before a run is made; each has `spent / tests` */
    readonly tests: number;
  };
  /** of all laws that apply; null when none does */
  readonly verdict: Word | null;
}

export interface BoundaryReportOptions {
  /** of each crossing's interval, which carries no word; 0.95 unless told */
  readonly confidence?: number;
  /** chance of any wrong word */
  readonly alpha?: number;
  /** what of it this look may spend; all unless told */
  readonly spent?: number;
  /** intervals and tests of the page that the report stands on, its own included; its own unless told */
  readonly tests?: number;
  /** the end of `over` where the problem is largest; unless told, where a searched size is, else the high one */
  readonly largest?: 'low' | 'high';
}

export function boundaryReport(
  boundary: Boundary,
  {
    confidence = 1 - ALPHA,
    alpha = ALPHA,
    spent = alpha,
    tests = boundaryTests(boundary),
    largest,
  }: BoundaryReportOptions,
): BoundaryReport {
  const points = boundary.points();
  const crossings = points.map((point): Crossing => {
    const { crossing } = point;
    const held = crossing && intervalOf({ ...crossing, value: crossing.x }, 1 - confidence);
    return {
      series: seriesOf(boundary, point),
      over: point.row.over,
      level: point.level,
      state: point.state,
      again: point.again,
      along: crossing && exp(crossing.x),
      low: held && exp(held.low),
      high: held && exp(held.high),
      se: crossing && crossing.se,
      freedom: crossing && crossing.freedom,
    };
  });
  const groups = new Map<string, BoundaryPoint[]>();
  for (const point of points) {
    const key = JSON.stringify([seriesOf(boundary, point), point.level]);
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  const fits = [...groups.values()].map((group) => fitGroup(boundary, group, spent / tests, largest));
  const words = fits.flatMap(({ laws }) =>
    laws.flatMap(({ verdict }) => (verdict === 'not-applicable' ? [] : [verdict])),
  );
  return {
    crossings,
    fits,
    errors: { alpha, spent, tests },
    verdict: words.length === 0 ? null : together(words),
  };
}

/** Intervals and tests behind the words of a search: known before any run. */
export function boundaryTests({ over, rows, options }: Boundary): number {
  const sizes = over.values.length;
  return Math.max(1, (rows.length / sizes) * options.levels.length * testsOf(sizes));
}

function seriesOf({ others, over }: Boundary, { row }: BoundaryPoint): Record<string, Field> {
  return Object.fromEntries(others.flatMap((axis, at) => (axis === over ? [] : [[axis.name, row.written[at]!]])));
}

function fitGroup(
  boundary: Boundary,
  points: readonly BoundaryPoint[],
  alpha: number,
  largest: 'low' | 'high' | undefined,
): LevelSetFit {
  const found = points
    .filter((point): point is Found => point.state === 'found' && point.crossing !== null)
    .sort((a, b) => a.row.over - b.row.over);
  const fit = fitLevel(
    found.map(({ row, crossing: { x, se, freedom } }) => ({ over: row.over, along: { value: x, se, freedom } })),
    alpha,
  );
  const laws = lawFits(boundary, { found, fit, alpha, largest: largest ?? largestEnd(boundary, found) });
  return { level: points[0]!.level, series: seriesOf(boundary, points[0]!), ...fit, laws };
}

/** Where the problem is largest: a searched size (d, n, m) is large at one end of `over`; else `over` itself is. */
function largestEnd({ along }: Boundary, found: readonly Found[]): 'low' | 'high' {
  if (!['n', 'd', 'm'].includes(along.id) || found.length < 2) return 'high';
  return found[0]!.crossing.x > found.at(-1)!.crossing.x ? 'low' : 'high';
}

/** One row a crossing. */
export function boundaryTable(boundary: Boundary, { crossings }: BoundaryReport): Table {
  const series = Object.keys(crossings[0]?.series ?? {});
  const { over, along } = boundary;
  return {
    columns: [
      ...series,
      over.name,
      'level',
      along.name,
      `${along.name}Low`,
      `${along.name}High`,
      `${along.name}LogSe`,
      'state',
      'again',
    ],
    rows: crossings.map((one) => [
      ...series.map((name) => one.series[name]!),
      one.over,
      one.level,
      one.along,
      one.low,
      one.high,
      one.se,
      one.state,
      one.again.map(({ low, high }) => `${low} to ${high}`).join('; ') || null,
    ]),
  };
}
