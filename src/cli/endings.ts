/** How the program ends: what its streams do not take, and what nothing else has caught. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messages, systemReason, UserError } from '../errors.ts';
import { EXIT, note } from './context.ts';
import { versions } from './versions.ts';

let lost = false;

/**
 * A reader that has seen enough (`| head`) and progress that cannot be written stop nothing. A result that cannot be
 * written to stdout is said once, and the program ends with exit code 1 when its work is done.
 */
export function watchStreams(): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (lost || error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
    lost = true;
    process.exitCode = EXIT.usage; // the error of the last write comes after the command
    note(`benign: ${messages.unwritable('standard output', systemReason(error))}`);
  });
}

/** Milliseconds between two looks for the program that started this one. */
const LOOK = 1000;

/** With BENIGN_PARENT a number of a process: when that one is gone, this one ends as by SIGTERM. */
export function watchParent(parent = Number(process.env['BENIGN_PARENT'])): void {
  if (!Number.isSafeInteger(parent) || parent <= 0) return;
  const watch = setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') return; // it is another user's
      clearInterval(watch);
      process.kill(process.pid, 'SIGTERM');
    }
  }, LOOK).unref();
}

/** The code to leave with: not 0 when a part of the result was lost on its way to stdout. */
export const exitCode = (code: number): number => (lost && code === EXIT.ok ? EXIT.usage : code);

/** One sentence for whatever ended a command; the trace of what was not foreseen goes to a file. */
export function sentenceOf(error: unknown, folder: string = tmpdir()): string {
  if (error instanceof UserError) return error.message;
  const { code, path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== undefined && syscall !== undefined)
    return messages.system(path ?? syscall, code === 'ENOENT' ? 'there is no such file' : systemReason(error), code);
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return messages.workerMemory();
  const file = join(folder, `benign-error-${Date.now()}-${process.pid}.txt`);
  const said = error instanceof Error ? error.message : String(error);
  try {
    writeFileSync(
      file,
      [
        process.argv.slice(2).join(' '),
        JSON.stringify(versions()),
        error instanceof Error ? error.stack : said,
        '',
      ].join('\n'),
      { flag: 'wx' },
    );
    return messages.internal(said, `the trace is in ${file}`);
  } catch {
    return messages.internal(said, `the trace could not be written to ${file}`);
  }
}

/** Says what ended the program. */
export function endWith(error: unknown): void {
  note(`benign: ${sentenceOf(error)}`);
  process.exitCode = EXIT.usage;
}
