/** Runs a spec into a folder with a progress bar, and says what an interruption or a failure left. */
import { messages } from '../errors.ts';
import type { Cell } from '../experiments/cell.ts';
import { costOf } from '../experiments/cost.ts';
import type { Results } from '../experiments/results.ts';
import type { RecordPlan, Spec } from '../experiments/spec.ts';
import { sweep as runSweep, type SweepReport } from '../sweeps/node/sweep.ts';
import type { Call } from './call.ts';
import { interruption, note } from './context.ts';
import { layOut, prepareFolder, sayPassed } from './folder.ts';
import { progress } from './progress.ts';

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
  readonly report: SweepReport;
  readonly wallSeconds: number;
  /** the exit code to leave with when the work was interrupted */
  readonly interruptedBy: number | null;
}

/** The runs are those of the folder's spec: more than were asked for when it holds more. */
export async function compute(
  asked: Spec,
  folder: string,
  workers: number,
  heading: string,
  call: Call,
): Promise<Computed> {
  const spec = prepareFolder(folder, asked, heading, call);
  const started = performance.now();
  const results = layOut(spec);
  warnOfSize(results.cells, Math.min(workers, results.expected), spec.record);
  const bar = progress(spec.name || 'runs', spec.precision !== undefined);
  const { signal, exitCode, release } = interruption();
  let report: SweepReport;
  try {
    report = await runSweep(results, {
      folder,
      workers,
      signal,
      passed: (passed) => sayPassed(folder, passed),
      progress: (done, total) => bar.update(done, total),
      working: (step, most) => bar.working(step, most),
    });
  } finally {
    bar.stop();
    release();
  }
  const total = spec.precision ? '' : ` of ${results.expected}`;
  if (report.interrupted)
    note(`interrupted: ${results.count}${total} runs are stored in ${folder}; the same command goes on from there`);
  for (const { run, why } of report.failed.slice(0, 3)) note(`run ${run} failed: ${why}`);
  if (report.failed.length > 3) note(`... and ${report.failed.length - 3} more runs failed`);
  return {
    results,
    report,
    wallSeconds: (performance.now() - started) / 1000,
    interruptedBy: report.interrupted ? exitCode() : null,
  };
}
