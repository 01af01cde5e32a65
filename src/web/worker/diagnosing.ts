/** The diagnosis of a data set that was dropped: what `benign diagnose` answers, without a folder. */
import { dataName, diagnosisCommand, type DiagnosisAsked } from '../../answers/diagnosis-command.ts';
import { diagnosisFigures } from '../../answers/diagnosis-figures.ts';
import { diagnosisPage } from '../../answers/diagnosis-page.ts';
import { diagnosisAnswer, diagnosisBasis } from '../../answers/diagnosis.ts';
import { toCsv } from '../../answers/tables.ts';
import { diagnosisPlan, type DiagnosisChoice } from '../../diagnosis/plan.ts';
import { UserError } from '../../errors.ts';
import type { DataFiles } from '../../experiments/spec-files.ts';
import type { RunOptions } from '../../sweeps/runs.ts';
import { sweep } from '../../sweeps/sweep.ts';
import type { Picture } from './wire.ts';

/** A data set that is offered to this thread. */
export interface OfferedData {
  readonly content: string;
  readonly files: DataFiles;
}

export interface Diagnosed {
  readonly title: string;
  /** report.md */
  readonly page: string;
  /** report.json, but for what is of a machine */
  readonly report: string;
  readonly pictures: readonly Picture[];
}

/**
 * @param see is told what is going on, in words
 * @returns null where it was interrupted: the store keeps what was made
 * @throws UserError as `benign diagnose` does
 */
export async function diagnosed(
  { content, files }: OfferedData,
  choice: DiagnosisChoice,
  making: RunOptions,
): Promise<Diagnosed | null> {
  const plan = diagnosisPlan(content, choice, files);
  const basis = diagnosisBasis(plan);
  const { results, failed, interrupted } = await sweep(plan.spec, making);
  if (interrupted) return null;
  if (results.count === 0 && failed[0]) throw new UserError(`run ${failed[0].run} failed: ${failed[0].why}`);
  const frame = results.frame();
  const answer = diagnosisAnswer(basis, frame);
  const title = `${dataName(files.points)}, ${plan.classes}`;
  const { points, ...read } = files;
  const command = diagnosisCommand(points, plan.classes, { ...read, ...choice } as DiagnosisAsked);
  const drawn = diagnosisFigures(answer, frame.spec, title, frame.science).filter(({ fails }) => fails === undefined);
  const figures = drawn.map(({ name }) => name);
  const report = { v: 1, title, command, ...answer, figures, failed: failed.length };
  return {
    title,
    page: diagnosisPage(answer, { title, spec: frame.spec, command, figures, failed: failed.length }),
    report: `${JSON.stringify(report, null, 1)}\n`,
    pictures: drawn.map((figure) => ({ figure, ...(figure.numbers && { csv: toCsv(figure.numbers) }) })),
  };
}
