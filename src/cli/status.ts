/** `benign status DIR`: how far a folder is, and who works on it; it may be asked while it is written. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messages, UserError } from '../errors.ts';
import { fields } from '../experiments/frame.ts';
import { PassedOver, REASONS } from '../experiments/passed-over.ts';
import { OUTCOMES, type RunRecord } from '../experiments/record.ts';
import { Results } from '../experiments/results.ts';
import { processesOf } from '../sweeps/node/claims.ts';
import { failuresOf, partsIn } from '../sweeps/node/stats.ts';
import { compareCopies, RECORDS, readStored } from '../sweeps/node/store.ts';
import { callOf } from './call.ts';
import { EXIT, printJson, say } from './context.ts';
import { openFolder } from './folder.ts';
import { timeWords } from './words.ts';

export interface StatusOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** Milliseconds between two looks. */
const AGAIN = 2000;

/** A process that works on a folder, or has. */
interface Worker {
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
}

export async function status(folder: string, options: StatusOptions): Promise<number> {
  for (;;) {
    const now = statusOf(folder);
    if (options.json) {
      if (options.watch) say(JSON.stringify(now));
      else printJson(now);
    } else {
      if (options.watch && process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[H');
      for (const line of linesOf(now)) say(line);
    }
    if (!options.watch || now.complete) return EXIT.ok;
    await sleep(AGAIN);
    if (!options.json && !process.stdout.isTTY) say('');
  }
}

/** @throws UserError for a folder without results, and where two rows of a run differ */
export function statusOf(folder: string): Status {
  const spec = openFolder(folder);
  const command = callOf(folder)?.command;
  if (command === 'variance') throw new UserError(messages.statusKind(folder));
  const results = command === 'boundary' ? undefined : new Results(spec);
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
    };
  });
  const rank = ({ state }: Worker): number => ['works', 'silent', 'ended'].indexOf(state);
  return workers.reverse().sort((a, b) => rank(a) - rank(b));
}

/** Ended processes that are named. */
const FEW = 8;

function linesOf(status: Status): string[] {
  const { folder, cells, runs, estimate, done, failed, inWork, outcomes, ended, copies, processes } = status;
  const lines = [
    `${folder}: ${done}${runs === null ? '' : ` of ${estimate ? 'about ' : ''}${runs}`} runs done${cells === null ? '' : ` in ${cells} cells`}, ${inWork} in work, ${failed.length} failed`,
  ];
  const ways = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  if (ways.length > 0) lines.push(`outcomes: ${ways.join(', ')}`);
  if (ended)
    lines.push(
      `cells:    ${ended.precise} precise, ${ended['max-runs']} capped, ${cells! - ended.precise - ended['max-runs']} go on`,
    );
  for (const { run, why } of failed.slice(0, 3)) lines.push(`failed:   run ${run}: ${why}`);
  if (failed.length > 3)
    lines.push(`          and ${failed.length - 3} more; benign sweep --retry-failed makes them again`);
  if (copies > 0) lines.push(`copies:   ${copies} rows of runs that were made twice; they are equal`);
  const odd = Object.entries(status.passedOver).map(
    ([reason, count]) => `${count} ${REASONS[reason as keyof typeof REASONS]}`,
  );
  if (odd.length > 0) lines.push(`lines passed over: ${odd.join('; ')}`);
  const active = processes.filter(({ state }) => state !== 'ended');
  const over = processes.filter(({ state }) => state === 'ended');
  for (const one of [...active, ...over.slice(0, FEW)]) lines.push(lineOf(one));
  if (over.length > FEW) lines.push(`  and ${over.length - FEW} earlier processes`);
  if (status.complete) lines.push('all runs are there');
  else if (active.some(({ state }) => state === 'works'))
    lines.push(
      status.rate === null
        ? 'no rate yet'
        : `rate:     ${rateWords(status.rate)}${status.secondsLeft === null ? '' : `, ${timeWords(status.secondsLeft)} left`}`,
    );
  else lines.push('nobody works on it; the command that made it goes on where it was');
  return lines;
}

function lineOf({ host, pid, workers, state, rows, failed, inWork, rate, signAge }: Worker): string {
  const told =
    state === 'works'
      ? `works, ${inWork} in work`
      : state === 'silent'
        ? `silent for ${timeWords(signAge ?? 0)}: others may take its runs`
        : 'has ended';
  return `  ${host || '?'} process ${pid || '?'}, ${workers} ${workers === 1 ? 'worker' : 'workers'}: ${rows} rows${failed > 0 ? `, ${failed} failed` : ''}${rate === null ? '' : `, ${rateWords(rate)}`}; ${told}`;
}

const rateWords = (rate: number): string =>
  rate >= 1
    ? `${rate.toPrecision(3)} runs/s`
    : rate * 60 >= 1
      ? `${(rate * 60).toPrecision(3)} runs/min`
      : `${(rate * 3600).toPrecision(3)} runs/h`;
