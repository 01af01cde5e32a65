/** The figures of a sweep: maps over two axes or more, a curve over one. */
import { meanFlip } from '../core/flip-laws.ts';
import { numberText } from '../core/number-text.ts';
import { leastRuns, type Axis, type Spec } from '../experiments/spec.ts';
import { intervalColumns, numbers, type CellFrame, type Frame } from '../experiments/frame.ts';
import { numericAxes as axesOf } from '../figures/axis.ts';
import { bandSays, curve } from '../figures/curve.ts';
import { MAX_SERIES, type Figure } from '../figures/figure.ts';
import { KINDS } from '../figures/kinds.ts';
import { seriesFigure, type Series } from '../figures/series.ts';
import { heatMap, MAX_PANELS, type Contour, type TheoryCurve } from '../figures/heat-map.ts';
import { halfOf, LEVEL, meanIntervals } from '../figures/spread.ts';
import { axisLabel, SYMBOLS, type SymbolEntry, type SymbolId } from '../notation.ts';
import { criticalSignal } from '../theory/critical.ts';
import type { Show } from '../papers/paper.ts';
import type { LevelSet } from '../verification/level-sets.ts';
import { baselineFigure } from './baseline-figure.ts';
import { sourced, sweepCaption } from './caption.ts';
import { againstControl } from './collapse-figure.ts';
import { placesFigure } from './places-figure.ts';
import { viewsOf } from './view-figure.ts';
import { levelContour, theoryLines } from './map-lines.ts';

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
  const panels = spec.axes.reduce(
    (product, axis) => product * (numeric.slice(0, 2).includes(axis) ? 1 : axis.values.length),
    1,
  );
  const most = numeric.length === 1 ? MAX_SERIES : MAX_PANELS;
  return panels > most
    ? `the axes beyond the first ${numeric.length === 1 ? 'numeric one give' : 'two numeric ones give'} ${panels} ${numeric.length === 1 ? 'lines' : 'panels'}, at most ${most} can be read: fix some with --set in a smaller sweep`
    : '';
}

const numericAxes = (spec: Spec): Axis[] =>
  spec.axes.filter(({ values }) => values.length > 1 && values.every((value) => typeof value === 'number'));

/**
 * Figures of everything that has finished, each with its spec, and the views that the spec names; of the usual ones
 * none when `whyNoFigure` has a reason.
 */
export const sweepFigures = (frame: Frame, options: SweepFigureOptions): Figure[] => [
  ...figuresOf(frame, options).map((figure) => sourced(figure, frame.spec, frame.science)),
  ...viewsOf(frame),
];

function figuresOf(frame: Frame, { title, level, levelSets = [], shows }: SweepFigureOptions): Figure[] {
  const { spec } = frame;
  if (shows)
    return shows.map((show) =>
      drawn(
        frame,
        title,
        show,
        shows.some((other) => other !== show && other.value === show.value),
      ),
    );
  if (whyNoFigure(spec)) return [];
  const subtitle = sweepCaption(frame, 'testError');
  const ofLoss = sweepCaption(frame);
  if (numericAxes(spec).length === 1 || (level === undefined && curvesRead(spec))) {
    const along = longestOf(spec).name;
    const { of } = spec.precision ?? {};
    const values = [...new Set<SymbolId>(['testError', ...(of === undefined ? [] : [of]), 'trainLoss'])];
    const means = values.map((value) =>
      curve(frame, {
        name: fileName(value),
        title,
        subtitle: value === 'testError' ? subtitle : ofLoss,
        value,
        along,
        log: value === 'trainLoss',
        ...floorOf(frame, value),
      }),
    );
    const quantiles =
      spec.axes.length === 1 &&
      leastRuns(spec) >= QUANTILE_RUNS &&
      numbers(frame, 'testErrorClean').some((x) => x !== null && x > 0);
    const beside = baselineFigure(frame, {
      name: 'baselines',
      title: `${title}: clean test error beside its baselines`,
      subtitle: ofLoss,
    });
    return [...means, ...(quantiles ? [quantileCurves(frame, title, ofLoss)] : []), ...(beside ? [beside] : [])];
  }
  const set = levelSets.find((one) => one.level === level && one.points.length > 0);
  const contours: Contour[] = set
    ? [
        {
          label: `test error ${set.level} (${LEVEL} interval)`,
          points: set.points.map(({ mu, d, se }) => ({ x: mu, y: d, se })),
        },
      ]
    : [];
  const theory: TheoryCurve[] = set?.kappa ? [theoryCurve(frame, set.kappa)] : [];
  const overlays = { theory, contours };
  return [
    heatMap(frame, {
      name: 'test-error',
      title: `${title}: test error`,
      subtitle,
      value: 'testError',
      ...overlays,
    }),
    ...(level === undefined
      ? []
      : [
          heatMap(frame, {
            name: 'test-error-thresholded',
            title: `${title}: test error above and up to ${level}`,
            subtitle,
            value: 'testError',
            threshold: level,
            ...overlays,
          }),
        ]),
    heatMap(frame, {
      name: 'test-error-se',
      title: `${title}: standard error of the test error`,
      subtitle,
      value: 'testErrorSe',
    }),
    ...(level !== undefined || leastRuns(spec) < QUANTILE_RUNS
      ? []
      : (['testErrorCleanMedian', 'testErrorCleanQ90'] as const).map((value) =>
          heatMap(frame, {
            name: fileName(value),
            title: `${title}: ${SYMBOLS[value].glyph}`,
            subtitle: ofLoss,
            value,
            log: true,
          }),
        )),
    ...(spec.precision
      ? [
          heatMap(frame, {
            name: 'runs',
            title: `${title}: runs of each cell`,
            subtitle: ofLoss,
            value: 'runs',
            log: true,
          }),
        ]
      : []),
    heatMap(frame, {
      name: 'train-loss',
      title: `${title}: training loss`,
      subtitle: ofLoss,
      value: 'trainLoss',
      log: true,
    }),
  ];
}

/** So few values on an axis are lines, which have intervals, rather than rows of a map. */
const FEW = 3;

const longestOf = (spec: Spec): Axis =>
  numericAxes(spec).reduce((long, axis) => (axis.values.length > long.values.length ? axis : long));

/** Whether the axes but the longest give few enough lines, and one of the two that a map would have is short. */
function curvesRead(spec: Spec): boolean {
  const long = longestOf(spec);
  const lines = spec.axes.reduce((product, axis) => product * (axis === long ? 1 : axis.values.length), 1);
  return (
    long.values.length > FEW &&
    lines <= MAX_SERIES &&
    numericAxes(spec)
      .slice(0, 2)
      .some(({ values }) => values.length <= FEW)
  );
}

/** Fewer runs have no 0.9-quantile. */
const QUANTILE_RUNS = 10;

/** Mean, median and 0.9-quantile over runs of the clean error: far apart where a few runs are unlucky. */
function quantileCurves(frame: Frame, title: string, subtitle: string): Figure {
  const { spec } = frame;
  const [{ id, name, glyph }] = spec.axes as [Axis];
  const [x, mean] = [name, 'testErrorClean'].map((column) => numbers(frame, column)) as [number[], (number | null)[]];
  const intervals = meanIntervals(frame, 'testErrorClean');
  const [axis] = axesOf(spec);
  const [lows = [], highs = []] =
    spec.precision?.of === 'testErrorClean'
      ? (intervalColumns('testErrorClean').map((column) => numbers(frame, column)) as [
          (number | null)[],
          (number | null)[],
        ])
      : ([0, 1] as const).map((end) => mean.map((y, i) => intervals[i]?.[end] ?? y));
  const line = (label: string, column: SymbolId): Series => ({
    label,
    kind: 'line',
    points: numbers(frame, column)
      .flatMap((y, i) => (y === null ? [] : [{ x: x[i]!, y }]))
      .sort((a, b) => a.x - b.x),
  });
  return seriesFigure(
    [
      {
        label: `mean over runs (${bandSays(spec, 'testErrorClean')})`,
        kind: 'points',
        points: mean.flatMap((y, i) => (y === null ? [] : [{ x: x[i]!, y, low: lows[i]!, high: highs[i]! }])),
      },
      line('0.9-quantile over runs', 'testErrorCleanQ90'),
      line('median over runs', 'testErrorCleanMedian'),
    ],
    {
      name: 'test-error-clean-quantiles',
      title: `${title}: clean test error`,
      subtitle,
      x: { label: glyph ?? axisLabel(id), ...(axis && { axis: axis.numbers }) },
      y: { label: SYMBOLS.testErrorClean.glyph, log: true, floor: 1e-16 },
    },
  );
}

/** One drawing that a preset asks for. @param mapped the same quantity is drawn in another way as well */
function drawn(frame: Frame, title: string, show: Show, mapped: boolean): Figure {
  const { value, log = false, along, threshold, inverse, against, prediction, level } = show;
  const { kind = along === undefined ? 'map' : 'curve' } = show;
  const shown = inverse === undefined ? frame : reciprocal(frame, inverse);
  const name = `${fileName(value)}${threshold === undefined ? '' : '-thresholded'}${along !== undefined && mapped ? `-along-${along.replace(/[^\w.]+/g, '-')}` : ''}`;
  const of = `${SYMBOLS[value].glyph}${threshold === undefined ? '' : ` above and up to ${threshold}`}`;
  const options = { name, title: `${title}: ${of}`, subtitle: sweepCaption(frame, value), value, log };
  if (along !== undefined && against && level)
    return placesFigure(frame, {
      name: `${fileName(value)}-${level.at}-over-${level.over}-${Object.entries(against)
        .map(([id, power]) => (Math.abs(power) === 1 ? id : `${id}${Math.abs(power)}`))
        .join('-')}`.replace(/[^\w.-]+/g, '-'),
      title: `${title}: where ${of} is ${level.at}`,
      subtitle: sweepCaption(frame, value),
      value,
      along,
      against,
      level: level.at,
      over: level.over,
    });
  if (along !== undefined && against)
    return againstControl(frame, {
      ...options,
      name: `${fileName(value)}-collapse${log ? '-log' : ''}`,
      along,
      against,
      ...(prediction !== undefined && { prediction }),
    });
  const [up, right] = numericAxes(frame.spec);
  return KINDS[kind](shown, {
    ...options,
    ...(along !== undefined && { along }),
    ...floorOf(frame, value),
    ...(threshold !== undefined && { threshold }),
    ...(show.theory && { theory: theoryLines(frame, show, up!, right!, up!.name === inverse) }),
    ...(show.contour !== undefined && { contours: levelContour(frame, show, up!, right!) }),
  });
}

/**
 * The same sweep with one over the values of an axis. @throws RangeError when there is no such axis of positive numbers
 */
export function reciprocal<F extends CellFrame>(frame: F, name: string): F {
  const { spec, columns } = frame;
  const axis = spec.axes.find((one) => one.name === name);
  if (!axis || !axis.values.every((value) => typeof value === 'number' && value > 0))
    throw new RangeError(`no axis ${name} of positive numbers`);
  const inverse = (value: unknown): number => Number((1 / (value as number)).toPrecision(12));
  const over = `1/${name}`;
  const glyph = `1/${axis.glyph ?? (SYMBOLS[axis.id] as SymbolEntry).glyph}`;
  return {
    ...frame,
    spec: {
      ...spec,
      axes: spec.axes.map((one) =>
        one === axis ? { ...one, name: over, glyph, values: axis.values.map(inverse) } : one,
      ),
    },
    columns: Object.fromEntries(
      Object.entries(columns).map(([id, fields]) => (id === name ? [over, fields.map(inverse)] : [id, fields])),
    ),
  };
}

/** The mean flip probability of each row below curves of the test error: no classifier gets under it. */
const floorOf = ({ cells }: Frame, value: SymbolId): { floor?: number[] } =>
  value === 'testError' ? { floor: cells.map(({ data }) => meanFlip(data)) } : {};

const fileName = (id: SymbolId): string => id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** ‖μ‖ = (kappa sigma_p⁴ d / n)^{1/4} over the range of the rows. */
function theoryCurve(frame: Frame, kappa: { readonly value: number; readonly se: number }): TheoryCurve {
  const rows = frame.spec.axes.find(({ path }) => path === 'data.d')!.values as number[];
  const { n, sigmaP } = frame.cells[0]!.data;
  const [low, high] = [rows[0]!, rows.at(-1)!];
  return {
    label: `‖μ‖ = (κσ_p⁴d/n)^{1/4}, κ = ${kappa.value.toPrecision(3)} ± ${numberText(Number(halfOf(kappa.se).toPrecision(2)))} (${LEVEL})`,
    points: Array.from({ length: 101 }, (_, i) => low + (i / 100) * (high - low)).map((d) => ({
      y: d,
      x: criticalSignal({ n, d, sigmaP }, kappa.value),
    })),
  };
}
