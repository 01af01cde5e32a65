/** What a boundary folder was asked, and its search made again from its records. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  errorsOf,
  questionOf,
  searchFigure,
  searchOf,
  tellsLess,
  type SearchAsked,
  type Searched,
} from '../answers/boundary.ts';
import type { Read } from '../answers/tables.ts';
import { spentOnLook } from '../core/verdict.ts';
import { messages, UserError } from '../errors.ts';
import type { RunRecord } from '../experiments/record.ts';
import type { Spec } from '../experiments/spec.ts';
import type { Field } from '../experiments/frame.ts';
import { runRows } from '../experiments/run-columns.ts';
import type { Figure } from '../figures/figure.ts';
import { boundaryReport, boundaryTable } from '../reproduction/boundary-report.ts';
import { looked, type Look } from '../reproduction/looks.ts';
import type { Boundary } from '../sweeps/boundary.ts';
import { callOf, type Call } from './call.ts';
import { note } from './context.ts';
import { readJson } from './files.ts';
import { openFolder, readFolder } from './folder.ts';
import { looksIn } from './looks.ts';

export interface BoundaryCall extends Call, SearchAsked {
  readonly command: 'boundary';
}

export const REPORT = 'report.json';

/** What a folder was asked; undefined where it holds nothing of a search yet. @throws UserError */
export function heldCall(folder: string): BoundaryCall | undefined {
  const call = existsSync(folder) ? callOf(folder) : undefined;
  return call?.command === 'boundary' && call['along'] !== undefined ? (call as BoundaryCall) : undefined;
}

const subject = ({ along, over, of }: BoundaryCall): string => `${of} along ${along} over ${over}`;

/**
 * The call that a folder then answers: further levels join those that it holds, and of two precisions it keeps the
 * finer.
 *
 * @throws UserError where it is about other axes, or another error
 */
export function joined(folder: string, held: BoundaryCall | undefined, call: BoundaryCall): BoundaryCall {
  if (!held) return call;
  if (subject(held) !== subject(call))
    throw new UserError(messages.boundaryHoldsAnother(folder, subject(held), subject(call)));
  const further = held.levels.filter((level) => !call.levels.includes(level));
  if (further.length > 0) note(messages.boundaryHoldsLevels(folder, further));
  if (held.precision < call.precision) note(messages.boundaryHoldsFiner(folder, held.precision, call.precision));
  return {
    ...call,
    levels: [...call.levels, ...further].sort((a, b) => a - b),
    precision: Math.min(held.precision, call.precision),
  };
}

export interface BoundaryAgain extends Searched {
  readonly spec: Spec;
  readonly call: BoundaryCall;
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
  const errors = errorsOf(call);
  const spent = existsSync(file) ? (readJson(file) as { errors?: { spent?: number } }).errors?.spent : undefined;
  const report = boundaryReport(search, { ...errors, spent: spent ?? spentOnLook(errors.alpha, 1) });
  return { spec, call, search, report, figure: searchFigure(spec, search, call, report, science), science };
}

/** Looks at the runs of a folder, this one last: the same question about the same runs is the look that it was. */
export const looksAt = (folder: string, call: BoundaryCall, { along, over, runs }: Boundary): readonly Look[] => {
  const { alpha } = errorsOf(call);
  const question = questionOf({ ...call, along: along.name, over: over.name });
  return looked(looksIn(join(folder, REPORT), alpha), { runs, question }, alpha);
};

/**
 * What the folder answers: the search that was made, or what it held, where the most runs came first and it tells less;
 * with the confidence that is asked for, in which no run is made.
 */
export function answerOf(
  folder: string,
  held: BoundaryCall | undefined,
  call: BoundaryCall,
  search: Boundary,
): { readonly call: BoundaryCall; readonly search: Boundary; readonly kept: boolean } {
  if (held && search.reachedCap) {
    const before = searchAgain(folder);
    if (tellsLess({ search, report: boundaryReport(search, {}) }, before)) {
      note(messages.boundaryKeeps(folder, before.search.runs + before.search.lookRuns, call.maxRuns!));
      return { call: { ...before.call, confidence: call.confidence }, search: before.search, kept: true };
    }
  }
  return { call, search, kept: false };
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
  const places = new Map([...search.cells()].map((one, at) => [one.id, { ...one, at }]));
  const made = runRows(
    { ...spec, axes: [] },
    [...places.values()].map(({ cell }) => cell),
  );
  const rows = new Map<string, { at: number; replicate: number; row: Field[] }>();
  for (const record of records) {
    const place = places.get(record.run.slice(0, 16));
    if (!place || rows.has(record.run)) continue;
    const { at, written } = place;
    rows.set(record.run, {
      at,
      replicate: record.replicate,
      row: [...written, ...made.row(at, record)],
    });
  }
  const axes = [...search.others, search.along].map(({ name }) => name);
  return {
    data: {
      columns: [...axes, ...made.columns],
      rows: [...rows.values()].sort((a, b) => a.at - b.at || a.replicate - b.replicate).map(({ row }) => row),
    },
    science,
  };
}
