/**
 * Claim: wall time and peak memory of the whole published map, `benign reproduce kou-2023`, as a user would run it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, note, ROOT, table, type Claim, type Options } from './claim.ts';

/** The most memory that the full job may take. */
const LIMIT_MB = 500;

interface Job {
  readonly code: number | null;
  readonly wallSeconds: number;
  /** undefined without a /proc file system */
  readonly peakMB: number | undefined;
}

export interface Reproduction extends Job {
  readonly command: string;
  readonly runs: number;
  readonly workers: number;
  readonly verdict: string;
}

export async function fullMap({ quick }: Options): Promise<Claim> {
  const { command, runs, workers, verdict, wallSeconds, peakMB } = await reproduction(
    'kou-2023',
    quick ? ['--quick'] : [],
  );
  const within = peakMB === undefined ? undefined : peakMB < LIMIT_MB;
  return {
    title: `The ${quick ? 'coarse' : 'full'} map of Kou et al.`,
    text: [
      table(
        ['command', 'runs', 'worker threads', 'wall seconds', 'peak RSS', `below ${LIMIT_MB} MB`, 'verdict'],
        [
          [
            `\`${command}\``,
            runs.toLocaleString('en'),
            String(workers),
            wallSeconds.toFixed(1),
            peakMB === undefined ? 'not known (no /proc here)' : `${peakMB.toFixed(0)} MB`,
            within === undefined ? '' : within ? 'yes' : '**no**',
            verdict,
          ],
        ],
      ),
      'From the start of the process to its end: every run, the store on disk, tables, figures and report. Workers are threads, so the peak is that of the one process (`VmHWM`).',
    ].join('\n\n'),
    holds: within !== false,
  };
}

/** `benign reproduce PRESET`, as a user would run it, into a folder that is gone afterwards. */
export async function reproduction(preset: string, flags: readonly string[]): Promise<Reproduction> {
  const folder = mkdtempSync(join(tmpdir(), 'benign-bench-'));
  try {
    // The launcher builds when dist/ is out of date: that is no part of the job.
    const ready = await benign(['--version']);
    if (ready.code !== 0) throw new Error(`bin/benign.mjs does not start (exit code ${ready.code})`);
    const args = ['reproduce', preset, ...flags];
    const command = `benign ${args.join(' ')}`;
    note(command);
    const job = await benign([...args, '--out', join(folder, 'out')]);
    // 3, 4: computed, but a check failed or is undecided. The time is that of the whole job all the same.
    if (![0, 3, 4].includes(job.code ?? -1)) throw new Error(`${command} ended with exit code ${job.code}`);
    const report = JSON.parse(readFileSync(join(folder, 'out', 'report.json'), 'utf8')) as Pick<
      Reproduction,
      'runs' | 'workers' | 'verdict'
    >;
    return { ...job, command, runs: report.runs, workers: report.workers, verdict: report.verdict };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the command line to its end; its stdout goes to our stderr, where progress belongs. */
function benign(args: readonly string[]): Promise<Job> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [join(ROOT, 'bin', 'benign.mjs'), ...args], { stdio: ['ignore', 2, 2] });
    let peakMB: number | undefined;
    // VmHWM never falls, so the last look before the end misses nothing but the last 20 ms.
    const timer = setInterval(() => (peakMB = peakOf(child.pid) ?? peakMB), 20);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(timer);
      resolve({ code, wallSeconds: (performance.now() - started) / 1000, peakMB });
    });
  });
}

/** Largest resident set of a process so far, in MB; undefined when it is gone. */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return undefined;
  }
}

await main(import.meta.url, fullMap);
