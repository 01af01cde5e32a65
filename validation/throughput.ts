/**
 * What store, pool and claims cost beside many short runs: `node dist/validation/throughput.js [RUNS [OUT.md]]`.
 *
 * The same runs are made by `benign sweep` into a folder, and a tenth of them by bare calls on one thread of a process
 * of its own, once before and once after. Both are rated by the processor time of the whole process, threads,
 * compilation and garbage included, which other programs disturb less than the clock: what the sweep takes a run beyond
 * the bare one is the overhead. Peak memory is that of the process; then table, figure and status of the whole folder.
 * One machine, one try: numbers to go by, no test.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordLine, SCIENCE } from '../src/experiments/record.ts';
import { runCell } from '../src/experiments/run.ts';
import { parseSpec } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';

const [first, file] = process.argv.slice(2);
const runs = first === undefined || first === '--bare' ? 1e6 : Number(first);
const CELLS = 40;
const SPEC = `data: {n: 10, flip: 0.1}
network: {m: 3}
training: {maxSteps: 20}
axes: {data.d: {from: 100, to: 800, step: 100}, data.mu: [1, 2, 3, 4, 5]}
runs: ${Math.ceil(runs / CELLS)}
`;
const launcher = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'benign.mjs');

interface Taken {
  readonly seconds: number;
  /** of the processor, by the system's account, good to a twentieth of a second */
  readonly processor: number;
  /** peak resident memory */
  readonly megabytes: number;
}

/** Ticks of the system's account of processor time in a second. */
const TICKS = 100;

async function timed(args: readonly string[]): Promise<Taken> {
  const started = performance.now();
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  let [megabytes, processor] = [0, 0];
  const look = setInterval(() => {
    try {
      const [, kilobytes] = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      megabytes = Math.max(megabytes, Number(kilobytes ?? 0) / 1024); // one that ends has none
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      processor = (Number(fields[11]) + Number(fields[12])) / TICKS;
    } catch {
      // It has ended, or the system keeps no such account.
    }
  }, 50);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`benign ${args.join(' ')} left with ${String(code)}`);
  return { seconds: (performance.now() - started) / 1000, processor, megabytes };
}

const spec = parseSpec(SPEC, 'throughput');
const all = [...cells(spec)];

/** Processor seconds of so many runs and their lines, after some that warm up. */
function bare(count: number): number {
  let bytes = 0;
  const make = (first: number, end: number): void => {
    for (let run = first; run < end; run++)
      bytes += recordLine(runCell(all[run % CELLS]!, spec.seed, Math.floor(run / CELLS))).length;
  };
  make(0, 50 * CELLS);
  const before = process.cpuUsage();
  make(50 * CELLS, 50 * CELLS + count);
  const { user, system } = process.cpuUsage(before);
  if (bytes === 0) throw new Error('no run');
  return (user + system) / 1e6;
}

function bareApart(count: number): number {
  const { status, stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--bare', String(count)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error('the bare runs failed');
  return Number(stdout);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'benign-throughput-'));
  try {
    const workers = availableParallelism();
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const out = join(folder, 'out');
    const total = CELLS * spec.runs;
    const some = Math.ceil(total / 10);
    const before = bareApart(some);
    const sweep = await timed(['sweep', join(folder, 'spec.yaml'), '--out', out, '--workers', String(workers)]);
    const after = bareApart(some);
    const [table, figure, status] = [
      await timed(['table', out]),
      await timed(['figure', out]),
      await timed(['status', out]),
    ];
    const part = readdirSync(join(out, 'records')).find((name) => name.endsWith('.jsonl'))!;
    const bytes = statSync(join(out, 'records', part)).size / total;
    const micro = (seconds: number, count: number): number => (1e6 * seconds) / count;
    const [one, own] = [micro(before + after, 2 * some), micro(sweep.processor, total)];
    const lines = [
      '# Many short runs',
      '',
      `${total} runs of ${CELLS} cells on ${workers} threads (${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}); ${Math.round(bytes)} bytes a record. Made by \`node dist/validation/throughput.js ${runs}\`.`,
      '',
      '| what | seconds | of the processor | peak memory |',
      '| --- | --- | --- | --- |',
      ...Object.entries({ sweep, table, figure, status }).map(
        ([name, { seconds, processor, megabytes }]) =>
          `| \`${name}\` | ${seconds.toFixed(1)} | ${processor.toFixed(1)} | ${megabytes.toFixed(0)} MB |`,
      ),
      '',
      `${(total / sweep.seconds).toFixed(0)} runs a second, start, table and pictures included. By processor time, which other programs disturb less than the clock, a run alone with its line takes ${one.toFixed(0)} µs (${micro(before, some).toFixed(0)} before the sweep, ${micro(after, some).toFixed(0)} after it), and in the sweep ${own.toFixed(0)} µs, everything included: an overhead of ${(100 * (own / one - 1)).toFixed(1)} %.`,
      '',
      `Recorded ${new Date().toISOString().slice(0, 10)}, science version ${SCIENCE}.`,
      '',
    ];
    if (file) writeFileSync(file, lines.join('\n'));
    else process.stdout.write(lines.join('\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === '--bare') process.stdout.write(`${bare(Number(process.argv[3]))}\n`);
else await main();
