/** One run over time: the series of its record, one panel a kind, all over the same steps. */
import { meanFlip } from '../core/flip-laws.ts';
import type { RunRecord } from '../experiments/record.ts';
import { axisLabel, SYMBOLS, type SymbolId } from '../notation.ts';
import {
  COLOURS,
  DASHES,
  figure,
  INK,
  marginWord,
  type Caption,
  type Figure,
  type Json,
  type JsonObject,
} from './figure.ts';
import { extent, quantityLabel } from './quantity.ts';
import { brief } from './panels.ts';
import { typeset } from './text.ts';
import { LINEAR_MOST, linearChannel, logEnds, logTicks, stepTicks, symlogTicks } from './ticks.ts';

interface Kind {
  readonly title: string;
  readonly ids: readonly SymbolId[];
  readonly log?: boolean;
  /** beside these the label noise p is drawn: what a perfect classifier's error on noisy labels would be */
  readonly floor?: readonly SymbolId[];
}

const KINDS: readonly Kind[] = [
  { title: 'training loss', ids: ['trainLoss'], log: true },
  {
    title: 'error',
    ids: [
      'trainError',
      'testError',
      'testErrorClean',
      'maxMarginError',
      'averagingError',
      'minimumNormError',
      'lazyError',
      'bayesError',
    ],
    floor: ['trainError', 'testError'],
  },
  { title: 'risk', ids: ['excessRisk', 'risk'], log: true },
  { title: 'margin', ids: ['marginMin', 'marginMax'] },
  { title: 'coefficients', ids: ['gamma', 'rhoBar', 'rhoUnder'] },
  { title: quantityLabel('ratio'), ids: ['ratio'] },
  { title: quantityLabel('derivativeRatio'), ids: ['derivativeRatio'], log: true },
  { title: quantityLabel('activeFraction'), ids: ['activeFraction'] },
  { title: 'layers', ids: ['vSignal', 'vNoise', 'wNorm'] },
  { title: 'way to the limit', ids: ['limitGap', 'limitTurn', 'kktTurn', 'kktSlackness'], log: true },
];
const GROUPED = new Set(KINDS.flatMap(({ ids }) => ids));

const WIDTH = 480;
const HEIGHT = 120;

/**
 * A panel for each kind of series that the record holds, and for each other series. A number that is not finite, not
 * positive on a log scale or beyond what a linear one can span breaks its line.
 *
 * @throws RangeError when the record holds no series, or none with a number that is drawn: see hasTrajectories
 */
export function trajectories(record: RunRecord, caption: Caption): Figure {
  const series = record.series ?? {};
  const steps = series.step?.map(Number) ?? [];
  const kinds = kindsOf(record);
  if (kinds.length === 0) throw new RangeError(`run ${record.run} holds no series: name some under record.series`);

  const [start, end] = [steps[0]!, Math.max(steps.at(-1)!, steps[0]! + 1)];
  const constant = early(kinds, series, steps) ? firstStep(steps) : undefined;
  const ticks = constant === undefined ? stepTicks(start, end) : symlogTicks(start, end, constant);
  const scale = constant === undefined ? { type: 'linear', zero: false } : { type: 'symlog', constant };
  const title = typeset(
    `${axisLabel('step')}${constant === undefined ? '' : ' (symlog: linear up to the first entry)'}`,
  );
  const x = (last: boolean): JsonObject => ({
    field: 'step',
    type: 'quantitative',
    scale: { ...scale, domain: [start, end], nice: false },
    axis: { ...ticks, ...(last ? { title } : { labels: false, title: null }) },
  });
  const vconcat = kinds.map((kind, at): JsonObject => {
    const values = kind.ids.flatMap((id) =>
      steps.map((step, i) => ({
        step,
        series: quantityLabel(id),
        value: drawable(series[id]![i], kind) ? brief(series[id]![i] as number) : null,
      })),
    );
    const flip = kind.ids.some((id) => kind.floor?.includes(id)) ? flipOf(record) : 0;
    const main = lines(values, kind, x(at === kinds.length - 1), {
      least: flip,
      zero: kind.log === true && kind.ids.some((id) => series[id]!.includes(0)),
    });
    return {
      width: WIDTH,
      height: HEIGHT,
      layer: [main, ...(flip > 0 ? floor(flip, (main['encoding'] as { readonly y: JsonObject }).y) : [])],
    };
  });
  return figure(caption, WIDTH + 110, {
    vconcat,
    spacing: 14,
    resolve: { scale: { color: 'independent', strokeDash: 'independent' } },
  });
}

/** Whether some series of the record has a number with a place on its scale. */
export const hasTrajectories = (record: RunRecord): boolean => kindsOf(record).length > 0;

/** The panels of a record, each with the series that have a number to draw. */
function kindsOf({ series = {} }: Pick<RunRecord, 'series'>): Kind[] {
  if (!series.step?.length) return [];
  const others = (Object.keys(series) as SymbolId[])
    .filter((id) => id !== 'step' && !GROUPED.has(id))
    .map((id): Kind => ({ title: quantityLabel(id), ids: [id] }));
  return [...KINDS, ...others]
    .map((kind) => ({ ...kind, ids: kind.ids.filter((id) => series[id]?.some((value) => drawable(value, kind))) }))
    .filter(({ ids }) => ids.length > 0);
}

/** Share of the time, and how much of all that happens must lie in it, for a logarithmic time axis. */
const EARLY = { time: 0.1, change: 0.9 } as const;

const firstStep = (steps: readonly number[]): number => Math.max(1, steps.find((step) => step > 0) ?? 1);

/** Whether some series makes nine tenths of its way within the first tenth of the time, on its own scale. */
function early(kinds: readonly Kind[], series: NonNullable<RunRecord['series']>, steps: readonly number[]): boolean {
  if (steps.at(-1)! < 10 * firstStep(steps)) return false;
  const ids = kinds.flatMap(({ ids: all, log = false }) => all.map((id) => ({ id, log })));
  return ids.some(({ id, log }) => {
    let [whole, before] = [0, 0];
    let last: number | undefined;
    steps.forEach((step, i) => {
      const value = series[id]![i];
      if (!drawable(value, { log })) return;
      const place = log ? Math.log(value as number) : (value as number);
      const way = last === undefined ? 0 : Math.abs(place - last);
      whole += way;
      if (step <= EARLY.time * steps.at(-1)!) before += way;
      last = place;
    });
    return whole > 0 && before >= EARLY.change * whole;
  });
}

const drawable = (value: number | null | undefined, { log = false }: Pick<Kind, 'log'>): boolean =>
  typeof value === 'number' && (log ? value > 0 && Number.isFinite(value) : Math.abs(value) <= LINEAR_MOST);

/** The mean flip probability of the record's cell, from which defaults are left out. */
function flipOf({ cell }: RunRecord): number {
  const standard = { flip: SYMBOLS.flip.default, flipLaw: SYMBOLS.flipLaw.default, flipTilt: SYMBOLS.flipTilt.default };
  return meanFlip({ ...standard, ...(cell['data'] as Partial<typeof standard> | undefined) });
}

function lines(
  values: readonly { step: number; series: string; value: number | null }[],
  { title, ids, log = false }: Kind,
  x: JsonObject,
  { least, zero }: { readonly least: number; readonly zero: boolean },
): JsonObject {
  const labels = ids.map(quantityLabel);
  const colour = {
    field: 'series',
    type: 'nominal',
    scale: { domain: labels, range: COLOURS.slice(0, labels.length) },
    legend: { title: null, offset: 30, symbolType: 'stroke', symbolSize: 300, symbolStrokeWidth: 2 },
  };
  const [low, high] = extent(values.flatMap(({ value }) => (value === null ? [] : [value])));
  const domain: readonly [number, number] = low > high ? [0.1, 1] : logEnds(low, high, 1.2);
  const linear = linearChannel(extent([low, high, least].filter(Number.isFinite)), { zero: true });
  const few = values.length / ids.length <= 30;
  return {
    data: { values },
    mark: { type: 'line', strokeWidth: 2, ...(few && { point: { size: 16, filled: true } }) },
    encoding: {
      x,
      y: {
        field: 'value',
        type: 'quantitative',
        title: zero ? [title, '(0: no place here)'] : title,
        scale: log ? { type: 'log', domain, nice: false } : linear.scale,
        // Equal room for the labels of every panel, so that the plots stand exactly above each other.
        axis: {
          grid: true,
          minExtent: 48,
          maxExtent: 48,
          titlePadding: 10,
          ...(log ? logTicks(...domain) : linear.axis),
        },
      },
      ...(ids.length > 1
        ? { color: colour, strokeDash: { ...colour, scale: { domain: labels, range: DASHES.slice(0, labels.length) } } }
        : { color: { value: COLOURS[0] } }),
    },
  };
}

/** A dashed rule at p, named in the margin; the channel's scale holds p. */
function floor(p: number, channel: JsonObject): Json[] {
  const y = { ...channel, field: 'p' };
  const data = { values: [{ p }] };
  return [
    { data, mark: { type: 'rule', strokeDash: [5, 4], stroke: INK, strokeWidth: 1 }, encoding: { y } },
    {
      data,
      mark: marginWord(SYMBOLS.flip.glyph),
      encoding: { x: { value: WIDTH }, y },
    },
  ];
}
