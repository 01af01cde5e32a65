/** `benign plan SPEC.yaml --difference X`: runs, time and disk that a difference takes to be told, from a pilot. */
import { planLines, planned, pilotCells } from '../answers/plan.ts';
import { messages, UserError } from '../errors.ts';
import { cellId, runId } from '../experiments/cell.ts';
import { KEPT } from '../experiments/cell-columns.ts';
import type { RunRecord } from '../experiments/record.ts';
import { observablesOf } from '../experiments/series.ts';
import { cells } from '../experiments/spec.ts';
import { specAt } from './data.ts';
import type { SymbolId } from '../notation.ts';
import { threads } from '../sweeps/node/threads.ts';
import { carryOut } from '../sweeps/schedule.ts';
import { noteFailed, warnOfSize } from './compute.ts';
import { EXIT, printJson, say } from './context.ts';

import { labModule } from './lab.ts';
import { defaultWorkers } from './options.ts';
import { progress } from './progress.ts';
import { underWay } from './under-way.ts';

export interface PlanOptions {
  set: string[];
  difference: number;
  of: string;
  pilot: number;
  workers?: number;
  json?: boolean;
}

export async function plan(file: string, options: PlanOptions): Promise<number> {
  const spec = await specAt(file, options.set);
  const of = options.of as SymbolId;
  const chosen = new Set(pilotCells(spec));
  const all = [...cells(spec)].filter((_, at) => chosen.has(at));
  const known = observablesOf(all[0]!);
  if (!known.includes(of)) throw new UserError(`--of ${messages.observable(of, known)}`);
  if (options.pilot < 2) throw new UserError(messages.mustBe('--pilot', 'an integer >= 2', options.pilot));
  const tasks = all.flatMap((cell) =>
    Array.from({ length: options.pilot }, (_, replicate) => ({ id: cellId(cell), cell, replicate })),
  );
  const workers = Math.min(options.workers ?? defaultWorkers(), tasks.length);
  warnOfSize(all, workers);
  const values: number[][] = all.map(() => []);
  const failed: { run: string; why: string }[] = [];
  let bytes = 0;
  const record = { series: [], values: KEPT.includes(of) ? [] : [of], every: 1 };
  const bar = progress(`pilot of ${spec.name || 'a plan'}`);
  // Of the later half: before it the threads start, and their programs are not yet compiled.
  const half = Math.floor(tasks.length / 2);
  let started = 0;
  let done = 0;
  const { interruptedBy } = await underWay(bar, ({ signal, working, progress: told }) => {
    told(0, tasks.length);
    return carryOut(tasks, {
      pool: threads(workers, labModule()),
      seed: spec.seed,
      record,
      signal,
      working,
      made(at, line, why) {
        told(++done, tasks.length);
        if (done === half) started = performance.now();
        const { id, replicate } = tasks[at]!;
        if (line === undefined) return void failed.push({ run: runId(id, replicate), why });
        bytes += line.length + 1;
        const value = (JSON.parse(line) as RunRecord).values[of];
        if (value !== undefined) values[Math.floor(at / options.pilot)]!.push(value);
      },
    });
  });
  if (interruptedBy !== null) return interruptedBy;
  noteFailed({ made: tasks.length - failed.length, failed, interrupted: false });
  const seconds = ((performance.now() - started) / 1000) * (workers / (tasks.length - half));
  const found = planned(spec, of, options.difference, values, { seconds, bytes: bytes / tasks.length, workers });
  if (options.json) printJson({ v: 1, ...found, workers });
  else for (const line of planLines(found, workers)) say(line);
  return found.runs ? EXIT.ok : EXIT.undecided;
}
