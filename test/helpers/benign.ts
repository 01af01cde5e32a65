/** Starts the command line as a user does. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();
export const launcher = join(root, 'bin', 'benign.mjs');

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function benign(args: readonly string[], cwd?: string): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}

/**
 * Starts it and sends a signal after so many milliseconds, counted from its start or from its first word on stderr, so
 * that a busy machine changes nothing; resolves when it has ended.
 */
export function benignUntil(
  args: readonly string[],
  signal: NodeJS.Signals,
  after: number,
  from: 'start' | 'first word' = 'start',
): Promise<Answer & { signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    let timer: NodeJS.Timeout | undefined;
    const begin = (): void => void (timer ??= setTimeout(() => child.kill(signal), after));
    if (from === 'start') begin();
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
      begin();
    });
    child.on('exit', (code, by) => {
      clearTimeout(timer);
      resolve({ code, signal: by, stdout, stderr });
    });
  });
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Answer & { readonly signal: NodeJS.Signals | null }>;
}

/** Starts it and leaves it to its work. */
export function started(args: readonly string[]): Started {
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const ended = new Promise<Awaited<Started['ended']>>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  return { child, ended };
}

export const milliseconds = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

/** Waits until a condition holds; a test that waits in vain is ended by its own limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await milliseconds(20);
}

/** A folder that is gone after the work. */
export async function inFolder<T>(work: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'benign-test-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Acknowledged lines of a store: those that end with a line end. */
export function storedLines(folder: string): string[] {
  const records = join(folder, 'records');
  if (!existsSync(records)) return [];
  return readdirSync(records)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(join(records, name), 'utf8').split('\n').slice(0, -1));
}
