/** Quantities of one run over time, each between the bounds that a lemma puts on it: one panel a lemma. */
import { numberText } from '../core/number-text.ts';
import { axisLabel } from '../notation.ts';
import { COLOURS, figure, type Caption, type Figure, type JsonObject } from './figure.ts';
import { brief } from './panels.ts';
import { extent } from './quantity.ts';
import { lines, typeset } from './text.ts';
import { linearChannel, logEnds, logTicks, stepTicks, symlogTicks, type Ticks } from './ticks.ts';

export interface BoundedSeries {
  readonly title: string;
  readonly label: string;
  readonly steps: readonly number[];
  /** NaN where there is no number */
  readonly values: readonly number[];
  readonly least?: number;
  readonly most?: number;
}

const WIDTH = 480;
const HEIGHT = 90;
/** A bound this many times as large as every value would flatten them on a linear scale. */
const FAR = 20;

/** @throws RangeError for no series */
export function boundsFigure(series: readonly BoundedSeries[], caption: Caption): Figure {
  if (series.length === 0) throw new RangeError('a figure needs at least one series');
  const last = Math.max(1, ...series.flatMap(({ steps }) => steps));
  const vconcat = series.map((one, at) => panel(one, last, at === series.length - 1));
  return figure(caption, WIDTH + 60, { vconcat, spacing: 16 });
}

/** @param last step that all panels reach to @param lowest whether the steps are written below it */
function panel(one: BoundedSeries, last: number, lowest: boolean): JsonObject {
  const ends = [one.least, one.most].filter((end) => end !== undefined && Number.isFinite(end)) as number[];
  const vertical = scaleOver(
    one.values.filter((value) => Number.isFinite(value)),
    ends,
  );
  const values = one.steps.map((step, i) => ({
    step,
    value: Number.isFinite(one.values[i]!) ? brief(Math.max(one.values[i]!, vertical.foot)) : null,
  }));
  const bounds = [
    ...(one.least === undefined ? [] : [`at least ${numberText(one.least)}`]),
    ...(one.most === undefined ? [] : [`at most ${numberText(one.most)}`]),
  ].join(', ');
  const y = {
    type: 'quantitative',
    title: null,
    scale: vertical.scale,
    axis: { grid: true, minExtent: 48, maxExtent: 48, ...vertical.ticks },
  } as const;
  const x = {
    field: 'step',
    type: 'quantitative',
    scale: { domain: [0, last], nice: false },
    axis: {
      ...stepTicks(0, last),
      ...(lowest ? { title: typeset(axisLabel('step')) } : { labels: false, title: null }),
    },
  };
  const points = values.length <= 30 && { point: { size: 16, filled: true, color: COLOURS[0] } };
  return {
    width: WIDTH,
    height: HEIGHT,
    title: {
      text: lines(typeset(`${one.title}: ${one.label}, ${bounds}${vertical.says}`), WIDTH + 60, 11),
      fontSize: 11,
      fontWeight: 'normal',
      offset: 4,
    },
    layer: [
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 2, stroke: COLOURS[0], ...points },
        encoding: { x, y: { field: 'value', ...y } },
      },
      {
        data: { values: ends.map((end) => ({ end: brief(end) })) },
        mark: { type: 'rule', strokeDash: [5, 4], stroke: COLOURS[1], strokeWidth: 1.5 },
        encoding: { y: { field: 'end', ...y } },
      },
    ],
  };
}

/**
 * A scale that shows value and bound at once: linear where they are near, logarithmic over decades, symlog where 0 or
 * another sign is among them.
 */
function scaleOver(
  values: readonly number[],
  ends: readonly number[],
): { readonly scale: JsonObject; readonly ticks: Ticks; readonly says: string; readonly foot: number } {
  const all = [...values, ...ends];
  const sizes = all.map(Math.abs).filter((size) => size > 0);
  const [least, most] = extent(sizes);
  const [low, high] = extent(all);
  const reach = Math.max(...values.map(Math.abs), 0);
  if (reach === 0 || most <= FAR * reach) {
    const { scale, axis } = linearChannel([low, high], { count: 4 });
    return { scale, ticks: axis, says: '', foot: -Infinity };
  }
  // A value of 0 below a bound, a residual say, stands at the foot of the logarithmic scale.
  if (ends.every((end) => end > 0) && values.every((value) => value >= 0)) {
    const [foot, top] = logEnds(least, most, 2);
    const ticks = logTicks(foot, top);
    const says = values.includes(0) ? ' (log scale, 0 at the foot)' : ' (log scale)';
    return { scale: { type: 'log', domain: [foot, top], nice: false }, ticks, says, foot };
  }
  const domain = [Math.min(0, low) * 1.2, Math.max(0, high) * 1.2] as const;
  return {
    scale: { type: 'symlog', constant: reach, domain, nice: false },
    ticks: symlogTicks(...domain, reach),
    says: ' (symlog: linear next to 0)',
    foot: -Infinity,
  };
}
