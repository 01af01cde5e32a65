/**
 * What a search for level sets found: crossings with intervals, power laws through them beside the theorems', and the
 * figure.
 */
import { numberText } from '../core/number-text.ts';
import { exp, log } from '../core/special.ts';
import { ALPHA, intervalOf, together, type Word } from '../core/verdict.ts';
import { valueAt, type Cell } from '../experiments/cell.ts';
import type { Axis } from '../experiments/spec.ts';
import type { Field } from '../experiments/frame.ts';
import type { Table } from '../experiments/table.ts';
import type { Figure } from '../figures/figure.ts';
import { levelLines, type LevelLine } from '../figures/level-lines.ts';
import {
  axisLabel,
  CELL_PARAMETERS,
  PARAMETERS,
  SYMBOLS,
  type Setting,
  type Powers,
  type SymbolEntry,
  type SymbolId,
} from '../notation.ts';
import type { Boundary } from '../sweeps/boundary.ts';
import type { BoundaryPoint } from '../sweeps/boundary/points.ts';
import { logControl, transitionExponent, TRANSITION_LAWS, type TransitionLaw } from '../theory/transition-laws.ts';
import {
  exponentVerdict,
  fitLevel,
  inLog,
  marginOf,
  testsOf,
  type Estimated,
  type ExponentVerdict,
  type LevelFit,
} from '../verification/level-fits.ts';

/** Holds, fails, undecided; or the law makes no statement about this exponent. */
export type LawWord = Word | 'not-applicable';

/** Symbols in which a law holds up to constants; on any other that it does not name its constants may depend. */
const SIZES: readonly string[] = ['n', 'd', 'm', 'mu', 'sigmaP', 'v0'];

export interface LawFit {
  readonly id: string;
  readonly formula: string;
  readonly provenance: string;
  /** the theorem's exponent; of a law that is no power law, the local one where it was tested */
  readonly exponent: number;
  /** undecided with fewer than two crossings */
  readonly verdict: LawWord;
  /** why it is not applicable; null where it is */
  readonly why: string | null;
  /** what was tested, with interval, margin and power; null where nothing was */
  readonly test: ExponentVerdict | null;
  /** runs of the whole search and standard error of log along with which a word is expected; null when one was said */
  readonly needed: { readonly runs: number; readonly precision: number } | null;
  /** the control parameter on the level set, its free constant, at the smallest and the largest size */
  readonly kappa: { readonly smallest: Kappa; readonly largest: Kappa };
  /** where the law puts the level set with the kappa of the largest size */
  readonly curve: readonly { readonly over: number; readonly along: number }[];
}

export interface Kappa extends Estimated {
  readonly over: number;
}

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
    .filter(({ state, crossing }) => state === 'found' && crossing)
    .sort((a, b) => a.row.over - b.row.over);
  const places = found.map(({ row, crossing }) => ({
    over: row.over,
    along: { value: crossing!.x, se: crossing!.se, freedom: crossing!.freedom },
  }));
  const fit = fitLevel(places, alpha);
  const end = largest ?? largestEnd(boundary, found);
  const laws =
    found.length === 0
      ? []
      : TRANSITION_LAWS.filter((law) => applies(law, found[0]!.cell)).flatMap((law): LawFit[] => {
          const follows = Object.fromEntries(
            [...boundary.scale].map(([path, powers]) => [PARAMETERS.get(path)!.id, powers as Powers]),
          );
          // Of a law that is no power law the exponent is local: halfway between the two places that are tested.
          const tested = end === 'high' ? found.slice(-2) : found.slice(0, 2);
          const here = law.logControl ? between(tested.map(({ cell }) => settingOf(cell))) : settingOf(found[0]!.cell);
          const exponent = transitionExponent(law, here, boundary.along.id, boundary.over.id, follows);
          if (exponent === null) return [];
          // The margin is that of the symbol itself, whatever factor stands before it in the spec.
          const plain = transitionExponent(law, here, boundary.along.id, boundary.over.id);
          const why = law.bound
            ? 'a bound on one side'
            : SIZES.includes(boundary.over.id) || boundary.over.id in law.powers(here)
              ? null
              : `its constants may depend on ${boundary.over.id}`;
          const test = why
            ? null
            : exponentVerdict(law.logControl ? { ...fit, line: null } : fit, exponent, {
                margin: marginOf(plain ?? exponent),
                alpha,
                largest: end,
              });
          // The error of log kappa is that of the crossing times the power of `along`.
          const gainAt = ({ cell }: BoundaryPoint): number => alongPower(law, cell, boundary, follows);
          const kappaAt = (point: BoundaryPoint): Kappa => ({
            over: point.row.over,
            ...inLog(
              {
                value: logControl(law, settingOf(point.cell)),
                se: Math.abs(gainAt(point)) * point.crossing!.se,
                freedom: point.crossing!.freedom,
              },
              alpha,
            ),
          });
          const ends = [kappaAt(found[0]!), kappaAt(found.at(-1)!)] as const;
          const largestKappa = ends[end === 'high' ? 1 : 0];
          // From each crossing to the law's place with that kappa: exact for a power law, else a step of Newton's.
          const curve = found.map((point) => ({
            over: point.row.over,
            along: exp(
              point.crossing!.x - (logControl(law, settingOf(point.cell)) - log(largestKappa.value)) / gainAt(point),
            ),
          }));
          return [
            {
              id: law.id,
              formula: law.formula,
              provenance: law.provenance,
              exponent,
              verdict: why ? 'not-applicable' : (test?.word ?? 'undecided'),
              why,
              test,
              needed:
                test?.runsTimes == null
                  ? null
                  : {
                      runs: Math.ceil(boundary.runs * test.runsTimes),
                      precision: Number((boundary.options.precision / Math.sqrt(test.runsTimes)).toPrecision(2)),
                    },
              kappa: {
                smallest: ends[end === 'high' ? 0 : 1],
                largest: largestKappa,
              },
              curve,
            },
          ];
        });
  return { level: points[0]!.level, series: seriesOf(boundary, points[0]!), ...fit, laws };
}

/** The geometric mean of positive settings, symbol by symbol. */
const between = (settings: readonly Setting[]): Setting =>
  Object.fromEntries(
    Object.entries(settings[0]!).map(([id, first]) => [
      id,
      settings.every((one) => one[id as SymbolId]! > 0)
        ? exp(settings.reduce((sum, one) => sum + log(one[id as SymbolId]!), 0) / settings.length)
        : first,
    ]),
  );

/** Where the problem is largest: a searched size (d, n, m) is large at one end of `over`; else `over` itself is. */
function largestEnd({ along }: Boundary, found: readonly BoundaryPoint[]): 'low' | 'high' {
  if (!['n', 'd', 'm'].includes(along.id) || found.length < 2) return 'high';
  return found[0]!.crossing!.x > found.at(-1)!.crossing!.x ? 'low' : 'high';
}

/** The power of `along` in the control parameter, what follows it included. */
function alongPower(
  law: TransitionLaw,
  cell: Cell,
  { along }: Boundary,
  follows: Readonly<Record<string, Powers>>,
): number {
  const direct = law.powers(settingOf(cell));
  return Object.entries(direct).reduce(
    (sum, [id, power]) => sum + power * ((id === along.id ? 1 : 0) + (follows[id]?.[along.id] ?? 0)),
    0,
  );
}

const applies = ({ about }: TransitionLaw, cell: Cell): boolean =>
  Object.entries(about).every(([path, values]) => values.includes(valueAt(cell, path)));

function settingOf(cell: Cell): Setting {
  return Object.fromEntries(
    [...CELL_PARAMETERS].flatMap(([path, { id, entry }]) =>
      entry.kind === 'number' ? [[id, valueAt(cell, path) as number]] : [],
    ),
  );
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

const labelOf = (axis: Axis): string => axis.glyph ?? axisLabel(axis.id);

/**
 * The level sets with the curve of a law through each; null when nothing was found, or more than can be told apart.
 *
 * @param drawn id of the law; the first that applies when absent
 */
export function boundaryFigure(
  boundary: Boundary,
  { crossings, fits }: BoundaryReport,
  caption: { title: string; subtitle: string },
  drawn?: string,
): Figure | null {
  const lawOf = ({ laws }: LevelSetFit): LawFit | undefined =>
    drawn === undefined ? laws[0] : laws.find(({ id }) => id === drawn);
  const lines = fits.flatMap((fit): LevelLine[] => {
    const here = crossings.filter(
      (one) =>
        one.level === fit.level && one.state === 'found' && JSON.stringify(one.series) === JSON.stringify(fit.series),
    );
    if (here.length === 0) return [];
    const law = lawOf(fit);
    const name = [
      ...Object.entries(fit.series).map(
        ([id, value]) =>
          `${(SYMBOLS as Record<string, SymbolEntry>)[id]?.glyph ?? id} = ${typeof value === 'number' ? numberText(value) : value}`,
      ),
      `error ${fit.level}`,
    ].join(', ');
    const kappa = law ? `, κ = ${law.kappa.largest.value.toPrecision(3)}` : '';
    // Through the largest size, where its kappa is read.
    const theory = law && here.length > 1 ? law.curve.map(({ over, along }) => ({ x: over, y: along })) : [];
    return [
      {
        label: `${name}${kappa}`,
        points: here.map(({ over, along, low, high, again }) => ({
          x: over,
          y: along!,
          low: low!,
          high: high!,
          ...(again.length > 0 && { again: true }),
        })),
        theory,
      },
    ];
  });
  if (lines.length === 0 || lines.length > 7) return null;
  const missing = crossings.filter(({ state }) => state !== 'found');
  const states = [...new Set(missing.map(({ state }) => state))].join(', ');
  const undrawn =
    missing.length > 0 ? `; ${missing.length} of ${crossings.length} crossings not drawn (${states})` : '';
  // A law is named where its lines are: several may speak of a setting.
  const law = fits.map(lawOf).find((one) => one !== undefined);
  const subtitle = `${caption.subtitle}${undrawn}${law ? `; lines: ${law.formula} = κ (${law.id}), κ at the end where it is tested` : ''}`;
  return levelLines(lines, {
    name: 'level-sets',
    ...caption,
    subtitle,
    xLabel: labelOf(boundary.over),
    yLabel: labelOf(boundary.along),
  });
}
