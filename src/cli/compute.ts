/** Runs a spec into a folder with a progress bar, and says what an interruption or a failure left. */
import { messages } from '../errors.ts';
import type { Cell } from '../experiments/cell.ts';
import { costOf } from '../experiments/cost.ts';
import type { Results } from '../experiments/results.ts';
import type { RecordPlan, Spec } from '../experiments/spec.ts';
import { folder as store, type FolderOptions } from '../sweeps/node/store.ts';
import { threads } from '../sweeps/node/threads.ts';
import type { Part } from '../sweeps/plan.ts';
import type { RunOptions, RunReport } from '../sweeps/runs.ts';
import { sweep } from '../sweeps/sweep.ts';
import type { Call } from './call.ts';
import { note } from './context.ts';
import { layOut, planFolder, prepareFolder, sayPassed } from './folder.ts';
import { labModule } from './lab.ts';
import { KEEP_EVERY } from './options.ts';
import { progress, type Progress } from './progress.ts';
import { noteInterrupted, underWay, type UnderWay } from './under-way.ts';

/** What of one run is worth a word: GB, and seconds. */
const LARGE = 0.5;
const LONG = 20;

/** Says what the largest run takes, where that is much. */
export function warnOfSize(
  cells: Iterable<Cell>,
  workers: number,
  record: RecordPlan = { series: [], values: [], every: 1 },
): void {
  let [gigabytes, seconds, evaluations] = [0, 0, 1];
  for (const cell of cells) {
    const cost = costOf(cell, record);
    gigabytes = Math.max(gigabytes, cost.gigabytes);
    if (cost.seconds > seconds) ({ seconds, evaluations } = cost);
  }
  if (gigabytes > LARGE || seconds > LONG) note(messages.largeRuns(gigabytes, seconds, evaluations, workers));
}

export interface Computed {
  readonly results: Results;
  readonly report: RunReport;
  readonly wallSeconds: number;
  /** the exit code to leave with when the work was interrupted */
  readonly interruptedBy: number | null;
}

/** How a sweep goes about it, beyond the spec. */
export interface How extends FolderOptions, Part {
  /** seconds after which it stops */
  readonly maxTime?: number | undefined;
  /** seconds between two states of a long run that are kept, >= 0; 0: none; default 60 */
  readonly checkpoint?: number | undefined;
  /** folders whose records are taken where they fit */
  readonly reuse?: readonly string[];
}

/** The runs are those of the folder's spec: more than were asked for when it holds more. */
export async function compute(
  asked: Spec,
  folder: string,
  workers: number,
  heading: string,
  call: Call,
  how: How = {},
): Promise<Computed> {
  const { held } = planFolder(folder, asked, call);
  const spec = prepareFolder(folder, asked, heading, call);
  const started = performance.now();
  if (how.reuse?.length) {
    const { reuse, noteReused } = await import('./reuse.ts');
    noteReused(reuse(folder, folder, spec, how.reuse).reused);
  }
  const results = layOut(spec);
  warnOfSize(results.corners(), Math.min(workers, results.expected), spec.record);
  const bar = progress(spec.name || 'runs', spec.precision !== undefined);
  const {
    made: report,
    interruptedBy,
    timeOver,
  } = await makeRuns(
    folder,
    workers,
    bar,
    (options) => sweep(results, held ? sayingGrowth(options, folder, held, spec) : options, how),
    how,
  );
  if (interruptedBy !== null) {
    const total = spec.precision ? '' : ` of ${results.expected}`;
    noteInterrupted(`${results.count}${total} runs`, folder, timeOver);
  }
  noteFailed(report);
  return { results, report, wallSeconds: (performance.now() - started) / 1000, interruptedBy };
}

/** Says, before the first run, by how much a folder grows. */
function sayingGrowth(options: RunOptions, folder: string, held: Spec, spec: Spec): RunOptions {
  const { progress: update } = options;
  const newCells = cellsOf(spec) - cellsOf(held);
  let said = newCells === 0 && spec.runs === held.runs;
  return {
    ...options,
    progress(done, total) {
      if (!said && done < total)
        note(messages.folderGrows(folder, newCells, done, total - done, spec.precision !== undefined));
      said = true;
      update?.(done, total);
    },
  };
}

const cellsOf = ({ axes }: Spec): number => axes.reduce((product, { values }) => product * values.length, 1);

/** Makes runs into a folder on threads, under a progress bar, until they are made or a signal comes. */
export const makeRuns = <T>(
  folder: string,
  workers: number,
  bar: Progress,
  make: (options: RunOptions) => Promise<T>,
  { maxTime, checkpoint = KEEP_EVERY, ...how }: How = {},
): Promise<UnderWay<T>> =>
  underWay(
    bar,
    (watched) =>
      make({
        pool: threads(workers, labModule(), { keep: { folder, seconds: checkpoint } }),
        store: store(folder, how),
        passed: (passed) => sayPassed(folder, passed),
        ...watched,
      }),
    maxTime,
  );

/** Says on stderr which runs failed: the first three, and how many more. */
export function noteFailed({ failed }: RunReport): void {
  for (const { run, why } of failed.slice(0, 3)) note(`run ${run} failed: ${why}`);
  if (failed.length > 3) note(`... and ${failed.length - 3} more runs failed`);
}
