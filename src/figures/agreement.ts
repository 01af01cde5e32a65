/** Ours minus published, block by block, with error bars and the margin as a band. */
import { axisLabel, SYMBOLS } from '../notation.ts';
import { figure, INK, type Caption, type Figure, type Json, type JsonObject } from './figure.ts';
import { brief } from './panels.ts';
import { extent } from './quantity.ts';
import { typeset } from './text.ts';
import { halfOf, LEVEL } from './spread.ts';
import { linearChannel } from './ticks.ts';

/** A block mean of ours beside the published one. */
export interface AgreementPoint {
  /** ‖μ‖ in the middle of the block */
  readonly x: number;
  /** d in the middle of the block */
  readonly d: number;
  readonly ours: number;
  readonly published: number;
  /** of the difference */
  readonly se: number;
  /** the difference lies wholly beyond the band */
  readonly beyond: boolean;
}

export interface AgreementOptions extends Caption {
  /** half-width of the band of agreement, in the units of `ours` */
  readonly margin: number;
  /** what is compared: `test error` */
  readonly quantity: string;
}

const BEYOND = 'wholly beyond';
const NOT_BEYOND = 'not shown beyond';

/** @throws RangeError when there is nothing to compare */
export function agreement(points: readonly AgreementPoint[], options: AgreementOptions): Figure {
  if (points.length === 0) throw new RangeError('no comparison to draw');
  const { margin } = options;
  const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
  const blocks = distinct(points.map(({ x }) => x));
  const dims = distinct(points.map(({ d }) => d));
  const width = Math.max(360, blocks.length * (dims.length * 9 + 14));
  const values = points.map(({ x, d, ours, published, se, beyond }) => {
    const difference = ours - published;
    return {
      x,
      d,
      difference: brief(difference),
      low: brief(difference - halfOf(se)),
      high: brief(difference + halfOf(se)),
      verdict: beyond ? BEYOND : NOT_BEYOND,
    };
  });
  const { scale, axis } = linearChannel(extent([...values.flatMap(({ low, high }) => [low, high]), -margin, margin]), {
    zero: true,
    count: 6,
  });
  const y = {
    type: 'quantitative',
    title: typeset(`${options.quantity}: ours − published (${LEVEL} interval)`),
    scale,
    axis: { grid: true, ...axis },
  };
  // Blocks of one ‖μ‖ side by side in one band, so that no bar hides another.
  const place = {
    x: {
      field: 'x',
      type: 'ordinal',
      title: typeset(`${axisLabel('mu')} (middle of the block)`),
      axis: { labelAngle: 0 },
      scale: { paddingInner: 0.25, paddingOuter: 0.15 },
    },
    xOffset: { field: 'd', type: 'ordinal', scale: { domain: dims, paddingOuter: 0.3 } },
  };
  // viridis without its yellow end, which white paper swallows
  const colour = {
    field: 'd',
    type: 'ordinal',
    title: `${SYMBOLS.d.glyph} (middle)`,
    scale: { domain: dims, scheme: { name: 'viridis', extent: [0, 0.85] } },
    legend: { symbolType: 'circle', symbolSize: 60 },
  };
  const layer = [...bandLayers(margin, width, y), ...pointLayers(values, margin, { place, y, colour })];
  return figure(options, width + 110, { width, height: 300, layer });
}

/** The band of agreement, and the line through its middle. */
const bandLayers = (margin: number, width: number, y: JsonObject): Json[] => [
  {
    data: { values: [{ low: -margin, high: margin }] },
    mark: { type: 'rect', fill: '#dddddd', opacity: 0.7 },
    encoding: { x: { value: 1 }, x2: { value: width }, y: { ...y, field: 'low' }, y2: { field: 'high' } },
  },
  {
    data: { values: [{ zero: 0 }] },
    mark: { type: 'rule', stroke: INK, strokeWidth: 1 },
    encoding: { y: { ...y, field: 'zero' } },
  },
];

const pointLayers = (
  values: readonly JsonObject[],
  margin: number,
  { place, y, colour }: { readonly place: JsonObject; readonly y: JsonObject; readonly colour: JsonObject },
): Json[] => [
  {
    data: { values },
    mark: { type: 'rule', strokeWidth: 1.6 },
    encoding: { ...place, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: colour },
  },
  {
    data: { values },
    mark: { type: 'point', filled: true, opacity: 1 },
    encoding: {
      ...place,
      y: { ...y, field: 'difference' },
      color: colour,
      size: { condition: { test: `datum.verdict === '${BEYOND}'`, value: 120 }, value: 45 },
      shape: {
        field: 'verdict',
        type: 'nominal',
        scale: { domain: [NOT_BEYOND, BEYOND], range: ['circle', 'cross'] },
        legend: { title: `margin ± ${margin} (grey)`, symbolFillColor: INK, symbolStrokeWidth: 0, symbolSize: 70 },
      },
    },
  },
];
