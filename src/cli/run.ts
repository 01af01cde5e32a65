/** `benign run SPEC.yaml`: one cell, looked at closely. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FirstRuns, runAnswer, runLines, valueLines, withSeries } from '../answers/run.ts';
import { messages, outcomeSentence, UserError } from '../errors.ts';
import { buildCell, cellId } from '../experiments/cell.ts';
import { recordLine, type RunRecord } from '../experiments/record.ts';
import { runCell } from '../experiments/run.ts';
import { specAt } from './data.ts';
import { cells, type Spec } from '../experiments/spec.ts';
import { rowsOf } from '../experiments/table.ts';
import { realLabelLoss } from '../experiments/real-labels.ts';
import { runFigure } from '../reproduction/caption.ts';
import { readRecords } from '../sweeps/node/store.ts';
import { compute } from './compute.ts';
import { EXIT, note, printJson, say } from './context.ts';
import { writeTo, writeWhole } from './files.ts';
import { readFolder } from './folder.ts';
import { writeFigures, writeTables } from './outputs.ts';
import { versions } from './versions.ts';

export interface RunOptions {
  set: string[];
  replay?: string;
  saveArrays?: string;
  every?: number;
  checkpoint: number;
  workers?: number;
  out?: string;
  json?: boolean;
}

export async function run(file: string, options: RunOptions): Promise<number> {
  if (options.every !== undefined && options.saveArrays === undefined)
    throw new UserError(messages.noMeaning('run', 'every', 'it goes with --save-arrays'));
  const asked = await specAt(file, options.set);
  if (options.replay !== undefined) {
    if (options.saveArrays !== undefined)
      throw new UserError(
        messages.noMeaning('run --replay', 'save-arrays', 'give the spec of that cell to benign run'),
      );
    for (const name of ['out', 'workers'] as const)
      if (options[name] !== undefined)
        throw new UserError(messages.noMeaning('run --replay', name, 'it makes one run again and writes nothing'));
    return replay(asked, options.replay, file, options.json === true);
  }
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
    { checkpoint: options.checkpoint },
  );
  if (computed.interruptedBy !== null) return computed.interruptedBy;

  const frame = computed.results.frame();
  const first = new FirstRuns(frame);
  readRecords(folder, (record) => first.see(record));
  if (!first.shown) return EXIT.someFailed;
  const answer = runAnswer(frame, first.shown, first.unfit);
  if (options.saveArrays !== undefined) {
    const { arraysOf } = await import('../experiments/run-arrays.ts');
    const { writeNpz } = await import('../data/readers/npz.ts');
    writeTo(options.saveArrays, writeNpz(arraysOf(cell, spec.seed, first.shown.replicate, options.every)));
  }
  writeTables(folder, frame.spec, rowsOf(frame));
  const drawn = runFigure(frame.spec, first.shown, answer.verdict.sentence);
  const figures = await writeFigures(folder, drawn ? [drawn] : []);
  const { science, ...programs } = versions();
  const report = { v: 2, ...answer, science, versions: programs, folder, figures };
  writeWhole(join(folder, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  if (options.json) printJson(report);
  else {
    for (const line of runLines(answer)) say(line);
    if (!drawn) say(`\nno picture: ${messages.noTrajectory()}`);
    else if (figures.length > 0) say(`\npicture: ${join(folder, 'figures', 'trajectories.png')}`);
  }
  if (computed.report.failed.length > 0) return EXIT.someFailed;
  if (answer.verdict.kind !== 'undecided') return EXIT.ok;
  note('neither benign nor harmful can be said: exit code 4');
  return EXIT.undecided;
}

/** One run of the spec again, by its id; held against the stored record when the spec lies beside its records. */
function replay(spec: Spec, id: string, file: string, json: boolean): number {
  const [cellPart, replicateText] = id.split('-');
  const replicate = Number(replicateText);
  const cell = /^[0-9a-f]{16}-\d+$/.test(id) ? [...cells(spec)].find((one) => cellId(one) === cellPart) : undefined;
  if (!cell || replicate >= spec.runs) throw new UserError(messages.runNotInSpec(id));
  const record = runCell(cell, spec.seed, replicate, spec.record);
  const folder = dirname(file);
  let stored: RunRecord | undefined;
  if (file !== '-' && existsSync(join(folder, 'records')))
    readFolder(folder, (one) => void (one.run === id && one.seed === spec.seed && (stored ??= one)));
  // A record of an older science version has other bits by right.
  const same = stored?.science === record.science ? recordLine(stored) === recordLine(record) : null;
  if (json) printJson({ record, sameAsStored: same });
  else {
    say(`run ${id}: ${outcomeSentence(record.outcome, record.steps, cell.training, realLabelLoss(cell))}`);
    for (const line of valueLines(record.values)) say(line);
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
