/**
 * Claim: many small cells on all workers, against `joblib` running a NumPy program of the same cells: the coarse map of
 * Kou et al., a whole sweep with its store and the start of its threads here, and there the runs alone, on workers that
 * have been started before.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { meanAndSe, quantile, type Estimate } from '../src/core/statistics.ts';
import { overRuns } from '../src/experiments/frame.ts';
import { Results } from '../src/experiments/results.ts';
import { specFrom } from '../src/experiments/spec-text.ts';
import { kou2023 } from '../src/papers/kou-2023.ts';
import { folder as store } from '../src/sweeps/node/store.ts';
import { threads } from '../src/sweeps/node/threads.ts';
import { sweep } from '../src/sweeps/sweep.ts';
import { main, note, spread, table, type Claim, type Options } from './claim.ts';
import { CURRENT, startPeer } from './peer.ts';

const asPlotted = kou2023.figures[0]!.variants[0]!;
/** Standard errors between the mean test errors from which on they solve different problems. */
const DIFFERENT = 5;

interface Turn {
  readonly seconds: number;
  readonly testErrors: readonly number[];
}

interface Side {
  readonly name: string;
  readonly turn: () => Promise<Turn>;
}

export async function manyCells({ quick }: Options): Promise<Claim> {
  const repeats = quick ? 1 : 3;
  const runs = quick ? 2 : 50;
  const workers = availableParallelism();
  const spec = specFrom({ ...asPlotted.spec, axes: asPlotted.quickAxes, runs }, 'as-plotted');
  const cells = new Results(spec).cells.map(({ data }) => [data.d, data.mu]);
  const peer = await startPeer<{ readonly versions: readonly string[] }>(
    'cells_joblib.py',
    [JSON.stringify(cells)],
    1,
    CURRENT,
  );
  const title = 'Many small cells against joblib and NumPy';
  if (typeof peer === 'string') return { title, text: `Skipped: ${peer}`, holds: true };
  const theirs = (form: string) => async (): Promise<Turn> => (await peer.ask(`${form} ${workers} ${runs}`)) as Turn;
  const sides: readonly Side[] = [
    {
      name: 'ours, a whole sweep',
      async turn() {
        const folder = mkdtempSync(join(tmpdir(), 'benign-bench-'));
        try {
          const results = new Results(spec);
          const started = performance.now();
          await sweep(results, { pool: threads(workers), store: store(folder) });
          const seconds = (performance.now() - started) / 1000;
          if (!results.complete) throw new Error('a run failed: the time says nothing');
          return { seconds, testErrors: [...overRuns(results.frame(), 'testError')] };
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      },
    },
    { name: 'joblib and NumPy, a task a run', turn: theirs('runs') },
    { name: 'joblib and NumPy, a task a cell, its runs stacked', turn: theirs('cells') },
  ];
  for (const form of ['runs', 'cells']) await peer.ask(`${form} ${workers} 1`); // its workers start
  const turns: Turn[][] = sides.map(() => []);
  for (let repeat = 0; repeat < repeats; repeat++) {
    note(`many cells: turn ${repeat + 1} of ${repeats}`);
    for (const [at, { turn }] of sides.entries()) turns[at]!.push(await turn());
  }
  peer.end();
  const total = cells.length * runs;
  const errors = turns.map((side): Estimate => meanAndSe(side[0]!.testErrors));
  const same = errors.every(
    ({ mean, se }) => Math.abs(mean - errors[0]!.mean) <= DIFFERENT * Math.hypot(se, errors[0]!.se),
  );
  return {
    title,
    text: [
      table(
        ['', 'runs a second', 'its time / ours', 'mean test error'],
        sides.map(({ name }, at) => [
          name,
          spread(
            turns[at]!.map(({ seconds }) => total / seconds),
            0,
          ),
          at === 0
            ? ''
            : `**${quantile(
                turns[at]!.map(({ seconds }, turn) => seconds / turns[0]![turn]!.seconds),
                0.5,
              ).toPrecision(3)}**`,
          `${errors[at]!.mean.toFixed(4)} ± ${errors[at]!.se.toFixed(4)}`,
        ]),
      ),
      `The coarse map of Kou et al., ${cells.length} cells with ${runs} runs each, on ${workers} workers; the median (min–max) over ${repeats} turns, one side after the other, and the median of the ratios in the same turn. Ours keeps a record of every run in a folder and starts its threads anew each time; joblib's workers (processes, one BLAS thread each) have been started before and keep nothing. NumPy computes in Gram space in double precision, as in the table of the published map, and ours estimates each run's error by line sampling instead of 1,000 points. The claim fails where the mean test errors (± one SE) are more than ${DIFFERENT} SE apart: then they do not solve the same problem.`,
    ].join('\n\n'),
    holds: same,
    versions: peer.about.versions,
  };
}

await main(import.meta.url, manyCells);
