/** The diagnosis of a data set, for programs: as `benign diagnose` makes it, without a folder. */
import type { DiagnosisAnswer } from '../../answers/diagnosis.ts';
import { offer } from '../../data/content.ts';
import type { LabelledPoints } from '../../data/readers/labelled.ts';
import type { DiagnosisChoice } from '../../diagnosis/plan.ts';
import { messages, UserError } from '../../errors.ts';
import type { Frame } from '../../experiments/frame.ts';
import type { Spec } from '../../experiments/spec.ts';
import { lab } from '../../lab/lab.ts';
import type { RunOptions, RunReport } from '../../sweeps/runs.ts';
import { sweep } from '../sweep.ts';
import { drawing, type Drawing } from './figures.ts';

/** What is measured, and who makes the runs. */
export interface DiagnoseOptions extends RunOptions, DiagnosisChoice {
  /** of the page and the pictures; default `data` */
  readonly title?: string;
}

/** A diagnosis; all but `frame` and the figures' methods is plain data. */
export interface Diagnosis extends RunReport, DiagnosisAnswer {
  /** the sweep that was measured */
  readonly spec: Spec;
  /** the page, as report.md has it */
  readonly page: string;
  /** error over n, excess over p, spectrum */
  readonly figures: readonly Drawing[];
  /** the results as plain columns */
  frame(): Frame;
}

/** Rows of numbers, one a point: nested, or one after the other in as many columns as there are numbers a label. */
export type Rows = Float64Array | readonly ArrayLike<number>[];

/**
 * Says what a two-class data set is like (moments, effective dimensions, margin), what theory predicts of it, and what is
 * found: clean test error over the number of training points and the label noise for a two-layer network, the max-margin,
 * the averaging and the nearest-mean classifier, and whether overfitting is benign, tempered or harmful by a stated rule.
 * The same numbers as `benign diagnose` gives for a file with these points.
 *
 * @param X points x columns, finite, 20 points of each class or more
 * @param y one label a point: numbers, or words
 * @throws UserError for points and labels that do not fit together or are not finite, for classes that are not there or
 *   too small, for sizes that the data does not have, and as `sweep` does
 */
export async function diagnose(
  X: Rows,
  y: ArrayLike<number> | readonly string[],
  options: DiagnoseOptions,
): Promise<Diagnosis>;
/**
 * The same of points and labels as `openData` reads them.
 *
 * @throws UserError as above
 */
export async function diagnose(points: LabelledPoints, options: DiagnoseOptions): Promise<Diagnosis>;
/**
 * Both forms.
 *
 * @throws UserError as above
 */
export async function diagnose(
  first: Rows | LabelledPoints,
  second: ArrayLike<number> | readonly string[] | DiagnoseOptions,
  third?: DiagnoseOptions,
): Promise<Diagnosis> {
  const rows = first instanceof Float64Array || Array.isArray(first);
  if (!rows && !((first as LabelledPoints | undefined)?.values && (first as LabelledPoints).labels))
    throw new UserError(messages.diagnoseWhat(first));
  const points = rows ? pointsOf(first, second as ArrayLike<number>) : (first as LabelledPoints);
  const options = rows ? third : (second as DiagnoseOptions | undefined);
  if (!options?.pool) throw new UserError(messages.diagnosePool());
  const { title: named = 'data', pool, store, passed, progress, signal, working, ...choice } = options;
  const { diagnosisPlan } = await import('../../diagnosis/plan.ts');
  const { diagnosisAnswer, diagnosisBasis } = await import('../../answers/diagnosis.ts');
  const { diagnosisPage } = await import('../../answers/diagnosis-page.ts');
  const { diagnosisFigures } = await import('../../answers/diagnosis-figures.ts');
  const plan = diagnosisPlan(offer(points), choice);
  const basis = diagnosisBasis(plan);
  const making = { pool, store, passed, progress, signal, working } as RunOptions;
  const { results: _, frame: frameOf, ...report } = await sweep(lab, plan.spec, making);
  const frame = frameOf();
  const answer = diagnosisAnswer(basis, frame);
  const title = `${named}, ${plan.classes}`;
  const figures = diagnosisFigures(answer, plan.spec, title, frame.science).map(drawing);
  const page = diagnosisPage(answer, {
    title,
    spec: plan.spec,
    command: 'diagnose(X, y, options)',
    figures: figures.map(({ name }) => name),
    failed: report.failed.length,
  });
  return { ...report, ...answer, spec: plan.spec, page, figures, frame: () => frame };
}

/** @throws UserError for rows that differ in length, and for what is not finite */
function pointsOf(X: Rows, y: ArrayLike<number> | readonly string[]): LabelledPoints {
  if (!(typeof y?.length === 'number')) throw new UserError(messages.rowsAndLabels(X.length, 0));
  const words = Array.from(y as ArrayLike<unknown>, (one) => (typeof one === 'string' ? one : Number(one)));
  const count = words.length;
  const flat = X instanceof Float64Array ? X : rowsOf(X, count);
  if (count === 0 || flat.length === 0 || flat.length % count !== 0)
    throw new UserError(messages.rowsAndLabels(X instanceof Float64Array ? flat.length / count : X.length, count));
  const wrong = flat.findIndex((x) => !Number.isFinite(x));
  if (wrong >= 0) throw new UserError(messages.notFinite('X', wrong, flat[wrong]!));
  const named = words.some((one) => typeof one === 'string');
  const classNames = named ? [...new Set(words.map(String))].sort() : undefined;
  const labels = Float64Array.from(words, (one) => (classNames ? classNames.indexOf(String(one)) : Number(one)));
  const off = labels.findIndex((label) => !Number.isFinite(label));
  if (off >= 0) throw new UserError(messages.notFinite('y', off, labels[off]!));
  return {
    shape: [flat.length / count],
    count,
    values: flat,
    dtype: 'f8',
    labels,
    ...(classNames && { classNames }),
  };
}

function rowsOf(X: readonly ArrayLike<number>[], count: number): Float64Array {
  if (X.length !== count) throw new UserError(messages.rowsAndLabels(X.length, count));
  const columns = X[0]?.length ?? 0;
  const out = new Float64Array(count * columns);
  X.forEach((row, i) => {
    if (row.length !== columns) throw new UserError(messages.raggedRows(i, row.length, columns));
    for (let k = 0; k < columns; k++) out[i * columns + k] = Number(row[k]);
  });
  return out;
}
