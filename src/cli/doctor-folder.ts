/** `benign doctor DIR`: is every record of a folder what its cell and seed give? */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messages, UserError } from '../errors.ts';
import { SCIENCE, type RunRecord } from '../experiments/record.ts';
import type { RecordPlan, Spec } from '../experiments/spec.ts';
import type { Results } from '../experiments/table.ts';
import {
  detectable,
  findingWords,
  inspect,
  lineHash,
  sampleOf,
  type Finding,
  type Inspection,
  type StoredRun,
} from '../sweeps/node/inspect.ts';
import { recompute } from '../sweeps/node/recompute.ts';
import { eachLine, hasRecords } from '../sweeps/node/store.ts';
import { EXIT, interruption, note, printJson, say } from './context.ts';
import { readText } from './files.ts';
import { layOut, openFolder, SPEC_FILE } from './folder.ts';
import { defaultWorkers } from './options.ts';
import { progress } from './progress.ts';
import { toCsv } from './tables.ts';

export interface DoctorOptions {
  sample?: number;
  all?: boolean;
  seed?: number;
  workers?: number;
  json?: boolean;
}

/** Runs made again when nobody says how many. */
const SAMPLE = 20;
/** With this probability a sample finds as many changed runs as the summary says. */
const CONFIDENCE = 0.95;
/** Findings that the summary in words lists. */
const LISTED = 20;

export async function doctorFolder(folder: string, options: DoctorOptions): Promise<number> {
  if (options.all && options.sample !== undefined) throw new UserError(messages.sampleOrAll());
  const spec = openFolder(folder);
  if (!hasRecords(folder)) throw new UserError(messages.noRecords(folder));
  // A search for level sets places its cells itself: they are on no grid.
  const searched = readText(join(folder, SPEC_FILE)).startsWith('# benign boundary ');
  const results = searched ? undefined : layOut(spec);
  const inspection = inspect(folder, (record) => foreign(spec, results, record));
  const { runs, copies, science } = inspection;
  const comparable = science === SCIENCE;
  const seed = options.seed ?? 1;
  const sample = comparable ? sampleOf(runs, options.all ? Infinity : (options.sample ?? SAMPLE), seed) : [];
  const sampled = new Set(sample);
  const twice = new Set(copies.map(({ run }) => run));
  // Where copies of a run differ, all are compared: so it is known which is right.
  const again = comparable
    ? [...sample, ...runs.filter((one) => twice.has(one.run) && !sampled.has(one)), ...copies]
    : [];
  const plan = searched ? { series: [], values: [], every: 1 } : spec.record;
  const { differing, compared, stopped } = await compare(
    folder,
    again,
    spec,
    plan,
    options.workers ?? defaultWorkers(),
  );
  const findings = [...inspection.findings, ...differing];
  const table = results && tableState(folder, results, inspection);
  if (table?.finding) findings.push(table.finding);
  const ok = findings.length === 0;
  const report = {
    v: 1,
    folder,
    lines: inspection.lines,
    runs: runs.length,
    expected: results ? results.expected : null,
    science: science ?? null,
    passedOver: inspection.harmless,
    findings,
    sample: {
      runs: sample.length,
      of: runs.length,
      seed: sample.length < runs.length ? seed : null,
      compared,
      findsOne: runs.length === 0 ? 0 : Math.min(compared, sample.length) / runs.length,
      finds95: sample.length === 0 ? null : detectable(runs.length, sample.length, CONFIDENCE),
    },
    table: table?.says ?? null,
    interrupted: stopped !== null,
    ok: ok && comparable && stopped === null,
  };
  if (options.json) printJson(report);
  else for (const line of words(report, inspection, comparable)) say(line);
  if (stopped !== null) note(`interrupted: ${compared} of ${again.length} runs were computed again`);
  return stopped ?? (ok ? (comparable ? EXIT.ok : EXIT.undecided) : EXIT.checkFailed);
}

function foreign(spec: Spec, results: Results | undefined, record: RunRecord): ReturnType<Results['take']> {
  if (!results) return record.seed === spec.seed ? undefined : 'seed';
  const reason = results.take(record);
  return reason === 'twice' ? undefined : reason; // the inspection compares whole lines
}

/** Runs made again and held against their lines, bit by bit. */
async function compare(
  folder: string,
  again: readonly StoredRun[],
  spec: Spec,
  plan: RecordPlan,
  workers: number,
): Promise<{ differing: Finding[]; compared: number; stopped: number | null }> {
  if (again.length === 0) return { differing: [], compared: 0, stopped: null };
  const { signal, exitCode, release } = interruption();
  const bar = progress(folder, false, 'runs', 'computed again');
  const fresh = new Map<string, string>();
  const differing: Finding[] = [];
  let compared = 0;
  bar.update(0, again.length);
  try {
    await recompute(
      again.map(({ run, cell, replicate }) => ({ id: run.slice(0, 16), cell, replicate })),
      {
        seed: spec.seed,
        record: plan,
        workers,
        signal,
        working: (step, most) => bar.working(step, most),
        made: (job, line, why) => {
          const { where, hash, run } = again[job]!;
          if (line === undefined) differing.push({ where, reason: 'bits', says: `run ${run} cannot be made: ${why}` });
          else if (lineHash(line) !== hash) fresh.set(where, line);
          bar.update(++compared, again.length);
        },
      },
    );
  } finally {
    bar.stop();
    release();
  }
  if (fresh.size > 0)
    eachLine(folder, (stored, where) => {
      const line = fresh.get(where);
      if (line !== undefined)
        differing.push({
          where,
          reason: 'bits',
          says: differences(stored as RunRecord, JSON.parse(line) as RunRecord),
        });
    });
  return { differing, compared, stopped: signal.aborted ? exitCode() : null };
}

/** Where two records of one run differ: the first few numbers. */
function differences(stored: RunRecord, made: RunRecord): string {
  const out: string[] = [];
  const walk = (path: string, a: unknown, b: unknown): void => {
    if (Object.is(a, b)) return;
    if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
      const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
      for (const key of new Set([...Object.keys(left), ...Object.keys(right)]))
        walk(path ? `${path}.${key}` : key, left[key], right[key]);
    } else out.push(`${path} is ${String(a)}, not ${String(b)}`);
  };
  walk('', stored, made);
  const more = out.length > 3 ? `, and ${out.length - 3} more` : '';
  return out.length === 0
    ? `run ${stored.run}: its keys stand in another order`
    : `run ${stored.run}: ${out.slice(0, 3).join(', ')}${more}`;
}

/** Whether table.csv is that of the records, where they are whole and the table is of this program's columns. */
function tableState(
  folder: string,
  results: Results,
  { science }: Inspection,
): { readonly says: string; readonly finding?: Finding } | undefined {
  const file = join(folder, 'table.csv');
  if (!existsSync(file)) return undefined;
  if (science !== SCIENCE) return { says: 'table.csv is not compared: the records are of another science version' };
  const [there, made] = [readText(file).trimEnd().split('\n'), toCsv(results.table()).trimEnd().split('\n')];
  const at = made.findIndex((line, row) => line.trim() !== there[row]?.trim());
  if (at < 0 && there.length === made.length) return { says: 'table.csv is the table of these records' };
  const where = `${file}:${(at < 0 ? made.length : at) + 1}`;
  if (at === 0) return { says: 'table.csv has other columns than this program writes' };
  if (!results.complete)
    return { says: `table.csv is of fewer or other runs (${where}): the same command writes it when all are there` };
  return {
    says: 'table.csv is not the table of these records',
    finding: { where, reason: 'table', says: 'it is not the table of these records' },
  };
}

interface Report {
  readonly folder: string;
  readonly lines: number;
  readonly runs: number;
  readonly expected: number | null;
  readonly findings: readonly Finding[];
  readonly sample: {
    runs: number;
    of: number;
    seed: number | null;
    compared: number;
    findsOne: number;
    finds95: number | null;
  };
  readonly table: string | null;
  readonly ok: boolean;
}

function words(report: Report, { harmless, science }: Inspection, comparable: boolean): string[] {
  const { folder, lines, runs, expected, findings, sample, table } = report;
  const bits = findings.filter(({ reason }) => reason === 'bits').length;
  const listed = findings.slice(0, LISTED).map((one) => `  ${one.where}: ${findingWords(one)}`);
  return [
    `${folder}: ${lines} lines, ${runs}${expected === null ? '' : ` of ${expected}`} runs${science === undefined ? '' : `, science version ${science}`}`,
    findings.length === 0
      ? 'every line is a record of its spec: keys, types, ranges, id, and what follows from other numbers'
      : `${findings.length} finding${findings.length > 1 ? 's' : ''}${bits === 0 ? '' : `, ${bits} of them by computing again`}:`,
    ...listed,
    ...(findings.length > LISTED ? [`  ... and ${findings.length - LISTED} more (--json has all)`] : []),
    ...harmless.map((one) => `${one.where}: ${findingWords(one)}; it counts as no run`).slice(0, 3),
    ...(comparable || science === undefined
      ? sampleWords(sample)
      : [
          `no run was computed again: made by science version ${science}, this is version ${SCIENCE}; the benign-lab that made them can compare (exit code 4)`,
        ]),
    ...(table === null ? [] : [table]),
  ];
}

function sampleWords({ runs, of, seed, compared, findsOne, finds95 }: Report['sample']): string[] {
  if (runs === 0) return ['no run was computed again: there is none'];
  const what = 'computed again and compared bit by bit';
  if (compared < runs) return [`${compared} of ${runs} runs ${what} before the interruption`];
  if (seed === null) return [`${runs} runs ${what}: all of them`];
  return [
    `${runs} of ${of} runs ${what}, a random sample (--seed ${seed}): it meets a single changed run with probability ${Number(findsOne.toPrecision(2))}, and ${finds95} changed runs with probability ${CONFIDENCE}; --all compares each`,
  ];
}
