/** What `run` answers: the first run of a cell over time, a word on all of its runs, and both in sentences. */
import { outcomeSentence } from '../errors.ts';
import { cellId, type Cell } from '../experiments/cell.ts';
import { fitsLabels } from '../experiments/fitted.ts';
import { hasRealLabels, realLabelLoss } from '../experiments/real-labels.ts';
import { OUTCOMES, type RunRecord } from '../experiments/record.ts';
import { unmetNeed } from '../experiments/series.ts';
import type { Spec } from '../experiments/spec.ts';
import type { Frame } from '../experiments/frame.ts';
import { foreignTo } from '../experiments/passed-over.ts';
import { SYMBOLS, type SymbolId } from '../notation.ts';
import { cellVerdict } from './cell-verdict.ts';

/** Entries of a series where the spec names none. */
const ENTRIES = 200;

/** The spec's own series, or the usual ones that the cell has at about ENTRIES times. */
export function withSeries(spec: Spec, cell: Cell): Spec {
  if (spec.record.series.length > 0) return spec;
  const usual = [
    'trainLoss',
    'trainError',
    'testError',
    'testErrorClean',
    ...(hasRealLabels(cell) ? (['excessRisk'] as const) : []),
    'marginMin',
    'marginMax',
    'gamma',
    'rhoBar',
    'rhoUnder',
  ] as const;
  return {
    ...spec,
    record: {
      series: usual.filter((id) => unmetNeed(id, cell) === undefined),
      values: spec.record.values,
      every: Math.max(1, Math.ceil(cell.training.maxSteps / ENTRIES)),
    },
  };
}

/** Of the records of a spec without axes: the first run, and the first one that does not fit every label. */
export class FirstRuns {
  shown: RunRecord | undefined;
  unfit: RunRecord | undefined;
  private readonly spec: Spec;
  private readonly id: string;
  private readonly cell: Cell;

  constructor({ spec, cells }: Pick<Frame, 'spec' | 'cells'>) {
    this.spec = spec;
    this.cell = cells[0]!;
    this.id = cellId(this.cell);
  }

  see(record: RunRecord): void {
    if (foreignTo(this.spec, record, record.run.startsWith(this.id))) return;
    if (record.replicate === 0) this.shown ??= record;
    if (!fitsLabels(this.cell, record) && !(this.unfit && this.unfit.replicate <= record.replicate))
      this.unfit = record;
  }
}

export type RunAnswer = ReturnType<typeof runAnswer>;

/** As report.json has it. @param shown the first run @param unfit the first that does not fit every label */
export function runAnswer(frame: Frame, shown: RunRecord, unfit: RunRecord | undefined) {
  const cell = frame.cells[0]!;
  return {
    run: shown.run,
    outcome: shown.outcome,
    steps: shown.steps,
    sentence: outcomeSentence(shown.outcome, shown.steps, cell.training, realLabelLoss(cell)),
    verdict: cellVerdict(frame, shown, unfit),
    outcomes: outcomesOf(frame),
    values: shown.values,
    runs: frame.count,
    seed: frame.spec.seed,
  };
}

/** How many runs ended in each way; those that some did. */
function outcomesOf({ runs: { outcome } }: Frame): Partial<Record<RunRecord['outcome'], number>> {
  const counts = OUTCOMES.map((one, at) => [one, outcome.filter((ended) => ended === at).length] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

export const runLines = ({ run, sentence, verdict, runs, values }: RunAnswer): string[] => [
  `run ${run}: ${sentence}`,
  verdict.sentence,
  ...verdict.hints.map((hint) => `  ${hint}`),
  `\n${runs > 1 ? `the first of ${runs} runs` : 'the run'}:`,
  ...valueLines(values),
];

export const valueLines = (values: RunRecord['values']): string[] =>
  Object.entries(values).map(
    ([id, value]) => `  ${SYMBOLS[id as SymbolId].glyph.padEnd(24)} ${Number(value.toPrecision(6))}`,
  );
