/** `benign sweep --dry-run`: what a sweep would make, and what it would take. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messages, UserError } from '../errors.ts';
import { arrayBytes } from '../experiments/arrays.ts';
import { costOf } from '../experiments/cost.ts';
import { cellId, type Cell } from '../experiments/cell.ts';
import { Results } from '../experiments/results.ts';
import type { Spec } from '../experiments/spec.ts';
import { SYMBOLS } from '../notation.ts';
import { missingCount, type Part, type Replicates } from '../sweeps/plan.ts';
import { threads } from '../sweeps/node/threads.ts';
import { failuresOf, recordStats, type RecordStats } from '../sweeps/node/stats.ts';
import { carryOut } from '../sweeps/schedule.ts';
import { note, printJson, say } from './context.ts';
import { planFolder } from './folder.ts';
import { keepLab, LAB_FILE, labModule } from './lab.ts';
import { noteReused, reuse, type Reused } from './reuse.ts';
import { byteWords, timeWords } from '../core/time-text.ts';

export interface DryRunOptions {
  readonly out: string;
  readonly json?: boolean;
  readonly replicates?: Replicates;
  readonly shard?: Part['shard'];
  readonly maxTime?: number;
  readonly retryFailed?: boolean;
  readonly reuse: readonly string[];
}

/** What one run takes, and where that is known from. */
interface Rate {
  readonly from: 'records' | 'pilot';
  /** of one worker for one run: of the cheapest cell and of the dearest where a pilot tells */
  readonly seconds: readonly [least: number, most: number];
  /** of a record */
  readonly bytes: number;
  /** the pilot was stopped before the dearest run ended: it takes longer than is said */
  readonly atLeast: boolean;
  /** runs that it rests on */
  readonly runs: number;
}

/** Makes nothing and writes nothing. @throws UserError as the sweep itself would before its first run */
export async function dryRun(asked: Spec, workers: number, options: DryRunOptions): Promise<number> {
  const { out, replicates, shard } = options;
  if (options.maxTime !== undefined) throw new UserError(messages.dryRunAlone('max-time'));
  const { spec, held, keeps } = planFolder(out, asked, { command: 'sweep' });
  if (held && existsSync(join(out, LAB_FILE))) keepLab(out, spec); // another module is refused
  for (const one of keeps) note(one);
  const there = held && existsSync(join(out, 'records')) ? recordStats(out) : undefined;
  const own = new Results(spec);
  const { results, reused } =
    there || options.reuse.length > 0 ? reuse(undefined, out, spec, options.reuse) : { results: own, reused: [] };
  const before = held ? held.axes.reduce((product, { values }) => product * values.length, 1) : 0;
  const taken = reused.reduce((sum, one) => sum + one.taken, 0);
  // Runs of a precision that may follow are as many as is expected now.
  const wanted = spec.precision ? results.expected - results.count : missingCount(results, { replicates, shard });
  const failed = options.retryFailed || !held ? 0 : failedOf(out, results);
  const missing = Math.max(0, wanted - failed);
  const rate = missing === 0 ? undefined : (there && rateOf(there)) || (await pilot(results, spec));
  const seconds = rate?.seconds.map((one) => (one * missing) / Math.min(workers, missing)) as
    | [number, number]
    | undefined;
  const { arrays } = spec.record;
  const ofArrays = arrays ? Math.max(...[...results.corners()].map((cell) => arrayBytes(cell, arrays))) : 0;
  const bytes = rate ? Math.round((rate.bytes + ofArrays) * missing) : 0;
  const summary = {
    folder: out,
    cells: results.cellCount,
    newCells: results.cellCount - before,
    runs: spec.precision ? null : results.expected,
    runsThere: results.count - taken,
    reused,
    failed,
    runsMissing: missing,
    estimate: spec.precision !== undefined,
    seconds: seconds ?? [0, 0],
    rate: rate ? rate.from : null,
    bytes,
    workers,
  };
  if (options.json) printJson(summary);
  else tell(spec, summary, rate, replicates);
  return 0;
}

interface Summary {
  readonly folder: string;
  readonly cells: number;
  readonly newCells: number;
  readonly runs: number | null;
  readonly runsThere: number;
  readonly reused: readonly Reused[];
  readonly failed: number;
  readonly runsMissing: number;
  readonly seconds: readonly [number, number];
  readonly bytes: number;
  readonly workers: number;
}

function tell(spec: Spec, summary: Summary, rate: Rate | undefined, only: Replicates | undefined): void {
  const { folder, cells, newCells, runs, runsThere, reused, failed, runsMissing, seconds, bytes, workers } = summary;
  const grid = spec.axes.map(({ id, glyph, values }) => `${values.length} ${glyph ?? SYMBOLS[id].glyph}`).join(' x ');
  say(
    `cells: ${cells}${grid ? ` (${grid})` : ''}, ${newCells === cells ? 'all of them new' : `${newCells} of them new`}`,
  );
  const range = only ? ` of replicates ${only.from}..${only.to - 1}` : '';
  say(
    `runs:  ${runs === null ? 'as many as the precision needs' : `${runs} in all`}, ${runsThere} there${failed > 0 ? `, ${failed} failed` : ''}, ${runs === null ? 'about ' : ''}${runsMissing} missing${range}`,
  );
  noteReused(reused, true);
  if (!rate) return say(`${folder}: nothing is missing`);
  const about =
    seconds[1] > 1.2 * seconds[0]
      ? `${timeWords(seconds[0])} to ${rate.atLeast ? 'more than ' : ''}${timeWords(seconds[1])}`
      : `about ${timeWords(seconds[1])}`;
  say(
    `time:  ${about} on ${workers} ${workers === 1 ? 'worker' : 'workers'} (${
      rate.from === 'records'
        ? `from the rate of ${rate.runs} runs in the folder`
        : `from a pilot of ${rate.runs} runs: all as the cheapest cell, or all as the dearest`
    })`,
  );
  say(`disk:  about ${byteWords(bytes)}`);
}

/** Failed runs that are noted in a folder and are not there. */
function failedOf(folder: string, results: Results): number {
  const failed = failuresOf(folder);
  if (failed.size === 0) return 0;
  let count = 0;
  const index = new Map(results.ids.map((id, at) => [id, at]));
  for (const run of failed.keys()) {
    const at = index.get(run.slice(0, 16));
    if (at !== undefined && !results.has(at, Number(run.slice(17)))) count++;
  }
  return count;
}

function rateOf({ workerSeconds, timed, bytes, lines }: RecordStats): Rate | undefined {
  if (timed === 0 || workerSeconds <= 0) return undefined;
  const seconds = workerSeconds / timed;
  return { from: 'records', seconds: [seconds, seconds], bytes: bytes / lines, atLeast: false, runs: timed };
}

/** Milliseconds for the pilot of one cell. */
const PILOT_MS = 5000;
/** Its runs. */
const PILOT_RUNS = 3;

/** A few runs of the cheapest and of the dearest cell, in memory, on one worker. */
export async function pilot(results: Results, spec: Spec): Promise<Rate> {
  let [cheapest, dearest]: (Cell | undefined)[] = [];
  for (const cell of results.corners()) {
    if (!cheapest || priceOf(cell, spec) < priceOf(cheapest, spec)) cheapest = cell;
    if (!dearest || priceOf(cell, spec) > priceOf(dearest, spec)) dearest = cell;
  }
  const least = await timed(cheapest!, spec);
  const most = cheapest === dearest ? least : await timed(dearest!, spec);
  const lines = [...least.lines, ...most.lines];
  const bytes = lines.length > 0 ? lines.reduce((sum, line) => sum + line.length + 1, 0) / lines.length : 1000;
  return {
    from: 'pilot',
    seconds: least.seconds < most.seconds ? [least.seconds, most.seconds] : [most.seconds, least.seconds],
    bytes,
    atLeast: !most.ended || !least.ended,
    runs: lines.length,
  };
}

/** Grows with what a run takes; for comparing cells alone. */
function priceOf(cell: Cell, spec: Spec): number {
  const { data, network, training, engine } = cell;
  return (
    costOf(cell, spec.record).seconds +
    1e-9 * Math.min(training.maxSteps, 1e4) * network.m * data.n * (engine === 'direct' ? data.d : data.n)
  );
}

/**
 * Runs of a cell one after the other. The first one, in which a thread starts and warms up, is not timed if others are.
 */
async function timed(cell: Cell, spec: Spec): Promise<{ seconds: number; lines: string[]; ended: boolean }> {
  const id = cellId(cell);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PILOT_MS);
  const lines: string[] = [];
  let [started, last] = [performance.now(), 0];
  const times: number[] = [];
  const pool = threads(1, labModule(), { grace: 0 });
  await carryOut(
    Array.from({ length: 1 + PILOT_RUNS }, (_, replicate) => ({ id, cell, replicate })),
    {
      pool,
      seed: spec.seed,
      record: spec.record,
      signal: controller.signal,
      made(_, line) {
        if (line !== undefined) lines.push(line);
        last = performance.now();
        times.push((last - started) / 1000);
        started = last;
      },
    },
  );
  clearTimeout(timer);
  if (times.length === 0) return { seconds: PILOT_MS / 1000, lines, ended: false };
  const warm = times.length > 1 ? times.slice(1) : times;
  return { seconds: warm.reduce((sum, one) => sum + one, 0) / warm.length, lines, ended: true };
}
