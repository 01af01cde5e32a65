/** A plot of curves over time, by uPlot; a click or a drag asks for a time. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import { linearTicks, logTicks } from '../../figures/ticks.ts';
import { labelsOf } from './scale.ts';

/** Height in px of a label in the picture. */
const LABEL = 13;

export interface Curve {
  readonly label: string;
  /** a colour of the style sheet: `--c1` */
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface LinePlotProps {
  readonly x: readonly number[];
  readonly curves: readonly Curve[];
  readonly xLog: boolean;
  readonly yLog: boolean;
  readonly xLabel: string;
  readonly height: number;
  /** of x, where a line stands */
  readonly at: number | undefined;
  /** horizontal lines */
  readonly levels?: readonly { readonly y: number; readonly label: string }[];
  readonly onSeek: (x: number) => void;
}

const colourOf = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function LinePlot(props: LinePlotProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const kind = JSON.stringify([
    props.xLog,
    props.yLog,
    props.xLabel,
    props.height,
    props.curves.map(({ label, colour, dash }) => [label, colour, dash]),
  ]);
  useLayoutEffect(() => {
    const target = box.current!;
    const made = new UPlot(optionsOf(latest, target.clientWidth || 400), dataOf(latest.current), target);
    plot.current = made;
    const watch = new ResizeObserver(() => {
      const width = target.clientWidth;
      if (width > 0 && width !== made.width) made.setSize({ width, height: latest.current.height });
    });
    watch.observe(target);
    const seek = (event: PointerEvent): void => {
      const rect = made.over.getBoundingClientRect();
      latest.current.onSeek(made.posToVal(event.clientX - rect.left, 'x'));
    };
    const down = (event: PointerEvent): void => {
      made.over.setPointerCapture(event.pointerId);
      seek(event);
    };
    const drag = (event: PointerEvent): void => {
      if (event.buttons & 1) seek(event);
    };
    made.over.addEventListener('pointerdown', down);
    made.over.addEventListener('pointermove', drag);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const redraw = (): void => made.redraw(false, true);
    dark.addEventListener('change', redraw);
    return () => {
      dark.removeEventListener('change', redraw);
      watch.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [kind]);
  useEffect(() => {
    plot.current?.setData(dataOf(latest.current));
  }, [props.x, props.curves, kind]);
  useEffect(() => plot.current?.redraw(false, false), [props.at, props.levels]);
  return <div class="plot" ref={box} aria-hidden="true" />;
}

/** What a logarithmic scale has no place for is left out. */
function dataOf({ x, curves, xLog, yLog }: LinePlotProps): UPlot.AlignedData {
  const from = xLog ? x.findIndex((value) => value > 0) : 0;
  const cut = (values: readonly (number | null)[]): (number | null)[] =>
    values.slice(Math.max(0, from)).map((value) => (yLog && value !== null && value <= 0 ? null : value));
  return [x.slice(Math.max(0, from)), ...curves.map(({ values }) => cut(values))] as UPlot.AlignedData;
}

function optionsOf(latest: { readonly current: LinePlotProps }, width: number): UPlot.Options {
  const { xLog, yLog, curves, height, xLabel } = latest.current;
  const axis = (log: boolean): Partial<UPlot.Axis> => ({
    stroke: () => colourOf('--ink'),
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
    grid: { stroke: () => colourOf('--grid'), width: 1 },
    ticks: { stroke: () => colourOf('--grid'), width: 1, size: 4 },
    splits: (_, __, low, high) => [...(log ? logTicks(low, high) : linearTicks(low, high, 4)).values],
    values: (_, values) => {
      const there = values.filter((one) => one !== null);
      const labels = labelsOf(there);
      return values.map((one) => (one === null ? null : labels[there.indexOf(one)]!));
    },
  });
  const lines = (u: UPlot): void => {
    const { at, levels = [] } = latest.current;
    const { ctx } = u;
    const { left, top, width: wide, height: high } = u.bbox;
    ctx.save();
    ctx.strokeStyle = colourOf('--ink');
    ctx.fillStyle = colourOf('--ink');
    ctx.lineWidth = devicePixelRatio;
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    const written: number[] = [];
    for (const { y, label } of levels) {
      const place = u.valToPos(y, 'y', true);
      if (!(place >= top && place <= top + high)) continue;
      ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(left, place);
      ctx.lineTo(left + wide, place);
      ctx.stroke();
      // Two labels on one another could not be read.
      if (written.some((other) => Math.abs(other - place) < LABEL * devicePixelRatio)) continue;
      written.push(place);
      ctx.textAlign = 'right';
      ctx.fillText(label, left + wide - 4, place - 4);
    }
    if (at !== undefined && !(xLog && at <= 0)) {
      const place = u.valToPos(at, 'x', true);
      ctx.setLineDash([]);
      ctx.beginPath();
      ctx.moveTo(place, top);
      ctx.lineTo(place, top + high);
      ctx.stroke();
    }
    ctx.restore();
  };
  const logRange = (_: UPlot, low: number | null, high: number | null): [number, number] =>
    low === null || high === null || !(low > 0) ? [0.1, 1] : low === high ? [low / 2, high * 2] : [low, high];
  return {
    width,
    height,
    cursor: { drag: { x: false, y: false, setScale: false }, points: { show: false }, y: false },
    legend: { show: false },
    scales: {
      x: { time: false, distr: xLog ? 3 : 1, ...(xLog && { range: logRange }) },
      y: { distr: yLog ? 3 : 1, ...(yLog && { range: logRange }) },
    },
    axes: [
      { ...axis(xLog), label: xLabel, labelSize: 18, size: 30 },
      { ...axis(yLog), size: 58 },
    ],
    series: [
      {},
      ...curves.map(({ label, colour, dash }): UPlot.Series => ({
        label,
        stroke: () => colourOf(colour),
        width: 1.8,
        ...(dash && { dash: [...dash] }),
        points: { show: false },
        spanGaps: false,
      })),
    ],
    hooks: { draw: [lines] },
  };
}
