/** The figures of a sweep: maps over two axes or more, a curve over one. */
import { quantile } from '../core/statistics.ts';
import { valueAt } from '../experiments/cell.ts';
import type { Axis, Spec } from '../experiments/spec.ts';
import { numbers, type Results, type Table } from '../experiments/table.ts';
import { curve } from '../figures/curve.ts';
import { MAX_SERIES, type Figure } from '../figures/figure.ts';
import { heatMap, MAX_PANELS, type Contour, type TheoryCurve } from '../figures/heat-map.ts';
import { SYMBOLS, type SymbolEntry, type SymbolId } from '../notation.ts';
import { criticalSignal } from '../theory/critical-signal.ts';
import type { Show } from '../papers/paper.ts';
import type { LevelSet } from '../verification/level-sets.ts';

export interface SweepFigureOptions {
  readonly title: string;
  /** error level of the thresholded map; absent: no such map */
  readonly level?: number;
  /** level sets to draw, with the theory curve through the one at `level` */
  readonly levelSets?: readonly LevelSet[];
  /** what is drawn instead of the usual figures */
  readonly shows?: readonly Show[];
}

/** Why there is no figure of a sweep: no numeric axis, or more panels than a page can show; '' when there is one. */
export function whyNoFigure(spec: Spec): string {
  const numeric = numericAxes(spec);
  if (numeric.length === 0) return 'the spec has no numeric axis with two values or more';
  const panels = spec.axes.reduce((product, axis) => product * (numeric.slice(0, 2).includes(axis) ? 1 : axis.values.length), 1);
  const most = numeric.length === 1 ? MAX_SERIES : MAX_PANELS;
  return panels > most ? `the axes beyond the first ${numeric.length === 1 ? 'numeric one give' : 'two numeric ones give'} ${panels} ${numeric.length === 1 ? 'lines' : 'panels'}, at most ${most} can be read: fix some with --set in a smaller sweep` : '';
}

const numericAxes = (spec: Spec): Axis[] => spec.axes.filter(({ values }) => values.length > 1 && values.every((value) => typeof value === 'number'));

/** Figures of everything that has finished; empty when `whyNoFigure` has a reason. */
export function sweepFigures(results: Results, table: Table, { title, level, levelSets = [], shows }: SweepFigureOptions): Figure[] {
  const { spec } = results;
  if (shows) return shows.map((show) => drawn(results, table, title, show));
  if (whyNoFigure(spec)) return [];
  const subtitle = caption(results, numbers(table, 'testErrorSe'));
  const ofLoss = caption(results, []);
  if (numericAxes(spec).length === 1) {
    return (['testError', 'trainLoss'] as const).map((value) => curve(spec, table, { name: fileName(value), title, subtitle: value === 'trainLoss' ? ofLoss : subtitle, value, log: value === 'trainLoss' }));
  }
  const set = levelSets.find((one) => one.level === level && one.points.length > 0);
  const contours: Contour[] = set ? [{ label: `test error ${set.level} (±2 SE)`, points: set.points.map(({ mu, d, se }) => ({ x: mu, y: d, se })) }] : [];
  const theory: TheoryCurve[] = set?.kappa ? [theoryCurve(results, set.kappa)] : [];
  const overlays = { theory, contours };
  return [
    heatMap(spec, table, { name: 'test-error', title: `${title}: test error`, subtitle, value: 'testError', ...overlays }),
    ...(level === undefined ? [] : [heatMap(spec, table, { name: 'test-error-thresholded', title: `${title}: test error above and up to ${level}`, subtitle, value: 'testError', threshold: level, ...overlays })]),
    heatMap(spec, table, { name: 'test-error-se', title: `${title}: standard error of the test error`, subtitle, value: 'testErrorSe' }),
    heatMap(spec, table, { name: 'train-loss', title: `${title}: training loss`, subtitle: ofLoss, value: 'trainLoss', log: true }),
  ];
}

/** One drawing that a preset asks for. */
function drawn(results: Results, table: Table, title: string, { value, log = false, along }: Show): Figure {
  const { spec } = results;
  const options = { name: fileName(value), title: `${title}: ${SYMBOLS[value].glyph}`, subtitle: caption(results, []), value, log };
  return along === undefined ? heatMap(spec, table, options) : curve(spec, table, { ...options, along });
}

const fileName = (id: SymbolId): string => id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** ‖μ‖ = (kappa sigma_p⁴ d / n)^{1/4} over the range of the rows. */
function theoryCurve(results: Results, kappa: { readonly value: number; readonly se: number }): TheoryCurve {
  const rows = results.spec.axes.find(({ path }) => path === 'data.d')!.values as number[];
  const { n, sigmaP } = results.cells[0]!.data;
  const [low, high] = [rows[0]!, rows.at(-1)!];
  return {
    label: `‖μ‖ = (κσ_p⁴d/n)^{1/4}, κ = ${kappa.value.toPrecision(3)} ± ${kappa.se.toPrecision(1)}`,
    points: Array.from({ length: 101 }, (_, i) => low + (i / 100) * (high - low)).map((d) => ({ y: d, x: criticalSignal({ n, d, sigmaP }, kappa.value) })),
  };
}

/** `n = 20, m = 10, 10 runs a cell, seed 2023, median SE 0.012`: what is fixed, and how precise the map is. */
function caption(results: Results, standardErrors: readonly (number | null)[]): string {
  const { spec, cells } = results;
  const fixed = (['n', 'd', 'mu', 'm', 'flip', 'flips'] as const).flatMap((id) => {
    const { path, glyph } = SYMBOLS[id] as SymbolEntry & { path: string };
    if (spec.axes.some((axis) => axis.path === path) || (id === 'flips' && cells[0]!.data.flipLaw === 'probability')) return [];
    const values = new Set(cells.map((cell) => valueAt(cell, path)));
    const [value] = values;
    // p = 0 beside wrong training labels would mislead: there it speaks of test labels only
    if (id === 'flip' && value === 0 && cells.some(({ data }) => data.flipLaw !== 'probability')) return [];
    return values.size > 1 || value === undefined ? [] : [`${glyph} = ${String(value)}`];
  });
  const errors = standardErrors.filter((se) => se !== null);
  const precision = errors.length > 0 ? [`median SE of a cell ${quantile(errors, 0.5).toPrecision(2)}`] : [];
  return [...fixed, `${spec.runs} run${spec.runs === 1 ? '' : 's'} a cell`, ...precision, `seed ${spec.seed}`].join(', ');
}
