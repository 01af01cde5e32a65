/**
 * What store, pool and claims cost beside many short runs: `node dist/validation/throughput.js [RUNS [OUT.md]]`.
 *
 * The same runs are made by `benign sweep` into a folder, and by bare calls on one thread (a sample of them, whose time a
 * run is that of the arithmetic alone); the sweep's worker-seconds a run against the bare time is the overhead. Peak
 * memory is that of the process, threads included; then table and status of the whole folder. One machine, one try:
 * numbers to go by, no test.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordLine } from '../src/experiments/record.ts';
import { runCell } from '../src/experiments/run.ts';
import { parseSpec } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';

const [runs = 1e6, file] = [process.argv[2] === undefined ? undefined : Number(process.argv[2]), process.argv[3]];
const CELLS = 40;
const SPEC = `data: {n: 10, flip: 0.1}
network: {m: 3}
training: {maxSteps: 20}
axes: {data.d: {from: 100, to: 800, step: 100}, data.mu: [1, 2, 3, 4, 5]}
runs: ${Math.ceil(runs / CELLS)}
`;
/** Bare runs that are timed. */
const SAMPLE = 4000;

const launcher = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'benign.mjs');

/** Seconds, and peak resident memory in MB by the system's own account. */
async function timed(args: readonly string[]): Promise<{ seconds: number; megabytes: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  let megabytes = 0;
  const look = setInterval(() => {
    try {
      const [, kilobytes] = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      megabytes = Number(kilobytes ?? 0) / 1024;
    } catch {
      // It has ended, or the system keeps no such account.
    }
  }, 100);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`benign ${args.join(' ')} left with ${String(code)}`);
  return { seconds: (performance.now() - started) / 1000, megabytes };
}

const spec = parseSpec(SPEC, 'throughput');
const all = [...cells(spec)];
let bytes = 0;
for (const cell of all) bytes += recordLine(runCell(cell, spec.seed, 0)).length; // warm
const before = performance.now();
for (let run = 0; run < SAMPLE; run++)
  bytes += recordLine(runCell(all[run % CELLS]!, spec.seed, 1 + Math.floor(run / CELLS))).length;
const bare = (performance.now() - before) / 1000 / SAMPLE;

const folder = mkdtempSync(join(tmpdir(), 'benign-throughput-'));
try {
  const workers = availableParallelism();
  writeFileSync(join(folder, 'spec.yaml'), SPEC);
  const out = join(folder, 'out');
  const made = await timed(['sweep', join(folder, 'spec.yaml'), '--out', out, '--workers', String(workers)]);
  const table = await timed(['table', out]);
  const status = await timed(['status', out]);
  const total = CELLS * spec.runs;
  const perRun = (workers * made.seconds) / total;
  const lines = [
    '# Many short runs',
    '',
    `${total} runs of ${CELLS} cells on ${workers} threads (${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}); ${Math.round(bytes / (SAMPLE + CELLS))} bytes a record. Made by \`node dist/validation/throughput.js ${runs}\`.`,
    '',
    '| what | seconds | peak memory |',
    '| --- | --- | --- |',
    ...Object.entries({ sweep: made, table, status }).map(
      ([name, one]) => `| \`${name}\` | ${one.seconds.toFixed(1)} | ${one.megabytes.toFixed(0)} MB |`,
    ),
    '',
    `${(total / made.seconds).toFixed(0)} runs a second, start, table and pictures included. A run alone takes ${(1e6 * bare).toFixed(0)} µs on one thread beside nothing else, in the sweep ${(1e6 * perRun).toFixed(0)} µs of a worker: ${(perRun / bare).toFixed(2)} times as long.`,
    '',
  ];
  if (file) writeFileSync(file, lines.join('\n'));
  else process.stdout.write(lines.join('\n'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
