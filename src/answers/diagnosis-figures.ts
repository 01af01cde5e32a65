/** Pictures of a diagnosis: errors over n, excess over p, the spectrum. */
import { numberText } from '../core/number-text.ts';
import type { Mean } from '../diagnosis/measured.ts';
import { CLASSIFIERS, type Classifier } from '../diagnosis/plan.ts';
import { TOLERANCE } from '../diagnosis/rule.ts';
import type { Field } from '../experiments/frame.ts';
import type { Spec } from '../experiments/spec.ts';
import type { Figure } from '../figures/figure.ts';
import { plotFigure, type PlotSeries } from '../figures/plot.ts';
import { seriesFigure } from '../figures/series.ts';
import { sourced } from '../reproduction/caption.ts';
import type { DiagnosisAnswer, MeasuredCell } from './diagnosis.ts';

const NAMES = Object.keys(CLASSIFIERS) as Classifier[];

/** Of a mean over all draws; one over those that can be separated is of a choice among them, and not drawn. */
const point = (x: number, { value, interval, runs }: Mean, all: number) =>
  runs < all || Number.isNaN(value)
    ? []
    : [{ x, y: value, ...(interval && { low: interval.low, high: interval.high }) }];

/** @param title of the data @param science version of the records */
export function diagnosisFigures(answer: DiagnosisAnswer, spec: Spec, title: string, science: number): Figure[] {
  const { measured, statistics } = answer;
  const columns = ['classifier', 'n', 'p', 'value', 'low', 'high', 'lawLow', 'lawHigh', 'draws'];
  const rowsOf = (of: 'error' | 'excess', cells: readonly MeasuredCell[]): Field[][] =>
    NAMES.flatMap((name) =>
      cells.map((cell) => {
        const { value, interval, law, runs } = cell[of][name];
        const ends = [interval?.low, interval?.high, law?.low, law?.high].map((end) => end ?? null);
        return [name, cell.n, cell.p, Number.isNaN(value) ? null : value, ...ends, runs];
      }),
    );
  const largest = measured.at(-1)!.n;
  const noisy = measured.filter(({ n, p }) => n === largest && p > 0);
  const eigenvalues = statistics.eigenvalues.map((one, at) => [at + 1, one]);
  return [
    { ...drawn('error-over-n', () => overN(answer, title)), numbers: { columns, rows: rowsOf('error', measured) } },
    { ...drawn('excess-over-p', () => overP(answer, title)), numbers: { columns, rows: rowsOf('excess', noisy) } },
    { ...spectrum(answer, title), numbers: { columns: ['rank', 'eigenvalue'], rows: eigenvalues } },
  ].map((one) => sourced(one, spec, science));
}

/** Where all runs diverged there is nothing to draw, and a word why. */
function drawn(name: string, make: () => Figure): Figure {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { name, spec: {}, fails: error.message };
  }
}

const made = ({ data, runs, measured }: DiagnosisAnswer): string => {
  const some = measured.some(({ error, runs: all }) => NAMES.some((name) => error[name].runs < all));
  const left = some ? ', not drawn where a draw has no such classifier' : '';
  return `classes ${data.classes}, ${measured[0]!.runs} draws (${runs} runs in all), ${data.heldOut} held-out points a draw${left}`;
};

/** Clean test error over n, a panel for each classifier. */
function overN(answer: DiagnosisAnswer, title: string): Figure {
  const { measured, predicted } = answer;
  const flips = [...new Set(measured.map(({ p }) => p))];
  const panels = NAMES.map((name) => ({
    heading: name,
    series: flips.flatMap((p): PlotSeries[] => {
      const colour = `p = ${numberText(p)}`;
      const found = measured.filter((cell) => cell.p === p);
      return [
        {
          colour,
          sign: 'measured',
          joined: true,
          kind: 'bars',
          points: found.flatMap(({ n, error, runs }) => point(n, error[name], runs)),
        },
        ...(name === 'averaging' && answer.data.centring === 'mean'
          ? [
              {
                colour,
                sign: 'predicted from the moments',
                joined: true,
                kind: 'line',
                points: predicted
                  .filter((cell) => cell.p === p)
                  .map(({ n, averaging }) => ({ x: n, y: averaging.value })),
              } as const,
            ]
          : []),
      ];
    }),
  }));
  return plotFigure(panels, {
    name: 'error-over-n',
    title: `${title}: clean test error`,
    subtitle: `${made(answer)}, bars: 95 % intervals over draws`,
    x: { label: 'n, training points', kind: 'log' },
    y: { label: 'clean test error', kind: 'linear' },
  });
}

/** Excess over p at the largest n, beside that of the nearest neighbour. */
function overP(answer: DiagnosisAnswer, title: string): Figure {
  const largest = answer.measured.at(-1)!.n;
  const cells = answer.measured.filter(({ n }) => n === largest);
  const most = cells.at(-1)!.p;
  const series: PlotSeries[] = [
    ...NAMES.map((name): PlotSeries => ({
      colour: name,
      sign: 'measured',
      joined: true,
      kind: 'bars',
      // At p = 0 it is 0 by what it means.
      points: cells.flatMap(({ p, excess, runs }) => (p === 0 ? [{ x: 0, y: 0 }] : point(p, excess[name], runs))),
    })),
    {
      colour: 'nearest neighbour, n → ∞: p (1 − 2p)',
      sign: 'as commonly cited',
      joined: true,
      kind: 'line',
      points: Array.from({ length: 31 }, (_, k) => (k / 30) * most).map((p) => ({ x: p, y: p * (1 - 2 * p) })),
    },
  ];
  return plotFigure([{ heading: '', series }], {
    name: 'excess-over-p',
    title: `${title}: excess at n = ${largest}`,
    subtitle: `error on noisy labels beyond p + (1 − 2p) e, e the clean-label fit of the same draw; ${made(answer)}, bars: 95 % intervals over draws`,
    x: { label: 'p, label noise', kind: 'linear' },
    y: { label: 'excess', kind: 'linear' },
    levels: [{ y: TOLERANCE, word: 'tolerance' }],
  });
}

/** Eigenvalues of the pooled covariance by rank, with the effective dimensions as upright lines. */
function spectrum(answer: DiagnosisAnswer, title: string): Figure {
  const { eigenvalues, effectiveNorm, effectiveSquare, normPoints } = answer.statistics;
  const largest = eigenvalues[0]!;
  const shown = eigenvalues.filter((one) => one > FLOOR * largest);
  const least = shown.at(-1)!;
  const upright = (x: number) => [
    { x, y: least },
    { x, y: largest },
  ];
  return seriesFigure(
    [
      { label: 'eigenvalues', kind: 'points', points: shown.map((y, at) => ({ x: at + 1, y })) },
      {
        label: `tr Σ/‖Σ‖ = ${numberText(Number(effectiveNorm.value.toPrecision(3)))}`,
        kind: 'line',
        points: upright(effectiveNorm.value),
      },
      {
        label: `(tr Σ)²/tr Σ² = ${numberText(Number(effectiveSquare.value.toPrecision(3)))}`,
        kind: 'line',
        points: upright(effectiveSquare.value),
      },
    ],
    {
      name: 'spectrum',
      title: `${title}: spectrum within the classes`,
      subtitle: `eigenvalues of the pooled covariance of ${normPoints} points about their class means; the points' mean ‖x‖² is ${numberText(Number((answer.data.norm ** 2).toPrecision(3)))}`,
      x: { label: 'rank', log: true },
      y: { label: 'eigenvalue', log: true },
    },
  );
}
/** Eigenvalues below, relatively, are rounding. */
const FLOOR = 1e-12;
