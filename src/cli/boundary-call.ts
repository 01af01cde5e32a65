/** What a boundary folder was asked, and its search made again from its records. */
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import type { Read } from '../answers/tables.ts';
import { messages, UserError } from '../errors.ts';
import type { Spec } from '../experiments/spec.ts';
import { runColumns, runRow, type Field } from '../experiments/table.ts';
import { PARAMETERS } from '../notation.ts';
import {
  boundaryFigure,
  boundaryReport,
  boundaryTable,
  type BoundaryReport,
  type BoundaryReportOptions,
  type Crossing,
} from '../reproduction/boundary-report.ts';
import { Boundary } from '../sweeps/boundary.ts';
import { spentOnLook } from '../core/verdict.ts';
import { SCIENCE, type RunRecord } from '../experiments/record.ts';
import { searchCaption, sourced } from '../reproduction/caption.ts';
import type { Figure } from '../figures/figure.ts';
import { callOf, type Call } from './call.ts';
import { note } from './context.ts';
import { readJson } from './files.ts';
import { openFolder, readFolder } from './folder.ts';

export interface BoundaryCall extends Call {
  readonly command: 'boundary';
  /** names of axes */
  readonly along: string;
  readonly over: string;
  readonly of: 'testError' | 'testErrorClean';
  readonly levels: readonly number[];
  readonly precision: number;
  readonly confidence: number;
  readonly maxRuns?: number;
}

export const REPORT = 'report.json';

/** What a folder was asked; undefined where it holds nothing of a search yet. @throws UserError */
export function heldCall(folder: string): BoundaryCall | undefined {
  const call = existsSync(folder) ? callOf(folder) : undefined;
  return call?.command === 'boundary' && call['along'] !== undefined ? (call as BoundaryCall) : undefined;
}

const question = ({ along, over, of }: BoundaryCall): string => `${of} along ${along} over ${over}`;

/**
 * The call that a folder then answers: further levels join those that it holds, and of two precisions it keeps the
 * finer.
 *
 * @throws UserError where it is about other axes, or another error
 */
export function joined(folder: string, held: BoundaryCall | undefined, call: BoundaryCall): BoundaryCall {
  if (!held) return call;
  if (question(held) !== question(call))
    throw new UserError(messages.boundaryHoldsAnother(folder, question(held), question(call)));
  const further = held.levels.filter((level) => !call.levels.includes(level));
  if (further.length > 0) note(messages.boundaryHoldsLevels(folder, further));
  if (held.precision < call.precision) note(messages.boundaryHoldsFiner(folder, held.precision, call.precision));
  return {
    ...call,
    levels: [...call.levels, ...further].sort((a, b) => a - b),
    precision: Math.min(held.precision, call.precision),
  };
}

export const pathOfAxis = (spec: Spec, name: string): string =>
  spec.axes.find((axis) => axis.name === name)?.path ??
  [...PARAMETERS].find(([path, { id }]) => id === name || path === name)?.[0] ??
  name;

export const searchOf = (spec: Spec, { along, over, of, levels, precision, maxRuns }: BoundaryCall): Boundary =>
  new Boundary(spec, {
    along: pathOfAxis(spec, along),
    over: pathOfAxis(spec, over),
    of,
    levels,
    precision,
    ...(maxRuns !== undefined && { maxRuns }),
  });

export function figureOf(
  spec: Spec,
  search: Boundary,
  call: BoundaryCall,
  report: BoundaryReport,
  science = SCIENCE,
): Figure | null {
  const { along, over, of, levels, precision, confidence } = call;
  const drawn = boundaryFigure(search, report, {
    title: `${spec.name || 'level sets'}: where the ${of === 'testError' ? '' : 'clean '}test error crosses a level`,
    subtitle: searchCaption(spec, search.along, { runs: search.runs, precision, confidence }),
  });
  const question = `--along ${along} --over ${over} ${levels.map((level) => `--level ${level}`).join(' ')} --of ${of} --confidence ${confidence}`;
  return drawn && sourced(drawn, spec, science, question);
}

export interface BoundaryAgain {
  readonly spec: Spec;
  readonly call: BoundaryCall;
  readonly search: Boundary;
  readonly report: BoundaryReport;
  readonly figure: Figure | null;
  readonly science: number;
}

/**
 * The search of a folder as far as its records go, without a new run and without a new look: the words keep what the
 * report may spend.
 *
 * @throws UserError
 */
export function searchAgain(folder: string, see?: (record: RunRecord) => void): BoundaryAgain {
  const spec = openFolder(folder);
  const call = heldCall(folder);
  if (!call) throw new UserError(messages.boundaryForgotten(folder));
  const search = searchOf(spec, call);
  let records = 0;
  const science = readFolder(folder, (record) => {
    if (record.seed !== spec.seed) return;
    records++;
    search.add(record);
    see?.(record);
  });
  if (records === 0) throw new UserError(messages.boundaryEmpty(folder));
  const left = search.next().length;
  if (left > 0) note(messages.boundaryUnfinished(folder, search.runs + search.lookRuns));
  const file = join(folder, REPORT);
  const alpha = Number((1 - call.confidence).toPrecision(12));
  const spent = existsSync(file) ? (readJson(file) as { errors?: { spent?: number } }).errors?.spent : undefined;
  const options: BoundaryReportOptions = {
    confidence: call.confidence,
    alpha,
    spent: spent ?? spentOnLook(alpha, 1),
  };
  const report = boundaryReport(search, options);
  return { spec, call, search, report, figure: figureOf(spec, search, call, report, science), science };
}

/** Whether a search tells less than another one does: a crossing that is finished there is not, or it has fewer runs. */
export function tellsLess(search: Boundary, report: BoundaryReport, than: BoundaryAgain): boolean {
  const name = ({ series, over, level }: Crossing): string => JSON.stringify([series, over, level]);
  const finished = ({ crossings }: BoundaryReport): string[] =>
    crossings.filter(({ state }) => state !== 'limit').map(name);
  const here = new Set(finished(report));
  return (
    finished(than.report).some((one) => !here.has(one)) ||
    search.runs + search.lookRuns < than.search.runs + than.search.lookRuns
  );
}

/** The level sets of a folder. @throws UserError */
export function levelTable(folder: string): Read {
  const { search, report, science } = searchAgain(folder);
  return { data: boundaryTable(search, report), science };
}

/** One row a run: what is searched along and over as written, cells in order, then replicates. @throws UserError */
export function searchRuns(folder: string): Read {
  const records: RunRecord[] = [];
  const { spec, search, science } = searchAgain(folder, (record) => void records.push(record));
  const plain = { ...spec, axes: [] };
  const places = new Map([...search.cells()].map((one, at) => [one.id, { ...one, at }]));
  const rows = new Map<string, { at: number; replicate: number; row: Field[] }>();
  for (const record of records) {
    const place = places.get(record.run.slice(0, 16));
    if (!place || rows.has(record.run)) continue;
    const { at, cell, written } = place;
    rows.set(record.run, {
      at,
      replicate: record.replicate,
      row: [...written, ...runRow(plain, [cell], 0, record)],
    });
  }
  const axes = [...search.others, search.along].map(({ name }) => name);
  return {
    data: {
      columns: [
        ...axes,
        ...runColumns(
          plain,
          [...places.values()].slice(0, 1).map(({ cell }) => cell),
        ),
      ],
      rows: [...rows.values()].sort((a, b) => a.at - b.at || a.replicate - b.replicate).map(({ row }) => row),
    },
    science,
  };
}
