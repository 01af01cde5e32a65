/** Runs a spec into a folder with a progress bar, and says what an interruption or a failure left. */
import { messages } from '../errors.ts';
import { bytesOfVectors } from '../experiments/cell.ts';
import type { Results } from '../experiments/table.ts';
import type { Spec } from '../experiments/spec.ts';
import { sweep as runSweep, type SweepReport } from '../sweeps/node/sweep.ts';
import { interruption, note } from './context.ts';
import { layOut, prepareFolder, sayPassed } from './folder.ts';
import { progress } from './progress.ts';

/** GB of one run that are worth a word. */
const LARGE = 0.5;

export interface Computed {
  readonly results: Results;
  readonly report: SweepReport;
  readonly wallSeconds: number;
  /** the exit code to leave with when the work was interrupted */
  readonly interruptedBy: number | null;
}

/** The runs are those of the folder's spec: more than were asked for when it holds more. */
export async function compute(asked: Spec, folder: string, workers: number, heading: string): Promise<Computed> {
  const spec = prepareFolder(folder, asked, heading);
  const started = performance.now();
  const results = layOut(spec);
  const threads = Math.min(workers, results.expected);
  const gigabytes =
    results.cells.reduce((most, { data, network }) => Math.max(most, bytesOfVectors(data, network)), 0) / 1e9;
  if (gigabytes > LARGE) note(messages.largeRuns(gigabytes, threads));
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
