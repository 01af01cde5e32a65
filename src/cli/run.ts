/** `benign run SPEC.yaml`: one cell, looked at closely. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Interval, Word } from '../core/verdict.ts';
import { messages, outcomeSentence, UserError } from '../errors.ts';
import { buildCell, cellId, type Cell } from '../experiments/cell.ts';
import { mayBeZero } from '../experiments/cell.ts';
import { whyNotFitted, type Diagnosis } from '../experiments/hints.ts';
import { OUTCOMES, recordLine, SCIENCE, type RunRecord } from '../experiments/record.ts';
import { runCell } from '../experiments/run.ts';
import { parseSpec } from '../experiments/spec-text.ts';
import { cells, type RecordPlan, type Spec } from '../experiments/spec.ts';
import { foreignTo, type Results } from '../experiments/results.ts';
import { tableOf } from '../experiments/table.ts';
import { SYMBOLS, type SymbolId } from '../notation.ts';
import { runFigure } from '../reproduction/caption.ts';
import { readRecords } from '../sweeps/node/store.ts';
import { EXCESS_LIMIT, excessOfOneDraw, excessOverDraws, type ExcessWord } from '../verification/excess.ts';
import { compute } from './compute.ts';
import { EXIT, note, printJson, say } from './context.ts';
import { readText, writeWhole } from './files.ts';
import { readFolder } from './folder.ts';
import { assignments } from './options.ts';
import { writeFigures, writeTables } from './outputs.ts';
import { versions } from './versions.ts';

export interface RunOptions {
  set: string[];
  replay?: string;
  workers?: number;
  out?: string;
  json?: boolean;
}

export async function run(file: string, options: RunOptions): Promise<number> {
  const text = readText(file);
  const changes = assignments(options.set);
  if (options.replay !== undefined) {
    for (const name of ['out', 'workers'] as const)
      if (options[name] !== undefined)
        throw new UserError(messages.noMeaning('run --replay', name, 'it makes one run again and writes nothing'));
    return replay(parseSpec(text, file, changes), options.replay, file, options.json === true);
  }
  const asked = parseSpec(text, file, changes);
  if (asked.axes.length > 0) throw new UserError(messages.oneCell(asked.axes.map(({ path }) => path)));
  const cell = buildCell(asked.values);
  const spec = withSeries(asked, cell);
  const folder = options.out ?? join('out', `run-${cellId(cell)}-${spec.seed}`);
  const computed = await compute(
    spec,
    folder,
    options.workers ?? 1,
    `benign run ${file}${options.set.map((one) => ` --set ${one}`).join('')}`,
    { command: 'run' },
  );
  if (computed.interruptedBy !== null) return computed.interruptedBy;

  const { results } = computed;
  const found = firstRuns(folder, results);
  if (!found) return EXIT.someFailed;
  const { shown } = found;
  const outcomes = Object.fromEntries(
    results.outcomes(0).flatMap((count, at) => (count > 0 ? [[OUTCOMES[at]!, count] as const] : [])),
  );
  const verdict = judge(cell, results, found);
  writeTables(folder, results.spec, tableOf(results.frame()));
  const drawn = runFigure(results.spec, shown, verdict.sentence);
  const figures = await writeFigures(folder, drawn ? [drawn] : []);
  const { science, ...programs } = versions();
  const report = {
    v: 2,
    run: shown.run,
    outcome: shown.outcome,
    steps: shown.steps,
    sentence: outcomeSentence(shown.outcome, shown.steps, cell.training),
    verdict,
    outcomes,
    values: shown.values,
    runs: results.count,
    seed: spec.seed,
    science,
    versions: programs,
    folder,
    figures,
  };
  writeWhole(join(folder, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  if (options.json) printJson(report);
  else {
    say(`run ${shown.run}: ${report.sentence}`);
    say(verdict.sentence);
    for (const hint of verdict.hints) say(`  ${hint}`);
    say(`\n${results.count > 1 ? `the first of ${results.count} runs` : 'the run'}:`);
    printValues(shown);
    if (!drawn) say(`\nno picture: ${messages.noTrajectory()}`);
    else if (figures.length > 0) say(`\npicture: ${join(folder, 'figures', 'trajectories.png')}`);
  }
  if (computed.report.failed.length > 0) return EXIT.someFailed;
  if (verdict.kind !== 'undecided') return EXIT.ok;
  note('neither benign nor harmful can be said: exit code 4');
  return EXIT.undecided;
}

/**
 * The first run, which is shown, and the first one that does not fit every label; undefined where the first is missing.
 */
function firstRuns(
  folder: string,
  results: Results,
): { readonly shown: RunRecord; readonly unfit: RunRecord | undefined } | undefined {
  let shown: RunRecord | undefined;
  let unfit: RunRecord | undefined;
  readRecords(folder, (record) => {
    if (foreignTo(results.spec, record, record.run.startsWith(results.ids[0]!))) return;
    if (record.replicate === 0) shown ??= record;
    if (record.values.trainError !== 0 && !(unfit && unfit.replicate <= record.replicate)) unfit = record;
  });
  return shown && { shown, unfit };
}

/** The spec's own series, or all of them at about 200 times. */
function withSeries(spec: Spec, cell: Cell): Spec {
  if (spec.record.series.length > 0) return spec;
  const series = [
    'trainLoss',
    'trainError',
    'testError',
    'testErrorClean',
    'marginMin',
    'marginMax',
    'gamma',
    'rhoBar',
    'rhoUnder',
  ] as const;
  return {
    ...spec,
    record: { series, values: spec.record.values, every: Math.max(1, Math.ceil(cell.training.maxSteps / 200)) },
  };
}

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
 */
function judge(
  cell: Cell,
  results: Results,
  { shown, unfit }: { readonly shown: RunRecord; readonly unfit: RunRecord | undefined },
): CellVerdict {
  const errors = results.over(0, 'testError');
  const runs = results.count;
  const fitted = results.over(0, 'trainError').filter((error) => error === 0).length;
  const { sentence: why, hints } =
    unfit && (unfit.replicate === 0 || 2 * fitted < runs) ? diagnosed(cell, unfit) : { sentence: '', hints: [] };
  const told = excessOf(cell, results, errors, shown);
  const numbers = told && numbersOf(told, cell, errors.length, runs);
  if (!told || 2 * fitted < runs) {
    const what = `${fitted > 0 ? 'only ' : ''}${fitted} of ${runs} runs fit`;
    const none = told ? '' : ', and none has a test error';
    return {
      ...told,
      kind: 'not fitted',
      word: 'not-applicable',
      sentence: `not fitted: ${what} every training label${none}. ${why}${numbers ? ` ${numbers}` : ''}`,
      hints,
    };
  }
  const kind = KINDS[told.word];
  const draw = told.of === 'this draw' ? ' in this draw' : '';
  const rest =
    kind === 'undecided'
      ? `undecided between benign and harmful${draw} (limit ${EXCESS_LIMIT}), ${advice(told)}`
      : `${kind} overfitting${draw}`;
  return {
    ...told,
    kind,
    sentence: `${rest}: ${numbers}; ${fitted} of ${runs} runs fit every training label`,
    hints,
  };
}

/** The hints name the run that they are about where it is not the one that is shown. */
function diagnosed(cell: Cell, unfit: RunRecord): Diagnosis {
  const { sentence, hints } = whyNotFitted(cell, unfit);
  if (unfit.replicate === 0) return { sentence, hints };
  return { sentence: `Of run ${unfit.run}: ${sentence}`, hints: hints.map((hint) => `${unfit.run}, ${hint}`) };
}

/** Undefined where no run has a test error. */
function excessOf(cell: Cell, results: Results, errors: readonly number[], shown: RunRecord): ExcessWord | undefined {
  if (errors.length === 0) return undefined;
  const given = excessSequence(cell, results);
  if (results.count === 1 && !given) return excessOfOneDraw(cell, shown.values);
  return excessOverDraws(
    cell,
    errors.map((error) => error - cell.data.flip),
    given,
  );
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
  return `excess error ${shown(excess)} over p = ${data.flip} (${what} [${shown(interval.low)}, ${shown(interval.high)}]${left})`;
}

const advice = ({ of, needed }: ExcessWord): string =>
  of === 'this draw'
    ? 'more test lines or points would tell'
    : needed == null
      ? 'just at the limit: no number of runs can be named'
      : `about ${needed} runs would tell`;

/**
 * The interval of the spec's precision, carried over to the excess error; undefined where there is none on a test
 * error.
 */
function excessSequence(
  cell: Cell,
  results: Results,
): { readonly interval: Interval; readonly alpha: number } | undefined {
  const { flip } = cell.data;
  const { precision } = results.spec;
  const known = results.precision(0);
  if (!precision || !known || precision.of === 'trainError') return undefined;
  const { low, high } = known.interval;
  // Outputs of 0 are wrong for flipped labels too, and are at most all errors.
  const most = mayBeZero(cell) ? 1 - flip : 1 - 2 * flip;
  return {
    interval:
      precision.of === 'testError'
        ? { low: low - flip, high: high - flip }
        : { low: (1 - 2 * flip) * low, high: most * high },
    alpha: 1 - precision.confidence,
  };
}

function printValues({ values }: RunRecord): void {
  for (const [id, value] of Object.entries(values)) {
    const { glyph } = SYMBOLS[id as SymbolId];
    say(`  ${glyph.padEnd(24)} ${Number(value.toPrecision(6))}`);
  }
}

/** One run of the spec again, by its id; held against the stored record when the spec lies beside its records. */
function replay(spec: Spec, id: string, file: string, json: boolean): number {
  const [cellPart, replicateText] = id.split('-');
  const replicate = Number(replicateText);
  const cell = /^[0-9a-f]{16}-\d+$/.test(id) ? [...cells(spec)].find((one) => cellId(one) === cellPart) : undefined;
  if (!cell || replicate >= spec.runs) throw new UserError(messages.runNotInSpec(id));
  const record = runCell(cell, spec.seed, replicate, spec.record as RecordPlan);
  const folder = dirname(file);
  let stored: RunRecord | undefined;
  if (file !== '-' && existsSync(join(folder, 'records')))
    readFolder(folder, (one) => void (one.run === id && one.seed === spec.seed && (stored ??= one)));
  // A record of an older science version has other bits by right.
  const same = stored?.science === SCIENCE ? recordLine(stored) === recordLine(record) : null;
  if (json) printJson({ record, sameAsStored: same });
  else {
    say(`run ${id}: ${outcomeSentence(record.outcome, record.steps, cell.training)}`);
    printValues(record);
    say(
      same === null
        ? 'no stored record to compare with'
        : same
          ? 'the same bits as the stored record'
          : 'NOT the bits of the stored record',
    );
  }
  return same === false ? EXIT.checkFailed : EXIT.ok;
}
