/**
 * What a search for level sets found: crossings with intervals, power laws through them beside the theorems', and the
 * figure.
 */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { exp, log } from '../core/special.ts';
import { valueAt, type Cell } from '../experiments/cell.ts';
import type { Axis } from '../experiments/spec.ts';
import type { Field, Table } from '../experiments/table.ts';
import type { Figure } from '../figures/figure.ts';
import { levelLines, type LevelLine } from '../figures/level-lines.ts';
import { axisLabel, CELL_PARAMETERS, PARAMETERS, SYMBOLS, type Setting, type SymbolEntry } from '../notation.ts';
import type { Boundary, BoundaryPoint } from '../sweeps/boundary.ts';
import {
  logControl,
  transitionExponent,
  TRANSITION_LAWS,
  type Powers,
  type TransitionLaw,
} from '../theory/transition-laws.ts';
import { fitConstant, fitLevel, type Interval, type LevelFit } from '../verification/level-fits.ts';

export interface LawFit {
  readonly id: string;
  readonly formula: string;
  readonly provenance: string;
  /** the theorem's exponent */
  readonly exponent: number;
  /** whether the fitted interval holds it; null without a fit */
  readonly holds: boolean | null;
  /** least value of `over` from which on the fits (three places or more) hold it; null when none does */
  readonly holdsFrom: number | null;
  /** the control parameter on the level set: its free constant */
  readonly kappa: Interval | null;
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
  readonly along: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** of log along */
  readonly se: number | null;
}

export interface BoundaryReport {
  readonly crossings: readonly Crossing[];
  readonly fits: readonly LevelSetFit[];
}

/** @param confidence of every interval */
export function boundaryReport(boundary: Boundary, confidence: number): BoundaryReport {
  const points = boundary.points();
  const crossings = points.map((point): Crossing => {
    const { crossing } = point;
    const half = crossing ? tQuantile((1 + confidence) / 2, crossing.freedom) * crossing.se : 0;
    return {
      series: seriesOf(boundary, point),
      over: point.row.over,
      level: point.level,
      state: point.state,
      along: crossing && exp(crossing.x),
      low: crossing && exp(crossing.x - half),
      high: crossing && exp(crossing.x + half),
      se: crossing && crossing.se,
    };
  });
  const groups = new Map<string, BoundaryPoint[]>();
  for (const point of points) {
    const key = JSON.stringify([seriesOf(boundary, point), point.level]);
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  return { crossings, fits: [...groups.values()].map((group) => fitGroup(boundary, group, confidence)) };
}

function seriesOf({ others, over }: Boundary, { row }: BoundaryPoint): Record<string, Field> {
  return Object.fromEntries(others.flatMap((axis, at) => (axis === over ? [] : [[axis.name, row.written[at]!]])));
}

function fitGroup(boundary: Boundary, points: readonly BoundaryPoint[], confidence: number): LevelSetFit {
  const found = points
    .filter(({ state, crossing }) => state === 'found' && crossing)
    .sort((a, b) => a.row.over - b.row.over);
  const places = found.map(({ row, crossing }) => ({ over: row.over, logAlong: crossing!.x, se: crossing!.se }));
  const fit = fitLevel(places, confidence);
  const laws =
    found.length === 0
      ? []
      : TRANSITION_LAWS.filter((law) => applies(law, found[0]!.cell)).flatMap((law): LawFit[] => {
          const follows = Object.fromEntries(
            [...boundary.scale].map(([path, powers]) => [PARAMETERS.get(path)!.id, powers as Powers]),
          );
          const exponent = transitionExponent(
            law,
            settingOf(found[0]!.cell),
            boundary.along.id,
            boundary.over.id,
            follows,
          );
          if (exponent === null) return [];
          const inside = (from: number): boolean => {
            const { exponent: ours } = fitLevel(places.slice(from), confidence);
            return ours !== null && ours.low <= exponent && exponent <= ours.high;
          };
          const starts = places.slice(0, -2).map((_, at) => inside(at));
          const first = starts.lastIndexOf(false) + 1;
          // The error of log kappa is that of the crossing times the power of `along`.
          const gain = Math.abs(alongPower(law, found[0]!.cell, boundary, follows));
          const kappa = fitConstant(
            found.map(({ cell, crossing }) => ({ value: logControl(law, settingOf(cell)), se: gain * crossing!.se })),
            confidence,
          );
          return [
            {
              id: law.id,
              formula: law.formula,
              provenance: law.provenance,
              exponent,
              holds: fit.exponent && inside(0),
              holdsFrom: first < starts.length ? places[first]!.over : null,
              kappa,
            },
          ];
        });
  return { level: points[0]!.level, series: seriesOf(boundary, points[0]!), ...fit, laws };
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
        ([id, value]) => `${(SYMBOLS as Record<string, SymbolEntry>)[id]?.glyph ?? id} = ${value}`,
      ),
      `error ${fit.level}`,
    ].join(', ');
    const kappa = law?.kappa ? `, κ = ${law.kappa.value.toPrecision(3)}` : '';
    // With the law's exponent, through the points' weighted middle.
    const theory = law && here.length > 1 ? through(here, law.exponent) : [];
    return [
      {
        label: `${name}${kappa}`,
        points: here.map(({ over, along, low, high }) => ({ x: over, y: along!, low: low!, high: high! })),
        theory,
      },
    ];
  });
  if (lines.length === 0 || lines.length > 7) return null;
  // A law is named where its lines are: several may speak of a setting.
  const law = fits.map(lawOf).find((one) => one !== undefined);
  const subtitle = `${caption.subtitle}${law ? `; lines: ${law.formula} = κ (${law.id})` : ''}`;
  return levelLines(lines, {
    name: 'level-sets',
    ...caption,
    subtitle,
    xLabel: labelOf(boundary.over),
    yLabel: labelOf(boundary.along),
  });
}

function through(points: readonly Crossing[], exponent: number): { x: number; y: number }[] {
  const weights = points.map(({ se }) => 1 / (se! * se!));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const offset =
    points.reduce((sum, { along, over }, i) => sum + weights[i]! * (log(along!) - exponent * log(over)), 0) / total;
  const overs = points.map(({ over }) => log(over));
  const [low, high] = [Math.min(...overs), Math.max(...overs)];
  return [low, high].map((x) => ({ x: exp(x), y: exp(offset + exponent * x) }));
}
