/** Quantities of one run over time, each between the bounds that a lemma puts on it: one panel a lemma. */
import { axisLabel } from '../notation.ts';
import { COLOURS, figure, INK, type Caption, type Figure, type JsonObject } from './figure.ts';
import { brief } from './panels.ts';
import { extent } from './quantity.ts';
import { typeset } from './text.ts';
import { linearTicks, NUMBER } from './ticks.ts';

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
/**
 * A bound this many times further away than the values reach is named in the title only: drawn, it would flatten them.
 */
const FAR = 4;

/** @throws RangeError for no series */
export function boundsFigure(series: readonly BoundedSeries[], caption: Caption): Figure {
  if (series.length === 0) throw new RangeError('a figure needs at least one series');
  const last = Math.max(1, ...series.flatMap(({ steps }) => steps));
  const vconcat = series.map((one, at): JsonObject => {
    const values = one.steps.map((step, i) => ({
      step,
      value: Number.isFinite(one.values[i]!) ? brief(one.values[i]!) : null,
    }));
    const [low, high] = extent(values.flatMap(({ value }) => (value === null ? [] : [value])));
    const reach = Math.max(Math.abs(low), Math.abs(high), high - low, 1e-12);
    const ends = [one.least, one.most].filter((end) => end !== undefined);
    const near = ends.filter((end) => Math.abs(end) <= FAR * reach);
    const bounds = [
      one.least === undefined ? '' : `at least ${brief(one.least)}`,
      one.most === undefined ? '' : `at most ${brief(one.most)}`,
    ]
      .filter(Boolean)
      .join(', ');
    return {
      width: WIDTH,
      height: HEIGHT,
      title: { text: typeset(`${one.title}: ${one.label}, ${bounds}`), fontSize: 11, fontWeight: 'normal', offset: 4 },
      layer: [
        {
          data: { values },
          mark: {
            type: 'line',
            strokeWidth: 2,
            stroke: COLOURS[0],
            ...(values.length <= 30 && { point: { size: 16, filled: true, color: COLOURS[0] } }),
          },
          encoding: {
            x: {
              field: 'step',
              type: 'quantitative',
              scale: { domain: [0, last], nice: false },
              axis:
                at === series.length - 1
                  ? { ...linearTicks(1, last), title: typeset(axisLabel('step')) }
                  : { labels: false, title: null },
            },
            y: {
              field: 'value',
              type: 'quantitative',
              title: null,
              scale: { zero: false, nice: true },
              axis: { grid: true, minExtent: 48, maxExtent: 48, tickCount: 4, format: NUMBER },
            },
          },
        },
        ...(near.length === 0
          ? []
          : [
              {
                data: { values: near.map((end) => ({ end: brief(end) })) },
                mark: { type: 'rule', strokeDash: [5, 4], stroke: INK, strokeWidth: 1 },
                encoding: { y: { field: 'end', type: 'quantitative' } },
              },
            ]),
      ],
    };
  });
  return figure(caption, WIDTH + 60, { vconcat, spacing: 16 });
}
