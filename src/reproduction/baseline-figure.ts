/** A sweep over one axis beside its baselines: other classifiers on the same draws, and closed forms for them. */
import { valueAt } from '../experiments/cell.ts';
import { numbers, type Frame } from '../experiments/frame.ts';
import { settingOf } from '../experiments/setting.ts';
import { numericAxes } from '../figures/axis.ts';
import type { Caption, Figure } from '../figures/figure.ts';
import { seriesFigure, type Series } from '../figures/series.ts';
import { LEVEL, meanIntervals } from '../figures/spread.ts';
import { axisLabel, SYMBOLS, type SymbolId } from '../notation.ts';
import { PREDICTIONS } from '../theory/predictions.ts';

/** Clean test errors that a spec can name under record.values, each of the same draw as the run it stands beside. */
export const BASELINES = [
  'maxMarginError',
  'averagingError',
  'minimumNormError',
  'lazyError',
  'bayesError',
] as const satisfies readonly SymbolId[];

/** Errors below are none: the axis is logarithmic. */
const FLOOR = 1e-16;

const ALL_BELOW = '0 or below 10^{-16} everywhere: not drawn';

const shows = ({ points }: Series): boolean => points.some(({ y }) => y >= FLOOR);

/** null where the spec names no baseline or has not one numeric axis alone. */
export function baselineFigure(frame: Frame, caption: Caption): Figure | null {
  const { spec, cells } = frame;
  const named = BASELINES.filter((id) => spec.record.values.includes(id));
  const [axis] = spec.axes;
  if (
    named.length === 0 ||
    spec.axes.length !== 1 ||
    !axis ||
    axis.values.length < 2 ||
    !axis.values.every((value) => typeof value === 'number')
  )
    return null;
  const x = numbers(frame, axis.name) as number[];
  const sorted = <P extends { x: number }>(points: readonly P[]): P[] => [...points].sort((a, b) => a.x - b.x);
  const mean = (id: SymbolId): { x: number; y: number; low: number; high: number }[] => {
    const intervals = meanIntervals(frame, id);
    return sorted(
      numbers(frame, id).flatMap((y, at) =>
        y === null ? [] : [{ x: x[at]!, y, low: intervals[at]![0], high: intervals[at]![1] }],
      ),
    );
  };
  const forms = PREDICTIONS.filter(
    ({ of, about }) =>
      named.some((id) => id === of) &&
      cells.every((cell) => Object.entries(about).every(([path, values]) => values.includes(valueAt(cell, path)))),
  );
  const series: Series[] = [
    { label: `the network (mean, ${LEVEL} interval)`, kind: 'points' as const, points: mean('testErrorClean') },
    ...named.map((id): Series => ({
      label: SYMBOLS[id].glyph.replace('error of ', ''),
      kind: 'line',
      points: mean(id),
    })),
    ...forms.map(({ title, formula, value }): Series => ({
      label: `${title}: ${formula}`,
      kind: 'line',
      points: sorted(
        cells.map((cell, at) => ({ x: x[at]!, y: value(settingOf(cell)) })).filter(({ y }) => !Number.isNaN(y)),
      ),
    })),
  ]
    .filter(({ points }) => points.length > 0)
    // What has no place on the axis is named all the same: an error of 0 is the best there is.
    .map((one) => (shows(one) ? one : { ...one, label: `${one.label} (${ALL_BELOW})` }));
  if (!series.some(shows)) return null;
  return seriesFigure(series, {
    ...caption,
    x: { label: axis.glyph ?? axisLabel(axis.id), axis: numericAxes(spec)[0]!.numbers },
    y: { label: SYMBOLS.testErrorClean.glyph, log: true, floor: FLOOR },
  });
}
