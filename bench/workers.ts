/**
 * Claim: two worker threads do nearly twice the work of one, held against what the machine allows: two single-threaded
 * processes, each on its own, against one.
 *
 * Started with `--part SECTION RUNS` it is such a process: it waits for a line on stdin, makes the runs and prints its
 * seconds.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { quantile } from '../src/core/statistics.ts';
import { recordLine } from '../src/experiments/record.ts';
import { runCell } from '../src/experiments/run.ts';
import { specFrom } from '../src/experiments/spec-text.ts';
import type { Spec } from '../src/experiments/spec.ts';
import { Results } from '../src/experiments/results.ts';
import { kou2023 } from '../src/papers/kou-2023.ts';
import { missing } from '../src/sweeps/plan.ts';
import { folder as store } from '../src/sweeps/node/store.ts';
import { threads as pool } from '../src/sweeps/node/threads.ts';
import { sweep } from '../src/sweeps/sweep.ts';
import { main, note, spread, table, type Claim, type Options } from './claim.ts';

const asPlotted = kou2023.figures[0]!.variants[0]!;
const CELLS = 400;
const TARGET = 1.9;

/** The coarse map, with so many runs a cell. */
const specOf = (runs: number): Spec => specFrom({ ...asPlotted.spec, axes: asPlotted.quickAxes, runs }, 'as-plotted');

interface Turn {
  readonly seconds: number;
  /** cores kept busy */
  readonly cores: number;
  /** share of the time in which the main thread was busy; NaN for processes without threads */
  readonly main: number;
}

export async function workers({ quick }: Options): Promise<Claim> {
  const repeats = quick ? 1 : 3;
  const runs = quick ? 4 : 100;
  const sides: readonly (() => Promise<Turn>)[] = [
    () => threads(1, runs),
    () => threads(2, runs),
    () => processes(1, runs / 2),
    () => processes(2, runs / 2),
  ];
  const turns: Turn[][] = sides.map(() => []);
  for (let repeat = 0; repeat < repeats; repeat++) {
    note(`workers: turn ${repeat + 1} of ${repeats}`);
    const order = [...sides.keys()];
    if (repeat % 2 === 1) order.reverse();
    for (const at of order) turns[at]!.push(await sides[at]!());
  }
  const rate = turns.map((side, at) => side.map(({ seconds }) => ((at === 2 ? 0.5 : 1) * CELLS * runs) / seconds));
  const ratios = (two: number, one: number): number[] => rate[two]!.map((x, repeat) => x / rate[one]![repeat]!);
  const [own, ceiling] = [ratios(1, 0), ratios(3, 2)];
  const names = ['one worker thread', 'two worker threads', 'one process of one thread', 'two such processes'];
  const middle = (values: readonly number[]): string => quantile(values, 0.5).toFixed(2);
  const ratio = quantile(own, 0.5);
  return {
    title: 'Two worker threads against one',
    text: [
      table(
        ['', 'runs a second', 'cores busy', 'main thread busy'],
        names.map((name, at) => [
          name,
          spread(rate[at]!, 0),
          middle(turns[at]!.map(({ cores }) => cores)),
          at < 2
            ? `${(
                100 *
                quantile(
                  turns[at]!.map(({ main }) => main),
                  0.5,
                )
              ).toFixed(0)} %`
            : '',
        ]),
      ),
      table(
        ['two worker threads / one', 'target', "two processes / one: the machine's ceiling", 'share of the ceiling'],
        [
          [
            `**${spread(own, 2)}**`,
            String(TARGET),
            spread(ceiling, 2),
            `${((100 * ratio) / quantile(ceiling, 0.5)).toFixed(0)} %`,
          ],
        ],
      ),
      `The coarse map of Kou et al., ${(CELLS * runs).toLocaleString('en')} runs: a whole sweep with its store and the start of its threads, and processes that make the same runs and records and keep none (their start not counted). Median (min–max) over ${repeats} turns. Beside one worker the main thread and V8's helpers (garbage, compilation) have the other core to themselves, beside two they share.`,
    ].join('\n\n'),
    holds: quick || ratio >= TARGET, // a quick sweep is mostly the start of its threads
  };
}

async function threads(count: number, runs: number): Promise<Turn> {
  const folder = mkdtempSync(join(tmpdir(), 'benign-bench-'));
  try {
    const results = new Results(specOf(runs));
    const [cpu, busy, started] = [process.cpuUsage(), performance.eventLoopUtilization(), performance.now()];
    await sweep(results, { pool: pool(count), store: store(folder) });
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    if (!results.complete) throw new Error('a run failed: the time says nothing');
    return {
      seconds,
      cores: (user + system) / 1e6 / seconds,
      main: performance.eventLoopUtilization(busy).utilization,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function processes(count: number, runs: number): Promise<Turn> {
  const children = Array.from({ length: count }, (_, section) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--part', String(section), String(runs)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  });
  const answers = (): Promise<string[]> =>
    Promise.all(children.map(async ({ lines }) => ((await lines.next()) as { value: string }).value));
  await answers(); // all are ready
  const started = performance.now();
  for (const { child } of children) child.stdin.end('go\n');
  const cpu = await answers();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, cores: cpu.reduce((sum, text) => sum + Number(text), 0) / seconds, main: NaN };
}

async function part(section: number, runs: number): Promise<void> {
  const results = new Results(specOf(runs));
  const jobs = [...missing(results)];
  process.stdout.write('ready\n');
  for await (const _ of process.stdin);
  const before = process.cpuUsage();
  let length = 0;
  for (const { cell, replicate } of jobs)
    length += recordLine(runCell(results.cells[cell]!, results.spec.seed, section * runs + replicate)).length;
  const { user, system } = process.cpuUsage(before);
  if (length === 0) throw new Error('no run');
  process.stdout.write(`${(user + system) / 1e6}\n`);
}

if (process.argv[2] === '--part') await part(Number(process.argv[3]), Number(process.argv[4]));
else await main(import.meta.url, workers);
