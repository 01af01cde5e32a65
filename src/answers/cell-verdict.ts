/** One cell: benign, harmful, undecided or not fitted; why, with the numbers behind it, and in a sentence. */
import type { Interval, Word } from '../core/verdict.ts';
import { flipBounds, meanFlip } from '../core/flip-laws.ts';
import { mayBeZero, type Cell } from '../experiments/cell.ts';
import { inCell, intervalColumns, numbers, overRuns, type Frame } from '../experiments/frame.ts';
import { everyLabel, fittedIn } from '../experiments/fitted.ts';
import { whyNotFitted, type Diagnosis } from '../experiments/hints.ts';
import { hasRealLabels } from '../experiments/real-labels.ts';
import type { RunRecord } from '../experiments/record.ts';

import { EXCESS_LIMIT, excessOfOneDraw, excessOverDraws, type ExcessWord } from '../verification/excess.ts';

export interface CellVerdict extends Partial<Omit<ExcessWord, 'word'>> {
  readonly kind: 'benign' | 'harmful' | 'undecided' | 'not fitted';
  /** on "the excess error is at most the limit"; not applicable where the runs do not fit, or none has a test error */
  readonly word: Word | 'not-applicable';
  readonly sentence: string;
  /** when not fitted: trials on the same draws, and what came out */
  readonly hints: readonly string[];
}

const KINDS = { holds: 'benign', fails: 'harmful', undecided: 'undecided' } as const;

/**
 * Benign or harmful when the interval of the excess error lies on one side of the limit; not fitted when most runs do
 * not interpolate.
 *
 * @param frame of a spec without axes
 * @param shown the first run
 * @param unfit the first run that does not fit every label
 */
export function cellVerdict(frame: Frame, shown: RunRecord, unfit: RunRecord | undefined): CellVerdict {
  const cell = frame.cells[0]!;
  const runs = frame.count;
  const errors = inCell(frame, overRuns(frame, 'testError'), 0);
  const fitted = fittedIn(frame, 0);
  const { sentence: why, hints } =
    unfit && (unfit.replicate === 0 || 2 * fitted < runs) ? diagnosed(cell, unfit) : { sentence: '', hints: [] };
  const told = errors.length === 0 ? undefined : excessOf(cell, frame, errors, shown);
  const numbers = told && numbersOf(told, cell, errors.length, runs);
  if (!told || 2 * fitted < runs) {
    const what = `${fitted > 0 ? 'only ' : ''}${fitted} of ${runs} runs fit`;
    const none = told ? '' : ', and none has a test error';
    return {
      ...told,
      kind: 'not fitted',
      word: 'not-applicable',
      sentence: `not fitted: ${what} ${everyLabel(cell)}${none}. ${why}${numbers ? ` ${numbers}` : ''}`,
      hints,
    };
  }
  const kind = KINDS[told.word];
  const of = hasRealLabels(cell) ? ' of the sign of f' : '';
  const draw = `${of}${told.of === 'this draw' ? ' in this draw' : ''}`;
  const rest =
    kind === 'undecided'
      ? `undecided between benign and harmful${draw} (limit ${EXCESS_LIMIT}), ${advice(told)}`
      : `${kind} overfitting${draw}`;
  return {
    ...told,
    kind,
    sentence: `${rest}: ${numbers}; ${fitted} of ${runs} runs fit ${everyLabel(cell)}${riskOf(cell, shown)}`,
    hints,
  };
}

/** Of real labels no limit parts benign from harmful: the number is said, of the first run, where its series has it. */
function riskOf(cell: Cell, { values, series }: RunRecord): string {
  const risk = values.excessRisk ?? series?.excessRisk?.at(-1);
  if (!hasRealLabels(cell) || risk == null) return '';
  const floor = cell.data.sigmaY * cell.data.sigmaY;
  return `; excess risk ${Number(risk.toPrecision(4))} over σ_y² = ${Number(floor.toPrecision(4))} in the first`;
}

/** The hints name the run that they are about where it is not the one that is shown. */
function diagnosed(cell: Cell, unfit: RunRecord): Diagnosis {
  const { sentence, hints } = whyNotFitted(cell, unfit);
  if (unfit.replicate === 0) return { sentence, hints };
  return { sentence: `Of run ${unfit.run}: ${sentence}`, hints: hints.map((hint) => `${unfit.run}, ${hint}`) };
}

function excessOf(cell: Cell, frame: Frame, errors: readonly number[], shown: RunRecord): ExcessWord {
  const given = excessSequence(cell, frame);
  if (frame.count === 1 && !given) return excessOfOneDraw(cell, shown.values);
  return excessOverDraws(
    cell,
    errors.map((error) => error - meanFlip(cell.data)),
    given,
  );
}

/**
 * The interval of the spec's precision, carried over to the excess error; undefined where there is none on a test
 * error.
 */
function excessSequence(cell: Cell, frame: Frame): { readonly interval: Interval; readonly alpha: number } | undefined {
  const flip = meanFlip(cell.data);
  const { precision } = frame.spec;
  if (!precision || precision.of === 'trainError') return undefined;
  const [low, high] = intervalColumns(precision.of).map((name) => numbers(frame, name)[0]!) as [number, number];
  const flips = flipBounds(cell.data);
  // Outputs of 0 are wrong for flipped labels too, and are at most all errors.
  const most = mayBeZero(cell) ? 1 - flips.least : 1 - 2 * flips.least;
  return {
    interval:
      precision.of === 'testError'
        ? { low: low - flip, high: high - flip }
        : { low: (1 - 2 * flips.most) * low, high: most * high },
    alpha: 1 - precision.confidence,
  };
}

function numbersOf({ of, excess, interval, alpha }: ExcessWord, { data }: Cell, used: number, runs: number): string {
  const percent = Number((100 * (1 - alpha)).toPrecision(6));
  const what =
    of === 'this draw'
      ? `${percent} % interval of the estimate for this one draw`
      : `${percent} % confidence sequence over ${used} draws`;
  const left = used < runs ? `; ${runs - used} of ${runs} runs have no test error and are left out` : '';
  // Four decimals, and no minus in front of a zero.
  const shown = (x: number): string => (Math.abs(x) < 5e-5 ? 0 : x).toFixed(4);
  return `excess error ${shown(excess)} over ${meanFlip(data) === data.flip ? 'p' : 'the mean p'} = ${Number(meanFlip(data).toPrecision(12))} (${what} [${shown(interval.low)}, ${shown(interval.high)}]${left})`;
}

const advice = ({ of, needed }: ExcessWord): string =>
  of === 'this draw'
    ? 'more test lines or points (data.heldOut of a data set) would tell'
    : needed == null
      ? 'just at the limit: no number of runs can be named'
      : `about ${needed} runs would tell`;
