/** `benign diagnose DATA --classes a,b`: what a data set is like, what theory predicts, and what is found on it. */
import { basename, join } from 'node:path';
import { diagnosisAnswer, diagnosisBasis } from '../answers/diagnosis.ts';
import { dataName, diagnosisCommand } from '../answers/diagnosis-command.ts';
import { diagnosisFigures } from '../answers/diagnosis-figures.ts';
import { diagnosisPage, verdictLines } from '../answers/diagnosis-page.ts';
import { timeWords } from '../core/time-text.ts';
import { diagnosisPlan, type DiagnosisChoice, type DiagnosisPlan } from '../diagnosis/plan.ts';
import { filesOf } from '../experiments/spec-files.ts';
import { rowsOf } from '../experiments/table.ts';
import { compute } from './compute.ts';
import { EXIT, note, printJson, say } from './context.ts';
import { filesWritten, type FileOptions } from './file-options.ts';
import { writeWhole } from './files.ts';
import { beside } from './open-data.ts';
import { defaultWorkers } from './options.ts';
import { writeFigures, writeTables } from './outputs.ts';
import { versions } from './versions.ts';

export interface DiagnoseOptions extends DiagnosisChoice, FileOptions {
  workers?: number;
  out?: string;
  json?: boolean;
}

export async function diagnose(file: string, options: DiagnoseOptions): Promise<number> {
  const { content, files } = beside('.')(filesOf(filesWritten(file, options)));
  const plan = diagnosisPlan(content, options, files);
  const basis = diagnosisBasis(plan);
  const workers = options.workers ?? defaultWorkers();
  const name = dataName(basename(file));
  const folder = options.out ?? join('out', folderName(name, plan, options));
  const command = diagnosisCommand(file, plan.classes, options);
  note(`${plan.spec.runs} draws at ${plan.ladder.length} n and ${plan.flips.length} p: ${expected(plan, workers)}`);
  const computed = await compute(plan.spec, folder, workers, command, { command: 'diagnose' });
  if (computed.interruptedBy !== null) return computed.interruptedBy;

  const { report: made, wallSeconds, results } = computed;
  const frame = results.frame();
  // The folder may hold more runs than were asked for.
  const { runs } = frame.spec;
  const makes = runs === plan.spec.runs ? command : diagnosisCommand(file, plan.classes, { ...options, runs });
  const answer = diagnosisAnswer(basis, frame);
  writeTables(folder, frame.spec, rowsOf(frame));
  const title = `${name}, ${plan.classes}`;
  const figures = await writeFigures(folder, diagnosisFigures(answer, frame.spec, title, frame.science));
  const failed = made.failed.length;
  const report = {
    v: 1,
    title,
    command: makes,
    ...answer,
    figures,
    failed,
    runsNow: made.made,
    wallSeconds: Number(wallSeconds.toFixed(3)),
    workers,
    versions: versions(),
  };
  writeWhole(join(folder, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  writeWhole(
    join(folder, 'report.md'),
    diagnosisPage(answer, { title, spec: frame.spec, command: makes, figures, failed }),
  );
  if (options.json) printJson(report);
  else {
    for (const line of verdictLines(answer)) say(line);
    if (figures.length > 0) say(`picture: ${join(folder, 'figures', `${figures[0]}.png`)}`);
    say(`report:  ${join(folder, 'report.md')}`);
  }
  return failed > 0 ? EXIT.someFailed : EXIT.ok;
}

const folderName = (name: string, { classes }: DiagnosisPlan, { seed }: DiagnoseOptions): string =>
  `diagnose-${name}-${classes}${seed === undefined ? '' : `-seed${seed}`}`.replace(/[^\w.+-]+/g, '-');

/** Of a run with n training points, m = 10: seconds at n = 400, and how it grows; from images. */
const [SECONDS, POWER] = [0.9, 2.5];

function expected({ ladder, flips, spec }: DiagnosisPlan, workers: number): string {
  const m = Number(spec.values.get('network.m'));
  const each = ladder.reduce((sum, n) => sum + SECONDS * (n / 400) ** POWER * ((1 + m / 10) / 2), 0);
  const seconds = (each * flips.length * spec.runs) / workers;
  return `about ${timeWords(Math.max(5, seconds))} on ${workers} ${workers === 1 ? 'thread' : 'threads'}`;
}
