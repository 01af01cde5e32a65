/** Numbers with their intervals, one row each, beside a value that theory gives: exponents, slopes of constants. */
import { COLOURS, figure, INK, MAX_SERIES, type Caption, type Figure, type JsonObject } from '../src/figures/figure.ts';
import { brief } from '../src/figures/panels.ts';
import { extent } from '../src/figures/quantity.ts';
import { typeset } from '../src/figures/text.ts';
import { linearChannel } from '../src/figures/ticks.ts';

export interface IntervalRow {
  /** of the row; rows of one label stand together */
  readonly label: string;
  /** column of panels */
  readonly panel: string;
  /** colour and shape within a row: a size, a level */
  readonly series: string;
  readonly value: number;
  /** ends of the interval */
  readonly low: number;
  readonly high: number;
  /** drawn as a tick: what theory says */
  readonly theory?: number;
}

export interface IntervalOptions extends Caption {
  /** of the value's axis */
  readonly xLabel: string;
  /** a line through every row: 0 for slopes of constants; none when absent */
  readonly rule?: number;
  /** px of one panel's width */
  readonly width?: number;
}

/** Second way to tell series apart. */
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'stroke'] as const;

/**
 * Panels side by side in the order of their first row, each on its own scale. @throws RangeError for no row, or more
 * series than can be told apart
 */
export function intervalsFigure(
  rows: readonly IntervalRow[],
  { xLabel, rule, width = 200, ...caption }: IntervalOptions,
): Figure {
  if (rows.length === 0) throw new RangeError('a figure needs at least one interval');
  const series = [...new Set(rows.map((row) => row.series))];
  if (series.length > MAX_SERIES)
    throw new RangeError(`a figure has at most ${MAX_SERIES} series, got ${series.length}`);
  const labels = [...new Set(rows.map(({ label }) => typeset(label)))];
  const panels = [...new Set(rows.map(({ panel }) => panel))];
  const domain = series.map(typeset);
  const legend = { title: null, symbolSize: 60, symbolOpacity: 1 };
  const colour = {
    field: 'series',
    type: 'nominal',
    scale: { domain, range: COLOURS.slice(0, domain.length) },
    legend,
  } as const;
  const hconcat = panels.map((panel, at): JsonObject => {
    const values = rows
      .filter((row) => row.panel === panel)
      .map((row) => ({
        label: typeset(row.label),
        series: typeset(row.series),
        value: brief(row.value),
        low: brief(row.low),
        high: brief(row.high),
        ...(row.theory !== undefined && { theory: brief(row.theory) }),
      }));
    const { scale, axis } = linearChannel(
      extent([
        ...values.flatMap(({ low, high, theory = low }) => [low, high, theory]),
        ...(rule === undefined ? [] : [rule]),
      ]),
      { count: 4 },
    );
    const x = {
      type: 'quantitative',
      title: typeset(xLabel),
      scale,
      axis: { grid: true, ...axis },
    } as const;
    const y = {
      field: 'label',
      type: 'nominal',
      sort: labels,
      scale: { domain: labels },
      title: null,
      axis: at === 0 ? { grid: true, minExtent: 0 } : { grid: true, labels: false, ticks: false },
    } as const;
    const yOffset = {
      field: 'series',
      type: 'nominal',
      sort: domain,
      scale: { domain, paddingInner: 0.3, paddingOuter: 0.2 },
    } as const;
    return {
      width,
      height: { step: 11, for: 'offset' },
      ...(panel !== '' && {
        title: {
          text: typeset(panel),
          fontSize: 11,
          fontWeight: 'normal',
          offset: 4,
          anchor: 'middle',
          frame: 'group',
        },
      }),
      layer: [
        ...(rule === undefined
          ? []
          : [
              {
                data: { values: [{ rule }] },
                mark: { type: 'rule', stroke: INK, strokeWidth: 1 },
                encoding: { x: { ...x, field: 'rule' } },
              },
            ]),
        {
          data: { values },
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, yOffset, color: colour },
        },
        {
          data: { values },
          mark: { type: 'point', filled: true, size: 34, opacity: 1 },
          encoding: {
            x: { ...x, field: 'value' },
            y,
            yOffset,
            color: colour,
            shape: {
              field: 'series',
              type: 'nominal',
              scale: { domain, range: SHAPES.slice(0, domain.length) },
              legend,
            },
          },
        },
        ...(values.some((value) => 'theory' in value)
          ? [
              {
                data: { values: values.filter((value) => 'theory' in value) },
                mark: { type: 'tick', thickness: 2, size: 11, stroke: INK },
                encoding: { x: { ...x, field: 'theory' }, y, yOffset },
              },
            ]
          : []),
      ],
    };
  });
  return figure(caption, 200 + panels.length * width, {
    hconcat,
    spacing: 14,
    resolve: { scale: { x: 'independent' } },
  });
}
