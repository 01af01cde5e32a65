/** `benign doctor DIR`: is every record of a folder what its cell and seed give? */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messages, UserError } from '../errors.ts';
import type { RunRecord } from '../experiments/record.ts';
import type { Spec } from '../experiments/spec.ts';
import type { Results } from '../experiments/results.ts';
import { tableOf } from '../experiments/table.ts';
import {
  differenceWords,
  inspect,
  lineHash,
  sampleOf,
  type Finding,
  type Inspection,
  type StoredRun,
} from '../sweeps/node/inspect.ts';
import { boundaryTable } from '../reproduction/boundary-report.ts';
import { eachLine } from '../sweeps/node/lines.ts';
import { hasRecords } from '../sweeps/node/store.ts';
import { refuseStrangers, type Pool } from '../sweeps/pool.ts';
import { threads } from '../sweeps/node/threads.ts';
import { carryOut } from '../sweeps/schedule.ts';
import { FINAL } from '../sweeps/work.ts';
import { specIn } from './data.ts';
import { callOf } from './call.ts';
import { sampleReport, SAMPLE, tell, type DoctorOptions } from './doctor-words.ts';
import { layOut } from './folder.ts';
import { labModule } from './lab.ts';
import { defaultWorkers } from './options.ts';
import { progress } from './progress.ts';
import { heldAgainst, type TableState } from './table-state.ts';
import { underWay } from './under-way.ts';

export async function doctorFolder(folder: string, options: DoctorOptions): Promise<number> {
  if (options.all && options.sample !== undefined) throw new UserError(messages.sampleOrAll());
  const spec = await specIn(folder);
  const command = callOf(folder)?.command;
  if (command === 'variance') return (await import('./doctor-variance.ts')).doctorVariance(folder, spec, options);
  // A search for level sets places its cells itself: they are on no grid.
  const searched = command === 'boundary';
  if (!hasRecords(folder)) throw new UserError(searched ? messages.boundaryEmpty(folder) : messages.noRecords(folder));
  const results = searched ? undefined : layOut(spec);
  const inspection = inspect(folder, (record) => foreign(spec, results, record));
  const { runs, copies, comparable } = inspection;
  const seed = options.seed ?? 1;
  const sample = comparable ? sampleOf(runs, options.all ? Infinity : (options.sample ?? SAMPLE), seed) : [];
  const sampled = new Set(sample);
  const twice = new Set(copies.map(({ run }) => run));
  // Where copies of a run differ, all are compared: so it is known which is right.
  const again = comparable
    ? [...sample, ...runs.filter((one) => twice.has(one.run) && !sampled.has(one)), ...copies]
    : [];
  // No record depends on arrays, which are not made again.
  const { arrays: _, ...recorded } = spec.record;
  const plan = searched ? FINAL : recorded;
  const pool = threads(options.workers ?? defaultWorkers(), labModule());
  const { differing, compared, stopped } = await compare(folder, again, { ...spec, record: plan }, pool);
  const findings = [...inspection.findings, ...differing];
  const table = results
    ? tableState(folder, results, inspection)
    : comparable && findings.length === 0
      ? await searchState(folder)
      : undefined;
  if (table?.finding) findings.push(table.finding);
  return tell(
    {
      folder,
      things: 'runs',
      ...inspection,
      findings,
      runs: runs.length,
      expected: results ? results.expected : null,
      sample: sampleReport(sample.length, runs.length, seed, compared),
      again: again.length,
      table: table?.says ?? null,
      stopped,
    },
    options,
  );
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
  pool: Pool,
): Promise<{ differing: Finding[]; compared: number; stopped: number | null }> {
  if (again.length === 0) return { differing: [], compared: 0, stopped: null };
  refuseStrangers(spec, pool);
  const fresh = new Map<string, string>();
  const differing: Finding[] = [];
  const tasks = again.map(({ run, cell, replicate }) => ({ id: run.slice(0, 16), cell, replicate }));
  let compared = 0;
  const { interruptedBy } = await underWay(
    progress(folder, false, 'runs', 'computed again'),
    ({ signal, working, progress }) => {
      progress(0, again.length);
      return carryOut(tasks, {
        pool,
        seed: spec.seed,
        record: spec.record,
        signal,
        working,
        made(at, line, why) {
          const { where, hash, run } = again[at]!;
          if (line === undefined) differing.push({ where, reason: 'bits', says: `run ${run} cannot be made: ${why}` });
          else if (lineHash(line) !== hash) fresh.set(where, line);
          progress(++compared, again.length);
        },
      });
    },
  );
  if (fresh.size > 0)
    eachLine(folder, (stored, where) => {
      const line = fresh.get(where);
      if (line !== undefined)
        differing.push({
          where,
          reason: 'bits',
          says: differenceWords(stored as RunRecord, JSON.parse(line) as RunRecord),
        });
    });
  return { differing, compared, stopped: interruptedBy };
}

/** Whether table.csv is that of the records, where they are whole and the table is of this program's columns. */
function tableState(folder: string, results: Results, { comparable }: Inspection): TableState | undefined {
  const file = join(folder, 'table.csv');
  if (!existsSync(file)) return undefined;
  if (!comparable) return { says: 'table.csv is not compared: the records are of another science version' };
  return heldAgainst(file, tableOf(results.frame()), results.complete);
}

/** The same of the level sets of a search. */
async function searchState(folder: string): Promise<TableState | undefined> {
  const file = join(folder, 'level-sets.csv');
  if (!existsSync(file)) return undefined;
  const { searchAgain } = await import('./boundary-call.ts');
  const { search, report } = searchAgain(folder);
  return heldAgainst(file, boundaryTable(search, report), true);
}
