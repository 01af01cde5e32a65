/** The level sets that a search found, with the curve of a law through each. */
import { numberText } from '../core/number-text.ts';
import type { Axis } from '../experiments/spec.ts';
import type { Figure } from '../figures/figure.ts';
import { levelLines, type LevelLine } from '../figures/level-lines.ts';
import { axisLabel, SYMBOLS, type SymbolEntry } from '../notation.ts';
import type { Boundary } from '../sweeps/boundary.ts';
import type { LawFit } from './boundary-laws.ts';
import type { BoundaryReport, Crossing, LevelSetFit } from './boundary-report.ts';

/** More lines cannot be told apart. */
const MOST_LINES = 7;

const labelOf = (axis: Axis): string => axis.glyph ?? axisLabel(axis.id);

/**
 * Null when nothing was found, or more than can be told apart.
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
  const lines = fits.flatMap((fit) => lineOf(fit, crossings, lawOf(fit)));
  if (lines.length === 0 || lines.length > MOST_LINES) return null;
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

/** The crossings of one level, and the law's curve through them; none where nothing was found. */
function lineOf(fit: LevelSetFit, crossings: readonly Crossing[], law: LawFit | undefined): LevelLine[] {
  const series = JSON.stringify(fit.series);
  const here = crossings.filter(
    (one) => one.level === fit.level && one.state === 'found' && JSON.stringify(one.series) === series,
  );
  if (here.length === 0) return [];
  const symbols: Readonly<Record<string, SymbolEntry>> = SYMBOLS;
  const name = [
    ...Object.entries(fit.series).map(
      ([id, value]) => `${symbols[id]?.glyph ?? id} = ${typeof value === 'number' ? numberText(value) : value}`,
    ),
    `error ${fit.level}`,
  ].join(', ');
  const kappa = law ? `, κ = ${law.kappa.largest.value.toPrecision(3)}` : '';
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
      // Through the largest size, where its kappa is read.
      theory: law && here.length > 1 ? law.curve.map(({ over, along }) => ({ x: over, y: along })) : [],
    },
  ];
}
