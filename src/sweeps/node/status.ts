/** How far a result folder is, and who works on it: from its files, which may be written at the same time. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fields } from '../../experiments/frame.ts';
import { PassedOver } from '../../experiments/passed-over.ts';
import { OUTCOMES, type RunRecord } from '../../experiments/record.ts';
import { Results } from '../../experiments/results.ts';
import type { Spec } from '../../experiments/spec.ts';
import { processesOf } from './claims.ts';
import { failuresOf, partsIn } from './stats.ts';
import { RECORDS } from './lines.ts';
import { underWayIn } from './keep.ts';
import { compareCopies, readStored } from './store.ts';

/** A process that works on a folder, or has. */
export interface Worker {
  readonly host: string;
  readonly pid: number;
  readonly workers: number;
  /** `works`: a sign of life within its lease; `silent`: none, its claims are free; `ended`: it has said so, or is gone */
  readonly state: 'works' | 'silent' | 'ended';
  /** ISO 8601 */
  readonly since: string;
  /** rows in its record file */
  readonly rows: number;
  readonly failed: number;
  /** runs handed out, as of its last sign */
  readonly inWork: number;
  /** runs a second */
  readonly rate: number | null;
  /** seconds since its last sign of life */
  readonly signAge: number | null;
  readonly part: string;
  /** folders that its rows were taken from (`--reuse`); none where it made them */
  readonly reused: readonly string[];
}

export interface Status {
  readonly v: 1;
  readonly folder: string;
  /** null for a search for level sets, which places its runs itself */
  readonly cells: number | null;
  readonly runs: number | null;
  /** with a precision `runs` is an estimate */
  readonly estimate: boolean;
  readonly done: number;
  readonly failed: readonly { readonly run: string; readonly why: string }[];
  readonly inWork: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** with a precision: cells that ended precise, and at the cap */
  readonly ended: { readonly precise: number; readonly 'max-runs': number } | null;
  /** rows beyond the first of a run: the same, made twice */
  readonly copies: number;
  readonly passedOver: Readonly<Record<string, number>>;
  /** of all that work now, runs a second */
  readonly rate: number | null;
  readonly secondsLeft: number | null;
  readonly complete: boolean;
  readonly processes: readonly Worker[];
  /** runs that are not there and of which a state is kept, to go on from */
  readonly underWay: number;
}

/**
 * @param searched whether it holds a search for level sets, whose runs lie on no grid
 * @throws UserError where two rows of a run differ
 */
export function statusOf(folder: string, spec: Spec, searched: boolean): Status {
  const results = searched ? undefined : new Results(spec);
  const outcomes = new Map<string, number>();
  const seen = new Set<string>();
  const copies = new Set<string>();
  let doubled = 0;
  const see = (record: RunRecord): ReturnType<Results['take']> => {
    const cell = results?.cellOf(record);
    const known = results
      ? cell !== undefined && record.seed === spec.seed && results.has(cell, record.replicate)
      : seen.has(record.run);
    if (known) {
      doubled++;
      copies.add(record.run);
      return undefined;
    }
    const reason = results ? results.take(record) : record.seed === spec.seed ? undefined : 'seed';
    if (reason) return reason;
    if (!results) seen.add(record.run);
    outcomes.set(record.outcome, (outcomes.get(record.outcome) ?? 0) + 1);
    return undefined;
  };
  const hasStore = existsSync(join(folder, RECORDS));
  const { passed } = hasStore ? readStored(folder, see) : { passed: new PassedOver() };
  if (copies.size > 0) compareCopies(folder, copies, spec.seed);
  const processes = hasStore ? workersOf(folder) : [];
  const ended = results && spec.precision ? fields(results.frame(), 'ended') : undefined;
  const done = results ? results.count : seen.size;
  const runs = results ? results.expected : null;
  const rates = processes.flatMap(({ state, rate }) => (state === 'works' && rate ? [rate] : []));
  const rate = rates.length > 0 ? rates.reduce((sum, one) => sum + one, 0) : null;
  return {
    v: 1,
    folder,
    cells: results ? results.cellCount : null,
    runs,
    estimate: spec.precision !== undefined && results?.complete !== true,
    done,
    failed: results && hasStore ? failedIn(folder, results) : [],
    inWork: processes.reduce((sum, one) => sum + one.inWork, 0),
    outcomes: Object.fromEntries(OUTCOMES.flatMap((one) => (outcomes.has(one) ? [[one, outcomes.get(one)!]] : []))),
    ended: ended ? { precise: countOf(ended, 'precise'), 'max-runs': countOf(ended, 'max-runs') } : null,
    copies: doubled,
    passedOver: Object.fromEntries(passed.reasons.map(({ reason, count }) => [reason, count])),
    rate,
    secondsLeft: rate !== null && runs !== null ? Math.max(0, runs - done) / rate : null,
    complete: results?.complete === true,
    processes,
    underWay: underWayIn(folder).length,
  };
}

const countOf = (all: readonly unknown[], one: string): number => all.filter((field) => field === one).length;

/** Failed runs that are not there. */
function failedIn(folder: string, results: Results): { run: string; why: string }[] {
  const failed = failuresOf(folder);
  if (failed.size === 0) return [];
  const index = new Map(results.ids.map((id, at) => [id, at]));
  return [...failed].flatMap(([run, why]) => {
    const at = index.get(run.slice(0, 16));
    return at !== undefined && !results.has(at, Number(run.slice(17))) ? [{ run, why }] : [];
  });
}

/** Those that work now, then the others, latest first. */
function workersOf(folder: string): Worker[] {
  const signs = new Map(processesOf(folder).map((one) => [one.part, one]));
  const workers = partsIn(folder).map((part): Worker => {
    const sign = signs.get(part.part);
    const state = part.ended || !sign ? 'ended' : sign.alive ? 'works' : 'silent';
    const seconds = state === 'works' ? (Date.now() - Date.parse(part.since)) / 1000 : part.seconds;
    return {
      host: part.host,
      pid: part.pid,
      workers: part.workers,
      state,
      since: part.since,
      rows: part.lines,
      failed: part.failed,
      inWork: state === 'works' ? sign!.inWork : 0,
      rate: seconds > 0 && part.lines > 0 ? part.lines / seconds : null,
      signAge: sign && state !== 'ended' ? sign.age : null,
      part: part.part,
      reused: part.reused,
    };
  });
  const rank = ({ state }: Worker): number => ['works', 'silent', 'ended'].indexOf(state);
  return workers.reverse().sort((a, b) => rank(a) - rank(b));
}
